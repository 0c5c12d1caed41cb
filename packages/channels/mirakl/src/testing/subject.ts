import type { BenchOrder, ChannelSubject } from '@quartermaster/connector-kit/conformance';
import type { NewOrder } from '../sandbox/index.ts';
import { ada, apiKey, givenShop, warehouses } from './shop.ts';

/** Mirakl's sandbox, as the conformance suite wants a channel: warehouse `berlin` is node BER, `paris` is PAR. */
export const miraklSubject: ChannelSubject = subjectOf('Mirakl', true);

/** The same on a platform with the least that an operator may have turned on: one shipment per order, and no warehouses. */
export const plainMiraklSubject: ChannelSubject = subjectOf('Mirakl without multi-shipment and warehouses', false);

function subjectOf(name: string, full: boolean): ChannelSubject {
  return {
    name,
    lacks: {
      ...(full ? {} : { 'partial-shipment': 'the operator has no multi-shipment', 'stock-per-node': 'the shop has no warehouses' }),
      'compare-and-set': 'quantities are set whatever they were',
      capture: 'the operator takes the money itself',
      'duplicate-skus': "a shop's SKU is the key of an offer: there cannot be two",
      'listings-without-sku': 'an offer has a SKU of the shop always',
      webhooks: "sellers get none: the webhooks of Mirakl Connect are a marketplace connector's",
      'signed-webhooks': 'there are none',
      subscriptions: 'there are none',
    },
    open(given = {}) {
      const { channel, clock, exchanges, market } = givenShop({
        market: {
          currency: given.currency ?? 'EUR',
          taxesIncluded: given.taxesIncluded ?? true,
          multiShipment: full,
          ...(full ? {} : { warehouses: [] }),
        },
        channel: { partialShipments: full },
        hasWarehouses: full,
        ...(given.start === undefined ? {} : { start: given.start }),
        ...(given.faults === undefined ? {} : { faults: given.faults }),
      });
      let touched = 0;
      const warehouseOf = (node: string) => (!full ? '*' : (Object.entries(warehouses).find(([name]) => name === node)?.[1] ?? ''));
      return {
        clock,
        exchanges,
        secrets: [apiKey],
        channel,
        shop: {
          placeOrder: (order) => market.placeOrder(newOrder(order)),
          touchOrder: (id) => market.writeNote(id, `note ${++touched}`),
          cancelOrder: (id) => market.cancel(id),
          takeOut: (id, sku, units) => market.cancelUnits(id, sku, units),
          stockOf: (sku, node) => market.stock(sku, warehouseOf(node)),
          setStock: (sku, node, units) => market.setStock(sku, warehouseOf(node), units),
          orderOf(id) {
            const order = market.snapshot(id);
            return {
              cancelled: order.state === 'CANCELED',
              cancelledUnits: order.cancelledUnits,
              shipments: order.shipments.map(({ tracking, units }) => ({ trackingNumbers: tracking === null ? [] : [tracking], units })),
              acknowledgedAs: order.reference,
              refunds: order.refunds,
              captured: 0,
            };
          },
          requestReturn: (id, sku, units) => market.openReturn(id, sku, units),
          addListing: ({ sku, title }) => market.addOffer({ sku: sku ?? '', title, price: 990, stock: { [full ? 'berlin' : '']: 1 } }),
        },
      };
    },
  };
}

function newOrder(order: BenchOrder): NewOrder {
  return {
    lines: order.lines,
    address: ada,
    ...(order.shipping === undefined ? {} : { shipping: order.shipping }),
    state: order.paid === false ? 'WAITING_DEBIT_PAYMENT' : 'SHIPPING',
  };
}
