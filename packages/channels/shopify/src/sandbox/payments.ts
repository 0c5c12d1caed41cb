import { orderAmounts } from './amounts.ts';
import { later, nextId, now, type FinancialStatus, type OrderState, type ShopState, type TransactionState } from './state.ts';

/** The one gateway of the sandbox. */
export const gateway = 'shopify_payments';

/** Books payments so that they agree with the order's financial status. */
export function settle(state: ShopState, order: OrderState): void {
  const { total } = orderAmounts(order, state.taxesIncluded, 'current');
  const paid: Readonly<Record<FinancialStatus, readonly [received: number, refunded: number, capturable: number]>> = {
    AUTHORIZED: [0, 0, total],
    PAID: [total, 0, 0],
    PARTIALLY_PAID: [Math.floor(total / 2), 0, 0],
    PARTIALLY_REFUNDED: [total, order.refunded, 0],
    REFUNDED: [total, total, 0],
    PENDING: [0, 0, 0],
    EXPIRED: [0, 0, 0],
    VOIDED: [0, 0, 0],
  };
  [order.received, order.refunded, order.capturable] = paid[order.financialStatus ?? 'PENDING'];
  order.transactions = [];
  if (order.capturable > 0) book(state, order, 'AUTHORIZATION', order.capturable, null);
  const sale = order.received > 0 ? book(state, order, 'SALE', order.received, null) : null;
  if (order.refunded > 0 && sale !== null) book(state, order, 'REFUND', order.refunded, sale.id);
}

/** Writes a transaction down; the order's sums are the caller's. */
export function book(
  state: ShopState,
  order: OrderState,
  kind: TransactionState['kind'],
  amount: number,
  parentId: number | null,
  takesMs = 0,
): TransactionState {
  const made: TransactionState = {
    id: nextId(state, 'OrderTransaction'),
    kind,
    amount,
    parentId,
    createdAt: now(state),
    settledAt: later(state, takesMs),
  };
  order.transactions.push(made);
  return made;
}

/** Payments of which something can still be given back, the oldest first. */
export function refundablePayments(order: OrderState): { readonly payment: TransactionState; readonly left: number }[] {
  return order.transactions
    .filter(({ kind }) => kind === 'SALE' || kind === 'CAPTURE')
    .map((payment) => ({ payment, left: payment.amount - sumOf(order, 'REFUND', payment.id) }))
    .filter(({ left }) => left > 0);
}

/** Authorizations of which something can still be captured. */
export function openAuthorizations(order: OrderState): { readonly authorization: TransactionState; readonly left: number }[] {
  return order.transactions
    .filter(({ kind }) => kind === 'AUTHORIZATION')
    .map((authorization) => ({
      authorization,
      left: authorization.amount - sumOf(order, 'CAPTURE', authorization.id) - sumOf(order, 'VOID', authorization.id),
    }))
    .filter(({ left }) => left > 0);
}

/** Gives money back out of one payment. */
export function payBack(state: ShopState, order: OrderState, parentId: number, amount: number): TransactionState {
  order.refunded += amount;
  order.financialStatus = order.refunded >= order.received ? 'REFUNDED' : 'PARTIALLY_REFUNDED';
  return book(state, order, 'REFUND', amount, parentId, state.takes.refundMs);
}

/** Gives an amount back out of the oldest payments, as far as they reach. */
export function payBackFrom(state: ShopState, order: OrderState, amount: number): TransactionState[] {
  let rest = amount;
  const made: TransactionState[] = [];
  for (const { payment, left } of refundablePayments(order)) {
    const part = Math.min(left, rest);
    if (part <= 0) break;
    made.push(payBack(state, order, payment.id, part));
    rest -= part;
  }
  return made;
}

/** Lets go what was authorized and not captured. */
export function voidAuthorizations(state: ShopState, order: OrderState): void {
  for (const { authorization, left } of openAuthorizations(order)) book(state, order, 'VOID', left, authorization.id);
  order.capturable = 0;
}

function sumOf(order: OrderState, kind: TransactionState['kind'], parentId: number): number {
  return order.transactions.filter((one) => one.kind === kind && one.parentId === parentId).reduce((sum, { amount }) => sum + amount, 0);
}
