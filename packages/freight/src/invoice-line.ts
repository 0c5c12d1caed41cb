import { compareText, chargeSchema, currencySchema, destinationSchema, moneySchema, sumMoney, type Money } from '@quartermaster/domain';
import { z } from 'zod';

/**
 * What a charge of an invoice is for. `base` is the transport itself with its discounts; the three corrections change it after the parcel was measured or delivered; `service-fee` belongs to no
 * parcel.
 */
export const chargeClasses = [
  'base',
  'fuel',
  'residential',
  'accessorial',
  'duty-tax',
  'return',
  'weight-correction',
  'zone-correction',
  'address-correction',
  'credit',
  'service-fee',
] as const;
export type ChargeClass = (typeof chargeClasses)[number];

/** A calendar day, `2026-10-13`. */
export const daySchema = z.iso.date();

const invoiceIdentitySchema = z.object({ carrier: z.string().min(1), account: z.string(), invoiceNumber: z.string().min(1) });
/** The names by which an invoice is one. */
export type InvoiceIdentity = z.infer<typeof invoiceIdentitySchema>;

/**
 * One charge of a carrier's invoice, whatever file it came from. Holds no personal data: of the addressee only country, region and the first three characters of the postal code.
 */
export const invoiceLineSchema = invoiceIdentitySchema.extend({
  /**
   * Made of carrier, account, invoice number, a hash of the row, which of several identical rows of the file it is, and which charge of the row: the same charge of the same file always has the
   * same id.
   */
  id: z.string().min(1),
  invoiceDay: daySchema,
  /** What the file says that the whole invoice comes to; null where it does not say. */
  invoiceTotal: moneySchema.nullable(),
  /** Upper case, letters and digits only; null for what belongs to no parcel. */
  trackingNumber: z.string().nullable(),
  /** Other forms of the same number, such as with FedEx's ground prefix. */
  trackingAliases: z.array(z.string()),
  /** The number of the shipment that the parcel belongs to, or of the parcel that this one came of (a return, a redirection). */
  leadTrackingNumber: z.string().nullable(),
  /** What we had printed on the label, as the carrier gives it back. */
  references: z.array(z.string()),
  service: z.string().nullable(),
  zone: z.string().nullable(),
  /** As declared, and as the carrier says that it charged. To the nearest gram: it was measured and is not declared. */
  enteredGrams: z.int().positive().nullable(),
  billedGrams: z.int().positive().nullable(),
  millimetres: z.tuple([z.int().positive(), z.int().positive(), z.int().positive()]).nullable(),
  shippedOn: daySchema.nullable(),
  deliveredOn: daySchema.nullable(),
  destination: destinationSchema.nullable(),
  /** Net amount: what is to be paid. */
  charge: chargeSchema,
  class: z.enum(chargeClasses),
  /** The carrier's own words for the charge. */
  description: z.string(),
});
export type InvoiceLine = z.infer<typeof invoiceLineSchema>;

/** What a file says of a row that cannot be used, or not wholly. */
export type RowProblem = {
  /** Line of the file, from 1, a heading included; a row of several lines has the number of its last. */
  readonly row: number;
  /** The column as the vendor names it; `file` when it is about the file. */
  readonly field: string;
  readonly reason: string;
  /** `left-out`: nothing of the row is in the lines. `kept`: its money is, but something else of it is missing. */
  readonly outcome: 'left-out' | 'kept';
};

/** An invoice of a file: what it says that it comes to, and what its lines come to. */
export type InvoiceSum = InvoiceIdentity & {
  readonly invoiceDay: string;
  readonly declared: Money | null;
  /** Of the lines in the currency of `declared`, or of the first line where nothing is declared. */
  readonly summed: Money;
  /** `differs` also when lines are in another currency, which no sum can hold; `not-declared` when there is nothing to compare with. */
  readonly verdict: 'agrees' | 'differs' | 'not-declared';
};

/**
 * What a file came to. Every row of it is in `lines`, in `informational` or in `problems`. `invoices` holds the lines of this file alone against its header: for an invoice that comes in several
 * files, {@link invoiceSums} of all their lines is the one that must agree.
 */
export type ImportedInvoice = {
  readonly lines: readonly InvoiceLine[];
  /** Lines that the vendor prints for information only: not charged, and in no sum. */
  readonly informational: readonly InvoiceLine[];
  readonly problems: readonly RowProblem[];
  readonly invoices: readonly InvoiceSum[];
  readonly rows: { readonly read: number; readonly charged: number; readonly informational: number; readonly leftOut: number };
};

/** The one text of an invoice's three names, for grouping and sorting. */
export function invoiceKey({ carrier, account, invoiceNumber }: InvoiceIdentity): string {
  return [carrier, account, invoiceNumber].map(encodeURIComponent).join('/');
}

/** The invoices of lines, by invoice day and then by name; each sum to the cent against what its file declares. */
export function invoiceSums(lines: readonly InvoiceLine[]): InvoiceSum[] {
  const byInvoice = Map.groupBy(lines, invoiceKey);
  return [...byInvoice.values()].map(sumOf).sort(byDayAndName);
}

function sumOf(lines: readonly InvoiceLine[]): InvoiceSum {
  const [first] = lines;
  if (first === undefined) throw new RangeError('an invoice has at least one line');
  const { carrier, account, invoiceNumber, invoiceDay, invoiceTotal } = first;
  const currency = invoiceTotal?.currency ?? first.charge.amount.currency;
  const amounts = lines.map(({ charge }) => charge.amount);
  const summed = sumMoney(
    amounts.filter((amount) => amount.currency === currency),
    currency,
  );
  const isOneCurrency = amounts.every((amount) => amount.currency === currency);
  const isOneTotal = lines.every((line) => line.invoiceTotal?.minor === invoiceTotal?.minor);
  const agrees = isOneCurrency && isOneTotal && invoiceTotal?.minor === summed.minor;
  return {
    carrier,
    account,
    invoiceNumber,
    invoiceDay,
    declared: invoiceTotal,
    summed,
    verdict: invoiceTotal === null && isOneTotal ? 'not-declared' : agrees ? 'agrees' : 'differs',
  };
}

function byDayAndName(a: InvoiceSum, b: InvoiceSum): number {
  return compareText(a.invoiceDay, b.invoiceDay) || compareText(invoiceKey(a), invoiceKey(b));
}

/** A currency as a file writes it. */
export function currencyOf(text: string): string | null {
  const read = currencySchema.safeParse(text.trim().toUpperCase());
  return read.success ? read.data : null;
}
