import { everyNode, type ConnectionId, type Instant, type NodeId, type Sku } from '@quartermaster/domain';
import type { ReadTransaction, Transaction } from '@quartermaster/journal';
import { z } from 'zod';
import type { FlowContext } from '../context.ts';
import { doubtful, placeKey, type KnownLevel, type Level } from './levels.ts';

// What the journal knows of the levels that channels show.

export const levelSchema = z.object({ sku: z.string(), node: z.string(), available: z.int().nullable(), listed: z.boolean() });
export const levelKind = 'level';

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

export function levelKey(connection: ConnectionId, { sku, node }: Pick<Level, 'sku' | 'node'>): string {
  return [connection, sku, node].map(encodeURIComponent).join('/');
}
