import { laborCost, minuteTolerance, poolsOf, stockRow, type Numbers } from './compile.ts';

/** One shipment of an order by indexes. `cost` is lane price, surcharge and lateness (and the value of the stock it takes, where the objective has one); `lines` are positions in the order, rising. */
export interface Shipment {
  readonly node: number;
  readonly service: number;
  readonly slot: number;
  readonly lines: readonly number[];
  readonly cost: number;
  readonly minutes: number;
}

/** What of stock, reservations, minutes and caps the shipments so far have taken. */
export interface Ledger {
  readonly compiled: Numbers;
  readonly sharedUsed: Float64Array;
  readonly poolUsed: Float64Array;
  readonly minutes: Float64Array;
  readonly slotUsed: Float64Array;
}

export function emptyLedger(compiled: Numbers): Ledger {
  return {
    compiled,
    sharedUsed: new Float64Array(compiled.stock.length),
    poolUsed: new Float64Array(compiled.pools.length),
    minutes: new Float64Array(compiled.nodeCount),
    slotUsed: new Float64Array(compiled.slots.length),
  };
}

/** Takes all shipments back at once. */
export function emptyOut({ sharedUsed, poolUsed, minutes, slotUsed }: Ledger): void {
  for (const used of [sharedUsed, poolUsed, minutes, slotUsed]) used.fill(0);
}

/** Units of a stock row that a channel may still take: its reservation first, then shared stock. */
export function availableUnits(ledger: Ledger, row: number, pools: Int32Array | undefined): number {
  const shared = ledger.compiled.stock[row]! - ledger.sharedUsed[row]!;
  const pool = pools === undefined ? -1 : pools[row]!;
  return pool < 0 ? shared : shared + Math.max(0, ledger.compiled.pools[pool]!.units - ledger.poolUsed[pool]!);
}

/** Books a shipment whether or not it fits. */
export function book(ledger: Ledger, order: number, shipment: Shipment): void {
  move(ledger, order, shipment, 1);
}

/** Takes a booked shipment back. */
export function unbook(ledger: Ledger, order: number, shipment: Shipment): void {
  move(ledger, order, shipment, -1);
}

/** Books all shipments, or none of them and says false. */
export function bookIfFits(ledger: Ledger, order: number, shipments: readonly Shipment[]): boolean {
  for (let index = 0; index < shipments.length; index++) {
    const shipment = shipments[index]!;
    book(ledger, order, shipment);
    if (withinLimits(ledger, order, shipment)) continue;
    for (let back = index; back >= 0; back--) unbook(ledger, order, shipments[back]!);
    return false;
  }
  return true;
}

/** True where nothing that this booked shipment uses is over its limit. */
export function withinLimits(ledger: Ledger, order: number, shipment: Shipment): boolean {
  const { compiled } = ledger;
  const start = compiled.lineStart[order]!;
  for (const line of shipment.lines) {
    const row = stockRow(compiled, shipment.node, compiled.lineSku[start + line]!);
    if (ledger.sharedUsed[row]! > compiled.stock[row]!) return false;
  }
  if (shipment.slot >= 0 && ledger.slotUsed[shipment.slot]! > compiled.slots[shipment.slot]!.limit) return false;
  return ledger.minutes[shipment.node]! <= minuteLimit(compiled, shipment.node);
}

/** Most minutes that a node's labor allows; Infinity where the last tier is unlimited. */
export function minuteLimit(compiled: Numbers, node: number): number {
  let limit = 0;
  for (const tier of compiled.labor[node]!.tiers) {
    if (tier.minutes === null) return Infinity;
    limit += tier.minutes;
  }
  return limit + minuteTolerance / 2;
}

/** Labor cost of all nodes. */
export function totalLabor(ledger: Ledger): number {
  let sum = 0;
  const { labor, nodeCount } = ledger.compiled;
  for (let node = 0; node < nodeCount; node++) sum += laborCost(labor[node]!.tiers, Math.max(0, ledger.minutes[node]!));
  return sum;
}

/** `totalLabor` for whoever asks for it again and again: only what has changed is computed anew, and the sum is the same to the last digit. */
export interface LaborMeter {
  readonly total: () => number;
  /** By node: its minutes, and what they cost, when the total was last asked for. */
  readonly minutes: Float64Array;
  readonly cost: Float64Array;
}

export function laborMeter({ compiled, minutes }: Ledger): LaborMeter {
  const { nodeCount, labor } = compiled;
  const known = new Float64Array(nodeCount).fill(NaN);
  const cost = new Float64Array(nodeCount);
  return {
    minutes: known,
    cost,
    total: () => {
      let sum = 0;
      for (let node = 0; node < nodeCount; node++) {
        if (known[node] !== minutes[node]) {
          known[node] = minutes[node]!;
          cost[node] = laborCost(labor[node]!.tiers, Math.max(0, minutes[node]!));
        }
        sum += cost[node]!;
      }
      return sum;
    },
  };
}

export function shipmentMinutes(compiled: Numbers, order: number, node: number, lines: readonly number[]): number {
  const labor = compiled.labor[node]!;
  const start = compiled.lineStart[order]!;
  let units = 0;
  for (const line of lines) units += compiled.lineUnits[start + line]!;
  return labor.perShipment + labor.perLine * lines.length + labor.perUnit * units;
}

function move(ledger: Ledger, order: number, shipment: Shipment, sign: 1 | -1): void {
  const { compiled } = ledger;
  const start = compiled.lineStart[order]!;
  const pools = poolsOf(compiled, order);
  for (const line of shipment.lines) {
    const row = stockRow(compiled, shipment.node, compiled.lineSku[start + line]!);
    bookUnits(ledger, row, pools, sign * compiled.lineUnits[start + line]!);
  }
  ledger.minutes[shipment.node]! += sign * shipment.minutes;
  if (shipment.slot >= 0) ledger.slotUsed[shipment.slot]! += sign;
}

/** Books units of a stock row for a channel, its reservation first, whether or not they fit; with a negative number takes them back. */
export function bookUnits({ compiled, sharedUsed, poolUsed }: Ledger, row: number, pools: Int32Array | undefined, units: number): void {
  const pool = pools === undefined ? -1 : pools[row]!;
  if (pool < 0) {
    sharedUsed[row]! += units;
    return;
  }
  const reserved = compiled.pools[pool]!.units;
  const before = Math.max(0, poolUsed[pool]! - reserved);
  poolUsed[pool]! += units;
  sharedUsed[row]! += Math.max(0, poolUsed[pool]! - reserved) - before;
}
