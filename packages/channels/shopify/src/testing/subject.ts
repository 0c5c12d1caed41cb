import type { BenchOrder, ChannelSubject } from '@quartermaster/connector-kit/conformance';
import { sandboxFetch, virtualClock, withFaults } from '@quartermaster/connector-kit/sandbox';
import type { HttpEvent } from '@quartermaster/connector-kit';
import { decimalOf, money, moneyFromDecimal } from '@quartermaster/domain';
import { shopifyChannel } from '../channel.ts';
import { createShopifySandbox, type OrderSnapshot } from '../sandbox/index.ts';
import { ada, origin, start, token, webhookSecret } from './shop.ts';

/** Shopify's sandbox, as the conformance suite wants a channel: location Berlin is node BER, Paris is PAR. */
export const shopifySubject: ChannelSubject = {
  name: 'Shopify',
  lacks: {},
  open(given = {}) {
    const clock = virtualClock(given.start ?? start);
    const currency = given.currency ?? 'EUR';
    const shop = createShopifySandbox({
      shop: 'acme',
      accessToken: token,
      webhookSecret,
      clock,
      currency,
      taxesIncluded: given.taxesIncluded ?? true,
      locations: [{ name: 'Berlin' }, { name: 'Paris' }],
    });
    const price = (minor: number) => decimalOf(money(minor, currency));
    for (const [sku, minor] of [
      ['MUG', 1290],
      ['TEA', 450],
    ] as const)
      shop.addVariant({ sku, title: sku, grams: 400, price: price(minor), stock: { Berlin: 10, Paris: 3 } });
    const exchanges: HttpEvent[] = [];
    const locations: Record<string, string> = { BER: 'Berlin', PAR: 'Paris' };
    let touched = 0;
    const orderOf = (id: string) => {
      const found = shop.snapshot().orders.find((order) => order.id === id);
      if (found === undefined) throw new RangeError(`no order ${id}`);
      return found;
    };
    const lineAt = (id: string, sku: string) => orderOf(id).lines.findIndex((line) => line.sku === sku);
    return {
      clock,
      exchanges,
      secrets: [token, webhookSecret],
      channel: shopifyChannel({
        connection: 'acme-eu',
        shop: 'acme',
        accessToken: token,
        webhookSecret,
        locations: { BER: shop.locationIds['Berlin'] ?? '', PAR: shop.locationIds['Paris'] ?? '' },
        clock,
        random: () => 0.5,
        fetch: sandboxFetch({ [origin]: withFaults(shop.app, given.faults ?? (() => null)) }),
        onEvent: (event) => exchanges.push(event),
      }),
      shop: {
        placeOrder: (order) => shop.placeOrder(newOrder(order, price)).id,
        touchOrder: (id) => shop.changeAddress(id, { ...ada, phone: `+49 228 ${++touched}` }),
        cancelOrder: (id) => shop.cancelOrder(id),
        takeOut(id, sku, units) {
          shop.refund(id, { lines: [{ line: lineAt(id, sku), quantity: units }] });
        },
        stockOf: (sku, node) => shop.stock(sku, locations[node] ?? '').available,
        setStock: (sku, node, units) => shop.setStock(sku, locations[node] ?? '', units),
        orderOf(id) {
          const order = orderOf(id);
          return {
            cancelled: order.cancelledAt !== null,
            cancelledUnits: order.cancelledAt === null ? unitsGone(order) : {},
            shipments: order.fulfillments.map(({ trackingNumbers, lines }) => ({
              trackingNumbers,
              units: Object.fromEntries(lines.map(({ sku, quantity }) => [sku ?? '', quantity])),
            })),
            acknowledgedAs: order.metafields['quartermaster.order'] ?? null,
            refunds: order.refunds.map(({ amount }) => minorOf(amount, currency)),
            captured: minorOf(order.captured, currency),
          };
        },
        requestReturn: (id, sku, units) => shop.requestReturn(id, { line: lineAt(id, sku), units }),
        addListing: ({ sku, title }) =>
          void shop.addVariant({ sku, title, grams: 100, price: price(100), stock: { Berlin: 10, Paris: 3 } }),
        disableWebhooks: () => shop.dropSubscriptions(),
        takeWebhooks: (how) => shop.takeWebhooks(how),
      },
    };
  },
};

function newOrder(order: BenchOrder, price: (minor: number) => string) {
  return {
    lines: order.lines.map(({ sku, quantity, discount, tax }) => ({
      sku,
      quantity,
      ...(discount === undefined ? {} : { discount: price(discount) }),
      ...(tax === undefined ? {} : { tax: price(tax) }),
    })),
    address: ada,
    ...(order.shipping === undefined ? {} : { shippingPrice: price(order.shipping) }),
    ...(order.paid === false ? { financialStatus: 'PENDING' as const } : {}),
    ...(order.authorizedOnly === true ? { financialStatus: 'AUTHORIZED' as const } : {}),
  };
}

/** Units by SKU that were taken out of an order. */
function unitsGone({ lines }: OrderSnapshot): Record<string, number> {
  const gone = lines.filter((line) => line.currentQuantity < line.quantity);
  return Object.fromEntries(gone.map((line) => [line.sku ?? '', line.quantity - line.currentQuantity]));
}

function minorOf(amount: string, currency: string): number {
  return moneyFromDecimal(amount, currency).minor;
}
