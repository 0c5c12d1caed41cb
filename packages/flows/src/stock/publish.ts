import { createHash } from 'node:crypto';
import { InvariantError, type Channel, type ConnectionId, type Instant, type PushedLevel, type StockLevel } from '@quartermaster/domain';
import type { Intent, ReadTransaction, Transaction } from '@quartermaster/journal';
import { z } from 'zod';
import { acceptInStock } from '../intake/acceptance.ts';
import { ownerOf, scopeOf, type FlowContext } from '../context.ts';
import { takeCounts } from '../counts/take-counts.ts';
import { anyEffect, type AnyEffect, type Effect } from '../effect.ts';
import { changedLevels, changesNow, doubtful, levelsAtPlaces, placeKey, type KnownLevel } from './levels.ts';
import { activeStates, listCases } from '../order-cases.ts';
import { compareLevels } from '../maturity/compare-levels.ts';
import { jsonOf } from '../plain-json.ts';
import { knownLevels, levelKey, levelKind, levelSchema } from './known-levels.ts';
import { excessShown, tellOfStock, watchOversell } from './oversell-monitor.ts';
import { noteRecipes, readFacts } from './read-facts.ts';
import { uncertainUnits, readErpStock, withCounts } from './read-stock.ts';
import { shareStock, type ShareStock } from './share-stock.ts';
import { sourceStandings, withoutStopped } from './sources-behind.ts';
import { keepReading, lastReading, withShipmentsSince, type StockReading } from './stock-reading.ts';
import { refreshAccuracy } from './stock-accuracy.ts';
import { noteStock } from './stock-seen.ts';
import { refreshSuppliers } from './supplier-history.ts';
import { lessDoubts, stockDoubts } from '../resourcing/stock-doubt.ts';
import { lastTurn, takeTurn, type Urgency, type InTurn } from '../turns.ts';
import { missingUnits, noteSale, pushCompared, unreadUnits } from './unread-sales.ts';

const publishing = 'publish';
/** Cursor of a channel: when it last had another figure than we thought. */
const staleStream = 'stale-level';
/** Cursor of the ERP: when levels were last not raised, because others were to be lowered first. */
const raiseStream = 'raise-later';
const staleSchema = z.object({ at: z.string() });
/** Longer than reading all stock takes. */
const leaseMs = 2 * 60_000;
const levelPayloadSchema = z.object({
  levels: z.array(z.object({ sku: z.string(), node: z.string(), available: z.int(), expected: z.int().nullable() })),
});

/**
 * Sets on every channel in mode `auto` what it may sell now. What all channels show together never exceeds what is available to promise, less what they sold in orders that are not read yet as far as
 * their figures tell. Only what differs from what the channel
 * shows is sent, as an intent per batch; returns how many levels that are. A SKU of which the ERP has no position any more, because nothing is left of it, is set to 0.
 *
 * Reads the cases before the stock: what is written to the ERP in between then counts twice against the stock and never not at all. One replica publishes at a time, to all channels:
 * their levels are shared out together, and what was read later must not be overwritten by what was read earlier. Null when it was left to another replica.
 */
export async function publishStock(context: FlowContext, urgency: Urgency, share: ShareStock = shareStock): Promise<number | null> {
  const turn = { name: publishing, connection: context.erp.connection, leaseMs };
  return takeTurn(context, turn, urgency, (held) => publishInTurn(context, held, share));
}

/**
 * While the ERP is not read and later than its declared window (`inventory.syncWindows`): sets on every channel what may be sold by what the ERP had last, and by the steps that are due. Null where the ERP is
 * not behind, never was read, or another replica publishes. It does not count as a turn of publishing.
 */
