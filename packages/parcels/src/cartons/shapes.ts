/** Length, width and height in millimetres; the third is upright. */
export type Sides = readonly [length: number, width: number, height: number];

/**
 * What the placing of goods in one box goes by: so many units of equal sides, and how they may lie. A shape knows neither article nor weight; those who may be in one box together is decided
 * before (`together.ts`).
 */
export type Shape = {
  readonly units: number;
  /** The ways it may lie, each with its sides along the box; at least one. */
  readonly lies: readonly Sides[];
  /** Nothing may be above it, at whatever height. */
  readonly fragile: boolean;
};

/** A unit in its place: the corner next to the origin, and its sides as it lies. Millimetres from the inner corner of the box. */
export type Placement = { readonly shape: number; readonly at: Sides; readonly sides: Sides };

/** How a unit may be turned: every way, about the upright axis only, or not at all. */
export type Turning = 'any' | 'upright' | 'none';

/** The ways in which a unit may lie, each once, in a fixed order. */
export function waysToLie([length, width, height]: Sides, turning: Turning): Sides[] {
  const upright: Sides[] = [
    [length, width, height],
    [width, length, height],
  ];
  const all: Sides[] = [...upright, [length, height, width], [height, length, width], [width, height, length], [height, width, length]];
  const ways = turning === 'any' ? all : turning === 'upright' ? upright : upright.slice(0, 1);
  return ways.filter((way, index) => ways.findIndex((other) => sameSides(way, other)) === index);
}

export function sameSides(one: Sides, other: Sides): boolean {
  return one[0] === other[0] && one[1] === other[1] && one[2] === other[2];
}

export function volumeOf([length, width, height]: Sides): number {
  return length * width * height;
}

export function fitsInside(inner: Sides, outer: Sides): boolean {
  return inner[0] <= outer[0] && inner[1] <= outer[1] && inner[2] <= outer[2];
}

/** The same sides, the longest first. */
export function longestFirst([a, b, c]: Sides): [number, number, number] {
  const [longest = a, middle = b, shortest = c] = [a, b, c].sort((one, other) => other - one);
  return [longest, middle, shortest];
}
