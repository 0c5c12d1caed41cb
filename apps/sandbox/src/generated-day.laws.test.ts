import { priceParcel } from '@quartermaster/parcels';
import { destinationOf } from '@quartermaster/domain';
import { assert, integer, property } from 'fast-check';
import { expect, test } from 'vitest';
import { generateDay } from './generated-day.ts';
import { demandOf } from './generated/supply.ts';
import { troubledOrders, type PlannedTrouble } from './generated/troubles.ts';
import { orderTotalMinor, sortedEvents, worldSchema, type OrderEvent, type Trouble, type World, type WorldEvent } from './world.ts';

const seeds = integer({ min: 0, max: 2 ** 31 });
const runs = { numRuns: 12 };

test('the same seed gives the same day byte for byte, another seed another one', () => {
  assert(
    property(seeds, (seed) => {
      const text = JSON.stringify(generateDay({ seed, orders: 60 }));

      expect(JSON.stringify(generateDay({ seed, orders: 60 }))).toBe(text);
      expect(JSON.stringify(generateDay({ seed: seed + 1, orders: 60 }))).not.toBe(text);
    }),
    runs,
  );
});

test('a day is a valid world, sorted by time, and comes back from JSON as it went', () => {
  assert(
    property(seeds, (seed) => {
      const world = generateDay({ seed });

      expect(worldSchema.parse(JSON.parse(JSON.stringify(world)))).toEqual(world);
      expect(sortedEvents(world.events)).toEqual(world.events);
      expect(new Set(world.events.map((event) => event.id)).size).toBe(world.events.length);
      expect(world.events.every((event) => event.at >= world.startsAt && event.at <= world.endsAt)).toBe(true);
    }),
    runs,
  );
});

test('every order adds up to its total, and is paid to the cent unless its payment was made wrong', () => {
  assert(
    property(seeds, (seed) => {
      const world = generateDay({ seed });
      const taxesIncluded = new Map(world.shops.map((shop) => [shop.connection, shop.taxesIncluded]));
      const totalOf = ({ shop, order }: OrderEvent): number => orderTotalMinor(order, taxesIncluded.get(shop) === true);

      const unpaid = ordersOf(world).filter(({ order }) => order.securedMinor !== order.totalMinor);

      expect(ordersOf(world).filter((event) => event.order.totalMinor !== totalOf(event))).toEqual([]);
      expect(new Set(unpaid.map(({ order }) => order.trouble))).toEqual(new Set(['payment-pending', 'payment-late', 'payment-mismatch']));
    }),
    runs,
  );
});

test('each trouble meets as many orders as it should, and no order meets two', () => {
  assert(
    property(seeds, (seed) => {
      const world = generateDay({ seed });
      const spoilt = ordersOf(world).flatMap(({ order }) => (order.trouble === null ? [] : [order.trouble]));
      const planned: readonly (PlannedTrouble & Trouble)[] = [
        'payment-pending',
        'payment-late',
        'high-risk',
        'bad-address',
        'no-sku',
        'unknown-sku',
        'payment-mismatch',
      ];

      for (const trouble of planned) expect(spoilt.filter((each) => each === trouble)).toHaveLength(troubledOrders(trouble, 300));
      expect(laterEvents(world, 'cancel')).toHaveLength(
        troubledOrders('cancel-before-wave', 300) + troubledOrders('cancel-at-wave', 300) + troubledOrders('cancel-after-wave', 300),
      );
      expect(laterEvents(world, 'address')).toHaveLength(troubledOrders('address-before-wave', 300));
      expect(laterEvents(world, 'paid')).toHaveLength(troubledOrders('payment-late', 300));
      const touched = [...laterEvents(world, 'cancel'), ...laterEvents(world, 'address')];
      const troubled = new Set(ordersOf(world).flatMap(({ order }) => (order.trouble === null ? [] : [order.id])));
      expect(touched.filter((event) => troubled.has(event.order))).toEqual([]);
    }),
    runs,
  );
});

test('whatever happens to an order happens after it was placed, and late payment still reaches a wave of the day', () => {
  assert(
    property(seeds, (seed) => {
      const world = generateDay({ seed });
      const placed = new Map(ordersOf(world).map((event) => [event.order.id, event.at]));

      for (const kind of ['cancel', 'address', 'paid'] as const) {
        for (const event of laterEvents(world, kind)) expect(event.at > (placed.get(event.order) ?? '')).toBe(true);
      }
      const lastOfDay = world.waves.at(-2) ?? '';
      expect(laterEvents(world, 'paid').every((event) => event.at < lastOfDay)).toBe(true);
    }),
    runs,
  );
});

test('three to six in a hundred units exist nowhere, even after the goods receipt', () => {
  assert(
    property(seeds, (seed) => {
      const world = generateDay({ seed });
      const receipts = world.events.filter((event) => event.kind === 'receipt');
      const supply = new Map<string, number>();
      for (const { sku, units } of [...world.stock, ...receipts]) supply.set(sku, (supply.get(sku) ?? 0) + units);
      const known = new Set(world.products.filter((product) => !product.unknownToErp).map((product) => product.sku));

      const wanted = [...demandOf(ordersOf(world))].filter(([sku]) => known.has(sku));
      const missing = wanted.reduce((sum, [sku, units]) => sum + Math.max(0, units - (supply.get(sku) ?? 0)), 0);
      const share = missing / wanted.reduce((sum, [, units]) => sum + units, 0);

      expect(receipts).toHaveLength(1);
      expect(share).toBeGreaterThan(0.03);
      expect(share).toBeLessThan(0.06);
    }),
    runs,
  );
});

test('every carrier has a price for the heaviest product from every warehouse to every customer', () => {
  const world = generateDay({ seed: 7 });
  const heaviest = Math.max(...world.products.map((product) => product.grams));
  const parcel = { grams: heaviest, millimetres: null };

  const prices = world.carriers.flatMap(({ tariff }) =>
    tariff.services.flatMap((service) =>
      world.nodes.flatMap((node) =>
        ordersOf(world).flatMap(({ order }) =>
          order.shipTo === null
            ? []
            : [
                priceParcel(tariff, service.id, {
                  from: destinationOf(node.address),
                  to: destinationOf(order.shipTo),
                  parcel,
                  date: world.date,
                }).kind,
              ],
        ),
      ),
    ),
  );

  expect(new Set(prices)).toEqual(new Set(['priced']));
});

function ordersOf(world: World): OrderEvent[] {
  return world.events.filter((event) => event.kind === 'order');
}

function laterEvents<Kind extends 'cancel' | 'address' | 'paid'>(world: World, kind: Kind): Extract<WorldEvent, { kind: Kind }>[] {
  return world.events.filter((event): event is Extract<WorldEvent, { kind: Kind }> => event.kind === kind);
}
