import { laborCost, poolsOf, stockRow, type Numbers } from './compile.ts';
import { availableUnits, minuteLimit, shipmentMinutes, type Ledger, type Shipment } from './ledger.ts';
import { linesIn, linesOf } from './line-sets.ts';
import { placeNode, placeSlot, type OrderTable } from './order-table.ts';
import { linePrice, type Prices } from './prices.ts';

/**
 * What an order pays besides its own costs: shadow prices, and, where a ledger is given, only what is left of stock, caps and minutes may be taken.
 * `laborBy: 'ledger'` charges the true labor cost of the added minutes, `'prices'` the shadow price of a minute, `'dearer'` the larger of the two.
 */
export interface Terms {
  readonly prices: Prices;
  readonly ledger?: Ledger;
  readonly laborBy: 'prices' | 'ledger' | 'dearer';
}

/** The working memory of pricing one order; reused from order to order. */
export interface PricingRoom {
  /** By mask: the cheapest single shipment, and its entry in the table. */
  best: Float64Array;
  bestEntry: Int32Array;
  /** `handle[m][set]`: cheapest way to ship or leave open exactly these lines with at most `m` further shipments, each paying the split cost. */
  handle: Float64Array[];
}

export function pricingRoom(): PricingRoom {
  return { best: new Float64Array(0), bestEntry: new Int32Array(0), handle: [] };
}

/** An order whose table is priced on some terms. */
export interface Priced {
  readonly compiled: Numbers;
  readonly order: number;
  readonly table: OrderTable;
  readonly terms: Terms;
}

/**
 * Cheapest plan cost of one order on the terms, exactly: a dynamic program over the sets of its lines.
 * Afterwards the room holds the tables from which `chosenShipments` and the enumeration of plans read.
 */
export function priceOrder(priced: Priced, room: PricingRoom): number {
  const { table } = priced;
  fillSingles(priced, room);
  const layers = handleLayers(table);
  for (let layer = 0; layer < layers; layer++) fillHandleLayer(table, room, layer);
  const rest = restAfterOne(table, room);
  const full = table.size - 1;
  let answer = openCost(table, full);
  for (let part = 1; part <= full; part++) {
    const total = room.best[part]! + rest[full ^ part]!;
    if (total < answer) answer = total;
  }
  return answer;
}

/** Cost of leaving the lines of a mask open. */
export function openCost(table: OrderTable, mask: number): number {
  return table.shelf.openCost[table.firstMask + mask]!;
}

/** First entry of a mask; the last one is before that of the next mask. */
export function firstEntry(table: OrderTable, mask: number): number {
  return table.shelf.firstEntry[table.firstMask + mask]!;
}

/** Cheapest way to handle a set of lines once one shipment has been paid for. */
export function restAfterOne(table: OrderTable, room: PricingRoom): Float64Array {
  return room.handle[handleLayers(table) - 1]!;
}

/** A shipment by line mask and entry of the order's table. */
export interface Choice {
  readonly entry: number;
  readonly mask: number;
}

/** The choices behind the last `priceOrder`; none where everything stays open. Ties go to the first mask and the first entry. */
export function chosenShipments(table: OrderTable, room: PricingRoom): Choice[] {
  const full = table.size - 1;
  const rest = restAfterOne(table, room);
  let answer = openCost(table, full);
  let first = 0;
  for (let part = 1; part <= full; part++) {
    const total = room.best[part]! + rest[full ^ part]!;
    if (total < answer) {
      answer = total;
      first = part;
    }
  }
  if (first === 0) return [];
  return [{ entry: room.bestEntry[first]!, mask: first }, ...restChoices(table, room, full ^ first)];
}

/** The choices behind `restAfterOne` for a set of lines. */
export function restChoices(table: OrderTable, room: PricingRoom, lines: number): Choice[] {
  const chosen: Choice[] = [];
  let set = lines;
  let layer = handleLayers(table) - 1;
  while (set !== 0) {
    const low = set & -set;
    const together = table.openWith[31 - Math.clz32(low)]!;
    const here = room.handle[layer]!;
    if ((together & set) === together && here[set] === openCost(table, together) + here[set ^ together]!) {
      set ^= together;
      continue;
    }
    const next = isUnlimited(table) ? layer : layer - 1;
    const after = room.handle[next]!;
    let found = 0;
    for (let part = set; part > 0; part = (part - 1) & set) {
      if ((part & low) !== 0 && here[set] === room.best[part]! + table.splitCost + after[set ^ part]!) found = part;
    }
    if (found === 0) throw new Error('The pricing tables of an order do not fit together.');
    chosen.push({ entry: room.bestEntry[found]!, mask: found });
    set ^= found;
    layer = next;
  }
  return chosen;
}

