import type { ConnectionId } from '@quartermaster/domain';
import { z } from 'zod';
import { scopeOf, type FlowContext } from './context.ts';
import { isFull, waitingOf } from './intake-bound.ts';
import { hasBegun, rereadOrder } from './intake.ts';
import { whileAlone } from './turns.ts';
import { kind } from './webhooks.ts';

/** Orders that are read again in one go: a channel that may be asked seldom is mostly also one that gives single orders slowly. */
const mostAtOnce = 20;
/** So many webhooks are looked through for orders that they name. */
const lookedThrough = 500;
/** Longer than reading so many orders takes. */
const leaseMs = 2 * 60_000;

const bodySchema = z.object({ orderId: z.string().nullable() });

/**
 * Reads the orders again, one by one, that waiting webhooks of a channel name; for a channel whose next reading is minutes away. A webhook that names no order waits for that reading, which
 * answers it like all. Returns how many orders were read; null when another replica is at it, or the channel is held back or was never read.
 */
export async function followHints(context: FlowContext, connection: ConnectionId): Promise<number | null> {
  const { journal, settings } = context;
  const scope = scopeOf(settings, connection);
  if (isFull(await waitingOf(context, connection))) return null;
  const hints = await journal.read(async (tx) => ((await hasBegun(tx, scope)) ? tx.inbox.pending(lookedThrough, { kind, scope }) : []));
  const named = hints.flatMap(({ id, body }) => {
    const { orderId } = bodySchema.parse(body);
    return orderId === null ? [] : [{ id, orderId }];
  });
  const orders = [...Map.groupBy(named, ({ orderId }) => orderId)].slice(0, mostAtOnce);
  if (orders.length === 0) return null;
  const done = await whileAlone(context, { name: 'hints', connection, leaseMs }, async (held) => {
    for (const [orderId, of] of orders)
      await rereadOrder(context, connection, orderId, async (tx) => {
        await held.guard(tx);
        for (const { id } of of) await tx.inbox.markHandled(id);
      });
    return orders.length;
  });
  return done?.result ?? null;
}
