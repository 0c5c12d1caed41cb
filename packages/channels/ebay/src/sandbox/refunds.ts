import { epochMs, moneyFromDecimal } from '@quartermaster/domain';
import { z } from 'zod';
import { bodyOf, EbayRefusal, type Answer, type Asked } from './answers.ts';
import { refundable } from './order-views.ts';
import { orderOf } from './orders.ts';
import { nextNumber, nowOf, touch, type EbayState, type OrderState } from './state.ts';

const amountSchema = z.strictObject({ value: z.string(), currency: z.string() });
const refundSchema = z.strictObject({
  reasonForRefund: z.string().optional(),
  comment: z.string().max(100).optional(),
  refundItems: z
    .array(
      z.strictObject({
        refundAmount: amountSchema,
        lineItemId: z.string().optional(),
        legacyReference: z.strictObject({ legacyItemId: z.string(), legacyTransactionId: z.string() }).optional(),
      }),
    )
    .optional(),
  orderLevelRefundAmount: amountSchema.optional(),
});

/** ReasonForRefundEnum. */
const reasons = new Set([
  'BUYER_CANCEL',
  'SELLER_CANCEL',
  'ITEM_NOT_RECEIVED',
  'BUYER_RETURN',
  'ITEM_NOT_AS_DESCRIBED',
  'OTHER_ADJUSTMENT',
  'SHIPPING_DISCOUNT',
]);

/** issueRefund: one at a time per order, never more than is left, done some time later. `processingMs` is how long eBay works on one. */
export function issueRefund(state: EbayState, asked: Asked, orderId: string, processingMs: number): Answer {
  const order = existing(state, orderId);
  const body = bodyOf(asked, refundSchema, refused(34_902, "Request can't be empty."));
  if (body.reasonForRefund === undefined || !reasons.has(body.reasonForRefund))
    throw refused(34_903, 'The refund reason must be specified.');
  const { refundItems = [], orderLevelRefundAmount } = body;
  if ((refundItems.length === 0) === (orderLevelRefundAmount === undefined))
    throw refused(34_905, 'Either orderLevelRefundAmount or refundItems must be specified.');
  if (order.payment !== 'PAID')
    throw refused(34_929, 'You cannot refund this order yet since the buyer payment has not been processed.', 409);
  const now = epochMs(state.clock.now());
  if (order.refunds.some(({ doneAt }) => now < doneAt))
    throw refused(34_922, "Refund can't be issued while previous refund is processing.");
  const lines = refundItems.map((item) => ({ lineId: lineIdOf(order, item), amount: minorOf(state, item.refundAmount) }));
  for (const { lineId, amount } of lines)
    if (amount > leftOfLine(order, lineId)) throw refused(34_924, 'The item refund amount exceeds the item remaining amount.', 409);
  const amount =
    orderLevelRefundAmount === undefined ? lines.reduce((sum, line) => sum + line.amount, 0) : minorOf(state, orderLevelRefundAmount);
  if (refundable(order) <= 0) throw refused(34_917, 'This order was already refunded.');
  if (amount > refundable(order)) throw refused(34_915, 'The refund amount exceeds order amount.');
  const id = `5${String(nextNumber(state, 'refund')).padStart(9, '0')}`;
  order.refunds.push({ id, amount, lines, at: nowOf(state), doneAt: now + processingMs });
  touch(state, order);
  return { status: 200, body: { refundId: id, refundStatus: 'PENDING' } };
}

function existing(state: EbayState, orderId: string): OrderState {
  try {
    return orderOf(state, orderId);
  } catch {
    throw refused(34_913, 'Can not find the order.', 404);
  }
}

function lineIdOf(order: OrderState, item: { lineItemId?: string | undefined; legacyReference?: unknown }): string {
  if (item.lineItemId === undefined) throw refused(34_910, 'Either legacyReference or lineItemId must be specified for item level refund.');
  if (!order.lines.some(({ id }) => id === item.lineItemId)) throw refused(34_914, "Can't find the item in the order.");
  return item.lineItemId;
}

function leftOfLine(order: OrderState, lineId: string): number {
  const line = order.lines.find(({ id }) => id === lineId);
  if (line === undefined) return 0;
  const refunded = order.refunds.flatMap(({ lines }) => lines).reduce((sum, one) => sum + (one.lineId === lineId ? one.amount : 0), 0);
  return line.unitPrice * line.quantity - line.discount - refunded;
}

function minorOf(state: EbayState, { value, currency }: { value: string; currency: string }): number {
  if (currency !== state.currency) throw refused(34_909, "The amount currency isn't correct.");
  if (!/^\d+(\.\d{1,3})?$/.test(value) || Number(value) <= 0)
    throw refused(34_907, 'The amount value must be positive and within two decimals.');
  try {
    return moneyFromDecimal(value, currency).minor;
  } catch {
    throw refused(34_907, 'The amount value must be positive and within two decimals.');
  }
}

function refused(errorId: number, message: string, status = 400): EbayRefusal {
  return new EbayRefusal(status, errorId, message);
}
