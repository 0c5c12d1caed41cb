/**
 * A transportation problem: items with a supply in units, sinks with a capacity, a cost per unit of each item in each sink (`item * sinks + sink`, Infinity where impossible).
 * The last sink takes everything. Arrays may be longer than the problem.
 */
export interface Transport {
  readonly itemCount: number;
  readonly sinkCount: number;
  readonly supply: Float64Array;
  readonly cost: Float64Array;
  readonly capacity: Float64Array;
}

/** The memory of problem and solution, reused from problem to problem. */
export interface TransportRoom {
  /** A problem of this size, for the caller to fill. */
  readonly problem: (itemCount: number, sinkCount: number) => Transport;
  readonly flows: (given: Transport) => Flows;
}

const epsilon = 1e-9;

/** What a transportation problem comes to. */
export interface TransportAnswer {
  /** Optimal prices per unit of each sink's capacity, 0 where capacity is left. */
  readonly prices: Float64Array;
  /** True where each item is in one sink. */
  readonly whole: boolean;
}

/**
 * Solves by successive shortest augmenting paths over the sinks. Of all optimal prices the middle between the least and the
 * greatest is returned: corners of the dual face make coordinate ascent stall.
 */
export function transportPrices(given: Transport, room: TransportRoom = transportRoom()): TransportAnswer {
  const flows = room.flows(given);
  for (let item = 0; item < given.itemCount; item++) send(given, flows, item);
  return { prices: middlePrices(given, flows), whole: isWhole(given, flows) };
}

function isWhole({ itemCount, sinkCount }: Transport, { flow }: Flows): boolean {
  for (let item = 0; item < itemCount; item++) {
    let sinks = 0;
    for (let at = item * sinkCount; at < (item + 1) * sinkCount; at++) if (flow[at]! > 0) sinks++;
    if (sinks > 1) return false;
  }
  return true;
}

interface Flows {
  flow: Float64Array;
  left: Float64Array;
  inSink: number[][];
  /** `from * sinks + to`: least cost of moving a unit that is in `from` over to `to`, and the item that does it. */
  moveCost: Float64Array;
  moveItem: Int32Array;
  dist: Float64Array;
  previous: Int32Array;
}

export function transportRoom(): TransportRoom {
  let supply = new Float64Array(0);
  let cost = new Float64Array(0);
  let capacity = new Float64Array(0);
  const flows: Flows = {
    flow: new Float64Array(0),
    left: new Float64Array(0),
    inSink: [],
    moveCost: new Float64Array(0),
    moveItem: new Int32Array(0),
    dist: new Float64Array(0),
    previous: new Int32Array(0),
  };
  return {
    problem: (itemCount, sinkCount) => {
      if (supply.length < itemCount) supply = new Float64Array(itemCount);
      if (cost.length < itemCount * sinkCount) cost = new Float64Array(itemCount * sinkCount);
      if (capacity.length < sinkCount) capacity = new Float64Array(sinkCount);
      return { itemCount, sinkCount, supply, cost, capacity };
    },
    flows: ({ itemCount, sinkCount, capacity: given }) => {
      if (flows.flow.length < itemCount * sinkCount) flows.flow = new Float64Array(itemCount * sinkCount);
      else flows.flow.fill(0, 0, itemCount * sinkCount);
      if (flows.left.length < sinkCount) {
        flows.left = new Float64Array(sinkCount);
        flows.dist = new Float64Array(sinkCount);
        flows.previous = new Int32Array(sinkCount);
        flows.moveCost = new Float64Array(sinkCount * sinkCount);
        flows.moveItem = new Int32Array(sinkCount * sinkCount);
      }
      for (let sink = 0; sink < sinkCount; sink++) {
        flows.left[sink] = given[sink]!;
        const items = flows.inSink[sink];
        if (items === undefined) flows.inSink.push([]);
        else items.length = 0;
      }
      flows.moveCost.fill(Infinity, 0, sinkCount * sinkCount);
      flows.moveItem.fill(-1, 0, sinkCount * sinkCount);
      return flows;
    },
  };
}

function send(given: Transport, flows: Flows, item: number): void {
  const { sinkCount, cost } = given;
  let left = given.supply[item]!;
  const { dist, previous } = flows;
  while (left > epsilon) {
    let nearest = 0;
    for (let sink = 1; sink < sinkCount; sink++) if (cost[item * sinkCount + sink]! < cost[item * sinkCount + nearest]!) nearest = sink;
    if (flows.left[nearest]! > epsilon) {
      const amount = Math.min(left, flows.left[nearest]!);
      add(given, flows, item, nearest, amount);
      flows.left[nearest]! -= amount;
      left -= amount;
      continue;
    }
    for (let sink = 0; sink < sinkCount; sink++) dist[sink] = cost[item * sinkCount + sink]!;
    previous.fill(-1, 0, sinkCount);
    shortestPaths(given, flows, dist, previous);
    let target = -1;
    for (let sink = 0; sink < sinkCount; sink++)
      if (flows.left[sink]! > epsilon && (target < 0 || dist[sink]! < dist[target]!)) target = sink;
    left -= augment(given, flows, item, target, previous, left);
  }
}

