import { addDays, daysBetween, destinationOf, shareUnits, type Destination } from '@quartermaster/domain';
import { laneOf, weightRules } from '@quartermaster/parcels';
import {
  fitFreight,
  olistCarriers,
  olistWarehouses,
  type OlistOrder,
  type OlistTables,
  type OlistWarehouses,
} from '@quartermaster/sandbox';
import { parseProblem, type Lane, type ProblemOrder, type ProblemService, type SourcingProblem } from '@quartermaster/sourcing';
import type { Horizon } from '@quartermaster/sourcing/horizon';

/** How the week is made of the file. */
export type PeakChoice = {
  /** Monday of the peak week. */
  readonly monday: string;
  /** So many weeks are laid over each other: the peak week and those after it. */
  readonly weeks: number;
  readonly nodes: number;
  /** Units that are there over units that are asked for; below 1 is scarce. */
  readonly cover: number;
  /** Weeks before the peak that a forecast may know, each laid over in the same way. */
  readonly historyWeeks: number;
};

export type PeakWeek = { readonly stream: Horizon; readonly history: readonly (readonly ProblemOrder[])[]; readonly safetyStock: number };

/**
 * A peak week of real orders as a stream of seven daily waves. Most products of the file were sold once, so products of one category and one weight band are one article; an order that is not
 * filled waits until the week is over. Stock lies where the sellers of an article are, all of it on Monday. Promises are a quarter of the file's, which are three weeks in the middle.
 */
export function peakWeek(tables: OlistTables, choice: PeakChoice): PeakWeek {
  const warehouses = olistWarehouses(tables, choice.nodes);
  const weeks = Array.from({ length: choice.weeks }, (_, week) => addDays(choice.monday, 7 * week));
  const days = Array.from({ length: 7 }, (_, day) =>
    weeks.flatMap((monday) => ordersOn(tables, addDays(monday, day), `+${daysBetween(choice.monday, monday) / 7}`)),
  );
  const history = Array.from({ length: choice.historyWeeks * 7 }, (_, day) =>
    weeks.flatMap((_monday, week) => ordersOn(tables, addDays(choice.monday, day - 7 * choice.historyWeeks * (week + 1)), `-${week}`)),
  );
  const known = [...days, ...history].flat();
  const problem = problemOf(tables, warehouses, choice, days.flat(), known);
  const arrivals = days.flatMap((orders, day) => orders.map((order) => ({ day, lastDay: 6, order })));
  return { stream: { days: 7, problem, receipts: [], arrivals }, history, safetyStock: 1 };
}

function ordersOn(tables: OlistTables, day: string, mark: string): ProblemOrder[] {
  return tables.orders.filter(({ purchasedAt }) => purchasedAt.startsWith(day)).flatMap((order) => problemOrder(tables, order, day, mark));
}

function problemOrder(tables: OlistTables, order: OlistOrder, day: string, mark: string): ProblemOrder[] {
  const lines = new Map<string, { units: number; minor: number }>();
  for (const { product, priceMinor } of tables.itemsByOrder.get(order.id) ?? []) {
    const sku = articleOf(tables, product);
    const line = lines.get(sku) ?? { units: 0, minor: 0 };
    lines.set(sku, { units: line.units + 1, minor: line.minor + priceMinor });
  }
  const area = tables.customers.get(order.customer)?.postcodePrefix.slice(0, 2);
  if (lines.size === 0 || area === undefined) return [];
  return [
    {
      id: `${order.id}${mark}`,
      channel: 'olist',
      zone: area,
      promiseDay: Math.ceil(daysBetween(day, order.promisedOn) / 4),
      lateCostPerDay: 3,
      splitCost: 3,
      lines: [...lines].map(([sku, { units, minor }]) => ({ sku, units, unfilledCostPerUnit: Math.max(40, minor / units / 100) })),
    },
  ];
}

const weightBands = [300, 700, 1_500, 4_000, 12_000];

function articleOf(tables: OlistTables, product: string): string {
  const known = tables.products.get(product);
  const band = weightBands.findIndex((grams) => (known?.grams ?? 500) <= grams);
  return `${known?.category ?? 'article'}/${band < 0 ? weightBands.length : band}`;
}

