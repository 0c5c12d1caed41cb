import { addDays, daysBetween, instantAt, instantOf, epochMs, shareUnits, type Instant } from '@quartermaster/domain';
import { fitFreight, olistCarriers } from './olist/freight.ts';
import { readOlistTables, type OlistItem, type OlistOrder, type OlistTables } from './olist/tables.ts';
import { olistWarehouses, titleCase, type OlistWarehouses } from './olist/warehouses.ts';
import { orderTotalMinor, sortedEvents, type OrderEvent, type World, type WorldLine, type WorldShop } from './world.ts';

const zone = 'America/Sao_Paulo';

/**
 * Makes a day of real Brazilian orders playable: all orders placed on that calendar day, from the folder of the public Olist files (`olist_orders_dataset.csv` and its sisters).
 * Places, weights, prices, payments and promised days are the file's. It has no warehouses, stock, streets or names: sellers are clustered to warehouses, stock follows the sellers,
 * and neutral names are made of ids. What was paid beyond lines and freight counts as another charge of the
 * shop. The same files give the same world. Throws what the file system throws when a file is missing, and a `RangeError` for a day without orders.
 */
export async function readOlistDay(given: { readonly dir: string; readonly day: string; readonly warehouses?: number }): Promise<World> {
  const { dir, day } = given;
  const tables = await readOlistTables(dir);
  const warehouses = olistWarehouses(tables, given.warehouses ?? 8);
  const nodes = warehouses.nodes.map(({ place: _place, ...node }) => node);
  const shops = shopNames.map((connection): WorldShop => ({
    connection,
    shop: `${connection}.myshopify.com`,
    class: 'consumer',
    taxesIncluded: true,
    share: 0.5,
    locations: nodes.map(({ id, address }) => ({ node: id, name: `${id} ${address.city}` })),
  }));
  const events = tables.orders.filter((order) => order.purchasedAt.startsWith(day)).map((order) => orderEvent(tables, order));
  if (events.length === 0) throw new RangeError(`the folder has no orders of ${day}`);
  const ordered = orderedItems(tables, day);

  return {
    format: 'quartermaster/world@1',
    name: `Olist ${day}, ${events.length} orders`,
    zone,
    date: day,
    currency: 'BRL',
    startsAt: instantAt(day, '00:00', zone),
    endsAt: instantAt(addDays(day, 1), '09:00', zone),
    waves: [...['08:00', '11:00', '14:00', '16:30'].map((time) => instantAt(day, time, zone)), instantAt(addDays(day, 1), '08:00', zone)],
    nodes,
    products: productsOf(tables, ordered),
    stock: stockOf(tables, warehouses, ordered),
    shops,
    carriers: olistCarriers(tables, warehouses.nodes, fitFreight(tables), '2016-01-01'),
    policy: {
      promiseDays: promiseDays(events),
      servicesFor: {},
      lateCostPerDay: '3.00',
      splitCost: '3.00',
      unfilledPercentOfPrice: 100,
      unfilledAtLeast: '120.00',
    },
    notes: notesOf(events),
    events: sortedEvents(events),
  };
}

const shopNames = ['olist-a', 'olist-b'];

function orderEvent(tables: OlistTables, order: OlistOrder): OrderEvent {
  const items = tables.itemsByOrder.get(order.id) ?? [];
  const customer = tables.customers.get(order.customer);
  const lines = linesOf(tables, items);
  const shippingMinor = items.reduce((sum, item) => sum + item.freightMinor, 0);
  const terms = { lines, shippingMinor, taxPercent: 0 };
  const basketMinor = orderTotalMinor(terms, true);
  const securedMinor = tables.paidMinorByOrder.get(order.id) ?? 0;
  const shop = shopNames[textHash(customer?.state ?? '') % shopNames.length] ?? shopNames[0] ?? '';
  const mark = order.customer.slice(0, 8);
  return {
    at: purchaseInstant(order),
    id: order.id,
    kind: 'order',
    shop,
    order: {
      id: order.id,
      class: 'consumer',
      purchaseOrderNumber: null,
      service: serviceOf(daysBetween(order.purchasedAt.slice(0, 10), order.promisedOn)),
      email: `cliente-${mark}@example.com`,
      shipTo:
        customer === undefined
          ? null
          : {
              name: `Cliente ${mark}`,
              company: null,
              lines: [`Rua ${mark}, 1`],
              postalCode: `${customer.postcodePrefix}-000`,
              city: titleCase(customer.city),
              region: customer.state,
              country: 'BR',
              phone: null,
              email: `cliente-${mark}@example.com`,
            },
      ...terms,
      totalMinor: Math.max(basketMinor, securedMinor),
      securedMinor,
      risk: 'low',
      trouble: lines.length === 0 ? 'no-lines' : securedMinor < basketMinor ? 'payment-mismatch' : null,
    },
  };
}

