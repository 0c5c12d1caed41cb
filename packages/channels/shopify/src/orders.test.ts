import { pullAll } from '@quartermaster/connector-kit/testing';
import { DroppedConnection, withFaults } from '@quartermaster/connector-kit/sandbox';
import { expect, test } from 'vitest';
import { ada, givenShop, start } from './testing/shop.ts';

test('reads orders that changed since the cursor, oldest change first', async () => {
  const { shop, channel } = givenShop();
  for (const minute of [10, 20, 30]) shop.placeOrder({ at: `2026-11-21T08:${minute}:00Z`, lines: [{ sku: 'TEA', quantity: 1 }] });
  shop.changeAddress('#1001', ada, '2026-11-21T08:40:00Z');
  const { orders } = await pullAll(channel, channel.cursorAt('2026-11-21T08:25:00Z'));
  expect(orders.map(({ order }) => order.name)).toEqual(['#1003', '#1001']);
});

test('looks again at the time before its cursor, but gives nothing twice', async () => {
  const { shop, channel } = givenShop();
  shop.placeOrder({ at: '2026-11-21T08:10:00Z', lines: [{ sku: 'TEA', quantity: 1 }] });
  const first = await pullAll(channel);
  shop.placeOrder({ at: '2026-11-21T08:09:00Z', lines: [{ sku: 'TEA', quantity: 2 }] });
  const second = await pullAll(channel, first.cursor);
  expect(second.orders.map(({ order }) => order.name)).toEqual(['#1002']);
});

test('gives an order again once it changed', async () => {
  const { shop, channel } = givenShop();
  shop.placeOrder({ lines: [{ sku: 'TEA', quantity: 1 }] });
  const first = await pullAll(channel);
  shop.cancelOrder('#1001');
  const second = await pullAll(channel, first.cursor);
  expect(second.orders.map(({ order }) => [order.name, order.status])).toEqual([['#1001', 'cancelled']]);
});

test('reads nothing older than where a new connection begins', async () => {
  const { shop, channel } = givenShop();
  shop.placeOrder({ at: '2026-11-20T08:00:00Z', lines: [{ sku: 'TEA', quantity: 1 }] });
  const { orders, cursor } = await pullAll(channel, channel.cursorAt(start));
  expect(orders).toEqual([]);
  expect(cursor).toEqual({ watermark: start, seen: [] });
});

test('reads every page of a long day', async () => {
  const { shop, channel } = givenShop();
  for (let index = 0; index < 23; index++) shop.placeOrder({ at: start, lines: [{ sku: 'TEA', quantity: 1 }] });
  const { orders, cursors } = await pullAll(channel);
  expect(new Set(orders.map(({ order }) => order.id)).size).toBe(23);
  expect(cursors.length).toBeGreaterThan(1);
});

test('goes on from the cursor of any page as if it had never stopped', async () => {
  const { shop, channel } = givenShop();
  for (let index = 0; index < 23; index++) {
    shop.placeOrder({ at: `2026-11-21T08:${10 + index}:00Z`, lines: [{ sku: 'TEA', quantity: 1 }] });
  }
  const read: string[] = [];
  let cursor = channel.cursorAt('2026-11-21T00:00:00Z');
  for await (const page of channel.pullOrders(cursor)) {
    read.push(...page.orders.map(({ order }) => order.name));
    ({ cursor } = page);
    break;
  }
  const rest = await pullAll(channel, cursor);
  expect([...read, ...rest.orders.map(({ order }) => order.name)]).toEqual(Array.from({ length: 23 }, (_, index) => `#${1001 + index}`));
});

test('tells which order it cannot read, gives the others of the page, and does not tell it again before it changes', async () => {
  const { shop, channel } = givenShop({}, {}, (app) => async (request) => {
    const answer = await app(request);
    return new Response((await answer.text()).replaceAll('13.37', '13.3705'), answer);
  });
  shop.placeOrder({ lines: [{ sku: 'TEA', quantity: 1 }] });
  const odd = shop.placeOrder({ lines: [{ sku: null, title: 'finer than a cent', price: '13.37', quantity: 1 }] });
  shop.placeOrder({ lines: [{ sku: 'TEA', quantity: 1 }] });
  const first = await pullAll(channel);
  const again = await pullAll(channel, first.cursor);
  expect(first.orders.map(({ order }) => order.name)).toEqual(['#1001', '#1003']);
  expect(first.unreadable).toMatchObject([{ id: odd.id, name: '#1002', raw: expect.stringContaining('finer than a cent') }]);
  expect([...again.orders, ...again.unreadable]).toEqual([]);
});

