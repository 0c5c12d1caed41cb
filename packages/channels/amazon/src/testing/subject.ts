import type { HttpEvent } from '@quartermaster/connector-kit';
import type { BenchOrder, ChannelSubject, SubjectGiven } from '@quartermaster/connector-kit/conformance';
import { sandboxFetch, virtualClock, withFaults } from '@quartermaster/connector-kit/sandbox';
import { decimalOf, epochMs, instantOf, money, type Channel } from '@quartermaster/domain';
import { amazonChannel } from '../channel.ts';
import { searchDelayMs } from '../limits.ts';
import { createAmazonSandbox, type SandboxMarketplace } from '../sandbox/index.ts';
import { ada, apiOrigin, authorization, credentials, loginOrigin, sellerId, start } from './shop.ts';

/** Amazon's sandbox, as the conformance suite wants a channel: Germany, or the United States where taxes are on top. */
export const amazonSubject: ChannelSubject = {
  name: 'Amazon',
  lacks: {
    'stock-per-node': 'one figure per SKU; places of their own only in External Fulfillment',
    'compare-and-set': 'a level is set, whatever it was',
    'order-edits': 'an order is not edited: its items ship or are cancelled',
    'partial-cancel': 'an acknowledgement as failed cancels the whole order',
    capture: 'Amazon takes the money itself',
    'duplicate-skus': 'a SKU is unique within a seller',
    'listings-without-sku': 'every listing has a SKU',
    'signed-webhooks': "notifications come by AWS's queues and buses, with no signature over the bytes",
  },
  open(given = {}) {
    const clock = virtualClock(given.start ?? start);
    const marketplace = marketplaceOf(given);
    const shop = createAmazonSandbox({ clock, sellerId, credentials, marketplace });
    const price = (minor: number) => decimalOf(money(minor, marketplace.currency));
    for (const [sku, minor] of [
      ['MUG', 1290],
      ['TEA', 450],
    ] as const)
      shop.addListing({ sku, title: sku, price: price(minor), quantity: 10 });
    const exchanges: HttpEvent[] = [];
    let touched = 0;
    const app = withFaults(shop.app, given.faults ?? (() => null));
    const channel = amazonChannel({
      connection: 'acme-de',
      region: 'eu',
      sellerId,
      marketplaceIds: [marketplace.id],
      credentials,
      notificationAuthorizations: [authorization],
      notificationDestination: { kind: 'event-bridge', accountId: '123456789012', region: 'eu-central-1' },
      clock,
      random: () => 0.5,
      fetch: sandboxFetch({ [apiOrigin]: app, [loginOrigin]: app }),
      onEvent: (event) => exchanges.push(event),
    });
    return {
      clock,
      exchanges,
      get secrets() {
        return [credentials.clientSecret, credentials.refreshToken, authorization, ...shop.accessTokens];
      },
      channel: readLater(channel, clock),
      shop: {
        placeOrder: (order) => shop.placeOrder(newOrder(order, price)),
        touchOrder: (id) => shop.changeAddress(id, { ...ada, phone: `+49 228 ${++touched}` }),
        cancelOrder: (id) => shop.cancelOrder(id),
        stockOf: (sku) => shop.stock(sku)?.quantity ?? 0,
        setStock: (sku, _node, units) => shop.setStock(sku, units),
        orderOf(id) {
          const order = shop.order(id);
          return {
            cancelled: order.status === 'CANCELLED',
            cancelledUnits: {},
            shipments: order.packages.map(({ trackingNumber, units }) => ({ trackingNumbers: [trackingNumber], units })),
            acknowledgedAs: order.sellerOrderId,
            refunds: order.refunds,
            captured: 0,
          };
        },
        requestReturn: (id, sku, units) => shop.requestReturn(id, sku, units),
        addListing({ sku, title }) {
          if (sku !== null) shop.addListing({ sku, title, price: price(100) });
        },
        takeWebhooks: (how) =>
          shop.takeNotifications(how).map((text) => ({ body: Buffer.from(eventBridge(text)), headers: { authorization } })),
        disableWebhooks: () => shop.dropSubscriptions(),
      },
    };
  },
};

/**
 * A search shows what changed until two minutes ago, and refuses to be asked for more; so whoever wants to see what has just happened reads two minutes later. The suite's clock stands
 * still, so the two minutes pass here.
 */
function readLater(channel: Channel, clock: ReturnType<typeof virtualClock>): Channel {
  const wait = () => clock.advanceTo(instantOf(epochMs(clock.now()) + searchDelayMs + 1_000));
  return {
    ...channel,
    async *pullOrders(since) {
      wait();
      yield* channel.pullOrders(since);
    },
    async *standings(of) {
      wait();
      yield* channel.standings(of);
    },
  };
}

function marketplaceOf({ currency, taxesIncluded = true }: SubjectGiven): SandboxMarketplace {
  if (currency === 'JPY') return { id: 'A1VC38T7YXB528', name: 'Amazon.co.jp', currency, taxesIncluded };
  // Amazon has no marketplace of three decimals; a German one that has shows that nothing here counts them.
  if (taxesIncluded) return { id: 'A1PA6795UKMFR9', name: 'Amazon.de', currency: currency ?? 'EUR', taxesIncluded };
  return { id: 'ATVPDKIKX0DER', name: 'Amazon.com', currency: currency ?? 'USD', taxesIncluded };
}

function newOrder(order: BenchOrder, price: (minor: number) => string) {
  return {
    lines: order.lines.map(({ sku, quantity, discount, tax }) => ({
      sku,
      quantity,
      ...(discount === undefined ? {} : { discount: price(discount) }),
      ...(tax === undefined ? {} : { tax: price(tax) }),
    })),
    address: ada,
    ...(order.shipping === undefined ? {} : { shipping: price(order.shipping) }),
    ...(order.paid === false ? { pending: true } : {}),
  };
}

/** A notification in the envelope that EventBridge delivers it in. */
function eventBridge(text: string): string {
  const detail: unknown = JSON.parse(text);
  return JSON.stringify({
    version: '0',
    source: 'aws.partner/sellingpartnerapi.amazon.com/sandbox',
    'detail-type': 'ORDER_CHANGE',
    detail,
  });
}
