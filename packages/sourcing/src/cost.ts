import { laborCost, shippingPrice } from './compile.ts';
import { ownValue } from './id-record.ts';
import type { PlanShipment } from './plan.ts';
import type { Lane, OrderLine, ProblemNode, ProblemOrder, ProblemService, SourcingProblem } from './problem.ts';

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

/** Checks shipments against every rule of the contract and adds up what they cost; straight from the problem, sharing nothing with the search but the price of a lane. */
export function auditShipments(problem: SourcingProblem, shipments: readonly PlanShipment[]): Audit {
  const book = new AuditBook(problem);
  for (const shipment of shipments) book.addShipment(shipment);
  return book.close(shipments.length);
}

interface OrderProgress {
  shipments: number;
  readonly shipped: Set<number>;
}

interface NodeUse {
  readonly units: Map<string, Map<string, number>>;
  readonly sent: Map<string, number>;
  minutes: number;
}

/** The running sums of one audit. */
class AuditBook {
  readonly #problem: SourcingProblem;
  readonly #skus: ReadonlyMap<string, { readonly weightKg: number; readonly volumeL: number }>;
  readonly #nodes: ReadonlyMap<string, ProblemNode>;
  readonly #services: ReadonlyMap<string, ProblemService>;
  readonly #orders: ReadonlyMap<string, ProblemOrder>;
  readonly #lanes: ReadonlyMap<string, ReadonlyMap<string, ReadonlyMap<string, Lane>>>;
  readonly #progress = new Map<string, OrderProgress>();
  readonly #use: ReadonlyMap<string, NodeUse>;
  readonly #errors: string[] = [];
  #shipping = 0;
  #lateness = 0;
  #lateLines = 0;
  #shippedLines = 0;
  #shippedUnits = 0;

  constructor(problem: SourcingProblem) {
    this.#problem = problem;
    this.#skus = new Map(problem.skus.map((sku) => [sku.id, sku]));
    this.#nodes = new Map(problem.nodes.map((node) => [node.id, node]));
    this.#services = new Map(problem.services.map((service) => [service.id, service]));
    this.#orders = new Map(problem.orders.map((order) => [order.id, order]));
    this.#lanes = new Map(problem.services.map((service) => [service.id, lanesByZones(service)]));
    this.#use = new Map(problem.nodes.map((node) => [node.id, { units: new Map(), sent: new Map(), minutes: 0 }]));
  }

  addShipment(shipment: PlanShipment): void {
    const at = `shipment of ${shipment.order} from ${shipment.node} by ${shipment.service}`;
    const order = this.#orders.get(shipment.order);
    const node = this.#nodes.get(shipment.node);
    const service = this.#services.get(shipment.service);
    const use = this.#use.get(shipment.node);
    if (order === undefined || node === undefined || service === undefined || use === undefined) {
      this.#errors.push(`${at}: unknown ${order === undefined ? 'order' : node === undefined ? 'node' : 'service'}`);
      return;
    }
    const lane = this.#lanes.get(service.id)?.get(node.zone)?.get(order.zone);
    if (lane === undefined) {
      this.#errors.push(`${at}: no lane from ${node.zone} to ${order.zone}`);
      return;
    }
    if (shipment.lines.length === 0) {
      this.#errors.push(`${at}: no lines`);
      return;
    }
    if (node.services?.includes(service.id) === false) this.#errors.push(`${at}: the node does not offer the service`);
    if (order.services?.includes(service.id) === false) this.#errors.push(`${at}: the order does not allow the service`);
    if (order.eligibleNodes?.includes(node.id) === false) this.#errors.push(`${at}: the node is not eligible`);
    this.#addLines(at, shipment, order, node, service, lane, use);
  }

