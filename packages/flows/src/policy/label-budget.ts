import { localDate, moneyFromDecimal, type Instant, type Money } from '@quartermaster/domain';
import { accrualSchema } from '@quartermaster/freight';
import { limitsSchema, unlabelledParcels, type OrderCase, type ReleasePlan, type Shipment } from '@quartermaster/fulfilment';
import type { ReadTransaction, Transaction } from '@quartermaster/journal';
import { z } from 'zod';
import { ownerOf, type FlowContext } from '../context.ts';
import type { FlowSettings } from '../settings.ts';

/** What may be spent without a person. */
export const budgetsSchema = z
  .strictObject({
    /** On labels in a day of the plan's zone, in the company's currency; what would go beyond waits for a supervisor, who releases it. */
    labelsPerDay: limitsSchema.default({}),
  })
  .prefault({});

/** What a release costs by what was expected of its shipments, in minor units of the company's currency. */
export function expectedLabelCost({ estimate }: Shipment): number {
  return estimate.minorByTerm['shipping'] ?? 0;
}

/**
 * A release that keeps within what is left: shipments in their order, each that fits; a dearer one that does not fit waits and lets a cheaper one behind it go. Pure.
 */
export function withinBudget(plan: ReleasePlan, costOf: (id: string) => number, leftMinor: number, why: string): ReleasePlan {
  let left = leftMinor;
  const later: string[] = [];
  const groups = plan.groups.flatMap((group) => {
    const shipments = group.shipments.filter((id) => {
      const fits = costOf(id) <= left;
      if (fits) left -= costOf(id);
      else later.push(id);
      return fits;
    });
    return shipments.length === 0 ? [] : [{ ...group, shipments }];
  });
  return { ...plan, groups, later: [...plan.later, ...later.map((id) => ({ id, why, until: null }))] };
}

/** The day's budget for labels and what is left of it; null where there is none. Counted are labels bought today, and what was released, or waits for its batch, and has none yet. */
export async function labelBudget(
  tx: ReadTransaction | Transaction,
  settings: FlowSettings,
  { cases, pending, at }: { readonly cases: readonly OrderCase[]; readonly pending: ReadonlySet<string>; readonly at: Instant },
): Promise<{ readonly budget: Money; readonly leftMinor: number } | null> {
  const limit = settings.budgets.labelsPerDay[settings.currency];
  if (limit === undefined) return null;
  const budget = moneyFromDecimal(limit, settings.currency);
  const bought = await tx.records.list('accrual', accrualSchema, { states: [localDate(at, settings.zone)], limit: mostLabels });
  const spent = bought
    .filter(({ body }) => body.voidedOn === null && body.price.currency === settings.currency)
    .reduce((sum, { body }) => sum + body.price.minor, 0);
  const isGoing = (key: string, { id, released: isReleased }: Shipment) => isReleased || pending.has(JSON.stringify([key, id]));
  const released = cases.flatMap(({ key, shipments }) => shipments.filter((each) => isGoing(key, each) && isUnlabelled(each)));
  const committed = released.reduce((sum, shipment) => sum + expectedLabelCost(shipment), 0);
  return { budget, leftMinor: budget.minor - spent - committed };
}

/** Tells a person that shipments wait for the budget, or that none does any more. */
export async function tellBudget(tx: Transaction, context: FlowContext, waiting: readonly string[], why: string): Promise<void> {
  const at = context.clock.now();
  const which = { code: labelBudgetCode, subjectKey: 'budget/labels' };
  if (waiting.length === 0) await tx.exceptions.resolve(which, { by: 'quartermaster', reason: 'nothing waits for it any more', at });
  else
    await tx.exceptions.raise({
      ...which,
      owner: ownerOf(context.settings, labelBudgetCode),
      reason: `${waiting.length} shipments wait: ${why}`,
      at,
    });
}

export const labelBudgetCode = 'label-budget-spent';

function isUnlabelled(shipment: Shipment): boolean {
  return (shipment.state === 'planned' || shipment.state === 'written') && unlabelledParcels(shipment).length > 0;
}

const mostLabels = 100_000;
