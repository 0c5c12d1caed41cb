import { intentMemo, virtualClock } from '@quartermaster/connector-kit/sandbox';
import nock from 'nock';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { shopifyChannel, type ShopifyChannelOptions } from './channel.ts';
import { origin, start, token } from './testing/shop.ts';

const path = '/admin/api/2026-10/graphql.json';
const empty = { data: { orders: { nodes: [], pageInfo: { hasNextPage: false, endCursor: null } } } };
const noOrder = { data: { order: null } };

beforeEach(() => nock.disableNetConnect());
afterEach(() => {
  nock.cleanAll();
  nock.enableNetConnect();
});

function givenChannel(options: Partial<ShopifyChannelOptions> = {}) {
  const clock = virtualClock(start);
  const channel = shopifyChannel({
    connection: 'acme-eu',
    shop: 'acme',
    accessToken: token,
    webhookSecret: 'hush',
    locations: { BER: 'gid://shopify/Location/1' },
    clock,
    random: () => 0.5,
    ...options,
  });
  const pull = async () => {
    for await (const page of channel.pullOrders(channel.cursorAt('2026-11-21T08:00:00Z'))) return page;
    return undefined;
  };
  return { channel, clock, pull };
}

/** Milliseconds of the virtual clock since the start: what was waited. */
function waitedMs(clock: { now(): string }): number {
  return Date.parse(clock.now()) - Date.parse(start);
}

test('asks the shop, in the version and with the token of the connection, for orders since the cursor less the overlap', async () => {
  const { pull } = givenChannel();
  const seen: unknown[] = [];
  const call = nock(origin, { reqheaders: { 'x-shopify-access-token': token, 'content-type': 'application/json' } })
    .post(path, (body) => seen.push(body) > 0)
    .reply(200, empty);
  await pull();
  expect(call.isDone()).toBe(true);
  expect(seen).toMatchObject([{ variables: { query: "updated_at:>='2026-11-21T07:58:00.000Z'", after: null } }]);
});

test('asks an older version where the connection says so', async () => {
  const { pull } = givenChannel({ apiVersion: '2026-04' });
  const call = nock(origin).post('/admin/api/2026-04/graphql.json').reply(200, empty);
  await pull();
  expect(call.isDone()).toBe(true);
});

test('waits as long as HTTP 429 asks for, in seconds', async () => {
  const { pull, clock } = givenChannel({ random: () => 0 });
  nock(origin).post(path).reply(429, 'slow down', { 'retry-after': '2.0' });
  nock(origin).post(path).reply(200, empty);
  await pull();
  expect(waitedMs(clock)).toBe(2_000);
});

test('waits until the bucket holds what the query costs when Shopify throttles with HTTP 200', async () => {
  const { pull, clock } = givenChannel({ random: () => 0 });
  const throttled = {
    errors: [{ message: 'Throttled', extensions: { code: 'THROTTLED' } }],
    extensions: {
      cost: {
        requestedQueryCost: 700,
        actualQueryCost: null,
        throttleStatus: { maximumAvailable: 2_000, currentlyAvailable: 200, restoreRate: 50 },
      },
    },
  };
  nock(origin).post(path).reply(200, throttled);
  nock(origin).post(path).reply(200, empty);
  await pull();
  expect(waitedMs(clock)).toBe(10_000);
});

test('is not rate limited for ever: the third refusal is a fault that says when to come back', async () => {
  const { pull } = givenChannel();
  nock(origin).post(path).times(3).reply(429, 'slow down', { 'retry-after': '2' });
  await expect(pull()).rejects.toMatchObject({
    code: 'rate-limited',
    facts: { outcome: 'not-applied', retry: { kind: 'after', ms: 2_000 } },
  });
});

test('slows down by what the shop tells of its bucket', async () => {
  const { channel, clock } = givenChannel();
  const cost = {
    requestedQueryCost: 90,
    actualQueryCost: 90,
    throttleStatus: { maximumAvailable: 1_000, currentlyAvailable: 40, restoreRate: 10 },
  };
  nock(origin)
    .post(path)
    .times(2)
    .reply(200, { ...noOrder, extensions: { cost } });
  await channel.getOrder('1');
  await channel.getOrder('1');
  // 49.001 points are missing: 40 were told, which may be as many as 40.999.
  expect(waitedMs(clock)).toBe(4_901);
});

