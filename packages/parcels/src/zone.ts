import type { Destination } from '@quartermaster/domain';
import { levelsOf, placeIndex, placeName, type PlaceIndex } from './place-index.ts';
import type { Place } from './place.ts';
import type { TariffService } from './tariff.ts';

type ZoneEntry = TariffService['zones'][number];

/** Places in the list of entries, by where a parcel goes and then by where it comes from. */
type ZoneIndex = PlaceIndex<PlaceIndex<number>>;

/** Made once for each list: whoever has a tariff does not change its zones. */
const indexes = new WeakMap<readonly ZoneEntry[], ZoneIndex>();

/**
 * The zone of a way, or null when the service does not go there. The most specific entry wins: a longer postal prefix before a shorter one, a prefix before a range of equally long ones, a postal code before a
 * region, a region before a country, a country before `'*'`. Where the parcel goes decides first, then where it comes from, then the order of the list. Found by an index, which is made at the first question.
 */
export function zoneOf({ zones }: Pick<TariffService, 'zones'>, from: Destination, to: Destination): string | null {
  let index = indexes.get(zones);
  if (index === undefined) {
    index = zoneIndex(zones);
    indexes.set(zones, index);
  }
  for (const { values } of levelsOf(index, to)) {
    const best = values.reduce<Hit | null>((winner, origins) => better(winner, closestOrigin(origins, from)), null);
    if (best !== null) return zones[best.place]?.id ?? null;
  }
  return null;
}

type Hit = { readonly specificity: number; readonly place: number };

function closestOrigin(origins: PlaceIndex<number>, from: Destination): Hit | null {
  for (const { specificity, values } of levelsOf(origins, from)) return { specificity, place: Math.min(...values) };
  return null;
}

function better(one: Hit | null, other: Hit | null): Hit | null {
  if (one === null || other === null) return one ?? other;
  return (one.specificity - other.specificity || other.place - one.place) > 0 ? one : other;
}

function zoneIndex(zones: readonly ZoneEntry[]): ZoneIndex {
  const byTarget = new Map<string, { readonly to: Place; readonly origins: Map<string, readonly [Place, number]> }>();
  for (const [place, { from, to }] of zones.entries()) {
    const target = byTarget.get(placeName(to)) ?? { to, origins: new Map<string, readonly [Place, number]>() };
    byTarget.set(placeName(to), target);
    const origin = placeName(from);
    if (!target.origins.has(origin)) target.origins.set(origin, [from, place]);
  }
  return placeIndex([...byTarget.values()].map(({ to, origins }) => [to, placeIndex([...origins.values()])] as const));
}
