import { copyFilling, emptyFilling, placesOf, put, type Filling } from './filling.ts';
import type { ShapeTable } from './shape-table.ts';
import type { Placement } from './shapes.ts';

/** How the search sees a box. */
export type Way = {
  /** Whether a box is filled from its four lower corners, or from one of them. */
  readonly fromFourCorners: boolean;
  /** A gap of so many thousandths of the box's shortest side counts as touching. */
  readonly nearThousandths: number;
};

/** What a search may still spend: candidates that are compared with a unit that lies there, and rooms that are cut. */
export type Effort = { left: number };

/**
 * Places all units by a beam search, or gives null when none of its ends has all of them or the effort is spent. At each step the free room next to a corner is filled; the candidates are the units that
 * are left, in every lie; the better ones fill much of it and touch much of what is around them, which is the caving degree of Huang and He ("A caving degree approach for the single container loading
 * problem", European Journal of Operational Research 196, 2009). Each candidate is judged by what a greedy end of it packs, as in Araya and Riff ("A beam search approach to the container loading
 * problem", Computers & Operations Research 43, 2014), whose weight of contact over volume (to the fourth power) is taken over. `unused` is memory of an earlier search of the same table.
 */
export function cave(table: ShapeTable, way: Way, width: number, effort: Effort, unused: Filling[] = []): Placement[] | null {
  const near = Math.floor((Math.min(...table.box) * way.nearThousandths) / 1_000);
  const search: Search = { table, fromFourCorners: way.fromFourCorners, near, effort };
  const trial = unused.pop() ?? emptyFilling(table);
  const best: Step[] = [];
  const steps: Step[] = [];
  let states: Filling[] = [emptyFilling(table)];
  for (let level = 0; level < table.unitCount; level++) {
    const children: Child[] = [];
    for (const state of states) {
      const count = nextSteps(search, state, steps, width);
      for (let at = 0; at < count; at++) {
        const step = steps[at]!;
        const filling = unused.pop() ?? emptyFilling(table);
        copyFilling(state, filling);
        go(search, filling, step);
        copyFilling(filling, trial);
        while (trial.placed < table.unitCount && nextSteps(search, trial, best, 1) > 0) go(search, trial, best[0]!);
        if (trial.placed === table.unitCount) return placesOf(trial, table);
        if (effort.left <= 0) return null;
        children.push({ filling, packed: trial.volume, score: step.score });
      }
    }
    unused.push(...states);
    states = select(children, width, unused);
    if (states.length === 0) break;
  }
  unused.push(...states, trial);
  return null;
}

type Search = { readonly table: ShapeTable; readonly fromFourCorners: boolean; readonly near: number; readonly effort: Effort };

/** A unit in a lie at its low corner. Overwritten in place: a search looks at very many. */
type Step = { shape: number; lie: number; x: number; y: number; z: number; score: number };

type Child = { readonly filling: Filling; readonly packed: number; readonly score: number };

/** The children with the best ends. Two that end with the same volume are mostly the same in another order, so only one of them is kept. */
function select(children: Child[], width: number, unused: Filling[]): Filling[] {
  const kept: Filling[] = [];
  let last = -1;
  for (const { filling, packed } of children.sort((one, other) => other.packed - one.packed || other.score - one.score)) {
    if (kept.length < width && packed !== last) kept.push(filling);
    else unused.push(filling);
    last = packed;
  }
  return kept;
}

function go({ table, effort }: Search, filling: Filling, step: Step): void {
  put(filling, table, step.shape, step.lie, step.x, step.y, step.z);
  // New rooms are compared with all others.
  effort.left -= 1 + (filling.roomCount * filling.roomCount) / 8;
}

/** Writes the best `most` candidates for the next room into `steps`, the best first, and says how many there are. Rooms that nothing fits are dropped. */
function nextSteps(search: Search, filling: Filling, steps: Step[], most: number): number {
  for (;;) {
    const room = nextRoom(search, filling);
    if (room < 0) return 0;
    const count = stepsIn(search, filling, room * 6, steps, most);
    if (count > 0) return count;
    filling.roomCount--;
    filling.rooms.copyWithin(room * 6, filling.roomCount * 6, filling.roomCount * 6 + 6);
  }
}

