import { amazonBuckets, amazonChannel } from '@quartermaster/amazon';
import { createAmazonSandbox } from '@quartermaster/amazon/sandbox';
import { everyNode, type NodeId } from '@quartermaster/domain';
import { ebayApis, ebayBucketName, ebayBuckets, ebayChannel, firstDailyQuotas } from '@quartermaster/ebay';
import { createEbaySandbox } from '@quartermaster/ebay/sandbox';
import { miraklBuckets, miraklChannel } from '@quartermaster/mirakl';
import { createMiraklSandbox } from '@quartermaster/mirakl/sandbox';
import { firstQuotas, walmartBucketName, walmartBuckets, walmartChannel, walmartRateBuckets } from '@quartermaster/walmart';
import { createWalmartSandbox } from '@quartermaster/walmart/sandbox';
import type { Allowance } from './held-back.ts';
import { distantFetch, nodes, type Stand, type Surroundings } from './stand.ts';

// A seller's accounts on marketplaces, with the limits that each publishes, or those that applications commonly have.

const random = () => 0.5;
const price = 1_290;

export function amazonStand({ clock, limiterOf, onEvent }: Surroundings): Stand {
  const connection = 'amazon';
  const sellerId = 'A3TH9S8BH6GOGM';
  const credentials = { clientId: 'amzn1.application-oa2-client.0123', clientSecret: 'amzn1.oa2-cs.v1.hush', refreshToken: 'Atzr|0123' };
  const amazon = createAmazonSandbox({ clock, sellerId, credentials });
  const { app } = amazon;
  return {
    channel: amazonChannel({
      connection,
      region: 'eu',
      sellerId,
      marketplaceIds: ['A1PA6795UKMFR9'],
      credentials,
      notificationAuthorizations: ['Basic bm90aWZ5'],
      clock,
      random,
      onEvent,
      limiter: limiterOf(amazonBuckets(connection)),
      fetch: distantFetch(clock, { 'https://sellingpartnerapi-eu.amazon.com': app, 'https://api.amazon.com': app }),
    }),
    addItem: ({ sku, stock }) => amazon.addListing({ sku, title: sku, price: '12.90', quantity: total(stock) }),
    setStock: (sku, _node, units) => amazon.setStock(sku, units),
    stockOf: (sku) => amazon.stock(sku)?.quantity ?? 0,
    placeOrder: (sku, quantity) => amazon.placeOrder({ lines: [{ sku, quantity }] }),
  };
}

export function ebayStand({ clock, limiterOf, onEvent }: Surroundings): Stand {
  const keyset = { clientId: 'Acme-QM-PRD-1', clientSecret: 'PRD-cert-0123456789', refreshToken: 'v^1.1#refresh#abcdef0123' };
  const locations = { BER: 'berlin', HAM: 'hamburg' };
  const at = (node: NodeId) => (node === everyNode ? null : codeOf(locations, node));
  const ebay = createEbaySandbox({ ...keyset, clock, marketplace: 'EBAY_DE', currency: 'EUR', locations: Object.values(locations) });
  const address = { name: 'Ada Example', line1: 'Beispielweg 1', city: 'Bonn', postalCode: '53111', countryCode: 'DE', phone: '' };
  return {
    channel: ebayChannel({
      ...keyset,
      connection: 'ebay',
      marketplace: 'EBAY_DE',
      locations,
      clock,
      random,
      onEvent,
      limiter: limiterOf(ebayBuckets(keyset.clientId), ebayAllowances(keyset.clientId)),
      fetch: distantFetch(clock, { 'https://api.ebay.com': ebay.app }),
    }),
    addItem: ({ sku, stock, group }) =>
      ebay.addItem({ sku, title: sku, price, stock: byCode(locations, stock), ...(group === null ? {} : { group }) }),
    setStock: (sku, node, units) => ebay.setStock(sku, at(node), units),
    stockOf: (sku, node) => ebay.stock(sku, at(node)),
    placeOrder: (sku, quantity) => ebay.placeOrder({ lines: [{ sku, quantity }], address, shipping: 490 }).id,
  };
}

