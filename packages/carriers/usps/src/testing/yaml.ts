/**
 * Enough of YAML to read USPS's specifications: block mappings and sequences, plain, quoted and block scalars, flow collections over several lines. No anchors and no tags.
 */
export function parseYaml(text: string): unknown {
  const lines = text.split('\n').map((line) => line.replace(/\s+$/, ''));
  let at = 0;

  function skipBlank(): void {
    while (at < lines.length && /^\s*(#.*|---)?$/.test(lines[at] ?? '')) at += 1;
  }

  function block(indent: number): unknown {
    skipBlank();
    const rest = (lines[at] ?? '').slice(indent);
    if (isItem(rest)) return sequence(indent);
    return keyOf(rest) === null ? scalar(rest, indent - 1) : mapping(indent);
  }

  function sequence(indent: number): unknown[] {
    const items: unknown[] = [];
    for (;;) {
      skipBlank();
      const line = lines[at] ?? '';
      if (at >= lines.length || indentOf(line) !== indent || !isItem(line.slice(indent))) return items;
      const rest = line.slice(indent + 1);
      lines[at] = `${' '.repeat(indent + 1)}${rest}`;
      items.push(block(indent + 1 + indentOf(rest)));
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
    return at < lines.length && (inner > indent || (isItem(line.slice(inner)) && inner === indent)) ? block(inner) : null;
  }

  /** A scalar that begins with `first` on this line and goes on while lines are further in than `indent`, or until its brackets are closed. */
  function scalar(first: string, indent: number): unknown {
    at += 1;
    const more: string[] = [];
    const isFlow = /^[[{]/.test(first);
    const goesOn = () => (isFlow ? depthOf([first, ...more].join(' ')) > 0 : lines[at] === '' || indentOf(lines[at] ?? '') > indent);
    while (at < lines.length && goesOn()) {
      more.push((lines[at] ?? '').trim());
      at += 1;
    }
    if (/^[|>][-+\d]*$/.test(first)) return more.join('\n').trim();
    const whole = [first, ...more].filter((part) => part !== '').join(' ');
    return isFlow ? flow(whole) : valueOf(whole);
  }

  return block(0);
}

function isItem(text: string): boolean {
  return text === '-' || text.startsWith('- ');
}

function indentOf(line: string): number {
  return line.length - line.trimStart().length;
}

function depthOf(text: string): number {
  return text.replaceAll(/[^[{]/g, '').length - text.replaceAll(/[^\]}]/g, '').length;
}

/** A collection in brackets. */
function flow(text: string): unknown {
  const inner = partsOf(text.slice(1, text.lastIndexOf(text.startsWith('[') ? ']' : '}')));
  if (text.startsWith('[')) return inner.map((part) => (/^[[{]/.test(part) ? flow(part) : valueOf(part)));
  return Object.fromEntries(
    inner.map((part) => {
      const [, key = '', value = ''] = /^([^:]+):\s*(.*)$/s.exec(part) ?? [];
      return [key.trim(), /^[[{]/.test(value) ? flow(value) : valueOf(value.trim())];
    }),
  );
}

/** What stands between the commas of the outermost level. */
function partsOf(text: string): string[] {
  const parts = [''];
  for (const character of Array.from(text)) {
    const part = parts.at(-1) ?? '';
    if (character === ',' && depthOf(part) === 0) parts.push('');
    else parts[parts.length - 1] = part + character;
  }
  return parts.map((part) => part.trim()).filter((part) => part !== '');
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
]);

function valueOf(text: string): unknown {
  if (text.startsWith("'")) return text.slice(1, -1).replaceAll("''", "'");
  if (text.startsWith('"')) return quoted(text);
  if (words.has(text)) return words.get(text);
  return /^[-+]?\d+(\.\d+)?$/.test(text) ? Number(text) : text;
}

function quoted(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text.slice(1, -1);
  }
}
