import { moneyFromDecimal } from '@quartermaster/domain';
import { currentShipping, currentShippingTax, refundedShare } from './amounts.ts';
import type { Outcome } from './fulfilment.ts';
import { idOf } from './gid.ts';
import { putBack } from './inventory.ts';
import { itemOf, keepRefund, removeUnits, unfulfilledUnits } from './orders.ts';
import { gateway, openAuthorizations, payBack, refundablePayments, book } from './payments.ts';
import { shopMinor } from './presentment.ts';
import {
  now,
  type LineState,
  type OrderState,
  type RefundState,
  type ShopState,
  type TransactionState,
  type UserErrorState,
} from './state.ts';
import { announce } from './webhooks.ts';

export type RefundLineInput = {
  readonly lineItemId: string;
  readonly quantity: number;
  readonly restockType?: string | null;
  readonly locationId?: string | null;
};
export type RefundInput = {
  readonly orderId: string;
  readonly currency?: string | null;
  readonly note?: string | null;
  readonly allowOverRefunding?: boolean | null;
  readonly refundLineItems?: readonly RefundLineInput[] | null;
  readonly shipping?: { readonly amount?: string | null; readonly fullRefund?: boolean | null } | null;
  readonly transactions?:
    | readonly { readonly amount: string; readonly gateway: string; readonly kind: string; readonly parentId?: string | null }[]
    | null;
};

/** What Shopify would give back for lines and shipping, and out of which payments. Amounts are minor units of the shop's currency. */
export function suggestRefund(
  state: ShopState,
  order: OrderState,
  given: {
    readonly refundLineItems?: readonly RefundLineInput[] | null;
    readonly refundShipping?: boolean | null;
    readonly shippingAmount?: string | null;
    readonly suggestFullRefund?: boolean | null;
  },
) {
  const wanted =
    given.suggestFullRefund === true
      ? order.lines.map((line) => ({ line, quantity: refundableUnits(line) }))
      : (given.refundLineItems ?? []).flatMap(({ lineItemId, quantity }) => {
          const line = lineBy(order, lineItemId);
          return line === undefined ? [] : [{ line, quantity: Math.min(quantity, refundableUnits(line)) }];
        });
  const shares = wanted.map(({ line, quantity }) => refundedShare(line, quantity));
  const most = order.shipping.reduce((sum, line) => sum + currentShipping(line), 0);
  const shipping =
    given.shippingAmount == null
      ? given.refundShipping === true
        ? most
        : 0
      : shopMinor(state, order, given.shippingAmount, state.currency);
  const shippingTax =
    most === 0 ? 0 : Math.round((order.shipping.reduce((sum, line) => sum + currentShippingTax(line), 0) * shipping) / most);
  const tax = state.taxesIncluded ? 0 : shares.reduce((sum, share) => sum + share.tax, 0) + shippingTax;
  const payments = refundablePayments(order);
  const maximum = payments.reduce((sum, { left }) => sum + left, 0);
  const amount = Math.min(maximum, shares.reduce((sum, share) => sum + share.subtotal, 0) + shipping + tax);
  let rest = amount;
  const transactions = payments.map(({ payment, left }) => {
    const part = Math.min(rest, left);
    rest -= part;
    return { payment, amount: part, maximum: left };
  });
  return { amount, maximum, shipping, shippingTax, most, transactions };
}

/**
 * Refunds. Units that are not restocked stay to be shipped if they were; those with `CANCEL` are no longer to be shipped, those with `RETURN` had shipped and came back. Money comes out of the
 * payments that are named, never more than is left of each unless over-refunding is allowed.
 */