export async function publishDegraded(context: FlowContext): Promise<number | null> {
  const { journal, settings, clock } = context;
  const last = await journal.read(async (tx) => {
    const standing = (await sourceStandings(tx, settings, clock.now())).find(({ kind }) => kind === 'erp');
    return standing === undefined || standing.steps.length === 0 ? null : lastReading(tx);
  });
  if (last === null) return null;
  const turn = { name: publishing, connection: context.erp.connection, leaseMs };
  return takeTurn(context, turn, { since: null, whenBusy: 'leave' }, (held) => {
    held.leaveOpen();
    return publishInTurn(context, held, shareStock, last);
  });
}

/**
 * When a channel last had another figure than we thought, so that a level was not set; null when a publication has begun since, which decides it anew. Until then the channel may show more
 * than it should: of two places of a SKU one may have been raised and the other not lowered.
 */
export async function staleSince(context: Pick<FlowContext, 'journal' | 'settings'>): Promise<Instant | null> {
  const { journal, settings } = context;
  const erp = scopeOf(settings, settings.erp.connection);
  const begun = await lastTurn(context, erp, publishing);
  const times = await journal.read(async (tx) => {
    const found: Instant[] = [];
    const raise = await tx.cursors.get(erp, raiseStream, staleSchema);
    if (raise !== null && (begun === null || raise.at >= begun)) found.push(raise.at);
    for (const { connection } of settings.channels) {
      const stale = await tx.cursors.get(scopeOf(settings, connection), staleStream, staleSchema);
      if (stale !== null && (begun === null || stale.at >= begun)) found.push(stale.at);
    }
    return found;
  });
  return times.sort().at(-1) ?? null;
}

/** `last`: what the ERP had when it was read last, where it is not read now. */
async function publishInTurn(context: FlowContext, held: InTurn, share: ShareStock, last: StockReading | null = null): Promise<number> {
  const { journal, settings, clock } = context;
  const startedAt = clock.now();
  if (last === null) {
    await refreshAccuracy(context);
    await refreshSuppliers(context);
  }
  // Together, so that an order that is read just now counts as one or the other.
  const { stored, unread, channels, facts, doubts } = await journal.read(async (tx) => {
    const states = await channelStates(tx, context);
    const known = new Map(states.map((state) => [state.channel.connection, state.known]));
    return {
      unread: await unreadUnits(tx, context),
      stored: await listCases(tx, activeStates),
      doubts: await stockDoubts(tx),
      channels: states,
      facts: await readFacts(tx, context, known),
    };
  });
  const cases = stored.map((each) => each.case);
  const inErp = last === null ? await readErpStock(context, null) : withShipmentsSince(last, cases);
  if (last === null) await takeCounts(context, inErp);
  const positions = lessDoubts(await withCounts(context, inErp), doubts);
  context.catalogue.note(positions.map(({ sku }) => sku));
  const standings = await journal.transaction(async (tx) => {
    await held.guard(tx);
    if (last === null) await keepReading(tx, context, { at: startedAt, positions: inErp, cases });
    return sourceStandings(tx, settings, clock.now());
  });
  const uncertain = uncertainUnits(positions, context, facts, standings);
  const shared = share({ positions: withoutStopped(positions, standings), cases, settings, unread, facts: { ...facts, uncertain } });
  const changes = channels.map((state) => ({
    ...state,
    connection: state.channel.connection,
    changed: changedLevels(
      levelsAtPlaces(shared.levels.get(state.channel.connection) ?? [], state.channel.capabilities),
      state.known,
      clock.now(),
    ),
  }));
  const now =
    settings.inventory.raise === 'at-once' ? new Map(changes.map((each) => [each.connection, each.changed])) : changesNow(changes, shared);
  await journal.transaction(async (tx) => {
    await held.guard(tx);
    await noteStock(tx, positions, shared.levels, clock.now());
    await noteRecipes(tx, positions, clock.now());
    await watchOversell(tx, context, excessShown(new Map(changes.map((each) => [each.connection, each.known])), shared));
    await tellOfStock(tx, context, { standings, short: shared.short });
    if (last === null) await acceptInStock(tx, context, positions, cases);
  });
  const { publish } = settings.maturity;
  if (publish === 'shadow')
    for (const { channel, connection } of changes)
      await compareLevels(context, channel, levelsAtPlaces(shared.levels.get(connection) ?? [], channel.capabilities));
  if (publish !== 'auto') return 0;
  let sent = 0;
  let waits = false;
  for (const { channel, connection, changed } of changes) {
    const levels = now.get(connection) ?? [];
    waits ||= levels.length < changed.length || levels.some(({ available }, index) => available !== changed[index]?.available);
    sent += await journal.transaction(async (tx) => {
      await held.guard(tx);
      return planPush(tx, context, channel, levels);
    });
  }
  // What waits for a lowering that goes now is decided again as soon as that is confirmed.
  if (waits && sent > 0)
    await journal.transaction((tx) => tx.cursors.set(scopeOf(settings, context.erp.connection), raiseStream, { at: clock.now() }));
  if (sent > 0) context.log({ at: clock.now(), event: 'stock.published', levels: sent });
  return sent;
}

