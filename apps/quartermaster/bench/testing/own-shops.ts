import { shopifyBucketName, shopifyChannel, shopifyPlans } from '@quartermaster/shopify';
import { createShopifySandbox } from '@quartermaster/shopify/sandbox';
import { wooCommerceBucket, wooCommerceBucketName, wooCommerceChannel } from '@quartermaster/woocommerce';
import { createWooCommerceSandbox } from '@quartermaster/woocommerce/sandbox';
import { distantFetch, nodes, type Stand, type Surroundings } from './stand.ts';

// Shops of the company's own: Shopify on its Standard plan, and a WooCommerce with a firewall that lets through what a small host bears.

const random = () => 0.5;

export function shopifyStand({ clock, limiterOf, onEvent }: Surroundings): Stand {
  const [connection, accessToken, webhookSecret] = ['shopify', 'shpat_bench', 'hush'];
  const shop = createShopifySandbox({
    shop: 'acme',
    accessToken,
    webhookSecret,
    clock,
    currency: 'EUR',
    taxesIncluded: true,
    locations: nodes.map((name) => ({ name })),
  });
  const address = { name: 'Ada Example', address1: 'Beispielweg 1', zip: '53111', city: 'Bonn', countryCode: 'DE' };
  return {
    channel: shopifyChannel({
      connection,
      shop: 'acme',
      accessToken,
      webhookSecret,
      locations: shop.locationIds,
      clock,
      random,
      onEvent,
      limiter: limiterOf({ [shopifyBucketName(connection)]: shopifyPlans.standard }),
      fetch: distantFetch(clock, { 'https://acme.myshopify.com': shop.app }),
    }),
    addItem: ({ sku, stock }) => void shop.addVariant({ sku, title: sku, grams: 400, price: '12.90', stock }),
    setStock: (sku, node, units) => shop.setStock(sku, node, units),
    stockOf: (sku, node) => (node === '*' ? nodes : [node]).reduce((sum, each) => sum + shop.stock(sku, each).available, 0),
    placeOrder: (sku, quantity) => shop.placeOrder({ lines: [{ sku, quantity }], address, shippingPrice: '4.90' }).id,
  };
}

export function wooCommerceStand({ clock, limiterOf, onEvent }: Surroundings): Stand {
  const connection = 'woocommerce';
  const origin = 'https://shop.example';
  const keys = { consumerKey: 'ck_0123456789abcdef', consumerSecret: 'cs_fedcba9876543210' };
  const shop = createWooCommerceSandbox({
    origin,
    ...keys,
    clock,
    currency: 'EUR',
    taxesIncluded: true,
    zone: 'Europe/Berlin',
    firewall: { burst: wooCommerceBucket.capacity, perSecond: wooCommerceBucket.perSecond },
  });
  const parents = new Map<string, number>();
  const parentOf = (group: string): number => {
    const parent = parents.get(group) ?? shop.addProduct({ sku: '', name: group, price: '12.90', stock: null, type: 'variable' });
    parents.set(group, parent);
    return parent;
  };
  const address = {
    first_name: 'Ada',
    last_name: 'Example',
    company: '',
    address_1: 'Beispielweg 1',
    address_2: '',
    city: 'Bonn',
    state: '',
    postcode: '53111',
    country: 'DE',
    phone: '',
  };
  return {
    channel: wooCommerceChannel({
      connection,
      origin,
      ...keys,
      webhookSecret: 'hush',
      clock,
      random,
      onEvent,
      limiter: limiterOf({ [wooCommerceBucketName(connection)]: wooCommerceBucket }),
      fetch: distantFetch(clock, { [origin]: shop.app }),
    }),
    addItem: ({ sku, stock, group }) =>
      void shop.addProduct({
        sku,
        name: sku,
        price: '12.90',
        stock: Object.values(stock).reduce((sum, units) => sum + units, 0),
        ...(group === null ? {} : { parent: parentOf(group) }),
      }),
    setStock: (sku, _node, units) => shop.setStock(sku, units),
    stockOf: (sku) => shop.stock(sku) ?? 0,
    placeOrder: (sku, quantity) => shop.placeOrder({ lines: [{ sku, quantity }], address, shipping: '4.90' }),
  };
}
