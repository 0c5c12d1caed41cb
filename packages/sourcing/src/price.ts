import { laborCost, stockRow, type Compiled } from './compile.ts';
import { availableUnits, minuteLimit, shipmentMinutes, type Ledger, type Shipment } from './ledger.ts';
import type { OrderTable } from './order-table.ts';
import { cutPrice, unitPrice, type Prices } from './prices.ts';

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
  /** `place * size + mask`: cost of the single shipment on these terms. */
  value: Float64Array;
  /** `line * places + place`: what the stock price (without rounding cuts) adds for the line there. */
  stockTerm: Float64Array;
  /** By mask: the cheapest single shipment, and its place. */
  best: Float64Array;
  bestPlace: Int32Array;
  /** `handle[m][set]`: cheapest way to ship or leave open exactly these lines with at most `m` further shipments, each paying the split cost. */
  handle: Float64Array[];
  lineTerm: Float64Array;
  minuteSum: Float64Array;
}

export function pricingRoom(): PricingRoom {
  return {
    value: new Float64Array(0),
    stockTerm: new Float64Array(0),
    best: new Float64Array(0),
    bestPlace: new Int32Array(0),
    handle: [],
    lineTerm: new Float64Array(32),
    minuteSum: new Float64Array(0),
  };
}

/**
 * Cheapest plan cost of one order on the terms, exactly: a dynamic program over the sets of its lines.
 * Afterwards the room holds the tables from which `chosenShipments`, `lineAlternatives` and the enumeration of plans read.
 */
export function priceOrder(compiled: Compiled, order: number, table: OrderTable, terms: Terms, room: PricingRoom): number {
  fillSingles(compiled, order, table, terms, room);
  fillHandle(table, room);
  const { size } = table;
  const rest = restAfterOne(table, room);
  const full = size - 1;
  let answer = table.openCost[full]!;
  for (let part = 1; part < size; part++) {
    const total = room.best[part]! + rest[full ^ part]!;
    if (total < answer) answer = total;
  }
  return answer;
}

/** Cheapest way to handle a set of lines once one shipment has been paid for. */
export function restAfterOne(table: OrderTable, room: PricingRoom): Float64Array {
  return room.handle[handleLayers(table) - 1]!;
}

/** A shipment by place and line mask of the order's table. */
export interface Choice {
  readonly place: number;
  readonly mask: number;
}

