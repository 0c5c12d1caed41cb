import { addLoad, shipmentsThatPay, type Load, type ModelWay } from './compact-load.ts';
import { compile, poolsOf, stockRow, type Compiled } from './compile.ts';
import { emptyModel, modelColumn, modelRow, type Entry, type ModelInMaking, type NamedProgram } from './model-names.ts';
import { lineCountOf } from './order-table.ts';
import { lanesTo, sourcesOf } from './sources.ts';
import type { PlanShipment } from './plan.ts';
import { parsedOnce, type SourcingProblem } from './problem.ts';

/**
 * The textbook model of a problem: which line of which order leaves which node by which service, as one mixed integer program with names.
 * `ways` says which columns are a shipment and its lines, to read a solution by.
 */
export interface CompactModel extends NamedProgram {
  readonly problem: SourcingProblem;
  readonly ways: readonly CompactWay[];
}

/** One possible shipment: its column is 1 where it leaves, a line's column is 1 where the line is in it. */
export interface CompactWay {
  readonly order: number;
  readonly node: number;
  readonly service: number;
  readonly column: number;
  readonly lines: readonly { readonly line: number; readonly column: number }[];
}

/**
 * Writes the whole problem, with every field of the contract, as the mixed integer program that a textbook would write: `ship` (a shipment leaves), `line` (a line is in it), `open`
 * (a line stays open), `extra` (shipments beyond the first), minutes by tier, reserved units that overflow into shared stock.
 *
 * Its optimum is the cheapest plan. It serves export, comparison with other engines and tests; `solve` works on plans of whole orders instead, whose relaxation is ten times as tight.
 * Loads that differ by less than 1e-5 kilograms (relative above 1) are one load where a heavier band or one more parcel would be cheaper than a lighter one.
 *
 * @throws SourcingInputError where the problem is not valid
 */
export function compactModel(problem: SourcingProblem): CompactModel {
  const parsed = parsedOnce(problem);
  const compiled = compile(parsed);
  const making = emptyModel();
  const uses: Uses = {
    stock: Array.from({ length: compiled.stock.length }, () => []),
    pool: compiled.pools.map(() => []),
    slot: compiled.slots.map(() => []),
    minutes: compiled.labor.map(() => []),
  };
  const ways: CompactWay[] = [];
  for (let order = 0; order < compiled.orderCount; order++) addOrder(compiled, making, uses, ways, order);
  addStock(compiled, making, uses);
  for (const [slot, { node, service, limit }] of compiled.slots.entries())
    if (uses.slot[slot]!.length > limit) modelRow(making, `cap_n${node}_v${service}`, -Infinity, limit, uses.slot[slot]!);
  for (let node = 0; node < compiled.nodeCount; node++) addLabor(compiled, making, node, uses.minutes[node]!);
  const { columns, rows, columnNames, rowNames } = making;
  return { problem: parsed, ways, program: { columns, rows }, columnNames, rowNames, legend: legendOf(compiled) };
}

/** The shipments of a solution of the model, by its values column by column: orders as in the problem, then nodes as in the problem, then first line. */
export function compactShipments({ problem, ways }: CompactModel, values: readonly number[]): PlanShipment[] {
  return ways
    .flatMap(({ order, node, service, lines: possible }) => {
      const lines = possible.flatMap(({ line, column }) => (values[column]! > 0.5 ? [line] : []));
      return lines.length === 0 ? [] : [{ order, node, service, lines }];
    })
    .sort((left, right) => left.order - right.order || left.node - right.node || left.lines[0]! - right.lines[0]!)
    .map(({ order, node, service, lines }) => ({
      order: problem.orders[order]!.id,
      node: problem.nodes[node]!.id,
      service: problem.services[service]!.id,
      lines,
    }));
}

/** Who takes from a limit, by stock row, reserved pool, capped service and node. */
interface Uses {
  readonly stock: Entry[][];
  readonly pool: Entry[][];
  readonly slot: Entry[][];
  readonly minutes: Entry[][];
}

