import { intentMemo } from '@quartermaster/connector-kit/sandbox';
import type { ShipmentConfirmation } from '@quartermaster/domain';
import { expect, test } from 'vitest';
import { carrierCode } from './carriers.ts';
import { packagesOf } from './shipment.ts';
import { ada, givenSeller, start, type Given } from './testing/seller.ts';

function mugOrder({ ebay }: Given, quantity: number, given: Partial<ShipmentConfirmation> = {}): ShipmentConfirmation {
  const { id, lineIds } = ebay.placeOrder({ lines: [{ sku: 'MUG', quantity }], address: ada });
  const lines = lineIds.map((lineId) => ({ lineId, units: quantity }));
  const parcel = { carrier: 'dhl', trackingNumbers: ['JD 014-1'], trackingUrl: null, shippedAt: start, notifyCustomer: true };
  return { orderId: id, node: 'BER', lines, ...parcel, ...given };
}

test('a shipment is at eBay under its tracking number, with eBay’s code of the carrier', async () => {
  const given = givenSeller();
  const request = mugOrder(given, 2);
  expect(await given.channel.confirmShipment(request, intentMemo())).toEqual({ ref: 'JD0141' });
  expect(given.ebay.order(request.orderId).fulfillments).toEqual([
    { id: 'JD0141', trackingNumber: 'JD 014-1', carrier: 'DHL', shippedDate: start, units: { MUG: 2 } },
  ]);
});

test('confirming what is there already asks for nothing more', async () => {
  const given = givenSeller();
  const request = mugOrder(given, 2);
  await given.channel.confirmShipment(request, intentMemo());
  await given.channel.confirmShipment(request, intentMemo());
  expect(given.calls.filter((call) => call === 'shipments.confirm')).toHaveLength(1);
});

test('each of several parcels is told with its own number, and none ships more than there is', async () => {
  const given = givenSeller();
  const request = mugOrder(given, 3, { trackingNumbers: ['A1', 'A2'] });
  await given.channel.confirmShipment(request, intentMemo());
  expect(given.ebay.order(request.orderId).fulfillments.map(({ id, units }) => [id, units])).toEqual([
    ['A1', { MUG: 2 }],
    ['A2', { MUG: 1 }],
  ]);
  expect((await given.channel.findShipment(request)).kind).toBe('found');
});

test('numbers beyond the units cannot be told', () => {
  expect(packagesOf({ lines: [{ lineId: 'x', units: 1 }], trackingNumbers: ['A1', 'A2'] })).toEqual([
    { trackingNumber: 'A1', lines: [{ lineId: 'x', units: 1 }] },
  ]);
});

test('a shipment without a number goes without a carrier, and only a person can tell it from another', async () => {
  const given = givenSeller();
  const request = mugOrder(given, 2, { trackingNumbers: [] });
  expect(await given.channel.confirmShipment(request, intentMemo())).toEqual({ ref: '999' });
  expect((await given.channel.findShipment(request)).kind).toBe('cannot-tell');
});

test('a shipping time ahead of the clock is now', async () => {
  const given = givenSeller();
  const request = mugOrder(given, 1, { shippedAt: '2026-11-21T10:00:00.000Z' });
  await given.channel.confirmShipment(request, intentMemo());
  expect(given.ebay.order(request.orderId).fulfillments[0]?.shippedDate).toBe(start);
});

test.each([
  ['ups', 'UPS'],
  ['Deutsche Post', 'DeutschePost'],
  ['DHL Paket', 'DHLEKB'],
  ['Müller & Söhne', 'Müller  Söhne'],
  ['&', 'Other'],
])('carrier %s is %s', (carrier, code) => {
  expect(carrierCode(carrier, { 'dhl paket': 'DHLEKB' })).toBe(code);
});
