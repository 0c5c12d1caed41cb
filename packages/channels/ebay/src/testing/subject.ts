import type { HttpEvent } from '@quartermaster/connector-kit';
import type { BenchOrder, ChannelSubject } from '@quartermaster/connector-kit/conformance';
import { sandboxFetch, virtualClock, withFaults } from '@quartermaster/connector-kit/sandbox';
import { ebayChannel } from '../channel.ts';
import { createEbaySandbox, type NewOrder } from '../sandbox/index.ts';
import { ebayChallengeResponse } from '../webhook.ts';
import { ada, keyset, locations, origin, start, verificationToken } from './seller.ts';

/** eBay's sandbox, as the conformance suite wants a channel: location `berlin` is node BER, `paris` is PAR. */
export const ebaySubject: ChannelSubject = {
  name: 'eBay',
  lacks: {
    'compare-and-set': 'quantities are set whatever they were',
    'order-edits': 'an order keeps its lines; it can only be cancelled as a whole',
    'taxes-included': 'eBay does not tell the tax that a price holds',
    acknowledge: 'no call for it, and no field of an order that a seller can write',
    'partial-cancel': 'whole orders only',
    capture: 'eBay takes the money itself',
    'duplicate-skus': 'a SKU is the key of an inventory item: there cannot be two',
    'listings-without-sku': 'the Inventory API has items with SKU only; listings of the Trading API are not in it',
  },
  open(given = {}) {
    const clock = virtualClock(given.start ?? start);
    const answers = (endpoint: string, challengeCode: string) => ebayChallengeResponse({ challengeCode, verificationToken, endpoint });
    const ebay = createEbaySandbox({
      ...keyset,
      clock,
      marketplace: 'EBAY_DE',
      currency: given.currency ?? 'EUR',
      locations: Object.values(locations),
      endpoint(address) {
        const url = new URL(address);
        const code = url.searchParams.get('challenge_code') ?? '';
        url.search = '';
        return Promise.resolve(answers(url.href, code));
      },
    });
    for (const [sku, price] of [
      ['MUG', 1290],
      ['TEA', 450],
    ] as const)
      ebay.addItem({ sku, title: sku, price, stock: { berlin: 10, paris: 3 } });
    const signingKey = ebay.signingKey();
    const exchanges: HttpEvent[] = [];
    const secrets = [keyset.clientSecret, keyset.refreshToken, signingKey.privateKey, signingKey.jwe, verificationToken];
    let touched = 0;
    const locationOf = (node: string) => Object.entries(locations).find(([name]) => name === node)?.[1] ?? '';
    return {
      clock,
      exchanges,
      secrets,
      channel: ebayChannel({
        ...keyset,
        connection: 'acme-ebay',
        marketplace: 'EBAY_DE',
        locations,
        signingKey,
        verificationToken,
        alertEmail: 'ops@acme.example',
        clock,
        random: () => 0.5,
        fetch: sandboxFetch({ [origin]: withFaults(ebay.app, given.faults ?? (() => null)) }),
        onEvent(event) {
          exchanges.push(event);
          secrets.push(...ebay.tokens().filter((token) => !secrets.includes(token)));
        },
      }),
      shop: {
        placeOrder: (order) => ebay.placeOrder(newOrder(order)).id,
        touchOrder: (id) => ebay.changeAddress(id, { ...ada, phone: `+49 228 ${++touched}` }),
        cancelOrder: (id) => ebay.cancelOrder(id),
        stockOf: (sku, node) => ebay.stock(sku, locationOf(node)),
        setStock: (sku, node, units) => ebay.setStock(sku, locationOf(node), units),
        orderOf(id) {
          const order = ebay.order(id);
          return {
            cancelled: order.cancelState === 'CANCELED',
            cancelledUnits: {},
            shipments: order.fulfillments.map(({ trackingNumber, units }) => ({
              trackingNumbers: trackingNumber === null ? [] : [trackingNumber],
              units,
            })),
            acknowledgedAs: null,
            refunds: order.refunds,
            captured: 0,
          };
        },
        requestReturn: (id, sku, units) => ebay.openReturn(id, sku, units),
        addListing: ({ sku, title }) => ebay.addItem({ sku: sku ?? '', title, price: 990, stock: { berlin: 1 } }),
        takeWebhooks: (how) => ebay.takeNotifications(how),
        disableWebhooks: () => ebay.markDown(),
      },
    };
  },
};

function newOrder(order: BenchOrder): NewOrder {
  return {
    lines: order.lines,
    address: ada,
    ...(order.shipping === undefined ? {} : { shipping: order.shipping }),
    payment: order.paid === false ? 'PENDING' : 'PAID',
  };
}
