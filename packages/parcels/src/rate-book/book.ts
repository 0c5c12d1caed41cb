import type { RowCells, Units } from './row-cells.ts';
import { rowCells } from './row-cells.ts';
import { readSheet, type BadRow, type SheetText } from './sheet.ts';

/** What every sheet of a rate book is read with; `problems` grows as they are read. */
export type Book = {
  readonly units: Units;
  readonly currency: string;
  /** First day of the tariff. */
  readonly effectiveFrom: string;
  /** Ids of the services, once they are known. */
  readonly services: Set<string>;
  readonly problems: BadRow[];
};

export type Columns = { readonly must: readonly string[]; readonly may: readonly string[] };

/** The rows of a sheet, each read with what is wrong with it; null where nothing of the sheet can be read. */
export function rowsOf(book: Book, sheet: SheetText, columns: Columns): RowCells[] | null {
  const { rows, hasDecimalComma, problems } = readSheet(sheet, columns);
  book.problems.push(...problems);
  if (rows.length === 0) {
    if (problems.length === 0) book.problems.push({ file: sheet.file, row: 1, field: 'file', reason: 'there is no row below the heading' });
    return null;
  }
  const { units, currency } = book;
  return rows.map((row) => rowCells(row, { file: sheet.file, units, currency, hasDecimalComma, problems: book.problems }));
}

/** The service that a row is about, null where it is about all; a name that is not among the services is told, and undefined. */
export function serviceOfRow({ services }: Book, cells: RowCells): string | null | undefined {
  const service = cells.text('service');
  if (service === null || services.has(service)) return service;
  cells.tell('service', 'is in no row of the services');
  return undefined;
}
