import { fillRoom, openTogether, tableRoom, type TableRoom } from './build-table.ts';
import { maxExactLines, type Numbers } from './compile.ts';
import { memory } from './shared-memory.ts';

/**
 * All single shipments of one order that can be part of a cheapest plan: for each set of its lines (a bit mask) the places that can ship it, cheapest first, each with its cheapest service.
 *
 * A place is a node, or a node with one capped service: which service is cheapest does not depend on stock or labor prices, only on the price of a cap.
 * Prices only add, so whoever looks for the cheapest shipment of a mask may stop at the first entry whose `least` is not below the best one found.
 */
export interface OrderTable {
  readonly lineCount: number;
  /** 2 to the number of lines: masks run from 0 to `size - 1`. */
  readonly size: number;
  /** Shelf that holds the numbers; those of a mask are at `firstMask + mask`. */
  readonly shelf: Shelf;
  readonly firstMask: number;
  /** By line: the lines that stay open together with it (a bundle, or the whole order when it ships complete). */
  readonly openWith: Int32Array;
  readonly maxShipments: number;
  readonly splitCost: number;
}

/** Numbers of many orders one after the other: an array of its own for each order would cost more than what is in it. */
export interface Shelf {
  /** By mask: cost of leaving these lines open. */
  readonly openCost: Float64Array;
  /** By mask: units of these lines. */
  readonly units: Float64Array;
  /** By mask: its first entry; its last one is before the first of the next mask. */
  readonly firstEntry: Int32Array;
  /** By entry: lane price, surcharge and lateness. */
  readonly cost: Float64Array;
  /** By entry: the same with its minutes at the node's lowest rate, below which they never are; rounded down, as it only says where to stop looking. */
  readonly least: Float32Array;
  /** By entry: number of the place, see `placeNode`. */
  readonly place: Uint16Array;
  readonly service: Uint16Array;
  masks: number;
  entries: number;
}

/** Node of a place: the first places are the nodes, then come the capped slots. */
export function placeNode(compiled: Numbers, place: number): number {
  return place < compiled.nodeCount ? place : compiled.slots[place - compiled.nodeCount]!.node;
}

/** The capped slot that a shipment of the place uses, or -1. */
export function placeSlot(compiled: Numbers, place: number): number {
  return place < compiled.nodeCount ? -1 : place - compiled.nodeCount;
}

/** Gives the table of an order of at most `maxExactLines` lines. */
export type OrderTables = (order: number) => OrderTable;

/** True where the order has few enough lines for exact pricing. */
export function isExact(compiled: Numbers, order: number): boolean {
  return lineCountOf(compiled, order) <= maxExactLines;
}

export function lineCountOf(compiled: Numbers, order: number): number {
  return compiled.lineStart[order + 1]! - compiled.lineStart[order]!;
}

export interface TableChoice {
  /** Entries that are kept; tables beyond it are made anew each time, which is slow but the same. Default 24 million. */
  readonly entryBudget?: number;
  /** Keep also shipments that cost more than leaving their lines open. */
  readonly complete?: boolean;
  /** Keep the tables on memory that other threads can read, where there is such memory. */
  readonly shared?: boolean;
}

/** Tables of some orders, in a form that can be sent to another thread: where on which shelf they are. */
export interface MadeTables {
  readonly first: number;
  readonly shelves: readonly Shelf[];
  /** By order, counted from `first`: its shelf, or -1 where the table was not kept. */
  readonly shelfOf: Int32Array;
  readonly firstMask: Int32Array;
}

/** The tables of a batch. */
export interface TableStore {
  readonly tableOf: OrderTables;
  /** Makes the tables of the orders from `first` to before `end`. */
  readonly make: (first: number, end: number) => MadeTables;
  /** Takes over tables that another thread has made. */
  readonly adopt: (made: MadeTables) => void;
}

