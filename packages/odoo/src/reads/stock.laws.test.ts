import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { splitStock, wholeReserved, wholeUnits, type Detail, type Quant, type SplitQuestion, type StockSum } from './split-stock.ts';

const quant: fc.Arbitrary<Quant> = fc.record({
  product: fc.integer({ min: 1, max: 4 }),
  location: fc.integer({ min: 1, max: 6 }),
  quantity: fc.integer({ min: -5, max: 50 }),
  reserved: fc.integer({ min: 0, max: 20 }),
  lot: fc.option(fc.integer({ min: 1, max: 3 })),
  package: fc.option(fc.integer({ min: 1, max: 2 })),
  owner: fc.constantFrom(null, null, 70, 71),
  removalDate: fc.constantFrom(null, '2026-11-01T00:00:00.000Z', '2027-11-01T00:00:00.000Z'),
});
const details = fc.subarray<Detail>(['lot', 'owner', 'package']);

/** Product 4 and locations 5 and 6 are unknown; 70 is the company itself. */
const known = {
  skuOf: new Map([
    [1, 'LAMP'],
    [2, 'DESK'],
    [3, 'SOFA'],
  ]),
  placeOf: new Map([
    [1, { root: 1, node: 'EAST', state: 'sellable' as const }],
    [2, { root: 1, node: 'EAST', state: 'sellable' as const }],
    [3, { root: 3, node: 'WEST', state: 'sellable' as const }],
    [4, { root: 4, node: 'EAST', state: 'damaged' as const }],
  ]),
  ours: new Set([70]),
  sellConsigned: false,
  now: '2026-11-21T10:00:00.000Z',
};

const asking = (by: readonly Detail[], more: Partial<SplitQuestion> = {}): SplitQuestion => ({ ...known, by: new Set(by), ...more });

function unitsOf(sums: readonly StockSum[]): number {
  return sums.reduce((total, { units: { reserved: _reserved, ...states } }) => total + Object.values(states).reduce((a, b) => a + b, 0), 0);
}

describe('stock is split', () => {
  test('so that every unit is in one state of one position, however finely it is asked', () => {
    fc.assert(
      fc.property(fc.array(quant), details, (quants, by) => {
        const counted = quants.filter(({ product, location }) => known.skuOf.has(product) && known.placeOf.has(location));
        expect(unitsOf(splitStock(quants, asking(by)).sums)).toBe(counted.reduce((sum, { quantity }) => sum + quantity, 0));
      }),
    );
  });

  test('into one position per SKU, node and detail, whatever the order of the quants', () => {
    fc.assert(
      fc.property(fc.array(quant), details, (quants, by) => {
        const { sums } = splitStock(quants, asking(by));
        const keys = new Set(sums.map(({ sku, node, lot, owner, package: pack }) => JSON.stringify([sku, node, lot, owner, pack])));
        expect(keys.size).toBe(sums.length);
        expect(new Set(splitStock([...quants].reverse(), asking(by)).sums)).toEqual(new Set(sums));
      }),
    );
  });

  test('and nothing that is damaged, expired or somebody else’s is for sale', () => {
    const notForSale = quant.chain((each) =>
      fc.constantFrom<Quant>({ ...each, location: 4 }, { ...each, removalDate: '2026-11-21T10:00:00.000Z' }, { ...each, owner: 71 }),
    );
    fc.assert(
      fc.property(fc.array(notForSale), (quants) => {
        for (const { units } of splitStock(quants, asking([])).sums) expect(units).toMatchObject({ sellable: 0, reserved: 0 });
      }),
    );
  });

  test('and goods of others are for sale where that is wanted', () => {
    fc.assert(
      fc.property(fc.array(quant), (quants) => {
        const { sums } = splitStock(quants, asking([], { sellConsigned: true }));
        const forgotten = quants.map((each) => ({ ...each, owner: null }));
        expect(sums).toEqual(splitStock(forgotten, asking([])).sums);
      }),
    );
  });
});

describe('a shelf', () => {
  test('is over-reserved exactly when more is set aside there than lies there, over all of its rows', () => {
    fc.assert(
      fc.property(fc.array(quant), (quants) => {
        const { findings } = splitStock(quants, asking([]));
        for (const product of [1, 2, 3])
          for (const location of [1, 2, 3, 4]) {
            const rows = quants.filter((each) => each.product === product && each.location === location);
            const total = (of: 'quantity' | 'reserved') => rows.reduce((sum, row) => sum + row[of], 0);
            const named = (kind: string) =>
              findings.some((each) => each.kind === kind && each.sku === known.skuOf.get(product) && each.location === location);
            expect(named('over-reserved')).toBe(total('reserved') > Math.max(0, total('quantity')));
            expect(named('negative')).toBe(rows.some((row) => row.quantity < 0));
          }
      }),
    );
  });
});

describe('whole units', () => {
  test('are never below zero, never more than are there, and never fewer set aside than are', () => {
    fc.assert(
      fc.property(fc.double({ min: -1_000, max: 1_000, noNaN: true }), (sum) => {
        expect(wholeUnits(sum)).toBeGreaterThanOrEqual(0);
        expect(Object.is(wholeUnits(sum), -0) || Object.is(wholeReserved(sum), -0)).toBe(false);
        expect(wholeUnits(sum)).toBeLessThanOrEqual(Math.max(0, sum) + 1e-6);
        expect(wholeReserved(sum)).toBeGreaterThanOrEqual(sum - 1e-6);
      }),
    );
  });

  test('are not lost to the hair by which a sum of floats misses them', () => {
    expect(wholeUnits(0.1 + 0.2 + 0.7 - 1e-9)).toBe(1);
    expect(wholeReserved(3.000_000_000_1)).toBe(3);
  });
});
