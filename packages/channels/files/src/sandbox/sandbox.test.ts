import { intentMemo } from '@quartermaster/connector-kit/sandbox';
import { expect, test } from 'vitest';
import { givenFolder } from '../testing/folder.ts';

const untaken = { takesAtOnce: false } as const;

function givenMugOrder() {
  const given = givenFolder({}, untaken);
  const orderId = given.partner.placeOrder({ lines: [{ sku: 'MUG', quantity: 2, unitPrice: '12.90' }] });
  return { ...given, orderId };
}

const shipmentOf = (orderId: string, quantity: number) => ({
  format: 'shipment/1',
  shipment_id: `s-${quantity}`,
  order_id: orderId,
  warehouse: 'BERLIN',
  shipped_at: '2026-11-21T09:00:00Z',
  carrier: 'DHL',
  tracking_numbers: [],
  tracking_url: null,
  notify_customer: false,
  lines: [{ line_id: '1', sku: 'MUG', quantity }],
});

test.each([
  ['a file that is no JSON', () => '{', 'not JSON'],
  ['a file that lacks a field', () => '{"format":"shipment/1"}', 'shipment_id'],
  ['an order that it did not send', () => JSON.stringify(shipmentOf('1', 1)), 'no order 1'],
  ['more units than it wants', (orderId: string) => JSON.stringify(shipmentOf(orderId, 3)), 'line 1 wants no 3 units more'],
])('%s is rejected with its reason', (_title, textOf, reason) => {
  const { partner, orderId } = givenMugOrder();
  partner.directory.put('shipments/s.json', textOf(orderId));
  partner.takeFiles();
  expect([partner.rejected, partner.order(orderId).shipments]).toEqual([
    [{ path: 'shipments/s.json', reason: expect.stringContaining(reason) }],
    [],
  ]);
});

test('a shipment that comes twice under one id is taken once', () => {
  const { partner, orderId } = givenMugOrder();
  for (const name of ['a', 'b']) partner.directory.put(`shipments/${name}.json`, JSON.stringify(shipmentOf(orderId, 1)));
  partner.takeFiles();
  expect([partner.order(orderId).shipments.length, partner.rejected]).toEqual([1, []]);
});

test('an older stock file does not overrule a newer one, whichever is taken first', () => {
  const { partner } = givenMugOrder();
  const stockOf = (id: string, asOf: string, available: number) =>
    JSON.stringify({
      format: 'stock/1',
      stock_id: id,
      as_of: asOf,
      whole: false,
      levels: [{ sku: 'MUG', warehouse: 'BERLIN', available }],
    });
  partner.directory.put('stock/1.json', stockOf('1', '2026-11-21T10:00:00Z', 4));
  partner.directory.put('stock/2.json', stockOf('2', '2026-11-21T09:00:00Z', 9));
  partner.takeFiles();
  expect(partner.stockOf('MUG', 'BERLIN')).toBe(4);
});

test('an item or a warehouse that it does not have makes it reject the whole file', async () => {
  const { channel, partner } = givenFolder({ itemFiles: false, warehouses: { BER: 'NOWHERE' } });
  await channel.pushStock([{ sku: 'MUG', node: 'BER', available: 4, expected: null }], intentMemo());
  expect(partner.rejected.map(({ reason }) => reason)).toEqual(['no warehouse NOWHERE']);
});

test('what has shipped is not cancelled', async () => {
  const { channel, clock, partner, orderId } = givenMugOrder();
  const parcel = { carrier: 'DHL', trackingNumbers: [], trackingUrl: null, shippedAt: clock.now(), notifyCustomer: false };
  await channel.confirmShipment({ orderId, node: 'BER', lines: [{ lineId: '1', units: 1 }], ...parcel }, intentMemo('ship'));
  partner.takeFiles();
  await channel.cancellation?.make(
    { orderId, lines: null, reason: 'customer', restock: false, notifyCustomer: false },
    intentMemo('cancel'),
  );
  partner.takeFiles();
  expect([partner.order(orderId).order.status, partner.rejected.length]).toEqual(['open', 1]);
});
