import { virtualClock } from '@quartermaster/connector-kit/sandbox';
import { expect, test } from 'vitest';
import { createShopifySandbox, type ShopifySandboxOptions } from './index.ts';

type Answer = { status: number; headers: Headers; body: Record<string, unknown> };

function givenSandbox(options: Partial<ShopifySandboxOptions> = {}) {
  const clock = virtualClock('2026-11-21T09:00:00.000Z');
  const shop = createShopifySandbox({
    shop: 'acme',
    accessToken: 'token',
    webhookSecret: 'hush',
    clock,
    currency: 'EUR',
    taxesIncluded: true,
    locations: [{ name: 'Berlin' }, { name: 'Paris' }],
    ...options,
  });
  const mug = shop.addVariant({ sku: 'MUG', title: 'Mug', grams: 400, price: '12.90', stock: { Berlin: 10, Paris: 3 } });
  const tea = shop.addVariant({ sku: 'TEA', title: 'Tea', grams: 100, price: '4.50', stock: { Berlin: 10 } });
  const ask = async (query: string, variables: Record<string, unknown> = {}, token = 'token', version = '2026-10'): Promise<Answer> => {
    const response = await shop.app(
      new Request(`https://acme.myshopify.com/admin/api/${version}/graphql.json`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'x-shopify-access-token': token },
        body: JSON.stringify({ query, variables }),
      }),
    );
    const body: Record<string, unknown> = JSON.parse(await response.text());
    return { status: response.status, headers: response.headers, body };
  };
  return {
    clock,
    shop,
    ask,
    mug: `gid://shopify/InventoryItem/${mug.inventoryItemId}`,
    tea: `gid://shopify/InventoryItem/${tea.inventoryItemId}`,
  };
}

const setQuantities = /* GraphQL */ `
  mutation Set($input: InventorySetQuantitiesInput!, $key: String!) {
    inventorySetQuantities(input: $input) @idempotent(key: $key) {
      inventoryAdjustmentGroup {
        changes {
          name
          delta
          quantityAfterChange
        }
      }
      userErrors {
        code
        field
      }
    }
  }
`;

function quantityInput(inventoryItemId: string, locationId: string | undefined, quantity: number, changeFromQuantity?: number | null) {
  const one = { inventoryItemId, locationId, quantity, ...(changeFromQuantity === undefined ? {} : { changeFromQuantity }) };
  return { name: 'available', reason: 'correction', quantities: [one] };
}

test('lets nobody in without the token', async () => {
  const { ask } = givenSandbox();
  expect((await ask('{ shop { name } }', {}, 'wrong')).status).toBe(401);
});

test('answers a query that is not the connector’s own', async () => {
  const { ask } = givenSandbox();
  const { body } = await ask('{ shop { name currencyCode } productVariants(first: 1) { edges { cursor node { sku price } } } }');
  expect(body).toMatchObject({
    data: { shop: { name: 'acme', currencyCode: 'EUR' }, productVariants: { edges: [{ node: { sku: 'MUG', price: '12.90' } }] } },
  });
});

test('refuses a field that the shop does not have', async () => {
  const { ask } = givenSandbox();
  expect(await ask('{ shop { colour } }')).toMatchObject({
    status: 200,
    body: { errors: [{ message: expect.stringContaining('colour') }] },
  });
});

test('an expired version falls forward, and a future one is not there', async () => {
  const { ask } = givenSandbox();
  expect((await ask('{ shop { name } }', {}, 'token', '2025-01')).headers.get('x-shopify-api-version')).toBe('2026-04');
  expect((await ask('{ shop { name } }', {}, 'token', '2027-01')).status).toBe(404);
});

test('finds a query of more than a thousand points too dear', async () => {
  const { ask } = givenSandbox();
  const { body } = await ask(
    '{ orders(first: 250) { nodes { customer { id } shippingAddress { city } currentTotalPriceSet { shopMoney { amount } } } } }',
  );
  expect(body).toEqual({ errors: [expect.objectContaining({ extensions: { code: 'MAX_COST_EXCEEDED', cost: 1_250, maxCost: 1_000 } })] });
});