/** The choices behind the last `priceOrder`; none where everything stays open. Ties go to the first mask and the first place. */
export function chosenShipments(table: OrderTable, room: PricingRoom): Choice[] {
  const full = table.size - 1;
  const rest = restAfterOne(table, room);
  let answer = table.openCost[full]!;
  let first = 0;
  for (let part = 1; part <= full; part++) {
    const total = room.best[part]! + rest[full ^ part]!;
    if (total < answer) {
      answer = total;
      first = part;
    }
  }
  if (first === 0) return [];
  const chosen: Choice[] = [{ place: room.bestPlace[first]!, mask: first }];
  let set = full ^ first;
  let layer = handleLayers(table) - 1;
  while (set !== 0) {
    const low = set & -set;
    const together = table.openWith[31 - Math.clz32(low)]!;
    const here = room.handle[layer]!;
    if ((together & set) === together && here[set] === table.openCost[together]! + here[set ^ together]!) {
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
    chosen.push({ place: room.bestPlace[found]!, mask: found });
    set ^= found;
    layer = next;
  }
  return chosen;
}

/** A table's choices as shipments. */
export function shipmentsOf(compiled: Compiled, order: number, table: OrderTable, choices: readonly Choice[]): Shipment[] {
  return choices.map(({ place, mask }) => {
    const lines: number[] = [];
    for (let line = 0; line < table.lineCount; line++) if (((mask >> line) & 1) === 1) lines.push(line);
    const node = table.placeNode[place]!;
    return {
      node,
      service: table.service[place * table.size + mask]!,
      slot: table.placeSlot[place]!,
      lines,
      cost: table.cost[place * table.size + mask]!,
      minutes: shipmentMinutes(compiled, order, node, lines),
    };
  });
}

/**
 * For one line after `priceOrder`: into `out[node]` the cheapest plan that ships the line from the node, without the line's own stock price there;
 * returns the cheapest plan that leaves it open.
 */
export function lineAlternatives(table: OrderTable, room: PricingRoom, line: number, out: Float64Array): number {
  const { size, placeCount } = table;
  const bit = 1 << line;
  const full = size - 1;
  const rest = restAfterOne(table, room);
  out.fill(Infinity);
  for (let place = 0; place < placeCount; place++) {
    if ((table.placeLines[place]! & bit) === 0) continue;
    let least = Infinity;
    for (let part = bit; part < size; part = (part + 1) | bit) {
      const total = room.value[place * size + part]! + rest[full ^ part]!;
      if (total < least) least = total;
    }
    least -= room.stockTerm[line * placeCount + place]!;
    const node = table.placeNode[place]!;
    if (least < out[node]!) out[node] = least;
  }
  const together = table.openWith[line]!;
  const others = full ^ together;
  let least = table.openCost[others]!;
  for (let part = others; part > 0; part = (part - 1) & others) {
    const total = room.best[part]! + rest[others ^ part]!;
    if (total < least) least = total;
  }
  return least + table.openCost[together]!;
}

/** True where the order has no effective limit on shipments: one layer of `handle` then serves all counts. */
export function isUnlimited(table: OrderTable): boolean {
  return table.maxShipments >= table.lineCount;
}

function handleLayers(table: OrderTable): number {
  return isUnlimited(table) ? 1 : table.maxShipments;
}

function fillSingles(compiled: Compiled, order: number, table: OrderTable, terms: Terms, room: PricingRoom): void {
  const { size, placeCount, lineCount } = table;
  const { prices, ledger } = terms;
  if (room.value.length < size * placeCount) room.value = new Float64Array(size * placeCount);
  if (room.stockTerm.length < lineCount * placeCount) room.stockTerm = new Float64Array(lineCount * placeCount);
  if (room.best.length < size) {
    room.best = new Float64Array(size);
    room.bestPlace = new Int32Array(size);
    room.minuteSum = new Float64Array(size);
  }
  const { value, best, bestPlace, stockTerm, lineTerm } = room;
  best.fill(Infinity, 0, size);
  const start = compiled.lineStart[order]!;
  const pools = compiled.poolOfChannel.size === 0 ? undefined : compiled.poolOfChannel.get(compiled.problem.orders[order]!.channel);
  const hasCuts = prices.cutsOfRow.size > 0;
  for (let place = 0; place < placeCount; place++) {
    const node = table.placeNode[place]!;
    const slot = table.placeSlot[place]!;
    const base = place * size;
    if (ledger !== undefined && slot >= 0 && ledger.slotUsed[slot]! >= compiled.slots[slot]!.limit) {
      value.fill(Infinity, base, base + size);
      continue;
    }
    const labor = compiled.labor[node]!;
    const rate = terms.laborBy === 'ledger' ? 0 : prices.labor[node]!;
    const possible = table.placeLines[place]!;
    for (let line = 0; line < lineCount; line++) {
      if (((possible >> line) & 1) === 0) {
        lineTerm[line] = Infinity;
        continue;
      }
      const row = stockRow(compiled, node, compiled.lineSku[start + line]!);
      const units = compiled.lineUnits[start + line]!;
      if (ledger !== undefined && units > availableUnits(ledger, row, pools)) {
        lineTerm[line] = Infinity;
        continue;
      }
      const stock = units * unitPrice(prices, row, pools);
      stockTerm[line * placeCount + place] = stock;
      lineTerm[line] = stock + (hasCuts ? cutPrice(prices, row, units) : 0) + rate * (labor.perLine + labor.perUnit * units);
    }
    value[base] = (slot >= 0 ? prices.slot[slot]! : 0) + rate * labor.perShipment;
    for (let mask = 1; mask < size; mask++) {
      value[base + mask] = value[base + (mask & (mask - 1))]! + lineTerm[31 - Math.clz32(mask & -mask)]!;
    }
    for (let mask = 1; mask < size; mask++) value[base + mask]! += table.cost[base + mask]!;
    if (ledger !== undefined && terms.laborBy !== 'prices') addTrueLabor(compiled, order, table, place, terms, room);
    for (let mask = 1; mask < size; mask++) {
      const total = value[base + mask]!;
      if (total < best[mask]!) {
        best[mask] = total;
        bestPlace[mask] = place;
      }
    }
  }
}

/** Adds the true labor cost of the shipment's minutes on top of those in the ledger (or what is missing to it, by 'dearer'). */
function addTrueLabor(compiled: Compiled, order: number, table: OrderTable, place: number, terms: Terms, room: PricingRoom): void {
  const { ledger, prices } = terms;
  if (ledger === undefined) return;
  const { size } = table;
  const node = table.placeNode[place]!;
  const labor = compiled.labor[node]!;
  const start = compiled.lineStart[order]!;
  const used = Math.max(0, ledger.minutes[node]!);
  const limit = minuteLimit(compiled, node);
  const rate = terms.laborBy === 'ledger' ? 0 : prices.labor[node]!;
  const before = laborCost(labor.tiers, used);
  const marginal = tierAt(compiled, node, used);
  room.minuteSum[0] = labor.perShipment;
  for (let mask = 1; mask < size; mask++) {
    const line = 31 - Math.clz32(mask & -mask);
    const minutes = room.minuteSum[mask & (mask - 1)]! + labor.perLine + labor.perUnit * compiled.lineUnits[start + line]!;
    room.minuteSum[mask] = minutes;
    const at = place * size + mask;
    if (room.value[at] === Infinity) continue;
    if (used + minutes > limit) room.value[at] = Infinity;
    else {
      const added = minutes <= marginal.left ? minutes * marginal.rate : laborCost(labor.tiers, used + minutes) - before;
      room.value[at]! += Math.max(0, added - rate * minutes);
    }
  }
}

function tierAt(compiled: Compiled, node: number, minutes: number): { rate: number; left: number } {
  let end = 0;
  for (const tier of compiled.labor[node]!.tiers) {
    if (tier.minutes === null) return { rate: tier.costPerMinute, left: Infinity };
    end += tier.minutes;
    if (minutes < end) return { rate: tier.costPerMinute, left: end - minutes };
  }
  return { rate: 0, left: 0 };
}

function fillHandle(table: OrderTable, room: PricingRoom): void {
  const layers = handleLayers(table);
  for (let layer = 0; layer < layers; layer++) fillHandleLayer(table, room, layer);
}

/** Fills `handle[layer]` from the layer below it. */
export function fillHandleLayer(table: OrderTable, room: PricingRoom, layer: number): void {
  while (room.handle.length <= layer) room.handle.push(new Float64Array(table.size));
  if (room.handle[layer]!.length < table.size) room.handle[layer] = new Float64Array(table.size);
  const { size, openCost, openWith, splitCost } = table;
  const here = room.handle[layer]!;
  const unlimited = isUnlimited(table);
  const after = unlimited ? here : layer > 0 ? room.handle[layer - 1]! : undefined;
  const { best } = room;
  here[0] = 0;
  for (let set = 1; set < size; set++) {
    const low = set & -set;
    const together = openWith[31 - Math.clz32(low)]!;
    let least = (together & set) === together ? openCost[together]! + here[set ^ together]! : Infinity;
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
