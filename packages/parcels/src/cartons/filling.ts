import type { ShapeTable } from './shape-table.ts';
import type { Placement } from './shapes.ts';

/**
 * A box that is partly filled: what lies in it, and the free room as maximal empty cuboids, which overlap one another (Lai and Chan, "Developing a simulated annealing algorithm for the cutting
 * stock problem", Computers & Industrial Engineering 32, 1997; for boxes: Parreño, Alvarez-Valdes, Tamarit and Oliveira, "A maximal-space algorithm for the container loading problem", INFORMS Journal
 * on Computing 20, 2008). Room in which no unit that is left could stand is not kept.
 */
export type Filling = {
  /** Six numbers per unit: low corner, high corner. The high corner of something fragile is at the top of the box, since the column above it stays empty. */
  readonly blocked: Int32Array;
  /** Per unit its shape, and which of its lies it is in. */
  readonly shape: Int32Array;
  readonly lie: Int32Array;
  placed: number;
  /** Six numbers per room: low corner, high corner. */
  rooms: Int32Array;
  roomCount: number;
  /** New rooms of a step, before those that lie inside of others are left out; holds nothing between steps. */
  cut: Int32Array;
  /** Units that are left, per shape. */
  readonly left: Int32Array;
  /** Cubic millimetres that are packed. */
  volume: number;
};

export function emptyFilling(table: ShapeTable): Filling {
  const rooms = new Int32Array(64 * 6);
  rooms.set(table.box, 3);
  return {
    blocked: new Int32Array(table.unitCount * 6),
    shape: new Int32Array(table.unitCount),
    lie: new Int32Array(table.unitCount),
    placed: 0,
    rooms,
    roomCount: 1,
    cut: new Int32Array(64 * 6),
    left: Int32Array.from(table.units),
    volume: 0,
  };
}

/** Makes `to` the same as `from`, without new memory where there is enough. Loops, since the arrays are too short for views of them to pay. */
export function copyFilling(from: Filling, to: Filling): void {
  const { placed, roomCount } = from;
  for (let at = 0; at < placed * 6; at++) to.blocked[at] = from.blocked[at]!;
  for (let at = 0; at < placed; at++) to.shape[at] = from.shape[at]!;
  for (let at = 0; at < placed; at++) to.lie[at] = from.lie[at]!;
  for (let at = 0; at < from.left.length; at++) to.left[at] = from.left[at]!;
  if (to.rooms.length < roomCount * 6) to.rooms = new Int32Array(from.rooms.length);
  for (let at = 0; at < roomCount * 6; at++) to.rooms[at] = from.rooms[at]!;
  to.placed = placed;
  to.roomCount = roomCount;
  to.volume = from.volume;
}

