import type { Bucket, RateLimiter } from '@quartermaster/connector-kit';
import type { Clock } from '@quartermaster/domain';

/** By which clock and chance connectors go. */
export type Time = { readonly clock: Clock; readonly random: () => number };

/** Makes a limiter of buckets. */
export type LimiterOf = (buckets: Readonly<Record<string, Bucket>>) => RateLimiter;
