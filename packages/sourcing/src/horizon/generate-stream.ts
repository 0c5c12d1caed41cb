import { parseProblem, type ProblemOrder, type SourcingProblem } from '../problem.ts';
import { seededNumbers } from '../random.ts';
import type { Arrival, Horizon, Receipt } from './horizon.ts';

/** A made-up shop: what its streams are drawn from. */
export interface StreamChoice {
  readonly seed: number;
  readonly days: number;
  readonly ordersPerDay: number;
  readonly nodes: number;
  readonly skus: number;
  readonly zones: number;
  /** Units that are there at first or come in time, over units that are expected to be asked for. */
  readonly cover: number;
  /** What an unfilled unit costs: the same in every order, or more in orders of higher priority. */
  readonly unfilled: 'equal' | 'by priority';
  /** Days that an order waits for what is missing; 0 = what is not shipped on the day is lost. */
  readonly waitDays: number;
  /** Days of past orders before the stream. */
  readonly historyDays: number;
}

export interface GeneratedStream {
  readonly stream: Horizon;
  /** Orders of the days before, the last day first: what a forecast may be made from. Drawn like the stream's own, and no others. */
  readonly history: readonly (readonly ProblemOrder[])[];
}

/** Draws a stream: regional demand by popularity, lanes by distance, stock that lies somewhat wrong, and receipts on known days. Same choice, same stream. */
export function generateStream(choice: StreamChoice): GeneratedStream {
  const random = seededNumbers(choice.seed * 7919 + 17);
  const shop = drawShop(choice, random);
  const supply = drawSupply(choice, shop, random);
  const arrivals: Arrival[] = [];
  for (let day = 0; day < choice.days; day++)
    for (const order of drawOrders(choice, shop, random))
      arrivals.push({ day, lastDay: day + choice.waitDays, order: { ...order, id: `O${String(arrivals.length + 1).padStart(5, '0')}` } });
  const history = Array.from({ length: choice.historyDays }, (_, back) =>
    drawOrders(choice, shop, random).map((order, index) => ({ ...order, id: `H${back + 1}-${index + 1}` })),
  );
  const problem = parseProblem({
    ...shop.problem,
    nodes: shop.problem.nodes.map((node, index) => ({ ...node, stock: supply.stock[index] })),
  });
  return { stream: { days: choice.days, problem, receipts: supply.receipts, arrivals }, history };
}

interface Place {
  readonly x: number;
  readonly y: number;
}

interface Shop {
  readonly problem: Omit<SourcingProblem, 'nodes'> & { readonly nodes: Omit<SourcingProblem['nodes'][number], 'stock'>[] };
  /** Shares of the orders. */
  readonly zoneShare: readonly number[];
  /** Popularity of SKU `k` in zone `z`: `k * zones + z`. */
  readonly taste: Float64Array;
  readonly nodeZone: readonly number[];
  readonly distance: (from: number, to: number) => number;
}

type Random = () => number;

