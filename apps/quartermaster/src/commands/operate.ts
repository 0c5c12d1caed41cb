import { InvalidArgumentError, Option, type Command } from '@commander-js/extra-typings';
import { cancelReasons, refundReasons } from '@quartermaster/domain';
import { listIntents } from '@quartermaster/flows';
import { askDaemon, type ControlRequest, type WhichDaemon } from '../control/control-client.ts';
import { CommandError, exitCodes, type ExitCode } from '../exit.ts';
import { printJson, table, type Output } from '../output.ts';
import { readJournal, type WhichJournal } from './journal-reading.ts';

type Choose = (run: () => Promise<ExitCode>) => void;

/** The commands that tell a running daemon what a person has decided. Each takes `--reason`, which is kept for good. */
export function addOperations(qm: Command, choose: Choose, output: Output): void {
  const command = (name: string, description: string) =>
    qm
      .command(name)
      .description(description)
      .option('--json', 'print JSON instead of text', false)
      .option('--config <file>', 'config file', 'quartermaster.json')
      .option('--as <name>', 'whose token of the config to use, where there are several; or QM_CONTROL_TOKEN')
      .requiredOption('--reason <text>', 'why, without personal data: it is kept for good');
  const ask = (options: WhichDaemon & { readonly json: boolean }, request: ControlRequest) =>
    choose(() => operateCommand({ ...options, request }, output));

  command('retry', 'let an intent that is dead or failed go once more, or answer an exception')
    .argument('[intent]', "id of the intent, as 'qm intents' shows it", id)
    .option('--exception <id>', 'answer this exception instead; may be repeated', ids, [])
    .option('--code <code>', 'answer all open exceptions of this code')
    .option('--proved-absent', 'a person has looked outside: it has not happened (supervisors)', false)
    .action((intent, { exception: exceptions, code, provedAbsent, reason, ...options }) => {
      if (Number(intent !== undefined) + Number(exceptions.length > 0) + Number(code !== undefined) !== 1)
        throw new CommandError(exitCodes.usage, 'retry: name an intent, or exceptions with --exception, or all of a --code');
      const [only, ...others] = exceptions;
      if (intent !== undefined) ask(options, { path: `intents/${intent}/retry`, body: { reason, provedAbsent } });
      else if (only !== undefined && others.length === 0)
        ask(options, { path: `exceptions/${only}/retry`, body: { reason, provedAbsent } });
      else ask(options, { path: 'exceptions/retry', body: { reason, provedAbsent, which: whichOf(exceptions, code) } });
    });
  command('assign', 'give exceptions to somebody to look after')
    .argument('[exceptions...]', "ids, as 'qm exceptions' shows them", ids, [])
    .option('--code <code>', 'all open exceptions of this code')
    .requiredOption('--to <name>', 'a role or a person')
    .action((exceptions, { reason, code, to, ...options }) =>
      ask(options, { path: 'exceptions/assign', body: { reason, which: whichOf(exceptions, code), owner: to } }),
    );
  command('snooze', 'let the clock of exceptions stand still until a time')
    .argument('[exceptions...]', "ids, as 'qm exceptions' shows them", ids, [])
    .option('--code <code>', 'all open exceptions of this code')
    .requiredOption('--until <instant>', 'such as 2026-12-01T08:00:00Z', instant)
    .action((exceptions, { reason, code, until, ...options }) =>
      ask(options, { path: 'exceptions/snooze', body: { reason, which: whichOf(exceptions, code), until } }),
    );
  command('drop', 'give up an intent that is dead or failed, and tell its order')
    .argument('<intent>', "id of the intent, as 'qm intents' shows it", id)
    .action((intent, { reason, ...options }) => ask(options, { path: `intents/${intent}/drop`, body: { reason } }));
  command('label', 'type in a label that a person bought: for the purchase of a carrier of kind manual')
    .argument('<intent>', "id of the purchase, as 'qm intents' shows it", id)
    .requiredOption('--number <number>', 'its tracking number')
    .option('--price <amount>', 'what it cost, such as 5.49, in the currency of the config; default what the tariff says')
    .option('--url <url>', 'where the parcel can be followed')
    .action((intent, { number, price, url, reason, ...options }) =>
      ask(options, {
        path: `intents/${intent}/label`,
        body: { reason, trackingNumber: number, price: price ?? null, trackingUrl: url ?? null },
      }),
    );
  command('hold', 'hold an order')
    .argument('<order>', 'key, channel id or name of the order')
    .option('--owner <name>', 'who looks after it')
    .option('--until <instant>', 'until when at most, such as 2026-12-01T08:00:00Z', instant)
    .action((order, { reason, owner, until, ...options }) =>
      ask(options, { path: ofOrder(order, 'hold'), body: { reason, owner: owner ?? null, until: until ?? null } }),
    );
  command('override', 'decide about an order in place of a check, or of the next waves (supervisors)')
    .argument('<order>', 'key, channel id or name of the order')
    .option('--check <code>', 'this check does not hold the order')
    .option('--node <node>', 'it leaves this node; with --service')
    .option('--service <connection/service>', 'by this service; with --node')
    .option('--forbid-node <node>', 'it leaves nothing from this node')
    .option('--forbid-service <connection/service>', 'it leaves nothing by this service')
    .option('--until <instant>', 'until when it counts, such as 2026-12-01T08:00:00Z', instant)
    .action((order, { reason, until, check, node, service, forbidNode, forbidService, ...options }) => {
      const choice = choiceOf({ check, node, service, forbidNode, forbidService });
      ask(options, { path: ofOrder(order, 'override'), body: { reason, choice, until: until ?? null } });
    });
  command('lift', 'end an override of an order (supervisors)')
    .argument('<order>', 'key, channel id or name of the order')
    .argument('<override>', 'id of the override, as the order shows it')
    .action((order, override, { reason, ...options }) => ask(options, { path: ofOrder(order, 'lift'), body: { reason, override } }));
  command('cancel', 'cancel an order, or units of its lines, here, in the ERP and in the channel')
    .argument('<order>', 'key, channel id or name of the order')
    .option('--line <line=units>', 'only so many units of this line, by its id or SKU; may be repeated', unitsOfLine, [])
    .addOption(new Option('--cause <cause>', 'what the channel is told').choices(cancelReasons).default('other'))
    .action((order, { reason, line: lines, cause, ...options }) =>
      ask(options, { path: ofOrder(order, 'cancel'), body: { reason, lines, cause } }),
    );
  command('refund', 'give money back through the channel: all of an order, units, an amount or the shipping (supervisors)')
    .argument('<order>', 'key, channel id or name of the order')
    .option('--line <line=units>', 'what so many units of this line cost, by its id or SKU; may be repeated', unitsOfLine, [])
    .option('--amount <amount>', "an amount besides, with tax, in the order's currency, such as 5.00")
    .option('--shipping', 'the shipping', false)
    .addOption(new Option('--cause <cause>', 'what the channel is told').choices(refundReasons).default('other'))
    .action((order, { reason, line: lines, amount, shipping, cause, ...options }) =>
      ask(options, { path: ofOrder(order, 'refund'), body: { reason, lines, amount: amount ?? null, shipping, cause } }),
    );
  command('repack', 'say in which boxes a shipment really is; labels of other parcels are replaced')
    .argument('<order>', 'key, channel id or name of the order')
    .option('--shipment <id>', 'which shipment, where there are several')
    .requiredOption('--parcel <parcel>', parcelHelp, packedByHand)
    .action((order, { reason, shipment, parcel: parcels, ...options }) =>
      ask(options, { path: ofOrder(order, 'repack'), body: { reason, shipment: shipment ?? null, parcels } }),
    );
  for (const verb of ['approve', 'reject'] as const)
    command(verb, verb === 'approve' ? 'let what waits for a person go' : 'keep what waits for a person from happening')
      .argument('<approvals...>', "ids, as 'qm approvals' shows them")
      .action((approvals, { reason, ...options }) =>
        choose(async () => {
          for (const approval of approvals)
            await operateCommand(
              { ...options, request: { path: `approvals/${encodeURIComponent(approval)}/${verb}`, body: { reason } } },
              output,
            );
          return exitCodes.ok;
        }),
      );
  command('freeze', 'keep policy and modes as they are until a time; what people decide about orders goes on (administrators)')
    .requiredOption('--until <instant>', 'such as 2026-12-01T08:00:00Z', instant)
    .action(({ reason, until, ...options }) => ask(options, { path: 'freeze', body: { reason, until } }));
  command('unfreeze', 'end a freeze before its time (administrators)').action(({ reason, ...options }) =>
    ask(options, { path: 'unfreeze', body: { reason } }),
  );
  command('short', 'say that a picker did not find what a shipment needs: its lines go to another node')
    .argument('<order>', 'key, channel id or name of the order')
    .argument('<shipment>', "id of the shipment, as 'qm explain' shows it")
    .argument('<lines...>', 'the units that are missing, as LINE=UNITS, by id or SKU of the line', unitsOfLine, [])
    .action((order, shipment, lines, { reason, ...options }) =>
      ask(options, { path: ofOrder(order, 'short'), body: { reason, shipment, lines } }),
    );
  command('reject-shipment', 'say that a node does not ship a shipment: its lines go to another node')
    .argument('<order>', 'key, channel id or name of the order')
    .argument('<shipment>', "id of the shipment, as 'qm explain' shows it")
    .option('--line <line=units>', 'only this line, and so many units of it in doubt; may be repeated', unitsOfLine, [])
    .addOption(new Option('--doubt <doubt>', 'what is the matter with the stock there').choices(['not-in-stock', 'damaged']))
    .action((order, shipment, { reason, line: lines, doubt, ...options }) =>
      ask(options, { path: ofOrder(order, 'reject'), body: { reason, shipment, lines, doubt: doubt ?? null } }),
    );
  command('counted', 'say that a shelf in doubt was counted, once the ERP has the count')
    .argument('<node>')
    .argument('<sku>')
    .argument('<units>', 'units that are there', wholeNumber)
    .action((node, sku, units, { reason, ...options }) => ask(options, { path: ofNode(node, 'counted'), body: { reason, sku, units } }));
  command('outage', 'say that a node, or a part of its labor, is away (supervisors)')
    .argument('<node>')
    .option('--from <instant>', 'from when; default now', instant)
    .option('--until <instant>', 'until when; default until it is reopened', instant)
    .option('--capacity <percent>', 'so much of its labor is left', wholeNumber)
    .option('--minutes <minutes>', 'so many minutes of labor a day are left', wholeNumber)
    .action((node, { reason, from, until, capacity, minutes, ...options }) =>
      ask(options, {
        path: ofNode(node, 'outage'),
        body: { reason, from: from ?? null, until: until ?? null, capacity: capacityLeft(capacity, minutes) },
      }),
    );
  command('reopen', 'say that a node has all its capacity again (supervisors)')
    .argument('<node>')
    .action((node, { reason, ...options }) => ask(options, { path: ofNode(node, 'reopen'), body: { reason } }));
  command('pause', 'keep away from a connection for a while (administrators)')
    .argument('<connection>')
    .option('--minutes <n>', 'for how long', id, 60)
    .action((connection, { reason, minutes, ...options }) =>
      ask(options, { path: `connections/${encodeURIComponent(connection)}/pause`, body: { reason, minutes } }),
    );
  command('resume', 'use a paused or broken connection again at once (administrators)')
    .argument('<connection>')
    .action((connection, { reason, ...options }) =>
      ask(options, { path: `connections/${encodeURIComponent(connection)}/resume`, body: { reason } }),
    );
}

