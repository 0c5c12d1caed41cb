/** One place where a file names a module. `specifier` is null for `import()` of something that is no literal. */
export type ModuleReference = { readonly specifier: string | null; readonly line: number };

export type Token = { readonly kind: 'word' | 'text' | 'sign' | 'pattern'; readonly value: string; readonly line: number };

/**
 * The modules that a TypeScript or JavaScript source names: `import … from`, `import '…'`, `export … from`, `import()` (of values and of types), `require()` and `require.resolve()`. What stands in
 * comments, strings, templates and regular expressions is none.
 */
export function moduleReferences(source: string): ModuleReference[] {
  const tokens = tokensOf(source);
  return tokens.flatMap((token, at) => {
    if (token.kind !== 'word' || isSign(tokens[at - 1], '.')) return [];
    if (token.value === 'import') return importAt(tokens, at);
    if (token.value === 'export') return reexportAt(tokens, at);
    if (token.value !== 'require') return [];
    const call = isSign(tokens[at + 1], '.') && isWord(tokens[at + 2], 'resolve') ? at + 3 : at + 1;
    if (isSign(tokens[call], '(')) return callAt(tokens, call).filter(({ specifier }) => specifier !== null);
    return [];
  });
}

/** Whether a source is nothing but `export … from` and `export {}`. */
export function holdsOnlyExports(source: string): boolean {
  const tokens = tokensOf(source);
  let at = 0;
  while (at < tokens.length) {
    if (isSign(tokens[at], ';')) {
      at += 1;
      continue;
    }
    if (!isWord(tokens[at], 'export')) return false;
    const end = endOfExportClause(tokens, at + 1);
    if (end === undefined) return false;
    at = isWord(tokens[end], 'from') ? end + 2 : end;
  }
  return true;
}

/** Whether the code (not its comments and strings) has these words and signs in a row, such as `Date . now`. */
export function codeHas(tokens: readonly Token[], ...row: readonly string[]): boolean {
  return tokens.some((_token, at) => row.every((value, offset) => isCode(tokens[at + offset], value)));
}

/** The words, signs and literals of a source, without its comments and white space. The code inside a template's `${}` is read too. */
export function tokensOf(source: string): Token[] {
  const tokens: Token[] = [];
  /** For each template that is open: how many braces are open in its `${}`. */
  const templates: number[] = [];
  let at = 0;
  let line = 1;

  function take(kind: Token['kind'] | null, text: string, value = text): void {
    if (kind !== null) tokens.push({ kind, value, line });
    line += text.split('\n').length - 1;
    at += text.length;
  }

  while (at < source.length) {
    const space = match(/\s+|\/\/[^\n]*|\/\*[\s\S]*?\*\//y, source, at);
    const word = match(/[\p{ID_Start}$_#][\p{ID_Continue}$]*/uy, source, at);
    const text = match(/"(?:[^"\\\n]|\\[\s\S])*"|'(?:[^'\\\n]|\\[\s\S])*'/y, source, at);
    const braces = templates.at(-1);
    if (space !== undefined) take(null, space);
    else if (word !== undefined) take('word', word);
    else if (text !== undefined) take('text', text, text.slice(1, -1));
    else if (source[at] === '`' || (source[at] === '}' && braces === 0)) {
      if (source[at] === '}') templates.pop();
      const piece = match(/[`}](?:[^`\\$]|\\[\s\S]|\$(?!\{))*(?:`|\$\{|$)/y, source, at) ?? source.slice(at);
      take('text', piece, piece.slice(1).replace(/`$|\$\{$/, ''));
      if (piece.endsWith('${')) templates.push(0);
    } else {
      const pattern =
        source[at] === '/' && mayBeginPattern(tokens.at(-1))
          ? match(/\/(?:[^/\\[\n]|\\.|\[(?:[^\]\\\n]|\\.)*\])+\/\w*/y, source, at)
          : undefined;
      if (pattern !== undefined) {
        take('pattern', pattern);
        continue;
      }
      if (braces !== undefined && source[at] === '{') templates.splice(-1, 1, braces + 1);
      if (braces !== undefined && source[at] === '}') templates.splice(-1, 1, braces - 1);
      take('sign', source[at] ?? '');
    }
  }
  return tokens;
}

function importAt(tokens: readonly Token[], at: number): ModuleReference[] {
  const next = tokens[at + 1];
  if (isSign(next, '(')) return callAt(tokens, at + 1);
  if (next?.kind === 'text') return [{ specifier: next.value, line: next.line }];
  for (let end = at + 1; end < tokens.length && inClause(tokens[end]); end++) {
    const module = tokens[end + 1];
    if (isWord(tokens[end], 'from') && module?.kind === 'text') return [{ specifier: module.value, line: module.line }];
  }
  return [];
}

function reexportAt(tokens: readonly Token[], at: number): ModuleReference[] {
  const end = endOfExportClause(tokens, at + 1);
  const module = end === undefined ? undefined : tokens[end + 1];
  return end !== undefined && isWord(tokens[end], 'from') && module?.kind === 'text'
    ? [{ specifier: module.value, line: module.line }]
    : [];
}

/** Index behind `{ … }` or `* as name` of an export; undefined for an export of something that is written here. */
function endOfExportClause(tokens: readonly Token[], start: number): number | undefined {
  const at = isWord(tokens[start], 'type') ? start + 1 : start;
  if (isSign(tokens[at], '*')) return isWord(tokens[at + 1], 'as') ? at + 3 : at + 1;
  if (!isSign(tokens[at], '{')) return undefined;
  const end = tokens.findIndex((token, index) => index > at && isSign(token, '}'));
  return end < 0 ? undefined : end + 1;
}

function callAt(tokens: readonly Token[], paren: number): ModuleReference[] {
  const argument = tokens[paren + 1];
  const end = tokens[paren + 2];
  const literal = argument?.kind === 'text' && (isSign(end, ')') || isSign(end, ','));
  return argument === undefined ? [] : [{ specifier: literal ? argument.value : null, line: argument.line }];
}

/** An import clause is made of names, braces, commas, a star, and texts as names; anything else ends it. */
function inClause(token: Token | undefined): boolean {
  return token?.kind === 'word' || token?.kind === 'text' || ['{', '}', ',', '*'].some((sign) => isSign(token, sign));
}

/** A slash after a value divides; after a sign or such a word it begins a regular expression. */
function mayBeginPattern(before: Token | undefined): boolean {
  if (before === undefined) return true;
  if (before.kind === 'word')
    return ['return', 'typeof', 'case', 'in', 'of', 'void', 'delete', 'throw', 'await', 'yield', 'else', 'do'].includes(before.value);
  return before.kind === 'sign' && before.value !== ')' && before.value !== ']' && before.value !== '}';
}

function match(pattern: RegExp, source: string, at: number): string | undefined {
  pattern.lastIndex = at;
  return pattern.exec(source)?.[0];
}

function isWord(token: Token | undefined, value: string): boolean {
  return token?.kind === 'word' && token.value === value;
}

function isSign(token: Token | undefined, value: string): boolean {
  return token?.kind === 'sign' && token.value === value;
}

function isCode(token: Token | undefined, value: string): boolean {
  return isWord(token, value) || isSign(token, value);
}