test('repeats a read that ended in HTTP 502', async () => {
  const { pull } = givenChannel();
  nock(origin).post(path).reply(502, '<html>bad gateway</html>', { 'content-type': 'text/html' });
  nock(origin).post(path).reply(200, empty);
  expect(await pull()).toMatchObject({ orders: [] });
});

test('asks the provider for another token after a 401, once', async () => {
  const asked: (string | null)[] = [];
  const { pull } = givenChannel({
    accessToken: ({ rejected }) => {
      asked.push(rejected);
      return Promise.resolve(rejected === null ? 'old-token' : 'new-token');
    },
  });
  nock(origin, { reqheaders: { 'x-shopify-access-token': 'old-token' } })
    .post(path)
    .reply(401, { errors: '[API] Invalid API key' });
  nock(origin, { reqheaders: { 'x-shopify-access-token': 'new-token' } })
    .post(path)
    .reply(200, empty);
  expect(await pull()).toMatchObject({ orders: [] });
  expect(asked).toEqual([null, 'old-token']);
});

test('does not try a fixed token twice', async () => {
  const { pull } = givenChannel();
  nock(origin).post(path).reply(401, { errors: '[API] Invalid API key' });
  await expect(pull()).rejects.toMatchObject({ code: 'unauthorized', facts: { retry: { kind: 'never' } } });
});

test.each([
  ['ACCESS_DENIED', 'forbidden', 'not-applied'],
  ['SHOP_INACTIVE', 'forbidden', 'not-applied'],
  ['INTERNAL_SERVER_ERROR', 'server-error', 'not-applied'],
  ['undefinedField', 'invalid-request', 'not-applied'],
])('names the GraphQL error %s of a read: %s', async (vendorCode, code, outcome) => {
  const { pull } = givenChannel({ attempts: 1 });
  nock(origin)
    .post(path)
    .reply(200, { errors: [{ message: `something about ${token}`, extensions: { code: vendorCode } }] }, { 'x-request-id': 'r-1' });
  const fault: unknown = await pull().catch((error: unknown) => error);
  expect(fault).toMatchObject({ code, facts: { vendorCode, outcome, requestId: 'r-1' } });
  expect(JSON.stringify(fault)).not.toContain(token);
});

test.each([
  [402, 'frozen'],
  [423, 'locked'],
])('says of HTTP %i that the shop is %s', async (status, word) => {
  const { pull } = givenChannel();
  nock(origin).post(path).reply(status, {});
  await expect(pull()).rejects.toMatchObject({ code: 'forbidden', message: expect.stringContaining(word) });
});

test.each([
  ['an HTML page', '<html></html>'],
  ['data of another shape', JSON.stringify({ data: { orders: 7 } })],
])('calls %s in the place of orders malformed', async (_name, body) => {
  const { pull } = givenChannel();
  nock(origin).post(path).times(3).reply(200, body);
  await expect(pull()).rejects.toMatchObject({ code: 'malformed-reply' });
});

test('sends a stock figure with an idempotency key and what it should replace, also where that is null', async () => {
  const { channel } = givenChannel();
  const bodies: unknown[] = [];
  const items = { nodes: [{ id: 'gid://shopify/InventoryItem/5', sku: 'MUG' }], pageInfo: { hasNextPage: false, endCursor: null } };
  nock(origin)
    .post(path)
    .reply(200, { data: { inventoryItems: items } });
  nock(origin)
    .post(path, (body) => bodies.push(body) > 0)
    .reply(200, { data: { inventorySetQuantities: { userErrors: [] } } });
  const answers = await channel.pushStock([{ sku: 'MUG', node: 'BER', available: 4, expected: null }], intentMemo());
  expect(answers).toEqual([{ kind: 'set' }]);
  expect(bodies).toMatchObject([
    {
      query: expect.stringContaining('@idempotent(key: $key)'),
      variables: {
        key: expect.stringMatching(/^[0-9a-f]{64}$/),
        input: {
          name: 'available',
          quantities: [
            {
              inventoryItemId: 'gid://shopify/InventoryItem/5',
              locationId: 'gid://shopify/Location/1',
              quantity: 4,
              changeFromQuantity: null,
            },
          ],
        },
      },
    },
  ]);
});

