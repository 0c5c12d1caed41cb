import { ownValue } from './id-record.ts';
import type { PlanShipment } from './plan.ts';
import type { Lane, OrderLine, ProblemNode, ProblemOrder, ProblemService, ProblemSku, SourcingProblem } from './problem.ts';
import { deliveryDay, minutesCost, shipmentPrice } from './tariff.ts';

/** Cost of a plan by term, in the problem's currency. */
export interface CostByTerm {
  readonly total: number;
  readonly shipping: number;
  readonly labor: number;
  readonly lateness: number;
  readonly split: number;
  readonly unfilled: number;
}

/** What a plan does, in counts. */
export interface PlanStats {
  readonly shipments: number;
  readonly splitOrders: number;
  readonly shippedLines: number;
  readonly unfilledLines: number;
  readonly lateLines: number;
  readonly shippedUnits: number;
  readonly overtimeMinutes: number;
}

export interface Audit {
  readonly errors: readonly string[];
  readonly cost: CostByTerm;
  readonly stats: PlanStats;
}

/** Checks shipments against every rule of the contract and adds up what they cost; straight from the problem, sharing nothing with the search. */
export function auditShipments(problem: SourcingProblem, shipments: readonly PlanShipment[]): Audit {
  const book = openBook(problem);
  for (const shipment of shipments) addShipment(book, shipment);
  const { split, splitOrders, unfilled, unfilledLines } = closeOrders(book);
  const { labor, overtimeMinutes } = closeNodes(book);
  const { shipping, lateness, shippedLines, lateLines, shippedUnits } = book.sums;
  return {
    errors: book.errors,
    cost: { total: shipping + labor + lateness + split + unfilled, shipping, labor, lateness, split, unfilled },
    stats: { shipments: shipments.length, splitOrders, shippedLines, unfilledLines, lateLines, shippedUnits, overtimeMinutes },
  };
}

/** The running sums of one audit. */
interface Book {
  readonly problem: SourcingProblem;
  readonly skus: ReadonlyMap<string, ProblemSku>;
  readonly nodes: ReadonlyMap<string, ProblemNode>;
  readonly services: ReadonlyMap<string, ProblemService>;
  readonly orders: ReadonlyMap<string, ProblemOrder>;
  readonly lanes: ReadonlyMap<string, ReadonlyMap<string, ReadonlyMap<string, Lane>>>;
  readonly progress: Map<string, OrderProgress>;
  readonly use: ReadonlyMap<string, NodeUse>;
  readonly errors: string[];
  readonly sums: { shipping: number; lateness: number; shippedLines: number; lateLines: number; shippedUnits: number };
}

interface OrderProgress {
  shipments: number;
  readonly shipped: Set<number>;
}

interface NodeUse {
  /** Units by SKU and channel. */
  readonly units: Map<string, Map<string, number>>;
  /** Shipments by service. */
  readonly sent: Map<string, number>;
  minutes: number;
}

function openBook(problem: SourcingProblem): Book {
  return {
    problem,
    skus: new Map(problem.skus.map((sku) => [sku.id, sku])),
    nodes: new Map(problem.nodes.map((node) => [node.id, node])),
    services: new Map(problem.services.map((service) => [service.id, service])),
    orders: new Map(problem.orders.map((order) => [order.id, order])),
    lanes: new Map(problem.services.map((service) => [service.id, lanesByZones(service)])),
    progress: new Map(),
    use: new Map(problem.nodes.map((node) => [node.id, { units: new Map(), sent: new Map(), minutes: 0 }])),
    errors: [],
    sums: { shipping: 0, lateness: 0, shippedLines: 0, lateLines: 0, shippedUnits: 0 },
  };
}

function addShipment(book: Book, shipment: PlanShipment): void {
  const at = `shipment of ${shipment.order} from ${shipment.node} by ${shipment.service}`;
  const order = book.orders.get(shipment.order);
  const node = book.nodes.get(shipment.node);
  const service = book.services.get(shipment.service);
  const use = book.use.get(shipment.node);
  if (order === undefined || node === undefined || service === undefined || use === undefined) {
    book.errors.push(`${at}: unknown ${order === undefined ? 'order' : node === undefined ? 'node' : 'service'}`);
    return;
  }
  const lane = book.lanes.get(service.id)?.get(node.zone)?.get(order.zone);
  if (lane === undefined) {
    book.errors.push(`${at}: no lane from ${node.zone} to ${order.zone}`);
    return;
  }
  if (shipment.lines.length === 0) {
    book.errors.push(`${at}: no lines`);
    return;
  }
  if (node.services?.includes(service.id) === false) book.errors.push(`${at}: the node does not offer the service`);
  if (order.services?.includes(service.id) === false) book.errors.push(`${at}: the order does not allow the service`);
  if (order.eligibleNodes?.includes(node.id) === false) book.errors.push(`${at}: the node is not eligible`);
  addLines(book, { at, lines: shipment.lines, order, node, service, lane, use });
}

interface KnownShipment {
  readonly at: string;
  readonly lines: readonly number[];
  readonly order: ProblemOrder;
  readonly node: ProblemNode;
  readonly service: ProblemService;
  readonly lane: Lane;
  readonly use: NodeUse;
}

