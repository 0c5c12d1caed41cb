import { z } from 'zod';
import { bodyOf, Refusal, seekPage, type Answer, type Asked } from './answers.ts';
import { orderOf } from './order-routes.ts';
import { leftUnits, nextId, now, settleOrder, timeText, touch, type MarketState, type ShipmentState } from './state.ts';

const trackingFields = {
  carrier_code: z.string().optional(),
  carrier_name: z.string().optional(),
  carrier_standard_code: z.string().optional(),
  tracking_number: z.string().optional(),
};
const trackingBody = z.strictObject({ ...trackingFields, carrier_url: z.string().optional() });

const shipmentsBody = z.strictObject({
  shipments: z
    .array(
      z.strictObject({
        order_id: z.string(),
        shipment_lines: z
          .array(z.strictObject({ order_line_id: z.string(), quantity: z.int().positive(), package_reference: z.string().optional() }))
          .min(1),
        shipped: z.boolean().optional(),
        shipping_from: z.strictObject({ warehouse: z.strictObject({ code: z.string() }) }).optional(),
        tracking: z.strictObject({ ...trackingFields, tracking_url: z.string().optional() }).optional(),
      }),
    )
    .min(1)
    .max(1_000),
});

export function createShipments(state: MarketState, asked: Asked): Answer {
  if (!state.multiShipment) throw new Refusal(400, 'Multi-shipment is not activated');
  const { shipments } = bodyOf(shipmentsBody, asked);
  const success: unknown[] = [];
  const errors: unknown[] = [];
  for (const one of shipments) {
    const refused = whyRefused(state, one);
    if (refused !== null) {
      errors.push({ order_id: one.order_id, message: refused });
      continue;
    }
    const made: ShipmentState = {
      id: `shipment-${nextId(state)}`,
      orderId: one.order_id,
      at: now(state),
      lines: one.shipment_lines.map(({ order_line_id: lineId, quantity }) => ({ lineId, quantity })),
      tracking: one.tracking?.tracking_number ?? null,
      carrier: one.tracking?.carrier_code ?? one.tracking?.carrier_name ?? null,
    };
    state.shipments.push(made);
    settleOrder(state, orderOf(state, one.order_id));
    success.push(shipmentView(made));
  }
  return { status: 201, body: { shipment_errors: errors, shipment_success: success } };
}

type NewShipment = z.infer<typeof shipmentsBody>['shipments'][number];

function whyRefused(state: MarketState, one: NewShipment): string | null {
  const order = state.orders.get(one.order_id);
  if (order === undefined) return `Order with identifier '${one.order_id}' not found`;
  if (order.state !== 'SHIPPING') return `Order is in state ${order.state}`;
  if (one.shipped !== true) return 'The sandbox ships what it is told of';
  for (const { order_line_id: id, quantity } of one.shipment_lines) {
    const line = order.lines.find((each) => each.id === id);
    if (line === undefined) return `Order line ${id} not found`;
    if (quantity > leftUnits(state, line)) return `Order line ${id} has not ${quantity} items left to ship`;
  }
  const code = one.shipping_from?.warehouse.code;
  if (code !== undefined && !state.warehouses.includes(code)) return `Warehouse ${code} not found`;
  return one.tracking === undefined ? null : badCarrier(state, one.tracking);
}

function badCarrier(
  state: MarketState,
  tracking: { readonly carrier_code?: string | undefined; readonly carrier_name?: string | undefined },
): string | null {
  if (tracking.carrier_code !== undefined)
    return state.carriers.includes(tracking.carrier_code) ? null : `Carrier ${tracking.carrier_code} not found`;
  return tracking.carrier_name === undefined ? 'carrier_name is required for an unregistered carrier' : null;
}

export function listShipments(state: MarketState, { query }: Asked): Answer {
  if (!state.multiShipment) throw new Refusal(400, 'Multi-shipment is not activated');
  const ids = query.getAll('order_id');
  const found = state.shipments.filter(({ orderId }) => ids.length === 0 || ids.includes(orderId));
  const { next, page } = seekPage(found, query);
  return { status: 200, body: { data: page.map(shipmentView), ...next } };
}

function shipmentView(shipment: ShipmentState) {
  return {
    id: shipment.id,
    order_id: shipment.orderId,
    status: 'SHIPPED',
    status_customer_debit: 'NO_DEBIT',
    created_date: timeText(shipment.at),
    last_updated_date: timeText(shipment.at),
    shipped_date: timeText(shipment.at),
    shipment_lines: shipment.lines.map(({ lineId, quantity }) => ({ order_line_id: lineId, quantity })),
    ...(shipment.tracking === null
      ? {}
      : { tracking: { tracking_number: shipment.tracking, ...(shipment.carrier === null ? {} : { carrier_name: shipment.carrier }) } }),
  };
}

export function setTracking(state: MarketState, asked: Asked): Answer {
  const order = orderOf(state, asked.id);
  const tracking = bodyOf(trackingBody, asked);
  const bad = badCarrier(state, tracking);
  if (bad !== null) throw new Refusal(400, bad);
  if (!['SHIPPING', 'SHIPPED'].includes(order.state)) throw new Refusal(400, `Order is in state ${order.state}`);
  order.tracking = { number: tracking.tracking_number ?? null, carrier: tracking.carrier_code ?? tracking.carrier_name ?? null };
  touch(state, order);
  return { status: 204 };
}

export function shipOrder(state: MarketState, { id }: Asked): Answer {
  const order = orderOf(state, id);
  if (order.state !== 'SHIPPING') throw new Refusal(400, `Order is in state ${order.state}`);
  const lines = order.lines.map((line) => ({ lineId: line.id, quantity: leftUnits(state, line) })).filter(({ quantity }) => quantity > 0);
  state.shipments.push({
    id: `shipment-${nextId(state)}`,
    orderId: id,
    at: now(state),
    lines,
    tracking: order.tracking?.number ?? null,
    carrier: order.tracking?.carrier ?? null,
  });
  settleOrder(state, order);
  return { status: 204 };
}
