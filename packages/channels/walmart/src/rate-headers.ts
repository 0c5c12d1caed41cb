import type { HttpReply, RateLimiter } from '@quartermaster/connector-kit';
import { epochMs, instantOf, type Instant } from '@quartermaster/domain';

/** Both spellings are in the wild; the value is milliseconds since 1970. */
const replenishHeaders = ['x-next-replenishment-time', 'x-next-replenish-time'] as const;

/** Later than this no bucket is filled: what says so is not a time in milliseconds. */
const latestMs = 86_400_000;

/** How long until Walmart fills the bucket of this operation again; null where the answer does not tell. */
export function replenishesInMs({ headers }: HttpReply, now: Instant): number | null {
  for (const name of replenishHeaders) {
    const waitMs = Number(headers[name]) - epochMs(now);
    if (headers[name] !== undefined && Number.isFinite(waitMs) && waitMs <= latestMs) return Math.max(0, Math.ceil(waitMs));
  }
  return null;
}

/** What a bucket began with, and the most that Walmart has said to be left in it. */
export type SeenQuota = { readonly calls: number; readonly perMs: number; readonly most: number };

/**
 * Takes over what an answer tells of its bucket: calls that are left, and when there will be more once none is. Where more are left than we thought there could be the bucket grows with
 * it. Gives the most that was seen.
 */
export function takeOverRates(limiter: RateLimiter, bucket: string, quota: SeenQuota, reply: HttpReply, now: Instant): number {
  const text = reply.headers['x-current-token-count'];
  const available = Number(text);
  if (text === undefined || text.trim() === '' || !Number.isFinite(available) || available < 0) return quota.most;
  const grown = available > quota.most ? { capacity: available, perSecond: (available / quota.perMs) * 1_000 } : {};
  limiter.learn(bucket, { available, ...grown });
  const waitMs = replenishesInMs(reply, now);
  if (available < 1 && waitMs !== null) limiter.pause(bucket, instantOf(epochMs(now) + waitMs));
  return Math.max(quota.most, available);
}
