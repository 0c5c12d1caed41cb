import type { Channel, ShipmentConfirmation } from '@quartermaster/domain';
import { intentMemo, sandboxFetch } from '@quartermaster/connector-kit/sandbox';
import { expect, test } from 'vitest';
import { createClient } from './client.ts';
import { memoryRateLimiter } from '@quartermaster/connector-kit';
import { z } from 'zod';
import { ada, givenShop, keys, origin, start } from './testing/shop.ts';

const mugs = { lines: [{ sku: 'MUG', quantity: 3 }], address: ada };

test('the customer reads what left, by whom and with which number; the shop is told to mail it', async () => {
  const { shop, channel } = givenShop();
  const id = shop.placeOrder(mugs);
  await channel.confirmShipment(await parcel(channel, id, 2, ['1Z1', '1Z2']), intentMemo());
  const [note] = shop.snapshot(id).notes;
  expect(note).toEqual({
    note: expect.stringMatching(/^Shipped by UPS 1Z1, 1Z2: 2 × Mug\. https:\/\/t\.example\/\?a=1&amp;b=2 \([0-9a-f]{16}\)$/),
    toCustomer: true,
  });
});

test('the last parcel completes the order, and none before it', async () => {
  const { shop, channel } = givenShop();
  const id = shop.placeOrder(mugs);
  await channel.confirmShipment(await parcel(channel, id, 2, ['1Z1']), intentMemo());
  const between = shop.snapshot(id).status;
  await channel.confirmShipment(await parcel(channel, id, 1, ['1Z2']), intentMemo());
  expect([between, shop.snapshot(id).status]).toEqual(['processing', 'completed']);
});

test('when the rest was refunded, what is left completes the order', async () => {
  const { shop, channel } = givenShop();
  const id = shop.placeOrder(mugs);
  shop.takeOut(id, 'MUG', 1);
  await channel.confirmShipment(await parcel(channel, id, 2, ['1Z1']), intentMemo());
  expect(shop.snapshot(id).status).toBe('completed');
});

test('two parcels without a number are two when they left at different times', async () => {
  const { shop, channel } = givenShop();
  const id = shop.placeOrder(mugs);
  const first = await parcel(channel, id, 1, []);
  const second = { ...first, shippedAt: '2026-11-21T11:00:00.000Z' };
  await channel.confirmShipment(first, intentMemo());
  expect(await channel.findShipment(second)).toEqual({ kind: 'absent' });
  await channel.confirmShipment(second, intentMemo());
  expect(shop.snapshot(id).notes).toHaveLength(2);
});

test.each(['cancelled', 'refunded', 'failed'])('nothing ships of an order that is %s', async (status) => {
  const { shop, channel } = givenShop();
  const id = shop.placeOrder(mugs);
  const request = await parcel(channel, id, 1, ['1Z1']);
  shop.setStatus(id, status);
  await expect(channel.confirmShipment(request, intentMemo())).rejects.toMatchObject({
    code: 'refused',
    facts: { outcome: 'not-applied' },
  });
});

test('an order that somebody completed by hand can still be told of its parcel', async () => {
  const { shop, channel } = givenShop();
  const id = shop.placeOrder(mugs);
  shop.setStatus(id, 'completed');
  await channel.confirmShipment(await parcel(channel, id, 3, ['1Z1']), intentMemo());
  expect(shop.snapshot(id).notes).toHaveLength(1);
});

test('with fulfilments, what somebody of the shop fulfilled counts, and more is refused though the shop would take it', async () => {
  const { shop, channel, clock } = givenShop({ fulfillments: true }, { fulfillments: true });
  const id = shop.placeOrder(mugs);
  const request = await parcel(channel, id, 2, ['1Z1']);
  const client = createClient({
    origin,
    ...keys,
    keyTransport: 'basic',
    webhookSecrets: [],
    bucket: 'hands',
    clock,
    random: () => 0.5,
    limiter: memoryRateLimiter({}, clock),
    fetch: sandboxFetch({ [origin]: shop.app }),
  });
  const items = [{ item_id: Number(request.lines[0]?.lineId), qty: 2 }];
  const body = { status: 'fulfilled', is_fulfilled: true, meta_data: [{ key: '_items', value: items }] };
  const path = `/wc/v3/orders/${id}/fulfillments`;
  await client({ operation: 'people', method: 'POST', path, body, schema: z.unknown(), kind: 'effect' });
  await expect(channel.confirmShipment(request, intentMemo())).rejects.toMatchObject({ code: 'refused' });
  await channel.confirmShipment({ ...request, lines: [{ lineId: String(items[0]?.item_id), units: 1 }] }, intentMemo());
  expect([shop.snapshot(id).fulfillments.length, shop.snapshot(id).status]).toEqual([2, 'completed']);
});

test('fulfilments that the shop has not on are told as a setting that is wrong', async () => {
  const { shop, channel } = givenShop({}, { fulfillments: true });
  const id = shop.placeOrder(mugs);
  await expect(channel.confirmShipment(await parcel(channel, id, 1, ['1Z1']), intentMemo())).rejects.toMatchObject({
    code: 'misconfigured',
  });
});

async function parcel(channel: Channel, orderId: string, units: number, trackingNumbers: readonly string[]): Promise<ShipmentConfirmation> {
  const lineId = (await channel.getOrder(orderId))?.order.lines[0]?.id ?? '';
  const way = { carrier: 'ups', trackingNumbers, trackingUrl: 'https://t.example/?a=1&b=2', shippedAt: start, notifyCustomer: true };
  return { orderId, node: 'BER', lines: [{ lineId, units }], ...way };
}
