import { z } from 'zod';
import { idRecord } from './id-record.ts';
import { pathText, SourcingInputError } from './problem.ts';

const price = z.number().nonnegative();

const roundingCut = z.object({ node: z.string(), sku: z.string(), num: z.int().nonnegative(), den: z.int().positive(), price });

const certificate = z.object({
  stockPrices: idRecord(idRecord(price)).optional(),
  laborPrices: idRecord(price).optional(),
  reservedPrices: idRecord(idRecord(idRecord(price))).optional(),
  shipmentPrices: idRecord(idRecord(price)).optional(),
  roundingCuts: z.array(roundingCut).optional(),
});

const claim = z.object({
  totalCost: z.number().optional(),
  lowerBound: z.number().optional(),
  proof: z.string().optional(),
  certifiedBound: z.number().optional(),
});

const shipment = z.object({ order: z.string(), node: z.string(), service: z.string(), lines: z.array(z.number()) });

const plan = z.object({
  format: z.literal('quartermaster/sourcing-plan@1'),
  problem: z.string().optional(),
  shipments: z.array(shipment),
  claim: claim.optional(),
  certificate: certificate.optional(),
});

/**
 * Which lines of which order leave which node by which service, with the claimed cost and bound and the shadow prices that prove the bound: `contracts/sourcing.md`, version 1.
 * `lines` are indexes into the order's lines; a line in no shipment stays open. Prices are per unit (stock, reservations), per minute (labor) and per shipment (capped services).
 */
export type SourcingPlan = z.infer<typeof plan>;
export type PlanShipment = z.infer<typeof shipment>;
export type PlanClaim = z.infer<typeof claim>;
/** Shadow prices as the plan carries them: for any such prices the Lagrangian bound is at most the cost of every feasible plan. */
export type Certificate = z.infer<typeof certificate>;

/**
 * Reads a plan of any author: unknown keys are left out, ids are any strings. Whether it fits a problem is for `verifyPlan` to say.
 *
 * @throws SourcingInputError with the path of each field that is not of a plan's form
 */
export function parsePlan(input: unknown): SourcingPlan {
  const parsed = plan.safeParse(input);
  if (parsed.success) {
    parsedPlans.add(parsed.data);
    return parsed.data;
  }
  throw new SourcingInputError(parsed.error.issues.map((issue) => ({ path: pathText(issue.path), message: issue.message })));
}

/** Plans that came out of `parsePlan`: who starts from one need not read it again. */
const parsedPlans = new WeakSet<object>();

/** The plan itself where `parsePlan` made it, else what `parsePlan` reads from it. */
export function planParsedOnce(input: SourcingPlan): SourcingPlan {
  return parsedPlans.has(input) ? input : parsePlan(input);
}

/** The plan as JSON text. `solve` and `nearestFirst` list shipments by order, node and first line, so equal decisions are equal bytes. */
export function planText(given: SourcingPlan): string {
  return `${JSON.stringify(given)}\n`;
}
