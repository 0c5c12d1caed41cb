import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { copyPrices, cutPrice, cutsOfRow, pricedCuts, withCuts, type Prices, type RoundingCut } from './prices.ts';

const rows = 6;

const someCuts: fc.Arbitrary<RoundingCut[]> = fc.array(
  fc.record({ row: fc.nat(rows - 1), num: fc.nat(5), den: fc.integer({ min: 1, max: 6 }), price: fc.constantFrom(0, 0.5, 2.25) }),
);

function pricesWith(cuts: readonly RoundingCut[]): Prices {
  const none = new Float64Array(0);
  return { stock: new Float64Array(rows), pool: none, labor: none, slot: none, ...withCuts(rows, cuts), aboveFloor: true };
}

test('a line pays each rounding cut of its row for the units that rounding leaves it', () => {
  fc.assert(
    fc.property(someCuts, fc.nat(rows - 1), fc.integer({ min: 1, max: 9 }), (cuts, row, units) => {
      let owed = 0;
      for (const cut of cuts) if (cut.row === row) owed += Math.floor((units * cut.num) / cut.den) * cut.price;
      expect(cutPrice(pricesWith(cuts), row, units)).toBeCloseTo(owed, 12);
    }),
  );
});

test('cuts come back row by row as they were given, those without a price are left out', () => {
  fc.assert(
    fc.property(someCuts, (cuts) => {
      const prices = copyPrices(pricesWith(cuts));
      const expected = Array.from({ length: rows }, (_, row) => cuts.filter((cut) => cut.row === row && cut.price !== 0));
      expect(expected.map((_, row) => cutsOfRow(prices, row))).toEqual(expected);
      expect(pricedCuts(prices)).toEqual(expected.flat());
    }),
  );
});
