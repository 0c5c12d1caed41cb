import { InvalidArgumentError, type Command } from '@commander-js/extra-typings';
import { systemClock } from '@quartermaster/connector-kit';
import type { Instant } from '@quartermaster/domain';
import {
  flowBoard,
  orderAging,
  releasePreview,
  settingsByJournal,
  type FlowBoard,
  type NamedShipment,
  type NodeView,
  type ReleaseView,
} from '@quartermaster/flows';
import type { FlowSettings } from '@quartermaster/flows';
import type { JournalReader } from '@quartermaster/journal';
import { flowSettings, loadConfig } from '../config.ts';
import { serviceSkus } from '../connect.ts';
import { CommandError, exitCodes, type ExitCode } from '../exit.ts';
import { printJson, table, type Output } from '../output.ts';
import { readJournal } from './journal-reading.ts';
import { askDaemon, type WhichDaemon } from '../control/control-client.ts';
import { ofOrder, operateCommand, unitsOfLine, type UnitsOfLine } from './operate.ts';
import { z } from 'zod';

type Choose = (run: () => Promise<ExitCode>) => void;

/** What is let go to the warehouses, how they stand, and how old what waits is. */
export function addRelease(qm: Command, choose: Choose, output: Output): void {
  const command = (name: string, description: string) =>
    qm
      .command(name)
      .description(description)
      .option('--json', 'print JSON instead of text', false)
      .option('--config <file>', 'config file', 'quartermaster.json');

  command('release', 'let shipments go to the warehouse that may go now; with an order, release its holds, whoever placed them')
    .argument('[order]', 'key, channel id or name of the order whose holds are released')
    .option('--code <code>', 'with an order: only this hold', 'all')
    .option('--dry-run', 'without an order: only say what would be released, and why the rest stays', false)
    .option('--even-if-late', 'without an order: also what is held because stock or orders were read too long ago (supervisor)', false)
    .option('--as <name>', 'whose token of the config to use, where there are several; or QM_CONTROL_TOKEN')
    .option('--reason <text>', 'why, without personal data: it is kept for good')
    .action((order, { code, dryRun, evenIfLate, reason, ...options }) => {
      if (dryRun) {
        if (order !== undefined) throw new CommandError(exitCodes.usage, 'release: --dry-run is about shipments, so without an order');
        return choose(() => looking(options, output, releasePreview, releaseText));
      }
      if (reason === undefined) throw new CommandError(exitCodes.usage, 'release: --reason says why; it is kept for good');
      const request =
        order === undefined
          ? { path: 'release', body: { reason, evenIfLate } }
          : { path: ofOrder(order, 'release'), body: { reason, code } };
      choose(() => operateCommand({ ...options, request }, output));
    });
  command('pack-check', 'say what is in the parcels of a shipment: right, its labels are bought; wrong, they are not')
    .argument('<order>', 'key, channel id or name of the order')
    .option('--shipment <id>', 'which shipment, where there are several')
    .option('--service <name>', 'the service of the label that is about to be stuck on')
    .requiredOption('--parcel <parcel>', 'number, box, weight and content, such as 1/M@3250:LAMP=2,MUG=1; may be repeated', packedParcel)
    .option('--as <name>', 'whose token of the config to use, where there are several; or QM_CONTROL_TOKEN')
    .option('--reason <text>', 'a remark, without personal data: it is kept for good')
    .action((order, { shipment, service, parcel: parcels, reason, ...options }) => {
      const body = { shipment: shipment ?? null, service: service ?? null, parcels, ...(reason === undefined ? {} : { reason }) };
      choose(() => packCheckCommand({ ...options, order, body }, output));
    });
  command('waves', 'the flow board: what waits, what is in work, when each node is done, and the pick waves of the day').action((options) =>
    choose(() => looking(options, output, flowBoard, boardText)),
  );
  command('aging', 'how old open orders are, and which promises are in danger').action((options) =>
    choose(() => looking(options, output, orderAging, agingText)),
  );
}

const checkedSchema = z.object({ shipment: z.string(), packCheck: z.string(), problems: z.array(z.string()) });

/** Exit code 1 when something is packed wrong. */
async function packCheckCommand(
  given: WhichDaemon & { readonly json: boolean; readonly order: string; readonly body: Readonly<Record<string, unknown>> },
  output: Output,
): Promise<ExitCode> {
  const done = await askDaemon(given, { path: ofOrder(given.order, 'pack-check'), body: given.body });
  const { shipment, problems } = checkedSchema.parse(done.after);
  if (given.json) printJson(output, done);
  else if (problems.length === 0) output.out(`Shipment ${shipment} is packed right.\n`);
  else output.out(`Shipment ${shipment} is packed wrong, and gets no label:\n${problems.map((each) => `  ${each}\n`).join('')}`);
  return problems.length === 0 ? exitCodes.ok : exitCodes.no;
}

type Packed = {
  readonly number: number;
  readonly box: string | null;
  readonly grams: number | null;
  readonly items: readonly { readonly sku: string; readonly units: number }[];
};

