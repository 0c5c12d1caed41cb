import { createHash } from 'node:crypto';
import { CsvError, parse } from 'csv-parse/sync';

/** A row of an invoice file: the line of the file that it ends on, and its cells, trimmed. */
export type InvoiceRow = { readonly line: number; readonly cells: readonly string[] };

/** `brokenOff` says where and why no row can be read any more, such as a quote that is never closed. */
export type InvoiceTable = {
  readonly rows: readonly InvoiceRow[];
  readonly delimiter: Delimiter;
  readonly brokenOff: { readonly line: number; readonly reason: string } | null;
};

export type Delimiter = ',' | ';' | '\t';

/**
 * Text of an invoice file: UTF-8, or windows-1252 where the bytes are no UTF-8 (UPS writes both). Every byte means something in the latter, so that nothing is refused.
 */
export function invoiceText(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder('windows-1252').decode(bytes);
  }
}

/** Reads CSV (RFC 4180), also with too many or too few cells in a row. Without a delimiter it is the one that cuts the first line into most cells. */
export function readInvoiceTable(text: string, delimiter: Delimiter = delimiterOf(text)): InvoiceTable {
  const rows: InvoiceRow[] = [];
  try {
    parse(text, {
      bom: true,
      delimiter,
      relax_column_count: true,
      skip_empty_lines: true,
      on_record: (cells: string[], { lines }) => {
        rows.push({ line: lines, cells: cells.map((cell) => cell.trim()) });
        return null;
      },
    });
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    return { rows, delimiter, brokenOff: { line: Number(error['lines']), reason: meanings[error.code] ?? 'not CSV' } };
  }
  return { rows, delimiter, brokenOff: null };
}

/**
 * The hash by which a row is known again: of its cells without those empty at its end, numbers with a decimal point. So it does not depend on the delimiter that the file was exported with.
 */
export function rowHash({ cells }: InvoiceRow, delimiter: Delimiter): string {
  const plain = cells.map((cell) => (delimiter === ';' ? cell.replace(/^(-?\d+),(\d+)$/, '$1.$2') : cell));
  const filled = plain.slice(0, plain.findLastIndex((cell) => cell !== '') + 1);
  return createHash('sha256').update(JSON.stringify(filled)).digest('hex').slice(0, 32);
}

const meanings: Readonly<Record<string, string>> = {
  CSV_QUOTE_NOT_CLOSED: 'a quote that is never closed',
  CSV_INVALID_CLOSING_QUOTE: 'something between a closing quote and the next cell',
  INVALID_OPENING_QUOTE: 'a quote in the middle of a cell',
};

function delimiterOf(text: string): Delimiter {
  const firstLine = text.slice(0, text.search(/[\r\n]|$/)).replaceAll(/"[^"]*"/g, '');
  const cellsBy = (delimiter: Delimiter) => firstLine.split(delimiter).length;
  return cellsBy(';') > cellsBy(',') ? ';' : cellsBy('\t') > cellsBy(',') ? '\t' : ',';
}