/** Asks the daemon of a config, and tells what came of it. */
export async function operateCommand(
  given: WhichDaemon & { readonly request: ControlRequest; readonly json: boolean },
  output: Output,
): Promise<ExitCode> {
  const done = await askDaemon(given, given.request);
  if (given.json) printJson(output, done);
  else output.out(`Done: ${done.operation} of ${done.key}.\n`);
  return exitCodes.ok;
}

/** `qm intents`: what waits for a person, or its outcome to be looked up. */
export async function intentsCommand(given: WhichJournal & { readonly json: boolean }, output: Output): Promise<ExitCode> {
  await using journal = await readJournal(given);
  const found = [];
  for (const state of ['dead', 'failed', 'unknown'] as const) found.push(...(await listIntents(journal, { state, limit: 500 })));
  if (given.json) printJson(output, found);
  else if (found.length === 0) output.out('Nothing is dead, failed or unknown.\n');
  else
    output.out(
      table([
        ['id', 'state', 'what', 'about', 'since', 'why'],
        ...found.map((each) => [String(each.id), each.state, each.kind, each.orderKey, each.changedAt, each.fault?.message ?? '']),
      ]),
    );
  return exitCodes.ok;
}

function choiceOf(given: Readonly<Record<'check' | 'node' | 'service' | 'forbidNode' | 'forbidService', string | undefined>>): unknown {
  const { check, node, service, forbidNode, forbidService } = given;
  const fixes = node !== undefined || service !== undefined;
  const forbids = forbidNode !== undefined || forbidService !== undefined;
  if (Number(check !== undefined) + Number(fixes) + Number(forbids) !== 1)
    throw new CommandError(exitCodes.usage, 'override: one of --check, --node with --service, or --forbid-node and --forbid-service');
  if (check !== undefined) return { kind: 'check', code: check };
  if (forbids) return { kind: 'forbid', node: forbidNode ?? null, service: forbidService ?? null };
  if (node === undefined || service === undefined)
    throw new CommandError(exitCodes.usage, 'override: --node and --service belong together');
  return { kind: 'fix', node, service };
}

