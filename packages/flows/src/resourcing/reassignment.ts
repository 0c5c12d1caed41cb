import type { Instant, NodeId, Sku } from '@quartermaster/domain';
import { isLive, openLines, type OrderCase } from '@quartermaster/fulfilment';
import { takenBy, type Recipes } from '@quartermaster/inventory';
import type { ReadTransaction, Transaction } from '@quartermaster/journal';
import type { SolveOptions, SourcingProblem } from '@quartermaster/sourcing';
import { commitTimingOf } from '../policy/commit-timing.ts';
import type { FlowSettings } from '../settings.ts';
import { addUnits } from '../stock/stock-view.ts';
import { partsOf } from '../waves/kit-parts.ts';
import { releaseCircumstances, type ReleaseCircumstances } from '../waves/release-circumstances.ts';
import type { Demand, UnitsAt } from '../waves/sourcing-problem.ts';
import { heldByMovable, movableOf, type MovableLines } from './movable.ts';
import { presentPlan } from './plan-changes.ts';
import { stockDoubts, type StockDoubt } from './stock-doubt.ts';

/** What of the world, beside orders and stock, decides about what may be planned anew. */
export type Circumstances = ReleaseCircumstances & { readonly doubts: readonly StockDoubt[] };

export async function circumstances(tx: ReadTransaction | Transaction, settings: FlowSettings, at: Instant): Promise<Circumstances> {
  return { ...(await releaseCircumstances(tx, settings, at)), doubts: await stockDoubts(tx) };
}

/** Lines that a wave may plan anew, by order. */
export type Movable = ReadonlyMap<string, readonly MovableLines[]>;

/** Movable lines of each of these orders; orders without any are left out. */
export function movableLines(
  cases: readonly OrderCase[],
  at: Instant,
  settings: FlowSettings,
  { outages, pending }: ReleaseCircumstances,
): Movable {
  const isChangeable = ({ scope, order }: OrderCase) => commitTimingOf(settings, { channel: scope.connection, order }) === 'until-release';
  return new Map(
    cases
      .map((each) => [each.key, movableOf(each, { at, settings, outages, pending, untilRelease: isChangeable(each) })] as const)
      .filter(([, lines]) => lines.length > 0),
  );
}

/** What an order asks of the wave: lines that have no node, and those that may move; each with the nodes that may not have it. */
export function demandWith(given: OrderCase, movable: Movable): Demand {
  const moving = movable.get(given.key) ?? [];
  const barred: Record<string, NodeId[]> = {};
  const bar = (lineId: string, node: NodeId) => (barred[lineId] = [...(barred[lineId] ?? []), node]);
  for (const { lineId, node } of given.avoids) bar(lineId, node);
  for (const { lines, leaves, shipment } of moving) if (leaves) for (const { lineId } of lines) bar(lineId, shipment.node);
  return {
    key: given.key,
    channel: given.scope.connection,
    order: given.order,
    open: [...openLines(given), ...moving.flatMap(({ lines }) => lines)],
    live: given.shipments.filter(
      (shipment) => isLive(shipment) && !moving.some((each) => each.shipment === shipment && each.lines.length === shipment.lines.length),
    ).length,
    ...(Object.keys(barred).length === 0 ? {} : { barred }),
  };
}

/** What orders ask, with no line at a node where its SKU was not found any more. */
export function barredWhere(demands: readonly Demand[], notFound: ReadonlyMap<Sku, readonly NodeId[]>): readonly Demand[] {
  if (notFound.size === 0) return demands;
  return demands.map((demand) => {
    const more = demand.open.flatMap(({ lineId, sku }) => {
      const nodes = notFound.get(sku);
      return nodes === undefined ? [] : [[lineId, [...(demand.barred?.[lineId] ?? []), ...nodes]] as const];
    });
    return more.length === 0 ? demand : { ...demand, barred: { ...demand.barred, ...Object.fromEntries(more) } };
  });
}

/** What the orders may take, with what movable lines hold, kits by their parts. */
export function withMovable(available: UnitsAt, movable: Movable, recipes: Recipes): UnitsAt {
  if (movable.size === 0) return available;
  const units = new Map([...available].map(([node, skus]) => [node, new Map(skus)]));
  for (const { node, sku, units: held } of heldByMovable([...movable.values()].flat()))
    for (const [part, taken] of takenBy(recipes, sku, held)) addUnits(units, node, part, taken);
  return units;
}

/** Orders with what of their shipments stays as it is, whatever the wave decides. */
export function withoutMoving(cases: readonly OrderCase[], movable: Movable): OrderCase[] {
  return cases.map((each) => {
    const moving = new Map((movable.get(each.key) ?? []).map(({ shipment, lines }) => [shipment, lines]));
    if (moving.size === 0) return each;
    const shipments = each.shipments.map((shipment) => {
      const gone = moving.get(shipment) ?? [];
      return { ...shipment, lines: shipment.lines.filter((line) => !gone.includes(line)) };
    });
    return { ...each, shipments: shipments.filter(({ lines }) => lines.length > 0) };
  });
}

/** How the optimizer is asked: within the deadline, and calmly, beginning with what is planned now. */
export function solveOptionsFor(
  settings: FlowSettings,
  problem: SourcingProblem,
  demands: readonly Demand[],
  { movable, recipes }: { readonly movable: Movable; readonly recipes: Recipes },
): Pick<SolveOptions, 'timeLimitMs' | 'incumbent'> {
  const { deadlineSeconds, changeCost } = settings.sourcing;
  const lineIds = new Map(demands.map(({ key, open }) => [key, partsOf(open, recipes).map(({ lineId }) => lineId)]));
  const plan = presentPlan(problem, movable, lineIds);
  return {
    ...(deadlineSeconds === null ? {} : { timeLimitMs: deadlineSeconds * 1_000 }),
    ...(plan === undefined ? {} : { incumbent: { plan, changeCost: Number(changeCost) } }),
  };
}
