import { beforeTheEffect } from '@quartermaster/connector-kit';
import {
  isFault,
  type CancelReason,
  type Cancellation,
  type Cancelled,
  type ConnectorOperation,
  type EffectMemo,
  type Reconciled,
} from '@quartermaster/domain';
import { notDone, type WalmartClient } from './client.ts';
import { unitsOf } from './line-units.ts';
import { orderPath, readOrder } from './orders.ts';
import { oneOrderSchema, type WireOrder } from './wire.ts';

/**
 * Cancels lines or units that have not shipped. Walmart keeps no name of ours with a cancellation, so how many units of each line were cancelled before is written down first, and afterwards
 * the order itself tells.
 */
export function cancelling(client: WalmartClient): ConnectorOperation<Cancellation, Cancelled> {
  async function make(request: Cancellation, memo: EffectMemo): Promise<Cancelled> {
    const order = await beforeTheEffect(() => readOrder(client, request.orderId, 'orders.look'));
    if (order === null) throw notDone('not-found', 'orders.cancel', 'Walmart has no such order');
    const wanted = wantedUnits(request, order);
    if (wanted.length === 0) {
      if (request.lines === null && openUnits(order) === 0) return { ref: request.orderId, state: 'done' };
      throw notDone('invalid-request', 'orders.cancel', 'nothing is to be cancelled');
    }
    await memo.saveRefs({ before: wanted.map(({ lineId, units, cancelled }) => `${lineId}:${cancelled}:${units}`).join(' ') });
    await client({
      operation: 'orders.cancel',
      bucket: 'cancel',
      method: 'POST',
      path: `${orderPath(request.orderId)}/cancel`,
      body: {
        orderCancellation: {
          orderLines: {
            orderLine: wanted.map(({ lineId, units, asked }) => ({
              lineNumber: lineId,
              orderLineStatuses: {
                orderLineStatus: [
                  {
                    status: 'Cancelled',
                    cancellationReason: asked ? 'CUSTOMER_REQUESTED_SELLER_TO_CANCEL' : reasons[request.reason],
                    statusQuantity: { unitOfMeasurement: 'EACH', amount: String(units) },
                  },
                ],
              },
            })),
          },
        },
      },
      schema: oneOrderSchema,
      kind: 'effect',
    }).catch((error: unknown) => {
      if (isFault(error) && error.code === 'invalid-request') throw notDone('refused', 'orders.cancel', error.facts.message);
      throw error;
    });
    return { ref: request.orderId, state: 'done' };
  }

  async function find(request: Cancellation, memo: EffectMemo): Promise<Reconciled<Cancelled>> {
    const order = await readOrder(client, request.orderId, 'orders.cancelled');
    if (order === null) return { kind: 'absent' };
    const found: Reconciled<Cancelled> = { kind: 'found', result: { ref: request.orderId, state: 'done' } };
    if (request.lines === null) return openUnits(order) === 0 ? found : { kind: 'absent' };
    if (memo.refs['before'] === undefined) return { kind: 'absent' };
    const lines = memo.refs['before'].split(' ').map((text) => {
      const [lineId, before, units] = text.split(':');
      const line = order.orderLines.orderLine.find(({ lineNumber }) => lineNumber === lineId);
      return { more: (line === undefined ? 0 : unitsOf(line).cancelled) - Number(before), units: Number(units) };
    });
    if (lines.every(({ more, units }) => more === units)) return found;
    if (lines.every(({ more }) => more === 0)) return { kind: 'absent' };
    return { kind: 'cannot-tell', check: 'other units of these lines were cancelled meanwhile; compare the lines in Seller Center' };
  }

  return { safety: 'read-back', make, find };
}

type WantedUnits = { readonly lineId: string; readonly units: number; readonly cancelled: number; readonly asked: boolean };

function wantedUnits(request: Cancellation, order: WireOrder): readonly WantedUnits[] {
  const lines = order.orderLines.orderLine.map((line) => ({
    lineId: line.lineNumber,
    asked: line.intentToCancel !== null && line.intentToCancel !== undefined && line.intentToCancel !== '',
    ...unitsOf(line),
  }));
  if (request.lines === null) return lines.filter(({ open }) => open > 0).map(({ open, ...line }) => ({ ...line, units: open }));
  return request.lines.map(({ lineId, units }) => {
    const line = lines.find((one) => one.lineId === lineId);
    if (line === undefined) throw notDone('not-found', 'orders.cancel', `the order has no line ${lineId}`);
    return { ...line, units };
  });
}

function openUnits(order: WireOrder): number {
  return order.orderLines.orderLine.reduce((sum, line) => sum + unitsOf(line).open, 0);
}

/**
 * Walmart's reasons. The customer's own wish may be named only where Walmart knows of it (`intentToCancel`), and fraud only where Walmart found it (Orders API, `cancellationReason`): what
 * is left for both is the seller's own account.
 */
const reasons: Readonly<Record<CancelReason, string>> = {
  customer: 'SELLER_CANCEL_OUT_OF_STOCK',
  'out-of-stock': 'SELLER_CANCEL_OUT_OF_STOCK',
  fraud: 'SELLER_CANCEL_OUT_OF_STOCK',
  address: 'SELLER_CANCEL_ADDRESS_NOT_SERVICEABLE',
  price: 'SELLER_CANCEL_PRICING_ERROR',
  other: 'SELLER_CANCEL_OUT_OF_STOCK',
};
