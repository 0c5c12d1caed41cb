import type { Compiled } from './compile.ts';
import { earlierShipments, type EarlierPlan } from './earlier-plan.ts';
import { parsePlan, type Certificate, type SourcingPlan } from './plan.ts';
import { SourcingInputError } from './problem.ts';

/**
 * Reads an earlier plan for the problem.
 *
 * @throws SourcingInputError where it is no plan or the change cost is no number from 0 up; paths start at `incumbent`
 */
export function readIncumbent(
  compiled: Compiled,
  given: { readonly plan: SourcingPlan; readonly changeCost?: number },
): { readonly earlier: EarlierPlan; readonly certificate: Certificate; readonly gap: number } {
  const { changeCost = 0 } = given;
  if (!(changeCost >= 0 && changeCost < Infinity))
    throw new SourcingInputError([{ path: 'incumbent.changeCost', message: 'The change cost must be a number from 0 up' }]);
  const { shipments, certificate = {}, claim } = readPlan(given.plan);
  const gap = (claim?.totalCost ?? 0) - (claim?.certifiedBound ?? claim?.lowerBound ?? claim?.totalCost ?? 0);
  return { earlier: { plans: earlierShipments(compiled, shipments), changeCost }, certificate, gap };
}

function readPlan(plan: SourcingPlan): SourcingPlan {
  try {
    return parsePlan(plan);
  } catch (error) {
    if (!(error instanceof SourcingInputError)) throw error;
    throw new SourcingInputError(error.issues.map(({ path, message }) => ({ path: `incumbent.plan.${path}`, message })));
  }
}
