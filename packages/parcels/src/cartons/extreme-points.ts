import type { ShapeTable } from './shape-table.ts';
import type { Placement } from './shapes.ts';

/** A box that is filled unit by unit, with the points at which the next one may stand. */
export type Standing = {
  readonly table: ShapeTable;
  /** Six numbers per unit, low corner and high corner; that of something fragile is at the top of the box. */
  readonly blocked: Int32Array;
  readonly placements: Placement[];
  points: [x: number, y: number, z: number][];
};

export function emptyStanding(table: ShapeTable): Standing {
  return { table, blocked: new Int32Array(table.unitCount * 6), placements: [], points: [[0, 0, 0]] };
}

/**
 * Stands a unit of a shape at the best of the extreme points (Crainic, Perboli and Tadei, "Extreme point-based heuristics for three-dimensional bin packing", INFORMS Journal on Computing 20, 2008), lying
 * in the best way: where its top is lowest, then where it is next to the corner of the box. False when it fits at none.
 */
export function stand(standing: Standing, shape: number): boolean {
  const { table, points } = standing;
  const { box, sides, firstLie, fragile } = table;
  let bestLie = -1;
  let bestPoint = -1;
  let bestTop = Infinity;
  let bestReach = Infinity;
  for (const [index, [x, y, z]] of points.entries()) {
    if (z >= bestTop) continue;
    for (let lie = firstLie[shape]!; lie < firstLie[shape + 1]!; lie++) {
      const x2 = x + sides[lie * 3]!;
      const y2 = y + sides[lie * 3 + 1]!;
      const top = z + sides[lie * 3 + 2]!;
      const reach = x2 + y2;
      if (x2 > box[0] || y2 > box[1] || top > box[2] || top > bestTop || (top === bestTop && reach >= bestReach)) continue;
      if (!isFree(standing, x, y, z, x2, y2, fragile[shape] === 1 ? box[2] : top)) continue;
      bestLie = lie;
      bestPoint = index;
      bestTop = top;
      bestReach = reach;
    }
  }
  const point = points[bestPoint];
  if (point === undefined) return false;
  take(standing, shape, bestLie, point);
  return true;
}

function isFree({ blocked, placements }: Standing, x: number, y: number, z: number, x2: number, y2: number, z2: number): boolean {
  for (let at = 0; at < placements.length * 6; at += 6) {
    if (
      x < blocked[at + 3]! &&
      x2 > blocked[at]! &&
      y < blocked[at + 4]! &&
      y2 > blocked[at + 1]! &&
      z < blocked[at + 5]! &&
      z2 > blocked[at + 2]!
    )
      return false;
  }
  return true;
}

function take(standing: Standing, shape: number, lie: number, [x, y, z]: readonly [number, number, number]): void {
  const { table, blocked, placements } = standing;
  const { box, sides, fragile } = table;
  const dx = sides[lie * 3]!;
  const dy = sides[lie * 3 + 1]!;
  const dz = sides[lie * 3 + 2]!;
  const top = fragile[shape] === 1 ? box[2] : z + dz;
  const from = projected(standing, x + dx, y + dy, x, y, z, top);
  blocked.set([x, y, z, x + dx, y + dy, top], placements.length * 6);
  placements.push({ shape, at: [x, y, z], sides: [dx, dy, dz] });
  const open = standing.points.filter(([px, py, pz]) => px < x || px >= x + dx || py < y || py >= y + dy || pz < z || pz >= top);
  for (const point of from) {
    const isInside = point[0] < box[0] && point[1] < box[1] && point[2] < box[2];
    if (isInside && !open.some((one) => one[0] === point[0] && one[1] === point[1] && one[2] === point[2])) open.push(point);
  }
  standing.points = open.sort((one, other) => one[2] - other[2] || one[1] - other[1] || one[0] - other[0]);
}

/** The far corners of a new unit, each moved along the two axes in which it does not stick out until it meets a unit or the wall. */
function projected(standing: Standing, x2: number, y2: number, x: number, y: number, z: number, top: number): [number, number, number][] {
  return [
    [x2, slide(standing, 1, x2, y, z), z],
    [x2, y, slide(standing, 2, x2, y, z)],
    [slide(standing, 0, x, y2, z), y2, z],
    [x, y2, slide(standing, 2, x, y2, z)],
    [slide(standing, 0, x, y, top), y, top],
    [x, slide(standing, 1, x, y, top), top],
  ];
}

/** Where a point comes to a stop that slides towards the wall along an axis. */
function slide({ blocked, placements }: Standing, axis: 0 | 1 | 2, x: number, y: number, z: number): number {
  const along = axis === 0 ? x : axis === 1 ? y : z;
  let stop = 0;
  for (let at = 0; at < placements.length * 6; at += 6) {
    const end = blocked[at + 3 + axis]!;
    if (end > along || end <= stop) continue;
    if (axis !== 0 && (x < blocked[at]! || x >= blocked[at + 3]!)) continue;
    if (axis !== 1 && (y < blocked[at + 1]! || y >= blocked[at + 4]!)) continue;
    if (axis !== 2 && (z < blocked[at + 2]! || z >= blocked[at + 5]!)) continue;
    stop = end;
  }
  return stop;
}

const orders: readonly ((table: ShapeTable, shape: number) => number)[] = [
  ({ volume }, shape) => volume[shape]!,
  ({ shortest }, shape) => Math.min(shortest[shape * 3]!, shortest[shape * 3 + 1]!, shortest[shape * 3 + 2]!),
  ({ longest }, shape) => longest[shape]!,
  ({ volume, longest }, shape) => -volume[shape]! / longest[shape]!,
];

/**
 * Stands all units in a box, or gives null when `tries` orders of them did not do it: the largest first, by volume and by sides; then what was left over goes to the front, as often as that leads to an order
 * that was not tried. Something fragile comes last in each, since nothing can stand on it.
 */
export function standAll(table: ShapeTable, tries: number): Placement[] | null {
  const seen = new Set<string>();
  let made = 0;
  for (const key of orders) {
    let order = inOrder(table, key);
    while (made < tries && !seen.has(order.join())) {
      seen.add(order.join());
      made++;
      const standing = emptyStanding(table);
      const over = order.filter((shape) => !stand(standing, shape));
      if (over.length === 0) return standing.placements;
      order = toTheFront(order, over);
    }
  }
  return null;
}

/** Every unit by its shape: what is not fragile first, then the greatest key. */
function inOrder(table: ShapeTable, key: (typeof orders)[number]): number[] {
  const { units, fragile } = table;
  return Array.from(units.keys())
    .sort((one, other) => fragile[one]! - fragile[other]! || key(table, other) - key(table, one) || one - other)
    .flatMap((shape) => Array.from({ length: units[shape]! }, () => shape));
}

function toTheFront(order: readonly number[], over: readonly number[]): number[] {
  const rest = [...order];
  for (const shape of over) rest.splice(rest.indexOf(shape), 1);
  return [...over, ...rest];
}
