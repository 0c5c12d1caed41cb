import { certifiedBound, CertificateError } from './certify.ts';
import { auditShipments, type CostByTerm, type PlanStats } from './cost.ts';
import type { SourcingPlan } from './plan.ts';
import type { SourcingProblem } from './problem.ts';

/** What a plan is worth, found without any solver and without any code of ours that made plans or prices. */
export interface Verification {
  /** Every hard rule is kept and no claim contradicts what was recomputed. */
  readonly feasible: boolean;
  readonly errors: readonly string[];
  readonly cost: CostByTerm;
  /** Relative distance of the cost from the claimed lower bound; null without a claim or at cost 0. */
  readonly gap: number | null;
  /** The lower bound that the certificate proves, recomputed; null without a (sound) certificate. */
  readonly certifiedBound: number | null;
  readonly stats: PlanStats;
}

/** Relative tolerance of claims against recomputed numbers. */
const claimTolerance = 1e-6;

/** Checks a plan against its problem: hard rules, cost by term, claims, and what its certificate proves. */
export function verifyPlan(problem: SourcingProblem, plan: SourcingPlan): Verification {
  const audit = auditShipments(problem, plan.shipments);
  const errors = [...audit.errors];
  const { total } = audit.cost;
  const slack = claimTolerance * Math.max(1, Math.abs(total));
  const proven = provenBound(problem, plan, errors);
  const claim = plan.claim;
  if (claim?.totalCost !== undefined && !(Math.abs(claim.totalCost - total) <= slack))
    errors.push(`claim: the cost is ${total}, not ${claim.totalCost}`);
  if (claim?.lowerBound !== undefined) {
    if (!(claim.lowerBound <= total + slack)) errors.push(`claim: the lower bound ${claim.lowerBound} is above the cost ${total}`);
    if (claim.proof !== 'solver') checkClaim('lower bound', claim.lowerBound, proven, errors);
  }
  if (claim?.certifiedBound !== undefined) checkClaim('certified bound', claim.certifiedBound, proven, errors);
  const gap = claim?.lowerBound === undefined || total === 0 ? null : (total - claim.lowerBound) / total;
  return { feasible: errors.length === 0, errors, cost: audit.cost, gap, certifiedBound: proven, stats: audit.stats };
}

function provenBound(problem: SourcingProblem, plan: SourcingPlan, errors: string[]): number | null {
  if (plan.certificate === undefined) return null;
  try {
    return certifiedBound(problem, plan.certificate);
  } catch (error) {
    if (!(error instanceof CertificateError)) throw error;
    errors.push(error.message);
    return null;
  }
}

function checkClaim(what: string, claimed: number, proven: number | null, errors: string[]): void {
  if (proven === null) errors.push(`claim: the ${what} ${claimed} has no certificate`);
  else if (!(claimed <= proven + claimTolerance * Math.max(1, Math.abs(proven))))
    errors.push(`claim: the certificate proves ${proven}, not the ${what} ${claimed}`);
}
