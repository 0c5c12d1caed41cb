// Reads as much of YAML as DHL's specifications are written in: maps and lists by indentation, and scalars of one line. Of longer texts, which are descriptions, the first line is kept.

type Line = { readonly indent: number; readonly text: string };

/** The values of a YAML document of that form. */
export function readOutline(document: string): unknown {
  const lines: Line[] = [];
  for (const raw of document.split('\n')) {
    const text = raw.trim();
    if (text !== '' && !text.startsWith('#') && text !== '---') lines.push({ indent: raw.length - raw.trimStart().length, text });
  }
  let at = 0;
  return block(lines[0]?.indent ?? 0);

  function block(indent: number): unknown {
    const first = lines[at]?.text ?? '';
    if (isItem(first)) return list(indent);
    if (keyOf(first) !== null) return map(indent);
    skipDeeper(indent - 1);
    return first;
  }

  function list(indent: number): unknown[] {
    const items: unknown[] = [];
    for (let line = lines[at]; line !== undefined && line.indent === indent && isItem(line.text); line = lines[at]) {
      const rest = line.text.slice(1).trimStart();
      const inner = indent + line.text.length - rest.length;
      if (rest === '') {
        at += 1;
        items.push(block(lines[at]?.indent ?? 0));
      } else if (keyOf(rest) === null) {
        items.push(scalar(rest));
        skipDeeper(indent);
      } else {
        lines[at] = { indent: inner, text: rest };
        items.push(map(inner));
      }
    }
    return items;
  }

  function map(indent: number): Record<string, unknown> {
    const found: Record<string, unknown> = {};
    for (let line = lines[at]; line !== undefined && line.indent === indent && !isItem(line.text); line = lines[at]) {
      const key = keyOf(line.text);
      if (key === null) {
        // A further line of a text that is written at the indentation of its key.
        skipDeeper(indent);
        continue;
      }
      const next = lines[at + 1];
      if (key.value !== '') {
        found[key.name] = scalar(key.value);
        skipDeeper(indent);
      } else if (next !== undefined && (next.indent > indent || (next.indent === indent && isItem(next.text)))) {
        at += 1;
        found[key.name] = block(next.indent);
      } else {
        found[key.name] = null;
        at += 1;
      }
    }
    return found;
  }

  function skipDeeper(indent: number): void {
    at += 1;
    while ((lines[at]?.indent ?? 0) > indent) at += 1;
  }
}

function isItem(text: string): boolean {
  return text === '-' || text.startsWith('- ');
}

function keyOf(text: string): { readonly name: string; readonly value: string } | null {
  const [, name, value] = /^('[^']*'|"[^"]*"|[^'"\s:]+):(?:\s+(.*))?$/.exec(text) ?? [];
  return name === undefined ? null : { name: name.replaceAll(/^['"]|['"]$/g, ''), value: value ?? '' };
}

function scalar(text: string): unknown {
  if (text === '{}') return {};
  if (text === '[]') return [];
  if (text === 'true' || text === 'false') return text === 'true';
  if (/^-?\d+(\.\d+)?$/.test(text)) return Number(text);
  return text.replaceAll(/^['"]|['"]$/g, '');
}