function addOrder(compiled: Compiled, making: ModelInMaking, uses: Uses, ways: CompactWay[], number: number): void {
  const order = compiled.problem.orders[number]!;
  const start = compiled.lineStart[number]!;
  const lineCount = lineCountOf(compiled, number);
  const most = Math.min(lineCount, order.maxShipments ?? lineCount);
  const shippedOnce = order.lines.map((_, line): Entry[] => [
    [modelColumn(making, `open_o${number}_i${line}`, { cost: compiled.lineOpenCost[start + line]!, upper: 1 }), 1],
  ]);
  const sent: Entry[] = [];
  for (const way of waysOf(compiled, number)) {
    let before: number | undefined;
    for (let copy = 0; copy < Math.min(most, way.lines.length, shipmentsThatPay(compiled, order, way)); copy++) {
      const name = `o${number}_n${way.node}_v${way.service}_c${copy}`;
      const load = addWay(compiled, making, uses, way, name, start);
      for (const { line, column } of load.lines) shippedOnce[line]!.push([column, 1]);
      sent.push([load.column, 1]);
      ways.push({ order: number, node: way.node, service: way.service, column: load.column, lines: load.lines });
      // Shipments of one way are alike: the second leaves only beside the first.
      if (before !== undefined)
        modelRow(making, `next_${name}`, -Infinity, 0, [
          [load.column, 1],
          [before, -1],
        ]);
      before = load.column;
    }
  }
  for (const [line, entries] of shippedOnce.entries()) modelRow(making, `once_o${number}_i${line}`, 1, 1, entries);
  if (sent.length > 1 && order.splitCost > 0) {
    const extra = modelColumn(making, `extra_o${number}`, { cost: order.splitCost, upper: Infinity });
    modelRow(making, `split_o${number}`, -Infinity, 1, [...sent, [extra, -1]]);
  }
  if (sent.length > most && order.maxShipments !== undefined) modelRow(making, `most_o${number}`, -Infinity, most, sent);
  addPartners(compiled, making, number, shippedOnce);
}

/** Lines that ship together or not at all have one and the same `open`. */
function addPartners(compiled: Compiled, making: ModelInMaking, number: number, shippedOnce: readonly (readonly Entry[])[]): void {
  const order = compiled.problem.orders[number]!;
  const firstOf = new Map<string | true, number>();
  for (const [line, { bundle }] of order.lines.entries()) {
    const group = order.shipComplete === true ? true : bundle;
    if (group === undefined) continue;
    const first = firstOf.get(group);
    if (first === undefined) firstOf.set(group, line);
    else
      modelRow(making, `with_o${number}_i${line}`, 0, 0, [
        [shippedOnce[line]![0]![0], 1],
        [shippedOnce[first]![0]![0], -1],
      ]);
  }
}

function waysOf(compiled: Compiled, number: number): ModelWay[] {
  const { problem } = compiled;
  const order = problem.orders[number]!;
  const start = compiled.lineStart[number]!;
  return sourcesOf(compiled, number).flatMap(({ node, can, options }) =>
    options.flatMap(({ service, slot, surcharge, lateCost, allowed }): ModelWay[] => {
      const found = lanesTo(compiled, node, number).find((each) => each.service === service);
      const given = problem.services[service]!;
      const litresPerKg = given.litresPerKg ?? 0;
      const lines = order.lines.flatMap((_, line) => {
        if (can[line] !== true || allowed[line] !== true) return [];
        const volumetric = litresPerKg === 0 ? 0 : compiled.lineLitres[start + line]! / litresPerKg;
        return [{ line, kg: compiled.lineKg[start + line]!, volumetric, lateCost: lateCost[line]! }];
      });
      if (found === undefined || lines.length === 0) return [];
      return [{ node, service, slot, surcharge, given, lane: found.lane, lines }];
    }),
  );
}

