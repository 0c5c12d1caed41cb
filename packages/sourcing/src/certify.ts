import { ownValue } from './id-record.ts';
import type { Certificate } from './plan.ts';
import type { Lane, ProblemNode, ProblemOrder, ProblemService, ProblemSku, SourcingProblem } from './problem.ts';
import { deliveryDay, shipmentPrice } from './tariff.ts';

// Straight from problem and certificate, by brute force per order. It shares nothing with the solver (architecture of this package: verify.test.ts), so that a mistake in the
// solver's pricing cannot prove itself.

/** Orders of more lines are bounded line by line, as the contract's arbiter does. */
const maxExactLines = 12;

/** What is wrong with a certificate's prices: one that is no price, a reserved unit dearer than a shared one, a cut at an unknown node. */
export class CertificateError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'CertificateError';
  }
}

/**
 * What a certificate proves: no feasible plan of the problem costs less, whatever the prices are.
 *
 * The sum over orders of the cheapest plan when stock, minutes and capped shipments are bought at the prices, less the value of all stock, reservations, caps and cut limits, less for
 * each node the most that minutes sold at the minute price could earn over their cost. `-Infinity` where a minute price is above an unlimited last tier.
 *
 * @throws CertificateError where a price is not admissible
 */
export function certifiedBound(problem: SourcingProblem, certificate: Certificate): number {
  const markets = problem.nodes.map((node) => marketOf(problem, node, certificate));
  checkCuts(problem, certificate);
  const value = markets.reduce((sum, market) => sum + market.value, 0);
  if (value === Infinity) return -Infinity;
  const skus = new Map(problem.skus.map((sku) => [sku.id, sku]));
  return problem.orders.reduce((bound, order) => bound + leastCost(order, markets, skus), 0 - value);
}

/** A node at the certificate's prices. */
interface Market {
  readonly node: ProblemNode;
  /** What all that is limited here is worth at the prices. */
  readonly value: number;
  readonly minutePrice: number;
  /** Services and lanes out of the node, by the zone they lead to. */
  readonly ways: ReadonlyMap<string, readonly Way[]>;
  readonly cuts: ReadonlyMap<string, readonly Cut[]>;
  readonly sharedPrices: Readonly<Record<string, number>> | undefined;
  readonly reservedPrices: Readonly<Record<string, Readonly<Record<string, number>>>> | undefined;
}

interface Way {
  readonly service: ProblemService;
  readonly lane: Lane;
  readonly day: number;
  /** Price of one shipment of the service where it is capped. */
  readonly slotPrice: number;
}

type Cut = NonNullable<Certificate['roundingCuts']>[number];

function marketOf(problem: SourcingProblem, node: ProblemNode, certificate: Certificate): Market {
  const sharedPrices = ownValue(certificate.stockPrices, node.id);
  const reservedPrices = ownValue(certificate.reservedPrices, node.id);
  const slotPrices = ownValue(certificate.shipmentPrices, node.id);
  const minutePrice = admissible(ownValue(certificate.laborPrices, node.id), `a minute of ${node.id}`);
  const cuts = Map.groupBy(
    (certificate.roundingCuts ?? []).filter((cut) => cut.node === node.id),
    ({ sku }) => sku,
  );
  let value = 0;
  for (const [sku, price] of Object.entries(sharedPrices ?? {}))
    value += admissible(price, `a unit of ${sku} at ${node.id}`) * (ownValue(node.stock, sku) ?? 0);
  for (const [channel, reserved] of Object.entries(node.reserved ?? {})) {
    for (const [sku, units] of Object.entries(reserved)) {
      const shared = ownValue(sharedPrices, sku) ?? 0;
      const price = admissible(
        ownValue(ownValue(reservedPrices, channel), sku) ?? shared,
        `a reserved unit of ${node.id}/${channel}/${sku}`,
      );
      if (price > shared + 1e-12)
        throw new CertificateError(`certificate: a reserved unit of ${node.id}/${channel}/${sku} costs more than a shared one`);
      value += price * units;
    }
  }
  for (const [service, limit] of Object.entries(node.maxShipments ?? {}))
    value += admissible(ownValue(slotPrices, service), `a shipment from ${node.id} by ${service}`) * limit;
  for (const [sku, own] of cuts) for (const { num, den, price } of own) value += Math.floor((ownedUnits(node, sku) * num) / den) * price;
  const ways = problem.services
    .filter(({ id }) => node.services === undefined || node.services.includes(id))
    .flatMap((service) => {
      const slotPrice = ownValue(node.maxShipments, service.id) === undefined ? 0 : (ownValue(slotPrices, service.id) ?? 0);
      return service.lanes
        .filter(({ from }) => from === node.zone)
        .map((lane) => ({ service, lane, slotPrice, day: deliveryDay(problem, node, service, lane) }));
    });
  return {
    node,
    value: value + minuteProfit(node, minutePrice),
    minutePrice,
    ways: Map.groupBy(ways, ({ lane }) => lane.to),
    cuts,
    sharedPrices,
    reservedPrices,
  };
}