export function ofOrder(order: string, verb: string): string {
  return `orders/${encodeURIComponent(order)}/${verb}`;
}

function ofNode(node: string, verb: string): string {
  return `nodes/${encodeURIComponent(node)}/${verb}`;
}

function capacityLeft(percent: number | undefined, minutes: number | undefined): unknown {
  if (percent !== undefined && minutes !== undefined) throw new CommandError(exitCodes.usage, 'outage: --capacity or --minutes, not both');
  return minutes === undefined ? { percent: percent ?? 0 } : { minutes };
}

function wholeNumber(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError('expected a whole number from 0 up');
  return Number(text);
}

const parcelHelp = 'its box, or its sides as 400x300x200; with @GRAMS what it weighs; with :LINE=UNITS,... what is in it; may be repeated';

type Packed = {
  readonly box: string | null;
  readonly millimetres: readonly number[] | null;
  readonly grams: number | null;
  readonly lines: readonly UnitsOfLine[];
};

/** `M@3250:LAMP=2,MUG=1`, `400x300x200@3250` or `M`. */
function packedByHand(text: string, before: readonly Packed[] = []): readonly Packed[] {
  const [, what, grams, lines] = /^([^@:]+)(?:@([1-9]\d{0,7}))?(?::(.+))?$/.exec(text) ?? [];
  if (what === undefined) throw new InvalidArgumentError('expected a box or its sides, such as M, M@3250:MUG=2 or 400x300x200');
  const sides = /^([1-9]\d{0,4})x([1-9]\d{0,4})x([1-9]\d{0,4})$/.exec(what)?.slice(1).map(Number) ?? null;
  const units = (lines?.split(',') ?? []).reduce<readonly UnitsOfLine[]>((found, line) => unitsOfLine(line, found), []);
  return [
    ...before,
    { box: sides === null ? what : null, millimetres: sides, grams: grams === undefined ? null : Number(grams), lines: units },
  ];
}

