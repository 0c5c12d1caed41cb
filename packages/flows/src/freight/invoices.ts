import { moneySchema } from '@quartermaster/domain';
import { invoiceKey, invoiceLineSchema, recordLines, type InvoiceIdentity, type InvoiceLine } from '@quartermaster/freight';
import type { JournalReader, ReadTransaction, Transaction } from '@quartermaster/journal';
import { z } from 'zod';
import { everyPage } from './pages.ts';

/** An invoice as it stands: `imported` until a bill is asked for, `billing` while it is written, then `billed`. */
export const invoiceStates = ['imported', 'billing', 'billed'] as const;

export const freightInvoiceSchema = z.object({
  carrier: z.string(),
  account: z.string(),
  invoiceNumber: z.string(),
  invoiceDay: z.iso.date(),
  /** Lines that were imported of it so far. */
  lines: z.int(),
  importedAt: z.string(),
  /** SHA-256 of the files that lines came from; the files themselves are not kept. */
  files: z.array(z.string()),
  /** The order in which bills were asked for; null while none was. A bill clears what those before it left, however often it is written anew. */
  billing: z.int().nullable(),
  /** Of which a bill was asked for. */
  currencies: z.array(z.string()),
  /** What the ERP has, a bill for each currency. */
  bills: z.array(z.object({ ref: z.string(), currency: z.string(), total: moneySchema })),
});
export type FreightInvoice = z.infer<typeof freightInvoiceSchema>;
export type StoredInvoice = { readonly invoice: FreightInvoice; readonly state: string; readonly version: number };

const invoiceKind = 'freight-invoice';
/** What an invoice bills of one parcel, or of none: few lines, so that a line is found without reading the invoice. */
const parcelKind = 'freight-lines';
const parcelSchema = z.object({ lines: z.array(invoiceLineSchema) });

export async function findInvoice(tx: ReadTransaction | Transaction, key: string): Promise<StoredInvoice | null> {
  const found = await tx.records.get(invoiceKind, key, freightInvoiceSchema);
  return found === null ? null : { invoice: found.body, state: found.state, version: found.version };
}

export async function putInvoice(
  tx: Transaction,
  { invoice, state, version }: StoredInvoice & { readonly state: (typeof invoiceStates)[number] },
  at: string,
): Promise<void> {
  await tx.records.put(invoiceKind, invoiceKey(invoice), { state, body: invoice, at, name: invoice.invoiceNumber, version });
}

/** All invoices, by key: a few a week for each carrier. */
export async function listInvoices(journal: Pick<JournalReader, 'read'>): Promise<StoredInvoice[]> {
  const found: StoredInvoice[] = [];
  const pages = everyPage((after, limit) =>
    journal.read((tx) => tx.records.list(invoiceKind, freightInvoiceSchema, { limit, ...(after === undefined ? {} : { after }) })),
  );
  for await (const page of pages) found.push(...page.map(({ body, state, version }) => ({ invoice: body, state, version })));
  return found;
}

/** Keys of the invoices of this number, of whatever carrier and account; or the one of this key. */
export async function invoicesNamed(journal: Pick<JournalReader, 'read'>, wanted: string): Promise<string[]> {
  return journal.read(async (tx) => {
    const exact = await tx.records.get(invoiceKind, wanted, freightInvoiceSchema);
    if (exact !== null) return [wanted];
    return (await tx.records.list(invoiceKind, freightInvoiceSchema, { name: wanted, limit: 100 })).map(({ key }) => key);
  });
}

/** Keeps lines of one invoice that are not there yet; gives how many were new. */
export async function keepLines(tx: Transaction, invoice: InvoiceIdentity, lines: readonly InvoiceLine[], at: string): Promise<number> {
  let added = 0;
  for (const [key, some] of Map.groupBy(lines, (line) => parcelKey(invoice, line))) {
    const there = await tx.records.get(parcelKind, key, parcelSchema);
    const recorded = recordLines(there?.body.lines ?? [], some);
    if (recorded.added === 0) continue;
    await tx.records.put(parcelKind, key, { state: 'kept', body: { lines: recorded.lines }, at, version: there?.version ?? 0 });
    added += recorded.added;
  }
  return added;
}

/** All lines of an invoice that were imported so far. */
export async function readLines(journal: Pick<JournalReader, 'read'>, invoice: InvoiceIdentity): Promise<InvoiceLine[]> {
  const prefix = `${invoiceKey(invoice)}/`;
  const lines: InvoiceLine[] = [];
  const pages = everyPage((after, limit) =>
    journal.read((tx) => tx.records.list(parcelKind, parcelSchema, { limit, after: after ?? prefix })),
  );
  for await (const page of pages) {
    const own = page.filter(({ key }) => key.startsWith(prefix));
    lines.push(...own.flatMap(({ body }) => body.lines));
    if (own.length < page.length) break;
  }
  return lines;
}

function parcelKey(invoice: InvoiceIdentity, { trackingNumber }: InvoiceLine): string {
  return `${invoiceKey(invoice)}/${encodeURIComponent(trackingNumber ?? '-')}`;
}