const shipment = {
  orderId: '7',
  node: 'BER',
  lines: [{ lineId: '70', units: 1 }],
  carrier: 'UPS',
  trackingNumbers: ['1Z1'],
  trackingUrl: null,
  shippedAt: start,
  notifyCustomer: true,
};

function givenReadyToShip() {
  const lines = {
    nodes: [
      {
        id: 'gid://shopify/FulfillmentOrderLineItem/9',
        remainingQuantity: 1,
        inventoryItemId: null,
        lineItem: { id: 'gid://shopify/LineItem/70' },
      },
    ],
    pageInfo: { hasNextPage: false, endCursor: null },
  };
  const open = {
    id: 'gid://shopify/FulfillmentOrder/8',
    status: 'OPEN',
    assignedLocation: { location: { id: 'gid://shopify/Location/1' } },
    lineItems: lines,
  };
  nock(origin)
    .post(path, /query Confirmation\(/)
    .reply(200, {
      data: { order: { cancelledAt: null, fulfillments: [], fulfillmentOrders: { nodes: [open], pageInfo: lines.pageInfo } } },
    });
}

test('fulfils by the ids of fulfillment order lines, with tracking', async () => {
  const { channel } = givenChannel();
  const bodies: unknown[] = [];
  givenReadyToShip();
  nock(origin)
    .post(path, (body) => bodies.push(body) > 0)
    .reply(200, { data: { fulfillmentCreate: { fulfillment: { id: 'gid://shopify/Fulfillment/6' }, userErrors: [] } } });
  expect(await channel.confirmShipment(shipment, intentMemo())).toEqual({ ref: '6' });
  expect(bodies).toMatchObject([
    {
      variables: {
        fulfillment: {
          lineItemsByFulfillmentOrder: [
            {
              fulfillmentOrderId: 'gid://shopify/FulfillmentOrder/8',
              fulfillmentOrderLineItems: [{ id: 'gid://shopify/FulfillmentOrderLineItem/9', quantity: 1 }],
            },
          ],
          trackingInfo: { company: 'UPS', numbers: ['1Z1'], urls: [] },
          notifyCustomer: true,
        },
      },
    },
  ]);
});

test.each([
  ['HTTP 504', (call: nock.Interceptor) => call.reply(504, 'gateway timeout'), 'server-error'],
  [
    'a broken connection',
    (call: nock.Interceptor) => call.replyWithError(Object.assign(new Error('reset'), { code: 'ECONNRESET' })),
    'unreachable',
  ],
  [
    'an internal error',
    (call: nock.Interceptor) => call.reply(200, { errors: [{ message: 'oops', extensions: { code: 'INTERNAL_SERVER_ERROR' } }] }),
    'server-error',
  ],
  ['an answer that is no JSON', (call: nock.Interceptor) => call.reply(200, '<html>'), 'malformed-reply'],
])('does not repeat a fulfillment after %s: nobody knows whether it was made', async (_name, answer, code) => {
  const { channel } = givenChannel();
  givenReadyToShip();
  answer(nock(origin).post(path, /mutation CreateFulfillment/));
  const spare = nock(origin)
    .post(path, /mutation CreateFulfillment/)
    .reply(200, {});
  await expect(channel.confirmShipment(shipment, intentMemo())).rejects.toMatchObject({ code, facts: { outcome: 'unknown' } });
  expect(spare.isDone()).toBe(false);
});

test('repeats a fulfillment that was throttled: it surely was not made', async () => {
  const { channel } = givenChannel();
  givenReadyToShip();
  nock(origin)
    .post(path, /mutation CreateFulfillment/)
    .reply(200, { errors: [{ message: 'Throttled', extensions: { code: 'THROTTLED' } }] });
  nock(origin)
    .post(path, /mutation CreateFulfillment/)
    .reply(200, { data: { fulfillmentCreate: { fulfillment: { id: 'gid://shopify/Fulfillment/6' }, userErrors: [] } } });
  expect(await channel.confirmShipment(shipment, intentMemo())).toEqual({ ref: '6' });
});

test('what fails before the fulfillment is asked for has shipped nothing', async () => {
  const { channel } = givenChannel({ attempts: 1 });
  nock(origin).post(path).reply(502, 'bad gateway');
  await expect(channel.confirmShipment(shipment, intentMemo())).rejects.toMatchObject({
    code: 'server-error',
    facts: { outcome: 'not-applied' },
  });
});
