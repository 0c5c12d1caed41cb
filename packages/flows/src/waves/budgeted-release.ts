import { formatMoney, type Instant } from '@quartermaster/domain';
import type { OrderCase, ReleasePlan } from '@quartermaster/fulfilment';
import type { Transaction } from '@quartermaster/journal';
import type { FlowContext } from '../context.ts';
import { expectedLabelCost, labelBudget, tellBudget, withinBudget } from '../policy/label-budget.ts';
import type { ReleaseStanding } from './release-standing.ts';

type Budgeting = ReleaseStanding & {
  readonly cases: readonly OrderCase[];
  /** Shipments that a batch of the ERP waits for; they are let go for certain. */
  readonly pending: ReadonlySet<string>;
  readonly at: Instant;
  readonly budget: 'kept' | 'approved';
};

/** What of a release the day's budget for labels leaves; a person is told of what waits for it. */
export async function withinDay(
  tx: Transaction,
  context: FlowContext,
  { plan: all, named, cases, pending, at, budget }: Budgeting,
): Promise<ReleasePlan> {
  const left = await labelBudget(tx, context.settings, { cases, pending, at });
  if (left === null) return all;
  const why = `the day's budget for labels of ${formatMoney(left.budget)} does not hold them`;
  if (budget === 'approved') {
    await tellBudget(tx, context, [], why);
    return all;
  }
  const shipments = new Map(cases.flatMap((each) => each.shipments.map((shipment) => [JSON.stringify([each.key, shipment.id]), shipment])));
  const costOf = (id: string): number => {
    const name = named.get(id);
    const shipment = name === undefined ? undefined : shipments.get(JSON.stringify([name.order, name.shipment]));
    return shipment === undefined ? 0 : expectedLabelCost(shipment);
  };
  const plan = withinBudget(all, costOf, left.leftMinor, why);
  await tellBudget(
    tx,
    context,
    plan.later.slice(all.later.length).map(({ id }) => id),
    why,
  );
  return plan;
}