test('charges what the answer held, throttles with HTTP 200 when the bucket is empty, and restores it by the clock', async () => {
  const { ask, clock } = givenSandbox({ maximumAvailable: 30, restoreRate: 10 });
  const first = await ask('{ locations(first: 20) { nodes { name } } }');
  for (let index = 0; index < 5; index++) await ask('{ locations(first: 2) { nodes { name } } }');
  const throttled = await ask('{ locations(first: 20) { nodes { name } } }');
  await clock.sleep(400);
  const restored = await ask('{ locations(first: 20) { nodes { name } } }');
  expect(first.body).toMatchObject({
    extensions: { cost: { requestedQueryCost: 20, actualQueryCost: 2, throttleStatus: { currentlyAvailable: 28 } } },
  });
  expect(throttled).toMatchObject({
    status: 200,
    body: { errors: [{ extensions: { code: 'THROTTLED' } }], extensions: { cost: { throttleStatus: { currentlyAvailable: 18 } } } },
  });
  expect(restored.body).toHaveProperty('data');
});

test('changes stock only with an idempotency key and with what is to be replaced', async () => {
  const { ask, shop, mug } = givenSandbox();
  const berlin = shop.locationIds['Berlin'];
  const withoutKey = await ask(setQuantities.replace('@idempotent(key: $key)', '').replace(', $key: String!', ''), {
    input: quantityInput(mug, berlin, 5, 10),
  });
  const withoutExpectation = await ask(setQuantities, { key: 'a', input: quantityInput(mug, berlin, 5) });
  expect(withoutKey.body).toMatchObject({ errors: [{ message: expect.stringContaining('@idempotent') }] });
  expect(withoutExpectation.body).toMatchObject({ errors: [{ message: expect.stringContaining('changeFromQuantity') }] });
  expect(shop.stock('MUG', 'Berlin').available).toBe(10);
});

test('gives the same key the same answer, and another request with that key none', async () => {
  const { ask, shop, mug } = givenSandbox();
  const berlin = shop.locationIds['Berlin'];
  const first = await ask(setQuantities, { key: 'a', input: quantityInput(mug, berlin, 5, 10) });
  shop.placeOrder({ lines: [{ sku: 'MUG', quantity: 1 }] });
  const again = await ask(setQuantities, { key: 'a', input: quantityInput(mug, berlin, 5, 10) });
  const other = await ask(setQuantities, { key: 'a', input: quantityInput(mug, berlin, 6, 10) });
  expect(again.body['data']).toEqual(first.body['data']);
  expect(other.body).toMatchObject({ data: { inventorySetQuantities: { userErrors: [{ code: 'IDEMPOTENCY_KEY_PARAMETER_MISMATCH' }] } } });
  expect(shop.stock('MUG', 'Berlin').available).toBe(4);
});

test('sets all quantities of a request or none, and remembers the failed key', async () => {
  const { ask, shop, mug, tea } = givenSandbox();
  const berlin = shop.locationIds['Berlin'];
  const input = {
    ...quantityInput(mug, berlin, 5, 10),
    quantities: [...quantityInput(mug, berlin, 5, 10).quantities, ...quantityInput(tea, berlin, 5, 3).quantities],
  };
  const stale = await ask(setQuantities, { key: 'a', input });
  const again = await ask(setQuantities, { key: 'a', input });
  expect(stale.body).toMatchObject({
    data: {
      inventorySetQuantities: {
        userErrors: [{ code: 'CHANGE_FROM_QUANTITY_STALE', field: ['input', 'quantities', '1', 'changeFromQuantity'] }],
      },
    },
  });
  expect(again.body).toMatchObject({ data: { inventorySetQuantities: { userErrors: [{ code: 'IDEMPOTENCY_PREVIOUS_ATTEMPT_FAILED' }] } } });
  expect(shop.stock('MUG', 'Berlin').available).toBe(10);
});