test('never loses a line of an order that is longer than a page', async () => {
  const { shop, channel } = givenShop();
  const lines = Array.from({ length: 130 }, (_, index) => ({ sku: null, title: `line ${index}`, price: '1.00', quantity: 1 }));
  const placed = shop.placeOrder({ lines });
  const pulled = (await pullAll(channel)).orders[0];
  const read = await channel.getOrder(placed.id);
  expect(pulled?.order.lines.map((line) => line.id)).toEqual(placed.lineIds);
  expect(read?.order).toEqual(pulled?.order);
});

test('reads an order anew when it changed between two pages of its lines', async () => {
  const lines = Array.from({ length: 60 }, (_, index) => ({ sku: null, title: `line ${index}`, price: '1.00', quantity: 1 }));
  let changed = false;
  const given = givenShop({}, {}, (app) => async (request) => {
    const body = await request.clone().text();
    if (body.includes('query OrderLines') && !changed) {
      changed = true;
      given.shop.refund('#1001', { lines: [{ line: 0, quantity: 1 }], at: '2026-11-21T09:00:05Z' });
    }
    return app(request);
  });
  given.shop.placeOrder({ lines });
  const pulled = (await pullAll(given.channel)).orders[0];
  expect(pulled?.order).toMatchObject({ updatedAt: '2026-11-21T09:00:05.000Z', total: { minor: 5_900 } });
  expect(pulled?.order.lines).toHaveLength(60);
  expect(pulled?.order.lines[0]?.quantity).toBe(0);
});

test('asks for fewer orders at once when Shopify finds the query too dear', async () => {
  const asked: number[] = [];
  const given = givenShop({}, {}, (app) => async (request) => {
    const first = Number(/"first":(\d+)/.exec(await request.clone().text())?.[1]);
    asked.push(first);
    if (first <= 1) return app(request);
    const errors = [{ message: 'Query cost is too high', extensions: { code: 'MAX_COST_EXCEEDED' } }];
    return Response.json({ errors });
  });
  for (let index = 0; index < 3; index++) given.shop.placeOrder({ lines: [{ sku: 'TEA', quantity: 1 }] });
  const { orders } = await pullAll(given.channel);
  expect(orders).toHaveLength(3);
  expect(asked.slice(0, 3)).toEqual([5, 2, 1]);
});

test('waits out an empty bucket and reads on', async () => {
  const { shop, channel, clock } = givenShop({ maximumAvailable: 1_000, restoreRate: 50 });
  for (let index = 0; index < 40; index++) shop.placeOrder({ lines: [{ sku: 'TEA', quantity: 1 }] });
  const { orders } = await pullAll(channel);
  expect(orders).toHaveLength(40);
  expect(clock.now() > start).toBe(true);
});

test('reads on after answers that were lost', async () => {
  const { shop, channel } = givenShop({}, {}, (app) => withFaults(app, (call) => (call % 2 === 0 ? 'drop-after' : null)));
  for (let index = 0; index < 12; index++) shop.placeOrder({ lines: [{ sku: 'TEA', quantity: 1 }] });
  expect((await pullAll(channel)).orders).toHaveLength(12);
});

test('stops with a fault when the shop cannot be reached, and the cursor of the last page still holds', async () => {
  let down = false;
  const { shop, channel } = givenShop({}, {}, (app) => (request) => (down ? Promise.reject(new DroppedConnection('down')) : app(request)));
  for (let index = 0; index < 12; index++) shop.placeOrder({ lines: [{ sku: 'TEA', quantity: 1 }] });
  const read: string[] = [];
  let cursor = channel.cursorAt('2026-11-21T00:00:00Z');
  const interrupted = async () => {
    for await (const page of channel.pullOrders(cursor)) {
      read.push(...page.orders.map(({ order }) => order.id));
      ({ cursor } = page);
      down = true;
    }
  };
  await expect(interrupted()).rejects.toMatchObject({ code: 'unreachable' });
  down = false;
  read.push(...(await pullAll(channel, cursor)).orders.map(({ order }) => order.id));
  expect(new Set(read).size).toBe(12);
  expect(read).toHaveLength(12);
});

test('gives up on a shop that does not answer in time', async () => {
  const { channel } = givenShop({}, { timeoutMs: 20, attempts: 1 }, (app) => withFaults(app, () => 'hang-before'));
  await expect(pullAll(channel)).rejects.toMatchObject({ code: 'timeout' });
});

test('knows no order that the shop does not have', async () => {
  const { channel } = givenShop();
  expect(await channel.getOrder('4711')).toBeNull();
});

test("keeps the channel's own text of an order", async () => {
  const { shop, channel } = givenShop();
  const placed = shop.placeOrder({ lines: [{ sku: 'TEA', quantity: 1 }], email: 'ada@example.org' });
  const pulled = await channel.getOrder(placed.id);
  expect(JSON.parse(pulled?.raw ?? '')).toMatchObject({
    id: `gid://shopify/Order/${placed.id}`,
    email: 'ada@example.org',
    lineItems: [{ sku: 'TEA', currentQuantity: 1 }],
  });
});
