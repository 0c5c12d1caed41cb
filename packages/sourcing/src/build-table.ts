import { maxExactLines, shippingPrice, type LaneOption, type Numbers } from './compile.ts';
import { linesIn } from './line-sets.ts';
import { canShip, costOfLine, lanesTo, lineAllows, orderAllows } from './sources.ts';

/** Working memory in which a table is made before its place on a shelf is known: reused from order to order. */
export interface TableRoom {
  readonly placeCount: number;
  size: number;
  entries: number;
  kg: Float64Array;
  litres: Float64Array;
  openCost: Float64Array;
  units: Float64Array;
  late: Float64Array;
  limit: Float64Array;
  /** By mask: what the place that is looked at charges, and by which service. */
  offer: Float64Array;
  offerService: Uint16Array;
  /** By `mask * placeCount + at`: the entries of a mask. */
  cost: Float64Array;
  least: Float64Array;
  place: Uint16Array;
  service: Uint16Array;
  /** By mask: how many entries it has. */
  count: Int32Array;
}

export function tableRoom({ nodeCount, slots }: Numbers): TableRoom {
  const none = new Float64Array(0);
  return {
    placeCount: nodeCount + slots.length,
    size: 0,
    entries: 0,
    kg: none,
    litres: none,
    openCost: none,
    units: none,
    late: none,
    limit: none,
    offer: none,
    offerService: new Uint16Array(0),
    cost: none,
    least: none,
    place: new Uint16Array(0),
    service: new Uint16Array(0),
    count: new Int32Array(0),
  };
}

function enlarge(room: TableRoom, size: number): void {
  room.size = size;
  if (room.kg.length >= size) return;
  for (const name of ['kg', 'litres', 'openCost', 'units', 'late', 'limit', 'offer'] as const) room[name] = new Float64Array(size);
  room.count = new Int32Array(size);
  room.offerService = new Uint16Array(size);
  room.cost = new Float64Array(size * room.placeCount);
  room.least = new Float64Array(size * room.placeCount);
  room.place = new Uint16Array(size * room.placeCount);
  room.service = new Uint16Array(size * room.placeCount);
}

/** Makes an order's table in the room. */
export function fillRoom(compiled: Numbers, order: number, complete: boolean, room: TableRoom): void {
  const start = compiled.lineStart[order]!;
  const lineCount = compiled.lineStart[order + 1]! - start;
  const size = 1 << lineCount;
  enlarge(room, size);
  room.count.fill(0, 0, size);
  subsetSums(room.kg, lineCount, compiled.lineKg, start);
  subsetSums(room.litres, lineCount, compiled.lineLitres, start);
  subsetSums(room.openCost, lineCount, compiled.lineOpenCost, start);
  subsetSums(room.units, lineCount, compiled.lineUnits, start);
  const openWith = openTogether(compiled, order);
  const { limit } = room;
  // Lines that may stay open for themselves are never shipped for more than that costs.
  for (let mask = 0; mask < size; mask++) limit[mask] = !complete && mayStayOpen(openWith, mask) ? room.openCost[mask]! : Infinity;
  for (let node = 0; node < compiled.nodeCount; node++) addOffers(compiled, order, node, lineCount, room);
  room.entries = 0;
  for (let mask = 0; mask < size; mask++) room.entries += room.count[mask]!;
}

/** Enters what the node charges for each set of lines: the cheapest of its services that are not capped, and each capped one. */
function addOffers(compiled: Numbers, order: number, node: number, lineCount: number, room: TableRoom): void {
  const start = compiled.lineStart[order]!;
  const lanes = lanesTo(compiled, node, order);
  if (lanes.length === 0) return;
  let possible = 0;
  for (let line = 0; line < lineCount; line++) if (canShip(compiled, order, node, start + line)) possible |= 1 << line;
  if (possible === 0) return;
  const { offer } = room;
  offer.fill(Infinity, 0, room.size);
  for (const option of lanes) {
    const slot = compiled.slotOf[node * compiled.services.length + option.service]!;
    if (slot < 0) offerMasks(compiled, order, node, option, possible, room);
  }
  enterOffers(compiled, node, node, possible, room);
  for (const option of lanes) {
    const slot = compiled.slotOf[node * compiled.services.length + option.service]!;
    if (slot < 0) continue;
    offer.fill(Infinity, 0, room.size);
    offerMasks(compiled, order, node, option, possible, room);
    enterOffers(compiled, node, compiled.nodeCount + slot, possible, room);
  }
}

