import type { Destination } from '@quartermaster/domain';
import { mostPostalCharacters, rangeOf, specificity, type Place } from './place.ts';

/** Values by place, to be found by a destination without looking at every place. */
export type PlaceIndex<Value> = {
  readonly byName: ReadonlyMap<string, Value>;
  /** Ranges of one country, region and length. */
  readonly ranges: ReadonlyMap<string, RangeList<Value>>;
};

/** Values of places that hold a destination and are equally specific; of ranges that overlap there are several. */
export type PlaceLevel<Value> = { readonly specificity: number; readonly values: readonly Value[] };

/** Two places are one when they are called the same: regions are compared without regard to case. */
export function placeName(place: Place): string {
  if (place === '*') return '*';
  const range = rangeOf(place);
  const postal = range === null ? (place.postalPrefix ?? '') : `${range.from}-${range.to}`;
  return nameOf(place.country, postal, place.region);
}

/** Throws nothing; of a place that is given twice the later value counts. */
export function placeIndex<Value>(entries: readonly (readonly [Place, Value])[]): PlaceIndex<Value> {
  const byName = new Map<string, Value>();
  const grouped = new Map<string, Range<Value>[]>();
  for (const [place, value] of entries) {
    const range = rangeOf(place);
    if (place === '*' || range === null) {
      byName.set(placeName(place), value);
      continue;
    }
    const group = nameOf(place.country, String(range.from.length), place.region);
    const ranges = grouped.get(group) ?? [];
    ranges.push({ ...range, value });
    grouped.set(group, ranges);
  }
  return { byName, ranges: new Map([...grouped].map(([group, ranges]) => [group, rangeList(ranges)])) };
}

/** What is kept for the places that hold a destination, the most specific ones first. */
export function* levelsOf<Value>({ byName, ranges }: PlaceIndex<Value>, destination: Destination): Generator<PlaceLevel<Value>> {
  const country = destination.country.toUpperCase();
  const area = destination.postalArea.toUpperCase();
  // The order of these is that of `specificity`.
  const regions = destination.region === null ? [undefined] : [destination.region, undefined];
  for (let length = Math.min(area.length, mostPostalCharacters); length > 0; length--) {
    const prefix = area.slice(0, length);
    for (const region of regions) {
      const value = byName.get(nameOf(country, prefix, region));
      if (value !== undefined) yield { specificity: rank(country, { postalPrefix: prefix }, region), values: [value] };
    }
    if (ranges.size === 0) continue;
    for (const region of regions) {
      const list = ranges.get(nameOf(country, String(length), region));
      const values = list === undefined ? [] : valuesAt(list, prefix);
      if (values.length > 0) yield { specificity: rank(country, { postalFrom: prefix, postalTo: prefix }, region), values };
    }
  }
  for (const region of regions) {
    const value = byName.get(nameOf(country, '', region));
    if (value !== undefined) yield { specificity: rank(country, {}, region), values: [value] };
  }
  const everywhere = byName.get('*');
  if (everywhere !== undefined) yield { specificity: specificity('*'), values: [everywhere] };
}

type Range<Value> = { readonly from: string; readonly to: string; readonly value: Value };

/**
 * Ranges cut at all of their ends (`bounds`, rising): `at` holds the values of each end itself, `after` those of what lies between it and the next one. A prefix is found by halving.
 */
type RangeList<Value> = {
  readonly bounds: readonly string[];
  readonly at: readonly (readonly Value[])[];
  readonly after: readonly (readonly Value[])[];
};

function rangeList<Value>(ranges: readonly Range<Value>[]): RangeList<Value> {
  const bounds = [...new Set(ranges.flatMap(({ from, to }) => [from, to]))].sort();
  const places = new Map(bounds.map((bound, place) => [bound, place]));
  const at = bounds.map((): Value[] => []);
  const after = bounds.map((): Value[] => []);
  for (const { from, to, value } of ranges) {
    const last = places.get(to) ?? 0;
    for (let place = places.get(from) ?? 0; place <= last; place++) {
      at[place]?.push(value);
      if (place < last) after[place]?.push(value);
    }
  }
  return { bounds, at, after };
}

function valuesAt<Value>({ bounds, at, after }: RangeList<Value>, prefix: string): readonly Value[] {
  let below = 0;
  let above = bounds.length;
  while (below < above) {
    const middle = (below + above) >>> 1;
    if ((bounds[middle] ?? '') <= prefix) below = middle + 1;
    else above = middle;
  }
  const place = below - 1;
  return (bounds[place] === prefix ? at[place] : after[place]) ?? [];
}

function nameOf(country: string, postal: string, region: string | undefined): string {
  return `${country}|${postal}|${region?.toUpperCase() ?? ''}`;
}

function rank(country: string, postal: object, region: string | undefined): number {
  return specificity(region === undefined ? { country, ...postal } : { country, region, ...postal });
}