test('promises stock when an order comes, gives it back when it is cancelled, and lets it go when it ships', async () => {
  const { ask, shop } = givenSandbox();
  shop.placeOrder({ lines: [{ sku: 'MUG', quantity: 4 }] });
  const promised = shop.stock('MUG', 'Berlin');
  shop.cancelOrder('#1001');
  const cancelled = shop.stock('MUG', 'Berlin');
  shop.placeOrder({ lines: [{ sku: 'MUG', quantity: 2 }] });
  await ask(fulfil, {
    order: shop.snapshot().orders[1]?.fulfillmentOrders[0]?.id,
    fulfillment: fulfillmentOf(shop.snapshot().orders[1]?.fulfillmentOrders[0]?.id),
  });
  expect([promised, cancelled, shop.stock('MUG', 'Berlin')]).toEqual([
    { available: 6, committed: 4, onHand: 10 },
    { available: 10, committed: 0, onHand: 10 },
    { available: 8, committed: 0, onHand: 8 },
  ]);
});

const fulfil = /* GraphQL */ `
  mutation Fulfil($fulfillment: FulfillmentInput!) {
    fulfillmentCreate(fulfillment: $fulfillment) {
      fulfillment {
        id
      }
      userErrors {
        message
      }
    }
  }
`;

function fulfillmentOf(fulfillmentOrderId: string | undefined) {
  return { lineItemsByFulfillmentOrder: [{ fulfillmentOrderId: `gid://shopify/FulfillmentOrder/${fulfillmentOrderId}` }] };
}

test('does not ship the same twice: the second fulfillment finds the fulfillment order closed', async () => {
  const { ask, shop } = givenSandbox();
  shop.placeOrder({ lines: [{ sku: 'MUG', quantity: 2 }] });
  const fulfillment = fulfillmentOf(shop.snapshot().orders[0]?.fulfillmentOrders[0]?.id);
  await ask(fulfil, { fulfillment });
  const second = await ask(fulfil, { fulfillment });
  expect(second.body).toMatchObject({
    data: { fulfillmentCreate: { fulfillment: null, userErrors: [{ message: expect.stringContaining('closed') }] } },
  });
  expect(shop.snapshot().orders[0]?.fulfillments).toHaveLength(1);
});

test('routes an order to one location where that can be, and spreads it where it must', () => {
  const { shop } = givenSandbox();
  shop.addVariant({ sku: 'JAR', title: 'Jar', grams: 300, price: '8.00', stock: { Paris: 5 } });
  shop.placeOrder({
    lines: [
      { sku: 'MUG', quantity: 1 },
      { sku: 'TEA', quantity: 1 },
    ],
  });
  shop.placeOrder({
    lines: [
      { sku: 'MUG', quantity: 1 },
      { sku: 'JAR', quantity: 1 },
    ],
  });
  shop.placeOrder({
    lines: [
      { sku: 'TEA', quantity: 1 },
      { sku: 'JAR', quantity: 1 },
    ],
  });
  expect(shop.snapshot().orders.map((order) => order.fulfillmentOrders.map((one) => one.location))).toEqual([
    ['Berlin'],
    ['Paris'],
    ['Berlin', 'Paris'],
  ]);
});

const move = /* GraphQL */ `
  mutation Move($id: ID!, $to: ID!, $lines: [FulfillmentOrderLineItemInput!]) {
    fulfillmentOrderMove(id: $id, newLocationId: $to, fulfillmentOrderLineItems: $lines) {
      movedFulfillmentOrder {
        id
        lineItems(first: 5) {
          nodes {
            id
            remainingQuantity
          }
        }
      }
      originalFulfillmentOrder {
        id
        status
      }
      userErrors {
        message
      }
    }
  }
`;

test('moves nothing to a location that does not stock the item', async () => {
  const { ask, shop } = givenSandbox();
  shop.placeOrder({ lines: [{ sku: 'TEA', quantity: 1 }] });
  const id = `gid://shopify/FulfillmentOrder/${shop.snapshot().orders[0]?.fulfillmentOrders[0]?.id}`;
  const { body } = await ask(move, { id, to: shop.locationIds['Paris'] });
  expect(body).toMatchObject({
    data: { fulfillmentOrderMove: { movedFulfillmentOrder: null, userErrors: [{ message: expect.stringContaining('stock') }] } },
  });
});

