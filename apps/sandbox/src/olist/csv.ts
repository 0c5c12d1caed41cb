import { createReadStream } from 'node:fs';

/**
 * Rows of a CSV file as records by the names of its header, in the file's order, read as a stream. RFC 4180: fields may be quoted, quotes are doubled inside, lines end in LF or
 * CRLF. Throws a `RangeError` that names file and row when a row has another number of fields than the header.
 */
export async function* readCsv(path: string): AsyncGenerator<Readonly<Record<string, string>>> {
  let header: readonly string[] | undefined;
  let number = 0;
  for await (const fields of rowsOf(createReadStream(path, 'utf8'))) {
    number++;
    if (header === undefined) {
      header = fields;
      continue;
    }
    if (fields.length !== header.length)
      throw new RangeError(`${path} row ${number}: ${fields.length} fields where ${header.length} belong`);
    yield Object.fromEntries(header.map((name, index) => [name, fields[index] ?? '']));
  }
}

/** Fields of each row of CSV text that comes in pieces; a byte order mark at its start is no part of it. */
export async function* rowsOf(pieces: AsyncIterable<string> | Iterable<string>): AsyncGenerator<string[]> {
  let rest = '';
  let first = true;
  for await (const piece of pieces) {
    rest += first ? piece.replace(/^\uFEFF/, '') : piece;
    first = false;
    const { rows, left } = completeRows(rest);
    yield* rows;
    rest = left;
  }
  if (rest !== '') yield fieldsOf(rest);
}

/** The rows that surely end in this text, and what comes after the last of them. */
function completeRows(text: string): { rows: string[][]; left: string } {
  const rows: string[][] = [];
  let start = 0;
  for (let end = lineEnd(text, start); end >= 0; end = lineEnd(text, start)) {
    rows.push(fieldsOf(text.slice(start, end)));
    start = end + 1;
  }
  return { rows, left: text.slice(start) };
}

/** Where the row that begins at `start` ends: the next line feed that is not within quotes; -1 when there is none yet. */
function lineEnd(text: string, start: number): number {
  let from = start;
  for (;;) {
    const feed = text.indexOf('\n', from);
    const quote = text.indexOf('"', from);
    if (feed < 0 || quote < 0 || feed < quote) return feed;
    const closing = text.indexOf('"', quote + 1);
    if (closing < 0) return -1;
    from = closing + 1;
  }
}

function fieldsOf(line: string): string[] {
  const row = line.endsWith('\r') ? line.slice(0, -1) : line;
  if (!row.includes('"')) return row.split(',');
  return [...row.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)].map((match) => match[1]?.replaceAll('""', '"') ?? match[2] ?? '');
}
