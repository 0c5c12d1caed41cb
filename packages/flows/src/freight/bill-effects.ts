import { moneySchema, type ErpBill, type ErpBillDraft } from '@quartermaster/domain';
import { z } from 'zod';
import { anyEffect, type AnyEffect, type Effect } from '../effect.ts';
import { jsonOf } from '../plain-json.ts';
import { findInvoice, putInvoice } from './invoices.ts';

export const billKind = 'write-bill';

/** What an intent carries: the whole bill as it was decided, so that nothing which is imported later changes what is written. Without personal data. */
const payloadSchema = z.object({
  invoice: z.string(),
  draft: z.object({
    key: z.object({ carrier: z.string(), account: z.string(), invoiceNumber: z.string(), currency: z.string() }),
    vendor: z.string(),
    day: z.string(),
    lines: z.array(z.object({ label: z.string(), account: z.string(), analytic: z.string().nullable(), amount: moneySchema })),
    total: moneySchema,
  }),
});

const writeBill: Effect<{ readonly invoice: string; readonly draft: ErpBillDraft }> = {
  prepare(_tx, context, intent) {
    const request = payloadSchema.parse(intent.payload);
    if (context.erp.vendorBills === null) return Promise.resolve({ kind: 'refuse', reason: 'the ERP takes no bills' });
    return Promise.resolve({ kind: 'go', request });
  },
  async perform({ erp, clock }, { invoice, draft }, memo) {
    const { vendorBills } = erp;
    if (vendorBills === null) throw new RangeError('the ERP takes no bills');
    const bill = await vendorBills.write(draft, memo);
    return {
      result: jsonOf(bill),
      event: null,
      keep: (tx) => keepBill(tx, { invoice, draft, bill, at: clock.now() }),
    };
  },
};

async function keepBill(
  tx: Parameters<typeof putInvoice>[0],
  {
    invoice: key,
    draft,
    bill,
    at,
  }: { readonly invoice: string; readonly draft: ErpBillDraft; readonly bill: ErpBill; readonly at: string },
): Promise<void> {
  const stored = await findInvoice(tx, key);
  if (stored === null) return;
  const { currency } = draft.key;
  const bills = [...stored.invoice.bills.filter((each) => each.currency !== currency), { ref: bill.ref, currency, total: bill.total }];
  const isWhole = stored.invoice.currencies.every((each) => bills.some((there) => there.currency === each));
  await putInvoice(tx, { invoice: { ...stored.invoice, bills }, state: isWhole ? 'billed' : 'billing', version: stored.version }, at);
  // An earlier intent of it may have been refused.
  const which = { code: `${billKind}-failed`, subjectKey: `freight/${key}` };
  await tx.exceptions.resolve(which, { by: 'quartermaster', reason: 'the bill was written', at });
}

export const billEffects: Readonly<Record<typeof billKind, AnyEffect>> = { [billKind]: anyEffect(writeBill) };
