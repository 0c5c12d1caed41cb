import { z } from 'zod';
import { minorOf } from '../amounts.ts';
import { bodyOf, mayCall, numberIn, Refusal, timeIn, type Answer, type Asked } from './answers.ts';
import { feeCode, orderView, taxCode } from './order-views.ts';
import {
  leftUnits,
  nextId,
  now,
  settleOrder,
  touch,
  wantedUnits,
  type LineState,
  type MarketState,
  type OrderState,
  type TakenState,
} from './state.ts';

/** Mirakl takes some time off `start_update_date`, so that nothing is missed; it does not say how much. */
const takenOffMs = 30_000;

export function listOrders(state: MarketState, { query }: Asked): Answer {
  const ids = query.get('order_ids')?.split(',') ?? null;
  if (ids !== null && ids.length > 100) throw new Refusal(400, 'order_ids has more than 100 entries');
  const [start, end] = [timeIn(query, 'start_update_date'), timeIn(query, 'end_update_date')];
  const max = numberIn(query, 'max', 10, 100);
  const offset = numberIn(query, 'offset', 0, 1_000_000);
  if (!['dateCreated', null].includes(query.get('sort'))) throw new Refusal(400, 'sort is not valid');
  const window = `${start} ${end}`;
  if (ids === null && state.lastWindow !== window) {
    mayCall(state, 'OR11', 60_000);
    state.lastWindow = window;
  }
  const second = (ms: number) => Math.floor(ms / 1_000) * 1_000;
  const found = [...state.orders.values()]
    .filter((order) => ids === null || ids.includes(order.id))
    .filter((order) => start === null || second(order.updatedAt) >= start - takenOffMs)
    .filter((order) => end === null || second(order.updatedAt) <= end)
    .toSorted((left, right) => left.createdAt - right.createdAt || (left.id < right.id ? -1 : 1));
  return {
    status: 200,
    body: { orders: found.slice(offset, offset + max).map((order) => orderView(state, order)), total_count: found.length },
  };
}

const referencesBody = z.strictObject({
  orders: z
    .array(z.strictObject({ order_id: z.string(), references: z.strictObject({ order_reference_for_seller: z.string().trim().min(1) }) }))
    .min(1)
    .max(100),
});

export function updateOrders(state: MarketState, asked: Asked): Answer {
  mayCall(state, 'OR04', 60_000);
  const { orders } = bodyOf(referencesBody, asked);
  const updated = orders.map(({ order_id: id, references }) => {
    const order = state.orders.get(id);
    if (order === undefined) return { order_id: id, errors: [{ code: 'NOT_FOUND', field: 'order_id', message: 'Order not found' }] };
    order.reference = references.order_reference_for_seller;
    touch(state, order);
    return { order_id: id, updated: { references } };
  });
  return { status: 200, body: { updated_orders: updated } };
}

const acceptBody = z.strictObject({ order_lines: z.array(z.strictObject({ id: z.string(), accepted: z.boolean() })).min(1) });

export function acceptOrder(state: MarketState, asked: Asked): Answer {
  const order = orderOf(state, asked.id);
  const { order_lines: decided } = bodyOf(acceptBody, asked);
  if (order.state !== 'WAITING_ACCEPTANCE') throw new Refusal(400, 'ORDER_INVALID_STATE');
  for (const line of order.lines) {
    const decision = decided.find(({ id }) => id === line.id);
    if (decision === undefined) throw new Refusal(400, 'ORDER_LINE_ACCEPTANCE_DECISION_MISSING');
    line.state = decision.accepted ? 'WAITING_DEBIT_PAYMENT' : 'REFUSED';
  }
  order.state = 'WAITING_DEBIT_PAYMENT';
  settleOrder(state, order);
  return { status: 204 };
}

export function cancelOrder(state: MarketState, { id }: Asked): Answer {
  const order = orderOf(state, id);
  const isShipped = order.lines.some((line) => leftUnits(state, line) !== wantedUnits(line)) || order.state === 'SHIPPED';
  if (isShipped || order.state === 'CANCELED' || order.state === 'REFUSED')
    throw new Refusal(400, `Order ${order.state} cannot be canceled`);
  for (const line of order.lines) line.state = 'CANCELED';
  settleOrder(state, order);
  return { status: 204 };
}

const amount = z.number().nonnegative();
const coded = z.array(z.strictObject({ code: z.string(), amount }));
const takingFields = {
  order_line_id: z.string(),
  amount,
  shipping_amount: amount,
  currency_iso_code: z.string().optional(),
  reason_code: z.string(),
  taxes: coded.optional(),
  shipping_taxes: coded.optional(),
  fees: coded.optional(),
};
const mode = z.enum(['TAX_INCLUDED', 'TAX_EXCLUDED']).optional();
const cancelBody = z.strictObject({
  order_tax_mode: mode,
  cancelations: z.array(z.strictObject({ ...takingFields, quantity: z.int().nonnegative() })).min(1),
});
const refundBody = z.strictObject({
  order_tax_mode: mode,
  refunds: z
    .array(z.strictObject({ ...takingFields, quantity: z.int().nonnegative().optional(), excluded_from_shipment: z.boolean().optional() }))
    .min(1),
});

