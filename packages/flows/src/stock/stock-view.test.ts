import { expect, test } from 'vitest';
import { availableForOrders, wantedUnits } from './stock-view.ts';
import { after, channelOrder, draft, line, openCaseOf, position, sourced } from '../testing/givens.ts';

const slot = '2026-11-23T10:00:00.000Z';
const mugs = [{ lineId: 'l1', sku: 'MUG', units: 2 }];
const order = channelOrder({ lines: [line('l1', 'MUG', 2)] });
const planned = sourced(openCaseOf(order), slot, draft('BER', mugs));
const writtenWith = (reserved: number) =>
  after(planned, {
    kind: 'written',
    erp: { ref: '1', name: 'S1' },
    deliveries: [{ ref: 'd1', name: 'OUT/1', node: 'BER', lines: [{ lineId: 'l1', reserved }] }],
  });
const mugsAtBerlin = (units: ReturnType<typeof availableForOrders>) => units.get('BER')?.get('MUG');

test('what is planned and not yet in the ERP is taken already', () => {
  expect(mugsAtBerlin(availableForOrders([position('MUG', 'BER', 10, { reserved: 3 })], [planned]))).toBe(5);
});

test('once the ERP has reserved it, it is not counted twice', () => {
  expect(mugsAtBerlin(availableForOrders([position('MUG', 'BER', 10, { reserved: 2 })], [writtenWith(2)]))).toBe(8);
});

test('what a shipment was reserved short is kept for it when stock arrives', () => {
  expect(mugsAtBerlin(availableForOrders([position('MUG', 'BER', 5, { reserved: 1 })], [writtenWith(1)]))).toBe(3);
});

test('orders may take the safety stock', () => {
  expect(mugsAtBerlin(availableForOrders([position('MUG', 'BER', 1)], []))).toBe(1);
});

test('held orders want their units, cancelled ones do not', () => {
  const held = after(openCaseOf(order), { kind: 'hold-placed', hold: { code: 'manual', reason: 'look' }, by: 'ann' });
  const cancelled = after(openCaseOf(order), { kind: 'cancel-requested', by: 'channel' });

  expect([...wantedUnits([held, cancelled])]).toEqual([['MUG', 2]]);
});
