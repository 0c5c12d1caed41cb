import { systemClock } from '@quartermaster/connector-kit';
import { formatMoney, parseKey } from '@quartermaster/domain';
import {
  driftCauses,
  findOrders,
  previewDrift,
  subjectKey,
  type LookAt,
  type LookContext,
  type ReconcileReport,
  type Reported,
} from '@quartermaster/flows';
import { openJournal, type JournalReader } from '@quartermaster/journal';
import { z } from 'zod';
import { flowSettings, loadConfig } from '../config.ts';
import { connect, secretsOf, serviceSkus } from '../connect.ts';
import { askDaemon } from '../control/control-client.ts';
import { CommandError, exitCodes, type ExitCode } from '../exit.ts';
import { journalOf } from '../journal-place.ts';
import { printJson, table, type Output } from '../output.ts';

type Given = {
  readonly config: string;
  readonly apply: boolean;
  readonly json: boolean;
  readonly order?: string;
  readonly sku?: string;
  readonly reason?: string;
  readonly as?: string;
};

/** `qm reconcile`: what channels, Odoo and journal do not agree about. Without `--apply` it reads beside the daemon and writes nothing; with it the running daemon does what is to be done. */
export async function reconcileCommand(given: Given, output: Output): Promise<ExitCode> {
  if (given.order !== undefined && given.sku !== undefined)
    throw new CommandError(exitCodes.usage, 'reconcile: --order or --sku, not both');
  return given.apply ? apply(given, output) : dryRun(given, output);
}

async function dryRun(given: Given, output: Output): Promise<ExitCode> {
  const loaded = loadConfig(given.config);
  const keys = journalOf(loaded);
  await using journal = await openJournal({ ...keys.place(), masterKey: keys.masterKey(), clock: systemClock, readOnly: true });
  const time = { clock: systemClock, random: Math.random };
  const { erp, channels } = connect(loaded.config, secretsOf(loaded), time);
  const context = { settings: flowSettings(loaded.config, serviceSkus), erp, channels, clock: systemClock, journal };
  // Awaited here: the journal closes when this returns.
  return await previewCommand(context, given, output);
}

/** The dry run over connections that are there. */
export async function previewCommand(
  context: LookContext,
  given: Pick<Given, 'json' | 'order' | 'sku'>,
  output: Output,
): Promise<ExitCode> {
  const report = await previewDrift(context, await whatOf(context.journal, given));
  if (given.json) printJson(output, report);
  else output.out(textOf(report));
  if (report.differences.length > 0) return exitCodes.no;
  return report.unread.length > 0 ? exitCodes.outside : exitCodes.ok;
}

const doneSchema = z.object({
  orders: z.int(),
  levels: z.int(),
  positions: z.int(),
  unread: z.array(z.object({ connection: z.string(), why: z.string() })),
  closed: z.int(),
  differences: z.array(
    z.object({ cause: z.string(), about: z.string(), since: z.string(), heal: z.string().nullable(), verdict: z.string() }),
  ),
  more: z.int(),
});

async function apply(given: Given, output: Output): Promise<ExitCode> {
  const { reason, order, sku } = given;
  if (reason === undefined) throw new CommandError(exitCodes.usage, 'reconcile: --apply needs --reason, which is kept for good');
  const body = { reason, ...(order === undefined ? {} : { order }), ...(sku === undefined ? {} : { sku }) };
  const done = await askDaemon(given, { path: 'reconcile', body });
  const report = doneSchema.parse(done.after);
  const left = report.differences.filter(({ verdict }) => verdict !== 'done').length + report.more;
  if (given.json) printJson(output, done);
  else {
    output.out(comparedLine(report));
    if (report.differences.length > 0)
      output.out(
        `\n${table([
          ['cause', 'about', 'since', 'result'],
          ...report.differences.map(({ cause, about, since, verdict }) => [cause, about, since, results[verdict] ?? verdict]),
        ])}`,
      );
    output.out(`\n${report.differences.length + report.more - left} mended, ${left} left, ${report.closed} closed.\n`);
  }
  return left > 0 ? exitCodes.no : exitCodes.ok;
}

