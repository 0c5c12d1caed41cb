import { GraphQLError } from 'graphql';
import { userError } from './list.ts';
import {
  changed,
  fulfilledOf,
  levelOf,
  lineOf,
  nextId,
  remember,
  type FulfillmentState,
  type OrderState,
  type PaymentState,
  type ShopState,
} from './state.ts';
import { fulfillmentView, orderView, variantView } from './views.ts';

type LineInput = { readonly orderLineId: string; readonly quantity: number };

/** What the connector can make the shop do, with Vendure's refusals. */
export function mutationRoot(state: ShopState) {
  return {
    updateProductVariants: ({ input }: { input: readonly VariantInput[] }) => setStock(state, input),
    addFulfillmentToOrder: ({ input }: { input: FulfillInput }) => addFulfillment(state, input),
    transitionFulfillmentToState: (given: { id: string; state: string }) => moveFulfillment(state, given.id, given.state),
    cancelOrder: ({ input }: { input: CancelInput }) => {
      const order = orderThere(state, input.orderId);
      return cancelOrder(state, order, input) ?? orderView(state, order);
    },
    refundOrder: ({ input }: { input: RefundInput }) => refundOrder(state, input),
    settlePayment: ({ id }: { id: string }) => settlePayment(state, id),
    addNoteToOrder({ input }: { input: { id: string; note: string } }) {
      const order = orderThere(state, input.id);
      remember(state, order, 'ORDER_NOTE', { note: input.note });
      return orderView(state, order);
    },
  };
}

type VariantInput = {
  readonly id: string;
  readonly trackInventory?: string | null;
  readonly stockLevels?: readonly { readonly stockLocationId: string; readonly stockOnHand: number }[] | null;
};

/** One transaction: nothing is set where one variant or location is not there. */
function setStock(state: ShopState, input: readonly VariantInput[]) {
  const variants = input.map((one) => {
    const variant = state.variants.get(one.id);
    if (variant === undefined) throw notFound('ProductVariant', one.id);
    if ((one.stockLevels ?? []).some(({ stockLocationId }) => !state.locations.has(stockLocationId)))
      throw new GraphQLError('FOREIGN KEY constraint failed');
    return { one, variant };
  });
  return variants.map(({ one, variant }) => {
    if (one.trackInventory != null) variant.isTracked = one.trackInventory !== 'FALSE';
    for (const { stockLocationId, stockOnHand } of one.stockLevels ?? []) levelOf(variant, stockLocationId).onHand = stockOnHand;
    return variantView(variant);
  });
}

type FulfillInput = {
  readonly lines: readonly LineInput[];
  readonly handler: { readonly code: string; readonly arguments: readonly { readonly name: string; readonly value: string }[] };
};

function addFulfillment(state: ShopState, { lines, handler }: FulfillInput) {
  if (lines.reduce((sum, { quantity }) => sum + quantity, 0) === 0)
    return refused('EmptyOrderLineSelectionError', 'At least one OrderLine must be specified');
  const found = lines.map((input) => ({ input, ...lineThere(state, input.orderLineId) }));
  if (found.some(({ input, order, line }) => fulfilledOf(order, line.id) + input.quantity > line.quantity))
    return refused('ItemsAlreadyFulfilledError', 'One or more OrderItems are already part of a Fulfillment');
  const taken = found.map(({ input, line }) => ({ input, variant: variantThere(state, line.variantId) }));
  if (taken.some(({ input, variant }) => variant.isTracked && onHandOf(variant) < input.quantity))
    return refused('InsufficientStockOnHandError', 'Cannot create a Fulfillment as there is insufficient stockOnHand');
  if (handler.code !== 'manual-fulfillment')
    return refused('InvalidFulfillmentHandlerError', 'errorResult.INVALID_FULFILLMENT_HANDLER_ERROR');
  const argument = (name: string) => handler.arguments.find((one) => one.name === name)?.value ?? null;
  const method = argument('method');
  if (method === null) throw new GraphQLError('NOT NULL constraint failed: fulfillment.method');
  const [first] = found;
  if (first === undefined) throw new GraphQLError('no order');
  for (const { input, variant } of taken) sell(variant, input.quantity);
  const made: FulfillmentState = {
    id: nextId(state),
    orderId: first.order.id,
    state: 'Pending',
    method,
    trackingCode: argument('trackingCode'),
    lines: lines.map(({ orderLineId, quantity }) => ({ orderLineId, quantity })),
  };
  state.fulfillments.set(made.id, made);
  first.order.fulfillments.push(made);
  return fulfillmentView(made);
}

const nextStates: Readonly<Record<string, readonly string[]>> = {
  Pending: ['Shipped', 'Delivered', 'Cancelled'],
  Shipped: ['Delivered', 'Cancelled'],
  Delivered: ['Cancelled'],
};

function moveFulfillment(state: ShopState, id: string, to: string) {
  const fulfillment = state.fulfillments.get(id);
  if (fulfillment === undefined) throw notFound('Fulfillment', id);
  const from = fulfillment.state;
  if (nextStates[from]?.includes(to) !== true)
    return { ...refused('FulfillmentStateTransitionError', `Cannot transition Fulfillment from "${from}" to "${to}"`), fromState: from };
  fulfillment.state = to;
  const order = orderThere(state, fulfillment.orderId);
  const isWhole = order.lines.every((line) => fulfilledOf(order, line.id) >= line.quantity);
  if (['PaymentSettled', 'PartiallyShipped'].includes(order.state)) {
    order.state = isWhole && order.fulfillments.every((one) => one.state !== 'Pending') ? 'Shipped' : 'PartiallyShipped';
    changed(state, order);
  }
  return fulfillmentView(fulfillment);
}

