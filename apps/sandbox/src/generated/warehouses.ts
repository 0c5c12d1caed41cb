import type { FulfilmentNode } from '@quartermaster/domain';
import type { Favourite } from './catalogue.ts';

export type GeneratedWarehouse = FulfilmentNode & {
  /** The customers it is nearest to. */
  readonly group: Exclude<Favourite, 'everywhere'>;
  /** How far its carriers have to go, by country of destination: 1 is at home, 4 is the other end of the continent. */
  readonly zones: Readonly<Record<string, number>>;
};

/**
 * Three warehouses of one company with zones, cutoffs and shifts of their own. In Porto clocks are an hour behind the other two. Regular minutes suffice for an ordinary share of
 * the day and not for all of it: a wave that sends everything to one place pays overtime.
 */
export const warehouses: readonly GeneratedWarehouse[] = [
  {
    id: 'BER',
    kind: 'warehouse',
    company: 'main',
    zone: 'Europe/Berlin',
    address: addressOf('Warehouse Berlin', 'Speicherstrand 7', '12099', 'Berlin', 'DE'),
    cutoff: '17:00',
    labor: laborOf(430, 150),
    group: 'central',
    zones: { DE: 1, AT: 2, NL: 2, BE: 2, FR: 3, IT: 3, ES: 4, PT: 4 },
  },
  {
    id: 'LYS',
    kind: 'warehouse',
    company: 'main',
    zone: 'Europe/Paris',
    address: addressOf('Warehouse Lyon', '12 quai des Magasins', '69007', 'Lyon', 'FR'),
    cutoff: '16:00',
    labor: laborOf(360, 120),
    group: 'france',
    zones: { FR: 1, BE: 2, IT: 2, DE: 3, NL: 3, AT: 3, ES: 3, PT: 4 },
  },
  {
    id: 'OPO',
    kind: 'warehouse',
    company: 'main',
    zone: 'Europe/Lisbon',
    address: addressOf('Warehouse Porto', 'Rua dos Armazens 40', '4050-290', 'Porto', 'PT'),
    cutoff: '16:00',
    labor: laborOf(260, 90),
    group: 'iberia',
    zones: { PT: 1, ES: 2, FR: 3, IT: 4, BE: 4, NL: 4, DE: 4, AT: 4 },
  },
];

/** What a domain node knows of a generated warehouse. */
export function nodeOf(warehouse: GeneratedWarehouse): FulfilmentNode {
  const { group: _group, zones: _zones, ...node } = warehouse;
  return node;
}

function addressOf(name: string, street: string, postalCode: string, city: string, country: string): FulfilmentNode['address'] {
  return { name, company: null, lines: [street], postalCode, city, region: null, country, phone: null, email: null };
}

function laborOf(regularMinutes: number, overtimeMinutes: number): FulfilmentNode['labor'] {
  return {
    minutesPerShipment: 2,
    minutesPerLine: 1,
    minutesPerUnit: 0.25,
    tiers: [
      { minutes: regularMinutes, costPerMinute: 0.42 },
      { minutes: overtimeMinutes, costPerMinute: 0.65 },
      { minutes: null, costPerMinute: 1.9 },
    ],
  };
}
