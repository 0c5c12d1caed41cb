import { currencyExponent, isFault, type ChannelProbe } from '@quartermaster/domain';
import { orNull, type WooClient } from './client.ts';
import { anythingSchema, batchSchema, currencySchema, fulfillmentsSchema, orderHeadsSchema, settingSchema, siteSchema } from './wire.ts';

/** Asks who we are in the shop, and names in words what stands in the way: rights that the key has not, settings under which an operation of ours has no effect. */
export async function probeShop(client: WooClient, given: { readonly fulfillments: boolean }): Promise<ChannelProbe> {
  const problems: string[] = [];
  const query = { _fields: 'name,namespaces' };
  const site = await client({ operation: 'probe', method: 'GET', path: '/', query, schema: siteSchema, kind: 'read' });
  if (!site.namespaces.includes('wc/v3')) return { account: site.name, problems: ['WooCommerce is not active there'] };
  await client({
    operation: 'probe.orders',
    method: 'GET',
    path: '/wc/v3/orders',
    query: { per_page: 1, _fields: 'id,status,date_created_gmt,date_modified_gmt' },
    schema: orderHeadsSchema,
    kind: 'read',
  });
  // A batch of nothing changes nothing, and is refused to a key that may only read.
  const writing = client({
    operation: 'probe.write',
    method: 'POST',
    path: '/wc/v3/products/batch',
    body: {},
    schema: batchSchema.or(anythingSchema),
    kind: 'repeatable-effect',
  });
  if (!(await isAllowed(writing))) problems.push('the key may only read');

  const currency = await client({
    operation: 'probe.currency',
    method: 'GET',
    path: '/wc/v3/data/currencies/current',
    query: { _fields: 'code' },
    schema: currencySchema,
    kind: 'read',
  });
  const decimals = await setting('general/woocommerce_price_num_decimals');
  const stock = await setting('products/woocommerce_manage_stock');
  if (decimals === null || stock === null) problems.push("the key's user may not see the shop's settings");
  if (decimals !== null && Number(decimals) > currencyExponent(currency.code))
    problems.push(
      `prices have ${decimals} decimals, and ${currency.code} has ${currencyExponent(currency.code)}: totals between its smallest units cannot be read`,
    );
  if (stock === 'no') problems.push('stock management is off, so no level that is published has an effect');
  if (given.fulfillments && !(await hasFulfillments())) problems.push('the feature `fulfillments` is off');
  return { account: site.name, problems };

  async function setting(path: string): Promise<string | null> {
    const reading = client({
      operation: 'probe.settings',
      method: 'GET',
      path: `/wc/v3/settings/${path}`,
      query: { _fields: 'id,value' },
      schema: settingSchema,
      kind: 'read',
    });
    try {
      return String((await reading).value);
    } catch (error) {
      if (isFault(error) && ['unauthorized', 'forbidden', 'not-found'].includes(error.code)) return null;
      throw error;
    }
  }

  /** Of an order that is not there: the shop knows the address only with the feature on. */
  async function hasFulfillments(): Promise<boolean> {
    try {
      await orNull(
        client({
          operation: 'probe.fulfillments',
          method: 'GET',
          path: '/wc/v3/orders/0/fulfillments',
          schema: fulfillmentsSchema,
          kind: 'read',
        }),
      );
      return true;
    } catch (error) {
      if (isFault(error) && error.facts.vendorCode === 'rest_no_route') return false;
      throw error;
    }
  }
}

async function isAllowed(call: Promise<unknown>): Promise<boolean> {
  try {
    await call;
    return true;
  } catch (error) {
    if (isFault(error) && error.code === 'unauthorized') return false;
    throw error;
  }
}
