import { epochMs, instantOf, instantSchema, type Instant } from '@quartermaster/domain';
import type { ExceptionCase } from '@quartermaster/journal';
import { z } from 'zod';
import type { EscalationStep, ExceptionPolicy } from './exception-policy.ts';

/** What people and the clock have done about an exception since it was raised. */
export const exceptionCareSchema = z.object({
  /** Whoever it was given to last, by a person or by its clock; null: its owner by the policy. */
  owner: z.string().nullable(),
  /** Until then its clock stands still. */
  snoozedUntil: instantSchema.nullable(),
  /** Steps of the policy that were taken, oldest first. */
  escalations: z.array(z.object({ to: z.string(), at: instantSchema })),
});
export type ExceptionCare = z.infer<typeof exceptionCareSchema>;

export const noCare: ExceptionCare = { owner: null, snoozedUntil: null, escalations: [] };

/** How an exception stands in its queue. */
export type ExceptionStanding = {
  readonly owner: string;
  /** When somebody should have seen to it; null once it is settled. */
  readonly dueAt: Instant | null;
  readonly overdue: boolean;
  /** Since it was raised, whole minutes; of one that is settled, until then. */
  readonly ageMinutes: number;
  /** Null when its clock runs. */
  readonly snoozedUntil: Instant | null;
  readonly escalations: ExceptionCare['escalations'];
};

type Clocked = Pick<ExceptionCase, 'code' | 'owner' | 'raisedAt' | 'resolved'>;

/** Where an exception stands against its clock. Pure. */
export function standingOf(exception: Clocked, care: ExceptionCare, given: { policy: ExceptionPolicy; now: Instant }): ExceptionStanding {
  const { policy, now } = given;
  const settled = exception.resolved !== null;
  const dueAt = settled ? null : dueOf(exception, care, policy);
  const until = exception.resolved?.at ?? now;
  return {
    owner: care.owner ?? exception.owner,
    dueAt,
    overdue: dueAt !== null && dueAt <= now,
    ageMinutes: Math.max(0, Math.floor((epochMs(until) - epochMs(exception.raisedAt)) / 60_000)),
    snoozedUntil: !settled && care.snoozedUntil !== null && care.snoozedUntil > now ? care.snoozedUntil : null,
    escalations: care.escalations,
  };
}

/** The steps of the policy whose time has come and that were not taken yet. Pure. */
export function escalationsDue(
  exception: Clocked,
  care: ExceptionCare,
  given: { policy: ExceptionPolicy; now: Instant },
): EscalationStep[] {
  if (exception.resolved !== null) return [];
  const dueAt = epochMs(dueOf(exception, care, given.policy));
  const steps = given.policy.escalate[exception.code] ?? given.policy.escalate['*'] ?? [];
  return steps.slice(care.escalations.length).filter(({ afterMinutes }) => dueAt + afterMinutes * 60_000 <= epochMs(given.now));
}

/** A snooze moves what it outlasts. */
function dueOf(exception: Clocked, care: ExceptionCare, policy: ExceptionPolicy): Instant {
  const minutes = policy.dueMinutes[exception.code] ?? policy.dueMinutes['*'] ?? standardMinutes;
  const due = instantOf(epochMs(exception.raisedAt) + minutes * 60_000);
  return care.snoozedUntil !== null && care.snoozedUntil > due ? care.snoozedUntil : due;
}

/** Where a policy has no clock for the rest. */
const standardMinutes = 480;
