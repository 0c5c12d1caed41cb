import { z } from 'zod';
import { holdCodeSchema, type HoldCode, type PlacedHold } from './hold.ts';
import { limitOf, limitsSchema } from './limits.ts';
import type { OrderCase } from './order-case.ts';
import { because, type Turn } from './turn.ts';

/** What one person alone may not decide. */
export const approvalPolicySchema = z
  .strictObject({
    /** Holds of orders above this total are released by two different people; in a currency that is not named, by one. */
    twoPeopleAbove: limitsSchema.default({}),
    /** A plan of which the freight, lateness and splits cost this much more than the order's cheapest way, were all on every shelf, waits for a person's approval; in a currency that is not named, none does. */
    planCostsMore: limitsSchema.default({}),
    /** Only holds of these codes; left out, all that a check placed. */
    codes: z.array(holdCodeSchema).min(1).optional(),
  })
  .prefault({});
export type ApprovalPolicy = z.infer<typeof approvalPolicySchema>;

/** What one person's wish to release holds comes to: `release`; `approve`: it is remembered, and another person is needed; `wait`: this person has approved already. */
export type ReleaseStep = 'release' | 'approve' | 'wait';

export function releaseStep(given: OrderCase, code: HoldCode | 'all', by: string, policy: ApprovalPolicy): ReleaseStep {
  const needed = holdsForTwo(given, policy).filter((hold) => code === 'all' || hold.code === code);
  const approvedBy = (hold: PlacedHold) => given.approvals.filter((each) => each.code === hold.code && each.reason === hold.reason);
  if (needed.every((hold) => approvedBy(hold).some((each) => each.by !== by))) return 'release';
  return needed.every((hold) => approvedBy(hold).length > 0) ? 'wait' : 'approve';
}

/** Holds that two people must release: a check placed them, and the order is worth more than the policy leaves to one. */
export function holdsForTwo({ order, holds }: OrderCase, { twoPeopleAbove, codes }: ApprovalPolicy): PlacedHold[] {
  const limit = limitOf(twoPeopleAbove, order.total.currency);
  if (limit === null || order.total.minor <= limit.minor) return [];
  return holds.filter((hold) => hold.placedBy === null && (codes === undefined || codes.includes(hold.code)));
}

/** Remembers that a person approves the release of holds that stand. */
export function approveRelease(turn: Turn, code: HoldCode | 'all', by: string, why: string): void {
  const { holds, approvals } = turn.case;
  const fresh = holds
    .filter((hold) => code === 'all' || hold.code === code)
    .filter((hold) => !approvals.some((each) => each.by === by && each.code === hold.code && each.reason === hold.reason));
  if (fresh.length === 0) return because(turn, 'nothing is there to approve that this person has not approved');
  turn.case = {
    ...turn.case,
    approvals: [...approvals, ...fresh.map(({ code: of, reason }) => ({ code: of, reason, by, why, at: turn.now }))],
  };
  because(turn, `${by} approved that ${fresh.map((hold) => hold.code).join(', ')} is released: ${why}; another person must as well`);
}