/** Lowers the offers of all sets of lines that may travel by the service to its price. */
function offerMasks(
  compiled: Numbers,
  order: number,
  node: number,
  { service, lane, day }: LaneOption,
  possible: number,
  room: TableRoom,
): void {
  const { kg, litres, late, offer, offerService } = room;
  const rules = compiled.orderRules.get(order);
  if (!orderAllows(rules, service)) return;
  const start = compiled.lineStart[order]!;
  const given = compiled.services[service]!;
  const surcharge = rules?.surcharge?.get(service) ?? 0;
  const lineCount = compiled.lineStart[order + 1]! - start;
  let allowed = possible;
  late[0] = 0;
  for (let line = 0; line < lineCount; line++) {
    const bit = 1 << line;
    if (rules !== undefined && !lineAllows(rules, line, service)) allowed &= ~bit;
    const own = costOfLine(compiled, order, node, day, start + line);
    for (let rest = 0; rest < bit; rest++) late[bit | rest] = late[rest]! + own;
  }
  for (let mask = allowed; mask > 0; mask = (mask - 1) & allowed) {
    const total = shippingPrice(given, lane, kg[mask]!, litres[mask]!) + surcharge + late[mask]!;
    if (total >= offer[mask]!) continue;
    offer[mask] = total;
    offerService[mask] = service;
  }
}

/** Enters the offers of a place that may be part of a cheapest plan; cheapest first, then by place. */
function enterOffers(compiled: Numbers, node: number, at: number, possible: number, room: TableRoom): void {
  const { placeCount, count, cost, least, place, service, offer, offerService, limit } = room;
  const labor = compiled.labor[node]!;
  const rate = labor.tiers[0]!.costPerMinute;
  for (let mask = possible; mask > 0; mask = (mask - 1) & possible) {
    const own = offer[mask]!;
    if (own === Infinity) continue;
    const from = own + rate * (labor.perShipment + labor.perLine * linesIn(mask) + labor.perUnit * room.units[mask]!);
    if (!(from < limit[mask]!)) continue;
    const first = mask * placeCount;
    let spot = first + count[mask]!++;
    for (; spot > first && (least[spot - 1]! > from || (least[spot - 1] === from && place[spot - 1]! > at)); spot--) {
      cost[spot] = cost[spot - 1]!;
      least[spot] = least[spot - 1]!;
      place[spot] = place[spot - 1]!;
      service[spot] = service[spot - 1]!;
    }
    cost[spot] = own;
    least[spot] = from;
    place[spot] = at;
    service[spot] = offerService[mask]!;
  }
}

/** True where every line of the mask stays open with lines of the mask only. */
function mayStayOpen(openWith: Int32Array, mask: number): boolean {
  for (let rest = mask; rest > 0; rest &= rest - 1) if ((openWith[31 - Math.clz32(rest & -rest)]! & ~mask) !== 0) return false;
  return true;
}

/** By mask: the sum over its lines, added from the first line up. */
function subsetSums(sums: Float64Array, lineCount: number, values: Float64Array, start: number): void {
  sums[0] = 0;
  for (let line = 0; line < lineCount; line++) {
    const bit = 1 << line;
    const own = values[start + line]!;
    for (let rest = 0; rest < bit; rest++) sums[bit | rest] = sums[rest]! + own;
  }
}

/** By number of lines: each line stays open for itself, as nearly everywhere. */
const openAlone = Array.from({ length: maxExactLines + 1 }, (_, lineCount) =>
  Int32Array.from({ length: lineCount }, (_each, line) => 1 << line),
);

/** By line: the lines that stay open together with it. */
export function openTogether(compiled: Numbers, order: number): Int32Array {
  const lineCount = compiled.lineStart[order + 1]! - compiled.lineStart[order]!;
  if (compiled.orderComplete[order] === 1) return new Int32Array(lineCount).fill((1 << lineCount) - 1);
  const rules = compiled.orderRules.get(order)?.lines;
  if (rules === undefined || rules.every(({ bundle }) => bundle === undefined)) return openAlone[lineCount]!;
  return Int32Array.from(rules, ({ bundle }, line) =>
    rules.reduce((mask, other, at) => (at === line || (bundle !== undefined && other.bundle === bundle) ? mask | (1 << at) : mask), 0),
  );
}