test('makes a new fulfillment order of what is moved in part, and closes and remakes the one that is there already', async () => {
  const { ask, shop } = givenSandbox();
  shop.placeOrder({ lines: [{ sku: 'MUG', quantity: 5 }] });
  const to = shop.locationIds['Paris'];
  const openAt = (location: string) =>
    shop.snapshot().orders[0]?.fulfillmentOrders.find((one) => one.location === location && one.status === 'OPEN');
  const linesOf = async (id: string | undefined) =>
    (await ask('query L($id: ID!) { fulfillmentOrder(id: $id) { lineItems(first: 1) { nodes { id } } } }', { id })).body['data'];
  for (const quantity of [1, 2]) {
    const id = `gid://shopify/FulfillmentOrder/${openAt('Berlin')?.id}`;
    const data = JSON.stringify(await linesOf(id));
    await ask(move, { id, to, lines: [{ id: /gid:\/\/shopify\/FulfillmentOrderLineItem\/\d+/.exec(data)?.[0], quantity }] });
  }
  expect(
    shop.snapshot().orders[0]?.fulfillmentOrders.map((one) => [one.location, one.status, one.lines.map((line) => line.remaining)]),
  ).toEqual([
    ['Berlin', 'OPEN', [2]],
    ['Paris', 'CLOSED', []],
    ['Paris', 'OPEN', [3]],
  ]);
});

test('splits a fulfillment order at its location', async () => {
  const { ask, shop } = givenSandbox();
  shop.placeOrder({
    lines: [
      { sku: 'MUG', quantity: 5 },
      { sku: 'TEA', quantity: 1 },
    ],
  });
  const id = `gid://shopify/FulfillmentOrder/${shop.snapshot().orders[0]?.fulfillmentOrders[0]?.id}`;
  await ask(
    'mutation S($splits: [FulfillmentOrderSplitInput!]!) { fulfillmentOrderSplit(fulfillmentOrderSplits: $splits) { userErrors { message } } }',
    {
      splits: [
        {
          fulfillmentOrderId: id,
          fulfillmentOrderLineItems: [{ id: 'gid://shopify/FulfillmentOrderLineItem/13000000000001', quantity: 2 }],
        },
      ],
    },
  );
  expect(shop.snapshot().orders[0]?.fulfillmentOrders.map((one) => one.lines.map((line) => [line.sku, line.remaining]))).toEqual([
    [
      ['MUG', 3],
      ['TEA', 1],
    ],
    [['MUG', 2]],
  ]);
});

test('sends a webhook for each change, with doubles and out of order on request', () => {
  const { shop } = givenSandbox();
  shop.placeOrder({ lines: [{ sku: 'MUG', quantity: 1 }], financialStatus: 'AUTHORIZED' });
  shop.setFinancialStatus('#1001', 'PAID');
  shop.cancelOrder('#1001');
  const topics = shop.takeWebhooks().map((webhook) => webhook.topic);
  for (const quantity of [1, 1, 1, 1]) shop.placeOrder({ lines: [{ sku: 'TEA', quantity }], financialStatus: 'AUTHORIZED' });
  const messy = shop
    .takeWebhooks({ duplicate: true, reorder: true, seed: 3 })
    .map((webhook) => webhook.headers['x-shopify-webhook-id'] ?? '');
  expect(topics).toEqual(['orders/create', 'orders/paid', 'orders/updated', 'orders/cancelled', 'orders/updated']);
  expect(messy.length).toBeGreaterThan(4);
  expect(new Set(messy).size).toBe(4);
  expect(messy).not.toEqual([...messy].sort());
  expect(shop.takeWebhooks()).toEqual([]);
});

test('does the same for the same steps', async () => {
  const run = async () => {
    const { ask, shop } = givenSandbox();
    shop.placeOrder({ lines: [{ sku: 'MUG', quantity: 1 }] });
    const answer = await ask('{ orders(first: 1) { nodes { id name updatedAt } pageInfo { endCursor } } }');
    return { body: answer.body, snapshot: shop.snapshot(), webhooks: shop.takeWebhooks() };
  };
  expect(await run()).toEqual(await run());
});
