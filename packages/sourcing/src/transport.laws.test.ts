import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { transportPrices, type Transport } from './transport.ts';

/** Few units and sinks, so that every way to put each unit somewhere can be tried; the last sink takes everything. */
const transports: fc.Arbitrary<Transport> = fc
  .record({ items: fc.integer({ min: 1, max: 3 }), sinks: fc.integer({ min: 2, max: 4 }) })
  .chain(({ items, sinks }) =>
    fc
      .record({
        supply: fc.array(fc.integer({ min: 1, max: 2 }), { minLength: items, maxLength: items }),
        cost: fc.array(fc.oneof({ arbitrary: fc.nat(20), weight: 5 }, { arbitrary: fc.constant(Infinity), weight: 1 }), {
          minLength: items * sinks,
          maxLength: items * sinks,
        }),
        capacity: fc.array(fc.nat(3), { minLength: sinks, maxLength: sinks }),
      })
      .map(({ supply, cost, capacity }) => ({
        itemCount: items,
        sinkCount: sinks,
        supply: Float64Array.from(supply),
        // Staying open is always possible, as in the optimizer.
        cost: Float64Array.from(cost, (value, at) => (at % sinks === sinks - 1 && value === Infinity ? 30 : value)),
        capacity: Float64Array.from(capacity, (units, sink) => (sink === sinks - 1 ? Infinity : units)),
      })),
  );

function cheapestByTrying({ itemCount, sinkCount, supply, cost, capacity }: Transport): number {
  const units = Array.from({ length: itemCount }, (_, item) => Array.from({ length: supply[item]! }, () => item)).flat();
  const left = Float64Array.from(capacity);
  const place = (unit: number): number => {
    const item = units[unit];
    if (item === undefined) return 0;
    let least = Infinity;
    for (let sink = 0; sink < sinkCount; sink++) {
      if (left[sink]! < 1) continue;
      left[sink]! -= 1;
      least = Math.min(least, cost[item * sinkCount + sink]! + place(unit + 1));
      left[sink]! += 1;
    }
    return least;
  };
  return place(0);
}

test('the prices of the sinks prove that no way to divide the items costs less than the cheapest one', () => {
  fc.assert(
    fc.property(transports, (given) => {
      const { itemCount, sinkCount, supply, cost, capacity } = given;
      const { prices } = transportPrices(given);
      let proven = 0;
      for (let item = 0; item < itemCount; item++) {
        const own = Array.from({ length: sinkCount }, (_, sink) => cost[item * sinkCount + sink]! + prices[sink]!);
        proven += supply[item]! * Math.min(...own);
      }
      for (let sink = 0; sink < sinkCount; sink++) if (capacity[sink] !== Infinity) proven -= capacity[sink]! * prices[sink]!;
      expect(proven).toBeCloseTo(cheapestByTrying(given), 6);
    }),
    { numRuns: 500 },
  );
});

test('no price is negative, and what takes everything is free', () => {
  fc.assert(
    fc.property(transports, (given) => {
      const { prices } = transportPrices(given);
      expect(Math.min(...prices)).toBeGreaterThanOrEqual(0);
      expect(prices.at(-1)).toBe(0);
    }),
    { numRuns: 200 },
  );
});
