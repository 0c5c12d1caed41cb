import { compareText, addDays, money, type Money } from '@quartermaster/domain';
import type { Accrual } from './accrual.ts';
import { invoiceKey, invoiceSums, type InvoiceLine, type InvoiceSum } from './invoice-line.ts';
import { matchLines, type MatchedBy, type UnmatchedLine } from './match.ts';
import { measurementOf } from './measurement.ts';
import {
  auditSettingsSchema,
  isTolerated,
  toleranceOf,
  type AuditSettings,
  type AuditSettingsInput,
  type VarianceClass,
} from './settings.ts';
import { partsOf, type Reprice } from './shipment-variances.ts';
import { byInvoice, minorSum, type Measurement, type Variance, type VariancePart, type VarianceVerdict } from './variance.ts';

/** What an audit goes by: all lines of all invoices so far, and all accruals that they may be about. */
export type AuditInput = {
  readonly lines: readonly InvoiceLine[];
  readonly accruals: readonly Accrual[];
  readonly settings?: AuditSettingsInput;
  /** Null and left out: what was measured differently is only as likely as it looks. */
  readonly reprice?: Reprice | null;
};

/** A label and what was billed of it over all invoices, in the currency of its price. `billed` less `expected` is the sum of its variances in that currency. */
export type AuditedShipment = {
  readonly accrual: Accrual;
  readonly lines: readonly InvoiceLine[];
  readonly matchedBy: readonly MatchedBy[];
  readonly billed: Money;
  /** Of the accrual, as much as is compared by now: what is not billed yet may still come. */
  readonly expected: Money;
  readonly measurement: Measurement;
};

export type AuditedInvoice = InvoiceSum & {
  /** They sum to `summed`, in its currency. */
  readonly matched: Money;
  readonly unmatched: Money;
};

export type FreightAudit = {
  readonly invoices: readonly AuditedInvoice[];
  readonly shipments: readonly AuditedShipment[];
  readonly unmatched: readonly UnmatchedLine[];
  readonly variances: readonly Variance[];
  /** Labels of which nothing was billed yet. */
  readonly open: readonly Accrual[];
};

/**
 * Audits freight invoices against the labels that were bought. It depends on what is given alone, and not on the order of lines, how they were parted into files, or how often they were imported.
 * Throws a `ZodError` for settings that are none.
 */
export function auditFreight(input: AuditInput): FreightAudit {
  const settings = auditSettingsSchema.parse(input.settings ?? {});
  const lines = [...new Map(input.lines.map((line) => [line.id, line])).values()];
  const { matched, unmatched } = matchLines(lines, input.accruals);
  const byAccrual = Map.groupBy(matched, ({ accrual }) => accrual.id);

  const audited = input.accruals
    .toSorted((a, b) => compareText(a.id, b.id))
    .flatMap((accrual) => {
      const found = byAccrual.get(accrual.id);
      if (found === undefined) return [];
      const matchedBy = [...new Set(found.map(({ by }) => by))].toSorted(compareText);
      return [auditShipment(accrual, found.map(({ line }) => line).toSorted(byInvoice), matchedBy, settings, input.reprice ?? null)];
    });
  return {
    invoices: auditedInvoices(lines, new Set(unmatched.map(({ line }) => line))),
    shipments: audited.map(({ shipment }) => shipment),
    unmatched,
    variances: [...audited.flatMap(({ variances }) => variances), ...variancesOfUnmatched(unmatched, settings)].sort(
      (a, b) => compareText(a.deadline, b.deadline) || compareText(a.id, b.id),
    ),
    open: input.accruals.filter(({ id }) => !byAccrual.has(id)).toSorted((a, b) => compareText(a.id, b.id)),
  };
}

/** Variances of zero are none. */
function auditShipment(
  accrual: Accrual,
  lines: readonly InvoiceLine[],
  matchedBy: readonly MatchedBy[],
  settings: AuditSettings,
  reprice: Reprice | null,
): { readonly shipment: AuditedShipment; readonly variances: readonly Variance[] } {
  const { currency } = accrual.price;
  const measurement = measurementOf(accrual, lines, settings.weightSlackGrams);
  const own = lines.filter(({ charge }) => charge.amount.currency === currency);
  const foreign = Map.groupBy(
    lines.filter((line) => !own.includes(line)),
    ({ charge }) => charge.amount.currency,
  );
  const { parts, expected } = partsOf(accrual, own, measurement, settings, reprice);
  const different = parts.filter((part) => part.billed !== part.expected);
  const about = { accrualId: accrual.id, trackingNumber: accrual.trackingNumber, measurement, lines };
  return {
    shipment: { accrual, lines, matchedBy, billed: money(minorSum(own), currency), expected: money(expected, currency), measurement },
    variances: [
      ...judged(different, currency, about, settings),
      ...[...foreign].flatMap(([other, those]) => judged([unexpected('currency', those)], other, about, settings)),
    ],
  };
}