type ChannelState = { readonly channel: Channel; readonly known: ReadonlyMap<string, KnownLevel> };

/** What each channel shows that we publish to. What is on its way there counts as shown where it is more: nobody knows whether it has arrived. */
async function channelStates(tx: ReadTransaction, context: FlowContext): Promise<ChannelState[]> {
  const { settings } = context;
  const states: ChannelState[] = [];
  for (const { connection, mode } of settings.channels) {
    const channel = context.channels.get(connection);
    if (channel === undefined || mode !== 'auto' || settings.erp.mode !== 'auto') continue;
    const known = new Map(await knownLevels(tx, connection));
    for (const { payload } of await pushesUnderWay(tx, connection))
      for (const { sku, node, available } of levelPayloadSchema.parse(payload).levels) {
        const before = known.get(placeKey(sku, node));
        if (before !== undefined && before.available !== null && before.available < available)
          known.set(placeKey(sku, node), { ...before, available, state: doubtful });
      }
    states.push({ channel, known });
  }
  return states;
}

function pushesUnderWay(tx: ReadTransaction | Transaction, connection: ConnectionId, limit = 1_000): Promise<Intent[]> {
  return tx.intents.list({
    kinds: ['push-stock'],
    connections: [connection],
    states: ['planned', 'ready', 'leased', 'sent', 'unknown'],
    limit,
  });
}

async function planPush(tx: Transaction, context: FlowContext, channel: Channel, changed: readonly StockLevel[]): Promise<number> {
  const { connection } = channel;
  const now = context.clock.now();
  if ((await pushesUnderWay(tx, connection, 1)).length > 0) return 0;
  await tellUnlisted(tx, context, connection, await knownLevels(tx, connection));
  for (let from = 0; from < changed.length; from += channel.capabilities.maxStockBatch) {
    const batch = changed.slice(from, from + channel.capabilities.maxStockBatch);
    const content = createHash('sha256').update(JSON.stringify(batch)).digest('hex').slice(0, 16);
    await tx.intents.add({
      key: `${connection}/push-stock/${now}/${from}/${content}`,
      scope: scopeOf(context.settings, connection),
      kind: 'push-stock',
      orderKey: `${connection}/push-stock`,
      subject: null,
      payload: jsonOf({ levels: batch }),
      safety: channel.safety.pushStock,
      runAt: now,
      state: 'ready',
    });
  }
  return changed.length;
}

type Push = { readonly channel: Channel; readonly levels: StockLevel[]; readonly plannedAt: Instant };