export function walmartStand({ clock, limiterOf, onEvent }: Surroundings): Stand {
  const keys = { clientId: 'a1b2c3d4-0000-4000-8000-acme', clientSecret: 'AKh-secret-0123456789' };
  const shipNodes = { BER: '1000005050', HAM: '79897837271126017' };
  const walmart = createWalmartSandbox({ ...keys, clock, shipNodes: Object.values(shipNodes) });
  const address = { name: 'Ada Example', line1: '1 Example Way', city: 'Warners', state: 'NY', postalCode: '13164', phone: '3155590000' };
  return {
    channel: walmartChannel({
      ...keys,
      connection: 'walmart',
      shipNodes,
      webhookSecret: 'hush',
      clock,
      random,
      onEvent,
      limiter: limiterOf(walmartRateBuckets(keys.clientId), walmartAllowances(keys.clientId)),
      fetch: distantFetch(clock, { 'https://marketplace.walmartapis.com': walmart.app }),
    }),
    addItem: ({ sku, stock }) => walmart.addItem({ sku, title: sku, price, stock: byCode(shipNodes, stock) }),
    setStock: (sku, node, units) => walmart.setStock(sku, codeOf(shipNodes, node), units),
    stockOf: (sku, node) =>
      (node === everyNode ? nodes : [node]).reduce((sum, each) => sum + walmart.stock(sku, codeOf(shipNodes, each)), 0),
    placeOrder: (sku, quantity) => walmart.placeOrder({ lines: [{ sku, quantity }], address, shipping: 490 }),
  };
}

export function miraklStand({ clock, limiterOf, onEvent }: Surroundings): Stand {
  const [origin, apiKey, shopId] = ['https://otto-markt.mirakl.net', 'b7d1c0de-9f7c-4b1a-8d0e-5a1f2e3d4c5b', 2_000] as const;
  const warehouses = { BER: 'berlin', HAM: 'hamburg' };
  const at = (node: NodeId) => (node === everyNode ? node : codeOf(warehouses, node));
  const market = createMiraklSandbox({
    apiKey,
    shopId,
    clock,
    currency: 'EUR',
    taxesIncluded: true,
    warehouses: Object.values(warehouses),
  });
  const address = {
    firstname: 'Ada',
    lastname: 'Lovelace',
    street_1: 'Analytische Gasse 12',
    zip_code: '53111',
    city: 'Bonn',
    country_iso_code: 'DEU',
    phone: '+49 228 12345',
  };
  return {
    channel: miraklChannel({
      connection: 'mirakl',
      origin,
      apiKey,
      shopId,
      warehouses,
      carriers: { ups: 'UPS' },
      clock,
      random,
      onEvent,
      limiter: limiterOf(miraklBuckets(origin, apiKey, shopId)),
      fetch: distantFetch(clock, { [origin]: market.app }),
    }),
    addItem: ({ sku, stock }) => market.addOffer({ sku, title: sku, price, stock: byCode(warehouses, stock) }),
    setStock: (sku, node, units) => market.setStock(sku, at(node), units),
    stockOf: (sku, node) => market.stock(sku, at(node)),
    placeOrder: (sku, quantity) => market.placeOrder({ lines: [{ sku, quantity }], address, shipping: 490 }),
  };
}

/** So many calls a day of each API. */
function ebayAllowances(clientId: string): Record<string, Allowance> {
  return Object.fromEntries(
    ebayApis.map((api) => [ebayBucketName(clientId, api), { kind: 'window', calls: firstDailyQuotas[api], perMs: 86_400_000 }]),
  );
}

/** So many calls of each operation, all of which come back when its time is over. */
function walmartAllowances(clientId: string): Record<string, Allowance> {
  return Object.fromEntries(
    walmartBuckets.map((bucket) => [walmartBucketName(clientId, bucket), { kind: 'window', ...firstQuotas[bucket] }]),
  );
}

function codeOf(codes: Readonly<Record<NodeId, string>>, node: NodeId): string {
  return codes[node] ?? '';
}

function byCode(codes: Readonly<Record<NodeId, string>>, stock: Readonly<Record<NodeId, number>>): Record<string, number> {
  return Object.fromEntries(Object.entries(stock).map(([node, units]) => [codeOf(codes, node), units]));
}

function total(stock: Readonly<Record<NodeId, number>>): number {
  return Object.values(stock).reduce((sum, units) => sum + units, 0);
}
