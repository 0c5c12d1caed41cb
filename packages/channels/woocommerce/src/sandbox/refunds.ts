import { millionthsOf, sumOf } from '../amounts.ts';
import { invalidParameter, isRecord, metaIn, RestError, textIn } from './answers.ts';
import { nextId, nowSeconds, type LineState, type OrderState, type RefundState, type ShopState } from './state.ts';
import { changed, restock, setStatus } from './stock-changes.ts';

/** Payment methods that can pay back by themselves. */
const refundingGateways = new Set(['stripe']);

/**
 * What `POST orders/{id}/refunds` does. By default the payment provider is asked (`api_refund`) and the units go back on sale (`api_restock`). More than is left is refused with 500, and more
 * units than were ordered are taken. The order's own total and quantities stay as they are.
 */
export function makeRefund(state: ShopState, order: OrderState, body: Readonly<Record<string, unknown>>): RefundState {
  const { amount, reason = '', api_refund: throughGateway = true, api_restock: putsBack = true, line_items: items = [] } = body;
  if (amount !== undefined && typeof amount !== 'string') throw invalidParameter('amount', 'amount is not of type string.');
  if (!Array.isArray(items)) throw invalidParameter('line_items', 'line_items is not of type array.');
  const lines = items.flatMap((item: unknown) => refundedLine(state, order, item));
  const wanted = amount === undefined ? sumOf(lines.map(({ net, tax }) => net + tax)) : millionthsOf(amount);
  const left = order.total - sumOf(order.refunds.map((refund) => refund.amount));
  if (wanted <= 0n || wanted > left) throw failure('Invalid refund amount.');
  if (throughGateway !== false && !refundingGateways.has(order.paymentMethod))
    throw failure('The payment gateway for this order does not support automatic refunds.');
  const refund: RefundState = {
    id: nextId(state, 'post'),
    createdAt: nowSeconds(state),
    amount: wanted,
    reason: textIn(reason),
    meta: metaIn(body).map((entry) => ({ id: nextId(state, 'meta'), ...entry })),
    lines,
  };
  order.refunds.push(refund);
  if (putsBack !== false) for (const { of, units } of lines) restock(state, of, units);
  if (wanted === left) setStatus(state, order, 'refunded');
  else changed(state, order);
  return refund;
}

function refundedLine(state: ShopState, order: OrderState, item: unknown): RefundState['lines'][number][] {
  if (!isRecord(item)) throw invalidParameter('line_items', 'line_items[0] is not of type object.');
  const charges = [...order.fees, ...order.shippingLines].map((charge): LineState => ({
    ...charge,
    product: 0,
    quantity: 0,
    sku: '',
    subtotal: charge.net,
    subtotalTax: charge.tax,
    reduced: 0,
  }));
  const of = order.lines.find(({ id }) => id === item['id']) ?? charges.find(({ id }) => id === item['id']);
  if (of === undefined) return [];
  const taxes = Array.isArray(item['refund_tax']) ? item['refund_tax'] : [];
  const tax = sumOf(taxes.map((one: unknown) => (isRecord(one) ? millionthsOf(textIn(one['refund_total'])) : 0n)));
  return [{ id: nextId(state, 'item'), of, units: Number(item['quantity'] ?? 0), net: millionthsOf(textIn(item['refund_total'])), tax }];
}

/** Its `data` is the status itself and no object. */
function failure(message: string): RestError {
  return new RestError(500, 'woocommerce_rest_cannot_create_order_refund', message, 500);
}
