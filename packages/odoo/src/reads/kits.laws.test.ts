import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { explodeKits, kitsFrom, type Bom, type KitBook, type KitProduct } from './kits.ts';

const unit = 1;
const dozen = 2;
const unitSizes = new Map([
  [unit, 1],
  [dozen, 12],
]);

function product(id: number, more: Partial<KitProduct> = {}): [number, KitProduct] {
  return [id, { id, templateId: 100 + id, unitId: unit, storable: true, attributeValues: [], ...more }];
}

function bom(id: number, kit: number, parts: Readonly<Record<number, number>>, more: Partial<Bom> = {}): Bom {
  const lines = Object.entries(parts).map(([productId, quantity]) => ({
    productId: Number(productId),
    quantity,
    unitId: unit,
    onlyFor: [],
  }));
  return { id, productId: null, templateId: 100 + kit, quantity: 1, unitId: unit, sequence: 0, lines, ...more };
}

function book(boms: readonly Bom[], products: readonly [number, KitProduct][]): KitBook {
  return { boms, products: new Map(products), unitSizes };
}

describe('a kit is taken apart', () => {
  test('into its components, those of nested kits multiplied and shared ones added up', () => {
    const kits = explodeKits(
      book([bom(1, 1, { 2: 2, 3: 1 }), bom(2, 3, { 2: 3, 4: 5 })], [product(1), product(2), product(3), product(4)]),
    );
    expect(kits).toEqual(
      new Map([
        [
          1,
          new Map([
            [2, 5],
            [4, 5],
          ]),
        ],
        [
          3,
          new Map([
            [2, 3],
            [4, 5],
          ]),
        ],
      ]),
    );
  });

  test('by its units: a dozen per line, two kits per bill, a kit that is counted in dozens', () => {
    const inDozens = bom(1, 1, {}, { quantity: 2, lines: [{ productId: 2, quantity: 1, unitId: dozen, onlyFor: [] }] });
    expect(explodeKits(book([inDozens], [product(1), product(2)])).get(1)).toEqual(new Map([[2, 6]]));
    expect(explodeKits(book([inDozens], [product(1, { unitId: dozen }), product(2)])).get(1)).toEqual(new Map([[2, 72]]));
  });

  test('by the bill of the variant before that of its template, and by the lower sequence before both', () => {
    const variants = [product(1, { templateId: 7 }), product(2, { templateId: 7 }), product(3), product(4)];
    const ofTemplate = bom(1, 0, { 3: 1 }, { templateId: 7 });
    const ofVariant = bom(2, 0, { 4: 1 }, { templateId: 7, productId: 2 });
    const kits = explodeKits(book([ofTemplate, ofVariant], variants));
    expect([kits.get(1), kits.get(2)]).toEqual([new Map([[3, 1]]), new Map([[4, 1]])]);
    expect(explodeKits(book([ofTemplate, { ...ofVariant, sequence: 1 }], variants)).get(2)).toEqual(new Map([[3, 1]]));
  });

  test('without lines for other variants, without what has no stock, and without end when it holds itself', () => {
    const lines = [
      { productId: 2, quantity: 1, unitId: unit, onlyFor: [[71, 72], [81]] },
      { productId: 3, quantity: 1, unitId: unit, onlyFor: [[73]] },
      { productId: 4, quantity: 1, unitId: unit, onlyFor: [] },
      { productId: 1, quantity: 1, unitId: unit, onlyFor: [] },
    ];
    const products = [product(1, { attributeValues: [72, 81] }), product(2), product(3), product(4, { storable: false })];
    expect(explodeKits(book([bom(1, 1, {}, { lines })], products)).get(1)).toEqual(new Map([[2, 1]]));
  });
});

const parts = fc.dictionary(fc.constantFrom('2', '3', '4'), fc.integer({ min: 1, max: 9 }), { minKeys: 1 });
const stock = fc.dictionary(fc.constantFrom('2', '3', '4'), fc.integer({ min: -5, max: 200 }));
const componentsOf = (of: Readonly<Record<string, number>>) => new Map(Object.entries(of).map(([id, units]) => [Number(id), units]));

describe('how many kits there are', () => {
  test('is never more than every component allows, and one more would be too many', () => {
    fc.assert(
      fc.property(parts, stock, (recipe, shelf) => {
        const unitsOf = (id: number) => shelf[String(id)] ?? 0;
        const kits = kitsFrom(componentsOf(recipe), unitsOf);
        const suffices = (count: number) =>
          Object.entries(recipe).every(([id, needed]) => Math.max(0, unitsOf(Number(id))) >= count * needed);
        expect([suffices(kits), suffices(kits + 1)]).toEqual([true, false]);
      }),
    );
  });

  test('never falls when more of a component comes in, and never rises when a kit takes more', () => {
    fc.assert(
      fc.property(parts, stock, fc.constantFrom('2', '3', '4'), fc.nat(50), (recipe, shelf, which, more) => {
        const count = (of: Readonly<Record<string, number>>, on: Readonly<Record<string, number>>) =>
          kitsFrom(componentsOf(of), (id) => on[String(id)] ?? 0);
        const before = count(recipe, shelf);
        expect(count(recipe, { ...shelf, [which]: (shelf[which] ?? 0) + more })).toBeGreaterThanOrEqual(before);
        expect(count({ ...recipe, [which]: (recipe[which] ?? 0) + more + 1 }, shelf)).toBeLessThanOrEqual(before);
      }),
    );
  });

  test('is none of a kit that has no storable component', () => {
    expect(kitsFrom(new Map(), () => 10)).toBe(0);
  });
});
