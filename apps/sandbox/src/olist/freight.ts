import type { FulfilmentNode } from '@quartermaster/domain';
import type { TariffService } from '@quartermaster/parcels';
import type { World } from '../world.ts';
import { kilometresBetween, type Place } from './geography.ts';
import type { OlistTables } from './tables.ts';

/** Upper edges of the distance bands in kilometres; the last one has none. */
const distanceEdges = [60, 200, 450, 900, 1_600, 2_400, Infinity];
/** Upper edges of the weight bands in grams; Correios takes 30 kg a parcel. */
const bandGrams = [250, 500, 1_000, 2_000, 5_000, 10_000, 20_000, 30_000];

/** Median freight in centavos by distance band and weight band, rising in both. */
export type FreightTable = readonly (readonly number[])[];

/**
 * Fits a freight table to what customers of the file paid: the median of the items of each cell. A cell with fewer than five items takes its neighbour's price by weight, and no
 * price is below that of a shorter way or a lighter parcel.
 */
export function fitFreight(tables: OlistTables): FreightTable {
  const cells = distanceEdges.map(() => bandGrams.map((): number[] => []));
  for (const order of tables.orders) {
    const customer = tables.customers.get(order.customer);
    for (const item of tables.itemsByOrder.get(order.id) ?? []) {
      const seller = tables.sellers.get(item.seller);
      const product = tables.products.get(item.product);
      if (customer === undefined || seller === undefined || product === undefined || item.freightMinor === 0) continue;
      const kilometres = kilometresBetween(tables.placeOf(seller.postcodePrefix), tables.placeOf(customer.postcodePrefix));
      const band = bandGrams.findIndex((edge) => product.grams <= edge);
      cells[distanceBand(kilometres)]?.[band]?.push(item.freightMinor);
    }
  }
  const table: number[][] = [];
  for (const [distance, row] of cells.entries()) {
    const prices: number[] = [];
    for (const [weight, freights] of row.entries()) {
      const atLeast = Math.max(prices[weight - 1] ?? 0, table[distance - 1]?.[weight] ?? 0, 1);
      prices.push(freights.length < 5 ? Math.round(atLeast * (weight === 0 ? 1 : 1.25)) : Math.max(atLeast, median(freights)));
    }
    table.push(prices);
  }
  return table;
}

/** Two carriers with the fitted prices: a slow one at the median, and one that is dearer and faster. Zones go from a warehouse to the first two digits of a postcode. */
export function olistCarriers(
  tables: OlistTables,
  nodes: readonly (FulfilmentNode & { readonly place: Place })[],
  table: FreightTable,
  effectiveFrom: string,
): World['carriers'] {
  const zones = zonesOf(tables, nodes);
  const serviceOf = (id: string, name: string, percent: number, transitDays: readonly number[]): TariffService => ({
    id,
    name,
    carrierService: name,
    roundingGrams: 1,
    maxGrams: 120_000,
    parcelMaxGrams: 30_000,
    surcharges: [],
    zones,
    prices: table.map((prices, distance) => ({
      zone: zoneId(distance),
      transitDays: transitDays[distance] ?? null,
      bands: prices.map((minor, index) => ({ upToGrams: bandGrams[index] ?? 0, minor: Math.round((minor * percent) / 100) })),
    })),
  });
  const tariffOf = (id: string, carrier: string, services: TariffService[]) => ({ id, carrier, currency: 'BRL', effectiveFrom, services });
  return [
    {
      connection: 'parcelpost',
      name: 'Encomenda',
      tariff: tariffOf('parcelpost-olist', 'Encomenda', [serviceOf('economy', 'Economica', 100, [3, 4, 6, 8, 10, 13, 16])]),
    },
    {
      connection: 'easypost',
      name: 'Cometa',
      tariff: tariffOf('easypost-olist', 'Cometa', [
        serviceOf('ground', 'Ground', 112, [2, 3, 4, 6, 7, 9, 12]),
        serviceOf('express', 'Express', 165, [1, 1, 2, 2, 3, 4, 5]),
      ]),
    },
  ];
}

function zonesOf(tables: OlistTables, nodes: readonly (FulfilmentNode & { readonly place: Place })[]): TariffService['zones'] {
  const areas = new Set([...tables.customers.values()].map(({ postcodePrefix }) => postcodePrefix.slice(0, 2)));
  return nodes.flatMap((node) =>
    [...areas].sort().map((area) => ({
      id: zoneId(distanceBand(kilometresBetween(node.place, tables.placeOf(area)))),
      from: { country: 'BR', postalPrefix: node.address.postalCode.slice(0, 3) },
      to: { country: 'BR', postalPrefix: area },
    })),
  );
}

function zoneId(distance: number): string {
  return `D${distance + 1}`;
}

function distanceBand(kilometres: number): number {
  return distanceEdges.findIndex((edge) => kilometres <= edge);
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? 0;
  return sorted.length % 2 === 1 ? upper : Math.round(((sorted[middle - 1] ?? upper) + upper) / 2);
}
