import { intentMemo } from '@quartermaster/connector-kit/sandbox';
import { instantOf } from '@quartermaster/domain';
import { expect, test } from 'vitest';
import { ada, givenSeller, orderNow, pullAll, start } from './testing/seller.ts';

const mug = { lines: [{ sku: 'MUG', quantity: 1 }], address: ada };
const days = 86_400_000;

test('a change of an order that is older than seven days is read, which Walmart does not show by itself', async () => {
  const { walmart, channel, clock } = givenSeller();
  const id = walmart.placeOrder(mug);
  const { cursor } = await pullAll(channel);
  clock.advanceTo(instantOf(Date.parse(start) + 20 * days));
  walmart.autoCancel(id);
  const { orders } = await pullAll(channel, cursor);
  expect(orders.map(({ order }) => [order.id, order.status])).toEqual([[id, 'cancelled']]);
});

test('orders of one second that fit no page are all read, though some change meanwhile', async () => {
  let disturb: () => void = () => undefined;
  const { walmart, channel, clock } = givenSeller({}, {}, (app) => (request) => {
    if (request.url.includes('poIndex')) disturb();
    return app(request);
  });
  const ids = Array.from({ length: 450 }, () => walmart.placeOrder(mug));
  clock.advanceTo(instantOf(Date.parse(start) + 60_000));
  let touched = 0;
  disturb = () => {
    if (touched < 5) walmart.changeAddress(ids[449 - touched++] ?? '', { ...ada, phone: '1' });
  };
  const first = await pullAll(channel);
  const second = await pullAll(channel, first.cursor);
  expect(new Set([...first.orders, ...second.orders].map(({ order }) => order.id))).toEqual(new Set(ids));
});

test('a backlog of many pages is read by windows of one page each, without following a cursor over what moves', async () => {
  const urls: URL[] = [];
  const { walmart, channel, clock } = givenSeller({}, {}, (app) => (request) => {
    urls.push(new URL(request.url));
    return app(request);
  });
  for (let nth = 0; nth < 900; nth++) {
    clock.advanceTo(instantOf(Date.parse(start) + nth * 60_000));
    walmart.placeOrder(mug);
  }
  const { orders } = await pullAll(channel, channel.cursorAt(start));
  const reads = urls.filter(({ pathname }) => pathname === '/v3/orders');
  expect([orders.length, reads.some(({ searchParams }) => searchParams.has('poIndex'))]).toEqual([900, false]);
  expect(reads.length).toBeLessThan(20);
});

test('an order of which a field is not understood is told as such, and the others are read', async () => {
  const { walmart, channel } = givenSeller({}, {}, (app) => async (request) => {
    const reply = await app(request);
    return new Response((await reply.text()).replace('"sku":"TEA"', '"sku":7'), reply);
  });
  const strange = walmart.placeOrder({ ...mug, lines: [{ sku: 'TEA', quantity: 1 }] });
  const good = walmart.placeOrder(mug);
  const { orders, unreadable } = await pullAll(channel);
  expect([orders.map(({ order }) => order.id), unreadable.map(({ id }) => id)]).toEqual([[good], [strange]]);
});

test('units of one line stand in several states at once: cancelled ones are not wanted, shipped ones not waited for', async () => {
  const { walmart, channel } = givenSeller();
  const orderId = walmart.placeOrder({ ...mug, lines: [{ sku: 'MUG', quantity: 5, tax: 500 }] });
  walmart.cancelUnits(orderId, 'MUG', 1);
  const parcel = { carrier: 'UPS', trackingNumbers: ['1Z1', '1Z2'], trackingUrl: null, shippedAt: start, notifyCustomer: false };
  await channel.confirmShipment({ orderId, node: 'BER', lines: [{ lineId: '1', units: 3 }], ...parcel }, intentMemo());
  walmart.deliver(orderId);
  const order = await orderNow(channel, orderId);
  const standings = [];
  for await (const page of channel.standings({ orders: [orderId] })) standings.push(...page);
  expect([order.lines[0]?.quantity, order.status, standings[0]?.lines]).toEqual([4, 'open', [{ id: '1', quantity: 4, unshipped: 1 }]]);
  expect(walmart.order(orderId).lines[0]?.shipped).toEqual([
    { trackingNumber: '1Z1', units: 2 },
    { trackingNumber: '1Z2', units: 1 },
  ]);
});

test('a total of Walmart’s own that counts a charge for each unit is understood so', async () => {
  const { walmart, channel } = givenSeller({}, {}, (app) => async (request) => {
    const reply = await app(request);
    return new Response((await reply.text()).replace('"amount":38.7', '"amount":12.9'), reply);
  });
  const id = walmart.placeOrder({ ...mug, lines: [{ sku: 'MUG', quantity: 3 }], summary: true });
  const order = await orderNow(channel, id);
  expect([order.total.minor, order.lines[0]?.total.minor, order.lines[0]?.unitPrice]).toEqual([3_870, 3_870, '12.90']);
});
