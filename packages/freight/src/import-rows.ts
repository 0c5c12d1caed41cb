import { compareText } from '@quartermaster/domain';
import { invoiceSums, type ImportedInvoice, type InvoiceLine, type RowProblem } from './invoice-line.ts';
import { rowHash, type InvoiceRow, type InvoiceTable } from './invoice-table.ts';
import type { RowReader } from './row-reader.ts';

/** A charge as one file's reader tells it; its id follows from the row. */
export type ReadCharge = Omit<InvoiceLine, 'id'> & { readonly isInformational: boolean };

/** Reads the rows of a file one by one; a row that its reader finds broken is left out and told, the others are kept. */
export function importRows(
  table: InvoiceTable,
  rows: readonly InvoiceRow[],
  read: (row: InvoiceRow) => { readonly reader: RowReader; readonly charges: readonly ReadCharge[] },
): ImportedInvoice {
  const lines: InvoiceLine[] = [];
  const informational: InvoiceLine[] = [];
  const problems: RowProblem[] = [];
  const counts = { read: rows.length, charged: 0, informational: 0, leftOut: 0 };
  const seen = new Map<string, number>();

  for (const row of rows) {
    const { reader, charges } = read(row);
    problems.push(...reader.problems());
    if (reader.isBroken()) {
      counts.leftOut += 1;
      continue;
    }
    const hash = rowHash(row, table.delimiter);
    const occurrence = (seen.get(hash) ?? 0) + 1;
    seen.set(hash, occurrence);
    for (const [part, { isInformational, ...charge }] of charges.entries()) {
      const { carrier, account, invoiceNumber } = charge;
      const id = [carrier, account, invoiceNumber, hash, String(occurrence), String(part + 1)].map(encodeURIComponent).join('/');
      (isInformational ? informational : lines).push({ id, ...charge });
    }
    if (charges.some(({ isInformational }) => !isInformational)) counts.charged += 1;
    else counts.informational += 1;
  }
  const { brokenOff } = table;
  if (brokenOff !== null) problems.push({ row: brokenOff.line, field: 'file', reason: brokenOff.reason, outcome: 'left-out' });
  return { lines, informational, problems, invoices: invoiceSums(lines), rows: counts };
}

/** A file that cannot be read at all. */
export function unreadableFile(row: number, field: string, reason: string): ImportedInvoice {
  const rows = { read: 0, charged: 0, informational: 0, leftOut: 0 };
  return { lines: [], informational: [], problems: [{ row, field, reason, outcome: 'left-out' }], invoices: [], rows };
}

/**
 * Lines that are known and lines of another file together, each once, by id: the same file again adds nothing. A file is a part of an invoice or all of it. Rows that are wholly identical are
 * told apart only within one file.
 */
export function recordLines(
  known: readonly InvoiceLine[],
  imported: readonly InvoiceLine[],
): { readonly lines: readonly InvoiceLine[]; readonly added: number; readonly alreadyKnown: number } {
  const byId = new Map(known.map((line) => [line.id, line]));
  const before = byId.size;
  for (const line of imported) if (!byId.has(line.id)) byId.set(line.id, line);
  const added = byId.size - before;
  return { lines: [...byId.values()].sort((a, b) => compareText(a.id, b.id)), added, alreadyKnown: imported.length - added };
}