  #addLines(
    at: string,
    shipment: PlanShipment,
    order: ProblemOrder,
    node: ProblemNode,
    service: ProblemService,
    lane: Lane,
    use: NodeUse,
  ): void {
    const progress = this.#progress.get(order.id) ?? { shipments: 0, shipped: new Set<number>() };
    this.#progress.set(order.id, progress);
    progress.shipments++;
    use.sent.set(service.id, (use.sent.get(service.id) ?? 0) + 1);
    const dispatchDay = ownValue(node.dispatchDay, service.id) ?? (this.#problem.decisionMinute <= node.cutoffMinute ? 0 : 1);
    const day = dispatchDay + lane.transitDays;
    let kg = 0;
    let litres = 0;
    let units = 0;
    let count = 0;
    for (const index of shipment.lines) {
      const line = order.lines[index];
      if (line === undefined || progress.shipped.has(index)) {
        this.#errors.push(line === undefined ? `${at}: there is no line ${index}` : `${at}: line ${index} is shipped twice`);
        continue;
      }
      progress.shipped.add(index);
      if (line.eligibleNodes?.includes(node.id) === false) this.#errors.push(`${at}: the node is not eligible for line ${index}`);
      if (line.services?.includes(service.id) === false) this.#errors.push(`${at}: the service is not allowed for line ${index}`);
      const sku = this.#skus.get(line.sku);
      kg += (sku?.weightKg ?? 0) * line.units;
      litres += (sku?.volumeL ?? 0) * line.units;
      units += line.units;
      count++;
      this.#takeUnits(use, order, line);
      const late = Math.max(0, day - (line.promiseDay ?? order.promiseDay));
      this.#lateness += late * order.lateCostPerDay;
      if (late > 0) this.#lateLines++;
    }
    const price = shippingPrice(service, lane, kg, litres);
    if (price === Infinity) this.#errors.push(`${at}: ${kg} kg is more than the service or the lane takes`);
    else this.#shipping += price + (ownValue(order.surcharge, service.id) ?? 0);
    use.minutes += node.labor.minutesPerShipment + node.labor.minutesPerLine * count + node.labor.minutesPerUnit * units;
    this.#shippedLines += count;
    this.#shippedUnits += units;
  }

  #takeUnits(use: NodeUse, order: ProblemOrder, line: OrderLine): void {
    const byChannel = use.units.get(line.sku) ?? new Map<string, number>();
    byChannel.set(order.channel, (byChannel.get(order.channel) ?? 0) + line.units);
    use.units.set(line.sku, byChannel);
  }

  close(shipments: number): Audit {
    let split = 0;
    let splitOrders = 0;
    let unfilled = 0;
    let unfilledLines = 0;
    for (const order of this.#problem.orders) {
      const progress = this.#progress.get(order.id);
      const sent = progress?.shipments ?? 0;
      if (sent > (order.maxShipments ?? Infinity)) this.#errors.push(`order ${order.id}: ${sent} shipments, at most ${order.maxShipments}`);
      if (sent > 1) {
        split += (sent - 1) * order.splitCost;
        splitOrders++;
      }
      const open = order.lines.filter((_, index) => progress?.shipped.has(index) !== true);
      for (const line of open) unfilled += line.unfilledCostPerUnit * line.units;
      unfilledLines += open.length;
      this.#checkWhole(order, progress, open);
    }
    const { labor, overtimeMinutes } = this.#closeNodes();
    const cost = {
      total: this.#shipping + labor + this.#lateness + split + unfilled,
      shipping: this.#shipping,
      labor,
      lateness: this.#lateness,
      split,
      unfilled,
    };
    const stats = {
      shipments,
      splitOrders,
      shippedLines: this.#shippedLines,
      unfilledLines,
      lateLines: this.#lateLines,
      shippedUnits: this.#shippedUnits,
      overtimeMinutes,
    };
    return { errors: this.#errors, cost, stats };
  }

  #checkWhole(order: ProblemOrder, progress: OrderProgress | undefined, open: readonly OrderLine[]): void {
    if (progress === undefined || open.length === 0) return;
    if (order.shipComplete === true && open.length < order.lines.length)
      this.#errors.push(`order ${order.id}: ships complete, but only a part is shipped`);
    const openBundles = new Set(open.flatMap(({ bundle }) => (bundle === undefined ? [] : [bundle])));
    const broken = new Set(
      order.lines.flatMap(({ bundle }, index) =>
        bundle !== undefined && progress.shipped.has(index) && openBundles.has(bundle) ? [bundle] : [],
      ),
    );
    for (const bundle of broken) this.#errors.push(`order ${order.id}: bundle ${bundle} is shipped in part`);
  }

  #closeNodes(): { labor: number; overtimeMinutes: number } {
    let labor = 0;
    let overtimeMinutes = 0;
    for (const node of this.#problem.nodes) {
      const use = this.#use.get(node.id);
      if (use === undefined) continue;
      for (const [sku, channels] of use.units) {
        let shared = 0;
        for (const [channel, units] of channels) shared += Math.max(0, units - (ownValue(ownValue(node.reserved, channel), sku) ?? 0));
        const stock = ownValue(node.stock, sku) ?? 0;
        if (shared > stock) this.#errors.push(`stock of ${sku} at ${node.id}: ${shared} units needed, ${stock} available`);
      }
      for (const [service, count] of use.sent) {
        const limit = ownValue(node.maxShipments, service);
        if (limit !== undefined && count > limit) this.#errors.push(`node ${node.id}: ${count} shipments by ${service}, at most ${limit}`);
      }
      const cost = laborCost(node.labor.tiers, use.minutes);
      if (cost === Infinity) this.#errors.push(`labor of ${node.id}: ${use.minutes} minutes are more than the last tier allows`);
      else labor += cost;
      const first = node.labor.tiers[0]?.minutes ?? null;
      if (first !== null) overtimeMinutes += Math.max(0, use.minutes - first);
    }
    return { labor, overtimeMinutes };
  }
}

function lanesByZones(service: ProblemService): Map<string, Map<string, Lane>> {
  const byFrom = new Map<string, Map<string, Lane>>();
  for (const lane of service.lanes) {
    const byTo = byFrom.get(lane.from) ?? new Map<string, Lane>();
    byFrom.set(lane.from, byTo.set(lane.to, lane));
  }
  return byFrom;
}