/** One possible shipment: its columns, its price by load, and what it takes from the limits. */
function addWay(compiled: Compiled, making: ModelInMaking, uses: Uses, way: ModelWay, name: string, start: number): Load {
  const { node, slot } = way;
  const labor = compiled.labor[node]!;
  const [first] = labor.tiers;
  const rate = first!.minutes === null ? first!.costPerMinute : 0;
  const column = modelColumn(making, `ship_${name}`, { cost: way.surcharge + rate * labor.perShipment, upper: 1, integer: true });
  uses.minutes[node]!.push([column, labor.perShipment]);
  if (slot >= 0) uses.slot[slot]!.push([column, 1]);
  const pools = poolsOf(compiled, compiled.lineOrder[start]!);
  const lines = way.lines.map(({ line, lateCost, ...weight }) => {
    const units = compiled.lineUnits[start + line]!;
    const minutes = labor.perLine + labor.perUnit * units;
    const own = modelColumn(making, `line_${name}_i${line}`, { cost: lateCost + rate * minutes, upper: 1, integer: true });
    modelRow(making, `in_${name}_i${line}`, -Infinity, 0, [
      [own, 1],
      [column, -1],
    ]);
    uses.minutes[node]!.push([own, minutes]);
    const row = stockRow(compiled, node, compiled.lineSku[start + line]!);
    const pool = pools === undefined ? -1 : pools[row]!;
    (pool < 0 ? uses.stock[row]! : uses.pool[pool]!).push([own, units]);
    return { ...weight, line, column: own };
  });
  const load: Load = { name, column, lines };
  addLoad(making, way, load);
  return load;
}

/** Stock serves the channels without a reservation, and what the others take beyond theirs. */
function addStock(compiled: Compiled, making: ModelInMaking, uses: Uses): void {
  for (const [index, { node, sku, units }] of compiled.pools.entries()) {
    const entries = uses.pool[index]!;
    if (entries.length === 0) continue;
    const over = modelColumn(making, `over_p${index}`, { cost: 0, upper: Infinity });
    modelRow(making, `reserved_p${index}`, -Infinity, units, [...entries, [over, -1]]);
    uses.stock[stockRow(compiled, node, sku)]!.push([over, 1]);
  }
  for (let sku = 0; sku < compiled.skuCount; sku++)
    for (let node = 0; node < compiled.nodeCount; node++) {
      const row = stockRow(compiled, node, sku);
      if (uses.stock[row]!.length > 0) modelRow(making, `stock_n${node}_k${sku}`, -Infinity, compiled.stock[row]!, uses.stock[row]!);
    }
}

/** Minutes are bought tier by tier; a node with one unlimited tier has its rate on the shipments instead. */
function addLabor(compiled: Compiled, making: ModelInMaking, node: number, minutes: readonly Entry[]): void {
  const { tiers } = compiled.labor[node]!;
  if (minutes.length === 0 || tiers[0]!.minutes === null) return;
  const entries: Entry[] = [...minutes];
  for (const [tier, { minutes: length, costPerMinute }] of tiers.entries())
    entries.push([modelColumn(making, `minutes_n${node}_t${tier}`, { cost: costPerMinute, upper: length ?? Infinity }), -1]);
  modelRow(making, `labor_n${node}`, -Infinity, 0, entries);
}

function legendOf({ problem, pools, skuIds }: Compiled): [string, string][] {
  return [
    ...problem.orders.map(({ id }, index): [string, string] => [`o${index}`, `order ${JSON.stringify(id)}`]),
    ...problem.nodes.map(({ id }, index): [string, string] => [`n${index}`, `node ${JSON.stringify(id)}`]),
    ...problem.services.map(({ id }, index): [string, string] => [`v${index}`, `service ${JSON.stringify(id)}`]),
    ...skuIds.map((id, index): [string, string] => [`k${index}`, `SKU ${JSON.stringify(id)}`]),
    ...pools.map(({ node, sku, channel }, index): [string, string] => [
      `p${index}`,
      `units of SKU ${JSON.stringify(skuIds[sku])} at node ${JSON.stringify(problem.nodes[node]!.id)} reserved for ${JSON.stringify(channel)}`,
    ]),
  ];
}