/** The room next to a corner of the box, of equal ones the largest; -1 when there is none. */
function nextRoom({ table: { box }, fromFourCorners }: Search, { rooms, roomCount }: Filling): number {
  let best = -1;
  let bestWay = Infinity;
  let bestVolume = 0;
  for (let room = 0; room < roomCount; room++) {
    const at = room * 6;
    const a = rooms[at]!;
    const b = rooms[at + 1]!;
    const c = rooms[at + 2]!;
    const d = rooms[at + 3]!;
    const e = rooms[at + 4]!;
    const way = (fromFourCorners ? Math.min(a, box[0] - d) + Math.min(b, box[1] - e) : a + b) + c;
    if (way > bestWay) continue;
    const volume = (d - a) * (e - b) * (rooms[at + 5]! - c);
    if (way === bestWay && volume <= bestVolume) continue;
    best = room;
    bestWay = way;
    bestVolume = volume;
  }
  return best;
}

function stepsIn(search: Search, filling: Filling, at: number, steps: Step[], most: number): number {
  const { table, fromFourCorners, near, effort } = search;
  const { box, firstLie, sides, fragile, volume } = table;
  const { rooms, left, placed } = filling;
  const a = rooms[at]!;
  const b = rooms[at + 1]!;
  const z = rooms[at + 2]!;
  const d = rooms[at + 3]!;
  const e = rooms[at + 4]!;
  const f = rooms[at + 5]!;
  const fromHighX = fromFourCorners && box[0] - d < a;
  const fromHighY = fromFourCorners && box[1] - e < b;
  let count = 0;
  for (let shape = 0; shape < left.length; shape++) {
    if (left[shape] === 0) continue;
    // The column above something fragile stays empty, so its room must reach the top.
    if (fragile[shape] === 1 && f !== box[2]) continue;
    for (let lie = firstLie[shape]!; lie < firstLie[shape + 1]!; lie++) {
      const dx = sides[lie * 3]!;
      const dy = sides[lie * 3 + 1]!;
      const dz = sides[lie * 3 + 2]!;
      if (dx > d - a || dy > e - b || dz > f - z) continue;
      const x = fromHighX ? d - dx : a;
      const y = fromHighY ? e - dy : b;
      effort.left -= 1 + placed;
      const touching = contact(filling, box, near, x, y, z, dx, dy, dz);
      const score = volume[shape]! * touching * touching * touching * touching;
      if (count === most && score <= steps[count - 1]!.score) continue;
      let place = count < most ? count++ : count - 1;
      const step = (steps[place] ??= { shape: 0, lie: 0, x: 0, y: 0, z: 0, score: 0 });
      for (; place > 0 && steps[place - 1]!.score < score; place--) steps[place] = steps[place - 1]!;
      steps[place] = step;
      step.shape = shape;
      step.lie = lie;
      step.x = x;
      step.y = y;
      step.z = z;
      step.score = score;
    }
  }
  return count;
}

/** The share of a unit's surface that touches walls or other units. */
function contact(
  { blocked, placed }: Filling,
  box: ShapeTable['box'],
  near: number,
  x: number,
  y: number,
  z: number,
  dx: number,
  dy: number,
  dz: number,
): number {
  const x2 = x + dx;
  const y2 = y + dy;
  const z2 = z + dz;
  let area = 0;
  if (x <= near) area += dy * dz;
  if (x2 >= box[0] - near) area += dy * dz;
  if (y <= near) area += dx * dz;
  if (y2 >= box[1] - near) area += dx * dz;
  if (z <= near) area += dx * dy;
  if (z2 >= box[2] - near) area += dx * dy;
  for (let at = 0; at < placed * 6; at += 6) {
    const a = blocked[at]!;
    const d = blocked[at + 3]!;
    if (a > x2 + near || d < x - near) continue;
    const b = blocked[at + 1]!;
    const e = blocked[at + 4]!;
    if (b > y2 + near || e < y - near) continue;
    const c = blocked[at + 2]!;
    const f = blocked[at + 5]!;
    if (c > z2 + near || f < z - near) continue;
    const alongX = (x2 < d ? x2 : d) - (x > a ? x : a);
    const alongY = (y2 < e ? y2 : e) - (y > b ? y : b);
    const alongZ = (z2 < f ? z2 : f) - (z > c ? z : c);
    if (alongX <= 0) area += alongY > 0 && alongZ > 0 ? alongY * alongZ : 0;
    else if (alongY <= 0) area += alongZ > 0 ? alongX * alongZ : 0;
    else if (alongZ <= 0) area += alongX * alongY;
  }
  return area / (2 * (dx * dy + dy * dz + dx * dz));
}
