import { usagePlans } from '../limits.ts';
import { nowMs, type AmazonState } from './state.ts';

/** Amazon's token buckets, one for each operation. */
export type Quotas = { take(operation: string): boolean; rateOf(operation: string): number | null };

export function quotasOf(state: AmazonState): Quotas {
  const buckets = new Map<string, { tokens: number; at: number }>();
  const plans = new Map<string, { readonly perSecond: number; readonly capacity: number }>(Object.entries(usagePlans));
  return {
    take(operation) {
      const plan = plans.get(operation);
      if (plan === undefined) return true;
      const now = nowMs(state);
      const bucket = buckets.get(operation) ?? { tokens: plan.capacity, at: now };
      buckets.set(operation, bucket);
      bucket.tokens = Math.min(plan.capacity, bucket.tokens + ((now - bucket.at) / 1_000) * plan.perSecond);
      bucket.at = now;
      // Both sides count in floating point: a millionth of a call is nobody's quota.
      if (bucket.tokens < 1 - 1e-6) return false;
      bucket.tokens = Math.max(0, bucket.tokens - 1);
      return true;
    },
    rateOf: (operation) => plans.get(operation)?.perSecond ?? null,
  };
}
