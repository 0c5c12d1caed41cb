import type { HttpEvent } from '@quartermaster/connector-kit';
import type { ChannelSubject } from '@quartermaster/connector-kit/conformance';
import { sandboxFetch, virtualClock, withFaults } from '@quartermaster/connector-kit/sandbox';
import { walmartChannel } from '../channel.ts';
import { createWalmartSandbox } from '../sandbox/index.ts';
import { defaultSignatureHeader } from '../webhook.ts';
import { ada, keys, origin, shipNodes, start, webhookSecret } from './seller.ts';

/** Walmart's sandbox, as the conformance suite wants a channel. */
export const walmartSubject: ChannelSubject = {
  name: 'Walmart',
  lacks: {
    'compare-and-set': 'quantities are set whatever they were',
    'unpaid-orders': 'an order comes once its money is authorized',
    'taxes-included': 'prices of the United States hold no tax',
    'other-currencies': 'the marketplace of the United States sells in dollars',
    capture: 'shipping takes the money',
    'duplicate-skus': 'a SKU is the key of an item: there cannot be two',
    'listings-without-sku': 'a SKU is the key of an item: none is without',
  },
  open(given = {}) {
    const clock = virtualClock(given.start ?? start);
    const walmart = createWalmartSandbox({
      ...keys,
      clock,
      shipNodes: Object.values(shipNodes),
      unsubscribed: { header: defaultSignatureHeader, secret: webhookSecret },
    });
    const stock = { [shipNodes.BER]: 10, [shipNodes.PAR]: 3 };
    walmart.addItem({ sku: 'MUG', title: 'MUG', price: 1290, stock });
    walmart.addItem({ sku: 'TEA', title: 'TEA', price: 450, stock });
    const exchanges: HttpEvent[] = [];
    const secrets = [keys.clientSecret, webhookSecret];
    const nodeOf = (node: string) => Object.entries(shipNodes).find(([name]) => name === node)?.[1] ?? '';
    let touched = 0;
    return {
      clock,
      exchanges,
      secrets,
      channel: walmartChannel({
        ...keys,
        connection: 'acme-walmart',
        shipNodes,
        webhookSecret,
        clock,
        random: () => 0.5,
        fetch: sandboxFetch({ [origin]: withFaults(walmart.app, given.faults ?? (() => null)) }),
        onEvent(event) {
          exchanges.push(event);
          secrets.push(...walmart.tokens().filter((token) => !secrets.includes(token)));
        },
      }),
      shop: {
        keepsOurName: false,
        placeOrder: ({ lines, shipping }) => walmart.placeOrder({ lines, address: ada, ...(shipping === undefined ? {} : { shipping }) }),
        touchOrder: (id) => walmart.changeAddress(id, { ...ada, phone: `31555${String(++touched).padStart(5, '0')}` }),
        cancelOrder: (id) => walmart.autoCancel(id),
        takeOut: (id, sku, units) => walmart.cancelUnits(id, sku, units),
        stockOf: (sku, node) => walmart.stock(sku, nodeOf(node)),
        setStock: (sku, node, units) => walmart.setStock(sku, nodeOf(node), units),
        orderOf(id) {
          const order = walmart.order(id);
          const shipped = order.lines.flatMap(({ sku, shipped: groups }) => groups.map((group) => ({ sku, ...group })));
          const numbers = [...new Set(shipped.map(({ trackingNumber }) => trackingNumber))];
          return {
            cancelled: order.lines.every(({ cancelled, quantity }) => cancelled === quantity),
            cancelledUnits: Object.fromEntries(
              order.lines.filter(({ cancelled }) => cancelled > 0).map(({ sku, cancelled }) => [sku, cancelled]),
            ),
            shipments: numbers.map((number) => ({
              trackingNumbers: [number],
              units: Object.fromEntries(
                shipped.filter(({ trackingNumber }) => trackingNumber === number).map(({ sku, units }) => [sku, units]),
              ),
            })),
            acknowledgedAs: order.acknowledged ? id : null,
            refunds: order.refunds.map(({ amount }) => amount),
            captured: 0,
          };
        },
        requestReturn: (id, sku, units) => walmart.openReturn(id, sku, units),
        addListing: ({ sku, title }) => walmart.addItem({ sku: sku ?? '', title, price: 990, stock: { [shipNodes.BER]: 1 } }),
        takeWebhooks: (how) => walmart.takeNotifications(how),
        disableWebhooks: () => walmart.turnOffSubscriptions(),
      },
    };
  },
};
