import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { costOf, minutesOf, type CostedShipment } from './day-cost.ts';
import { settings } from '../testing/givens.ts';

const tiers = [
  { minutes: 10, costPerMinute: 0.5 },
  { minutes: null, costPerMinute: 1 },
];
const tiered = { ...settings(), nodes: settings().nodes.map((node) => ({ ...node, labor: { ...node.labor, tiers } })) };

test('minutes are counted per node and dispatch date: by shipment, by line and by unit', () => {
  const minutes = minutesOf([shipment({ units: 4 }), shipment({ units: 2, dispatchDate: '2026-11-24' })], settings());

  expect([...(minutes.get('BER') ?? [])]).toEqual([
    ['2026-11-23', 5],
    ['2026-11-24', 4],
  ]);
});

test('every day starts with the cheap minutes again, and so does every node', () => {
  const twelveMinutes = { units: 18 };

  const day = costOf([shipment(twelveMinutes)], 0, tiered, 100).labor;

  // Ten minutes at 0.50 and two at 1.00.
  expect(day).toBe(700);
  expect(costOf([shipment(twelveMinutes), shipment({ ...twelveMinutes, node: 'HAM' })], 0, tiered, 100).labor).toBe(2 * day);
  expect(costOf([shipment(twelveMinutes), shipment({ ...twelveMinutes, dispatchDate: '2026-11-24' })], 0, tiered, 100).labor).toBe(2 * day);
  expect(costOf([shipment(twelveMinutes), shipment({ ...twelveMinutes, order: 'b' })], 0, tiered, 100).labor).toBe(1_900);
});

test('a split costs for each shipment of an order beyond its first', () => {
  const shipments = [shipment({}), shipment({ node: 'HAM' }), shipment({ order: 'b' })];

  expect(costOf(shipments, 0, settings(), 100).split).toBe(100);
});

test('the terms add up to the total', () => {
  const anyShipment = fc.record({
    order: fc.constantFrom('a', 'b', 'c'),
    node: fc.constantFrom('BER', 'HAM'),
    units: fc.integer({ min: 1, max: 30 }),
    dispatchDate: fc.constantFrom('2026-11-23', '2026-11-24'),
    shippingMinor: fc.nat(9_999),
    latenessMinor: fc.nat(999),
  });
  fc.assert(
    fc.property(fc.array(anyShipment), fc.nat(99_999), (given, unfilled) => {
      const { total, ...terms } = costOf(given.map(shipment), unfilled, tiered, 100);

      expect(Object.values(terms).reduce((sum, term) => sum + term, 0)).toBe(total);
    }),
  );
});

function shipment({ units = 1, ...more }: Partial<CostedShipment> & { readonly units?: number }): CostedShipment {
  return {
    order: 'a',
    node: 'BER',
    lines: [{ lineId: 'l1', sku: 'MUG', units }],
    dispatchDate: '2026-11-23',
    shippingMinor: 0,
    latenessMinor: 0,
    ...more,
  };
}
