import { lacksOf, type Holders, type Lack } from './alternatives.ts';
import { stockRow } from './compile.ts';
import { withoutRows } from './construct.ts';
import { auditShipments, type CostByTerm } from './cost.ts';
import { unbook, type Ledger } from './ledger.ts';
import type { PlanShipment } from './plan.ts';
import { costAtPrices, type PlanView, type PricedShipment } from './plan-view.ts';
import { orderBound } from './pricer.ts';
import type { SourcingProblem } from './problem.ts';
import { remainderProblem } from './remainder.ts';
import { solve } from './solve.ts';
import type { MipSolver } from './solver-port.ts';

/** How much of a plan is solved again around a change. */
export interface ResolveOptions {
  /** Orders that may move; default 40. All of them: the whole problem is solved again. */
  readonly orders?: number;
  /** Proves the neighbourhood optimal. */
  readonly solver?: MipSolver;
  /** As of `solve`; default 2,000, which is plenty for some dozens of orders. */
  readonly workLimit?: number;
}

/** What an order would lose at the prices if it left the stock of its plan at the given nodes, or at all nodes. */
export function lossOfLeaving(view: PlanView, order: number, nodes?: ReadonlySet<number>): number {
  const { given, prices, shipmentsOf } = view;
  const { compiled } = given;
  const own = shipmentsOf.get(order) ?? [];
  const rows = own.flatMap(({ node, lines }) =>
    nodes?.has(node) === false ? [] : lines.map((line) => stockRow(compiled, node, compiled.lineSku[compiled.lineStart[order]! + line]!)),
  );
  return withoutRows(prices, rows, () => orderBound(given, order, prices)) - costAtPrices(view, order, own).total;
}

/** Lets holders of what the shipments need go, who loses least first, until they fit; `lacks` is what is then still missing. */
export function whoMustMove(
  view: PlanView,
  holders: Holders,
  order: number,
  forced: readonly PricedShipment[],
): { orders: number[]; lacks: Lack[] } {
  const { compiled } = view.given;
  const ledger: Ledger = {
    compiled,
    sharedUsed: Float64Array.from(view.ledger.sharedUsed),
    poolUsed: Float64Array.from(view.ledger.poolUsed),
    minutes: Float64Array.from(view.ledger.minutes),
    slotUsed: Float64Array.from(view.ledger.slotUsed),
  };
  const release = (each: number): void => {
    for (const shipment of view.shipmentsOf.get(each) ?? []) unbook(ledger, each, shipment);
  };
  release(order);
  const nodes = new Set(forced.map(({ node }) => node));
  const there = [...view.shipmentsOf]
    .filter(([each, shipments]) => each !== order && shipments.some(({ node }) => nodes.has(node)))
    .map(([each]) => ({ each, loss: lossOfLeaving(view, each, nodes) }))
    .sort((left, right) => left.loss - right.loss || left.each - right.each);
  const orders: number[] = [];
  let lacks = lacksOf({ ...view, ledger }, holders, order, forced);
  for (const { each } of there) {
    if (lacks.length === 0) break;
    if (!relieves(view, each, lacks)) continue;
    release(each);
    orders.push(each);
    lacks = lacksOf({ ...view, ledger }, holders, order, forced);
  }
  return { orders, lacks };
}

function relieves(view: PlanView, order: number, lacks: readonly Lack[]): boolean {
  const { problem } = view.given.compiled;
  return (view.shipmentsOf.get(order) ?? []).some(({ node, service, lines }) =>
    lacks.some((lack) => {
      if (lack.node !== problem.nodes[node]!.id) return false;
      if (lack.kind === 'stock') return lines.some((line) => problem.orders[order]!.lines[line]!.sku === lack.sku);
      return lack.kind === 'labor' || lack.service === problem.services[service]!.id;
    }),
  );
}

/**
 * Orders that compete with the given ones for stock that has a price or is used up, and those that compete with them, up to `most` in all; of the rivals of one SKU those first
 * that lose least by leaving their place. The given ones come first.
 */
export function rivalsOf(view: PlanView, holders: Holders, seeds: readonly number[], most: number): number[] {
  const { compiled } = view.given;
  const wanting = Array.from({ length: compiled.skuCount }, (): number[] => []);
  for (const [line, sku] of compiled.lineSku.entries())
    if (wanting[sku]!.at(-1) !== compiled.lineOrder[line]!) wanting[sku]!.push(compiled.lineOrder[line]!);
  const found = new Set(seeds);
  const seen = new Set<number>();
  for (const order of found) {
    for (let line = compiled.lineStart[order]!; line < compiled.lineStart[order + 1]!; line++) {
      const sku = compiled.lineSku[line]!;
      if (seen.has(sku) || !isContested(view, holders, sku)) continue;
      seen.add(sku);
      const rivals = wanting[sku]!.filter((each) => !found.has(each)).map((each) => ({ each, loss: lossOfLeaving(view, each) }));
      rivals.sort((left, right) => left.loss - right.loss || left.each - right.each);
      for (const { each } of rivals.slice(0, Math.ceil(most / shareOfSku))) {
        if (found.size >= most) return [...found];
        found.add(each);
      }
    }
  }
  return [...found];
}

/** Rivals for one SKU fill at most this part of a neighbourhood, so that all SKUs of an order have their turn. */
const shareOfSku = 4;

function isContested({ given, prices, ledger }: PlanView, { ofRow }: Holders, sku: number): boolean {
  const { compiled } = given;
  for (let node = 0; node < compiled.nodeCount; node++) {
    const row = stockRow(compiled, node, sku);
    if (prices.stock[row]! > 0 || prices.hasCuts[row] === 1) return true;
    if (ofRow.has(row) && ledger.sharedUsed[row]! >= compiled.stock[row]!) return true;
  }
  return false;
}

/** Some orders solved again while all others keep what they have. */
export interface Resolved {
  /** Of all orders: as in the problem, then nodes as in the problem, then first line. */
  readonly shipments: readonly PlanShipment[];
  readonly cost: CostByTerm;
  /** Proven: no other plan of these orders is cheaper beside the others. */
  readonly proven: boolean;
}

/** Solves some orders again beside the shipments `kept` of all the others. */
export async function resolveBeside(
  problem: SourcingProblem,
  orders: ReadonlySet<string>,
  kept: readonly PlanShipment[],
  { solver, workLimit = 2_000 }: ResolveOptions,
): Promise<Resolved> {
  const chosen = problem.orders.filter(({ id }) => orders.has(id));
  const { plan, method } = await solve(remainderProblem(problem, chosen, kept), { workLimit, ...(solver === undefined ? {} : { solver }) });
  const shipments = inOrder(problem, [...kept, ...plan.shipments]);
  return { shipments, cost: auditShipments(problem, shipments).cost, proven: method === 'exact' };
}

function inOrder(problem: SourcingProblem, shipments: readonly PlanShipment[]): PlanShipment[] {
  const orderAt = new Map(problem.orders.map(({ id }, index) => [id, index]));
  const nodeAt = new Map(problem.nodes.map(({ id }, index) => [id, index]));
  return shipments.toSorted(
    (left, right) =>
      orderAt.get(left.order)! - orderAt.get(right.order)! ||
      nodeAt.get(left.node)! - nodeAt.get(right.node)! ||
      left.lines[0]! - right.lines[0]!,
  );
}
