import { intentMemo } from '@quartermaster/connector-kit/sandbox';
import type { ChannelCursor } from '@quartermaster/domain';
import { epochMs, instantOf } from '@quartermaster/domain';
import { expect, test } from 'vitest';
import { readNotification } from './notifications.ts';
import { givenSeller, start, type Given } from './testing/shop.ts';

const later = (clock: Given['clock'], seconds: number) => clock.advanceTo(instantOf(epochMs(clock.now()) + seconds * 1_000));
const mug = { lines: [{ sku: 'MUG', quantity: 1 }] };

async function pull(channel: Given['channel'], since: ChannelCursor = channel.cursorAt(start)) {
  const ids: string[] = [];
  let cursor = since;
  for await (const page of channel.pullOrders(since)) {
    ids.push(...page.orders.map(({ order }) => order.id));
    ({ cursor } = page);
  }
  return { ids, cursor };
}

test('the newest two minutes come with the next pull', async () => {
  const { channel, clock, shop } = givenSeller();
  const first = shop.placeOrder(mug);
  later(clock, 121);
  const second = shop.placeOrder(mug);
  const one = await pull(channel);
  later(clock, 121);
  const two = await pull(channel, one.cursor);
  expect([one.ids, two.ids]).toEqual([[first], [second]]);
});

test('a pull that breaks off between pages misses nothing, though they come in no order', async () => {
  const { channel, clock, shop } = givenSeller();
  const placed: string[] = [];
  for (let nth = 0; nth < 250; nth++) {
    placed.push(shop.placeOrder(mug));
    later(clock, 10);
  }
  later(clock, 121);
  const seen = new Set<string>();
  let cursor = channel.cursorAt(start);
  for (let attempt = 0; attempt < 3; attempt++) {
    for await (const page of channel.pullOrders(cursor)) {
      for (const { order } of page.orders) seen.add(order.id);
      ({ cursor } = page);
      break;
    }
  }
  expect(seen).toEqual(new Set(placed));
});

test('an order that Amazon ships itself is not ours to read', async () => {
  const { channel, clock, shop } = givenSeller();
  const id = shop.placeOrder({ ...mug, fulfilledBy: 'AMAZON' });
  later(clock, 121);
  expect([(await pull(channel)).ids, await channel.getOrder(id)]).toEqual([[], null]);
});

test('a pending order is read again when its payment is through, and then has an address', async () => {
  const { channel, clock, shop } = givenSeller();
  const id = shop.placeOrder({ ...mug, pending: true });
  later(clock, 121);
  const pending = await pull(channel);
  shop.authorize(id);
  const before = await channel.getOrder(id);
  later(clock, 121);
  const ready = await pull(channel, pending.cursor);
  expect([pending.ids, ready.ids, before?.order.payment.secured.minor]).toEqual([[id], [id], 1290]);
  expect(before?.person.shipTo?.city).toBe('Bonn');
});

test('nothing older than Amazon keeps is asked for', async () => {
  const { channel, clock, shop } = givenSeller();
  const id = shop.placeOrder(mug);
  later(clock, 121);
  expect((await pull(channel, channel.cursorAt('2015-01-01T00:00:00Z'))).ids).toEqual([id]);
});

test('what cannot be the id of an order costs no call', async () => {
  const { channel, events } = givenSeller();
  expect([await channel.getOrder('4711'), events.length]).toEqual([null, 0]);
});

test('half a day of 2,500 orders, with notifications and a poll every three minutes, passes without a call refused for rate', async () => {
  const { channel, clock, shop } = givenSeller();
  const began = epochMs(clock.now());
  const read = new Set<string>();
  let { cursor } = await pull(channel);
  for (let poll = 0; poll < 240; poll++) {
    const due = Math.floor(((poll + 1) * 2_500) / 240) - Math.floor((poll * 2_500) / 240);
    for (let nth = 0; nth < due; nth++) shop.placeOrder(mug);
    for (const text of shop.takeNotifications()) {
      const id = readNotification(text)?.orderId ?? '';
      const order = await channel.getOrder(id);
      if (order?.order.status !== 'open') continue;
      const lines = order.order.lines.map((line) => ({ lineId: line.id, units: line.quantity }));
      const parcel = { carrier: 'ups', trackingNumbers: [`1Z${id}`], trackingUrl: null, shippedAt: clock.now(), notifyCustomer: false };
      await channel.confirmShipment({ orderId: id, node: 'BER', lines, ...parcel }, intentMemo());
      read.add(id);
    }
    clock.advanceTo(instantOf(began + (poll + 1) * 180_000));
    ({ cursor } = await pull(channel, cursor));
  }
  const refused = [...shop.calls].filter(([, calls]) => calls.refused > 0);
  expect([read.size, refused, epochMs(clock.now()) - began]).toEqual([2_500, [], 43_200_000]);
});

test('a backlog of searches takes as long as the quota of searches, and no longer', async () => {
  const { channel, clock, shop } = givenSeller();
  for (let nth = 0; nth < 3_000; nth++) shop.placeOrder(mug);
  later(clock, 121);
  const began = epochMs(clock.now());
  expect((await pull(channel)).ids.length).toBe(3_000);
  const searches = shop.calls.get('searchOrders');
  const least = ((30 - 20) / 0.0056) * 1_000;
  expect([searches, Math.round((epochMs(clock.now()) - began) / least)]).toEqual([{ made: 30, refused: 0 }, 1]);
});

test('a named order that cannot be put into our words is a fault, not one that is not there', async () => {
  const { channel, shop } = givenSeller({}, {}, (app) => async (request) => {
    const response = await app(request);
    const text = await response.text();
    return new Response(text.replace('"amount":"12.90"', '"amount":"12.905"'), response);
  });
  const id = shop.placeOrder(mug);
  const read = async () => {
    for await (const page of channel.standings({ orders: [id] })) return page;
    return null;
  };
  await expect(read()).rejects.toMatchObject({ code: 'malformed-reply' });
});
