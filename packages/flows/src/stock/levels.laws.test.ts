import { availableToPromise } from '@quartermaster/inventory';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { levelsAtPlaces, levelsToShow } from './levels.ts';
import { plannedUnits } from './stock-view.ts';
import { channelOrder, draft, line, openCaseOf, position, settings, sourced } from '../testing/givens.ts';

const skus = ['MUG', 'LAMP'] as const;
const nodes = ['BER', 'HAM'] as const;
const anyPositions = fc.tuple(
  ...skus.flatMap((sku) =>
    nodes.map((node) =>
      fc
        .record({ sellable: fc.integer({ min: -3, max: 30 }), reserved: fc.nat(10) })
        .map((units) => position(sku, node, units.sellable, units)),
    ),
  ),
);
const anyCases = fc
  .array(fc.record({ sku: fc.constantFrom(...skus), units: fc.integer({ min: 1, max: 6 }), node: fc.constantFrom(...nodes, null) }), {
    maxLength: 8,
  })
  .map((orders) =>
    orders.map(({ sku, units, node }, index) => {
      const open = openCaseOf(channelOrder({ id: `o${index}`, lines: [line('l1', sku, units)] }));
      return node === null ? open : sourced(open, '2026-11-23T10:00:00.000Z', draft(node, [{ lineId: 'l1', sku, units }]));
    }),
  );
const anySettings = fc
  .record({ shares: fc.array(fc.nat(3), { minLength: 1, maxLength: 3 }), safety: fc.nat(4) })
  .map(({ shares, safety }) => ({
    safetyStock: { ...settings().safetyStock, default: safety },
    inventory: settings().inventory,
    channels: shares.map((share, index) => ({ connection: `shop-${index}`, mode: 'auto' as const, share, notifyCustomer: false })),
  }));

test('all channels together never show more of a SKU at a node than is available to promise there', () => {
  fc.assert(
    fc.property(anyPositions, anyCases, anySettings, (positions, cases, given) => {
      const shown = [...levelsToShow(positions, cases, given).values()].flat();
      const planned = plannedUnits(cases);

      for (const each of positions) {
        const softReserved = planned.get(each.node)?.get(each.sku) ?? 0;
        const promise = availableToPromise({ position: each, safetyStock: given.safetyStock.default, softReserved });
        const here = shown.filter(({ sku, node }) => sku === each.sku && node === each.node);
        expect(here.reduce((sum, level) => sum + level.available, 0)).toBeLessThanOrEqual(promise);
      }
    }),
  );
});

test('what open orders want is shown by nobody, wherever it will come from', () => {
  fc.assert(
    fc.property(anyPositions, anyCases, anySettings, (positions, cases, given) => {
      const shown = [...levelsToShow(positions, cases, given).values()].flat();
      const promised = [
        ...levelsToShow(
          positions,
          cases.filter((each) => each.state === 'committed'),
          given,
        ).values(),
      ].flat();

      for (const sku of skus) {
        const units = (levels: typeof shown) =>
          levels.filter((level) => level.sku === sku).reduce((sum, level) => sum + level.available, 0);
        const wanted = cases
          .filter((each) => each.state === 'open')
          .flatMap((each) => each.order.lines)
          .filter((each) => each.sku === sku)
          .reduce((sum, each) => sum + each.quantity, 0);
        expect(units(shown)).toBe(Math.max(0, units(promised) - wanted));
      }
    }),
  );
});

test('what a node owes to orders and does not have is shown at no other node either', () => {
  fc.assert(
    fc.property(anyPositions, anyCases, anySettings, (positions, cases, given) => {
      const shown = [...levelsToShow(positions, cases, given).values()].flat();
      const planned = plannedUnits(cases);
      for (const sku of skus) {
        const here = positions.filter((each) => each.sku === sku);
        const free = here.reduce((sum, each) => sum + each.sellable - each.reserved - (planned.get(each.node)?.get(sku) ?? 0), 0);
        const units = shown.filter((level) => level.sku === sku).reduce((sum, level) => sum + level.available, 0);
        expect(units).toBeLessThanOrEqual(Math.max(0, free));
      }
    }),
  );
});

test('a channel with one figure for all nodes shows just what it would show at each of them together', () => {
  fc.assert(
    fc.property(anyPositions, anyCases, anySettings, (positions, cases, given) => {
      for (const levels of levelsToShow(positions, cases, given).values()) {
        const whole = levelsAtPlaces(levels, { stockPerNode: false });
        const unitsOf = (sku: string, of: typeof levels) =>
          of.filter((level) => level.sku === sku).reduce((sum, level) => sum + level.available, 0);
        for (const sku of skus) expect(unitsOf(sku, [...whole])).toBe(unitsOf(sku, levels));
        expect(new Set(whole.map(({ node }) => node)).size).toBeLessThanOrEqual(1);
      }
    }),
  );
});
