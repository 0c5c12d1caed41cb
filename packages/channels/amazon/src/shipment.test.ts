import { intentMemo } from '@quartermaster/connector-kit/sandbox';
import type { ShipmentConfirmation } from '@quartermaster/domain';
import { expect, test } from 'vitest';
import { carrierWords } from './carriers.ts';
import { packageReference } from './shipment.ts';
import { givenSeller, type Given } from './testing/shop.ts';

async function givenOrder(given: Given = givenSeller(), quantity = 2) {
  const orderId = given.shop.placeOrder({ lines: [{ sku: 'MUG', quantity }] });
  const lineId = given.shop.order(orderId).items[0]?.id ?? '';
  const request: ShipmentConfirmation = {
    orderId,
    node: 'BER',
    lines: [{ lineId, units: 1 }],
    carrier: 'ups',
    trackingNumbers: ['1Z1'],
    trackingUrl: null,
    shippedAt: given.clock.now(),
    notifyCustomer: true,
  };
  return { ...given, orderId, request };
}

test('the same shipment again edits its package, another one makes another', async () => {
  const { channel, request, shop, orderId } = await givenOrder();
  await channel.confirmShipment(request, intentMemo());
  await channel.confirmShipment(request, intentMemo());
  await channel.confirmShipment({ ...request, trackingNumbers: ['1Z2'] }, intentMemo());
  expect(shop.order(orderId).packages.map(({ trackingNumber, units }) => [trackingNumber, units])).toEqual([
    ['1Z1', { MUG: 1 }],
    ['1Z2', { MUG: 1 }],
  ]);
});

test('units of one line that were picked at two places are one item of the package', async () => {
  const { channel, request, shop, orderId } = await givenOrder();
  await channel.confirmShipment({ ...request, lines: [...request.lines, ...request.lines] }, intentMemo());
  expect(shop.order(orderId).packages.map(({ units }) => units)).toEqual([{ MUG: 2 }]);
});

test('the name of a package is a positive number, whatever it is made of', () => {
  const names = Array.from({ length: 500 }, (_, nth) =>
    packageReference({ orderId: '028-1234567-8901234', trackingNumbers: [`1Z${nth}`] }),
  );
  expect(names.every((name) => /^[1-9]\d{0,8}$/.test(name))).toBe(true);
  expect(new Set(names).size).toBe(500);
});

test.each([
  ['ups', { carrierCode: 'UPS' }],
  ['DHL Express', { carrierCode: 'DHL Express' }],
  ['Royal-Mail', { carrierCode: 'Royal Mail' }],
  ['Kiala', { carrierCode: 'Other', carrierName: 'Kiala' }],
])('the carrier %s is %o', (carrier, words) => {
  expect(carrierWords(carrier)).toEqual(words);
});

test('a shipment without a tracking number is not sent, since Amazon takes none', async () => {
  const { channel, request, events } = await givenOrder();
  await expect(channel.confirmShipment({ ...request, trackingNumbers: [] }, intentMemo())).rejects.toMatchObject({
    code: 'unsupported',
    facts: { outcome: 'not-applied' },
  });
  expect(events).toEqual([]);
});

test('a shipment that somebody confirmed by hand is found by its tracking number', async () => {
  const { channel, request } = await givenOrder();
  await channel.confirmShipment({ ...request, trackingNumbers: ['1Z1', '1Z9'] }, intentMemo());
  expect(await channel.findShipment(request)).toMatchObject({ kind: 'found' });
});

test('an order that is pending cannot be shipped', async () => {
  const { channel, request, shop, clock } = await givenOrder();
  const pending = shop.placeOrder({ lines: [{ sku: 'MUG', quantity: 1 }], pending: true });
  const lineId = shop.order(pending).items[0]?.id ?? '';
  const shipping = channel.confirmShipment(
    { ...request, orderId: pending, lines: [{ lineId, units: 1 }], shippedAt: clock.now() },
    intentMemo(),
  );
  await expect(shipping).rejects.toMatchObject({ code: 'invalid-request', facts: { outcome: 'not-applied' } });
});

test('a seller of several marketplaces says of which the order is', async () => {
  const several = givenSeller({}, { marketplaceIds: ['A13V1IB3VIYZZH', 'A1PA6795UKMFR9'] });
  const { channel, request, shop, orderId } = await givenOrder(several);
  await channel.confirmShipment(request, intentMemo());
  expect(shop.order(orderId).status).toBe('PARTIALLY_SHIPPED');
});
