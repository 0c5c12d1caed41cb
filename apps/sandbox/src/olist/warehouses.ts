import type { FulfilmentNode } from '@quartermaster/domain';
import { clusterPlaces, type Place, type WeightedPlace } from './geography.ts';
import type { OlistTables } from './tables.ts';

export type OlistWarehouses = {
  readonly nodes: readonly (FulfilmentNode & { readonly place: Place })[];
  /** The warehouse that a seller's goods lie in, by seller. */
  readonly nodeOfSeller: ReadonlyMap<string, string>;
};

/**
 * Turns thousands of sellers into a few warehouses: the postcodes of the sellers, weighted by the items they sold in the whole file, in clusters. `CD1` is the busiest; each stands
 * in the postcode of its cluster that most goods come from.
 */
export function olistWarehouses(tables: OlistTables, count: number): OlistWarehouses {
  const soldBySeller = new Map<string, number>();
  for (const items of tables.itemsByOrder.values()) {
    for (const { seller } of items) soldBySeller.set(seller, (soldBySeller.get(seller) ?? 0) + 1);
  }
  const byPostcode = new Map<string, WeightedPlace>();
  const cities = new Map<string, { city: string; state: string }>();
  for (const [seller, { postcodePrefix, city, state }] of tables.sellers) {
    const sold = soldBySeller.get(seller) ?? 0;
    const weight = (byPostcode.get(postcodePrefix)?.weight ?? 0) + sold;
    byPostcode.set(postcodePrefix, { ...tables.placeOf(postcodePrefix), id: postcodePrefix, weight });
    if (!cities.has(postcodePrefix)) cities.set(postcodePrefix, { city, state });
  }

  const clusters = clusterPlaces([...byPostcode.values()], count);
  const nodeOfPostcode = new Map(clusters.flatMap((members, index) => members.map(({ id }) => [id, codeOf(index)] as const)));
  return {
    nodes: clusters.map((members, index) => {
      const [heaviest] = members;
      const { city, state } = cities.get(heaviest?.id ?? '') ?? { city: codeOf(index), state: '' };
      const code = codeOf(index);
      return {
        id: code,
        kind: 'warehouse',
        company: 'main',
        zone: 'America/Sao_Paulo',
        address: {
          name: `Centro de distribuição ${titleCase(city)}`,
          company: null,
          lines: [`Rodovia ${code}, 100`],
          postalCode: `${heaviest?.id ?? '00000'}-000`,
          city: titleCase(city),
          region: state,
          country: 'BR',
          phone: null,
          email: null,
        },
        cutoff: index < 3 ? '17:00' : '16:00',
        labor: laborOf(Math.max(0.04, shareOf(members, clusters))),
        place: tables.placeOf(heaviest?.id ?? ''),
      };
    }),
    nodeOfSeller: new Map(
      [...tables.sellers].map(([seller, { postcodePrefix }]) => [seller, nodeOfPostcode.get(postcodePrefix) ?? codeOf(0)]),
    ),
  };
}

export function titleCase(text: string): string {
  return text.replaceAll(/(^|[\s-])(\p{Letter})/gu, (_match, before: string, letter: string) => before + letter.toUpperCase());
}

function codeOf(index: number): string {
  return `CD${index + 1}`;
}

function shareOf(members: readonly WeightedPlace[], clusters: readonly (readonly WeightedPlace[])[]): number {
  const weight = (places: readonly WeightedPlace[]): number => places.reduce((sum, place) => sum + place.weight, 0);
  return weight(members) / clusters.reduce((sum, places) => sum + weight(places), 0);
}

/** Regular hours for its share of some 120 orders of four minutes each; a busy day pays overtime. */
function laborOf(share: number): FulfilmentNode['labor'] {
  const regular = Math.round(480 * share);
  return {
    minutesPerShipment: 2.5,
    minutesPerLine: 1,
    minutesPerUnit: 0.3,
    tiers: [
      { minutes: regular, costPerMinute: 0.7 },
      { minutes: Math.round(regular / 3), costPerMinute: 1.05 },
      { minutes: null, costPerMinute: 2.1 },
    ],
  };
}
