import { cave, type Way } from './caving-search.ts';
import { standAll } from './extreme-points.ts';
import type { Filling } from './filling.ts';
import { settle, type SettledPlacement } from './settle.ts';
import { tableOf, type ShapeTable } from './shape-table.ts';
import { volumeOf, type Placement, type Shape, type Sides } from './shapes.ts';

/** How much is spent on one box before it counts as too small: looks at pairs of units, some hundred of them a microsecond. A count and no clock, so the same question has the same answer on every machine. */
export const efforts = { quick: 20_000, thorough: 1_000_000 } as const;
export type EffortName = keyof typeof efforts;

const ways: readonly Way[] = [
  { fromFourCorners: true, nearThousandths: 0 },
  { fromFourCorners: false, nearThousandths: 20 },
];

const ordersTried = 6;
/** Extreme points look at every point for every unit; so many units are worth one order of them in a quick try. */
const widest = 64;

/**
 * Finds a place in a box for every unit, or null: proven where the volume or a side is too large, else after the effort. First the orders of extreme points, which take microseconds; then beam searches of
 * growing width, by turns from four corners and from one. The places are settled and in the order of packing. Deterministic.
 */
export function fillBox(box: Sides, shapes: readonly Shape[], effort: EffortName = 'thorough'): SettledPlacement[] | null {
  const needed = shapes.reduce((sum, { units, lies }) => sum + units * volumeOf(lies[0] ?? [0, 0, 0]), 0);
  if (needed > volumeOf(box)) return null;
  const table = tableOf(box, shapes);
  if (table === null) return null;
  const places = standAll(table, ordersTried) ?? search(table, efforts[effort]);
  return places === null ? null : settle(places);
}

function search(table: ShapeTable, effort: number): Placement[] | null {
  const left = { left: effort };
  const memory: Filling[] = [];
  for (let width = 1; width <= widest && left.left > 0; width *= 2) {
    for (const way of ways) {
      const places = cave(table, way, width, left, memory);
      if (places !== null) return places;
    }
  }
  return null;
}