const pushStock: Effect<Push> = {
  async prepare(_tx, context, intent) {
    const channel = context.channels.get(intent.scope.connection);
    if (channel === undefined) return { kind: 'refuse', reason: `the channel ${intent.scope.connection} is not in the config any more` };
    return { kind: 'go', request: { channel, levels: levelPayloadSchema.parse(intent.payload).levels, plannedAt: intent.createdAt } };
  },
  async perform(context, { channel, levels, plannedAt }, memo) {
    const pushed = await pushCompared(channel, levels, memo);
    if (pushed.length !== levels.length)
      throw new InvariantError(`${channel.connection} answered ${pushed.length} levels of ${levels.length}`);
    const outcomes = levels.map((level, index) => ({ level, outcome: pushed[index] }));
    return {
      result: jsonOf(countByKind(pushed)),
      event: null,
      keep: async (tx) => {
        for (const { level, outcome } of outcomes)
          if (outcome !== undefined) await noteOutcome(tx, context, channel.connection, { level, outcome, plannedAt });
        await settle(tx, context, 'push-stock-failed', `${channel.connection}/push-stock`);
      },
    };
  },
};

export const stockEffects: Readonly<Record<'push-stock', AnyEffect>> = { 'push-stock': anyEffect(pushStock) };

/** Remembers what the channel shows now. A stale level is decided anew at the next publication, after the orders behind it were read. */
async function noteOutcome(
  tx: Transaction,
  context: FlowContext,
  connection: ConnectionId,
  { level, outcome, plannedAt }: { readonly level: StockLevel; readonly outcome: PushedLevel; readonly plannedAt: Instant },
): Promise<void> {
  const at = context.clock.now();
  const { sku, node } = level;
  const key = levelKey(connection, level);
  const before = await tx.records.get(levelKind, key, levelSchema);
  if (outcome.kind === 'refused') {
    const owner = ownerOf(context.settings, 'stock-refused');
    await tx.exceptions.raise({ code: 'stock-refused', subjectKey: key, owner, reason: `${sku} at ${node}: ${outcome.reason}`, at });
  } else if (before?.state === 'refused') await settle(tx, context, 'stock-refused', key);
  if (outcome.kind === 'stale') await tx.cursors.set(scopeOf(context.settings, connection), staleStream, { at });
  const missing = missingUnits(level, outcome);
  await noteSale(tx, context, connection, { sku, units: missing });
  const available = outcome.kind === 'set' ? level.available : outcome.kind === 'stale' ? outcome.actual : null;
  const body = { sku, node, available, listed: outcome.kind !== 'unknown-item' };
  // What the channel did of itself while this was under way may have come before it or after it.
  const inDoubt =
    outcome.kind !== 'unknown-item' && outcome.kind !== 'refused' && before?.state === doubtful && before.changedAt > plannedAt;
  await tx.records.put(levelKind, key, { state: inDoubt ? doubtful : outcome.kind, body, at, version: before?.version ?? 0 });
}

/** One exception for all SKUs that a channel does not sell: an ERP may have thousands that this channel was never meant to. */
async function tellUnlisted(
  tx: Transaction,
  context: FlowContext,
  connection: ConnectionId,
  known: ReadonlyMap<string, KnownLevel>,
): Promise<void> {
  const code = 'stock-not-listed';
  const skus = [...new Set([...known.values()].filter(({ listed }) => !listed).map(({ sku }) => sku))].sort();
  if (skus.length === 0) return settle(tx, context, code, connection);
  const reason = `${skus.length} SKUs of the ERP: ${skus.slice(0, 5).join(', ')}${skus.length > 5 ? ', ...' : ''}`;
  const [told] = await tx.exceptions.list({ code, subjectKey: connection, open: true, limit: 1 });
  if (told?.reason === reason) return;
  await tx.exceptions.raise({ code, subjectKey: connection, owner: ownerOf(context.settings, code), reason, at: context.clock.now() });
}

async function settle(tx: Transaction, context: FlowContext, code: string, subjectKey: string): Promise<void> {
  await tx.exceptions.resolve({ code, subjectKey }, { by: 'quartermaster', reason: 'it settled itself', at: context.clock.now() });
}

function countByKind(pushed: readonly PushedLevel[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { kind } of pushed) counts[kind] = (counts[kind] ?? 0) + 1;
  return counts;
}