/** One line per product and price; the file has one row per unit. */
function linesOf(tables: OlistTables, items: readonly OlistItem[]): WorldLine[] {
  const lines = new Map<string, WorldLine>();
  for (const item of items) {
    const key = `${item.product} ${item.priceMinor}`;
    const quantity = (lines.get(key)?.quantity ?? 0) + 1;
    lines.set(key, { sku: item.product, title: titleOf(tables, item.product), quantity, unitPriceMinor: item.priceMinor });
  }
  return [...lines.values()];
}

/** The shops sell a promise in days; each number of days is a service of theirs. */
function serviceOf(days: number): string {
  return `within-${days}-days`;
}

function promiseDays(events: readonly OrderEvent[]): Record<string, number> {
  const services = [...new Set(events.map(({ order }) => order.service))];
  const days = services.map((service) => [service, Number(service.split('-')[1])] as const).sort((a, b) => a[1] - b[1]);
  return { ...Object.fromEntries(days), '*': 20 };
}

function orderedItems(tables: OlistTables, day: string): readonly OlistItem[] {
  return tables.orders.filter((order) => order.purchasedAt.startsWith(day)).flatMap((order) => tables.itemsByOrder.get(order.id) ?? []);
}

/** Products that the day asks for; the other thirty thousand stay in the file. */
function productsOf(tables: OlistTables, ordered: readonly OlistItem[]): World['products'] {
  const prices = new Map<string, number>();
  for (const item of ordered) prices.set(item.product, Math.max(prices.get(item.product) ?? 0, item.priceMinor));
  return [...prices].sort(byText).map(([sku, priceMinor]) => ({
    sku,
    title: titleOf(tables, sku),
    grams: tables.products.get(sku)?.grams ?? 500,
    millilitres: tables.products.get(sku)?.millilitres ?? 3_000,
    priceMinor,
    unknownToErp: false,
  }));
}

/**
 * What is ordered lies at its seller's warehouse; every second product, the popular ones of the whole file first, half there and half at another one of the four busiest. One product
 * of sixteen is a unit short; the popular ones have one to spare.
 */
function stockOf(tables: OlistTables, warehouses: OlistWarehouses, ordered: readonly OlistItem[]): World['stock'] {
  const sold = new Map<string, number>();
  for (const items of tables.itemsByOrder.values()) for (const { product } of items) sold.set(product, (sold.get(product) ?? 0) + 1);
  const wanted = new Map<string, { units: number; home: string }>();
  for (const { product, seller } of ordered) {
    const home = wanted.get(product)?.home ?? warehouses.nodeOfSeller.get(seller) ?? warehouses.nodes[0]?.id ?? '';
    wanted.set(product, { units: (wanted.get(product)?.units ?? 0) + 1, home });
  }
  const byPopularity = [...wanted.keys()].sort((a, b) => (sold.get(b) ?? 0) - (sold.get(a) ?? 0) || (a < b ? -1 : 1));
  const popular = new Set(byPopularity.slice(0, Math.ceil(byPopularity.length / 2)));

  return [...wanted].sort(byText).flatMap(([sku, { units, home }]) => {
    const isPopular = popular.has(sku);
    const supply = units + (isPopular ? 1 : 0) - (textHash(sku) % 16 === 0 ? (isPopular ? 2 : 1) : 0);
    const hubs = warehouses.nodes.slice(0, 4).filter((node) => node.id !== home);
    const hub = isPopular ? hubs[textHash(`${sku} hub`) % hubs.length]?.id : undefined;
    const [atHome = 0, atHub = 0] = hub === undefined ? [supply] : shareUnits(supply, [1, 1]);
    return [
      { sku, node: home, units: atHome },
      { sku, node: hub ?? home, units: atHub },
    ].filter((entry) => entry.units > 0);
  });
}

function notesOf(events: readonly OrderEvent[]): string[] {
  const withoutLines = events.filter(({ order }) => order.trouble === 'no-lines').length;
  const mismatched = events.filter(({ order }) => order.trouble === 'payment-mismatch').length;
  return [
    `${withoutLines} orders have no lines in the file and will be held`,
    `${mismatched} orders were paid less than their lines and freight come to, and will be held`,
  ];
}

function purchaseInstant(order: OlistOrder): Instant {
  const [date = '', time = ''] = order.purchasedAt.split(' ');
  const [hour = '', minute = '', second = ''] = time.split(':');
  return instantOf(epochMs(instantAt(date, `${hour}:${minute}`, zone)) + Number(second) * 1_000);
}

function titleOf(tables: OlistTables, product: string): string {
  return `${titleCase((tables.products.get(product)?.category ?? 'article').replaceAll('_', ' '))} ${product.slice(0, 6)}`;
}

/** A number that spreads texts evenly and is the same everywhere (FNV-1a). */
function textHash(text: string): number {
  let hash = 0x811c9dc5;
  for (const character of text) hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193) >>> 0;
  return hash;
}

function byText(a: readonly [string, unknown], b: readonly [string, unknown]): number {
  return a[0] < b[0] ? -1 : 1;
}
