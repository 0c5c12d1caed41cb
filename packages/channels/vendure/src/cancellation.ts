import { fingerprint } from '@quartermaster/connector-kit';
import type { Cancellation, Cancelled, ConnectorOperation, EffectMemo } from '@quartermaster/domain';
import { notDone, type VendureClient } from './client.ts';
import { cancelDocument } from './documents.ts';
import { readHistory } from './history.ts';
import { refusedBy } from './refusals.ts';
import { fulfilledUnits } from './translate.ts';
import { cancelledOrderSchema, isRefusal, type WireOrderHistory } from './wire.ts';

const operation = 'orders.cancel';

/**
 * Cancels orders and units of them. Twice would be twice as many units, so each cancellation has a mark of the intent in its reason, which the order's history keeps. Vendure lets go of the units'
 * allocation itself, whatever `restock` says; it pays nothing back, and mails by the shop's own settings.
 */
export function cancelling(client: VendureClient): ConnectorOperation<Cancellation, Cancelled> {
  return {
    safety: 'read-back',
    async make({ orderId, lines, reason }, memo) {
      const order = await readHistory(client, operation, orderId, 'ORDER_CANCELLATION');
      if (order === null) throw notDone('not-found', operation, 'the shop has no such order');
      if (order.state !== 'Cancelled' && !isMarked(order, memo)) {
        const input = { orderId, reason: `${reason} ${markOf(memo)}`, ...(lines === null ? whatIsLeft(order) : unitsOf(order, lines)) };
        const call = { operation, document: cancelDocument, variables: { input }, schema: cancelledOrderSchema } as const;
        const { cancelOrder: cancelled } = await client({ ...call, kind: 'effect' });
        if (isRefusal(cancelled)) throw refusedBy(operation, cancelled);
      }
      return { ref: orderId, state: 'done' };
    },
    async find({ orderId, lines }, memo) {
      const order = await readHistory(client, 'orders.cancelled', orderId, 'ORDER_CANCELLATION');
      const isDone = order !== null && (isMarked(order, memo) || (lines === null && order.state === 'Cancelled'));
      return isDone ? { kind: 'found', result: { ref: orderId, state: 'done' } } : { kind: 'absent' };
    },
  };
}

/** The whole order, with its shipping; or, where some of it has shipped, the rest: Vendure would cancel what has shipped as well. */
function whatIsLeft(order: WireOrderHistory) {
  const open = openUnits(order);
  if (fulfilledUnits(order).size === 0) return { cancelShipping: true };
  const lines = [...open].filter(([, units]) => units > 0);
  if (lines.length === 0) throw notDone('refused', operation, 'all of the order has shipped');
  return { lines: lines.map(([orderLineId, quantity]) => ({ orderLineId, quantity })) };
}

function unitsOf(order: WireOrderHistory, lines: NonNullable<Cancellation['lines']>) {
  const open = openUnits(order);
  for (const { lineId, units } of lines) {
    const most = open.get(lineId);
    if (most === undefined) throw notDone('not-found', operation, `the order has no line ${lineId}`);
    if (units > most) throw notDone('refused', operation, `${units} units of line ${lineId}, of which ${most} have not shipped`);
  }
  return { lines: lines.map(({ lineId, units }) => ({ orderLineId: lineId, quantity: units })) };
}

function openUnits(order: WireOrderHistory): ReadonlyMap<string, number> {
  const fulfilled = fulfilledUnits(order);
  return new Map(order.lines.map(({ id, quantity }) => [id, Math.max(0, quantity - (fulfilled.get(id) ?? 0))]));
}

function isMarked({ history }: WireOrderHistory, memo: EffectMemo): boolean {
  return history.items.some(({ data }) => typeof data['reason'] === 'string' && data['reason'].endsWith(markOf(memo)));
}

function markOf({ key }: EffectMemo): string {
  return `[${fingerprint(key).slice(0, 12)}]`;
}
