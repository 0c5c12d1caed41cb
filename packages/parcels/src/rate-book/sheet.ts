import { CsvError, parse } from 'csv-parse/sync';

/** A CSV file as text, with the name by which its bad rows are told. */
export type SheetText = { readonly file: string; readonly text: string };

/** What is wrong with a row: `row` counts the lines of the file from 1, the heading included, and is the one that the row ends on; `field` is a column, or `file` where none can be named. */
export type BadRow = { readonly file: string; readonly row: number; readonly field: string; readonly reason: string };

/** A row by column; a cell that is not there is empty. Cells are trimmed. */
export type SheetRow = { readonly row: number; readonly cell: (column: string) => string };

export type Sheet = { readonly rows: readonly SheetRow[]; readonly hasDecimalComma: boolean; readonly problems: readonly BadRow[] };

/**
 * Reads CSV (RFC 4180) with a heading; columns in any order, separated by commas, semicolons (numbers then have a decimal comma) or tabs. Columns that are missing or not known are told, since a misspelt one
 * would be without effect; so are rows of another number of cells. A column `note` may stand anywhere and is for people.
 */
export function readSheet(
  { file, text }: SheetText,
  columns: { readonly must: readonly string[]; readonly may: readonly string[] },
): Sheet {
  const problems: BadRow[] = [];
  const tell = (row: number, field: string, reason: string) => problems.push({ file, row, field, reason });
  const delimiter = delimiterOf(text);
  const records: { readonly row: number; readonly cells: readonly string[] }[] = [];
  try {
    parse(text, {
      bom: true,
      delimiter,
      relax_column_count: true,
      skip_empty_lines: true,
      on_record: (cells: string[], { lines }) => {
        records.push({ row: lines, cells: cells.map((cell) => cell.trim()) });
        return null;
      },
    });
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    tell(Number(error['lines']), 'file', meanings[error.code] ?? 'not CSV');
  }
  const [heading, ...body] = records;
  const names = (heading?.cells ?? []).map((name) => name.toLowerCase());
  const known = new Set([...columns.must, ...columns.may, 'note']);
  for (const name of columns.must) if (!names.includes(name)) tell(1, name, 'the column is missing');
  for (const [at, name] of names.entries()) {
    if (!known.has(name)) tell(1, name === '' ? 'file' : name, 'no such column; there are ' + [...known].join(', '));
    else if (names.indexOf(name) !== at) tell(1, name, 'the column stands twice');
  }
  // Under a heading that is wrong every row would be.
  if (problems.some(({ row }) => row === 1)) return { rows: [], hasDecimalComma: false, problems };
  const places = new Map(names.map((name, at) => [name, at]));
  const rows = body.flatMap(({ row, cells }): SheetRow[] => {
    if (cells.length === names.length) return [{ row, cell: (column) => cells[places.get(column) ?? -1] ?? '' }];
    tell(row, 'file', `${cells.length} cells under ${names.length} columns`);
    return [];
  });
  return { rows, hasDecimalComma: delimiter === ';', problems };
}

const meanings: Readonly<Record<string, string>> = {
  CSV_QUOTE_NOT_CLOSED: 'a quote that is never closed',
  CSV_INVALID_CLOSING_QUOTE: 'something between a closing quote and the next cell',
  INVALID_OPENING_QUOTE: 'a quote in the middle of a cell',
};

function delimiterOf(text: string): ',' | ';' | '\t' {
  const firstLine = text.slice(0, text.search(/[\r\n]|$/));
  const cellsBy = (delimiter: string) => firstLine.split(delimiter).length;
  return cellsBy(';') > cellsBy(',') ? ';' : cellsBy('\t') > cellsBy(',') ? '\t' : ',';
}
