import { compareText, type Money } from '@quartermaster/domain';
import { invoiceKey, type InvoiceLine } from './invoice-line.ts';
import type { VarianceClass } from './settings.ts';

/** How the carrier's measure differs from what we expected; null where the invoice or the label does not tell. Zones are without leading zeros. */
export type Measurement = {
  readonly expectedGrams: number;
  readonly billedGrams: number | null;
  readonly expectedZone: string | null;
  readonly billedZone: string | null;
  readonly weightDiffers: boolean;
  readonly zoneDiffers: boolean;
};

/**
 * What a new price on the billed weight and zone showed: the carrier measured differently and charged that rightly, or it charged another rate. `not-rerated` where there was no price to lay
 * against it.
 */
export type Rerating = 'measured-differently' | 'rate-wrong' | 'not-rerated';

/**
 * `accepted`: within tolerance. `disputed`: too much, to be claimed back. `in-our-favour`: too little by more than the tolerance, which usually means that more will come or that our own
 * expectation is wrong. `settled`: was too much, and a credit of just this amount has come.
 */
export type VarianceVerdict = 'accepted' | 'disputed' | 'in-our-favour' | 'settled';

/** A difference between what was billed and what was expected, over all invoices together. */
export type Variance = {
  /** The same for the same difference, also when later invoices change its amount. */
  readonly id: string;
  readonly class: VarianceClass;
  /** Null for what is of no label of ours. */
  readonly accrualId: string | null;
  readonly trackingNumber: string | null;
  readonly billed: Money;
  readonly expected: Money;
  /** `billed` less `expected`. */
  readonly amount: Money;
  readonly lines: readonly InvoiceLine[];
  /** Day of the invoice with which more was billed than expected. */
  readonly arisenOn: string;
  readonly measurement: Measurement | null;
  readonly rerating: Rerating;
  readonly verdict: VarianceVerdict;
  /** Last day for a dispute. */
  readonly deadline: string;
};

/** A part of what was billed for a parcel, against its part of what was expected; minor units of one currency. */
export type VariancePart = {
  readonly class: VarianceClass;
  readonly lines: readonly InvoiceLine[];
  readonly billed: number;
  readonly expected: number;
  readonly rerating: Rerating;
};

/** By invoice day, then name of the invoice, then id: the order in which money was asked for. */
export function byInvoice(a: InvoiceLine, b: InvoiceLine): number {
  return compareText(a.invoiceDay, b.invoiceDay) || compareText(invoiceKey(a), invoiceKey(b)) || compareText(a.id, b.id);
}

export function minorSum(lines: readonly InvoiceLine[]): number {
  return lines.reduce((sum, { charge }) => sum + charge.amount.minor, 0);
}