function addLines(book: Book, { at, lines, order, node, service, lane, use }: KnownShipment): void {
  const { errors, sums } = book;
  const progress = book.progress.get(order.id) ?? { shipments: 0, shipped: new Set<number>() };
  book.progress.set(order.id, progress);
  progress.shipments++;
  use.sent.set(service.id, (use.sent.get(service.id) ?? 0) + 1);
  const day = deliveryDay(book.problem, node, service, lane);
  let kg = 0;
  let litres = 0;
  let units = 0;
  let count = 0;
  for (const index of lines) {
    const line = order.lines[index];
    if (line === undefined || progress.shipped.has(index)) {
      errors.push(line === undefined ? `${at}: there is no line ${index}` : `${at}: line ${index} is shipped twice`);
      continue;
    }
    progress.shipped.add(index);
    if (line.eligibleNodes?.includes(node.id) === false) errors.push(`${at}: the node is not eligible for line ${index}`);
    if (line.services?.includes(service.id) === false) errors.push(`${at}: the service is not allowed for line ${index}`);
    const sku = book.skus.get(line.sku);
    kg += (sku?.weightKg ?? 0) * line.units;
    litres += (sku?.volumeL ?? 0) * line.units;
    units += line.units;
    count++;
    takeUnits(use, order, line);
    const late = Math.max(0, day - (line.promiseDay ?? order.promiseDay));
    sums.lateness += late * order.lateCostPerDay;
    if (late > 0) sums.lateLines++;
  }
  const price = shipmentPrice(service, lane, kg, litres);
  if (price === Infinity) errors.push(`${at}: ${kg} kg is more than the service or the lane takes`);
  else sums.shipping += price + (ownValue(order.surcharge, service.id) ?? 0);
  use.minutes += node.labor.minutesPerShipment + node.labor.minutesPerLine * count + node.labor.minutesPerUnit * units;
  sums.shippedLines += count;
  sums.shippedUnits += units;
}

function takeUnits(use: NodeUse, order: ProblemOrder, line: OrderLine): void {
  const byChannel = use.units.get(line.sku) ?? new Map<string, number>();
  byChannel.set(order.channel, (byChannel.get(order.channel) ?? 0) + line.units);
  use.units.set(line.sku, byChannel);
}

function closeOrders({ problem, progress, errors }: Book): { split: number; splitOrders: number; unfilled: number; unfilledLines: number } {
  let split = 0;
  let splitOrders = 0;
  let unfilled = 0;
  let unfilledLines = 0;
  for (const order of problem.orders) {
    const known = progress.get(order.id);
    const sent = known?.shipments ?? 0;
    if (sent > (order.maxShipments ?? Infinity)) errors.push(`order ${order.id}: ${sent} shipments, at most ${order.maxShipments}`);
    if (sent > 1) {
      split += (sent - 1) * order.splitCost;
      splitOrders++;
    }
    const open = order.lines.filter((_, index) => known?.shipped.has(index) !== true);
    for (const line of open) unfilled += line.unfilledCostPerUnit * line.units;
    unfilledLines += open.length;
    if (known !== undefined && open.length > 0) checkWhole(order, known, open, errors);
  }
  return { split, splitOrders, unfilled, unfilledLines };
}

function checkWhole(order: ProblemOrder, { shipped }: OrderProgress, open: readonly OrderLine[], errors: string[]): void {
  if (order.shipComplete === true && open.length < order.lines.length)
    errors.push(`order ${order.id}: ships complete, but only a part is shipped`);
  const openBundles = new Set(open.flatMap(({ bundle }) => (bundle === undefined ? [] : [bundle])));
  const broken = new Set(
    order.lines.flatMap(({ bundle }, index) => (bundle !== undefined && shipped.has(index) && openBundles.has(bundle) ? [bundle] : [])),
  );
  for (const bundle of broken) errors.push(`order ${order.id}: bundle ${bundle} is shipped in part`);
}

function closeNodes({ problem, use: uses, errors }: Book): { labor: number; overtimeMinutes: number } {
  let labor = 0;
  let overtimeMinutes = 0;
  for (const node of problem.nodes) {
    const use = uses.get(node.id);
    if (use === undefined) continue;
    for (const [sku, channels] of use.units) {
      let shared = 0;
      for (const [channel, units] of channels) shared += Math.max(0, units - (ownValue(ownValue(node.reserved, channel), sku) ?? 0));
      const stock = ownValue(node.stock, sku) ?? 0;
      if (shared > stock) errors.push(`stock of ${sku} at ${node.id}: ${shared} units needed, ${stock} available`);
    }
    for (const [service, count] of use.sent) {
      const limit = ownValue(node.maxShipments, service);
      if (limit !== undefined && count > limit) errors.push(`node ${node.id}: ${count} shipments by ${service}, at most ${limit}`);
    }
    const cost = minutesCost(node.labor.tiers, use.minutes);
    if (cost === Infinity) errors.push(`labor of ${node.id}: ${use.minutes} minutes are more than the last tier allows`);
    else labor += cost;
    const first = node.labor.tiers[0]?.minutes ?? null;
    if (first !== null) overtimeMinutes += Math.max(0, use.minutes - first);
  }
  return { labor, overtimeMinutes };
}

function lanesByZones(service: ProblemService): Map<string, Map<string, Lane>> {
  const byFrom = new Map<string, Map<string, Lane>>();
  for (const lane of service.lanes) {
    const byTo = byFrom.get(lane.from) ?? new Map<string, Lane>();
    byFrom.set(lane.from, byTo.set(lane.to, lane));
  }
  return byFrom;
}