function drawShop(choice: StreamChoice, random: Random): Shop {
  const { zones, nodes, skus } = choice;
  const places: Place[] = Array.from({ length: zones }, () => ({ x: random() * 1400, y: random() * 1400 }));
  const distance = (from: number, to: number): number =>
    Math.sqrt((places[from]!.x - places[to]!.x) ** 2 + (places[from]!.y - places[to]!.y) ** 2);
  const zoneShare = shares(Array.from({ length: zones }, () => 0.5 + random()));
  const nodeZone = Array.from({ length: nodes }, (_, node) => (node < zones ? node : Math.floor(random() * zones)));
  const taste = new Float64Array(skus * zones);
  for (let sku = 0; sku < skus; sku++)
    for (let zone = 0; zone < zones; zone++) taste[sku * zones + zone] = (sku + 3) ** -0.8 * Math.exp(0.5 * normal(random));
  const zoneId = (zone: number): string => `Z${zone + 1}`;
  const minutesPerDay = (choice.ordersPerDay / nodes) * 7;
  return {
    zoneShare,
    taste,
    nodeZone,
    distance,
    problem: {
      format: 'quartermaster/sourcing-problem@1',
      name: `stream ${choice.seed}, cover ${choice.cover}, ${choice.unfilled}`,
      currency: 'EUR',
      decisionMinute: 780,
      skus: Array.from({ length: skus }, (_, sku) => {
        const weightKg = round(0.15 + 1.1 * Math.exp(0.8 * normal(random)), 3);
        return { id: skuId(sku), weightKg, volumeL: round(weightKg * (2 + 5 * random()), 2) };
      }),
      nodes: nodeZone.map((zone, node) => {
        const store = node >= nodes - Math.floor(nodes / 4);
        const rate = round(0.38 + 0.2 * random(), 2);
        const minutes = Math.round(minutesPerDay * (store ? 0.5 : 1.3 + 0.6 * random()));
        return {
          id: `N${String(node + 1).padStart(2, '0')}`,
          kind: store ? ('store' as const) : ('warehouse' as const),
          zone: zoneId(zone),
          cutoffMinute: store ? 720 : 1020,
          labor: {
            minutesPerShipment: store ? 4.2 : 2.2,
            minutesPerLine: store ? 1.7 : 0.9,
            minutesPerUnit: store ? 0.48 : 0.25,
            tiers: [
              { minutes, costPerMinute: rate },
              { minutes: Math.round(minutes / 4), costPerMinute: round(rate * 1.5, 2) },
              { minutes: null, costPerMinute: round(rate * 4, 2) },
            ],
          },
        };
      }),
      services: (['economy', 'ground', 'express'] as const).map((id) => ({
        id,
        litresPerKg: id === 'economy' ? 6 : 5,
        maxKg: id === 'economy' ? 20 : 31.5,
        lanes: Array.from({ length: zones * zones }, (_, pair) => {
          const from = Math.floor(pair / zones);
          const to = pair % zones;
          const far = distance(from, to) / 500;
          const noise = 0.97 + 0.06 * random();
          const [base, perKg, days] =
            id === 'economy'
              ? [3.4 + 0.5 * far, 0.21 + 0.07 * far, 2 + Math.floor(far)]
              : id === 'ground'
                ? [4.2 + 0.8 * far, 0.28 + 0.13 * far, 1 + Math.floor(far)]
                : [8.5 + 1.6 * far, 0.8 + 0.3 * far, 1];
          return { from: zoneId(from), to: zoneId(to), base: round(base * noise, 2), perKg: round(perKg * noise, 3), transitDays: days };
        }),
      })),
      orders: [],
    },
  };
}

/** Stock at first and receipts: regional demand laid to near nodes, but not quite; about half is there, the rest comes in one or two deliveries. */
function drawSupply(choice: StreamChoice, shop: Shop, random: Random): { stock: Record<string, number>[]; receipts: Receipt[] } {
  const { zones, nodes, skus, days } = choice;
  const stock: [string, number][][] = Array.from({ length: nodes }, () => []);
  const receipts: Receipt[] = [];
  const unitsPerDay = choice.ordersPerDay * meanLines * meanUnits;
  const total = shop.taste.reduce((sum, taste, at) => sum + taste * shop.zoneShare[at % zones]!, 0);
  for (let sku = 0; sku < skus; sku++) {
    let asked = 0;
    const near = new Float64Array(nodes);
    for (let zone = 0; zone < zones; zone++) {
      const units = (shop.taste[sku * zones + zone]! * shop.zoneShare[zone]! * unitsPerDay * days) / total;
      asked += units;
      const closeness = shop.nodeZone.map((from) => Math.exp(-shop.distance(from, zone) / 300));
      const sum = closeness.reduce((left, right) => left + right, 0);
      for (const [node, close] of closeness.entries()) near[node]! += (units * close) / sum;
    }
    const laid = shares(Array.from(near, (units) => units * Math.exp(0.6 * normal(random)) * (random() < 0.2 ? 0 : 1)));
    const supply = choice.cover * asked * (0.8 + 0.4 * random());
    for (const [node, share] of laid.entries()) {
      const units = Math.floor(supply * share + random());
      if (units === 0) continue;
      const first = random() < 0.35 ? units : Math.floor(units * (0.3 + 0.4 * random()));
      if (first > 0) stock[node]!.push([skuId(sku), first]);
      const rest = units - first;
      if (rest === 0) continue;
      const half = rest > 6 && random() < 0.4 ? Math.floor(rest / 2) : 0;
      const nodeId = shop.problem.nodes[node]!.id;
      const day = (from: number, to: number): number => Math.min(days - 1, Math.max(1, Math.floor(days * (from + (to - from) * random()))));
      receipts.push({ day: day(0.15, 0.6), node: nodeId, sku: skuId(sku), units: rest - half });
      if (half > 0) receipts.push({ day: day(0.6, 0.85), node: nodeId, sku: skuId(sku), units: half });
    }
  }
  return { stock: stock.map((entries) => Object.fromEntries(entries)), receipts };
}

