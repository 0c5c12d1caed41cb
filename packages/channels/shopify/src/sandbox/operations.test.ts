import { virtualClock } from '@quartermaster/connector-kit/sandbox';
import { expect, test } from 'vitest';
import { createShopifySandbox, type NewOrder } from './index.ts';

function givenSandbox(order: Partial<NewOrder> = {}) {
  const clock = virtualClock('2026-11-21T09:00:00.000Z');
  const shop = createShopifySandbox({
    shop: 'acme',
    accessToken: 'token',
    webhookSecret: 'hush',
    clock,
    currency: 'EUR',
    taxesIncluded: true,
    locations: [{ name: 'Berlin' }],
  });
  shop.addVariant({ sku: 'MUG', title: 'Mug', grams: 400, price: '12.90', stock: { Berlin: 10 } });
  const { id, lineIds } = shop.placeOrder({ lines: [{ sku: 'MUG', quantity: 2 }], shippingPrice: '4.90', ...order });
  const ask = async (
    query: string,
    variables: Record<string, unknown> = {},
  ): Promise<{ data?: Record<string, unknown>; errors?: unknown }> => {
    const response = await shop.app(
      new Request('https://acme.myshopify.com/admin/api/2026-10/graphql.json', {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'x-shopify-access-token': 'token' },
        body: JSON.stringify({ query, variables }),
      }),
    );
    return JSON.parse(await response.text());
  };
  const orderId = `gid://shopify/Order/${id}`;
  const payment = async () => {
    const { data } = await ask('query($id: ID!) { order(id: $id) { transactions { id } } }', { id: orderId });
    return JSON.stringify(data).match(/gid:\/\/shopify\/OrderTransaction\/\d+/)?.[0] ?? '';
  };
  const refund = async (input: Record<string, unknown>, key: string | null = 'key-1') =>
    ask(
      `mutation($input: RefundInput!) { refundCreate(input: $input) ${key === null ? '' : `@idempotent(key: "${key}")`} { refund { id } userErrors { field message } } }`,
      { input: { orderId, ...input } },
    );
  return { clock, shop, ask, orderId, lineId: `gid://shopify/LineItem/${lineIds[0] ?? ''}`, payment, refund };
}

type Given = ReturnType<typeof givenSandbox>;

async function money({ payment, orderId }: Given, amount: string) {
  return { transactions: [{ orderId, kind: 'REFUND', gateway: 'shopify_payments', parentId: await payment(), amount }] };
}

test('refunds nothing without an idempotency key', async () => {
  const given = givenSandbox();
  expect(await given.refund(await money(given, '1.00'), null)).toMatchObject({
    errors: [{ message: expect.stringContaining('@idempotent') }],
  });
});

test('refunds once for one key, and refuses the key for another refund', async () => {
  const given = givenSandbox();
  const first = await given.refund(await money(given, '1.00'));
  expect(await given.refund(await money(given, '1.00'))).toMatchObject({ data: first.data });
  expect(await given.refund(await money(given, '2.00'))).toMatchObject({ data: { refundCreate: { refund: null } } });
  expect(given.shop.snapshot().orders[0]?.refunds).toHaveLength(1);
});

test('refunds no more than a payment holds, in several transactions neither', async () => {
  const given = givenSandbox();
  const { transactions } = await money(given, '20.00');
  expect(await given.refund({ transactions: [...transactions, ...transactions] })).toMatchObject({
    data: { refundCreate: { refund: null, userErrors: [{ field: ['input', 'transactions', '1', 'amount'] }] } },
  });
});

test.each([
  ['cancels no unit that has shipped', 'CANCEL', 2, true],
  ['takes back no unit that has not shipped', 'RETURN', 1, false],
  ['refunds no more units than were bought', 'NO_RESTOCK', 3, false],
] as const)('%s', async (_name, restockType, quantity, shipped) => {
  const given = givenSandbox();
  if (shipped) await ship(given);
  const line = { lineItemId: given.lineId, quantity, restockType, locationId: given.shop.locationIds['Berlin'] };
  expect(await given.refund({ refundLineItems: [line] })).toMatchObject({ data: { refundCreate: { refund: null } } });
});

test('refunds no more shipping than was paid', async () => {
  const given = givenSandbox();
  expect(await given.refund({ shipping: { amount: '5.00' } })).toMatchObject({ data: { refundCreate: { refund: null } } });
});

test.each(['4.90', '0.01'])('an order paid in dollars is refunded in dollars only (%s)', async (amount) => {
  const given = givenSandbox({ presentment: { currency: 'USD', rate: 1.1 } });
  expect(await given.refund(await money(given, amount))).toMatchObject({
    data: { refundCreate: { refund: null, userErrors: [{ field: ['input', 'currency'] }] } },
  });
});

const cancel =
  'mutation($id: ID!) { orderCancel(orderId: $id, reason: OTHER, restock: true) { job { done } orderCancelUserErrors { code } } }';

