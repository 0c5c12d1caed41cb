import { createHash } from 'node:crypto';
import {
  InvariantError,
  type Channel,
  type ConnectionId,
  type NodeId,
  type PushedLevel,
  type Sku,
  type StockLevel,
} from '@quartermaster/domain';
import { availableToPromise, publishable, safetyStockOf } from '@quartermaster/inventory';
import type { ReadTransaction, Transaction } from '@quartermaster/journal';
import { z } from 'zod';
import { ownerOf, scopeOf, type FlowContext } from './context.ts';
import { anyEffect, type AnyEffect, type Effect } from './effect.ts';
import { jsonOf, listCases } from './order-cases.ts';
import { addUnits, plannedUnits, wantedUnits } from './stock-view.ts';

/** What a channel shows of a SKU at a node as far as we know: what we set last, or what it told us. Null: not known, or not listed there. */
const levelSchema = z.object({ available: z.int().nullable(), listed: z.boolean() });
const levelKind = 'level';
const levelPayloadSchema = z.object({
  levels: z.array(z.object({ sku: z.string(), node: z.string(), available: z.int(), expected: z.int().nullable() })),
});

type Level = { readonly sku: Sku; readonly node: NodeId; readonly available: number };

/**
 * Sets on every channel in mode `auto` what it may sell now. What all channels show together never exceeds what is available to promise. Only what differs from what the channel
 * shows is sent, as an intent per batch; returns how many levels that are.
 */
export async function publishStock(context: FlowContext): Promise<number> {
  const { journal, settings, clock } = context;
  const cases = (await journal.read((tx) => listCases(tx, ['held', 'open', 'committed', 'cancelling']))).map((stored) => stored.case);
  const positions = await context.erp.stock({ nodes: settings.nodes.map((node) => node.id), skus: null });
  const planned = plannedUnits(cases);
  const promise = new Map<Sku, Map<NodeId, number>>();
  for (const position of positions) {
    const safetyStock = safetyStockOf(settings.safetyStock, position.sku, position.node);
    const softReserved = planned.get(position.node)?.get(position.sku) ?? 0;
    addUnits(promise, position.sku, position.node, availableToPromise({ position, safetyStock, softReserved }));
  }
  const levels = shareOut(promise, wantedUnits(cases), settings.channels);
  let sent = 0;
  for (const { connection, mode } of settings.channels) {
    const channel = context.channels.get(connection);
    if (channel === undefined || mode !== 'auto' || settings.erp.mode !== 'auto') continue;
    sent += await journal.transaction((tx) => planPush(tx, context, channel, levels.get(connection) ?? []));
  }
  if (sent > 0) context.log({ at: clock.now(), event: 'stock.published', levels: sent });
  return sent;
}

/** Per channel what it may show. Units that orders want already are taken from the fullest node first: where they will come from is the optimizer's to decide. */
function shareOut(
  promise: ReadonlyMap<Sku, ReadonlyMap<NodeId, number>>,
  wanted: ReadonlyMap<Sku, number>,
  channels: readonly { readonly connection: ConnectionId; readonly share: number }[],
): Map<ConnectionId, Level[]> {
  const levels = new Map<ConnectionId, Level[]>(channels.map(({ connection }) => [connection, []]));
  const shares = channels.map(({ connection, share }) => ({ connection, share }));
  for (const [sku, nodes] of [...promise].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const free = new Map(nodes);
    for (let left = wanted.get(sku) ?? 0; left > 0;) {
      const fullest = [...free].reduce((best, each) => (each[1] > best[1] ? each : best), ['', 0]);
      if (fullest[1] <= 0) break;
      const taken = Math.min(left, fullest[1]);
      free.set(fullest[0], fullest[1] - taken);
      left -= taken;
    }
    for (const { connection, node, available } of publishable({ sku, atpByNode: free, channels: shares })) {
      levels.get(connection)?.push({ sku, node, available });
    }
  }
  return levels;
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
  const changed: StockLevel[] = [];
  for (const level of levels) {
    const known = (await readLevel(tx, connection, level)) ?? { available: null, listed: true };
    if (known.listed && known.available !== level.available) changed.push({ ...level, expected: known.available });
  }
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

const pushStock: Effect<{ channel: Channel; levels: StockLevel[] }> = {
  async prepare(_tx, context, intent) {
    const channel = context.channels.get(intent.scope.connection);
    if (channel === undefined) return { kind: 'refuse', reason: `the channel ${intent.scope.connection} is not in the config any more` };
    return { kind: 'go', request: { channel, levels: levelPayloadSchema.parse(intent.payload).levels } };
  },
  async perform(context, { channel, levels }, memo) {
    const pushed = await channel.pushStock(levels, memo);
    if (pushed.length !== levels.length)
      throw new InvariantError(`${channel.connection} answered ${pushed.length} levels of ${levels.length}`);
    const outcomes = levels.map((level, index) => ({ level, outcome: pushed[index] }));
    return {
      result: jsonOf(countByKind(pushed)),
      event: null,
      keep: async (tx) => {
        for (const { level, outcome } of outcomes)
          if (outcome !== undefined) await noteOutcome(tx, context, channel.connection, level, outcome);
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
  level: StockLevel,
  outcome: PushedLevel,
): Promise<void> {
  const at = context.clock.now();
  if (outcome.kind === 'unknown-item' || outcome.kind === 'refused') {
    await tx.exceptions.raise({
      code: outcome.kind === 'refused' ? 'stock-refused' : 'stock-not-listed',
      subjectKey: `${connection}/${encodeURIComponent(level.sku)}`,
      owner: ownerOf(context.settings, 'stock-not-listed'),
      reason: `${level.sku} at ${level.node}: ${outcome.reason}`,
      at,
    });
  }
  const body =
    outcome.kind === 'set'
      ? { available: level.available, listed: true }
      : outcome.kind === 'stale'
        ? { available: outcome.actual, listed: true }
        : { available: null, listed: outcome.kind === 'refused' };
  const key = levelKey(connection, level);
  const before = await tx.records.get(levelKind, key, levelSchema);
  await tx.records.put(levelKind, key, { state: outcome.kind, body, at, version: before?.version ?? 0 });
}

async function readLevel(
  tx: ReadTransaction | Transaction,
  connection: ConnectionId,
  level: Pick<Level, 'sku' | 'node'>,
): Promise<z.infer<typeof levelSchema> | null> {
  return (await tx.records.get(levelKind, levelKey(connection, level), levelSchema))?.body ?? null;
}

function levelKey(connection: ConnectionId, { sku, node }: Pick<Level, 'sku' | 'node'>): string {
  return [connection, sku, node].map(encodeURIComponent).join('/');
}

function countByKind(pushed: readonly PushedLevel[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { kind } of pushed) counts[kind] = (counts[kind] ?? 0) + 1;
  return counts;
}