async function whatOf(journal: JournalReader, { order, sku }: Pick<Given, 'order' | 'sku'>): Promise<LookAt> {
  if (order === undefined) return sku === undefined ? {} : { sku };
  const found = await findOrders(journal, order);
  if (found.length > 1) throw new CommandError(exitCodes.no, `${order} is the name of several orders: ${found.join(', ')}`);
  const [key] = found;
  if (key !== undefined) return { order: key };
  try {
    parseKey(order);
  } catch {
    throw new CommandError(
      exitCodes.no,
      `the journal has no order ${order}; name one that it misses by its key, such as main/main/shop-eu/order/1001`,
    );
  }
  return { order };
}

function textOf(report: ReconcileReport): string {
  if (report.differences.length === 0)
    return `${comparedLine(report)}No differences${report.unread.length > 0 ? ' in what was read' : ''}.\n`;
  const byCause = [...Map.groupBy(report.differences, ({ difference }) => difference.cause)].sort(([a], [b]) => (a < b ? -1 : 1));
  const counts = byCause.map(([cause, all]) => [cause, String(all.length), driftCauses[cause].meaning]);
  const each = byCause.flatMap(([, all]) => all).map(differenceText);
  return [
    comparedLine(report),
    table([['cause', 'count', 'meaning'], ...counts], new Set([1])),
    ...each,
    'Nothing was changed. --apply lets the daemon mend what has lasted.\n',
  ].join('\n');
}

function comparedLine({ orders, levels, positions, unread }: Pick<ReconcileReport, 'orders' | 'levels' | 'positions' | 'unread'>): string {
  const missing = unread.map(({ connection, why }) => `Not read: ${connection} (${why}).\n`).join('');
  return `Compared ${orders} orders, ${levels} figures of stock in channels, ${positions} positions in the ERP.\n${missing}`;
}

function differenceText({ difference, entry, verdict }: Reported): string {
  const { cause, subject, sides, money, heal } = difference;
  const stake = money === null ? '' : `, ${formatMoney(money)}`;
  const would = verdict.kind === 'heal' ? (deeds[heal?.kind ?? ''] ?? '') : (results[verdict.why] ?? verdict.why);
  return [
    `${cause}  ${subjectKey(subject)}  (since ${entry.firstSeenAt}, ${difference.blame}${stake})`,
    `  channel: ${JSON.stringify(sides.channel)}`,
    `  ERP:     ${JSON.stringify(sides.erp)}`,
    `  journal: ${JSON.stringify(sides.journal)}`,
    `  ${would}`,
    '',
  ].join('\n');
}

const deeds: Readonly<Record<string, string>> = {
  'read-channel-again': 'Would read the order again in the channel and take it in.',
  'read-erp-again': 'Would read the order again in the ERP and let happen what happened there.',
  'ask-again': 'Would ask once more for what nobody carries out.',
  'publish-again': 'Would publish the figure again.',
  hold: 'Would hold the order until a person has looked.',
};

/** What became of a difference, or why nothing did. */
const results: Readonly<Record<string, string>> = {
  done: 'mended',
  'nothing-to-do': 'nothing was new: the next look tells',
  failed: 'could not be read; see the log',
  'seen-once': 'Seen once: it counts when it is still there after the window.',
  person: 'For a person: see qm exceptions.',
  'not-automatic': 'Only a supervisor has this mended.',
  observed: 'A connection is in mode observe: nothing is mended.',
  away: 'A connection does not answer: later.',
  'too-much': 'More than may be mended at once: for a person.',
  'did-not-hold': 'Mending it did not help: for a person.',
  'too-many': 'Enough for one look: the next one goes on.',
};