export function cancelLines(state: MarketState, asked: Asked): Answer {
  const { cancelations, order_tax_mode: taxMode } = bodyOf(cancelBody, asked);
  const planned = cancelations.map((one) => {
    const { line, order } = lineOf(state, one.order_line_id);
    if (one.quantity > leftUnits(state, line)) throw new Refusal(400, 'More than the remaining quantity cannot be canceled');
    if (!['SHIPPING', 'WAITING_DEBIT', 'WAITING_DEBIT_PAYMENT', 'WAITING_ACCEPTANCE'].includes(line.state))
      throw new Refusal(400, `Line ${line.state}`);
    return { line, order, taken: takenOf(state, line, one, 'CANCELATION', taxMode) };
  });
  for (const { line, order, taken } of planned) {
    line.cancelations.push(taken);
    settleOrder(state, order);
  }
  const made = planned.map(({ line, taken }, nth) => ({ ...cancelations[nth], cancelation_id: taken.id, order_line_id: line.id }));
  return { status: 200, body: { order_tax_mode: taxModeOf(state), cancelations: made } };
}

export function refundLines(state: MarketState, asked: Asked): Answer {
  const { order_tax_mode: taxMode, refunds } = bodyOf(refundBody, asked);
  const group = `refund-${nextId(state)}`;
  const planned = refunds.map((one) => {
    const { line, order } = lineOf(state, one.order_line_id);
    if (!['SHIPPING', 'SHIPPED', 'TO_COLLECT', 'RECEIVED', 'CLOSED'].includes(line.state))
      throw new Refusal(400, `Line ${line.state} cannot be refunded`);
    return { line, order, taken: takenOf(state, line, { ...one, quantity: one.quantity ?? 0 }, 'REFUND', taxMode) };
  });
  for (const { line, order, taken } of planned) {
    line.refunds.push({ ...taken, group, state: 'WAITING_REFUND_PAYMENT' });
    touch(state, order);
  }
  const made = planned.map(({ line, taken }, nth) => ({
    ...refunds[nth],
    quantity: taken.quantity,
    refund_id: taken.id,
    order_refund_id: group,
    order_line_id: line.id,
  }));
  return { status: 200, body: { order_tax_mode: taxModeOf(state), refunds: made } };
}

/** Reasons as RE01 lists them. */
export const sandboxReasons = [
  { code: '34', label: 'Out of stock', type: 'CANCELATION', is_shop_right: true },
  { code: '35', label: 'Customer changed his mind', type: 'CANCELATION', is_shop_right: true },
  { code: '36', label: 'Fraud suspected', type: 'CANCELATION', is_shop_right: false },
  { code: '15', label: 'Item returned', type: 'REFUND', is_shop_right: true },
  { code: '19', label: 'Item damaged', type: 'REFUND', is_shop_right: true },
  { code: '20', label: 'Item not received', type: 'REFUND', is_shop_right: true },
] as const;

type Taking = {
  readonly amount: number;
  readonly shipping_amount: number;
  readonly quantity: number;
  readonly reason_code: string;
  readonly currency_iso_code?: string | undefined;
  readonly taxes?: z.infer<typeof coded> | undefined;
  readonly shipping_taxes?: z.infer<typeof coded> | undefined;
  readonly fees?: z.infer<typeof coded> | undefined;
};

function takenOf(state: MarketState, line: LineState, one: Taking, type: string, taxMode: string | undefined): TakenState {
  if (!sandboxReasons.some((reason) => reason.code === one.reason_code && reason.type === type && reason.is_shop_right))
    throw new Refusal(400, `Reason ${one.reason_code} is not valid`);
  if (one.currency_iso_code !== undefined && one.currency_iso_code !== state.currency)
    throw new Refusal(400, 'currency_iso_code is not that of the shop');
  if (taxMode !== undefined && taxMode !== taxModeOf(state)) throw new Refusal(400, 'order_tax_mode is not that of the order');
  if (line.tax > 0 && one.taxes === undefined) throw new Refusal(400, 'taxes is required: the order has taxes');
  if (line.shippingTax > 0 && one.shipping_taxes === undefined)
    throw new Refusal(400, 'shipping_taxes is required: the order has shipping taxes');
  const coded = (amounts: Taking['taxes'], code: string) => {
    if ((amounts ?? []).some((each) => each.code !== code)) throw new Refusal(400, `code is not one of the order's`);
    return (amounts ?? []).reduce((sum, each) => sum + minorOf(each.amount, state.currency), 0);
  };
  const taken: TakenState = {
    id: String(nextId(state)),
    quantity: one.quantity,
    price: minorOf(one.amount, state.currency),
    shipping: minorOf(one.shipping_amount, state.currency),
    tax: coded(one.taxes, taxCode),
    shippingTax: coded(one.shipping_taxes, taxCode),
    fee: coded(one.fees, feeCode),
    reason: one.reason_code,
    at: now(state),
  };
  const before = [...line.cancelations, ...line.refunds];
  for (const part of ['price', 'shipping', 'tax', 'shippingTax', 'fee'] as const) {
    const left = line[part] - before.reduce((sum, each) => sum + each[part], 0);
    if (taken[part] > left) throw new Refusal(400, `${part} is more than what is left of the line`);
  }
  return taken;
}

function taxModeOf(state: MarketState): string {
  return state.taxesIncluded ? 'TAX_INCLUDED' : 'TAX_EXCLUDED';
}

export function orderOf(state: MarketState, id: string): OrderState {
  const order = state.orders.get(id);
  if (order === undefined) throw new Refusal(404, `Order with identifier '${id}' not found`);
  return order;
}

function lineOf(state: MarketState, lineId: string): { readonly line: LineState; readonly order: OrderState } {
  for (const order of state.orders.values()) {
    const line = order.lines.find(({ id }) => id === lineId);
    if (line !== undefined) return { line, order };
  }
  throw new Refusal(404, `Order line '${lineId}' not found`);
}
