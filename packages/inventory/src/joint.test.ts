import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { divideAmongOffers } from './joint.ts';
import { componentsOf, flattened, takenBy, unitsFrom, type Recipes } from './kits.ts';

const giftBox: Recipes = new Map([
  [
    'BOX',
    [
      { sku: 'MUG', units: 2 },
      { sku: 'TEA', units: 1 },
    ],
  ],
]);
const all = (...skus: readonly string[]) => skus.map((sku) => ({ sku, weight: 1 }));

describe('kits are promised from their components', () => {
  test('shared components are counted once: what the kit gets the plain article does not', () => {
    const units = divideAmongOffers({
      atp: new Map([
        ['MUG', 10],
        ['TEA', 10],
      ]),
      recipes: giftBox,
      offers: all('BOX', 'MUG', 'TEA'),
    });
    expect([units.get('BOX'), units.get('MUG'), units.get('TEA')]).toEqual([3, 4, 7]);
  });

  test('two kits that share a component never get it both, though each alone could', () => {
    const recipes: Recipes = new Map([
      ['PAIR', [{ sku: 'MUG', units: 2 }]],
      ['TRIO', [{ sku: 'MUG', units: 3 }]],
    ]);
    const units = divideAmongOffers({ atp: new Map([['MUG', 6]]), recipes, offers: all('PAIR', 'TRIO') });
    expect(2 * (units.get('PAIR') ?? 0) + 3 * (units.get('TRIO') ?? 0)).toBeLessThanOrEqual(6);
    expect(units.get('PAIR')).toBeGreaterThan(0);
  });

  test('a kit without components can never be promised', () => {
    expect(divideAmongOffers({ atp: new Map([['MUG', 5]]), recipes: new Map([['EMPTY', []]]), offers: all('EMPTY', 'MUG') })).toEqual(
      new Map([
        ['EMPTY', 0],
        ['MUG', 5],
      ]),
    );
  });

  test('a component that nobody sells by itself goes to the kits as a whole', () => {
    const offers = [...all('BOX', 'TEA'), { sku: 'MUG', weight: 0 }];
    expect(
      divideAmongOffers({
        atp: new Map([
          ['MUG', 10],
          ['TEA', 3],
        ]),
        recipes: giftBox,
        offers,
      }).get('BOX'),
    ).toBe(1);
    expect(
      divideAmongOffers({
        atp: new Map([
          ['MUG', 10],
          ['TEA', 10],
        ]),
        recipes: giftBox,
        offers,
      }).get('BOX'),
    ).toBe(5);
  });

  test('what is owed already makes no kit: 33 by one component is none where another is owed', () => {
    expect(unitsFrom(componentsOf(giftBox, 'BOX'), (sku) => (sku === 'MUG' ? 66 : -3))).toBe(0);
  });

  test('kits within kits are taken apart, and one that holds itself ends', () => {
    const recipes = flattened(
      new Map([
        [
          'CRATE',
          [
            { sku: 'BOX', units: 2 },
            { sku: 'TEA', units: 1 },
          ],
        ],
        ['LOOP', [{ sku: 'LOOP', units: 1 }]],
        ...giftBox,
      ]),
    );
    expect(takenBy(recipes, 'CRATE', 3)).toEqual(
      new Map([
        ['MUG', 12],
        ['TEA', 9],
      ]),
    );
    expect(recipes.get('LOOP')).toEqual([]);
  });

  test('a fraction of a component that is taken counts as a whole one', () => {
    expect(takenBy(new Map([['SHELF', [{ sku: 'PAINT', units: 0.3 }]]]), 'SHELF', 4)).toEqual(new Map([['PAINT', 2]]));
  });
});

const parts = ['A', 'B', 'C'] as const;
const someStock = fc.dictionary(fc.constantFrom(...parts), fc.nat(60)).map((given) => new Map(Object.entries(given)));
const someRecipes = fc
  .dictionary(fc.constantFrom('K1', 'K2', 'K3'), fc.dictionary(fc.constantFrom(...parts), fc.integer({ min: 1, max: 4 })))
  .map(
    (kits): Recipes => new Map(Object.entries(kits).map(([kit, of]) => [kit, Object.entries(of).map(([sku, units]) => ({ sku, units }))])),
  );

test('whatever is sold together, no component is promised twice', () => {
  fc.assert(
    fc.property(someStock, someRecipes, fc.array(fc.nat(3), { minLength: 6, maxLength: 6 }), (atp, recipes, weights) => {
      const offers = [...parts, ...recipes.keys()].map((sku, index) => ({ sku, weight: weights[index] ?? 1 }));
      const units = divideAmongOffers({ atp, recipes, offers });
      for (const part of parts) {
        const taken = [...units].reduce((sum, [sku, count]) => sum + (takenBy(recipes, sku, count).get(part) ?? 0), 0);
        expect(taken).toBeLessThanOrEqual(atp.get(part) ?? 0);
      }
      expect([...units.values()].every((count) => Number.isSafeInteger(count) && count >= 0)).toBe(true);
    }),
  );
});