/** Puts a unit with its low corner at (x, y, z), which must be free, and cuts the rooms that it stands in. */
export function put(filling: Filling, table: ShapeTable, shape: number, lie: number, x: number, y: number, z: number): void {
  const { sides, box } = table;
  const x2 = x + sides[lie * 3]!;
  const y2 = y + sides[lie * 3 + 1]!;
  const z2 = table.fragile[shape] === 1 ? box[2] : z + sides[lie * 3 + 2]!;
  const { blocked, placed, left } = filling;
  blocked[placed * 6] = x;
  blocked[placed * 6 + 1] = y;
  blocked[placed * 6 + 2] = z;
  blocked[placed * 6 + 3] = x2;
  blocked[placed * 6 + 4] = y2;
  blocked[placed * 6 + 5] = z2;
  filling.shape[placed] = shape;
  filling.lie[placed] = lie;
  filling.placed++;
  left[shape]!--;
  filling.volume += table.volume[shape]!;

  let minX = Infinity;
  let minY = Infinity;
  let minZ = Infinity;
  for (let other = 0; other < left.length; other++) {
    if (left[other] === 0) continue;
    if (table.shortest[other * 3]! < minX) minX = table.shortest[other * 3]!;
    if (table.shortest[other * 3 + 1]! < minY) minY = table.shortest[other * 3 + 1]!;
    if (table.shortest[other * 3 + 2]! < minZ) minZ = table.shortest[other * 3 + 2]!;
  }

  const { rooms } = filling;
  let kept = 0;
  let fresh = 0;
  for (let room = 0; room < filling.roomCount; room++) {
    const a = rooms[room * 6]!;
    const b = rooms[room * 6 + 1]!;
    const c = rooms[room * 6 + 2]!;
    const d = rooms[room * 6 + 3]!;
    const e = rooms[room * 6 + 4]!;
    const f = rooms[room * 6 + 5]!;
    if (x >= d || x2 <= a || y >= e || y2 <= b || z >= f || z2 <= c) {
      if (d - a < minX || e - b < minY || f - c < minZ) continue;
      if (kept !== room) rooms.copyWithin(kept * 6, room * 6, room * 6 + 6);
      kept++;
      continue;
    }
    if (filling.cut.length < (fresh + 6) * 6) filling.cut = wider(filling.cut);
    const { cut } = filling;
    if (x - a >= minX && e - b >= minY && f - c >= minZ) fresh = note(cut, fresh, a, b, c, x, e, f);
    if (d - x2 >= minX && e - b >= minY && f - c >= minZ) fresh = note(cut, fresh, x2, b, c, d, e, f);
    if (d - a >= minX && y - b >= minY && f - c >= minZ) fresh = note(cut, fresh, a, b, c, d, y, f);
    if (d - a >= minX && e - y2 >= minY && f - c >= minZ) fresh = note(cut, fresh, a, y2, c, d, e, f);
    if (d - a >= minX && e - b >= minY && z - c >= minZ) fresh = note(cut, fresh, a, b, c, d, e, z);
    if (d - a >= minX && e - b >= minY && f - z2 >= minZ) fresh = note(cut, fresh, a, b, z2, d, e, f);
  }
  filling.roomCount = kept;
  for (let one = 0; one < fresh; one++) if (!isInside(filling, one, fresh, kept)) keepRoom(filling, one);
}

function note(cut: Int32Array, fresh: number, a: number, b: number, c: number, d: number, e: number, f: number): number {
  const at = fresh * 6;
  cut[at] = a;
  cut[at + 1] = b;
  cut[at + 2] = c;
  cut[at + 3] = d;
  cut[at + 4] = e;
  cut[at + 5] = f;
  return fresh + 1;
}

/** Whether a new room lies in another one; of two equal ones the first stays. */
function isInside({ rooms, cut }: Filling, one: number, fresh: number, kept: number): boolean {
  const at = one * 6;
  const a = cut[at]!;
  const b = cut[at + 1]!;
  const c = cut[at + 2]!;
  const d = cut[at + 3]!;
  const e = cut[at + 4]!;
  const f = cut[at + 5]!;
  for (let o = 0; o < kept * 6; o += 6)
    if (rooms[o]! <= a && rooms[o + 1]! <= b && rooms[o + 2]! <= c && rooms[o + 3]! >= d && rooms[o + 4]! >= e && rooms[o + 5]! >= f)
      return true;
  for (let o = 0; o < fresh * 6; o += 6) {
    if (o === at) continue;
    if (cut[o]! <= a && cut[o + 1]! <= b && cut[o + 2]! <= c && cut[o + 3]! >= d && cut[o + 4]! >= e && cut[o + 5]! >= f) {
      const same = cut[o] === a && cut[o + 1] === b && cut[o + 2] === c && cut[o + 3] === d && cut[o + 4] === e && cut[o + 5] === f;
      if (!same || o < at) return true;
    }
  }
  return false;
}

function keepRoom(filling: Filling, one: number): void {
  const to = filling.roomCount * 6;
  if (filling.rooms.length < to + 6) filling.rooms = wider(filling.rooms);
  for (let at = 0; at < 6; at++) filling.rooms[to + at] = filling.cut[one * 6 + at]!;
  filling.roomCount++;
}

function wider(numbers: Int32Array): Int32Array<ArrayBuffer> {
  const more = new Int32Array(numbers.length * 2);
  more.set(numbers);
  return more;
}

/** Where everything lies. */
export function placesOf({ blocked, shape, lie, placed }: Filling, { sides }: ShapeTable): Placement[] {
  return Array.from({ length: placed }, (_, unit) => ({
    shape: shape[unit]!,
    at: [blocked[unit * 6]!, blocked[unit * 6 + 1]!, blocked[unit * 6 + 2]!],
    sides: [sides[lie[unit]! * 3]!, sides[lie[unit]! * 3 + 1]!, sides[lie[unit]! * 3 + 2]!],
  }));
}
