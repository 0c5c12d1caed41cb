import type { StockPosition } from '@quartermaster/domain';
import { expect, test } from 'vitest';
import { availableToPromise, waterfall } from './available-to-promise.ts';

test('what is reserved, planned or kept as safety stock is not promised', () => {
  expect(availableToPromise({ position: position({ sellable: 20, reserved: 5 }), softReserved: 3, safetyStock: 2 })).toBe(10);
});

test('stock in quality hold, damaged, returned or on its way is not promised', () => {
  const elsewhere = position({ sellable: 4, qualityHold: 10, damaged: 10, returnPending: 10, inTransit: 10 });
  expect(availableToPromise({ position: elsewhere, softReserved: 0, safetyStock: 0 })).toBe(4);
});

test('a SKU that is promised beyond its stock has nothing to promise', () => {
  expect(availableToPromise({ position: position({ sellable: 2, reserved: 3 }), softReserved: 1, safetyStock: 5 })).toBe(0);
});

test('the waterfall tells each step from the shelf to the promise', () => {
  const steps = waterfall({ position: position({ sellable: 20, reserved: 15, damaged: 2 }), softReserved: 3, safetyStock: 4 });
  expect(steps.filter((step) => step.units !== 0)).toEqual([
    { step: 'on-hand', units: 22 },
    { step: 'damaged', units: -2 },
    { step: 'reserved', units: -15 },
    { step: 'soft-reserved', units: -3 },
    { step: 'safety-stock', units: -4 },
    { step: 'shortfall', units: 2 },
  ]);
});

test('safety stock that is no whole number of units is refused', () => {
  expect(() => availableToPromise({ position: position({}), softReserved: 0, safetyStock: 1.5 })).toThrow('safety stock');
  expect(() => availableToPromise({ position: position({}), softReserved: -1, safetyStock: 0 })).toThrow('soft-reserved');
});

function position(more: Partial<StockPosition>): StockPosition {
  return {
    sku: 'MUG',
    node: 'BER',
    asOf: '2026-11-20T10:00:00.000Z',
    sellable: 0,
    reserved: 0,
    qualityHold: 0,
    damaged: 0,
    returnPending: 0,
    inTransit: 0,
    inbound: [],
    lot: null,
    owner: null,
    kit: null,
    ...more,
  };
}