/** Most that minutes sold at the price earn over their cost; Infinity above an unlimited last tier. */
function minuteProfit({ labor }: ProblemNode, price: number): number {
  let profit = 0;
  for (const { minutes, costPerMinute } of labor.tiers) {
    if (price <= costPerMinute) continue;
    if (minutes !== null) profit += minutes * (price - costPerMinute);
    else if (price > costPerMinute * (1 + 1e-12)) return Infinity;
  }
  return profit;
}

/** All units of a SKU at a node, whoever may take them. */
function ownedUnits(node: ProblemNode, sku: string): number {
  return Object.values(node.reserved ?? {}).reduce((sum, units) => sum + (ownValue(units, sku) ?? 0), ownValue(node.stock, sku) ?? 0);
}

function admissible(price: number | undefined, what: string): number {
  if (price === undefined) return 0;
  if (Number.isFinite(price) && price >= 0) return price;
  throw new CertificateError(`certificate: ${what} costs ${price}, which is no price`);
}

function checkCuts(problem: SourcingProblem, { roundingCuts = [] }: Certificate): void {
  const nodes = new Set(problem.nodes.map(({ id }) => id));
  for (const { node, sku, num, den, price } of roundingCuts) {
    if (!nodes.has(node)) throw new CertificateError(`certificate: rounding cut at the unknown node ${node}`);
    if (!(Number.isInteger(num) && num >= 0 && Number.isInteger(den) && den >= 1))
      throw new CertificateError(`certificate: the rounding cut ${num}/${den} of ${sku} at ${node} is no fraction`);
    admissible(price, `the rounding cut ${num}/${den} of ${sku} at ${node}`);
  }
}

/** A line of an order as a shipment sees it. */
interface Piece {
  readonly sku: string;
  readonly units: number;
  readonly kg: number;
  readonly litres: number;
  readonly openCost: number;
  readonly promiseDay: number;
  readonly services: readonly string[] | undefined;
  readonly eligibleNodes: readonly string[] | undefined;
}

/** One way for shipments of the order: what any shipment pays, and what each line adds (Infinity where it may not or cannot go) besides the carrier's price. */
interface Passage {
  readonly way: Way;
  readonly fixed: number;
  readonly perLine: readonly number[];
}

function leastCost(order: ProblemOrder, markets: readonly Market[], skus: ReadonlyMap<string, ProblemSku>): number {
  const pieces = order.lines.map((line): Piece => {
    const { weightKg = 0, volumeL = 0 } = skus.get(line.sku) ?? {};
    return {
      sku: line.sku,
      units: line.units,
      kg: weightKg * line.units,
      litres: volumeL * line.units,
      openCost: line.unfilledCostPerUnit * line.units,
      promiseDay: line.promiseDay ?? order.promiseDay,
      services: line.services,
      eligibleNodes: line.eligibleNodes,
    };
  });
  const passages = markets.flatMap((market) => passagesOf(order, pieces, market));
  return pieces.length <= maxExactLines ? cheapestPlan(order, pieces, passages) : lineByLine(order, pieces, passages);
}

function passagesOf(order: ProblemOrder, pieces: readonly Piece[], market: Market): Passage[] {
  const { node, minutePrice } = market;
  if (order.eligibleNodes?.includes(node.id) === false) return [];
  const ways = market.ways.get(order.zone);
  if (ways === undefined) return [];
  const pieceCost = pieces.map((piece) => costOfHolding(order, piece, market));
  if (pieceCost.every((cost) => cost === Infinity)) return [];
  return ways
    .filter(({ service }) => order.services?.includes(service.id) !== false)
    .map((way) => ({
      way,
      fixed: (ownValue(order.surcharge, way.service.id) ?? 0) + way.slotPrice + minutePrice * node.labor.minutesPerShipment,
      perLine: pieces.map(({ promiseDay, services }, index) =>
        services?.includes(way.service.id) === false
          ? Infinity
          : pieceCost[index]! + Math.max(0, way.day - promiseDay) * order.lateCostPerDay,
      ),
    }));
}

