import type { BenchOrder, BenchOrderState, ChannelSubject } from '@quartermaster/connector-kit/conformance';
import { withFaults } from '@quartermaster/connector-kit/sandbox';
import { decimalOf, money } from '@quartermaster/domain';
import { webhookTopics } from '../subscriptions.ts';
import type { NewOrder, OrderSnapshot, WooCommerceSandboxOptions } from '../sandbox/index.ts';
import { recordedShipments } from '../shipment-record.ts';
import { fulfillmentItemsSchema } from '../wire.ts';
import { ada, givenShop, keys, webhookSecret } from './shop.ts';

/** WooCommerce's sandbox, as the conformance suite wants a channel. */
export const wooCommerceSubject: ChannelSubject = subjectOf('WooCommerce', {}, false);

/** The same over plain http, where each request is signed by OAuth 1.0a, with the feature `fulfillments` on. */
export const wooCommerceFulfillmentsSubject: ChannelSubject = subjectOf(
  'WooCommerce with fulfilments, over http',
  { origin: 'http://shop.example', fulfillments: true },
  true,
);

function subjectOf(name: string, options: Partial<WooCommerceSandboxOptions>, fulfillments: boolean): ChannelSubject {
  return {
    name,
    lacks: {
      'stock-per-node': 'the shop keeps one figure for each item',
      'compare-and-set': 'a level is set whatever it was',
      'partial-cancel': 'an order is cancelled by its status; units leave it by a refund only, which pays at once',
      capture: 'left to the plugins of payment providers; the API has no such thing',
      returns: 'the core knows no returns',
    },
    open(given = {}) {
      const currency = given.currency ?? 'EUR';
      const price = (minor: number) => decimalOf(money(minor, currency));
      const { shop, channel, clock, exchanges } = givenShop(
        { currency, taxesIncluded: given.taxesIncluded ?? true, zone: given.zone ?? 'Europe/Berlin', ...options },
        { fulfillments },
        (app) => withFaults(app, given.faults ?? (() => null)),
        given.start,
      );
      shop.addProduct({ sku: 'MUG', name: 'MUG', price: price(1290), stock: 10 });
      shop.addProduct({ sku: 'TEA', name: 'TEA', price: price(450), stock: 10 });
      for (const topic of webhookTopics) shop.addWebhook({ topic, url: 'https://elsewhere.example/', secret: webhookSecret });
      const parents = new Map<string, number>();
      let touched = 0;
      return {
        clock,
        exchanges,
        secrets: [keys.consumerKey, keys.consumerSecret, webhookSecret],
        channel,
        shop: {
          placeOrder: (order) => shop.placeOrder(newOrder(order, price)),
          touchOrder: (id) => shop.writeCustomerNote(id, `Ring twice ${++touched}`),
          cancelOrder: (id) => shop.setStatus(id, 'cancelled'),
          takeOut: (id, sku, units) => shop.takeOut(id, sku, units),
          stockOf: (sku) => shop.stock(sku) ?? 0,
          setStock: (sku, _node, units) => shop.setStock(sku, units),
          orderOf: (id) => benchState(shop.snapshot(id), fulfillments),
          // No SKU can be given twice, but variations without one show their product's, and then they share it.
          addListing({ sku, title }) {
            if (sku !== 'TWICE') shop.addProduct({ sku: sku ?? '', name: title, price: '1', stock: 0 });
            else {
              const parent = parents.get(sku) ?? shop.addProduct({ sku, name: '', price: '1', stock: null, type: 'variable' });
              parents.set(sku, parent);
              shop.addProduct({ sku: '', name: title, price: '1', stock: 0, parent });
            }
          },
          takeWebhooks: (how) => shop.takeWebhooks(how),
          disableWebhooks() {
            for (let nth = 0; nth < 7; nth++) shop.failDeliveries();
          },
        },
      };
    },
  };
}

/** What customers were told, one shipment for each note or fulfilment: told twice it is there twice. */
function benchState(order: OrderSnapshot, fulfillments: boolean): BenchOrderState {
  const skuOf = (id: string) => order.lines.find((line) => line.id === id)?.sku ?? id;
  const records = recordedShipments(Object.entries(order.meta).map(([key, value]) => ({ key, value })));
  const told = order.notes.flatMap(({ note }) => [...records].flatMap(([ref, record]) => (note.includes(ref) ? [record] : [])));
  const fulfilled = order.fulfillments.map((one) => ({
    trackingNumbers: String(one['_tracking_number']).split(', '),
    units: Object.fromEntries(fulfillmentItemsSchema.parse(one['_items']).map(({ item_id, qty }) => [skuOf(String(item_id)), qty])),
  }));
  const noted = told.map(({ tracking_numbers, lines }) => ({
    trackingNumbers: tracking_numbers,
    units: Object.fromEntries(lines.map(({ id, units }) => [skuOf(id), units])),
  }));
  const acknowledgedAs = order.meta['_qm_ack'];
  return {
    cancelled: order.status === 'cancelled',
    cancelledUnits: {},
    shipments: fulfillments ? fulfilled : noted,
    acknowledgedAs: typeof acknowledgedAs === 'string' ? acknowledgedAs : null,
    refunds: order.refunds.map(({ amount }) => Math.round(Number(amount) * 100)),
    captured: 0,
  };
}

function newOrder(order: BenchOrder, price: (minor: number) => string): NewOrder {
  return {
    lines: order.lines.map(({ sku, quantity, discount, tax }) => ({
      sku,
      quantity,
      ...(discount === undefined ? {} : { discount: price(discount) }),
      ...(tax === undefined ? {} : { tax: price(tax) }),
    })),
    address: ada,
    ...(order.shipping === undefined ? {} : { shipping: price(order.shipping) }),
    ...(order.paid === undefined ? {} : { paid: order.paid }),
  };
}