function shortestPaths({ sinkCount }: Transport, flows: Flows, dist: Float64Array, previous: Int32Array): void {
  for (let round = 0, changed = true; changed && round < sinkCount; round++) {
    changed = false;
    for (let from = 0; from < sinkCount; from++) {
      if (dist[from] === Infinity || flows.left[from]! > epsilon) continue;
      for (let to = 0; to < sinkCount; to++) {
        const through = dist[from]! + flows.moveCost[from * sinkCount + to]!;
        if (through < dist[to]! - epsilon && !leadsThrough(previous, from, to)) {
          dist[to] = through;
          previous[to] = from;
          changed = true;
        }
      }
    }
  }
}

/** True where the path to a sink leads through another: rounding can make a ring of moves look like a gain, and a path with a ring has no beginning. */
function leadsThrough(previous: Int32Array, sink: number, through: number): boolean {
  for (let at = sink; at >= 0; at = previous[at]!) if (at === through) return true;
  return false;
}

/** Sends as much of the item as the path to the target carries; the amount. */
function augment(given: Transport, flows: Flows, item: number, target: number, previous: Int32Array, most: number): number {
  const { sinkCount } = given;
  const moves: { from: number; to: number; item: number }[] = [];
  let amount = Math.min(most, flows.left[target]!);
  let first = target;
  for (let from = previous[first]!; from >= 0; from = previous[first]!) {
    const moved = flows.moveItem[from * sinkCount + first]!;
    moves.push({ from, to: first, item: moved });
    amount = Math.min(amount, flows.flow[moved * sinkCount + from]!);
    first = from;
  }
  for (const move of moves) {
    add(given, flows, move.item, move.to, amount);
    remove(given, flows, move.item, move.from, amount);
  }
  add(given, flows, item, first, amount);
  flows.left[target]! -= amount;
  return amount;
}

function add({ sinkCount, cost }: Transport, flows: Flows, item: number, sink: number, amount: number): void {
  const at = item * sinkCount + sink;
  if (flows.flow[at] === 0) {
    flows.inSink[sink]!.push(item);
    offerMoves(sinkCount, cost, flows, item, sink);
  }
  flows.flow[at]! += amount;
}

function remove({ sinkCount, cost }: Transport, flows: Flows, item: number, sink: number, amount: number): void {
  const at = item * sinkCount + sink;
  flows.flow[at]! -= amount;
  if (flows.flow[at]! > epsilon) return;
  flows.flow[at] = 0;
  const items = flows.inSink[sink]!;
  items[items.indexOf(item)] = items.at(-1)!;
  items.pop();
  flows.moveCost.fill(Infinity, sink * sinkCount, (sink + 1) * sinkCount);
  for (const other of items) offerMoves(sinkCount, cost, flows, other, sink);
}

function offerMoves(sinkCount: number, cost: Float64Array, flows: Flows, item: number, from: number): void {
  const own = cost[item * sinkCount + from]!;
  for (let to = 0; to < sinkCount; to++) {
    const extra = cost[item * sinkCount + to]! - own;
    if (to !== from && extra < flows.moveCost[from * sinkCount + to]!) {
      flows.moveCost[from * sinkCount + to] = extra;
      flows.moveItem[from * sinkCount + to] = item;
    }
  }
}

function middlePrices({ sinkCount }: Transport, flows: Flows): Float64Array {
  const least = new Float64Array(sinkCount);
  const greatest = Float64Array.from({ length: sinkCount }, (_, sink) => (flows.left[sink]! > epsilon ? 0 : Infinity));
  for (let round = 0, changed = true; changed && round <= sinkCount; round++) {
    changed = false;
    for (let from = 0; from < sinkCount; from++) {
      for (let to = 0; to < sinkCount; to++) {
        const extra = flows.moveCost[from * sinkCount + to]!;
        if (extra === Infinity) continue;
        if (flows.left[to]! <= epsilon && least[from]! - extra > least[to]! + epsilon) {
          least[to] = least[from]! - extra;
          changed = true;
        }
        if (flows.left[from]! <= epsilon && greatest[to]! + extra < greatest[from]! - epsilon) {
          greatest[from] = greatest[to]! + extra;
          changed = true;
        }
      }
    }
  }
  const prices = least.map((low, sink) => (greatest[sink] === Infinity ? low : (low + Math.max(low, greatest[sink]!)) / 2));
  // Nothing bounds the price of a sink without capacity from above: it must at least keep out who is in another sink at that one's price.
  for (let to = 0; to < sinkCount; to++) {
    if (greatest[to] !== Infinity) continue;
    for (let from = 0; from < sinkCount; from++) prices[to] = Math.max(prices[to]!, prices[from]! - flows.moveCost[from * sinkCount + to]!);
  }
  return prices;
}
