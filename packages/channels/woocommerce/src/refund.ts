import {
  decimalOf,
  moneyFromDecimal,
  shareMoney,
  type ConnectorOperation,
  type Money,
  type Reconciled,
  type Refund,
  type Refunded,
} from '@quartermaster/domain';
import { millionthsOf, millionthsOfMinor, sumOf } from './amounts.ts';
import { notDone, type WooClient } from './client.ts';
import { readAs, wantedUnits } from './translate.ts';
import { readOrder, standingFields } from './whole-order.ts';
import { orderSchema, refundSchema, type WireCharge, type WireOrder, type WireRefund } from './wire.ts';

const operation = 'refunds.make';
const key = '_qm_refund';

/**
 * Refunds. WooCommerce keeps no idempotency key, so a refund is found again by our own name of it: in its `meta_data`, and in its reason too, because the shop saves that with the refund
 * itself and the other only after the payment provider has answered.
 */
export function refunding(client: WooClient, given: { readonly throughGateway: boolean }): ConnectorOperation<Refund, Refunded> {
  return { safety: 'read-back', make, find };

  async function find({ orderId, refundId }: Refund): Promise<Reconciled<Refunded>> {
    const head = await readOrder(client, orderId, { operation: 'refunds.find', fields: standingFields });
    if (head === null) return { kind: 'absent' };
    const order = readAs(orderSchema, head);
    const found = order.refunds.find((refund) => isOurs(refund, refundId));
    return found === undefined ? { kind: 'absent' } : { kind: 'found', result: resultOf(found, order.currency) };
  }

  async function make(request: Refund): Promise<Refunded> {
    const head = await readOrder(client, request.orderId, { operation: 'refunds.order', fields: standingFields });
    if (head === null) throw notDone('not-found', operation, 'the shop has no such order');
    const order = readAs(orderSchema, head);
    const there = order.refunds.find((refund) => isOurs(refund, request.refundId));
    if (there !== undefined) return resultOf(there, order.currency);
    const amount = amountOf(request, order);
    const refunded = await client({
      operation,
      method: 'POST',
      path: `/wc/v3/orders/${request.orderId}/refunds`,
      query: { dp: 6 },
      body: {
        amount: decimalOf(amount),
        reason: [request.note ?? request.reason, `[${request.refundId}]`].join(' '),
        api_refund: given.throughGateway,
        api_restock: request.restockAt !== null,
        meta_data: [{ key, value: request.refundId }],
        line_items: [...request.lines.map((line) => lineOf(line, order)), ...shippingOf(request, order)],
      },
      schema: refundSchema,
      kind: 'effect',
    });
    return resultOf(refunded, order.currency);
  }
}

/** All refunds of an order by our own names of them are looked through, those of people too. */
function isOurs({ meta_data, reason }: WireRefund, refundId: string): boolean {
  return meta_data.some((meta) => meta.key === key && meta.value === refundId) || reason.endsWith(`[${refundId}]`);
}

function resultOf(refund: WireRefund, currency: string): Refunded {
  return { ref: String(refund.id), amount: moneyFromDecimal(trimmed(refund.amount), currency), state: 'done' };
}

/** What the customer gets. More than is left of the order is refused here: the shop would answer 500, as it does when it fails. */
function amountOf(request: Refund, order: WireOrder): Money {
  const parts = [...request.lines, ...(request.shipping === null ? [] : [request.shipping])];
  const moneys = [
    ...parts.flatMap(({ amount, tax }) => (order.prices_include_tax ? [amount] : [amount, tax])),
    ...(request.adjustment === null ? [] : [request.adjustment]),
  ];
  if (moneys.some(({ currency }) => currency !== order.currency))
    throw notDone('invalid-request', operation, `the order is in ${order.currency}, and the refund is not`);
  const minor = moneys.reduce((sum, one) => sum + one.minor, 0);
  if (minor <= 0) throw notDone('invalid-request', operation, 'a refund of nothing');
  const left = millionthsOf(order.total) - sumOf(order.refunds.map(({ amount }) => millionthsOf(amount.replace(/^-/, ''))));
  if (millionthsOfMinor(minor, order.currency) > left) throw notDone('refused', operation, 'more than is left of what was paid');
  return { minor, currency: order.currency };
}

type RefundLine = { readonly id: number; readonly quantity: number; readonly refund_total: string; readonly refund_tax: readonly object[] };

/** The shop would take back more units than were ordered, and put them into stock. */
function lineOf({ lineId, units, amount, tax }: Refund['lines'][number], order: WireOrder): RefundLine {
  const line = order.line_items.find(({ id }) => String(id) === lineId) ?? order.fee_lines.find(({ id }) => String(id) === lineId);
  if (line === undefined) throw notDone('not-found', operation, `the order has no line ${lineId}`);
  const wanted = wantedUnits(order).get(lineId) ?? 0;
  if (units > wanted) throw notDone('refused', operation, `${units} units of line ${lineId}, of which ${wanted} are left`);
  return refundLine(line, units, amount, tax, order);
}

/** Spread over the order's shipping lines in proportion to what they cost. */
function shippingOf({ shipping }: Refund, order: WireOrder): RefundLine[] {
  if (shipping === null) return [];
  const weights = order.shipping_lines.map(({ total }) => Math.max(0, Number(total)));
  if (weights.length === 0) throw notDone('refused', operation, 'the order has no shipping to refund');
  const amounts = shareMoney(shipping.amount, weights);
  const taxes = shareMoney(shipping.tax, weights);
  return order.shipping_lines.map((line, at) => refundLine(line, 0, amounts[at] ?? shipping.amount, taxes[at] ?? shipping.tax, order));
}

/** WooCommerce wants the amount without tax, and the tax by rate: it is spread over the line's rates as the line's own tax was. */
function refundLine(line: WireCharge & { readonly id: number }, quantity: number, amount: Money, tax: Money, order: WireOrder): RefundLine {
  const net = order.prices_include_tax ? { ...amount, minor: amount.minor - tax.minor } : amount;
  if (tax.minor !== 0 && line.taxes.length === 0)
    throw notDone('refused', operation, `line ${line.id} was sold without tax, and none can be refunded`);
  const shares =
    tax.minor === 0
      ? []
      : shareMoney(
          tax,
          line.taxes.map(({ total }) => Math.max(0, Number(total))),
        );
  return {
    id: line.id,
    quantity,
    refund_total: decimalOf(net),
    refund_tax: shares.map((share, at) => ({ id: line.taxes[at]?.id ?? 0, refund_total: decimalOf(share) })),
  };
}

/** `17.800000` is 17.80: zeros behind the currency's own decimals say nothing. */
function trimmed(text: string): string {
  return text
    .replace(/^-/, '')
    .replace(/(\.\d*?)0+$/, '$1')
    .replace(/\.$/, '');
}
