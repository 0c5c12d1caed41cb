import { systemClock } from '@quartermaster/connector-kit';
import { addMoney, formatMoney, localDate, money, type Money } from '@quartermaster/domain';
import {
  auditOfJournal,
  daysUntil,
  disputesOfJournal,
  findingsOfJournal,
  listInvoices,
  type AuditedDays,
  type FreightFindings,
  type FreightSettings,
} from '@quartermaster/flows';
import { disputesCsv, invoiceKey, type Dispute, type FreightAudit, type Variance } from '@quartermaster/freight';
import type { JournalReader } from '@quartermaster/journal';
import { writeFileSync } from 'node:fs';
import { loadConfig } from '../config.ts';
import { CommandError, exitCodes, systemCode, type ExitCode } from '../exit.ts';
import { printJson, table, type Output } from '../output.ts';
import { readJournal } from './journal-reading.ts';

type Given = { readonly config: string; readonly json: boolean; readonly from?: string; readonly to?: string };
type Report = { readonly journal: JournalReader; readonly settings: FreightSettings; readonly days: AuditedDays; readonly today: string };

/** `qm freight audit`: invoices, what was billed of no label, and every difference. Reads beside the daemon. */
export async function freightAuditCommand(given: Given, output: Output): Promise<ExitCode> {
  return reported(given, async ({ journal, settings, days }) => {
    const audit = await auditOfJournal(journal, settings, days);
    const standing = new Map((await listInvoices(journal)).map(({ invoice, state }) => [invoiceKey(invoice), state]));
    if (given.json) printJson(output, { ...audit, days });
    else output.out(auditText(audit, standing));
  });
}

/** `qm freight disputes`: what to claim back, the most urgent first. */
export async function freightDisputesCommand(given: Given & { readonly csv?: string }, output: Output): Promise<ExitCode> {
  return reported(given, async ({ journal, settings, days, today }) => {
    const disputes = await disputesOfJournal(journal, settings, { ...days, today });
    if (given.csv !== undefined) writeCsv(given.csv, disputes);
    if (given.json) printJson(output, disputes);
    else output.out(disputesText(disputes, given.csv));
  });
}

/** `qm freight findings`: what to mend with us, or to claim for lateness. */
export async function freightFindingsCommand(given: Given, output: Output): Promise<ExitCode> {
  return reported(given, async ({ journal, settings, days }) => {
    const findings = await findingsOfJournal(journal, settings, days);
    if (given.json) printJson(output, findings);
    else output.out(findingsText(findings));
  });
}

async function reported(given: Given, report: (given: Report) => Promise<void>): Promise<ExitCode> {
  const { config } = loadConfig(given.config);
  const today = localDate(systemClock.now(), config.zone);
  const usual = daysUntil(given.to ?? today);
  const days = { from: given.from ?? usual.from, to: usual.to };
  if (days.from > days.to) throw new CommandError(exitCodes.usage, `freight: --from ${days.from} is behind --to ${days.to}`);
  await using journal = await readJournal(given);
  await report({ journal, settings: config.freight, days, today });
  return exitCodes.ok;
}

