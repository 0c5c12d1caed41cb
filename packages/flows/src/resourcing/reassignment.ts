import type { Instant, NodeId } from '@quartermaster/domain';
import { isLive, openLines, type OrderCase } from '@quartermaster/fulfilment';
import type { ReadTransaction, Transaction } from '@quartermaster/journal';
import type { SolveOptions, SourcingProblem } from '@quartermaster/sourcing';
import { commitTimingOf } from '../policy/commit-timing.ts';
import type { FlowSettings } from '../settings.ts';
import { addUnits } from '../stock/stock-view.ts';
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

/** What the orders may take, with what movable lines hold. */
export function withMovable(available: UnitsAt, movable: Movable): UnitsAt {
  if (movable.size === 0) return available;
  const units = new Map([...available].map(([node, skus]) => [node, new Map(skus)]));
  for (const { node, sku, units: held } of heldByMovable([...movable.values()].flat())) addUnits(units, node, sku, held);
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
  movable: Movable,
): Pick<SolveOptions, 'timeLimitMs' | 'incumbent'> {
  const { deadlineSeconds, changeCost } = settings.sourcing;
  const lineIds = new Map(demands.map(({ key, open }) => [key, open.map(({ lineId }) => lineId)]));
  const plan = presentPlan(problem, movable, lineIds);
  return {
    ...(deadlineSeconds === null ? {} : { timeLimitMs: deadlineSeconds * 1_000 }),
    ...(plan === undefined ? {} : { incumbent: { plan, changeCost: Number(changeCost) } }),
  };
}