/** A table's choices as shipments. */
export function shipmentsOf(
  { compiled, order, table }: Pick<Priced, 'compiled' | 'order' | 'table'>,
  choices: readonly Choice[],
): Shipment[] {
  return choices.map(({ entry, mask }) => {
    const lines = linesOf(mask);
    const place = table.shelf.place[entry]!;
    const node = placeNode(compiled, place);
    return {
      node,
      service: table.shelf.service[entry]!,
      slot: placeSlot(compiled, place),
      lines,
      cost: table.shelf.cost[entry]!,
      minutes: shipmentMinutes(compiled, order, node, lines),
    };
  });
}

/**
 * For one line at prices: what its SKU would have to beat. Returned is the cheapest plan of the order that needs no unit which others could want:
 * the line stays open or comes from one of the nodes that are `endless` in it. Into `out[node]` goes the cheapest plan with the line from the node, without the line's own price there,
 * where that is below what is returned; Infinity or anything not below it elsewhere. Only the order's other lines are priced: the line's own SKU may have any price.
 */
export function alternativesOf(priced: Priced, room: PricingRoom, line: number, endless: Uint8Array, out: Float64Array): number {
  const { compiled, table, terms } = priced;
  const { shelf, size } = table;
  const { aboveFloor } = terms.prices;
  const bit = 1 << line;
  const full = size - 1;
  out.fill(Infinity);
  if (size > 2) {
    fillSingles(priced, room, bit);
    const layers = handleLayers(table);
    for (let layer = 0; layer < layers; layer++) fillHandleLayer(table, room, layer, bit);
  }
  const rest = size > 2 ? restAfterOne(table, room) : nothingLeft;
  const together = table.openWith[line]!;
  const others = full ^ together;
  let free = openCost(table, others);
  for (let part = others; part > 0; part = (part - 1) & others) {
    const total = room.best[part]! + rest[others ^ part]!;
    if (total < free) free = total;
  }
  free += openCost(table, together);
  for (let part = bit; part < size; part = (part + 1) | bit) {
    const after = rest[full ^ part]!;
    const end = firstEntry(table, part + 1);
    for (let entry = firstEntry(table, part); entry < end; entry++) {
      if (aboveFloor && shelf.least[entry]! + after >= free) break;
      const node = placeNode(compiled, shelf.place[entry]!);
      const total = entryValue(priced, entry, part ^ bit, part) + after;
      if (endless[node] === 1) {
        if (total < free) free = total;
      } else if (total < out[node]!) out[node] = total;
    }
  }
  return free;
}

const nothingLeft = new Float64Array(1);

/** What an entry costs at the prices, with the stock prices of the lines in `paying` only; `mask` is what it ships. */
export function entryValue({ compiled, order, table, terms }: Priced, entry: number, paying: number, mask: number): number {
  const { prices } = terms;
  const { shelf } = table;
  const place = shelf.place[entry]!;
  const node = placeNode(compiled, place);
  const slot = placeSlot(compiled, place);
  const labor = compiled.labor[node]!;
  const minutes = labor.perShipment + labor.perLine * linesIn(mask) + labor.perUnit * shelf.units[table.firstMask + mask]!;
  let total = shelf.cost[entry]! + prices.labor[node]! * minutes + (slot >= 0 ? prices.slot[slot]! : 0);
  if (paying === 0) return total;
  const pools = poolsOf(compiled, order);
  const start = compiled.lineStart[order]!;
  for (let rest = paying; rest > 0; rest &= rest - 1) {
    const line = start + 31 - Math.clz32(rest & -rest);
    total += linePrice(prices, stockRow(compiled, node, compiled.lineSku[line]!), pools, compiled.lineUnits[line]!);
  }
  return total;
}

/** True where the order has no effective limit on shipments: one layer of `handle` then serves all counts. */
export function isUnlimited(table: OrderTable): boolean {
  return table.maxShipments >= table.lineCount;
}

function handleLayers(table: OrderTable): number {
  return isUnlimited(table) ? 1 : table.maxShipments;
}

