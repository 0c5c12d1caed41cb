import { pullAll } from '@quartermaster/connector-kit/testing';
import type { ChannelCursor, OrderPage } from '@quartermaster/domain';
import { expect, test } from 'vitest';
import { ada, givenShop, type Given } from './testing/shop.ts';

const window = { from: '2026-11-01T00:00:00.000Z', until: '2026-12-01T00:00:00.000Z' };

function givenOrders(count: number, options: Parameters<typeof givenShop>[0] = {}) {
  const given = givenShop(options);
  for (let nth = 0; nth < count; nth++)
    given.shop.placeOrder({
      lines: [
        { sku: 'MUG', quantity: 1 + (nth % 3), discount: '1.00' },
        { sku: 'TEA', quantity: 1 },
      ],
      shippingPrice: '4.90',
      address: ada,
    });
  return given;
}

async function pagesOf({ channel }: Given, resume?: ChannelCursor, most = Infinity): Promise<OrderPage[]> {
  const pages: OrderPage[] = [];
  for await (const page of channel.backfillOrders({ ...window, ...(resume === undefined ? {} : { resume }) })) {
    pages.push(page);
    if (pages.length >= most) break;
  }
  return pages;
}

function idsOf(pages: readonly OrderPage[]): string[] {
  return pages.flatMap(({ orders }) => orders.map(({ order }) => order.id));
}

test('a backfill reads every order as a pull does, to the same revision', async () => {
  const given = givenOrders(7);
  const pulled = (await pullAll(given.channel)).orders;
  const backfilled = (await pagesOf(given)).flatMap(({ orders }) => orders);
  expect(backfilled).toEqual(pulled);
});

test('a backfill takes four calls or so, however many orders there are', async () => {
  const given = givenOrders(150);
  expect(idsOf(await pagesOf(given))).toHaveLength(150);
  expect(given.calls.length).toBeLessThan(5);
});

test('orders before and after the window are not read', async () => {
  const given = givenShop();
  given.shop.placeOrder({ at: '2026-10-31T23:59:59Z', lines: [{ sku: 'MUG', quantity: 1 }] });
  const { id } = given.shop.placeOrder({ at: '2026-11-01T00:00:00Z', lines: [{ sku: 'MUG', quantity: 1 }] });
  given.shop.placeOrder({ at: '2026-12-01T00:00:00Z', lines: [{ sku: 'MUG', quantity: 1 }] });
  expect(idsOf(await pagesOf(given))).toEqual([id]);
});

test('a backfill that stops after any page goes on from there, in the same operation', async () => {
  const given = givenOrders(150);
  const all = idsOf(await pagesOf(given));
  for (const stop of [1, 2]) {
    const before = await pagesOf(given, undefined, stop);
    const calls = given.calls.length;
    const cursor: ChannelCursor = JSON.parse(JSON.stringify(before.at(-1)?.cursor));
    expect([...idsOf(before), ...idsOf(await pagesOf(given, cursor))]).toEqual(all);
    expect(given.calls.slice(calls)).not.toContain('orders.backfill');
  }
});

test('an operation whose file is gone is begun anew', async () => {
  const given = givenOrders(3);
  const [first] = await pagesOf(given, undefined, 1);
  await given.clock.sleep(8 * 86_400_000);
  expect(idsOf(await pagesOf(given, first?.cursor))).toHaveLength(3);
});

test('a shop without orders has an empty backfill', async () => {
  expect(idsOf(await pagesOf(givenShop()))).toEqual([]);
});

test('when as many run as Shopify allows, it is tried again later', async () => {
  const given = givenOrders(1);
  for (let nth = 0; nth < 5; nth++) await pagesOf(given, undefined, 1);
  await expect(pagesOf(given)).rejects.toMatchObject({ code: 'rate-limited', facts: { retry: { kind: 'after' } } });
});

test('a file that breaks off is told as such, and what was read of it can be gone on from', async () => {
  let breakOff = true;
  const given = givenOrders(150);
  const broken: typeof fetch = async (input, init) => {
    const response = await given.fetch(input, init);
    if (!breakOff || response.headers.get('content-type') !== 'application/jsonl') return response;
    const text = await response.text();
    return new Response(text.slice(0, Math.floor(text.length * 0.8)));
  };
  const channel = given.again({ fetch: broken });
  const read: OrderPage[] = [];
  await expect(
    (async () => {
      for await (const page of channel.backfillOrders(window)) read.push(page);
    })(),
  ).rejects.toMatchObject({ code: 'malformed-reply', facts: { retry: { kind: 'safely' } } });
  breakOff = false;
  const resume = read.at(-1)?.cursor;
  for await (const page of channel.backfillOrders({ ...window, ...(resume === undefined ? {} : { resume }) })) read.push(page);
  expect(new Set(idsOf(read)).size).toBe(150);
});
