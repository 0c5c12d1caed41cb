import { addDays, type ErpBillDraft, type Money } from '@quartermaster/domain';
import { draftVendorBills, type InvoiceLine, type VendorBillDraft, type VendorBillLine } from '@quartermaster/freight';
import type { JournalReader, ReadTransaction, Transaction } from '@quartermaster/journal';
import { z } from 'zod';
import { refused, type Refused } from '../operations/operation.ts';
import { readAccruals } from './accruals.ts';
import { daysThrough, lookBackDays } from './audit-journal.ts';
import type { FreightSettings } from './freight-settings.ts';
import { findInvoice, listInvoices, readLines, type StoredInvoice } from './invoices.ts';

/** The bills of an invoice before they are asked for: one for each of its currencies. */
export type DraftedBills = {
  readonly kind: 'drafted';
  readonly key: string;
  readonly stored: StoredInvoice;
  readonly drafts: readonly DraftedBill[];
  /** Bills that were asked for of any invoice when these were drafted: when more were since, these are drafted anew. */
  readonly asked: number;
};

export type DraftedBill = {
  readonly draft: ErpBillDraft;
  /** How the total comes about. */
  readonly lines: readonly VendorBillLine[];
  /** Why a person must look before it is posted. */
  readonly problems: readonly string[];
};

const counterSchema = z.object({ asked: z.int() });
const counterKind = 'freight-billing';
const counterKey = 'bills';

/** How many invoices were asked to be billed so far; gives out the next place in their order. */
export async function billsAsked(tx: ReadTransaction | Transaction): Promise<number> {
  return (await tx.records.get(counterKind, counterKey, counterSchema))?.body.asked ?? 0;
}

export async function takePlace(tx: Transaction, at: string): Promise<number> {
  const stored = await tx.records.get(counterKind, counterKey, counterSchema);
  const asked = (stored?.body.asked ?? 0) + 1;
  await tx.records.put(counterKind, counterKey, { state: 'counted', body: { asked }, at, version: stored?.version ?? 0 });
  return asked;
}

/** Drafts what an invoice adds to the invoices that were billed before it: an invoice that has a place among them already keeps it. Reads only. */
export async function draftBills(
  journal: Pick<JournalReader, 'read'>,
  settings: FreightSettings,
  key: string,
): Promise<DraftedBills | Refused> {
  const { bills } = settings;
  if (bills === undefined)
    return refused('impossible', 'the config says nothing of bills', 'Add freight.bills, with vendors and accounts, to the config.');
  const { stored, asked } = await journal.read(async (tx) => ({ stored: await findInvoice(tx, key), asked: await billsAsked(tx) }));
  if (stored === null) return refused('not-found', `the journal has no freight invoice ${key}`, "See 'qm freight audit'.");
  const { invoice } = stored;
  const vendor = Object.hasOwn(bills.vendors, invoice.carrier) ? bills.vendors[invoice.carrier] : undefined;
  if (vendor === undefined)
    return refused(
      'impossible',
      `the config names no vendor for the carrier ${invoice.carrier}`,
      'Add it to freight.bills.vendors in the config.',
    );

  const first = addDays(invoice.invoiceDay, -lookBackDays);
  const place = invoice.billing ?? Number.POSITIVE_INFINITY;
  const before = (await listInvoices(journal)).filter(
    ({ invoice: other }) => other.billing !== null && other.billing < place && other.invoiceDay >= first,
  );
  const billedBefore: InvoiceLine[] = [];
  for (const other of before) billedBefore.push(...(await readLines(journal, other.invoice)));
  const last = before.reduce((latest, { invoice: other }) => (other.invoiceDay > latest ? other.invoiceDay : latest), invoice.invoiceDay);
  const accruals = await readAccruals(journal, daysThrough(first, last));
  const { carrier, account, invoiceNumber } = invoice;
  const lines = await readLines(journal, invoice);
  const drafts = draftVendorBills({
    carrier,
    account,
    invoiceNumber,
    lines,
    billedBefore,
    accruals,
    accounts: bills.accounts,
    settings: settings.audit,
  });
  return {
    kind: 'drafted',
    key,
    stored,
    asked,
    drafts: drafts.map((draft) => ({ draft: erpDraftOf(draft, vendor), lines: draft.lines, problems: draft.problems })),
  };
}

function erpDraftOf({ carrier, account, invoiceNumber, invoiceDay, total, lines }: VendorBillDraft, vendor: string): ErpBillDraft {
  return {
    key: { carrier, account, invoiceNumber, currency: total.currency },
    vendor,
    day: invoiceDay,
    lines: lines.map((line) => ({ label: labelOf(line), account: line.account, analytic: line.analytic, amount: line.amount })),
    total,
  };
}

function labelOf({ kind, class: varianceClass, amount }: VendorBillLine): string {
  if (kind === 'accrued') return amount.minor < 0 ? 'Freight as expected, taken back' : 'Freight as expected';
  return `Freight: ${(varianceClass ?? kind).replaceAll('-', ' ')}`;
}

/** What a bill's draft says in short, for the audit trail. */
export function summaryOfDraft({ draft, problems }: DraftedBill): {
  readonly currency: string;
  readonly total: Money;
  readonly lines: number;
  readonly problems: readonly string[];
} {
  return { currency: draft.key.currency, total: draft.total, lines: draft.lines.length, problems };
}
