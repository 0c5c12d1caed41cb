import { intentMemo } from '@quartermaster/connector-kit/sandbox';
import type { virtualClock } from '@quartermaster/connector-kit/sandbox';
import { epochMs, instantOf, type Channel, type PulledOrder, type UnreadableOrder } from '@quartermaster/domain';
import { expect, test } from 'vitest';
import { ada, givenShop } from './testing/shop.ts';

const aMug = { lines: [{ sku: 'MUG', quantity: 1 }], address: ada };

test.each(['America/New_York', 'Asia/Tokyo', 'Pacific/Kiritimati', 'Europe/Berlin'])(
  'a shop in %s shows an order of this minute, and none of five hours ago',
  async (zone) => {
    const { shop, channel, clock } = givenShop({ zone });
    shop.placeOrder(aMug);
    pass(clock, 5 * 3_600_000);
    const id = shop.placeOrder(aMug);
    expect(idsOf(await pull(channel, instantOf(epochMs(clock.now()) - 60_000)))).toEqual([id]);
  },
);

test('more orders of one second than two pages hold are all read, while one of them changes', async () => {
  const { shop, channel } = givenShop();
  const placed = Array.from({ length: 730 }, () => shop.placeOrder(aMug));
  const read = new Set<string>();
  for await (const page of channel.pullOrders(channel.cursorAt('2026-11-21T00:00:00Z'))) {
    for (const { order } of page.orders) read.add(order.id);
    shop.writeCustomerNote(placed[0] ?? '', `note ${read.size}`);
  }
  expect(read.size).toBe(730);
});

test('no page is asked for by its number while the orders are of different seconds', async () => {
  const asked: string[] = [];
  const { shop, channel, clock } = givenShop({}, {}, (app) => (request) => {
    asked.push(new URL(request.url).search);
    return app(request);
  });
  for (let nth = 0; nth < 250; nth++) {
    pass(clock, 1_000);
    shop.placeOrder(aMug);
  }
  expect((await pull(channel)).orders).toHaveLength(250);
  expect(asked.filter((query) => /[?&](page|offset|exclude)=/.test(query))).toEqual([]);
});

test('a time is never sent with its zone, and always as UTC', async () => {
  const asked: URLSearchParams[] = [];
  const { channel } = givenShop({}, {}, (app) => (request) => {
    asked.push(new URL(request.url).searchParams);
    return app(request);
  });
  await pull(channel);
  expect(asked.map((query) => [query.get('modified_after'), query.get('dates_are_gmt')])).toEqual([
    ['2026-11-20T23:58:59', 'true'],
    ['2026-11-20T23:58:59', 'true'],
  ]);
});

test('of an order nothing is fetched that we do not use: not the key to pay it by, nor where the customer sat', async () => {
  const { shop, channel } = givenShop();
  shop.placeOrder(aMug);
  const { orders } = await pull(channel);
  expect(orders[0]?.raw).not.toMatch(/order_key|payment_url|customer_ip_address|_links/);
});

test('an order whose entries come in another order each time is the same', async () => {
  const { shop, channel, clock } = givenShop();
  const id = shop.placeOrder(aMug);
  for (const ourRef of ['S1', 'S2']) await channel.acknowledgement?.make({ orderId: id, ourRef }, intentMemo(ourRef));
  await channel.confirmShipment(
    { orderId: id, node: 'BER', lines: [{ lineId: (await lineIds(channel, id))[0] ?? '', units: 1 }], ...parcel, shippedAt: clock.now() },
    intentMemo('ship'),
  );
  const revisions = [];
  for (let nth = 0; nth < 4; nth++) revisions.push((await channel.getOrder(id))?.order.revision);
  expect(new Set(revisions).size).toBe(1);
});

test('a cart that nobody has ordered yet is no order', async () => {
  const { shop, channel } = givenShop();
  const id = shop.placeOrder(aMug);
  shop.setStatus(id, 'checkout-draft');
  expect([idsOf(await pull(channel)), await channel.getOrder(id)]).toEqual([[], null]);
});

test('an order that goes into the trash is told as cancelled, whether or not anything else happens', async () => {
  const { shop, channel, clock } = givenShop();
  const [first, second] = [shop.placeOrder(aMug), shop.placeOrder(aMug)];
  const { cursor } = await pull(channel);
  pass(clock, 3_600_000);
  shop.trashOrder(first ?? '');
  const pulled = await pull(channel, cursor);
  const standing = await standings(channel, [first ?? '', second ?? '']);
  expect(pulled.orders.map(({ order }) => [order.id, order.status])).toEqual([[first, 'cancelled']]);
  expect(standing).toEqual({ [first ?? '']: 'cancelled', [second ?? '']: 'open' });
});

test('an order that cannot be put into our words holds up no other, and is told with the reason', async () => {
  const { shop, channel } = givenShop();
  const yen = shop.placeOrder({ ...aMug, currency: 'JPY', total: '11.90' });
  const id = shop.placeOrder(aMug);
  const { orders, unreadable } = await pull(channel);
  expect([orders.map(({ order }) => order.id), unreadable.map((one) => [one.id, /finer than the currency/.test(one.reason)])]).toEqual([
    [id],
    [[yen, true]],
  ]);
});

test('units that somebody refunded are no longer waited for', async () => {
  const { shop, channel } = givenShop();
  const id = shop.placeOrder({ ...aMug, lines: [{ sku: 'MUG', quantity: 3 }] });
  shop.takeOut(id, 'MUG', 1);
  const found = [];
  for await (const page of channel.standings({ orders: [id] })) found.push(...page);
  expect(found[0]?.lines.map(({ quantity, unshipped }) => [quantity, unshipped])).toEqual([[2, 2]]);
});

test('a hundred orders with five hundred others around them stand as they are, in one call', async () => {
  const { shop, channel, exchanges } = givenShop();
  const ids = Array.from({ length: 100 }, () => shop.placeOrder(aMug));
  const found = await standings(channel, ids);
  expect([Object.keys(found).length, exchanges.length]).toEqual([100, 1]);
});

const parcel = { carrier: 'ups', trackingNumbers: ['1Z1'], trackingUrl: null, notifyCustomer: false };

async function lineIds(channel: Channel, id: string): Promise<string[]> {
  return (await channel.getOrder(id))?.order.lines.map((line) => line.id) ?? [];
}

async function pull(channel: Channel, since: string | ReturnType<Channel['cursorAt']> = '2026-11-21T00:00:00Z') {
  const orders: PulledOrder[] = [];
  const unreadable: UnreadableOrder[] = [];
  let cursor = typeof since === 'string' ? channel.cursorAt(since) : since;
  for await (const page of channel.pullOrders(cursor)) {
    orders.push(...page.orders);
    unreadable.push(...(page.unreadable ?? []));
    ({ cursor } = page);
  }
  return { orders, unreadable, cursor };
}

async function standings(channel: Channel, orders: readonly string[]): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  for await (const page of channel.standings({ orders })) for (const { id, status } of page) found[id] = status;
  return found;
}

function idsOf({ orders }: { readonly orders: readonly PulledOrder[] }): string[] {
  return orders.map(({ order }) => order.id);
}

function pass(clock: ReturnType<typeof virtualClock>, ms: number): void {
  clock.advanceTo(instantOf(epochMs(clock.now()) + ms));
}
