import { readCertificate } from './bound.ts';
import { CertificateError } from './certify.ts';
import { compile, poolsOf, stockRow, type Compiled, type Numbers } from './compile.ts';
import { book, emptyLedger, shipmentMinutes, type Ledger, type Shipment } from './ledger.ts';
import { sourcesOf, type Option } from './sources.ts';
import type { PlanShipment, SourcingPlan } from './plan.ts';
import { pricer, type Pricer } from './pricer.ts';
import { cutPrice, startPrices, unitPrice, type Prices } from './prices.ts';
import { parsedOnce, type SourcingProblem } from './problem.ts';

/** A problem and a plan of it, by indexes: what every explanation reads. */
export interface PlanView {
  readonly given: Pricer;
  readonly shipments: readonly PlanShipment[];
  /** The prices of the plan's certificate; without one only the first labor rates. */
  readonly prices: Prices;
  /** Value at the certificate's prices of stock that no order asks for. */
  readonly idleValue: number;
  /** What the plan takes of stock, reservations, minutes and caps. */
  readonly ledger: Ledger;
  readonly shipmentsOf: ReadonlyMap<number, readonly PricedShipment[]>;
}

/** A shipment with the parts of its price. */
export interface PricedShipment extends Shipment {
  readonly option: Option;
  /** Lane price and surcharge. */
  readonly shipping: number;
  readonly lateness: number;
}

/**
 * Reads a plan beside its problem.
 *
 * @throws SourcingInputError where the problem is not valid, CertificateError where a shipment or a price of the plan does not fit it
 */
export function planView(problem: SourcingProblem, plan: SourcingPlan): PlanView {
  const compiled = compile(parsedOnce(problem));
  const read = plan.certificate === undefined ? undefined : readCertificate(compiled, plan.certificate);
  const ledger = emptyLedger(compiled);
  const shipmentsOf = new Map<number, PricedShipment[]>();
  const orderNumber = new Map(compiled.problem.orders.map(({ id }, number) => [id, number]));
  for (const shipment of plan.shipments) {
    const order = orderNumber.get(shipment.order);
    if (order === undefined) throw new CertificateError(`plan: the shipment of ${shipment.order} does not fit the problem`);
    const planned = namedShipment(compiled, order, shipment);
    if (planned === undefined)
      throw new CertificateError(
        `plan: ${shipment.node} cannot ship lines ${shipment.lines.join()} of ${shipment.order} by ${shipment.service}`,
      );
    book(ledger, order, planned);
    shipmentsOf.set(order, [...(shipmentsOf.get(order) ?? []), planned]);
  }
  return {
    given: pricer(compiled, { complete: true }),
    shipments: plan.shipments,
    prices: read?.prices ?? startPrices(compiled),
    idleValue: read?.idleValue ?? 0,
    ledger,
    shipmentsOf,
  };
}

/** A shipment by ids as one by indexes; undefined where the order has no such node, service or line, or the lines are too heavy. */
export function namedShipment(
  compiled: Compiled,
  order: number,
  { node: nodeId, service: serviceId, lines }: Pick<PlanShipment, 'node' | 'service' | 'lines'>,
): PricedShipment | undefined {
  const node = compiled.nodeIndex.get(nodeId);
  const service = compiled.serviceIndex.get(serviceId);
  const source = sourcesOf(compiled, order).find((each) => each.node === node);
  const option = source?.options.find((each) => each.service === service);
  if (source === undefined || option === undefined) return undefined;
  if (lines.length === 0 || lines.some((line) => source.can[line] !== true || option.allowed[line] !== true)) return undefined;
  const planned = pricedShipment(compiled, order, source.node, option, lines);
  return planned.shipping === Infinity ? undefined : planned;
}

/** What a shipment of some lines costs by itself. */
export function pricedShipment(compiled: Numbers, order: number, node: number, option: Option, lines: readonly number[]): PricedShipment {
  const start = compiled.lineStart[order]!;
  let kg = 0;
  let litres = 0;
  let lateness = 0;
  for (const line of lines) {
    kg += compiled.lineKg[start + line]!;
    litres += compiled.lineLitres[start + line]!;
    lateness += option.lateCost[line]!;
  }
  const shipping = option.price(kg, litres) + option.surcharge;
  const minutes = shipmentMinutes(compiled, order, node, lines);
  return { node, service: option.service, slot: option.slot, lines, cost: shipping + lateness, minutes, option, shipping, lateness };
}

/**
 * What a plan of one order costs, term by term, at the shadow prices: `own` is what it pays itself, with labor at the price of a minute;
 * `stock` and `cap` are what others lose because this order takes the units and the capped shipments.
 */
export interface CostAtPrices {
  readonly total: number;
  readonly shipping: number;
  readonly labor: number;
  readonly lateness: number;
  readonly split: number;
  readonly unfilled: number;
  readonly stock: number;
  readonly cap: number;
}

/** The cost at the prices of an order's shipments; lines in none of them stay open. */
export function costAtPrices({ given, prices }: PlanView, order: number, shipments: readonly PricedShipment[]): CostAtPrices {
  const { compiled } = given;
  const start = compiled.lineStart[order]!;
  const { lines, splitCost } = compiled.problem.orders[order]!;
  const pools = poolsOf(compiled, order);
  const terms = { shipping: 0, labor: 0, lateness: 0, split: Math.max(0, shipments.length - 1) * splitCost, unfilled: 0, stock: 0, cap: 0 };
  const open = new Set(lines.keys());
  for (const shipment of shipments) {
    terms.shipping += shipment.shipping;
    terms.lateness += shipment.lateness;
    terms.labor += shipment.minutes * prices.labor[shipment.node]!;
    if (shipment.slot >= 0) terms.cap += prices.slot[shipment.slot]!;
    for (const line of shipment.lines) {
      open.delete(line);
      const row = stockRow(compiled, shipment.node, compiled.lineSku[start + line]!);
      const units = compiled.lineUnits[start + line]!;
      terms.stock += units * unitPrice(prices, row, pools) + cutPrice(prices, row, units);
    }
  }
  for (const line of open) terms.unfilled += compiled.lineOpenCost[start + line]!;
  return { total: Object.values(terms).reduce((sum, term) => sum + term, 0), ...terms };
}