/** Tables made on first use, or for many orders at once. */
export function orderTables(compiled: Numbers, choice: TableChoice = {}): TableStore {
  const { entryBudget = 24_000_000, complete = false, shared = false } = choice;
  const kept: (OrderTable | undefined)[] = Array.from({ length: compiled.orderCount });
  const room = tableRoom(compiled);
  let shelf = newShelf(0, 0, false);
  let left = entryBudget;
  const tableOf = (order: number): OrderTable => {
    const known = kept[order];
    if (known !== undefined) return known;
    fillRoom(compiled, order, complete, room);
    if (left < room.entries) return onShelf(compiled, order, newShelf(room.size, room.entries, false), room);
    left -= room.entries;
    if (shelf.masks + room.size >= shelf.openCost.length || shelf.entries + room.entries > shelf.cost.length)
      shelf = newShelf(Math.max(room.size, masksOfShelf), Math.max(room.entries, entriesOfShelf), shared);
    return (kept[order] = onShelf(compiled, order, shelf, room));
  };
  return {
    tableOf,
    make: (first, end) => {
      const shelves: Shelf[] = [];
      const shelfOf = new Int32Array(end - first).fill(-1);
      const firstMask = new Int32Array(end - first);
      for (let order = first; order < end; order++) {
        if (!isExact(compiled, order) || left <= 0) continue;
        const table = tableOf(order);
        if (kept[order] !== table) continue;
        if (shelves.at(-1) !== table.shelf) shelves.push(table.shelf);
        shelfOf[order - first] = shelves.length - 1;
        firstMask[order - first] = table.firstMask;
      }
      return { first, shelves, shelfOf, firstMask };
    },
    adopt: ({ first, shelves, shelfOf, firstMask }) => {
      for (const [at, index] of shelfOf.entries())
        if (index >= 0) kept[first + at] ??= tableOn(compiled, first + at, shelves[index]!, firstMask[at]!);
    },
  };
}

const masksOfShelf = 1 << 15;
const entriesOfShelf = 1 << 18;

function newShelf(masks: number, entries: number, shared: boolean): Shelf {
  return {
    openCost: new Float64Array(memory(8 * (masks + 1), shared)),
    units: new Float64Array(memory(8 * (masks + 1), shared)),
    firstEntry: new Int32Array(memory(4 * (masks + 2), shared)),
    cost: new Float64Array(memory(8 * entries, shared)),
    least: new Float32Array(memory(4 * entries, shared)),
    place: new Uint16Array(memory(2 * entries, shared)),
    service: new Uint16Array(memory(2 * entries, shared)),
    masks: 0,
    entries: 0,
  };
}

/** Copies the table in the room to the shelf. */
function onShelf(compiled: Numbers, order: number, shelf: Shelf, room: TableRoom): OrderTable {
  const { size, placeCount, count } = room;
  const firstMask = shelf.masks;
  shelf.masks += size;
  shelf.openCost.set(room.openCost.subarray(0, size), firstMask);
  shelf.units.set(room.units.subarray(0, size), firstMask);
  for (let mask = 0; mask < size; mask++) {
    shelf.firstEntry[firstMask + mask] = shelf.entries;
    for (let from = mask * placeCount, end = from + count[mask]!; from < end; from++) {
      const to = shelf.entries++;
      shelf.cost[to] = room.cost[from]!;
      shelf.least[to] = roundedDown(room.least[from]!);
      shelf.place[to] = room.place[from]!;
      shelf.service[to] = room.service[from]!;
    }
  }
  shelf.firstEntry[firstMask + size] = shelf.entries;
  return tableOn(compiled, order, shelf, firstMask);
}

const leastFloat32 = 2 ** -149;

/** The number itself, or one little below it, that 32 bits can hold. */
function roundedDown(value: number): number {
  const near = Math.fround(value);
  return near <= value ? near : Math.fround(near - Math.abs(near) * 2 ** -23 - leastFloat32);
}

/** The order's table that lies at this place of a shelf. */
function tableOn(compiled: Numbers, order: number, shelf: Shelf, firstMask: number): OrderTable {
  const lineCount = lineCountOf(compiled, order);
  return {
    lineCount,
    size: 1 << lineCount,
    shelf,
    firstMask,
    openWith: openTogether(compiled, order),
    maxShipments: Math.min(lineCount, compiled.orderMaxShipments[order]!),
    splitCost: compiled.orderSplitCost[order]!,
  };
}
