import { intentMemo } from '@quartermaster/connector-kit/sandbox';
import { expect, test } from 'vitest';
import { acknowledgementFeed } from './order-feeds.ts';
import { givenSeller } from './testing/shop.ts';

const mug = { lines: [{ sku: 'MUG', quantity: 1 }] };
const whole = { lines: null, reason: 'out-of-stock', restock: false, notifyCustomer: true } as const;

test('orders that are taken on at the same time go as one feed', async () => {
  const { channel, shop, events } = givenSeller();
  const ids = Array.from({ length: 12 }, () => shop.placeOrder(mug));
  await Promise.all(
    ids.map(async (orderId, index) => channel.acknowledgement?.make({ orderId, ourRef: `S${index}` }, intentMemo(orderId))),
  );
  expect(ids.map((id) => shop.order(id).sellerOrderId)).toEqual(ids.map((_, index) => `S${index}`));
  expect(events.filter(({ operation }) => operation === 'createFeed').length).toBe(1);
});

test('orders that are taken on while a feed is under way go together with the next', async () => {
  const { channel, shop, events } = givenSeller();
  const ids = Array.from({ length: 9 }, () => shop.placeOrder(mug));
  const take = async (orderId: string) => channel.acknowledgement?.make({ orderId, ourRef: orderId }, intentMemo(orderId));
  const first = take(ids[0] ?? '');
  const rest = new Promise((resolve) => setImmediate(resolve)).then(() => Promise.all(ids.slice(1).map(take)));
  await Promise.all([first, rest]);
  expect(ids.every((id) => shop.order(id).sellerOrderId === id)).toBe(true);
  expect(events.filter(({ operation }) => operation === 'createFeed').length).toBeLessThanOrEqual(2);
});

test('an order that Amazon refuses holds up no other of its feed', async () => {
  const { channel, shop } = givenSeller();
  const [good, bad] = [shop.placeOrder(mug), shop.placeOrder(mug)];
  const take = async (orderId: string, ourRef: string) => channel.acknowledgement?.make({ orderId, ourRef }, intentMemo(orderId));
  const [first, second] = await Promise.allSettled([take(good, 'S1'), take(bad, '')]);
  expect([first.status, second.status === 'rejected' && second.reason]).toMatchObject(['fulfilled', { code: 'refused' }]);
});

test('an order of which something shipped is not cancelled', async () => {
  const { channel, shop, clock, events } = givenSeller();
  const orderId = shop.placeOrder({ lines: [{ sku: 'MUG', quantity: 2 }] });
  const lines = [{ lineId: shop.order(orderId).items[0]?.id ?? '', units: 1 }];
  const parcel = { carrier: 'ups', trackingNumbers: ['1Z1'], trackingUrl: null, shippedAt: clock.now(), notifyCustomer: false };
  await channel.confirmShipment({ orderId, node: 'BER', lines, ...parcel }, intentMemo());
  await expect(channel.cancellation?.make({ orderId, ...whole }, intentMemo())).rejects.toMatchObject({ code: 'refused' });
  expect(events.some(({ operation }) => operation === 'createFeed')).toBe(false);
});

test('what is cancelled already is not cancelled again', async () => {
  const { channel, shop, events } = givenSeller();
  const orderId = shop.placeOrder(mug);
  shop.cancelOrder(orderId, 'BUYER');
  expect(await channel.cancellation?.make({ orderId, ...whole }, intentMemo())).toEqual({ ref: orderId, state: 'done' });
  expect(events.some(({ operation }) => operation === 'createFeed')).toBe(false);
});

test('our own name of an order may have what XML would trip over', () => {
  expect(acknowledgementFeed('S', [{ orderId: '028-1', status: 'Success', ourRef: `A&B<"'>` }])).toContain(
    '<MerchantOrderID>A&amp;B&lt;&quot;&apos;&gt;</MerchantOrderID>',
  );
});
