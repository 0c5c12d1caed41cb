import { CsvError, parse } from 'csv-parse/sync';
import type { FileDelimiter } from './file-text.ts';

/** One row of a table: the line of the file that it ends on, its cells by column (trimmed; those that are empty are left out), and what is wrong with it. */
export type TableRow = { readonly line: number; readonly cells: ReadonlyMap<string, string>; readonly problems: readonly string[] };

/** A table with a header. `brokenOff` says where and why no row can be read any more, such as a quote that is never closed. */
export type Table = { readonly columns: readonly string[]; readonly rows: readonly TableRow[]; readonly brokenOff: string | null };

/** Reads CSV (RFC 4180). A row with too many or too few cells is told with the row; rows before a broken quote are still read. */
export function readTable(text: string, delimiter: FileDelimiter): Table {
  const records: { readonly line: number; readonly cells: readonly string[] }[] = [];
  let brokenOff: string | null = null;
  try {
    parse(text, {
      bom: true,
      delimiter,
      relax_column_count: true,
      skip_empty_lines: true,
      on_record: (cells: string[], { lines }) => {
        records.push({ line: lines, cells });
        return cells;
      },
    });
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    brokenOff = `line ${String(error['lines'])}: ${meanings[error.code] ?? 'not CSV'}`;
  }
  const [header, ...body] = records;
  const columns = (header?.cells ?? []).map((column) => column.trim());
  const twice = columns.find((column, at) => column !== '' && columns.indexOf(column) !== at);
  if (twice !== undefined) return { columns, rows: [], brokenOff: `line 1: column ${twice} stands twice` };
  return { columns, rows: body.map((record) => rowOf(record, columns)), brokenOff };
}

const meanings: Readonly<Record<string, string>> = {
  CSV_QUOTE_NOT_CLOSED: 'a quote that is never closed',
  CSV_INVALID_CLOSING_QUOTE: 'something between a closing quote and the next cell',
  INVALID_OPENING_QUOTE: 'a quote in the middle of a cell',
};

function rowOf({ line, cells }: { readonly line: number; readonly cells: readonly string[] }, columns: readonly string[]): TableRow {
  const filled = columns.flatMap((column, at) => {
    const value = cells[at]?.trim() ?? '';
    return value === '' || column === '' ? [] : [[column, value] as const];
  });
  const problems = cells.length === columns.length ? [] : [`line ${line}: ${cells.length} cells under ${columns.length} columns`];
  return { line, cells: new Map(filled), problems };
}