function auditText({ invoices, variances, unmatched, open }: FreightAudit, standing: ReadonlyMap<string, string>): string {
  if (invoices.length === 0 && open.length === 0) return "No invoices of these days; 'qm freight import' reads them.\n";
  const listed = table(
    [
      ['invoice', 'day', 'declared', 'lines come to', 'of our labels', 'of none', 'verdict', 'bill'],
      ...invoices.map((each) => [
        invoiceKey(each),
        each.invoiceDay,
        each.declared === null ? '' : formatMoney(each.declared),
        formatMoney(each.summed),
        formatMoney(each.matched),
        formatMoney(each.unmatched),
        each.verdict,
        standing.get(invoiceKey(each)) === 'imported' ? '' : (standing.get(invoiceKey(each)) ?? ''),
      ]),
    ],
    new Set([2, 3, 4, 5]),
  );
  const byClass = Map.groupBy(variances, (each) => `${each.class} ${each.verdict} ${each.amount.currency}`);
  const classes = [...byClass.values()].flatMap((some) => {
    const [first] = some;
    return first === undefined ? [] : [[first.class, first.verdict, String(some.length), formatMoney(sumOf(some))]];
  });
  const owed = [...Map.groupBy(open, ({ price }) => price.currency)].map(([currency, some]) =>
    formatMoney(addMoney(money(0, currency), ...some.map(({ price }) => price))),
  );
  return [
    listed,
    ...(classes.length === 0
      ? ['\nNothing differs.\n']
      : [
          '\n',
          table([['difference', 'verdict', 'count', 'amount'], ...classes.sort((a, b) => (a.join() < b.join() ? -1 : 1))], new Set([2, 3])),
        ]),
    `\n${unmatched.length} lines are of no label of ours. ${open.length} labels are not billed yet${owed.length === 0 ? '' : `: ${owed.join(', ')}`}.\n`,
  ].join('');
}

function sumOf(variances: readonly Variance[]): Money {
  const [first, ...others] = variances.map(({ amount }) => amount);
  if (first === undefined) throw new RangeError('a sum of nothing has no currency');
  return addMoney(first, ...others);
}

function disputesText(disputes: readonly Dispute[], csv: string | undefined): string {
  if (disputes.length === 0) return 'Nothing is to be claimed back.\n';
  const rows = disputes.map((each) => [
    each.deadline,
    each.daysLeft < 0 ? 'too late' : String(each.daysLeft),
    each.carrier,
    each.invoiceNumber,
    each.trackingNumber ?? '',
    each.class,
    formatMoney(each.billed),
    formatMoney(each.expected),
    formatMoney(each.amount),
    each.rerating === 'not-rerated' ? each.descriptions.join(', ') : `${each.rerating}: ${each.descriptions.join(', ')}`,
  ]);
  const heading = ['until', 'days left', 'carrier', 'invoice', 'tracking number', 'class', 'billed', 'expected', 'claim', 'evidence'];
  const written = csv === undefined ? '' : `\nWritten to ${csv}.\n`;
  return `${table([heading, ...rows], new Set([1, 6, 7, 8]))}${written}`;
}

function findingsText({ late, measurements }: FreightFindings): string {
  if (late.length === 0 && measurements.length === 0) return 'Nothing was found.\n';
  const lateRows = late.map((each) => [
    each.carrier,
    each.trackingNumber,
    each.promisedOn,
    each.deliveredOn,
    String(each.daysLate),
    each.isGuaranteed ? formatMoney(each.refundable) : '',
    each.isGuaranteed ? each.claimUntil : '',
  ]);
  const measured = measurements.map((each) => [
    each.of,
    each.name,
    String(each.parcels),
    String(each.corrected),
    String(each.certain),
    `${each.medianExtraGrams} g`,
    each.extraCost.map(formatMoney).join(', '),
  ]);
  const lateTable = table(
    [['carrier', 'late parcel', 'promised', 'delivered', 'days late', 'refund', 'claim until'], ...lateRows],
    new Set([4, 5]),
  );
  const measuredTable = table(
    [['what', 'name', 'parcels', 'heavier', 'of it alone', 'typically by', 'cost'], ...measured],
    new Set([2, 3, 4, 5, 6]),
  );
  return [...(late.length === 0 ? [] : [lateTable]), ...(measurements.length === 0 ? [] : [measuredTable])].join('\n');
}

function writeCsv(file: string, disputes: readonly Dispute[]): void {
  try {
    writeFileSync(file, disputesCsv(disputes));
  } catch (error) {
    throw new CommandError(exitCodes.usage, `${file}: the file cannot be written (${systemCode(error)}).`);
  }
}
