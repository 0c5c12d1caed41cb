import { destinationOf } from '@quartermaster/domain';
import { priceParcel } from '@quartermaster/parcels';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { readOlistDay } from './olist-day.ts';
import { orderTotalMinor, worldSchema, type OrderEvent, type World } from './world.ts';

const dir = process.env['OLIST_DIR'] ?? fileURLToPath(new URL('../../../../shared/data/olist', import.meta.url));
const absent = !existsSync(dir);
if (absent) process.stderr.write(`skipped: no folder of Olist files at ${dir}; set OLIST_DIR\n`);

describe.skipIf(absent)('a real day of Brazilian orders', () => {
  test('has all 249 orders of 24 November 2017 and says which three will not go on', async () => {
    const world = await blackFriday();

    const odd = ordersOf(world).filter(({ order }) => order.trouble !== null);
    expect(ordersOf(world)).toHaveLength(249);
    expect(odd.map(({ order }) => [order.trouble, order.lines.length, orderTotalMinor(order, true), order.securedMinor])).toEqual(
      expect.arrayContaining([
        ['no-lines', 0, 0, 3_027],
        ['no-lines', 0, 0, 4_678],
        ['payment-mismatch', expect.any(Number), 14_631, 14_630],
      ]),
    );
    expect(odd).toHaveLength(3);
    expect(world.notes.join(' ')).toContain('2 orders have no lines');
  });

  test('is a valid world with eight warehouses and two shops, and the same every time', async () => {
    const world = await blackFriday();

    expect(worldSchema.parse(JSON.parse(JSON.stringify(world)))).toEqual(world);
    expect(await readOlistDay({ dir, day: '2017-11-24' })).toEqual(world);
    expect(world.nodes.map((node) => node.id)).toEqual(['CD1', 'CD2', 'CD3', 'CD4', 'CD5', 'CD6', 'CD7', 'CD8']);
    expect(new Set(ordersOf(world).map((event) => event.shop))).toEqual(new Set(['olist-a', 'olist-b']));
  });

  test('was placed in Brazilian summer time, two hours behind UTC', async () => {
    const world = await blackFriday();

    expect(world.startsAt).toBe('2017-11-24T02:00:00.000Z');
    expect(ordersOf(world).every(({ at }) => at >= '2017-11-24T02:00:00.000Z' && at < '2017-11-25T02:00:00.000Z')).toBe(true);
  });

  test('has a price from every warehouse to every customer, and promises that its policy knows', async () => {
    const world = await blackFriday();
    const kinds = world.nodes.flatMap((node) =>
      ordersOf(world).map(({ order }) => {
        const [carrier] = world.carriers;
        if (order.shipTo === null || carrier === undefined) return 'no address';
        const way = { from: destinationOf(node.address), to: destinationOf(order.shipTo) };
        return priceParcel(carrier.tariff, 'economy', { ...way, parcel: { grams: 1_000, millimetres: null }, date: world.date }).kind;
      }),
    );

    expect(new Set(kinds)).toEqual(new Set(['priced']));
    expect(ordersOf(world).filter(({ order }) => world.policy.promiseDays[order.service] === undefined)).toEqual([]);
  });

  test('refuses a day on which nobody ordered', async () => {
    await expect(readOlistDay({ dir, day: '2001-01-01' })).rejects.toThrow('no orders of 2001-01-01');
  });
});

/** Read once for all tests: it takes a second. */
let read: Promise<World> | undefined;
function blackFriday(): Promise<World> {
  read ??= readOlistDay({ dir, day: '2017-11-24' });
  return read;
}

function ordersOf(world: World): OrderEvent[] {
  return world.events.filter((event) => event.kind === 'order');
}
