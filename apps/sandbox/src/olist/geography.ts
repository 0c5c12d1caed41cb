import { compareText } from '@quartermaster/domain';
import { seededRandom } from '@quartermaster/connector-kit/sandbox';

/** A point on the globe in degrees. */
export type Place = { readonly latitude: number; readonly longitude: number };

export type WeightedPlace = Place & { readonly id: string; readonly weight: number };

const earthRadiusKilometres = 6371;

/** Great-circle distance in kilometres (haversine). */
export function kilometresBetween(first: Place, second: Place): number {
  const latitudes = radians(second.latitude - first.latitude) / 2;
  const longitudes = radians(second.longitude - first.longitude) / 2;
  const chord =
    Math.sin(latitudes) ** 2 + Math.cos(radians(first.latitude)) * Math.cos(radians(second.latitude)) * Math.sin(longitudes) ** 2;
  return 2 * earthRadiusKilometres * Math.asin(Math.min(1, Math.sqrt(chord)));
}

/** The middle of places by their weights; equal weights when all are zero. Throws a `RangeError` for no places. */
export function middleOf(places: readonly WeightedPlace[]): Place {
  if (places.length === 0) throw new RangeError('no places have no middle');
  const even = places.every((place) => place.weight === 0);
  let latitude = 0;
  let longitude = 0;
  let sum = 0;
  for (const place of places) {
    const weight = even ? 1 : place.weight;
    latitude += place.latitude * weight;
    longitude += place.longitude * weight;
    sum += weight;
  }
  return { latitude: latitude / sum, longitude: longitude / sum };
}

/**
 * Groups places around `count` middles (weighted k-means), the same for the same input: the best of a dozen seeded beginnings, by the sum of weight times squared distance. Groups
 * come heaviest first, and so do the places in each; ties go to the smaller id.
 */
export function clusterPlaces(places: readonly WeightedPlace[], count: number): WeightedPlace[][] {
  const sorted = [...places].sort((a, b) => b.weight - a.weight || compareText(a.id, b.id));
  let best: Clustering | undefined;
  for (let seed = 1; seed <= 12; seed++) {
    const clustering = settle(sorted, firstMiddles(seededRandom(seed), sorted, count));
    if (best === undefined || clustering.cost < best.cost) best = clustering;
  }
  return (best?.groups ?? [])
    .filter((members) => members.length > 0)
    .sort((a, b) => weightOf(b) - weightOf(a) || compareText(a[0]?.id ?? '', b[0]?.id ?? ''));
}

type Clustering = { readonly groups: WeightedPlace[][]; readonly cost: number };

/** Moves places and middles in turn until nothing changes. */
function settle(places: readonly WeightedPlace[], firstMiddles: readonly Place[]): Clustering {
  let middles = firstMiddles;
  let assignment: number[] = [];
  for (let round = 0; round < 50; round++) {
    const next = places.map((place) => nearestIndex(place, middles));
    const settled = next.every((index, at) => index === assignment[at]);
    assignment = next;
    if (settled) break;
    middles = middles.map((middle, index) => {
      const members = places.filter((_place, at) => assignment[at] === index);
      return members.length === 0 ? middle : middleOf(members);
    });
  }
  return {
    groups: middles.map((_middle, index) => places.filter((_place, at) => assignment[at] === index)),
    cost: places.reduce((sum, place) => sum + place.weight * nearestDistance(place, middles) ** 2, 0),
  };
}

/** The heaviest place, then places drawn by weight times squared distance to the middles so far (k-means++). */
function firstMiddles(random: () => number, sorted: readonly WeightedPlace[], count: number): Place[] {
  const middles: Place[] = sorted.slice(0, 1);
  while (middles.length < Math.min(count, sorted.length)) {
    const chances = sorted.map((place) => place.weight * nearestDistance(place, middles) ** 2);
    let at = random() * chances.reduce((sum, chance) => sum + chance, 0);
    const drawn = sorted.find((_place, index) => (at -= chances[index] ?? 0) < 0);
    if (drawn === undefined) break;
    middles.push(drawn);
  }
  return middles;
}

function nearestDistance(place: Place, middles: readonly Place[]): number {
  return Math.min(...middles.map((middle) => kilometresBetween(place, middle)));
}

function nearestIndex(place: Place, middles: readonly Place[]): number {
  let best = 0;
  let bestDistance = Infinity;
  for (const [index, middle] of middles.entries()) {
    const distance = kilometresBetween(place, middle);
    if (distance < bestDistance) [best, bestDistance] = [index, distance];
  }
  return best;
}

function weightOf(places: readonly WeightedPlace[]): number {
  return places.reduce((sum, place) => sum + place.weight, 0);
}

function radians(degrees: number): number {
  return (degrees * Math.PI) / 180;
}
