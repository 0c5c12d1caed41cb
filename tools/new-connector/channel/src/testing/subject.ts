import type { HttpEvent } from '@quartermaster/connector-kit';
import type { ChannelSubject } from '@quartermaster/connector-kit/conformance';
import { sandboxFetch, virtualClock, withFaults } from '@quartermaster/connector-kit/sandbox';
import { exampleVendorChannel } from '../channel.ts';
import { createExampleVendorSandbox } from '../sandbox/index.ts';

const origin = 'https://api.example-vendor.example';
const token = 'token-0123456789';

/** The sandbox, as the conformance suite wants a channel. Take a line out of `lacks` as soon as the connector has it. */
export const exampleVendorSubject: ChannelSubject = {
  name: 'Example Vendor',
  lacks: {
    'stock-per-node': 'not written yet',
    'compare-and-set': 'not written yet',
    'order-edits': 'not written yet',
    acknowledge: 'not written yet',
    cancel: 'not written yet',
    'partial-cancel': 'not written yet',
    refund: 'not written yet',
    capture: 'not written yet',
    returns: 'not written yet',
    listings: 'not written yet',
    'listings-without-sku': 'not written yet',
    'duplicate-skus': 'not written yet',
    webhooks: 'not written yet',
    'signed-webhooks': 'not written yet',
    subscriptions: 'not written yet',
  },
  open(given = {}) {
    const clock = virtualClock(given.start ?? '2026-11-21T09:00:00.000Z');
    const shop = createExampleVendorSandbox({
      clock,
      token,
      currency: given.currency ?? 'EUR',
      taxesIncluded: given.taxesIncluded ?? true,
    });
    shop.addItem({ sku: 'MUG', price: 1290, stock: 10 });
    shop.addItem({ sku: 'TEA', price: 450, stock: 10 });
    const exchanges: HttpEvent[] = [];
    return {
      clock,
      exchanges,
      secrets: [token],
      channel: exampleVendorChannel({
        connection: 'acme',
        token,
        origin,
        clock,
        random: () => 0.5,
        fetch: sandboxFetch({ [origin]: withFaults(shop.app, given.faults ?? (() => null)) }),
        onEvent: (event) => exchanges.push(event),
      }),
      shop: {
        placeOrder: (order) => shop.placeOrder(order),
        touchOrder: (id) => shop.touchOrder(id),
        cancelOrder: (id) => shop.cancelOrder(id),
        stockOf: (sku) => shop.stockOf(sku),
        setStock: (sku, _node, units) => shop.setStock(sku, units),
        orderOf(id) {
          const { status, lines, shipments } = shop.order(id);
          const skuOf = (lineId: string) => lines.find((line) => line.id === lineId)?.sku ?? '';
          return {
            cancelled: status === 'cancelled',
            cancelledUnits: {},
            shipments: shipments.map((shipment) => ({
              trackingNumbers: shipment.tracking_numbers,
              units: Object.fromEntries(Object.entries(shop.shippedUnits(shipment.id)).map(([line, units]) => [skuOf(line), units])),
            })),
            acknowledgedAs: null,
            refunds: [],
            captured: 0,
          };
        },
      },
    };
  },
};
