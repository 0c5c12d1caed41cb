import { compareText, daysBetween, decimalOf, type Money } from '@quartermaster/domain';
import type { FreightAudit } from './audit.ts';
import type { InvoiceIdentity } from './invoice-line.ts';
import type { Rerating, Variance } from './variance.ts';
import type { VarianceClass } from './settings.ts';

/** What is claimed back of a carrier, as its form asks for it. */
export type Dispute = InvoiceIdentity & {
  readonly varianceId: string;
  /** The day of the invoice that it came up with, which is the one that is named. */
  readonly invoiceDay: string;
  readonly trackingNumber: string | null;
  readonly references: readonly string[];
  readonly class: VarianceClass;
  /** The carrier's own words for the charges. */
  readonly descriptions: readonly string[];
  readonly billed: Money;
  readonly expected: Money;
  readonly amount: Money;
  readonly rerating: Rerating;
  readonly deadline: string;
  /** 0 on the last day, negative when it is too late. */
  readonly daysLeft: number;
};

/** The disputes of an audit as of a day, the most urgent first. */
export function disputesOf(audit: FreightAudit, today: string): Dispute[] {
  return audit.variances
    .filter(({ verdict }) => verdict === 'disputed')
    .map((variance) => disputeOf(variance, today))
    .sort((a, b) => compareText(a.deadline, b.deadline) || b.amount.minor - a.amount.minor || compareText(a.varianceId, b.varianceId));
}

function disputeOf(variance: Variance, today: string): Dispute {
  const { lines, arisenOn, deadline } = variance;
  const named = lines.find(({ invoiceDay }) => invoiceDay === arisenOn) ?? lines[0];
  if (named === undefined) throw new RangeError(`a dispute without a line: ${variance.id}`);
  return {
    varianceId: variance.id,
    carrier: named.carrier,
    account: named.account,
    invoiceNumber: named.invoiceNumber,
    invoiceDay: arisenOn,
    trackingNumber: named.trackingNumber ?? variance.trackingNumber,
    references: [...new Set(lines.flatMap(({ references }) => references))],
    class: variance.class,
    descriptions: [...new Set(lines.map(({ description }) => description))],
    billed: variance.billed,
    expected: variance.expected,
    amount: variance.amount,
    rerating: variance.rerating,
    deadline,
    daysLeft: daysBetween(today, deadline),
  };
}

const columns: readonly (readonly [heading: string, cell: (dispute: Dispute) => string])[] = [
  ['carrier', ({ carrier }) => words(carrier)],
  ['account', ({ account }) => words(account)],
  ['invoice_number', ({ invoiceNumber }) => words(invoiceNumber)],
  ['invoice_day', ({ invoiceDay }) => invoiceDay],
  ['tracking_number', ({ trackingNumber }) => words(trackingNumber ?? '')],
  ['references', ({ references }) => words(references.join(' | '))],
  ['class', (dispute) => dispute.class],
  ['charges', ({ descriptions }) => words(descriptions.join(' | '))],
  ['billed', ({ billed }) => decimalOf(billed)],
  ['expected', ({ expected }) => decimalOf(expected)],
  ['disputed', ({ amount }) => decimalOf(amount)],
  ['currency', ({ amount }) => amount.currency],
  ['finding', ({ rerating }) => rerating],
  ['deadline', ({ deadline }) => deadline],
];

/** The disputes as CSV (RFC 4180) with a heading; amounts with a decimal point. */
export function disputesCsv(disputes: readonly Dispute[]): string {
  const rows = [columns.map(([heading]) => heading), ...disputes.map((dispute) => columns.map(([, cell]) => cell(dispute)))];
  return rows.map((row) => `${row.map(quoted).join(',')}\r\n`).join('');
}

/** Text of the carrier's file must not become a formula where the sheet is opened. */
function words(text: string): string {
  return /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
}

function quoted(cell: string): string {
  return /[",\r\n]|^\s|\s$/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}
