import type { EasyPostSnapshot } from '@quartermaster/easypost/sandbox';
import { decimalOf } from '@quartermaster/domain';
import type { OdooSnapshot, SnapshotPicking } from '@quartermaster/odoo/sandbox';
import type { OrderSnapshot, ShopifySnapshot } from '@quartermaster/shopify/sandbox';
import type { EndState, ShopOrderState } from '../end-state.ts';
import type { World, WorldShop } from '../world.ts';
import type { PlacedOrder } from './events.ts';

/** Puts the books of all vendors into the one form that runs are compared in. */
export function endStateOf(given: {
  readonly world: World;
  readonly placed: ReadonlyMap<string, PlacedOrder>;
  readonly shops: ReadonlyMap<string, { readonly shop: WorldShop; readonly snapshot: ShopifySnapshot }>;
  readonly erp: OdooSnapshot;
  readonly carrier: EasyPostSnapshot;
}): EndState {
  const { world, placed, shops, erp, carrier } = given;
  const shopOrders = new Map(
    [...shops].flatMap(([connection, { shop, snapshot }]) =>
      snapshot.orders.map((order) => [`${connection} ${order.id}`, shopOrderState(shop, order)] as const),
    ),
  );
  return {
    orders: Object.fromEntries(
      [...placed].flatMap(([id, { shop, shopOrderId }]) => {
        const order = shopOrders.get(`${shop} ${shopOrderId}`);
        return order === undefined ? [] : [[id, order]];
      }),
    ),
    erpOrders: Object.fromEntries(
      erp.orders.flatMap((order) => (order.externalId === null ? [] : [[order.externalId, erpOrderState(order)]])),
    ),
    erpOrdersWithoutExternalId: erp.orders.filter(({ externalId }) => externalId === null).length,
    labels: labelStates(carrier),
    stock: Object.fromEntries(
      world.nodes.map(({ id }) => {
        const quants = erp.quants.filter(({ warehouse }) => warehouse === id);
        return [id, { onHand: sum(quants.map(({ quantity }) => quantity)), reserved: sum(quants.map(({ reserved }) => reserved)) }];
      }),
    ),
    published: Object.fromEntries(
      [...shops].map(([connection, { snapshot }]) => [connection, sum(snapshot.inventory.map(({ available }) => available))]),
    ),
  };
}

function shopOrderState(shop: WorldShop, order: OrderSnapshot): ShopOrderState {
  const nodes = new Map(shop.locations.map(({ node, name }) => [name, node]));
  return {
    shop: shop.connection,
    shopOrderId: order.id,
    cancelled: order.cancelledAt !== null,
    financialStatus: order.financialStatus,
    total: order.total,
    fulfillments: sorted(
      order.fulfillments.map((fulfillment) => ({
        node: nodes.get(fulfillment.location) ?? fulfillment.location,
        trackingNumbers: fulfillment.trackingNumbers.length,
        lines: sorted(fulfillment.lines.map(({ sku, quantity }) => ({ sku: sku ?? '', units: quantity }))),
      })),
    ),
  };
}

function erpOrderState(order: OdooSnapshot['orders'][number]): EndState['erpOrders'][string] {
  return {
    state: order.state,
    total: `${decimalOf(order.total)} ${order.total.currency}`,
    deliveries: sorted(
      order.pickings.map((picking) => ({
        node: picking.warehouse,
        state: picking.state,
        trackingNumbers: trackingCount(picking),
        lines: sorted(picking.moves.map(({ sku, demand, quantity, state }) => ({ sku, demand, done: state === 'done' ? quantity : 0 }))),
      })),
    ),
  };
}

/** Odoo has one text field for all numbers of a delivery. */
function trackingCount({ tracking }: SnapshotPicking): number {
  return tracking.split(/[,;\s]+/).filter((number) => number !== '').length;
}

function labelStates({ labels }: EasyPostSnapshot): EndState['labels'] {
  const states = new Map<string, { bought: number; refunded: number }>();
  for (const { reference, refundStatus } of labels) {
    const state = states.get(reference ?? '') ?? { bought: 0, refunded: 0 };
    state.bought++;
    if (refundStatus !== null) state.refunded++;
    states.set(reference ?? '', state);
  }
  return Object.fromEntries(states);
}

/** In the order of their texts, whatever order the vendor keeps them in. */
function sorted<Value>(values: readonly Value[]): Value[] {
  return values
    .map((value) => ({ value, text: JSON.stringify(value) }))
    .sort((a, b) => (a.text < b.text ? -1 : a.text > b.text ? 1 : 0))
    .map(({ value }) => value);
}

function sum(values: readonly number[]): number {
  return values.reduce((left, right) => left + right, 0);
}
