import { takenBy, type Recipes } from '@quartermaster/inventory';
import { verifyPlan } from '@quartermaster/sourcing';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { planned, wants } from '../testing/kits.ts';
import { planByRule, usualRules } from './usual-rules.ts';
import { dividesKit } from './whole-kits.ts';
import { settings } from '../testing/givens.ts';

const parts = ['MUG', 'LAMP', 'SOFA'];
const shelf = fc.record(Object.fromEntries(parts.map((sku) => [sku, fc.nat(4)])));
const recipe = fc
  .uniqueArray(fc.constantFrom(...parts), { minLength: 1 })
  .chain((skus) => fc.tuple(...skus.map((sku) => fc.integer({ min: 1, max: 2 }).map((units) => ({ sku, units })))));
const wave = fc.record({
  BER: shelf,
  HAM: shelf,
  kits: fc.tuple(recipe, recipe),
  orders: fc.array(fc.dictionary(fc.constantFrom('K0', 'K1', ...parts), fc.integer({ min: 1, max: 2 }), { minKeys: 1, maxKeys: 3 }), {
    minLength: 1,
    maxLength: 6,
  }),
});

test(
  'whatever is wanted, no part is planned beyond what lies there, and each kit leaves whole from one node or not at all',
  { timeout: 120_000 },
  async () => {
    await fc.assert(
      fc.asyncProperty(wave, async ({ BER, HAM, kits, orders }) => {
        const recipes: Recipes = new Map(kits.map((made, number) => [`K${number}`, made]));
        const shelves: Record<string, Record<string, number>> = { BER, HAM };
        const { problem, solved, drafts } = await planned(
          orders.map((wanted, number) => wants(`O${number}`, wanted)),
          shelves,
          { recipes },
        );
        const taken = new Map<string, number>();
        for (const [order, shipments] of drafts) {
          const lines = shipments.flatMap(({ node, lines: own }) => own.map((each) => ({ node, ...each })));
          expect(new Set(lines.map(({ lineId }) => lineId)).size).toBe(lines.length);
          for (const { node, lineId, sku, units } of lines) {
            expect(units).toBe(orders[Number(order.slice(1))]?.[sku]);
            expect(lineId).toBe(`${order}-${sku}`);
            for (const [part, count] of takenBy(recipes, sku, units))
              taken.set(`${node} ${part}`, (taken.get(`${node} ${part}`) ?? 0) + count);
          }
        }
        for (const [place, units] of taken) {
          const [node = '', sku = ''] = place.split(' ');
          expect(units).toBeLessThanOrEqual(shelves[node]?.[sku] ?? 0);
        }
        expect(verifyPlan(problem, solved.plan).errors).toEqual([]);
        expect(dividesKit(problem, solved.plan)).toBe(false);
        expect(solved.bound).toBeLessThanOrEqual(solved.objective.total);
        for (const rule of usualRules) expect(dividesKit(problem, planByRule(rule, problem, settings()))).toBe(false);
      }),
      { numRuns: 60 },
    );
  },
);
