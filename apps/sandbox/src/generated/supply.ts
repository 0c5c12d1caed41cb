import { shareUnits, type Instant } from '@quartermaster/domain';
import type { OrderEvent, WorldStock } from '../world.ts';
import { catalogue, type CatalogueProduct } from './catalogue.ts';
import { countries, wholeNumber } from './places.ts';
import { warehouses, type GeneratedWarehouse } from './warehouses.ts';

/** Of a hundred units that are ordered, so many exist nowhere. */
const shortPercent = 4.5;
/** Of the products that sell, every n-th is scarce, and every n-th of the others lies at the wrong end of the map only. */
const scarceEvery = 4;
const misplacedEvery = 5;

export type Supply = {
  readonly stock: readonly WorldStock[];
  /** Arrives during the day: what the first wave misses of one product. */
  readonly receipt: { readonly sku: string; readonly node: string; readonly units: number } | null;
  /** Products of which there is enough. */
  readonly plentiful: ReadonlySet<string>;
};

/**
 * Stock that is scarce on purpose: so many units are missing over all, some products lie where nobody near wants them, and the rest is spread with an eye to the demand but not
 * by it. Who takes what is nearest, order by order, runs out of the wrong things.
 */
export function planSupply(random: () => number, given: { orders: readonly OrderEvent[]; firstWave: Instant }): Supply {
  const ordered = demandOf(given.orders);
  const demanded = catalogue
    .map((product) => ({ product, units: ordered.get(product.sku) ?? 0 }))
    .sort((a, b) => b.units - a.units || (a.product.sku < b.product.sku ? -1 : 1));
  const scarce = demanded.filter(({ units }, index) => units >= 3 && index % scarceEvery === 0).map(({ product }) => product);
  const others = demanded.filter(({ product }) => !scarce.includes(product)).map(({ product }) => product);
  const misplaced = new Set(others.filter((_product, index) => index % misplacedEvery === 1));

  const total = new Map(others.map((product) => [product.sku, spareSupply(ordered.get(product.sku) ?? 0)]));
  const missing = missingUnits(scarce, ordered);
  for (const product of scarce) total.set(product.sku, (ordered.get(product.sku) ?? 0) - (missing.get(product.sku) ?? 0));

  const late = scarce[1] ?? scarce[0];
  const early = demandOf(given.orders.filter((event) => event.at < given.firstWave));
  const lateUnits = late === undefined ? 0 : lateSupply(total.get(late.sku) ?? 0, early.get(late.sku) ?? 0);
  if (late !== undefined) total.set(late.sku, (total.get(late.sku) ?? 0) - lateUnits);
  const lateNode = late === undefined ? undefined : homeOf(late, given.orders);

  return {
    stock: catalogue.flatMap((product) => {
      const units = total.get(product.sku) ?? 0;
      const weights = misplaced.has(product) ? onlyFarAway(product, given.orders) : spread(random, product, given.orders);
      return shareUnits(units, weights).flatMap((share, index) => {
        const node = warehouses[index]?.id;
        return share === 0 || node === undefined ? [] : [{ sku: product.sku, node, units: share }];
      });
    }),
    receipt:
      late === undefined || lateNode === undefined || lateUnits === 0 ? null : { sku: late.sku, node: lateNode.id, units: lateUnits },
    plentiful: new Set(others.filter((product) => !misplaced.has(product)).map((product) => product.sku)),
  };
}

/** Units ordered per SKU. */
export function demandOf(orders: readonly OrderEvent[]): Map<string, number> {
  const units = new Map<string, number>();
  for (const { order } of orders) {
    for (const line of order.lines) if (line.sku !== null) units.set(line.sku, (units.get(line.sku) ?? 0) + line.quantity);
  }
  return units;
}

function spareSupply(ordered: number): number {
  return ordered + Math.ceil(ordered * 0.12) + 2;
}

/** The missing units go round over the scarce products, one by one, as long as one of a product is left. */
function missingUnits(scarce: readonly CatalogueProduct[], ordered: ReadonlyMap<string, number>): Map<string, number> {
  const sum = [...ordered.values()].reduce((left, units) => left + units, 0);
  const missing = new Map<string, number>();
  let left = Math.round((sum * shortPercent) / 100);
  for (let before = Infinity; left > 0 && left < before;) {
    before = left;
    for (const { sku } of scarce) {
      const already = missing.get(sku) ?? 0;
      if (left === 0 || already + 1 >= (ordered.get(sku) ?? 0)) continue;
      missing.set(sku, already + 1);
      left--;
    }
  }
  return missing;
}

/** What comes at noon: the first wave is left short of two units. */
function lateSupply(total: number, early: number): number {
  const atFirst = Math.max(0, Math.min(total - 1, early - 2));
  return Math.max(0, total - atFirst);
}

function onlyFarAway(product: CatalogueProduct, orders: readonly OrderEvent[]): number[] {
  const home = homeOf(product, orders);
  const far = home.group === 'iberia' ? 'central' : 'iberia';
  return warehouses.map((warehouse) => (warehouse.group === far ? 1 : 0));
}

/** Half by where it is wanted, half by chance. */
function spread(random: () => number, product: CatalogueProduct, orders: readonly OrderEvent[]): number[] {
  const wanted = demandByWarehouse(product, orders);
  const sum = Math.max(
    1,
    wanted.reduce((left, units) => left + units, 0),
  );
  return wanted.map((units) => Math.round((100 * units) / sum) + wholeNumber(random, 0, 70));
}

/** The warehouse whose country group wants most of a product; the first of them when nobody wants it. */
function homeOf(product: CatalogueProduct, orders: readonly OrderEvent[]): GeneratedWarehouse {
  const wanted = demandByWarehouse(product, orders);
  return warehouses.reduce((best, each, index) => ((wanted[index] ?? 0) > (wanted[warehouses.indexOf(best)] ?? 0) ? each : best));
}

function demandByWarehouse(product: CatalogueProduct, orders: readonly OrderEvent[]): number[] {
  return warehouses.map((warehouse) => {
    const near = orders.filter(({ order }) => countries.find(({ code }) => code === order.shipTo?.country)?.group === warehouse.group);
    return demandOf(near).get(product.sku) ?? 0;
  });
}
