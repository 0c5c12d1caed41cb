import { compareText, money, type Money } from '@quartermaster/domain';
import { z } from 'zod';
import type { Accrual } from './accrual.ts';
import { auditFreight, type FreightAudit } from './audit.ts';
import { invoiceKey, type InvoiceIdentity, type InvoiceLine } from './invoice-line.ts';
import { varianceClasses, type AuditSettingsInput, type VarianceClass } from './settings.ts';
import type { Reprice } from './shipment-variances.ts';

/** Codes of accounts and names of analytic accounts, as the books have them. */
export const billAccountsSchema = z.strictObject({
  /** Where freight was accrued when the label was bought: what was expected is cleared here. */
  accrued: z.string().min(1),
  /** Expense of what was not expected, by class or for all others. */
  variance: z.string().min(1),
  varianceOf: z.partialRecord(z.enum(varianceClasses), z.string().min(1)).default({}),
  /** Duties and taxes on freight. */
  tax: z.string().min(1),
  /** Analytic account by node; a node that is not named has none. */
  analyticOf: z.record(z.string(), z.string().min(1)).default({}),
});
export type BillAccountsInput = z.input<typeof billAccountsSchema>;
type BillAccounts = z.infer<typeof billAccountsSchema>;

export type VendorBillLine = {
  /** `accrued` clears the accrual, `variance` and `tax` are what was not in it. */
  readonly kind: 'accrued' | 'variance' | 'tax';
  /** Null for what was accrued. */
  readonly class: VarianceClass | null;
  readonly account: string;
  readonly analytic: string | null;
  readonly amount: Money;
};

/** A carrier's invoice as the bill of a vendor, to be written as a draft. The lines sum to `total`. */
export type VendorBillDraft = InvoiceIdentity & {
  readonly invoiceDay: string;
  readonly total: Money;
  readonly lines: readonly VendorBillLine[];
  /** Why a person must look before it is posted, one sentence each; empty when all is well. */
  readonly problems: readonly string[];
};

export type BillRequest = InvoiceIdentity & {
  /** All lines of the invoice; those of other invoices are passed over. */
  readonly lines: readonly InvoiceLine[];
  /** Lines of the invoices that have a bill already: what they cleared of the accruals is not cleared again. */
  readonly billedBefore: readonly InvoiceLine[];
  readonly accruals: readonly Accrual[];
  readonly accounts: BillAccountsInput;
  readonly settings?: AuditSettingsInput;
  readonly reprice?: Reprice | null;
};

/**
 * The bill of one invoice against the accruals: what this invoice adds to what was billed before. So later invoices never change a bill that is written, and all bills together clear and expense just
 * what the audit says. One draft for each currency of the invoice, usually one. Throws a `ZodError` for accounts or settings that are none.
 */
export function draftVendorBills(request: BillRequest): VendorBillDraft[] {
  const accounts = billAccountsSchema.parse(request.accounts);
  const key = invoiceKey(request);
  const own = request.lines.filter((line) => invoiceKey(line) === key);
  const before = request.billedBefore.filter((line) => invoiceKey(line) !== key);
  const auditOf = (lines: readonly InvoiceLine[]) =>
    auditFreight({ lines, accruals: request.accruals, settings: request.settings ?? {}, reprice: request.reprice ?? null });
  const earlier = postingsOf(auditOf(before), accounts);
  const audit = auditOf([...before, ...own]);
  const now = postingsOf(audit, accounts);

  const [summary] = audit.invoices.filter((invoice) => invoiceKey(invoice) === key);
  const { carrier, account, invoiceNumber } = request;
  const currencies = new Set([...earlier.values(), ...now.values()].map(({ amount }) => amount.currency));
  return [...currencies].toSorted(compareText).flatMap((currency) => {
    const lines = changesOf(earlier, now, currency);
    const isOwn = own.some(({ charge }) => charge.amount.currency === currency);
    if (lines.length === 0 && !isOwn) return [];
    const draft = {
      carrier,
      account,
      invoiceNumber,
      invoiceDay: own[0]?.invoiceDay ?? '',
      total: money(
        lines.reduce((sum, { amount }) => sum + amount.minor, 0),
        currency,
      ),
      lines,
      problems: summary?.verdict === 'differs' ? ['The lines do not add up to what the invoice says that it comes to.'] : [],
    };
    return [draft];
  });
}

type Postings = ReadonlyMap<string, VendorBillLine>;

function changesOf(earlier: Postings, now: Postings, currency: string): VendorBillLine[] {
  return [...new Set([...earlier.keys(), ...now.keys()])].toSorted(compareText).flatMap((posting) => {
    const line = now.get(posting) ?? earlier.get(posting);
    if (line === undefined || line.amount.currency !== currency) return [];
    const minor = (now.get(posting)?.amount.minor ?? 0) - (earlier.get(posting)?.amount.minor ?? 0);
    return minor === 0 ? [] : [{ ...line, amount: money(minor, currency) }];
  });
}

/** All postings of an audit by what they are told apart by. */
function postingsOf(audit: FreightAudit, accounts: BillAccounts): Postings {
  const postings = new Map<string, VendorBillLine>();
  const post = (line: VendorBillLine) => {
    const key = JSON.stringify([line.kind, line.class, line.account, line.analytic, line.amount.currency]);
    const there = postings.get(key);
    postings.set(
      key,
      there === undefined ? line : { ...line, amount: money(there.amount.minor + line.amount.minor, line.amount.currency) },
    );
  };
  const analyticOf = new Map<string, string | null>();
  for (const { accrual, expected } of audit.shipments) {
    const analytic = accounts.analyticOf[accrual.node] ?? null;
    analyticOf.set(accrual.id, analytic);
    post({ kind: 'accrued', class: null, account: accounts.accrued, analytic, amount: expected });
  }
  for (const { class: varianceClass, accrualId, amount } of audit.variances) {
    const analytic = analyticOf.get(accrualId ?? '') ?? null;
    const isTax = varianceClass === 'duty-tax';
    const account = accounts.varianceOf[varianceClass] ?? (isTax ? accounts.tax : accounts.variance);
    post({ kind: isTax ? 'tax' : 'variance', class: varianceClass, account, analytic, amount });
  }
  return postings;
}
