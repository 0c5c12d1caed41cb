import { memoryRateLimiter } from '@quartermaster/connector-kit';
import { epochMs, everyNode, type Channel, type Clock, type Sku } from '@quartermaster/domain';
import { createEngine, settle, type FlowWorld } from '@quartermaster/flows';
import { loadOrCreateMasterKey, openJournal } from '@quartermaster/journal';
import { join } from 'node:path';
import { businessOf, odooStand, type OdooStand } from './testing/business.ts';
import type { Stand } from './testing/stand.ts';
import { stands } from './testing/stands.ts';
import { wireCount, type WireCount } from './testing/wire-count.ts';
import { machine, say } from './daemon/machine.ts';
import { temporaryFolder } from './daemon/processes.ts';

const start = '2026-11-23T08:00:00.000Z';
/** SKUs of one listing with variations. */
const groupSize = 10;

/** One channel in the bench: its stand, what goes over its wire, and what was pushed to it. */
type Measured = {
  readonly stand: Stand;
  readonly wire: WireCount;
  readonly pushed: Set<Sku>;
  levels: number;
  doneAt: string;
};

/**
 * Measures the publication of stock: `npm run bench -- publish [SKUS] [CHANNEL ...]`, 100,000 SKUs on six channels unless given. Every SKU lies in Berlin, every tenth in Hamburg, too; half of them are
 * variations, ten of a product. The first publication goes through the daemon's own flows and journal, but not over the wire: the vendors show the figures already. Then one percent of the SKUs
 * change in Odoo, and are published by the flows and the connectors against sandboxes that enforce their vendors' limits and take 150 ms for each answer. Time is virtual. Fails where anything else
 * than what changed was sent, a call was refused for rate, or a channel shows another figure than it should.
 */
export async function bench(): Promise<void> {
  const words = process.argv.slice(3);
  const count = Number(words.find((word) => /^\d+$/.test(word)) ?? 100_000);
  const named = Object.keys(stands).filter((name) => words.includes(name));
  say(machine());
  using folder = temporaryFolder();
  const { clock, erp, odoo } = odooStand(start);
  const measured = openStands(clock, named.length === 0 ? Object.keys(stands) : named);
  const skus = Array.from({ length: count }, (_, nth) => `SKU-${String(nth).padStart(6, '0')}`);
  const share = measured.size;
  stockUp(odoo, measured, skus, share);
  await using journal = await openJournal({
    path: join(folder.path, 'journal.sqlite'),
    masterKey: loadOrCreateMasterKey(join(folder.path, 'master.key')),
    clock,
  });
  const settings = businessOf([...measured.keys()]);
  const world = (channels: readonly Channel[]): FlowWorld => ({
    journal,
    settings,
    erp,
    channels: new Map(channels.map((channel) => [channel.connection, channel])),
    carriers: new Map(),
    solver: null,
    clock,
    random: () => 0.5,
    log: () => undefined,
  });
  const seeding = createEngine(world([...measured.values()].map(({ stand }) => shownAlready(stand))));
  const first = await cpuOf(async () => {
    await seeding.publish();
    await settle(seeding, clock);
  });
  say(`${count} SKUs on ${share} channels published once: CPU ${first.toFixed(1)} s`);

  // One in a hundred: an article of its own and a variation in turn.
  const changed = new Set(skus.filter((_, nth) => [37, 102].includes(nth % 200)));
  for (const sku of changed) odoo.setStock({ sku, node: 'BER', units: 7 * share });
  const engine = createEngine(world([...measured.values()].map(watched(clock))));
  const began = clock.now();
  let levels = 0;
  const decided = await cpuOf(async () => void (levels = (await engine.publish()) ?? 0));
  const carriedOut = await cpuOf(() => settle(engine, clock));
  say(`${changed.size} SKUs changed: ${levels} levels; CPU ${decided.toFixed(1)} s to read and decide,`);
  say(`  ${carriedOut.toFixed(1)} s to carry out, the vendors' sandboxes included; process at its most ${peakMb()} MB`);
  for (const [name, each] of measured) tell(name, each, { changed, began });
  const again = await cpuOf(async () => {
    levels = (await engine.publish()) ?? 0;
  });
  say(`published once more: ${levels} levels; CPU ${again.toFixed(1)} s`);
  if (levels > 0) process.exitCode = 1;
  const wrong = [...changed].flatMap((sku) =>
    [...measured].filter(([, { stand }]) => stand.stockOf(sku, everyNode) !== 7 + inHamburg(sku)).map(([name]) => `${sku} on ${name}`),
  );
  say(wrong.length === 0 ? 'every channel shows what it should' : `not as it should be: ${wrong.slice(0, 5).join(', ')}`);
  if (wrong.length > 0) process.exitCode = 1;
}

