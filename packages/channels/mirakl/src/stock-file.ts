import { CsvError, parse } from 'csv-parse/sync';

/** One row of a stock file; `warehouse` is empty where a shop has one figure for all of them. */
export type StockRow = { readonly sku: string; readonly warehouse: string; readonly quantity: number };

const columns = ['offer-sku', 'quantity', 'warehouse-code', 'update-delete'] as const;

/** The CSV of STO01: semicolons, every cell quoted, the rows of one offer together. */
export function stockFile(rows: readonly StockRow[]): string {
  const together = rows.toSorted((left, right) => (left.sku < right.sku ? -1 : left.sku > right.sku ? 1 : 0));
  const lines = together.map(({ sku, quantity, warehouse }) => [sku, String(quantity), warehouse, 'update']);
  return [columns, ...lines].map((cells) => `${cells.map(quoted).join(';')}\n`).join('');
}

/** The same as the body of a form with one file. */
export function stockForm(csv: string, boundary: string): { readonly type: string; readonly text: string } {
  const head = `--${boundary}\r\nContent-Disposition: form-data; name="file"; filename="stock.csv"\r\nContent-Type: text/csv\r\n\r\n`;
  return { type: `multipart/form-data; boundary=${boundary}`, text: `${head}${csv}\r\n--${boundary}--\r\n` };
}

/** What was wrong with a row. */
export type RowError = { readonly sku: string; readonly warehouse: string; readonly reason: string };

/**
 * Reads an error report (STO03): the number of the line, the reason, then the row as it was sent, by the names of its columns. Null for what is no such report.
 */
export function rowErrors(csv: string): readonly RowError[] | null {
  const records: string[][] = [];
  try {
    parse(csv, {
      bom: true,
      delimiter: ';',
      relax_column_count: true,
      skip_empty_lines: true,
      on_record: (cells: string[]) => {
        records.push(cells);
        return cells;
      },
    });
  } catch (error) {
    if (error instanceof CsvError) return null;
    throw error;
  }
  const [header = [], ...rows] = records;
  const [sku, warehouse] = [header.indexOf('offer-sku'), header.indexOf('warehouse-code')];
  if (sku < 2) return null;
  return rows.map((cells) => ({ sku: cells[sku] ?? '', warehouse: cells[warehouse] ?? '', reason: (cells[1] ?? '').slice(0, 300) }));
}

function quoted(cell: string): string {
  return `"${cell.replaceAll('"', '""')}"`;
}
