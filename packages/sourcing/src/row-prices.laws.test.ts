import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { rowPrices, type RowProgram } from './row-prices.ts';
import { transportPrices } from './transport.ts';

/** Lines of some units, what each pays at each sink, and what it pays where nobody is in its way. */
const market = fc.integer({ min: 1, max: 5 }).chain((sinks) =>
  fc.record({
    capacity: fc.array(fc.integer({ min: 0, max: 6 }), { minLength: sinks, maxLength: sinks }),
    lines: fc.array(
      fc.record({
        units: fc.integer({ min: 1, max: 4 }),
        free: fc.integer({ min: 5, max: 30 }),
        cost: fc.array(fc.integer({ min: 0, max: 30 }), { minLength: sinks, maxLength: sinks }),
      }),
      { minLength: 1, maxLength: 8 },
    ),
  }),
);
type Market = typeof market extends fc.Arbitrary<infer T> ? T : never;

function programOf({ capacity, lines }: Market): RowProgram {
  const columns = lines.flatMap(({ units, free, cost }, item) =>
    cost.flatMap((own, sink) => (own < free ? [{ item, sink, units, gain: own - free }] : [])),
  );
  return {
    itemCount: lines.length,
    itemOf: Int32Array.from(columns, ({ item }) => item),
    cost: Float64Array.from(columns, ({ gain }) => gain),
    firstUse: Int32Array.from({ length: columns.length + 1 }, (_, at) => at),
    row: Int32Array.from(columns, ({ sink }) => sink),
    use: Float64Array.from(columns, ({ units }) => units),
    limit: Float64Array.from(capacity),
  };
}

/** What the prices prove the lines pay at least. */
function proven({ capacity, lines }: Market, prices: Float64Array): number {
  const paid = lines.map(({ units, free, cost }) => Math.min(free, ...cost.map((own, sink) => own + units * prices[sink]!)));
  return paid.reduce((sum, value) => sum + value, 0) - capacity.reduce((sum, units, sink) => sum + units * prices[sink]!, 0);
}

test('without rounding cuts the prices prove as much as those of the transportation problem', () => {
  fc.assert(
    fc.property(market, (given) => {
      const sinks = given.capacity.length + 1;
      const { prices: transport } = transportPrices({
        itemCount: given.lines.length,
        sinkCount: sinks,
        supply: Float64Array.from(given.lines, ({ units }) => units),
        cost: Float64Array.from(given.lines.flatMap(({ units, free, cost }) => [...cost.map((own) => own / units), free / units])),
        capacity: Float64Array.from([...given.capacity, Infinity]),
      });
      const best = proven(given, transport.subarray(0, sinks - 1));
      expect(proven(given, rowPrices(programOf(given)))).toBeCloseTo(best, 1);
    }),
    { numRuns: 500 },
  );
});

test('a rounding cut proves that two lines of two units cannot share three', () => {
  const program: RowProgram = {
    itemCount: 2,
    itemOf: Int32Array.of(0, 1),
    cost: Float64Array.of(-10, -8),
    firstUse: Int32Array.of(0, 2, 4),
    row: Int32Array.of(0, 1, 0, 1),
    use: Float64Array.of(2, 1, 2, 1),
    // Three units, and half of them rounded down.
    limit: Float64Array.of(3, 1),
  };
  const [unit = 0, cut = 0] = rowPrices(program);
  // One of them stays out, so both together gain 10 at most; without the cut it would be 14.
  const gain = Math.max(0, 10 - 2 * unit - cut) + Math.max(0, 8 - 2 * unit - cut) + 3 * unit + cut;
  expect(gain).toBeCloseTo(10, 2);
});