/** Units for each channel in Hamburg. */
function inHamburg(sku: Sku): number {
  return sku.endsWith('0') ? 1 : 0;
}

function openStands(clock: Clock, names: readonly string[]): Map<string, Measured> {
  return new Map(
    names.map((name) => {
      const wire = wireCount();
      const stand = stands[name]?.({ clock, limiterOf: (buckets) => memoryRateLimiter(buckets, clock), onEvent: wire.note });
      if (stand === undefined) throw new RangeError(`no channel ${name}`);
      return [name, { stand, wire, pushed: new Set<Sku>(), levels: 0, doneAt: start }];
    }),
  );
}

/** Ten units for each channel in Berlin, one in Hamburg of every tenth SKU. */
function stockUp(odoo: OdooStand['odoo'], measured: ReadonlyMap<string, Measured>, skus: readonly Sku[], share: number): void {
  for (const [nth, sku] of skus.entries()) {
    const group = nth % (2 * groupSize) < groupSize ? null : `GROUP-${Math.floor(nth / groupSize)}`;
    odoo.addProduct({ sku, name: sku, grams: 400, millilitres: 900, kind: 'storable' });
    odoo.setStock({ sku, node: 'BER', units: 10 * share });
    if (inHamburg(sku) > 0) odoo.setStock({ sku, node: 'HAM', units: share });
    for (const { stand } of measured.values()) stand.addItem({ sku, stock: { BER: 10, HAM: inHamburg(sku) }, group });
  }
}

/** The same channel, which is not spoken with: it shows what it is told to. */
function shownAlready(stand: Stand): Channel {
  return { ...stand.channel, pushStock: (levels) => Promise.resolve(levels.map(() => ({ kind: 'set' }))) };
}

function watched(clock: Clock) {
  return (each: Measured): Channel => ({
    ...each.stand.channel,
    async pushStock(levels, memo) {
      for (const { sku } of levels) each.pushed.add(sku);
      each.levels += levels.length;
      const answers = await each.stand.channel.pushStock(levels, memo);
      each.doneAt = clock.now();
      return answers;
    },
  });
}

function tell(name: string, { wire, pushed, levels, doneAt }: Measured, of: { changed: ReadonlySet<Sku>; began: string }): void {
  const seconds = (epochMs(doneAt) - epochMs(of.began)) / 1_000;
  const others = [...pushed].filter((sku) => !of.changed.has(sku)).length;
  const calls = wire.calls().map(([operation, count]) => `${count} ${operation}`);
  say(`${name}: ${of.changed.size} SKUs changed, ${pushed.size} sent in ${levels} levels, ${others} of them unchanged`);
  say(`  ${wire.all()} calls (${calls.join(', ')}); ${wire.refused()} refused for rate; the last was there after ${seconds.toFixed(1)} s`);
  if (others > 0 || pushed.size !== of.changed.size || wire.refused() > 0) process.exitCode = 1;
}

async function cpuOf(work: () => Promise<unknown>): Promise<number> {
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1e6;
}

function peakMb(): string {
  return (process.resourceUsage().maxRSS / 1_024).toFixed(0);
}
