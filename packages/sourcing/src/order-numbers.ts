import type { ProblemOrder, SourcingProblem } from './problem.ts';

/** The orders and their lines by number; lines of order `o` are those from `lineStart[o]` to before `lineStart[o + 1]`. */
export interface OrderNumbers {
  readonly lineStart: Int32Array;
  readonly lineSku: Int32Array;
  readonly lineUnits: Float64Array;
  readonly lineKg: Float64Array;
  readonly lineLitres: Float64Array;
  readonly linePromise: Float64Array;
  /** Cost of leaving the whole line open. */
  readonly lineOpenCost: Float64Array;
  /** Order of a line. */
  readonly lineOrder: Int32Array;
  /** Number of the zone, or -1 where no lane leads there. */
  readonly orderZone: Int32Array;
  /** Number of the order's channel among those with reservations, or -1. */
  readonly orderChannel: Int32Array;
  readonly orderLateCost: Float64Array;
  readonly orderSplitCost: Float64Array;
  /** Most shipments; the largest number there is where the order does not say. */
  readonly orderMaxShipments: Int32Array;
  /** 1 where the order is shipped whole or not at all. */
  readonly orderComplete: Uint8Array;
  /** Further rules, of the orders that have any. */
  readonly orderRules: ReadonlyMap<number, OrderRules>;
}

/** Rules that few orders have; services and nodes by number. */
export interface OrderRules {
  readonly services?: ReadonlySet<number>;
  readonly nodes?: ReadonlySet<number>;
  /** Per shipment, by service. */
  readonly surcharge?: ReadonlyMap<number, number>;
  readonly lines: readonly LineRules[];
}

export interface LineRules {
  readonly services?: ReadonlySet<number>;
  readonly nodes?: ReadonlySet<number>;
  /** Number of the bundle within the order. */
  readonly bundle?: number;
}

/** Numbers of what orders refer to. */
export interface Directory {
  readonly skuIndex: ReadonlyMap<string, number>;
  readonly nodeIndex: ReadonlyMap<string, number>;
  readonly serviceIndex: ReadonlyMap<string, number>;
  readonly channelIndex: ReadonlyMap<string, number>;
  readonly zones: ReadonlyMap<string, number>;
}

export function orderNumbers(problem: SourcingProblem, directory: Directory): OrderNumbers {
  const { orders } = problem;
  const weights = new Map(problem.skus.map((sku) => [sku.id, sku]));
  const lineCount = orders.reduce((sum, order) => sum + order.lines.length, 0);
  const orderRules = new Map<number, OrderRules>();
  const numbers = {
    lineStart: new Int32Array(orders.length + 1),
    lineSku: new Int32Array(lineCount),
    lineUnits: new Float64Array(lineCount),
    lineKg: new Float64Array(lineCount),
    lineLitres: new Float64Array(lineCount),
    linePromise: new Float64Array(lineCount),
    lineOpenCost: new Float64Array(lineCount),
    lineOrder: new Int32Array(lineCount),
    orderZone: new Int32Array(orders.length),
    orderChannel: new Int32Array(orders.length),
    orderLateCost: new Float64Array(orders.length),
    orderSplitCost: new Float64Array(orders.length),
    orderMaxShipments: new Int32Array(orders.length),
    orderComplete: new Uint8Array(orders.length),
    orderRules,
  };
  let at = 0;
  for (const [index, order] of orders.entries()) {
    numbers.lineStart[index] = at;
    for (const line of order.lines) {
      const sku = weights.get(line.sku);
      numbers.lineSku[at] = directory.skuIndex.get(line.sku) ?? 0;
      numbers.lineUnits[at] = line.units;
      numbers.lineKg[at] = (sku?.weightKg ?? 0) * line.units;
      numbers.lineLitres[at] = (sku?.volumeL ?? 0) * line.units;
      numbers.linePromise[at] = line.promiseDay ?? order.promiseDay;
      numbers.lineOpenCost[at] = line.unfilledCostPerUnit * line.units;
      numbers.lineOrder[at] = index;
      at++;
    }
    numbers.orderZone[index] = directory.zones.get(order.zone) ?? -1;
    numbers.orderChannel[index] = directory.channelIndex.get(order.channel) ?? -1;
    numbers.orderLateCost[index] = order.lateCostPerDay;
    numbers.orderSplitCost[index] = order.splitCost;
    numbers.orderMaxShipments[index] = Math.min(order.maxShipments ?? anyNumber, anyNumber);
    numbers.orderComplete[index] = order.shipComplete === true ? 1 : 0;
    const rules = rulesOf(order, directory);
    if (rules !== undefined) orderRules.set(index, rules);
  }
  numbers.lineStart[orders.length] = at;
  return numbers;
}

const anyNumber = 2 ** 31 - 1;

function rulesOf(order: ProblemOrder, { nodeIndex, serviceIndex }: Directory): OrderRules | undefined {
  const plain = (each: object & Pick<ProblemOrder, 'services' | 'eligibleNodes'>): boolean =>
    each.services === undefined && each.eligibleNodes === undefined;
  if (plain(order) && order.surcharge === undefined && order.lines.every((line) => plain(line) && line.bundle === undefined))
    return undefined;
  const bundles = [...new Set(order.lines.map(({ bundle }) => bundle))];
  const limits = (each: Pick<ProblemOrder, 'services' | 'eligibleNodes'>): Pick<OrderRules, 'services' | 'nodes'> => ({
    ...(each.services === undefined ? {} : { services: numbersOf(each.services, serviceIndex) }),
    ...(each.eligibleNodes === undefined ? {} : { nodes: numbersOf(each.eligibleNodes, nodeIndex) }),
  });
  return {
    ...limits(order),
    ...(order.surcharge === undefined
      ? {}
      : { surcharge: new Map(Object.entries(order.surcharge).map(([id, amount]) => [serviceIndex.get(id) ?? -1, amount])) }),
    lines: order.lines.map((line) => ({
      ...limits(line),
      ...(line.bundle === undefined ? {} : { bundle: bundles.indexOf(line.bundle) }),
    })),
  };
}

function numbersOf(ids: readonly string[], index: ReadonlyMap<string, number>): Set<number> {
  return new Set(ids.map((id) => index.get(id) ?? -1));
}