function variancesOfUnmatched(unmatched: readonly UnmatchedLine[], settings: AuditSettings): Variance[] {
  const byParcel = Map.groupBy(unmatched, ({ line }) =>
    JSON.stringify([line.carrier, line.trackingNumber ?? line.id, line.charge.amount.currency]),
  );
  return [...byParcel.values()].flatMap((those) => {
    const lines = those.map(({ line }) => line).toSorted(byInvoice);
    const [first] = lines;
    if (first === undefined) return [];
    const byClass = Map.groupBy(lines, classOfUnmatched);
    const parts = [...byClass].map(([varianceClass, some]) => unexpected(varianceClass, some)).filter(({ billed }) => billed !== 0);
    return judged(
      parts,
      first.charge.amount.currency,
      { accrualId: null, trackingNumber: first.trackingNumber, measurement: null, lines },
      settings,
    );
  });
}

/** A parcel that comes back has a number of its own that we never had; duties are told without one. */
function classOfUnmatched(line: InvoiceLine): VarianceClass {
  if (line.class === 'credit' || line.class === 'duty-tax' || line.class === 'return' || line.class === 'service-fee') return line.class;
  return line.trackingNumber === null ? 'service-fee' : 'unknown-tracking';
}

function unexpected(varianceClass: VarianceClass, lines: readonly InvoiceLine[]): VariancePart {
  return { class: varianceClass, lines, billed: minorSum(lines), expected: 0, rerating: 'not-rerated' };
}

function judged(
  parts: readonly VariancePart[],
  currency: string,
  about: Pick<Variance, 'accrualId' | 'trackingNumber' | 'measurement' | 'lines'>,
  settings: AuditSettings,
): Variance[] {
  const settled = settledParts(parts, settings);
  return parts.map((part) => {
    // What was expected and not billed arose with the parcel's other lines.
    const arisenOn = arisingDay(part.lines.length > 0 ? part : { ...part, lines: about.lines });
    const name = about.accrualId ?? about.trackingNumber ?? part.lines[0]?.id ?? '';
    const carrier = about.lines[0]?.carrier ?? '';
    return {
      id: [part.class, name, currency].map(encodeURIComponent).join('/'),
      class: part.class,
      accrualId: about.accrualId,
      trackingNumber: about.trackingNumber,
      measurement: about.measurement,
      billed: money(part.billed, currency),
      expected: money(part.expected, currency),
      amount: money(part.billed - part.expected, currency),
      lines: part.lines,
      arisenOn,
      rerating: part.rerating,
      verdict: settled.has(part) ? 'settled' : verdictOn(part, settings),
      deadline: addDays(arisenOn, settings.disputeDays[carrier] ?? settings.disputeDaysOtherwise),
    };
  });
}

function verdictOn(part: VariancePart, settings: AuditSettings): Exclude<VarianceVerdict, 'settled'> {
  const amount = part.billed - part.expected;
  // A credit that takes money is none.
  if (part.class === 'credit' && amount > 0) return 'disputed';
  if (isTolerated(toleranceOf(settings, part.class), amount, part.expected)) return 'accepted';
  return amount > 0 ? 'disputed' : 'in-our-favour';
}

/** What was too much and has come back: one credit of just the amount, or all credits of the parcel together. Each credit settles once. */
function settledParts(parts: readonly VariancePart[], settings: AuditSettings): ReadonlySet<VariancePart> {
  let credits = parts.filter((part) => part.class === 'credit').flatMap(({ lines }) => lines.map(({ charge }) => -charge.amount.minor));
  const settled = new Set<VariancePart>();
  for (const part of parts) {
    if (part.class === 'credit' || verdictOn(part, settings) !== 'disputed') continue;
    const amount = part.billed - part.expected;
    const at = credits.indexOf(amount);
    const isAll = credits.reduce((sum, credit) => sum + credit, 0) === amount;
    if (at < 0 && !isAll) continue;
    settled.add(part);
    credits = at < 0 ? [] : credits.toSpliced(at, 1);
  }
  return settled;
}

/** The day of the invoice with which more was billed than expected, or of the last one where that never happened. */
function arisingDay({ lines, expected }: VariancePart): string {
  let sum = 0;
  let last = '';
  for (const { invoiceDay, charge } of lines.toSorted(byInvoice)) {
    sum += charge.amount.minor;
    last = invoiceDay;
    if (sum > expected) return invoiceDay;
  }
  return last;
}

function auditedInvoices(lines: readonly InvoiceLine[], unmatched: ReadonlySet<InvoiceLine>): AuditedInvoice[] {
  const byInvoiceKey = Map.groupBy(lines, invoiceKey);
  return invoiceSums(lines).map((sum) => {
    const { currency } = sum.summed;
    const own = (byInvoiceKey.get(invoiceKey(sum)) ?? []).filter(({ charge }) => charge.amount.currency === currency);
    const sumOf = (some: readonly InvoiceLine[]) => money(minorSum(some), currency);
    return {
      ...sum,
      matched: sumOf(own.filter((line) => !unmatched.has(line))),
      unmatched: sumOf(own.filter((line) => unmatched.has(line))),
    };
  });
}