function problemOf(
  tables: OlistTables,
  warehouses: OlistWarehouses,
  { cover }: PeakChoice,
  wanted: readonly ProblemOrder[],
  known: readonly ProblemOrder[],
): SourcingProblem {
  const skus = [...new Set(known.flatMap(({ lines }) => lines.map(({ sku }) => sku)))].sort();
  const stock = stockOf(tables, warehouses, wanted, cover);
  const areas = [...new Set(known.map(({ zone }) => zone))].sort();
  const ordersADay = wanted.length / 7;
  return parseProblem({
    format: 'quartermaster/sourcing-problem@1',
    name: 'olist peak week',
    currency: 'BRL',
    decisionMinute: 12 * 60,
    skus: skus.map((id) => ({ id, ...sizeOf(tables, id) })),
    nodes: warehouses.nodes.map(({ id, kind, labor }) => ({
      id,
      kind,
      zone: id,
      cutoffMinute: 16 * 60,
      stock: Object.fromEntries(stock.get(id) ?? []),
      // The labor of a warehouse is meant for its part of some 120 orders a day.
      labor: {
        ...labor,
        tiers: labor.tiers.map((tier) => ({
          ...tier,
          minutes: tier.minutes === null ? null : Math.round((tier.minutes * ordersADay) / 120),
        })),
      },
    })),
    services: servicesOf(tables, warehouses, areas),
    orders: [],
  });
}

/** Weight and volume of an article: the means of its products. */
function sizeOf(tables: OlistTables, sku: string): { weightKg: number; volumeL: number } {
  const sizes = sizesOf(tables).get(sku) ?? { count: 1, grams: 500, millilitres: 3_000 };
  const rounded = (value: number) => Math.round(value / sizes.count) / 1_000;
  return { weightKg: rounded(sizes.grams), volumeL: rounded(sizes.millilitres) };
}

type Sizes = ReadonlyMap<string, { readonly count: number; readonly grams: number; readonly millilitres: number }>;
const sizesByTables = new WeakMap<OlistTables, Sizes>();

function sizesOf(tables: OlistTables): Sizes {
  const made = sizesByTables.get(tables);
  if (made !== undefined) return made;
  const sizes = new Map<string, { count: number; grams: number; millilitres: number }>();
  for (const [product, { grams, millilitres }] of tables.products) {
    const sku = articleOf(tables, product);
    const sum = sizes.get(sku) ?? { count: 0, grams: 0, millilitres: 0 };
    sizes.set(sku, { count: sum.count + 1, grams: sum.grams + grams, millilitres: sum.millilitres + millilitres });
  }
  sizesByTables.set(tables, sizes);
  return sizes;
}

/** Of each article a share of what the week asks for, at the warehouses of its sellers, by what these sold in the whole file. */
function stockOf(
  tables: OlistTables,
  { nodes, nodeOfSeller }: OlistWarehouses,
  wanted: readonly ProblemOrder[],
  cover: number,
): Map<string, Map<string, number>> {
  const sold = new Map<string, Map<string, number>>();
  for (const items of tables.itemsByOrder.values())
    for (const { product, seller } of items) {
      const sku = articleOf(tables, product);
      const at = sold.get(sku) ?? new Map<string, number>();
      const node = nodeOfSeller.get(seller) ?? nodes[0]?.id ?? '';
      sold.set(sku, at.set(node, (at.get(node) ?? 0) + 1));
    }
  const units = new Map<string, number>();
  for (const { lines } of wanted) for (const line of lines) units.set(line.sku, (units.get(line.sku) ?? 0) + line.units);
  const stock = new Map(nodes.map(({ id }) => [id, new Map<string, number>()]));
  for (const [sku, asked] of units) {
    const shares = [...(sold.get(sku) ?? [])];
    const dealt = shareUnits(
      Math.round(asked * cover),
      shares.map(([, count]) => count),
    );
    for (const [index, [node]] of shares.entries()) if ((dealt[index] ?? 0) > 0) stock.get(node)?.set(sku, dealt[index] ?? 0);
  }
  return stock;
}

function servicesOf(tables: OlistTables, { nodes }: OlistWarehouses, areas: readonly string[]): ProblemService[] {
  const date = '2017-11-20';
  return olistCarriers(tables, nodes, fitFreight(tables), '2016-01-01').flatMap(({ connection, tariff }) =>
    tariff.services.map((service) => ({
      id: `${connection}/${service.id}`,
      ...weightRules(service, date),
      lanes: nodes.flatMap((node) =>
        areas.flatMap((area): Lane[] => {
          const to: Destination = { country: 'BR', region: null, postalArea: area };
          const lane = laneOf(tariff, service, destinationOf(node.address), to, date);
          if (lane === null) return [];
          const ends = { from: node.id, to: area, transitDays: lane.transitDays ?? 10 };
          return [{ ...ends, ...('bands' in lane ? { bands: [...lane.bands] } : { base: lane.base, perKg: lane.perKg }) }];
        }),
      ),
    })),
  );
}
