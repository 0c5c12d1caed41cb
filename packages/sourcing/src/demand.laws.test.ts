import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { cutLimit, lagrangianBound, readCertificate } from './bound.ts';
import { compile } from './compile.ts';
import { demandAt } from './demand.ts';
import { pricer } from './pricer.ts';
import { copyPrices, type Prices } from './prices.ts';
import { certificates } from './testing/certificates.ts';
import { problems } from './testing/problems.ts';

/** A problem with two sets of prices that share their cuts and their minute prices. */
const two = problems({ nodes: 3, services: 2, skus: 3, orders: 4, lines: 4 }).chain((problem) =>
  fc.tuple(fc.constant(problem), certificates(problem), certificates(problem)).map(([given, left, right]) => {
    const compiled = compile(given);
    const from: Prices = { ...readCertificate(compiled, left).prices, aboveFloor: true };
    for (const [node, { labor }] of given.nodes.entries()) from.labor[node] = labor.tiers[0]!.costPerMinute;
    const to = copyPrices(from);
    const other = readCertificate(compiled, right).prices;
    to.stock.set(other.stock);
    to.pool.set(other.pool);
    to.slot.set(other.slot);
    for (const cuts of to.cutsOfRow.values()) for (const cut of cuts) cut.price += 1;
    return { compiled, from, to };
  }),
);

test('the bound that is told with the demand is that of the prices', () => {
  fc.assert(
    fc.property(two, ({ compiled, from }) => {
      const given = pricer(compiled);
      expect(demandAt(given, from).bound).toBeCloseTo(lagrangianBound(given, from), 9);
    }),
  );
});

test('what is asked for above what is there says how much a change of prices can raise the bound at most', () => {
  fc.assert(
    fc.property(two, ({ compiled, from, to }) => {
      const given = pricer(compiled);
      const { bound, shared, pool, slot, cuts } = demandAt(given, from);
      let most = bound;
      for (let row = 0; row < shared.length; row++) most += (shared[row]! - compiled.stock[row]!) * (to.stock[row]! - from.stock[row]!);
      for (const [index, { units }] of compiled.pools.entries()) most += (pool[index]! - units) * (to.pool[index]! - from.pool[index]!);
      for (const [index, { limit }] of compiled.slots.entries()) most += (slot[index]! - limit) * (to.slot[index]! - from.slot[index]!);
      for (const [row, known] of from.cutsOfRow)
        for (const [index, cut] of known.entries()) most += cuts.get(row)![index]! - cutLimit(compiled, cut);
      expect(lagrangianBound(given, to)).toBeLessThanOrEqual(most + 1e-6);
    }),
    { numRuns: 100 },
  );
});
