import { epochMs } from '@quartermaster/domain';
import { z } from 'zod';
import { bodyOf, EbayRefusal, type Answer, type Asked } from './answers.ts';
import { refundable } from './order-views.ts';
import { orderOf } from './orders.ts';
import { cancelStateOf, nextNumber, nowOf, touch, type EbayState, type OrderState } from './state.ts';

const cancelSchema = z.looseObject({ legacyOrderId: z.string(), cancelReason: z.string(), buyerPaid: z.boolean().optional() });

/** Reasons that a seller may give (CancelReasonEnum); the others are a buyer's. */
const sellerReasons = new Set(['ADDRESS_ISSUES', 'BUYER_ASKED_CANCEL', 'OUT_OF_STOCK_OR_CANNOT_FULFILL']);

/** Create Cancellation Request of a seller: whole orders, not shipped, not being cancelled already. A paid order is refunded along with it. */
export function createCancellation(state: EbayState, asked: Asked, processingMs: number): Answer {
  const body = bodyOf(asked, cancelSchema, refused(1_605, 'The request is not valid'));
  if (!sellerReasons.has(body.cancelReason)) throw refused(1_607, 'The cancel reason is not valid for a seller');
  const order = found(state, body.legacyOrderId);
  if (cancelStateOf(state, order) !== 'NONE_REQUESTED')
    throw refused(1_608, 'The order is not eligible for cancellation: CANCELLATION_EXIST');
  const id = request(state, order, 'Seller', body.cancelReason);
  complete(state, order, processingMs);
  return { status: 200, body: { cancelId: id } };
}

/** Approve Cancellation Request: agrees to a buyer's wish. */
export function approveCancellation(state: EbayState, cancelId: string, processingMs: number): Answer {
  const order = [...state.orders.values()].find((one) => one.cancelRequests.some(({ id }) => id === cancelId));
  if (order === undefined) throw refused(1_604, 'There is no such cancellation', 404);
  complete(state, order, processingMs);
  return { status: 200, body: {} };
}

/** Writes down a wish to cancel, and gives its id. */
export function request(state: EbayState, order: OrderState, initiator: 'Buyer' | 'Seller', reason: string): string {
  const id = `5${String(nextNumber(state, 'cancellation')).padStart(9, '0')}`;
  order.cancelRequests.push({ id, initiator, reason, at: nowOf(state), state: 'REQUESTED' });
  touch(state, order);
  return id;
}

/** Lets eBay cancel an order, within so many milliseconds. */
export function complete(state: EbayState, order: OrderState, processingMs: number): void {
  if (order.fulfillments.length > 0) throw refused(1_609, 'The order is not eligible for cancellation: ITEM_SHIPPED');
  const doneAt = epochMs(state.clock.now()) + processingMs;
  order.cancelledAt = doneAt;
  const left = refundable(order);
  if (order.payment === 'PAID' && left > 0)
    order.refunds.push({
      id: `5${String(nextNumber(state, 'refund')).padStart(9, '0')}`,
      amount: left,
      lines: [],
      at: nowOf(state),
      doneAt,
    });
  touch(state, order);
}

function found(state: EbayState, orderId: string): OrderState {
  try {
    return orderOf(state, orderId);
  } catch {
    throw refused(1_606, 'The order is not valid');
  }
}

/** The Post-Order API's error numbers are not in its published schema: these are the sandbox's own. */
function refused(errorId: number, message: string, status = 400): EbayRefusal {
  return new EbayRefusal(status, errorId, message, 'postorder.cancellation');
}
