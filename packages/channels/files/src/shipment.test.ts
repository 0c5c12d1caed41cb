import { intentMemo } from '@quartermaster/connector-kit/sandbox';
import type { ShipmentConfirmation } from '@quartermaster/domain';
import { isFault } from '@quartermaster/domain';
import { expect, test } from 'vitest';
import { channelOf, givenFolder, mugOrder, orderText, start } from './testing/folder.ts';

const shipment = (given: Partial<ShipmentConfirmation> = {}): ShipmentConfirmation => ({
  orderId: '1',
  node: 'BER',
  lines: [{ lineId: '1', units: 1 }],
  carrier: 'DHL',
  trackingNumbers: [],
  trackingUrl: null,
  shippedAt: start,
  notifyCustomer: false,
  ...given,
});

function givenOrder() {
  const given = givenFolder({}, { takesAtOnce: false });
  given.partner.directory.put('orders/a.json', orderText(mugOrder('1')));
  return given;
}

test('a shipment is found again by another process after the partner took its file away', async () => {
  const { channel, clock, partner } = givenOrder();
  const { ref } = await channel.confirmShipment(shipment(), intentMemo());
  partner.directory.remove(`shipments/${ref}.json`);
  expect(await channelOf(partner, clock).findShipment(shipment())).toEqual({ kind: 'found', result: { ref } });
});

test('whoever dies between the file and its record writes the same file again', async () => {
  const { channel, partner } = givenOrder();
  const { ref } = await channel.confirmShipment(shipment(), intentMemo());
  partner.directory.remove(`sent/shipments/${ref}.json`);
  expect(await channel.findShipment(shipment())).toMatchObject({ kind: 'found' });
  partner.directory.remove(`shipments/${ref}.json`);
  expect(await channel.findShipment(shipment())).toEqual({ kind: 'absent' });
  expect(await channel.confirmShipment(shipment(), intentMemo())).toEqual({ ref });
});

test('a shipment of all that is wanted is no second one when its intent is carried out again', async () => {
  const { channel, clock, partner } = givenOrder();
  const all = shipment({ lines: [{ lineId: '1', units: 2 }] });
  const first = await channel.confirmShipment(all, intentMemo());
  const second = await channelOf(partner, clock).confirmShipment(all, intentMemo());
  expect(second).toEqual(first);
});

test('two shipments without tracking number are two when they left at different times', async () => {
  const { channel } = givenOrder();
  const first = await channel.confirmShipment(shipment(), intentMemo('one'));
  const second = await channel.confirmShipment(shipment({ shippedAt: '2026-11-22T09:00:00.000Z' }), intentMemo('two'));
  expect(second.ref).not.toBe(first.ref);
});

test.each([
  ['of a line that the order has not', { lines: [{ lineId: '9', units: 1 }] }, 'refused'],
  ['of more than is wanted, over two lines of it', { lines: [1, 2].map((units) => ({ lineId: '1', units })) }, 'refused'],
  ['of nothing', { lines: [] }, 'refused'],
  ['of an order that is not there', { orderId: '2' }, 'not-found'],
])('a shipment %s is refused, and no file is written', async (_title, given, code) => {
  const { channel, partner } = givenOrder();
  const before = partner.directory.paths();
  const error: unknown = await channel.confirmShipment(shipment(given), intentMemo()).catch((refusal: unknown) => refusal);
  expect(isFault(error) && [error.code, error.facts.outcome]).toEqual([code, 'not-applied']);
  expect(partner.directory.paths()).toEqual(before);
});

test('an order id that is no file name leads nowhere else', async () => {
  const { channel, partner } = givenFolder({}, { takesAtOnce: false });
  const id = '../../etc/passwd Ünï';
  partner.directory.put('orders/a.json', orderText(mugOrder(id)));
  const { ref } = await channel.confirmShipment(shipment({ orderId: id }), intentMemo());
  expect(ref).toMatch(/^[A-Za-z0-9-]+$/);
  expect(partner.directory.text(`shipments/${ref}.json`)).toContain('"warehouse": "BERLIN"');
});

test('a cancellation is pending until the partner answers, and found when it did', async () => {
  const { channel, partner } = givenFolder({}, { takesAtOnce: false });
  const orderId = partner.placeOrder({ lines: [{ sku: 'MUG', quantity: 2, unitPrice: '12.90' }] });
  const request = { orderId, lines: [{ lineId: '1', units: 1 }], reason: 'out-of-stock', restock: false, notifyCustomer: false } as const;
  const intent = intentMemo();
  const made = await channel.cancellation?.make(request, intent);
  const before = await channel.cancellation?.find(request, intent);
  partner.takeFiles();
  const after = await channel.cancellation?.find(request, intent);
  expect([made?.state, before?.kind, after]).toEqual([
    'requested',
    'pending',
    { kind: 'found', result: { ref: made?.ref, state: 'done' } },
  ]);
});

test('a unit that is cancelled today and another one tomorrow are two cancellations', async () => {
  const { channel, partner } = givenFolder();
  const orderId = partner.placeOrder({ lines: [{ sku: 'MUG', quantity: 3, unitPrice: '12.90' }] });
  const request = { orderId, lines: [{ lineId: '1', units: 1 }], reason: 'customer', restock: false, notifyCustomer: false } as const;
  await channel.cancellation?.make(request, intentMemo('today'));
  await channel.cancellation?.make(request, intentMemo('tomorrow'));
  expect(partner.order(orderId).order.lines[0]?.quantity).toBe(1);
});
