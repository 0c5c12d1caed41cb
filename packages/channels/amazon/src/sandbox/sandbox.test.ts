import { virtualClock } from '@quartermaster/connector-kit/sandbox';
import { epochMs, instantOf } from '@quartermaster/domain';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { apiOrigin, credentials, germany, loginOrigin, sellerId, start } from '../testing/shop.ts';
import { createAmazonSandbox } from './sandbox.ts';

const mug = { lines: [{ sku: 'MUG', quantity: 2 }] };
const tokenSchema = z.object({ access_token: z.string() });
const pageSchema = z.object({ orders: z.array(z.unknown()), pagination: z.object({ nextToken: z.string() }).optional() });

async function givenSandbox() {
  const clock = virtualClock(start);
  const shop = createAmazonSandbox({ clock, sellerId, credentials });
  shop.addListing({ sku: 'MUG', title: 'Mug', price: '12.90', quantity: 10 });
  const { clientId, clientSecret, refreshToken } = credentials;
  const form = { grant_type: 'refresh_token', refresh_token: refreshToken, client_id: clientId, client_secret: clientSecret };
  const login = await shop.app(new Request(`${loginOrigin}/auth/o2/token`, { method: 'POST', body: new URLSearchParams(form) }));
  const token = tokenSchema.parse(await login.json()).access_token;
  const ask = (path: string, method = 'GET', body?: unknown) =>
    shop.app(
      new Request(`${apiOrigin}${path}`, {
        method,
        headers: { 'x-amz-access-token': token, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      }),
    );
  const search = (query: Record<string, string>) => ask(`/orders/2026-01-01/orders?${new URLSearchParams(query).toString()}`);
  const later = (seconds: number) => clock.advanceTo(instantOf(epochMs(clock.now()) + seconds * 1_000));
  return { clock, shop, ask, search, later };
}

test.each([
  ['no beginning', {}],
  ['two beginnings', { createdAfter: '2026-11-20T00:00:00Z', lastUpdatedAfter: '2026-11-20T00:00:00Z' }],
  ['an end less than two minutes ago', { lastUpdatedAfter: '2026-11-20T00:00:00Z', lastUpdatedBefore: '2026-11-21T08:58:01Z' }],
  ['an end of another kind', { createdAfter: '2026-11-20T00:00:00Z', lastUpdatedBefore: '2026-11-20T01:00:00Z' }],
  ['a beginning less than two minutes ago', { lastUpdatedAfter: '2026-11-21T08:59:00Z' }],
  ['a page of more than a hundred', { lastUpdatedAfter: '2026-11-20T00:00:00Z', maxResultsPerPage: '101' }],
  ['a beginning three years ago', { lastUpdatedAfter: '2023-11-20T00:00:00Z' }],
  ['a data set that there is not', { lastUpdatedAfter: '2026-11-20T00:00:00Z', includedData: 'EVERYTHING' }],
  ['a parameter that there is not', { lastUpdatedAfter: '2026-11-20T00:00:00Z', OrderStatuses: 'Shipped' }],
])('a search of orders with %s is refused', async (_what, query) => {
  const { search } = await givenSandbox();
  expect((await search(query)).status).toBe(400);
});

test('a page is asked for with all that its search was, and within a day', async () => {
  const { shop, search, later } = await givenSandbox();
  for (let nth = 0; nth < 3; nth++) shop.placeOrder(mug);
  later(121);
  const query = { lastUpdatedAfter: '2026-11-20T00:00:00Z', maxResultsPerPage: '2' };
  const { pagination } = pageSchema.parse(await (await search(query)).json());
  const paginationToken = pagination?.nextToken ?? '';
  const other = await search({ ...query, fulfilledBy: 'MERCHANT', paginationToken });
  const same = pageSchema.parse(await (await search({ ...query, paginationToken })).json());
  later(86_300);
  const { status } = await search({ ...query, paginationToken });
  expect([other.status, same.orders.length, status]).toEqual([400, 1, 403]);
});

test('the twenty-first search within three minutes is one too many, and says no rate', async () => {
  const { search, later } = await givenSandbox();
  const query = { lastUpdatedAfter: '2026-11-20T00:00:00Z' };
  const replies = [];
  for (let nth = 0; nth < 21; nth++) replies.push(await search(query));
  later(179);
  const after = await search(query);
  expect([replies.map(({ status }) => status).filter((status) => status !== 200), after.status]).toEqual([[429], 200]);
  expect([after, replies.at(-1)].map((reply) => reply?.headers.get('x-amzn-ratelimit-limit'))).toEqual(['0.0056', null]);
});

test('a pending order is shown without buyer, address and money', async () => {
  const { shop, ask } = await givenSandbox();
  const id = shop.placeOrder({ ...mug, pending: true });
  const text = await (await ask(`/orders/2026-01-01/orders/${id}?includedData=BUYER,RECIPIENT,PROCEEDS,FULFILLMENT`)).text();
  expect([text.includes('PENDING'), /recipient|buyer|proceeds|unitPrice/.test(text)]).toEqual([true, false]);
});

test.each([
  ['a reference that is no number', { packageReferenceId: 'P-1' }],
  ['a reference of zero', { packageReferenceId: '0' }],
  ['no carrier', { carrierCode: '' }],
  ['a carrier Other without a name', { carrierCode: 'Other' }],
  ['no tracking number', { trackingNumber: '' }],
  ['a day to come', { shipDate: '2026-11-22T09:00:00Z' }],
  ['a day before the order', { shipDate: '2026-11-20T09:00:00Z' }],
  ['more than was ordered', { quantity: 3 }],
])('a shipment with %s is refused', async (_what, change) => {
  const { shop, ask } = await givenSandbox();
  const id = shop.placeOrder(mug);
  const { quantity, ...wrong } = { quantity: 2, ...change };
  const orderItems = [{ orderItemId: shop.order(id).items[0]?.id, quantity }];
  const good = { packageReferenceId: '1', carrierCode: 'UPS', trackingNumber: '1Z1', shipDate: start, orderItems };
  const path = `/orders/v0/orders/${id}/shipmentConfirmation`;
  const { status } = await ask(path, 'POST', { marketplaceId: germany, packageDetail: { ...good, ...wrong } });
  expect([status, shop.order(id).packages]).toEqual([400, []]);
});

test('a slash in a SKU that is not encoded ends at the gateway', async () => {
  const { ask } = await givenSandbox();
  expect((await ask(`/listings/2021-08-01/items/${sellerId}/A/B?marketplaceIds=${germany}`)).status).toBe(403);
});

test('ACCEPTED is a promise that is kept some seconds later', async () => {
  const { shop, ask, later } = await givenSandbox();
  const value = [{ fulfillment_channel_code: 'DEFAULT', quantity: 4 }];
  const body = { productType: 'PRODUCT', patches: [{ op: 'replace', path: '/attributes/fulfillment_availability', value }] };
  const path = `/listings/2021-08-01/items/${sellerId}/MUG?marketplaceIds=${germany}`;
  const answer = z.object({ status: z.string() }).parse(await (await ask(path, 'PATCH', body)).json());
  const before = shop.stock('MUG')?.quantity;
  later(4);
  await ask(path);
  expect([answer.status, before, shop.stock('MUG')?.quantity]).toEqual(['ACCEPTED', 10, 4]);
});

test('a feed of a removed type is refused', async () => {
  const { ask } = await givenSandbox();
  const body = { feedType: 'POST_INVENTORY_AVAILABILITY_DATA', marketplaceIds: [germany], inputFeedDocumentId: 'x' };
  expect((await ask('/feeds/2021-06-30/feeds', 'POST', body)).status).toBe(400);
});

test('a token lives an hour', async () => {
  const { ask, later } = await givenSandbox();
  later(3_600);
  const reply = await ask('/sellers/v1/marketplaceParticipations');
  expect([reply.status, (await reply.text()).includes('expired')]).toEqual([403, true]);
});
