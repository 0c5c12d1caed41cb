import { createHash } from 'node:crypto';
import {
  everyNode,
  InvariantError,
  type Channel,
  type ConnectionId,
  type Instant,
  type NodeId,
  type PushedLevel,
  type Sku,
  type StockLevel,
} from '@quartermaster/domain';
import type { ReadTransaction, Transaction } from '@quartermaster/journal';
import { z } from 'zod';
import { acceptInStock } from '../intake/acceptance.ts';
import { ownerOf, scopeOf, type FlowContext } from '../context.ts';
import { anyEffect, type AnyEffect, type Effect } from '../effect.ts';
import { changedLevels, doubtful, levelsAtPlaces, levelsToShow, placeKey, type KnownLevel, type Level } from './levels.ts';
import { activeStates, listCases } from '../order-cases.ts';
import { jsonOf } from '../plain-json.ts';
import { speakingTo } from '../speaking-to.ts';
import { noteStock } from './stock-seen.ts';
import { lastTurn, takeTurn, type Urgency, type InTurn } from '../turns.ts';
import { missingUnits, noteSale, pushCompared, unreadUnits } from './unread-sales.ts';

const levelSchema = z.object({ sku: z.string(), node: z.string(), available: z.int().nullable(), listed: z.boolean() });
const levelKind = 'level';
const publishing = 'publish';
/** Cursor of a channel: when it last had another figure than we thought. */
const staleStream = 'stale-level';
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
export async function publishStock(context: FlowContext, urgency: Urgency): Promise<number | null> {
  const turn = { name: publishing, connection: context.erp.connection, leaseMs };
  return takeTurn(context, turn, urgency, (held) => publishInTurn(context, held));
}

/**
 * When a channel last had another figure than we thought, so that a level was not set; null when a publication has begun since, which decides it anew. Until then the channel may show more
 * than it should: of two places of a SKU one may have been raised and the other not lowered.
 */
export async function staleSince(context: Pick<FlowContext, 'journal' | 'settings'>): Promise<Instant | null> {
  const { journal, settings } = context;
  const begun = await lastTurn(context, scopeOf(settings, settings.erp.connection), publishing);
  const times = await journal.read(async (tx) => {
    const found: Instant[] = [];
    for (const { connection } of settings.channels) {
      const stale = await tx.cursors.get(scopeOf(settings, connection), staleStream, staleSchema);
      if (stale !== null && (begun === null || stale.at >= begun)) found.push(stale.at);
    }
    return found;
  });
  return times.sort().at(-1) ?? null;
}

async function publishInTurn(context: FlowContext, held: InTurn): Promise<number> {
  const { journal, settings, clock } = context;
  // Together, so that an order that is read just now counts as one or the other.
  const { stored, unread } = await journal.read(async (tx) => ({
    unread: await unreadUnits(tx, context),
    stored: await listCases(tx, activeStates),
  }));
  const cases = stored.map((each) => each.case);
  const nodes = settings.nodes.map((node) => node.id);
  const positions = await speakingTo(context.erp.connection, () => context.erp.stock({ nodes, skus: null }));
  context.catalogue.note(positions.map(({ sku }) => sku));
  const levels = levelsToShow(positions, cases, settings, unread);
  await journal.transaction(async (tx) => {
    await held.guard(tx);
    await noteStock(tx, positions, levels, clock.now());
    await acceptInStock(tx, context, positions, cases);
  });
  let sent = 0;
  for (const { connection, mode } of settings.channels) {
    const channel = context.channels.get(connection);
    if (channel === undefined || mode !== 'auto' || settings.erp.mode !== 'auto') continue;
    sent += await journal.transaction(async (tx) => {
      await held.guard(tx);
      return planPush(tx, context, channel, levelsAtPlaces(levels.get(connection) ?? [], channel.capabilities));
    });
  }
  if (sent > 0) context.log({ at: clock.now(), event: 'stock.published', levels: sent });
  return sent;
}

async function planPush(tx: Transaction, context: FlowContext, channel: Channel, levels: readonly Level[]): Promise<number> {
  const { connection } = channel;
  const now = context.clock.now();
  const waiting = await tx.intents.list({
    kinds: ['push-stock'],
    connections: [connection],
    states: ['planned', 'ready', 'leased', 'sent', 'unknown'],
    limit: 1,
  });
  if (waiting.length > 0) return 0;
  const known = await knownLevels(tx, connection);
  await tellUnlisted(tx, context, connection, known);
  const changed = changedLevels(levels, known, now);
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

/**
 * Doubts what a channel shows of these SKUs, because it changes its figures by itself: it takes off what is sold, puts back what is cancelled or refunded, and moves what is shipped from
 * another place than it had thought. The next publication sets them again, or learns what they are.
 */
export async function doubtLevels(tx: Transaction, context: FlowContext, connection: ConnectionId, skus: Iterable<Sku>): Promise<void> {
  const at = context.clock.now();
  for (const sku of new Set(skus))
    for (const node of placesOf(context, connection)) {
      const key = levelKey(connection, { sku, node });
      const before = await tx.records.get(levelKind, key, levelSchema);
      if (before === null || before.state === 'unknown-item' || before.state === 'refused') continue;
      await tx.records.put(levelKind, key, { state: doubtful, body: before.body, at, version: before.version });
    }
}

function placesOf({ channels, settings }: FlowContext, connection: ConnectionId): readonly NodeId[] {
  return channels.get(connection)?.capabilities.stockPerNode === false ? [everyNode] : settings.nodes.map(({ id }) => id);
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

/**
 * Takes note that a channel shows another figure than we set: the next publication decides anew, over what is shown. False when nothing is known of the level, or it changed since `seenAt`.
 */
export async function noteShown(
  tx: Transaction,
  connection: ConnectionId,
  level: Pick<Level, 'sku' | 'node'> & { readonly shown: number },
  now: Instant,
  seenAt: Instant,
): Promise<boolean> {
  const { sku, node, shown } = level;
  const key = levelKey(connection, level);
  const before = await tx.records.get(levelKind, key, levelSchema);
  if (before === null || before.changedAt > seenAt) return false;
  await tx.records.put(levelKind, key, {
    state: 'stale',
    body: { sku, node, available: shown, listed: true },
    at: now,
    version: before.version,
  });
  return true;
}

/** What we know of a channel, by {@link placeKey}. */
export async function knownLevels(tx: ReadTransaction | Transaction, connection: ConnectionId): Promise<Map<string, KnownLevel>> {
  const prefix = `${encodeURIComponent(connection)}/`;
  const found = new Map<string, KnownLevel>();
  for (let after = prefix; ;) {
    const page = await tx.records.list(levelKind, levelSchema, { after, limit: 1_000 });
    for (const { key, body, state, changedAt } of page) {
      if (!key.startsWith(prefix)) return found;
      found.set(placeKey(body.sku, body.node), { ...body, state, changedAt });
    }
    const last = page.at(-1);
    if (last === undefined) return found;
    after = last.key;
  }
}

function levelKey(connection: ConnectionId, { sku, node }: Pick<Level, 'sku' | 'node'>): string {
  return [connection, sku, node].map(encodeURIComponent).join('/');
}

function countByKind(pushed: readonly PushedLevel[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { kind } of pushed) counts[kind] = (counts[kind] ?? 0) + 1;
  return counts;
}
