import { systemClock } from '@quartermaster/connector-kit';
import { accuracyOf, atpOf, type AccuracyView, type AtpView, type LookContext } from '@quartermaster/flows';
import { openJournal } from '@quartermaster/journal';
import { flowSettings, loadConfig } from '../config.ts';
import { connect, secretsOf, serviceSkus } from '../connect.ts';
import { CommandError, exitCodes, type ExitCode } from '../exit.ts';
import { journalOf } from '../journal-place.ts';
import { printJson, table, type Output } from '../output.ts';

type Given = { readonly config: string; readonly sku: string; readonly json: boolean };

/** `qm atp --accuracy`: how right the books are by what counts found. Reads Odoo and the journal beside the daemon. */
export async function accuracyCommand(given: Omit<Given, 'sku'>, output: Output): Promise<ExitCode> {
  return looking(given, (context) => printAccuracy(context, given, output));
}

/** The same over connections that are there. */
export async function printAccuracy(context: LookContext, { json }: Pick<Given, 'json'>, output: Output): Promise<ExitCode> {
  const view = await accuracyOf(context);
  if (view === null) throw new CommandError(exitCodes.no, 'the ERP tells of no counts');
  if (json) printJson(output, view);
  else output.out(accuracyText(view));
  return exitCodes.ok;
}

/** `qm atp SKU`: from the shelf to what each channel shows, and when there is more. Reads Odoo and the journal beside the daemon; exit code 1 when nothing may be promised. */
export async function atpCommand(given: Given, output: Output): Promise<ExitCode> {
  return looking(given, (context) => printAtp(context, given, output));
}

async function looking({ config }: Pick<Given, 'config'>, look: (context: LookContext) => Promise<ExitCode>): Promise<ExitCode> {
  const loaded = loadConfig(config);
  const keys = journalOf(loaded);
  await using journal = await openJournal({ ...keys.place(), masterKey: keys.masterKey(), clock: systemClock, readOnly: true });
  const { erp, channels } = connect(loaded.config, secretsOf(loaded), { clock: systemClock, random: Math.random });
  const context = { settings: flowSettings(loaded.config, serviceSkus), erp, channels, clock: systemClock, journal };
  // Awaited here: the journal closes when this returns.
  return await look(context);
}

/** The same over connections that are there. */
export async function printAtp(context: LookContext, { sku, json }: Pick<Given, 'sku' | 'json'>, output: Output): Promise<ExitCode> {
  const view = await atpOf(context, sku);
  if (view === null) throw new CommandError(exitCodes.no, `the ERP has no stock, supply or kit of ${sku} at the nodes of the config`);
  if (json) printJson(output, view);
  else output.out(atpText(view));
  return view.offered > 0 ? exitCodes.ok : exitCodes.no;
}

function atpText(view: AtpView): string {
  const { sku, kit, nodes, offered, channels, behind, short, owed, next, phases } = view;
  const sections = [`${sku}: ${offered} may be promised to channels\n`];
  if (kit !== null)
    sections.push(
      table([['takes', 'units', 'may be promised'], ...kit.map((part) => [part.sku, String(part.units), String(part.promisable)])]),
    );
  if (nodes.length > 0) sections.push(nodesTable(nodes));
  const rows = channels.map(({ connection, publishes, shows, buffer }) => [
    connection,
    String(publishes),
    shows === null ? 'not known' : String(shows),
    buffer === 0 ? '' : String(buffer),
  ]);
  sections.push(table([['channel', 'is to show', 'shows', 'kept back, read late'], ...rows]));
  const sentences = [...behind, ...short, ...(owed > 0 ? [`Orders want ${owed} more than there is.`] : []), coverSentence(view)];
  const later = phases.slice(1).map(({ at, units }) => `${units} from ${at.slice(0, 10)}`);
  sentences.push(
    next === null ? 'Nothing is announced.' : next === view.at && later.length === 0 ? '' : `One may be promised from ${next}.`,
  );
  if (later.length > 0) sentences.push(`Later: ${later.join(', ')}.`);
  return `${sections.join('\n')}\n${sentences.filter((sentence) => sentence !== '').join('\n')}\n`;
}

/** A row for each step that any node has, a column for each node. */
function nodesTable(nodes: AtpView['nodes']): string {
  const steps = [...new Set(nodes.flatMap((node) => node.steps.map(({ step }) => step)))];
  const unitsOf = (node: AtpView['nodes'][number], step: string) => node.steps.find((each) => each.step === step)?.units ?? 0;
  const used = steps.filter((step) => step === 'on-hand' || nodes.some((node) => unitsOf(node, step) !== 0));
  return table([
    ['', ...nodes.map(({ node }) => node)],
    ['counted at', ...nodes.map(({ asOf }) => asOf.slice(0, 16))],
    ...used.map((step) => [step, ...nodes.map((node) => String(unitsOf(node, step)))]),
    ['= may be promised', ...nodes.map(({ promisable }) => String(promisable))],
    ['in transit', ...nodes.map(({ inTransit }) => String(inTransit))],
    ['inbound', ...nodes.map(({ inbound }) => inbound.map(supplyText).join(', ') || '-')],
  ]);
}

function supplyText({ units, at, confidence }: AtpView['nodes'][number]['inbound'][number]): string {
  return `${units} on ${at.slice(0, 10)}${confidence === null ? '' : ` (${Math.round(confidence)} % on time)`}`;
}

function coverSentence({ soldPerDay, daysOfCover }: AtpView): string {
  return daysOfCover === null ? '' : `${soldPerDay.toFixed(1)} a day are sold: it lasts ${daysOfCover.toFixed(1)} days.`;
}

/** The worst shelves are at the top, and nodes below. */
function accuracyText({ days, shelves, nodes }: AccuracyView): string {
  if (shelves.length === 0) return `Nothing was counted in ${days} days.\n`;
  const words = ({ counts, adjustments, adjustmentsPerWeek, missing, found, held, accuracyPercent }: AccuracyView['nodes'][number]) => [
    accuracyPercent === null ? '-' : `${accuracyPercent.toFixed(1)} %`,
    String(counts),
    String(adjustments),
    adjustmentsPerWeek.toFixed(1),
    String(missing),
    String(found),
    String(held),
  ];
  const heading = ['accuracy', 'counts', 'adjustments', 'a week', 'missing', 'found', 'held'];
  const numbers = new Set([1, 2, 3, 4, 5, 6, 7, 8, 9]);
  return [
    `Counts of ${days} days:\n`,
    table(
      [['SKU', 'node', ...heading, 'kept back'], ...shelves.map((shelf) => [shelf.sku, shelf.node, ...words(shelf), String(shelf.kept)])],
      new Set([...numbers].slice(1)),
    ),
    table([['node', ...heading], ...nodes.map((node) => [node.node, ...words(node)])], numbers),
  ].join('\n');
}
