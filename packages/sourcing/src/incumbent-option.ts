import type { Compiled } from './compile.ts';
import type { EarlierPlan } from './earlier-plan.ts';
import type { Shipment } from './ledger.ts';
import { readShipments } from './plan-shipments.ts';
import { planParsedOnce, type Certificate, type PlanShipment, type SourcingPlan } from './plan.ts';
import { SourcingInputError } from './problem.ts';

/** An earlier plan as a start: what of it is still possible, its prices, and what it was above its bound. */
export interface EarlierSolution {
  readonly plan: EarlierPlan;
  readonly certificate: Certificate;
  readonly gap: number;
}

/**
 * Reads an earlier plan for the problem.
 *
 * @throws SourcingInputError where it is no plan or the change cost is no number from 0 up; paths start at `incumbent`
 */
export function readIncumbent(compiled: Compiled, given: { readonly plan: SourcingPlan; readonly changeCost?: number }): EarlierSolution {
  const { changeCost = 0 } = given;
  if (!(changeCost >= 0 && changeCost < Infinity))
    throw new SourcingInputError([{ path: 'incumbent.changeCost', message: 'The change cost must be a number from 0 up' }]);
  const { shipments, certificate = {}, claim = {} } = readPlan(given.plan);
  const { totalCost = 0, lowerBound = totalCost, certifiedBound = lowerBound } = claim;
  return { plan: { plans: earlierShipments(compiled, shipments), changeCost }, certificate, gap: totalCost - certifiedBound };
}

function readPlan(plan: SourcingPlan): SourcingPlan {
  try {
    return planParsedOnce(plan);
  } catch (error) {
    if (!(error instanceof SourcingInputError)) throw error;
    throw new SourcingInputError(error.issues.map(({ path, message }) => ({ path: `incumbent.plan.${path}`, message })));
  }
}

/** The shipments of an earlier plan that are still possible for their orders; orders of it that are gone, or now ask for something else, are left out. */
function earlierShipments(compiled: Compiled, shipments: readonly PlanShipment[]): (readonly Shipment[] | undefined)[] {
  const byOrder = new Map<string, PlanShipment[]>();
  for (const shipment of shipments) {
    const known = byOrder.get(shipment.order);
    if (known === undefined) byOrder.set(shipment.order, [shipment]);
    else known.push(shipment);
  }
  return compiled.problem.orders.map(({ id }, order) => {
    const given = byOrder.get(id);
    if (given === undefined) return undefined;
    const read = readShipments(compiled, order, given);
    return read.kind === 'possible' ? read.shipments : undefined;
  });
}