type CancelInput = {
  readonly lines?: readonly LineInput[] | null;
  readonly cancelShipping?: boolean | null;
  readonly reason?: string | null;
} & {
  readonly orderId: string;
};

/** Cancels units, all of them where no lines are given; null when it is done. Cancels what has shipped as well as what has not. */
export function cancelOrder(state: ShopState, order: OrderState, input: Omit<CancelInput, 'orderId'>) {
  const lines = input.lines ?? order.lines.map(({ id, quantity }) => ({ orderLineId: id, quantity }));
  if (lines.reduce((sum, { quantity }) => sum + quantity, 0) === 0)
    return refused('EmptyOrderLineSelectionError', 'At least one OrderLine must be specified');
  const found = lines.map(({ orderLineId, quantity }) => ({ quantity, ...lineThere(state, orderLineId) }));
  if (found.some(({ line, quantity }) => quantity > line.quantity))
    return refused('QuantityTooGreatError', 'The specified quantity is greater than the available OrderItems');
  for (const { line, quantity } of found) {
    const variant = variantThere(state, line.variantId);
    const fulfilled = fulfilledOf(order, line.id);
    letGo(variant, Math.min(quantity, line.quantity - fulfilled));
    // Of a line that has shipped in part Vendure takes units as come back, also where the others are cancelled (3.7.3).
    putBack(variant, Math.min(quantity, fulfilled));
    line.quantity -= quantity;
  }
  if (input.cancelShipping === true) order.shipping = 0;
  remember(state, order, 'ORDER_CANCELLATION', {
    lines,
    reason: input.reason ?? undefined,
    shippingCancelled: input.cancelShipping === true,
  });
  if (order.lines.every(({ quantity }) => quantity === 0)) order.state = 'Cancelled';
  changed(state, order);
  return null;
}

type RefundInput = {
  readonly paymentId: string;
  readonly amount?: number | null;
  readonly shipping?: number | null;
  readonly adjustment?: number | null;
  readonly reason?: string | null;
};

function refundOrder(state: ShopState, { paymentId, amount, shipping, adjustment, reason }: RefundInput) {
  if (amount == null || amount === 0) return refused('NothingToRefundError', 'Nothing to refund');
  const { order, payment } = paymentThere(state, paymentId);
  if (order.state === 'PaymentAuthorized')
    return refused('RefundOrderStateError', 'Cannot refund an Order in the "PaymentAuthorized" state');
  const given = payment.refunds.filter((one) => one.state !== 'Failed').reduce((sum, { total }) => sum + total, 0);
  if (amount > payment.amount - given)
    return refused('RefundAmountError', 'The amount specified exceeds the refundable amount for this payment');
  // The columns of both are not null, though their fields are marked as gone (3.7.3).
  if (shipping == null || adjustment == null) throw new GraphQLError('NOT NULL constraint failed: refund.shipping');
  const refund = { id: nextId(state), state: 'Pending', total: amount, reason: reason ?? null };
  payment.refunds.push(refund);
  return { __typename: 'Refund', ...refund };
}

function settlePayment(state: ShopState, id: string) {
  const { order, payment } = paymentThere(state, id);
  if (payment.state !== 'Authorized' && payment.state !== 'Settled')
    return refused('PaymentStateTransitionError', `Cannot transition Payment from "${payment.state}" to "Settled"`);
  payment.state = 'Settled';
  if (order.state === 'PaymentAuthorized') {
    order.state = 'PaymentSettled';
    changed(state, order);
  }
  return { __typename: 'Payment', ...payment };
}

function refused(kind: string, message: string) {
  return { __typename: kind, errorCode: kind.replaceAll(/(?<=[a-z])(?=[A-Z])/g, '_').toUpperCase(), message };
}

function notFound(kind: string, id: string): GraphQLError {
  return new GraphQLError(`No ${kind} with the id "${id}" could be found`, { extensions: { code: 'ENTITY_NOT_FOUND' } });
}

export function orderThere(state: ShopState, id: string): OrderState {
  const order = state.orders.get(id);
  if (order === undefined) throw notFound('Order', id);
  return order;
}

function lineThere(state: ShopState, id: string) {
  const found = lineOf(state, id);
  if (found === null) throw notFound('OrderLine', id);
  return found;
}

function paymentThere(state: ShopState, id: string): { readonly order: OrderState; readonly payment: PaymentState } {
  for (const order of state.orders.values()) {
    const payment = order.payments.find((one) => one.id === id);
    if (payment !== undefined) return { order, payment };
  }
  throw notFound('Payment', id);
}

function variantThere(state: ShopState, id: string) {
  const variant = state.variants.get(id);
  if (variant === undefined) throw userError(`no variant ${id}`);
  return variant;
}

type Variant = ReturnType<typeof variantThere>;

function onHandOf({ stock }: Variant): number {
  return [...stock.values()].reduce((sum, { onHand }) => sum + onHand, 0);
}

/** What ships leaves the locations where it was allocated. */
function sell(variant: Variant, units: number): void {
  eachAllocated(variant, units, (level, some) => {
    level.onHand -= some;
    level.allocated -= some;
  });
}

function letGo(variant: Variant, units: number): void {
  eachAllocated(variant, units, (level, some) => {
    level.allocated -= some;
  });
}

function putBack({ stock }: Variant, units: number): void {
  const [level] = stock.values();
  if (level !== undefined) level.onHand += units;
}

function eachAllocated(variant: Variant, units: number, take: (level: { onHand: number; allocated: number }, some: number) => void): void {
  let rest = units;
  for (const level of variant.stock.values()) {
    const some = Math.min(rest, level.allocated);
    if (some > 0) take(level, some);
    rest -= some;
  }
}