/** What a line pays for its units, cuts and minutes at a node; Infinity where it may not come from there or the node never has enough. */
function costOfHolding(order: ProblemOrder, { sku, units, eligibleNodes }: Piece, market: Market): number {
  const { node, sharedPrices, reservedPrices, minutePrice } = market;
  if (eligibleNodes?.includes(node.id) === false) return Infinity;
  const reserved = ownValue(ownValue(node.reserved, order.channel), sku);
  if ((ownValue(node.stock, sku) ?? 0) + (reserved ?? 0) < units) return Infinity;
  const shared = ownValue(sharedPrices, sku) ?? 0;
  const price = reserved === undefined ? shared : (ownValue(ownValue(reservedPrices, order.channel), sku) ?? shared);
  let cost = units * price + minutePrice * (node.labor.minutesPerLine + node.labor.minutesPerUnit * units);
  for (const cut of market.cuts.get(sku) ?? []) cost += Math.floor((units * cut.num) / cut.den) * cut.price;
  return cost;
}

/** Cheapest plan of an order by trying every set of its lines as a shipment, and every way to put shipments together. */
function cheapestPlan(order: ProblemOrder, pieces: readonly Piece[], passages: readonly Passage[]): number {
  const all = (1 << pieces.length) - 1;
  const openCost = sumsOverSets(pieces.map((piece) => piece.openCost));
  const kg = sumsOverSets(pieces.map((piece) => piece.kg));
  const litres = sumsOverSets(pieces.map((piece) => piece.litres));
  const single = new Float64Array(all + 1).fill(Infinity);
  for (const { way, fixed, perLine } of passages) {
    const lines = sumsOverSets(perLine);
    for (let set = 1; set <= all; set++) {
      if (lines[set]! + fixed >= single[set]!) continue;
      single[set] = Math.min(single[set]!, lines[set]! + fixed + shipmentPrice(way.service, way.lane, kg[set]!, litres[set]!));
    }
  }
  const wholes = wholeSets(order);
  let least = openCost[all]!;
  const limit = order.maxShipments ?? pieces.length;
  const unlimited = limit >= pieces.length;
  // By set: cheapest with at most so many shipments. Each pays the split cost here; the first one gets it back.
  const shipped = new Float64Array(all + 1).fill(Infinity);
  shipped[0] = 0;
  for (let shipments = 1; shipments <= (unlimited ? 1 : limit); shipments++) {
    const before = unlimited ? shipped : shipped.slice();
    for (let set = 1; set <= all; set++) {
      const lowest = set & -set;
      for (let part = set; part > 0; part = (part - 1) & set) {
        if ((part & lowest) === 0) continue;
        const cost = single[part]! + order.splitCost + before[set ^ part]!;
        if (cost < shipped[set]!) shipped[set] = cost;
      }
    }
  }
  for (let set = 1; set <= all; set++) {
    if (shipped[set] === Infinity || wholes.some((whole) => (set & whole) !== 0 && (set & whole) !== whole)) continue;
    least = Math.min(least, shipped[set]! - order.splitCost + openCost[all ^ set]!);
  }
  return least;
}

/** By set of lines (bit mask): the sum over its lines. */
function sumsOverSets(values: readonly number[]): Float64Array {
  const sums = new Float64Array(1 << values.length);
  for (let set = 1; set < sums.length; set++) sums[set] = sums[set & (set - 1)]! + values[31 - Math.clz32(set & -set)]!;
  return sums;
}

/** Sets of lines that are shipped altogether or not at all: bundles, or the whole order. */
function wholeSets({ lines, shipComplete }: ProblemOrder): number[] {
  if (shipComplete === true) return [(1 << lines.length) - 1];
  const bundles = new Map<string, number>();
  for (const [line, { bundle }] of lines.entries()) if (bundle !== undefined) bundles.set(bundle, (bundles.get(bundle) ?? 0) | (1 << line));
  return [...bundles.values()];
}

/** Either nothing is shipped, or some shipment's fixed parts are paid and each line pays at least its own share where that is cheapest, or stays open. */
function lineByLine({ shipComplete }: ProblemOrder, pieces: readonly Piece[], passages: readonly Passage[]): number {
  const share = new Float64Array(pieces.length).fill(Infinity);
  let some = Infinity;
  for (const { way, fixed, perLine } of passages) {
    const { service, lane } = way;
    const leastPrice = lane.bands === undefined ? (lane.base ?? 0) : Math.min(...lane.bands.map(({ amount }) => amount));
    some = Math.min(some, fixed + leastPrice);
    for (const [line, { kg }] of pieces.entries()) {
      if (kg > (service.maxKg ?? Infinity) + 1e-9) continue;
      share[line] = Math.min(share[line]!, perLine[line]! + (lane.perKg ?? 0) * kg);
    }
  }
  let nothing = 0;
  for (const [line, { openCost }] of pieces.entries()) {
    nothing += openCost;
    some += shipComplete === true ? share[line]! : Math.min(openCost, share[line]!);
  }
  return Math.min(nothing, some);
}
