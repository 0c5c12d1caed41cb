import type { Placement, Sides } from './shapes.ts';

/** A unit in its place, in the order of packing: what lies below comes first. `layer` is 1 on the floor of the box, else one more than the highest layer that it lies on. */
export type SettledPlacement = Placement & { readonly layer: number };

/**
 * Lets everything sink straight down until it lies on the floor or on something, and puts it into the order in which a person can pack it: by height, then from the back to the front and from the left to
 * the right. What was inside stays inside, nothing overlaps that did not, and no column gets a unit that had none.
 */
export function settle(places: readonly Placement[]): SettledPlacement[] {
  const settled: SettledPlacement[] = [];
  for (const place of places.toSorted((one, other) => byCorner(one.at, other.at))) {
    const below = settled.filter((other) => sharesColumn(place, other));
    const floor = Math.max(0, ...below.map(({ at, sides }) => at[2] + sides[2]));
    const carriers = below.filter(({ at, sides }) => at[2] + sides[2] === floor);
    settled.push({ ...place, at: [place.at[0], place.at[1], floor], layer: 1 + Math.max(0, ...carriers.map(({ layer }) => layer)) });
  }
  return settled.sort((one, other) => byCorner(one.at, other.at));
}

/** How high something stands above the floor of the box, at most. */
export function heightOf(places: readonly Placement[]): number {
  return Math.max(0, ...places.map(({ at, sides }) => at[2] + sides[2]));
}

function byCorner(one: Sides, other: Sides): number {
  return one[2] - other[2] || one[1] - other[1] || one[0] - other[0];
}

function sharesColumn(one: Placement, other: Placement): boolean {
  return [0, 1].every((axis) => {
    const low = Math.max(one.at[axis] ?? 0, other.at[axis] ?? 0);
    const high = Math.min((one.at[axis] ?? 0) + (one.sides[axis] ?? 0), (other.at[axis] ?? 0) + (other.sides[axis] ?? 0));
    return low < high;
  });
}