export type UnitsOfLine = { readonly line: string; readonly units: number };

export function unitsOfLine(text: string, before: readonly UnitsOfLine[]): readonly UnitsOfLine[] {
  const [, line, units] = /^(.+)=([1-9]\d{0,8})$/.exec(text) ?? [];
  if (line === undefined || units === undefined) throw new InvalidArgumentError('expected a line and its units, such as MUG=2');
  return [...before, { line, units: Number(units) }];
}

function ids(text: string, before: readonly number[]): number[] {
  return [...before, id(text)];
}

function whichOf(exceptions: readonly number[], code: string | undefined): unknown {
  if (exceptions.length > 0 === (code !== undefined))
    throw new CommandError(exitCodes.usage, 'name exceptions by their ids, or all of a code with --code');
  return code === undefined ? { ids: exceptions } : { code };
}

function id(text: string): number {
  if (!/^[1-9]\d{0,14}$/.test(text)) throw new InvalidArgumentError('expected a whole number above 0');
  return Number(text);
}

function instant(text: string): string {
  const at = new Date(text);
  if (!/^\d{4}-\d{2}-\d{2}T[\d:.]+(Z|[+-]\d{2}:\d{2})$/.test(text) || Number.isNaN(at.getTime()))
    throw new InvalidArgumentError('expected an instant such as 2026-12-01T08:00:00Z');
  return at.toISOString();
}
