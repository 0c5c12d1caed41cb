import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { lagrangianBound, readCertificate, resourceValue } from './bound.ts';
import { compile } from './compile.ts';
import { demandOf } from './demand.ts';
import { pricer } from './pricer.ts';
import { copyPrices, type Prices } from './prices.ts';
import { certificates } from './testing/certificates.ts';
import { problems } from './testing/problems.ts';

/** A problem with two sets of prices that differ in the prices of caps. */
const two = problems({ nodes: 3, services: 2, skus: 3, orders: 4, lines: 4 }).chain((problem) =>
  fc.tuple(fc.constant(problem), certificates(problem), certificates(problem)).map(([given, left, right]) => {
    const compiled = compile(given);
    const from: Prices = { ...readCertificate(compiled, left).prices, aboveFloor: true };
    for (const [node, { labor }] of given.nodes.entries()) from.labor[node] = labor.tiers[0]!.costPerMinute;
    const to = copyPrices(from);
    to.slot.set(readCertificate(compiled, right).prices.slot);
    return { compiled, from, to };
  }),
);

test('what the orders cost at the prices, less what all that is limited is worth, is the bound of the prices, however the orders are divided', () => {
  fc.assert(
    fc.property(two, ({ compiled, from }) => {
      const given = pricer(compiled);
      const half = compiled.orderCount >> 1;
      const cost = demandOf(given, from, 0, half).cost + demandOf(given, from, half, compiled.orderCount).cost;
      expect(cost - resourceValue(compiled, from)).toBeCloseTo(lagrangianBound(given, from), 9);
    }),
  );
});

test('shipments asked for above a cap say how much a change of the prices of caps can raise the bound at most', () => {
  fc.assert(
    fc.property(two, ({ compiled, from, to }) => {
      const given = pricer(compiled);
      const { slot } = demandOf(given, from, 0, compiled.orderCount);
      let most = lagrangianBound(given, from);
      for (const [index, { limit }] of compiled.slots.entries()) most += (slot[index]! - limit) * (to.slot[index]! - from.slot[index]!);
      expect(lagrangianBound(given, to)).toBeLessThanOrEqual(most + 1e-6);
    }),
    { numRuns: 100 },
  );
});
