import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { overReserved } from './over-reserved.ts';

const rows = fc.array(
  fc.record({
    id: fc.nat(),
    product_id: fc.integer({ min: 1, max: 3 }),
    location_id: fc.integer({ min: 1, max: 2 }),
    quantity: fc.integer({ min: -5, max: 20 }),
    reserved_quantity: fc.integer({ min: 0, max: 20 }),
  }),
  { maxLength: 12 },
);

test('it is the sum of all rows of a product at a place that tells whether too much is set aside', () => {
  fc.assert(
    fc.property(rows, (quants) => {
      const found = new Set(overReserved(quants).map(({ product, location }) => `${product} ${location}`));
      for (const product of [1, 2, 3])
        for (const location of [1, 2]) {
          const here = quants.filter((row) => row.product_id === product && row.location_id === location);
          const free = here.reduce((sum, row) => sum + row.quantity - row.reserved_quantity, 0);
          expect(found.has(`${product} ${location}`)).toBe(free < 0);
        }
    }),
  );
});

test('too much can be set aside only where one row has more reserved than it holds', () => {
  fc.assert(
    fc.property(rows, (quants) => {
      for (const { product, location } of overReserved(quants))
        expect(
          quants.some((row) => row.product_id === product && row.location_id === location && row.reserved_quantity > row.quantity),
        ).toBe(true);
    }),
  );
});
