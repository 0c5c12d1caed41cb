import type { Bucket, RateLimiter } from '@quartermaster/connector-kit';
import type { Clock, ConnectionId } from '@quartermaster/domain';
import type { RevisionBudget } from '@quartermaster/ebay';

/** By which clock and chance connectors go. */
export type Time = { readonly clock: Clock; readonly random: () => number };

/** What outlives a process of the limits that vendors set: eBay counts how often a listing was revised in a day. */
export type RevisionsOf = (connection: ConnectionId) => RevisionBudget;

/** Makes a limiter of buckets. */
export type LimiterOf = (buckets: Readonly<Record<string, Bucket>>) => RateLimiter;