/** For each mask without a line of `without` the cheapest shipment on the terms. Entries come cheapest first before prices, and prices only add: the search ends where no later entry can be cheaper. */
function fillSingles(priced: Priced, room: PricingRoom, without = 0): void {
  const { compiled, order, table, terms } = priced;
  const { prices, ledger } = terms;
  const { shelf, size } = table;
  if (room.best.length < size) {
    room.best = new Float64Array(size);
    room.bestEntry = new Int32Array(size);
  }
  const pools = poolsOf(compiled, order);
  for (let mask = 1; mask < size; mask++) {
    if ((mask & without) !== 0) continue;
    let best = Infinity;
    let bestEntry = -1;
    const end = firstEntry(table, mask + 1);
    for (let entry = firstEntry(table, mask); entry < end; entry++) {
      if (prices.aboveFloor && shelf.least[entry]! >= best) break;
      if (ledger !== undefined && !isLeft(priced, ledger, pools, entry, mask)) continue;
      let total = entryValue(priced, entry, mask, mask);
      if (ledger !== undefined && terms.laborBy !== 'prices') total += laborBeyondPrices(priced, ledger, entry, mask);
      if (total < best) {
        best = total;
        bestEntry = entry;
      }
    }
    room.best[mask] = best;
    room.bestEntry[mask] = bestEntry;
  }
}

/** True where the ledger leaves enough of the cap and of each line's SKU alone. */
function isLeft({ compiled, order, table }: Priced, ledger: Ledger, pools: Int32Array | undefined, entry: number, mask: number): boolean {
  const place = table.shelf.place[entry]!;
  const slot = placeSlot(compiled, place);
  if (slot >= 0 && ledger.slotUsed[slot]! >= compiled.slots[slot]!.limit) return false;
  const node = placeNode(compiled, place);
  const start = compiled.lineStart[order]!;
  for (let rest = mask; rest > 0; rest &= rest - 1) {
    const line = start + 31 - Math.clz32(rest & -rest);
    if (compiled.lineUnits[line]! > availableUnits(ledger, stockRow(compiled, node, compiled.lineSku[line]!), pools)) return false;
  }
  return true;
}

/** What the true labor cost of a shipment on top of the ledger's minutes is above its minutes at the prices ('ledger': may be negative); Infinity over a finite last tier. */
function laborBeyondPrices({ compiled, table, terms }: Priced, ledger: Ledger, entry: number, mask: number): number {
  const node = placeNode(compiled, table.shelf.place[entry]!);
  const labor = compiled.labor[node]!;
  const minutes = labor.perShipment + labor.perLine * linesIn(mask) + labor.perUnit * table.shelf.units[table.firstMask + mask]!;
  const used = Math.max(0, ledger.minutes[node]!);
  if (used + minutes > minuteLimit(compiled, node)) return Infinity;
  const marginal = tierAt(compiled, node, used);
  const added = minutes <= marginal.left ? minutes * marginal.rate : laborCost(labor.tiers, used + minutes) - laborCost(labor.tiers, used);
  const beyond = added - terms.prices.labor[node]! * minutes;
  return terms.laborBy === 'ledger' ? beyond : Math.max(0, beyond);
}

function tierAt(compiled: Numbers, node: number, minutes: number): { rate: number; left: number } {
  let end = 0;
  for (const tier of compiled.labor[node]!.tiers) {
    if (tier.minutes === null) return { rate: tier.costPerMinute, left: Infinity };
    end += tier.minutes;
    if (minutes < end) return { rate: tier.costPerMinute, left: end - minutes };
  }
  return { rate: 0, left: 0 };
}

/** Fills `handle[layer]` from the layer below it; sets with a line of `without` are left out. */
export function fillHandleLayer(table: OrderTable, room: PricingRoom, layer: number, without = 0): void {
  while (room.handle.length <= layer) room.handle.push(new Float64Array(table.size));
  if (room.handle[layer]!.length < table.size) room.handle[layer] = new Float64Array(table.size);
  const { size, openWith, splitCost } = table;
  const here = room.handle[layer]!;
  const unlimited = isUnlimited(table);
  const after = unlimited ? here : layer > 0 ? room.handle[layer - 1]! : undefined;
  const { best } = room;
  here[0] = 0;
  for (let set = 1; set < size; set++) {
    if ((set & without) !== 0) continue;
    const low = set & -set;
    const together = openWith[31 - Math.clz32(low)]!;
    let least = (together & set) === together ? openCost(table, together) + here[set ^ together]! : Infinity;
    if (after !== undefined) {
      const others = set ^ low;
      for (let part = others; ; part = (part - 1) & others) {
        const total = best[part | low]! + splitCost + after[others ^ part]!;
        if (total < least) least = total;
        if (part === 0) break;
      }
    }
    here[set] = least;
  }
}
