import { seededRandom } from '@quartermaster/connector-kit/sandbox';
import { addDays, instantAt } from '@quartermaster/domain';
import { arrivals } from './generated/arrivals.ts';
import { inventOrder } from './generated/basket.ts';
import { catalogue, retiredProducts } from './generated/catalogue.ts';
import { weighted } from './generated/places.ts';
import { planSupply } from './generated/supply.ts';
import { generatedCarriers } from './generated/tariffs.ts';
import { makeTrouble } from './generated/troubles.ts';
import { nodeOf, warehouses } from './generated/warehouses.ts';
import { sortedEvents, type OrderEvent, type World, type WorldShop } from './world.ts';

const zone = 'Europe/Berlin';

/**
 * Invents a day: two shops, three warehouses, sixty products that are scarce and badly spread, two carriers, and orders of which a few go wrong in every way that the field knows
 * (`generated/troubles.ts`). The same seed, number and date give the same world, byte for byte.
 */
export function generateDay(given: { readonly seed: number; readonly orders?: number; readonly date?: string }): World {
  const { seed, orders: count = 300, date = '2026-11-24' } = given;
  const random = seededRandom(seed);
  const waves = [...['11:00', '14:00', '16:30'].map((time) => instantAt(date, time, zone)), instantAt(addDays(date, 1), '08:00', zone)];

  const orders = arrivals(random, { count, date, zone }).map((at, index): OrderEvent => {
    const shop = weighted(random, shops, (each) => each.share);
    const order = inventOrder(random, shop, index + 1);
    return { at, id: order.id, kind: 'order', shop: shop.connection, order };
  });
  const supply = planSupply(random, { orders, firstWave: waves[0] ?? instantAt(date, '11:00', zone) });
  const customers = makeTrouble(random, {
    orders,
    waves,
    plentiful: (order) => order.lines.every((line) => line.sku !== null && supply.plentiful.has(line.sku)),
  });
  const receipts =
    supply.receipt === null ? [] : [{ at: instantAt(date, '12:40', zone), id: 'receipt-1', kind: 'receipt' as const, ...supply.receipt }];

  return {
    format: 'quartermaster/world@1',
    name: `generated day, seed ${seed}, ${count} orders`,
    zone,
    date,
    currency: 'EUR',
    startsAt: instantAt(date, '08:01', zone),
    endsAt: instantAt(addDays(date, 1), '09:00', zone),
    waves,
    nodes: warehouses.map(nodeOf),
    products: [
      ...catalogue.map(({ favourite: _favourite, ...product }) => ({ ...product, unknownToErp: false })),
      ...retiredProducts.map((product) => ({ ...product, unknownToErp: true })),
    ],
    stock: [...supply.stock],
    shops: [...shops],
    carriers: generatedCarriers('2026-01-01'),
    policy: {
      promiseDays: { standard: 4, express: 2, '*': 4 },
      servicesFor: { express: ['easypost/express', 'easypost/ground'] },
      lateCostPerDay: '2.00',
      splitCost: '1.20',
      unfilledPercentOfPrice: 100,
      unfilledAtLeast: '30.00',
    },
    notes: [],
    events: sortedEvents([...customers, ...receipts]),
  };
}

const locations = warehouses.map(({ id, address }) => ({ node: id, name: address.name }));

const shops: readonly WorldShop[] = [
  { connection: 'shop-eu', shop: 'larder-eu.myshopify.com', class: 'consumer', taxesIncluded: true, share: 0.7, locations },
  { connection: 'shop-pro', shop: 'larder-pro.myshopify.com', class: 'business', taxesIncluded: false, share: 0.3, locations },
];
