import type { SourcingProblem } from '../src/index.ts';
import { assortmentOf } from './assortment.ts';
import { ordersOf } from './demand.ts';
import { servicesOf } from './lanes.ts';
import { regionNames, regions, type RegionName } from './regions.ts';
import { nodesOf, type Supply } from './sites.ts';

/** A made-up day of a company. Same instance, same problem, on every machine. */
export interface Instance {
  readonly orders: number;
  readonly nodes: number;
  readonly variant: Variant;
  readonly region: RegionName;
  readonly seed: number;
  /** Two fifths of the lanes are priced by weight bands, and heavy shipments travel as several parcels. */
  readonly bands?: boolean;
  /** Part of the stock is kept for channels. */
  readonly reservations?: boolean;
  /** Every optional field of the contract, and two orders of more lines than an exact method takes; implies `bands` and `reservations`. */
  readonly rich?: boolean;
}

/** `base`: stock is ample but lies unevenly. `labor`: cheap hours do not suffice. `scarce`: a fifth of the units is not there. */
export type Variant = 'base' | 'labor' | 'scarce';

export const variants: readonly Variant[] = ['base', 'labor', 'scarce'];

const supplies: Readonly<Record<Variant, Supply>> = {
  base: { cover: 4.6, listed: 1, labor: 1.15 },
  labor: { cover: 5, listed: 1, labor: 0.85 },
  scarce: { cover: 1.2, listed: 0.9, labor: 1.1 },
};

/** The problem of an instance, in the contract's format. */
export function generate(instance: Instance): SourcingProblem {
  const { orders, nodes, variant, rich = false, bands = rich, reservations = rich } = instance;
  const region = regions[instance.region];
  // The extras leave the draws of everything else as they are.
  const name = instanceName({ orders, nodes, variant, region: instance.region, seed: instance.seed });
  const assortment = assortmentOf(orders, name);
  const sites = nodesOf(assortment, region, supplies[variant], name, { orders, nodes, reservations, rich });
  return {
    format: 'quartermaster/sourcing-problem@1',
    name: instanceName(instance),
    currency: region.currency,
    decisionMinute: 780,
    skus: [...assortment.skus],
    nodes: sites,
    services: servicesOf(region, name, { bandShare: bands ? 0.4 : 0, parcels: bands, missingShare: rich ? 0.03 : 0 }),
    orders: ordersOf(assortment, region, sites, name, { orders, rich }),
  };
}

/** For example `10k-20-scarce-us-s2`, or `1k-10-base-eu-s1-bands-reservations`. */
export function instanceName({ orders, nodes, variant, region, seed, bands, reservations, rich }: Instance): string {
  const size = orders % 1_000 === 0 ? `${orders / 1_000}k` : String(orders);
  const extras = [bands && 'bands', reservations && 'reservations', rich && 'rich'].filter((extra) => typeof extra === 'string');
  return [size, nodes, variant, region, `s${seed}`, ...extras].join('-');
}

/**
 * The instance of a name that `instanceName` gave.
 *
 * @throws Error where the name is none
 */
export function instanceOf(name: string): Instance {
  const [size = '', nodes = '', variant, region, seed = '', ...extras] = name.split('-');
  const orders = size.endsWith('k') ? 1_000 * Number(size.slice(0, -1)) : Number(size);
  const knownVariant = variants.find((one) => one === variant);
  const knownRegion = regionNames.find((one) => one === region);
  if (knownVariant !== undefined && knownRegion !== undefined) {
    const instance: Instance = {
      orders,
      nodes: Number(nodes),
      variant: knownVariant,
      region: knownRegion,
      seed: Number(seed.slice(1)),
      bands: extras.includes('bands'),
      reservations: extras.includes('reservations'),
      rich: extras.includes('rich'),
    };
    if (instanceName(instance) === name) return instance;
  }
  throw new Error(`${name} names no instance: ORDERS-NODES-VARIANT-REGION-sSEED, for example 10k-20-scarce-us-s2-bands-reservations`);
}
