import { orderKey, type ConnectionId } from '@quartermaster/domain';
import { z } from 'zod';
import { scopeOf, type FlowContext } from '../context.ts';
import { isFull, waitingOf } from './intake-bound.ts';
import { hasBegun, rereadOrder } from './intake.ts';
import { findCase } from '../order-cases.ts';
import { whileAlone } from '../turns.ts';
import { kind } from './webhooks.ts';

/** Orders that are read again in one go: a channel that may be asked seldom is mostly also one that gives single orders slowly. */
const mostAtOnce = 20;
/** So many webhooks are looked through for orders that they name. */
const lookedThrough = 500;
/** Longer than reading so many orders takes. */
const leaseMs = 2 * 60_000;

type Hint = { readonly id: number; readonly orderId: string; readonly isNew: boolean };

const bodySchema = z.object({ orderId: z.string().nullable() });

/**
 * Reads the orders again, one by one, that waiting webhooks of a channel name; for a channel whose next reading is minutes away. A webhook that names no order waits for that reading, which
 * answers it like all. Orders that we do not know come first. Returns how many orders were read; null when another replica is at it, or the channel is held back or was never read.
 */
export async function followHints(context: FlowContext, connection: ConnectionId): Promise<number | null> {
  const { journal, settings } = context;
  const scope = scopeOf(settings, connection);
  if (isFull(await waitingOf(context, connection))) return null;
  const named = await journal.read(async (tx) => {
    if (!(await hasBegun(tx, scope))) return [];
    const hints: Hint[] = [];
    for (const { id, body } of await tx.inbox.pending(lookedThrough, { kind, scope })) {
      const { orderId } = bodySchema.parse(body);
      if (orderId !== null) hints.push({ id, orderId, isNew: (await findCase(tx, orderKey(scope, orderId))) === null });
    }
    return hints;
  });
  // Channels announce what we did ourselves, too: hundreds of confirmed orders after a pickup. A customer's new order does not wait behind those.
  const newFirst = named.toSorted((one, other) => Number(other.isNew) - Number(one.isNew));
  const orders = [...Map.groupBy(newFirst, ({ orderId }) => orderId)].slice(0, mostAtOnce);
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
