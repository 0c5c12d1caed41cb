import { beforeTheEffect } from '@quartermaster/connector-kit';
import {
  isFault,
  money,
  type ConnectorOperation,
  type EffectMemo,
  type Reconciled,
  type Refund,
  type Refunded,
} from '@quartermaster/domain';
import { notDone, type WalmartClient } from './client.ts';
import { orderPath, readOrder } from './orders.ts';
import { planTotal, refundBody, refundPlan, type LineRefund } from './refund-plan.ts';
import { currencyOf, refundedOf } from './translate.ts';
import { oneOrderSchema, type WireOrder } from './wire.ts';

/**
 * Refunds lines that have shipped. Our name goes along as a comment, but Walmart tells only one comment of a line with several refunds: so what every line had back before is written down
 * first, and a refund is found by what came on top of it.
 */
export function refunding(client: WalmartClient): ConnectorOperation<Refund, Refunded> {
  async function make(request: Refund, memo: EffectMemo): Promise<Refunded> {
    const order = await beforeTheEffect(() => readOrder(client, request.orderId, 'refunds.order'));
    if (order === null) throw notDone('not-found', 'refunds.make', 'Walmart has no such order');
    const currency = currencyOf(order);
    const plan = refundPlan(request, order);
    const total = money(planTotal(plan), currency);
    if (total.minor <= 0) throw notDone('invalid-request', 'refunds.make', 'nothing is to be refunded');
    await memo.saveRefs({ before: plan.map((part) => `${part.lineId}:${backOf(order, part.lineId)}:${planTotal([part])}`).join(' ') });
    await client({
      operation: 'refunds.make',
      bucket: 'refund',
      method: 'POST',
      path: `${orderPath(request.orderId)}/refund`,
      body: refundBody(request, plan, currency),
      schema: oneOrderSchema,
      kind: 'effect',
    }).catch((error: unknown) => {
      if (isFault(error) && error.code === 'invalid-request') throw notDone('refused', 'refunds.make', error.facts.message);
      throw error;
    });
    return { ref: request.refundId, amount: total, state: 'done' };
  }

  async function find(request: Refund, memo: EffectMemo): Promise<Reconciled<Refunded>> {
    const { before } = memo.refs;
    if (before === undefined) return { kind: 'absent' };
    const order = await readOrder(client, request.orderId, 'refunds.find');
    if (order === null) return { kind: 'cannot-tell', check: 'Walmart has no such order any more' };
    const parts = before.split(' ').map((text) => {
      const [lineId = '', had, wanted] = text.split(':');
      return { more: backOf(order, lineId) - Number(had), wanted: Number(wanted) };
    });
    const amount = money(
      parts.reduce((sum, { wanted }) => sum + wanted, 0),
      currencyOf(order),
    );
    if (parts.every(({ more, wanted }) => more === wanted))
      return { kind: 'found', result: { ref: request.refundId, amount, state: 'done' } };
    if (parts.every(({ more }) => more === 0)) return { kind: 'absent' };
    return { kind: 'cannot-tell', check: 'other refunds of these lines were made meanwhile; compare them in Seller Center' };
  }

  return { safety: 'read-back', make, find };
}

/** What a line had back so far, in minor units. */
function backOf(order: WireOrder, lineId: LineRefund['lineId']): number {
  const line = order.orderLines.orderLine.find(({ lineNumber }) => lineNumber === lineId);
  return line === undefined ? 0 : refundedOf(line, currencyOf(order));
}
