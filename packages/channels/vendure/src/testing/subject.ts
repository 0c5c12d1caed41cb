import type { BenchOrderState, ChannelSubject } from '@quartermaster/connector-kit/conformance';
import { withFaults } from '@quartermaster/connector-kit/sandbox';
import { currencyExponent } from '@quartermaster/domain';
import { acknowledgedIn } from '../acknowledgement.ts';
import type { VendureSandbox } from '../sandbox/index.ts';
import { givenShop, stockLocations, token } from './shop.ts';

/** Vendure's sandbox, as the conformance suite wants a channel. */
export const vendureSubject: ChannelSubject = {
  name: 'Vendure',
  lacks: {
    'compare-and-set': 'a level is set whatever it was',
    'unpaid-orders': 'an order is placed when its payment is authorized or settled',
    returns: 'the core knows no returns',
    webhooks: 'left to plugins; the core sends none',
    'signed-webhooks': 'left to plugins; the core sends none',
    subscriptions: 'left to plugins; the core sends none',
  },
  open(given = {}) {
    const currency = given.currency ?? 'EUR';
    // A shop that sells in dinars sets three decimals; one that sells in yen keeps Vendure's two.
    const precision = Math.max(2, currencyExponent(currency));
    const scale = 10 ** (precision - currencyExponent(currency));
    const { shop, channel, clock, exchanges } = givenShop(
      { currency, precision, pricesIncludeTax: given.taxesIncluded ?? true },
      {},
      (app) => withFaults(app, given.faults ?? (() => null)),
      given.start,
    );
    const stock = { [stockLocations.BER]: 10, [stockLocations.PAR]: 3 };
    shop.addVariant({ sku: 'MUG', name: 'MUG', price: 1290 * scale, stock });
    shop.addVariant({ sku: 'TEA', name: 'TEA', price: 450 * scale, stock });
    const locationOf = (node: string) => Object.entries(stockLocations).find(([name]) => name === node)?.[1] ?? node;
    let touched = 0;
    return {
      clock,
      exchanges,
      secrets: [token],
      channel,
      shop: {
        placeOrder: ({ lines, shipping = 0, authorizedOnly = false }) =>
          shop.placeOrder({
            lines: lines.map(({ sku, quantity, discount = 0, tax = 0 }) => ({
              sku,
              quantity,
              discount: discount * scale,
              tax: tax * scale,
            })),
            shipping: shipping * scale,
            payment: authorizedOnly ? 'Authorized' : 'Settled',
          }),
        touchOrder: (id) => shop.changePhone(id, `+49 228 ${++touched}`),
        cancelOrder: (id) => shop.cancel(id),
        takeOut: (id, sku, units) => shop.cancel(id, { sku, units }),
        stockOf: (sku, node) => shop.saleable(sku, locationOf(node)),
        setStock: (sku, node, units) => shop.setStock(sku, locationOf(node), units),
        orderOf: (id) => benchState(shop, id, scale),
        addListing: ({ sku, title }) => void shop.addVariant({ sku: sku ?? '', name: title, price: 100, stock: {} }),
      },
    };
  },
};

function benchState(shop: VendureSandbox, id: string, scale: number): BenchOrderState {
  const { state, lines, payments, fulfillments, history } = shop.snapshot(id);
  const cancelled = lines
    .filter(({ placed, quantity }) => quantity < placed)
    .map((line) => [shop.skuOf(line.id), line.placed - line.quantity]);
  const notes = history.flatMap(({ data }) => (typeof data['note'] === 'string' ? (acknowledgedIn(data['note']) ?? []) : []));
  return {
    cancelled: state === 'Cancelled',
    cancelledUnits: Object.fromEntries(cancelled),
    shipments: fulfillments
      .filter((one) => one.state === 'Shipped')
      .map((one) => ({
        trackingNumbers: one.trackingCode?.split(', ') ?? [],
        units: Object.fromEntries(one.lines.map(({ orderLineId, quantity }) => [shop.skuOf(orderLineId), quantity])),
      })),
    // Told twice, both names are there.
    acknowledgedAs: notes.length === 0 ? null : notes.join(', '),
    refunds: payments.flatMap(({ refunds }) => refunds.map(({ total }) => total / scale)),
    captured: payments.filter((one) => one.state === 'Settled').reduce((sum, { amount }) => sum + amount, 0) / scale,
  };
}