const lineShares = [0.55, 0.24, 0.13, 0.05, 0.03];
const unitShares = [0.72, 0.19, 0.05, 0.04];
const meanLines = lineShares.reduce((sum, share, index) => sum + share * (index + 1), 0);
const meanUnits = unitShares.reduce((sum, share, index) => sum + share * (index + 1), 0);

/** Channels by share of the orders, with promise in days, cost of a late day, and what an unfilled unit costs where that goes by priority. */
const channels = [
  { id: 'web', share: 0.5, promiseDay: 4, lateCostPerDay: 1, unfilled: 9 },
  { id: 'marketplace', share: 0.3, promiseDay: 3, lateCostPerDay: 2.5, unfilled: 14 },
  { id: 'prime', share: 0.1, promiseDay: 2, lateCostPerDay: 6, unfilled: 24 },
  { id: 'b2b', share: 0.1, promiseDay: 7, lateCostPerDay: 0.5, unfilled: 5 },
];
const equalUnfilled = 22;

function drawOrders(choice: StreamChoice, shop: Shop, random: Random): ProblemOrder[] {
  const { zones, skus, ordersPerDay } = choice;
  const count = Math.max(0, Math.round(ordersPerDay + Math.sqrt(ordersPerDay) * normal(random)));
  const cumulated = cumulatedTaste(shop, skus, zones);
  return Array.from({ length: count }, () => {
    const zone = pick(shop.zoneShare, random());
    const channel =
      channels[
        pick(
          channels.map(({ share }) => share),
          random(),
        )
      ]!;
    const wanted = pick(lineShares, random()) + 1;
    const chosen = new Set<number>();
    while (chosen.size < Math.min(wanted, skus)) chosen.add(search(cumulated[zone]!, random()));
    return {
      id: '',
      channel: channel.id,
      zone: `Z${zone + 1}`,
      promiseDay: channel.promiseDay,
      lateCostPerDay: channel.lateCostPerDay,
      splitCost: round(0.8 + 0.8 * random(), 2),
      ...(random() < 0.3 ? { maxShipments: 2 } : {}),
      ...(random() < 0.1 ? { shipComplete: true } : {}),
      lines: [...chosen].map((sku) => ({
        sku: skuId(sku),
        units: pick(unitShares, random()) + 1,
        unfilledCostPerUnit: choice.unfilled === 'equal' ? equalUnfilled : channel.unfilled,
      })),
    };
  });
}

/** By zone: shares of the SKUs, added up. */
function cumulatedTaste({ taste }: Shop, skus: number, zones: number): Float64Array[] {
  return Array.from({ length: zones }, (_, zone) => {
    const own = shares(Array.from({ length: skus }, (__, sku) => taste[sku * zones + zone]!));
    let sum = 0;
    return Float64Array.from(own, (share) => (sum += share));
  });
}

function search(cumulated: Float64Array, at: number): number {
  const found = cumulated.findIndex((sum) => at < sum);
  return found < 0 ? cumulated.length - 1 : found;
}

function pick(share: readonly number[], at: number): number {
  let sum = 0;
  for (const [index, each] of share.entries()) if (at < (sum += each)) return index;
  return share.length - 1;
}

function shares(values: readonly number[]): number[] {
  const sum = values.reduce((left, right) => left + right, 0);
  return values.map((value) => (sum === 0 ? 1 / values.length : value / sum));
}

function normal(random: Random): number {
  let sum = -6;
  for (let draw = 0; draw < 12; draw++) sum += random();
  return sum;
}

function skuId(sku: number): string {
  return `S${String(sku + 1).padStart(4, '0')}`;
}

function round(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}
