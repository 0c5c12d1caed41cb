import { addDays, daysBetween } from '@quartermaster/domain';
import {
  auditFreight,
  disputesOf,
  lateDeliveries,
  measurementFindings,
  type Accrual,
  type Dispute,
  type FreightAudit,
  type InvoiceLine,
  type LateDelivery,
  type MeasurementFinding,
} from '@quartermaster/freight';
import type { JournalReader } from '@quartermaster/journal';
import type { FreightSettings } from './freight-settings.ts';
import { readAccruals } from './accruals.ts';
import { listInvoices, readLines } from './invoices.ts';

/** Days of invoices that are looked at, both included. */
export type AuditedDays = { readonly from: string; readonly to: string };

/** A label is billed, corrected and credited within so many days; what is older is of no audit any more. */
export const lookBackDays = 200;

/** The days of the default: as far back as charges are usually disputed. */
export function daysUntil(today: string): AuditedDays {
  return { from: addDays(today, -180), to: today };
}

/**
 * Audits the invoices of the journal. What is of a label before these days, or was billed of it afterwards, is read along ({@link lookBackDays}), because a variance is over all invoices together; told are invoices
 * of these days, what arose in them, and the labels bought in them of which nothing was billed yet.
 */
export async function auditOfJournal(
  journal: Pick<JournalReader, 'read'>,
  settings: FreightSettings,
  days: AuditedDays,
): Promise<FreightAudit> {
  const { lines, accruals } = await readFreight(journal, days);
  const audit = auditFreight({ lines, accruals, settings: settings.audit });
  const isWithin = (day: string) => day >= days.from && day <= days.to;
  return {
    invoices: audit.invoices.filter(({ invoiceDay }) => isWithin(invoiceDay)),
    shipments: audit.shipments.filter((shipment) => shipment.lines.some(({ invoiceDay }) => isWithin(invoiceDay))),
    unmatched: audit.unmatched.filter(({ line }) => isWithin(line.invoiceDay)),
    variances: audit.variances.filter(({ arisenOn }) => isWithin(arisenOn)),
    open: audit.open.filter(({ boughtOn, voidedOn }) => isWithin(boughtOn) && voidedOn === null),
  };
}

/** What is to be claimed back as of a day, the most urgent first. */
export async function disputesOfJournal(
  journal: Pick<JournalReader, 'read'>,
  settings: FreightSettings,
  given: AuditedDays & { readonly today: string },
): Promise<Dispute[]> {
  return disputesOf(await auditOfJournal(journal, settings, given), given.today);
}

export type FreightFindings = { readonly late: readonly LateDelivery[]; readonly measurements: readonly MeasurementFinding[] };

export async function findingsOfJournal(
  journal: Pick<JournalReader, 'read'>,
  settings: FreightSettings,
  days: AuditedDays,
): Promise<FreightFindings> {
  const audit = await auditOfJournal(journal, settings, days);
  return { late: lateDeliveries(audit, settings.audit), measurements: measurementFindings(audit) };
}

/** All lines and accruals that an audit of these days goes by. */
export async function readFreight(
  journal: Pick<JournalReader, 'read'>,
  { from, to }: AuditedDays,
): Promise<{ readonly lines: InvoiceLine[]; readonly accruals: Accrual[] }> {
  const first = addDays(from, -lookBackDays);
  const invoices = (await listInvoices(journal)).filter(({ invoice }) => invoice.invoiceDay >= first);
  const lines: InvoiceLine[] = [];
  for (const { invoice } of invoices) lines.push(...(await readLines(journal, invoice)));
  const last = invoices.reduce((latest, { invoice }) => (invoice.invoiceDay > latest ? invoice.invoiceDay : latest), to);
  return { lines, accruals: await readAccruals(journal, daysThrough(first, last)) };
}

/** Every day from one to another, both included. */
export function daysThrough(first: string, last: string): string[] {
  return Array.from({ length: Math.max(0, daysBetween(first, last)) + 1 }, (_, index) => addDays(first, index));
}