export function createRefund(state: ShopState, given: RefundInput): Outcome<RefundState> {
  const order = state.orders.get(idOf('Order', given.orderId));
  if (order === undefined) return refused(['orderId'], 'Order does not exist');
  if (order.presentment !== null && given.currency !== order.presentment.currency)
    return refused(['currency'], 'Currency must be the presentment currency of the order');
  const currency = order.presentment?.currency ?? state.currency;
  const lines: { line: LineState; quantity: number; restockType: string; locationId: number }[] = [];
  for (const [index, input] of (given.refundLineItems ?? []).entries()) {
    const field = ['refundLineItems', String(index)];
    const line = lineBy(order, input.lineItemId);
    if (line === undefined) return refused([...field, 'lineItemId'], 'Line item does not exist');
    const before = lines.filter((one) => one.line === line);
    const taken = before.reduce((sum, one) => sum + one.quantity, 0);
    if (input.quantity < 1) return refused([...field, 'quantity'], 'Quantity must be greater than 0');
    if (taken + input.quantity > refundableUnits(line))
      return refused([...field, 'quantity'], 'Quantity cannot refund more items than were purchased');
    const restockType = input.restockType ?? 'NO_RESTOCK';
    const locationId = idOf('Location', input.locationId ?? '');
    if (restockType === 'LEGACY_RESTOCK') return refused([...field, 'restockType'], 'Restock type is not supported');
    if (restockType === 'RETURN' && !state.locations.has(locationId)) return refused([...field, 'locationId'], 'Location must be given');
    const open = unfulfilledUnits(state, order, line.id);
    const same = before.filter((one) => one.restockType === restockType).reduce((sum, one) => sum + one.quantity, 0);
    if (restockType === 'CANCEL' && same + input.quantity > open)
      return refused([...field, 'restockType'], 'Cannot cancel more units than are unfulfilled');
    if (restockType === 'RETURN' && same + input.quantity > refundableUnits(line) - open)
      return refused([...field, 'restockType'], 'Cannot return more units than are fulfilled');
    lines.push({ line, quantity: input.quantity, restockType, locationId });
  }
  const most = order.shipping.reduce((sum, line) => sum + currentShipping(line), 0);
  const { shipping } = given;
  const shippingAmount =
    shipping?.fullRefund === true ? most : shipping?.amount == null ? 0 : shopMinor(state, order, shipping.amount, currency);
  if (shippingAmount < 0 || shippingAmount > most)
    return refused(['shipping'], 'Refund shipping amount is more than what is left of the shipping costs');
  const payments: { parent: TransactionState; amount: number }[] = [];
  for (const [index, input] of (given.transactions ?? []).entries()) {
    const field = ['transactions', String(index)];
    const amount = moneyFromDecimal(input.amount, currency).minor === 0 ? 0 : shopMinor(state, order, input.amount, currency);
    const refundable = refundablePayments(order).find(({ payment }) => payment.id === idOf('OrderTransaction', input.parentId ?? ''));
    if (input.kind !== 'REFUND') return refused([...field, 'kind'], 'Kind must be refund');
    if (input.gateway !== gateway) return refused([...field, 'gateway'], 'Gateway is not one of the order');
    if (refundable === undefined) return refused([...field, 'parentId'], 'Parent transaction cannot be refunded');
    const before = payments.filter(({ parent }) => parent === refundable.payment).reduce((sum, one) => sum + one.amount, 0);
    if (amount <= 0) return refused([...field, 'amount'], 'Amount must be greater than zero');
    if (before + amount > refundable.left && given.allowOverRefunding !== true)
      return refused([...field, 'amount'], 'Refund amount is more than what is left of the payment');
    payments.push({ parent: refundable.payment, amount });
  }
  if (lines.length === 0 && shippingAmount === 0 && payments.length === 0)
    return refused(['refundLineItems'], 'Refund must have lines, shipping or transactions');
  return { result: carryOut(state, order, { lines, shippingAmount, payments, note: given.note ?? null }), userErrors: [] };
}

/** Takes authorized money. A capture cannot be made twice of the same authorization: this gateway takes it once. */
export function capture(
  state: ShopState,
  given: { readonly id: string; readonly parentTransactionId: string; readonly amount: string; readonly currency?: string | null },
): Outcome<TransactionState> {
  const order = state.orders.get(idOf('Order', given.id));
  if (order === undefined) return refused(['id'], 'Order does not exist');
  if (order.presentment !== null && given.currency !== order.presentment.currency)
    return refused(['currency'], 'Currency must be the presentment currency of the order');
  const open = openAuthorizations(order).find(
    ({ authorization }) => authorization.id === idOf('OrderTransaction', given.parentTransactionId),
  );
  if (open === undefined) return refused(['parentTransactionId'], 'The transaction cannot be captured');
  const amount = shopMinor(state, order, given.amount, order.presentment?.currency ?? state.currency);
  if (amount <= 0 || amount > open.left) return refused(['amount'], 'The amount is more than what is authorized');
  const made = book(state, order, 'CAPTURE', amount, open.authorization.id);
  order.received += amount;
  order.capturable = 0;
  if (amount < open.left) book(state, order, 'VOID', open.left - amount, open.authorization.id);
  order.financialStatus = amount < open.left ? 'PARTIALLY_PAID' : 'PAID';
  order.updatedAt = now(state);
  announce(state, 'orders/paid', order, order.updatedAt);
  announce(state, 'orders/updated', order, order.updatedAt);
  return { result: made, userErrors: [] };
}

/** Units of a line that were bought and not refunded or taken out yet. */
export function refundableUnits(line: LineState): number {
  return line.quantity - line.removed;
}

function carryOut(
  state: ShopState,
  order: OrderState,
  given: {
    readonly lines: readonly { line: LineState; quantity: number; restockType: string; locationId: number }[];
    readonly shippingAmount: number;
    readonly payments: readonly { readonly parent: TransactionState; readonly amount: number }[];
    readonly note: string | null;
  },
): RefundState {
  const at = now(state);
  for (const { line, quantity, restockType, locationId } of given.lines) {
    if (restockType === 'CANCEL') {
      removeUnits(state, order, line, quantity, at, true);
      continue;
    }
    line.removed += quantity;
    const item = itemOf(state, line);
    if (restockType === 'RETURN' && item !== undefined) putBack(item, locationId, quantity);
  }
  let rest = given.shippingAmount;
  for (const line of order.shipping) {
    const part = Math.min(rest, currentShipping(line));
    line.refunded += part;
    rest -= part;
  }
  const transactions = given.payments.map(({ parent, amount }) => payBack(state, order, parent.id, amount));
  const lines = given.lines.map(({ line, quantity, restockType }) => ({ lineItemId: line.id, quantity, restockType }));
  const made = keepRefund(state, order, { lines, note: given.note, returnId: null, transactions });
  order.updatedAt = at;
  announce(state, 'refunds/create', order, at);
  announce(state, 'orders/updated', order, at);
  return made;
}

function lineBy(order: OrderState, lineItemId: string): LineState | undefined {
  return order.lines.find((line) => line.id === idOf('LineItem', lineItemId));
}

function refused(field: readonly string[], message: string): { result: null; userErrors: readonly UserErrorState[] } {
  return { result: null, userErrors: [{ field: ['input', ...field], message }] };
}
