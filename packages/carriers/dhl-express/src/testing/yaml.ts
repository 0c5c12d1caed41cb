/**
 * Enough of YAML to read DHL's specification: block mappings and sequences, plain, quoted and block scalars, empty flow collections. No anchors, no tags, no flow collections with something
 * in them.
 */
export function parseYaml(text: string): unknown {
  const lines = text.split('\n').map((line) => line.replace(/\s+$/, ''));
  let at = 0;

  function skipBlank(): void {
    while (at < lines.length && /^\s*(#.*)?$/.test(lines[at] ?? '')) at += 1;
  }

  function block(indent: number): unknown {
    skipBlank();
    const line = lines[at] ?? '';
    if (/^- |^-$/.test(line.slice(indent))) return sequence(indent);
    return keyOf(line.slice(indent)) === null ? scalar(line.slice(indent), indent - 1) : mapping(indent);
  }

  function sequence(indent: number): unknown[] {
    const items: unknown[] = [];
    for (;;) {
      skipBlank();
      const line = lines[at] ?? '';
      if (at >= lines.length || indentOf(line) !== indent || !/^- |^-$/.test(line.slice(indent))) return items;
      const rest = line.slice(indent + 1);
      const inner = indent + 1 + indentOf(rest);
      lines[at] = `${' '.repeat(indent + 1)}${rest}`;
      items.push(block(inner));
    }
  }

  function mapping(indent: number): Record<string, unknown> {
    const entries: [string, unknown][] = [];
    for (;;) {
      skipBlank();
      const line = lines[at] ?? '';
      const found = indentOf(line) === indent ? keyOf(line.slice(indent)) : null;
      if (at >= lines.length || found === null) return Object.fromEntries(entries);
      entries.push([found.key, found.rest === '' ? below(indent) : scalar(found.rest, indent)]);
    }
  }

  /** What stands on the lines under a key. */
  function below(indent: number): unknown {
    at += 1;
    skipBlank();
    const line = lines[at] ?? '';
    const inner = indentOf(line);
    const isSequence = /^- |^-$/.test(line.slice(inner));
    return at < lines.length && (inner > indent || (isSequence && inner === indent)) ? block(inner) : null;
  }

  /** A scalar that begins with `first` on this line and goes on while lines are further in than `indent`. */
  function scalar(first: string, indent: number): unknown {
    at += 1;
    const more: string[] = [];
    while (at < lines.length && ((lines[at] ?? '') === '' || indentOf(lines[at] ?? '') > indent)) {
      more.push((lines[at] ?? '').trim());
      at += 1;
    }
    if (/^[|>][-+]?$/.test(first)) return more.join('\n').trim();
    return valueOf([first, ...more].filter((part) => part !== '').join(' '));
  }

  return block(0);
}

function indentOf(line: string): number {
  return line.length - line.trimStart().length;
}

function keyOf(text: string): { readonly key: string; readonly rest: string } | null {
  const found = /^('(?:[^']|'')*'|"(?:[^"\\]|\\.)*"|[^\s'"|>[{][^:]*(?::[^\s:][^:]*)*):(?:\s+(.*))?$/.exec(text);
  return found === null ? null : { key: String(valueOf(found[1] ?? '')), rest: found[2] ?? '' };
}

const words: ReadonlyMap<string, unknown> = new Map<string, unknown>([
  ['null', null],
  ['~', null],
  ['true', true],
  ['false', false],
  ['[]', []],
  ['{}', {}],
]);

function valueOf(text: string): unknown {
  if (text.startsWith("'")) return text.slice(1, -1).replaceAll("''", "'");
  if (text.startsWith('"')) return JSON.parse(text.replaceAll(/\\[ _]/g, ' '));
  if (words.has(text)) return words.get(text);
  return /^[-+]?\d+(\.\d+)?$/.test(text) ? Number(text) : text;
}
