import { beforeTheEffect } from '@quartermaster/connector-kit';
import type { Cancellation, Cancelled, ConnectorOperation, ConnectorFault, EffectMemo, Reconciled } from '@quartermaster/domain';
import { notDone, type MiraklClient } from './client.ts';
import { lineMoney } from './order-money.ts';
import { readOrder } from './orders.ts';
import type { Reasons } from './reasons.ts';
import { readShipments, shippedUnits } from './shipments-read.ts';
import { shareOfUnits, wireTaking } from './taking.ts';
import { hasShipped, statusOf, wantedUnits } from './translate.ts';
import { madeCancelationsSchema } from './wire-operations.ts';
import type { WireOrder } from './wire.ts';

/**
 * Cancels a whole order of which nothing has left (OR29), or units of lines (OR30), each with its share of price, tax and fees. Mirakl keeps no key of ours, so before units are cancelled the
 * cancellations that the order had are written down: those that came since, of the same units, are ours.
 */
export function cancelling(client: MiraklClient, reasons: Reasons, partialShipments: boolean): ConnectorOperation<Cancellation, Cancelled> {
  async function make(request: Cancellation, memo: EffectMemo): Promise<Cancelled> {
    const order = await beforeTheEffect(() => readOrder(client, request.orderId, 'orders.look'));
    if (order === null) throw notDone('not-found', 'orders.cancel', 'the marketplace has no such order');
    const done: Cancelled = { ref: request.orderId, state: 'done' };
    if (statusOf(order) === 'cancelled') return done;
    if (request.lines === null) {
      const lines = await beforeTheEffect(() => whatIsLeft(order));
      if (lines === 'all') await cancelWhole(request.orderId);
      else if (lines.length === 0) throw notDone('refused', 'orders.cancel', 'all of the order has left');
      else await cancelUnits(order, { ...request, lines }, memo);
      return done;
    }
    await cancelUnits(order, { ...request, lines: request.lines }, memo);
    return done;
  }

  /** Units that have not left; `all` where none has. */
  async function whatIsLeft(order: WireOrder): Promise<'all' | { lineId: string; units: number }[]> {
    const left = partialShipments
      ? shippedUnits(await readShipments(client, [order.order_id], 'orders.shipped'))
      : new Map<string, number>();
    if (left.size === 0 && !order.order_lines.some((line) => hasShipped(line.order_line_state))) return 'all';
    const states = new Map(order.order_lines.map((line) => [line.order_line_id, line.order_line_state]));
    return [...wantedUnits(order)]
      .filter(([lineId]) => !hasShipped(states.get(lineId) ?? ''))
      .map(([lineId, units]) => ({ lineId, units: units - (left.get(lineId) ?? 0) }))
      .filter(({ units }) => units > 0);
  }

  async function cancelWhole(orderId: string): Promise<void> {
    await client.text({
      operation: 'orders.cancel',
      limit: 'page',
      method: 'PUT',
      path: `/api/orders/${encodeURIComponent(orderId)}/cancel`,
      kind: 'effect',
      understand: refusal,
    });
  }

  async function cancelUnits(order: WireOrder, request: Asked, memo: EffectMemo): Promise<void> {
    const code = await reasons.cancel(request.reason);
    const currency = order.currency_iso_code;
    const cancelations = request.lines.map(({ lineId, units }) => {
      const line = order.order_lines.find((one) => one.order_line_id === lineId);
      const money = line === undefined ? null : lineMoney(line, currency);
      if (money === null || units < 1 || units > money.wanted.units)
        throw notDone('refused', 'orders.cancel', `line ${lineId} has not so many units left`);
      return {
        order_line_id: lineId,
        quantity: units,
        reason_code: code,
        ...wireTaking(shareOfUnits(money.wanted, units), money.wanted, currency),
      };
    });
    await memo.saveRefs({
      before: cancelationsOf(order)
        .map(({ id }) => id)
        .join(' '),
      lines: linesText(request.lines),
    });
    await client.call(
      {
        operation: 'orders.cancel-lines',
        limit: 'page',
        method: 'PUT',
        path: '/api/orders/cancel',
        json: {
          cancelations,
          ...(order.order_tax_mode === null || order.order_tax_mode === undefined ? {} : { order_tax_mode: order.order_tax_mode }),
        },
        kind: 'effect',
        understand: refusal,
      },
      madeCancelationsSchema,
    );
  }

  async function find(request: Cancellation, memo: EffectMemo): Promise<Reconciled<Cancelled>> {
    const order = await readOrder(client, request.orderId, 'orders.cancelled');
    if (order === null) return { kind: 'absent' };
    const found: Reconciled<Cancelled> = { kind: 'found', result: { ref: order.order_id, state: 'done' } };
    if (statusOf(order) === 'cancelled') return found;
    const { before, lines } = memo.refs;
    if (before === undefined || lines === undefined) return { kind: 'absent' };
    const known = new Set(before.split(' '));
    const since = cancelationsOf(order).filter(({ id }) => !known.has(id));
    const left = new Map<string, number>();
    for (const { lineId, units } of since) left.set(lineId, (left.get(lineId) ?? 0) + units);
    return lines === linesText([...left].map(([lineId, units]) => ({ lineId, units }))) ? found : someOrNone(since.length);
  }

  return { safety: 'read-back', make, find };
}

type Asked = Cancellation & { readonly lines: NonNullable<Cancellation['lines']> };

/** OR30 takes all its lines or none, so others' cancellations in between are not ours; who knows whether ours is among them. */
function someOrNone(since: number): Reconciled<Cancelled> {
  if (since === 0) return { kind: 'absent' };
  return { kind: 'cannot-tell', check: 'other units of the order were cancelled meanwhile; compare them at the marketplace' };
}

function cancelationsOf(order: WireOrder): readonly { readonly id: string; readonly lineId: string; readonly units: number }[] {
  return order.order_lines.flatMap((line) =>
    (line.cancelations ?? []).map(({ id, quantity }) => ({ id, lineId: line.order_line_id, units: quantity ?? 0 })),
  );
}

function linesText(lines: Asked['lines']): string {
  return lines
    .map(({ lineId, units }) => `${lineId}=${units}`)
    .toSorted()
    .join(' ');
}

function refusal(message: string, status: number): ConnectorFault {
  return notDone(status === 404 ? 'not-found' : 'refused', 'orders.cancel', message);
}
