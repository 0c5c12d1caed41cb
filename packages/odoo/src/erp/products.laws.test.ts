import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { sumQuants } from './products.ts';

const quant = fc.record({
  id: fc.nat(),
  product_id: fc.integer({ min: 1, max: 4 }),
  location_id: fc.integer({ min: 1, max: 6 }),
  quantity: fc.integer({ min: -5, max: 50 }),
  reserved_quantity: fc.integer({ min: 0, max: 20 }),
});
const known = {
  asOf: '2026-11-21T10:00:00.000Z',
  skuOf: new Map([
    [1, 'LAMP'],
    [2, 'DESK'],
    [3, 'SOFA'],
  ]),
  placeOf: new Map([
    [1, { root: 1, node: 'EAST', state: 'sellable' as const }],
    [2, { root: 1, node: 'EAST', state: 'sellable' as const }],
    [3, { root: 3, node: 'WEST', state: 'sellable' as const }],
    [4, { root: 4, node: 'EAST', state: 'damaged' as const }],
  ]),
};

test('no unit is lost or counted twice', () => {
  fc.assert(
    fc.property(fc.array(quant), (quants) => {
      const counted = quants.filter((each) => known.skuOf.has(each.product_id) && known.placeOf.has(each.location_id));
      const positions = sumQuants(quants, known);
      const units = positions.reduce((sum, position) => sum + position.sellable + position.damaged, 0);
      expect(units).toBe(counted.reduce((sum, each) => sum + each.quantity, 0));
    }),
  );
});

test('there is one position per SKU and node, whatever the order of the quants', () => {
  fc.assert(
    fc.property(fc.array(quant), (quants) => {
      const positions = sumQuants(quants, known);
      const pairs = new Set(positions.map(({ sku, node }) => `${sku} ${node}`));
      expect(pairs.size).toBe(positions.length);
      expect(new Set(sumQuants([...quants].reverse(), known))).toEqual(new Set(positions));
    }),
  );
});

test('what is damaged is never for sale', () => {
  fc.assert(
    fc.property(fc.array(quant), (quants) => {
      const damaged = quants.map((each) => ({ ...each, location_id: 4 }));
      for (const position of sumQuants(damaged, known)) expect(position).toMatchObject({ sellable: 0, reserved: 0 });
    }),
  );
});
