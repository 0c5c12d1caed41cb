import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { lagrangianBound } from './bound.ts';
import { compile, stockRow } from './compile.ts';
import { pricer } from './pricer.ts';
import { firstBound, shadowPrices } from './shadow-prices.ts';
import { leastCostByForce } from './testing/brute-force.ts';
import { madeUpBatch } from './testing/made-up-batch.ts';
import { problems } from './testing/problems.ts';
import { volumeAscent } from './volume.ts';

const never = (): boolean => false;

test('prices that all step together prove what is said of them, never less than before and never more than the optimum', () => {
  fc.assert(
    fc.property(problems({ nodes: 3, services: 2, skus: 2, orders: 4, lines: 3 }), fc.boolean(), (problem, afterSweeps) => {
      const given = pricer(compile(problem));
      const start = afterSweeps ? shadowPrices(given, { sweeps: 4, cutSweeps: 2 }) : firstBound(given);
      const { prices, bound } = volumeAscent(given, start, 30, never);
      expect(bound).toBeGreaterThanOrEqual(start.bound);
      expect(lagrangianBound(given, prices)).toBeCloseTo(bound, 9);
      expect(bound).toBeLessThanOrEqual(leastCostByForce(problem) + 1e-6);
      for (const [index, { node, sku }] of given.compiled.pools.entries())
        expect(prices.pool[index]!).toBeLessThanOrEqual(prices.stock[stockRow(given.compiled, node, sku)]!);
    }),
  );
});

test('they prove more where the ascent one SKU at a time has come to rest', () => {
  const given = pricer(compile(madeUpBatch(200)));
  const rested = shadowPrices(given, { sweeps: 30, cutSweeps: 10 });
  expect(volumeAscent(given, rested, 200, never).bound).toBeGreaterThan(rested.bound * 1.0001);
});