test('cancels later than it answers', async () => {
  const given = givenSandbox();
  expect(await given.ask(cancel, { id: given.orderId })).toMatchObject({ data: { orderCancel: { job: { done: false } } } });
  const early = given.shop.snapshot().orders[0]?.cancelledAt;
  await given.clock.sleep(2_000);
  expect([early, given.shop.snapshot().orders[0]?.cancelledAt]).toEqual([null, '2026-11-21T09:00:02Z']);
});

test('does not cancel an order of which something shipped, nor one that is cancelled', async () => {
  const given = givenSandbox();
  await ship(given);
  expect(await given.ask(cancel, { id: given.orderId })).toMatchObject({
    data: { orderCancel: { orderCancelUserErrors: [{ code: 'INVALID' }] } },
  });
  const other = givenSandbox();
  other.shop.cancelOrder('#1001');
  expect(await other.ask(cancel, { id: other.orderId })).toMatchObject({
    data: { orderCancel: { orderCancelUserErrors: [{ code: 'INVALID' }] } },
  });
});

test('an edit that is not committed changes nothing, and one is committed once', async () => {
  const given = givenSandbox();
  const begun = await given.ask('mutation($id: ID!) { orderEditBegin(id: $id) { calculatedOrder { id } } }', { id: given.orderId });
  const id = JSON.stringify(begun).match(/gid:\/\/shopify\/CalculatedOrder\/\d+/)?.[0];
  const lineItemId = given.lineId.replace('LineItem', 'CalculatedLineItem');
  const set =
    'mutation($id: ID!, $lineItemId: ID!) { orderEditSetQuantity(id: $id, lineItemId: $lineItemId, quantity: 1) { userErrors { message } } }';
  await given.ask(set, { id, lineItemId });
  const before = given.shop.snapshot().orders[0]?.lines[0]?.currentQuantity;
  const commit = 'mutation($id: ID!) { orderEditCommit(id: $id) { userErrors { message } } }';
  await given.ask(commit, { id });
  expect(await given.ask(commit, { id })).toMatchObject({
    data: { orderEditCommit: { userErrors: [{ message: expect.stringContaining('already') }] } },
  });
  expect([before, given.shop.snapshot().orders[0]?.lines[0]?.currentQuantity]).toEqual([2, 1]);
});

test('a bulk query takes no variables, no second field and no plain one', async () => {
  const { ask } = givenSandbox();
  const run = (query: string) =>
    ask('mutation($query: String!) { bulkOperationRunQuery(query: $query) { bulkOperation { id } userErrors { code } } }', { query });
  for (const query of [
    'query($q: String) { orders(query: $q) { edges { node { id } } } }',
    '{ orders { edges { node { id } } } locations { edges { node { id } } } }',
    '{ shop { name } }',
  ])
    expect(await run(query)).toMatchObject({ data: { bulkOperationRunQuery: { bulkOperation: null, userErrors: [{ code: 'INVALID' }] } } });
});

test('the file of a bulk query is elsewhere and wants no token; ungrouped, its inner objects come after all others', async () => {
  const { ask, clock, shop } = givenSandbox();
  shop.placeOrder({ lines: [{ sku: 'MUG', quantity: 1 }] });
  const query = '{ orders { edges { node { id lineItems { edges { node { id } } } } } } }';
  const begun = await ask('mutation($query: String!) { bulkOperationRunQuery(query: $query) { bulkOperation { id status url } } }', {
    query,
  });
  await clock.sleep(5_000);
  const id = JSON.stringify(begun).match(/gid:\/\/shopify\/BulkOperation\/\d+/)?.[0];
  const done = await ask('query($id: ID!) { bulkOperation(id: $id) { status url objectCount } }', { id });
  const url = /https:[^"]+/.exec(JSON.stringify(done))?.[0] ?? '';
  const leaked = await shop.storage(new Request(url, { headers: { 'x-shopify-access-token': 'token' } }));
  const file = await (await shop.storage(new Request(url))).text();
  expect([begun, done, leaked.status]).toMatchObject([
    { data: { bulkOperationRunQuery: { bulkOperation: { status: 'CREATED', url: null } } } },
    { data: { bulkOperation: { status: 'COMPLETED', objectCount: '4' } } },
    400,
  ]);
  expect(
    file
      .trim()
      .split('\n')
      .map((row) => row.includes('__parentId')),
  ).toEqual([false, false, true, true]);
});

async function ship({ ask, orderId }: Given): Promise<void> {
  const open = await ask('query($id: ID!) { order(id: $id) { fulfillmentOrders(first: 1) { nodes { id } } } }', { id: orderId });
  const fulfillmentOrderId = JSON.stringify(open).match(/gid:\/\/shopify\/FulfillmentOrder\/\d+/)?.[0];
  await ask('mutation($f: FulfillmentInput!) { fulfillmentCreate(fulfillment: $f) { userErrors { message } } }', {
    f: { lineItemsByFulfillmentOrder: [{ fulfillmentOrderId }] },
  });
}