/** `1/M@3250:LAMP=2,MUG=1`, or `1:MUG=1`. */
function packedParcel(text: string, before: readonly Packed[] = []): readonly Packed[] {
  const [, number, box, grams, lines] = /^([1-9]\d{0,2})(?:\/([^@:]+))?(?:@([1-9]\d{0,7}))?:(.+)$/.exec(text) ?? [];
  if (number === undefined || lines === undefined)
    throw new InvalidArgumentError('expected a parcel and its content, such as 1/M@3250:MUG=2');
  const items = lines.split(',').reduce<readonly UnitsOfLine[]>((found, line) => unitsOfLine(line, found), []);
  const packed = { number: Number(number), box: box ?? null, grams: grams === undefined ? null : Number(grams) };
  return [...before, { ...packed, items: items.map(({ line: sku, units }) => ({ sku, units })) }];
}

/** Shows what the journal of a config says now. */
async function looking<View>(
  given: { readonly config: string; readonly json: boolean },
  output: Output,
  look: (journal: JournalReader, settings: FlowSettings, at: Instant) => Promise<View>,
  text: (view: View) => string,
): Promise<ExitCode> {
  await using journal = await readJournal(given);
  const settings = await settingsByJournal(journal, flowSettings(loadConfig(given.config).config, serviceSkus));
  const view = await look(journal, settings, systemClock.now());
  if (given.json) printJson(output, view);
  else output.out(text(view));
  return exitCodes.ok;
}

export function releaseText({ groups, later, nodes }: ReleaseView): string {
  const going = groups.map(({ node, closesAt, service, zone, kind, minutes, shipments }) => [
    node,
    minuteText(closesAt),
    [zone, kind, service].filter((each) => each !== null).join(' '),
    String(shipments.length),
    String(Math.round(minutes)),
    someOf(shipments),
  ]);
  const staying = later.map(({ name, shipment, why, until }) => [`${name}/${shipment}`, minuteText(until), why]);
  return [
    going.length === 0
      ? 'Nothing would be released now.\n'
      : table([['node', 'cutoff', 'pick wave', 'shipments', 'minutes', ''], ...going], new Set([3, 4])),
    ...(staying.length === 0 ? [] : [table([['stays', 'until', 'why'], ...staying])]),
    nodesText(nodes),
  ].join('\n');
}

function boardText({ tooOld, nodes, pickWaves }: FlowBoard): string {
  const standing = nodes.map(({ node, waiting, released, inFlight, left }) =>
    [node, waiting + released, inFlight, left.hour, left.day].map(String),
  );
  const waves = pickWaves.map(({ name, state, shipments, open, minutes }) => [
    name,
    state,
    String(shipments.length),
    String(open),
    String(Math.round(minutes)),
  ]);
  const numbers = new Set([1, 2, 3, 4]);
  return [
    ...tooOld.map((why) => `Held back: ${why}.\n`),
    table([['node', 'wait', 'in work', 'left in an hour', 'in a day'], ...standing], numbers),
    nodesText(nodes),
    waves.length === 0
      ? 'No pick wave in the last day.\n'
      : table([['pick wave', 'state', 'shipments', 'open', 'minutes'], ...waves], new Set([2, 3, 4])),
  ].join('\n');
}

/** The work of each node by cutoff, and whether it is done in time. */
function nodesText(nodes: readonly NodeView[]): string {
  const rows = nodes.flatMap(({ node, cutoffs }) =>
    cutoffs.map(({ closesAt, shipments, minutes, capacityMinutes, finishAt, atRisk }) => [
      node,
      minuteText(closesAt),
      String(shipments),
      String(Math.round(minutes)),
      capacityMinutes === null ? '?' : String(Math.round(capacityMinutes)),
      capacityMinutes === null ? '?' : minuteText(finishAt),
      atRisk.length === 0 ? '' : `${atRisk.length} not by then: ${someOf(atRisk)}`,
    ]),
  );
  if (rows.length === 0) return 'No work is open.\n';
  return table([['node', 'cutoff', 'shipments', 'minutes', 'of', 'done', 'at risk'], ...rows], new Set([2, 3, 4]));
}

function agingText({ buckets, promises }: Awaited<ReturnType<typeof orderAging>>): string {
  const ages = buckets.map(({ fromHours, toHours, orders, byState }) => [
    toHours === null ? `${fromHours} h and more` : `${fromHours} to ${toHours} h`,
    String(orders),
    Object.entries(byState)
      .map(([state, count]) => `${count} ${state}`)
      .join(', '),
  ]);
  const dangers = promises.map(({ name, standing, promiseDate, waitsFor, why }) => [name, standing, promiseDate, waitsFor, why]);
  return [
    table([['age', 'orders', ''], ...ages], new Set([1])),
    dangers.length === 0 ? 'No promise is in danger.\n' : table([['order', 'promise', 'until', 'waits for', 'why'], ...dangers]),
  ].join('\n');
}

function minuteText(instant: Instant | null): string {
  return instant === null ? '-' : instant.slice(0, 16).replace('T', ' ');
}

/** The first of them by name, and how many more there are. */
function someOf(shipments: readonly NamedShipment[]): string {
  const shown = shipments.slice(0, mostShown).map(({ name, shipment }) => `${name}/${shipment}`);
  const more = shipments.length - shown.length;
  return `${shown.join(', ')}${more === 0 ? '' : ` and ${more} more`}`;
}

const mostShown = 5;
