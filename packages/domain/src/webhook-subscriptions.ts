import type { Instant } from './instant.ts';

/** The channel's side of webhooks: what is subscribed, whether it still is, and how to put it right. Writing it twice is the same as once. */
export type WebhookSubscriptions = {
  /** What would be delivered to `address` now; a topic that we need and that has no subscription is there as `missing`. */
  health(address: string): Promise<readonly WebhookSubscription[]>;
  /** Subscribes what is missing, turns on again what the channel turned off, leaves other addresses alone. Says what it did, and how all stand afterwards. */
  ensure(address: string): Promise<{ readonly done: readonly string[]; readonly subscriptions: readonly WebhookSubscription[] }>;
  /**
   * What the channel wants to hear of `address` (exactly as it was subscribed) before it sends anything there, as JSON: the answer to its GET with this query. Null for a request that is no such
   * trial. Left out where the channel does not try addresses.
   */
  answerTrial?(query: Readonly<Record<string, string>>, address: string): Readonly<Record<string, string>> | null;
};

export type WebhookSubscription = {
  /** Null of one that is missing. */
  readonly id: string | null;
  readonly topic: string;
  readonly state: 'active' | 'disabled' | 'missing';
};

/**
 * Whether a channel's webhooks are silent though orders come: the newest order that polling found changed at `lastChange`, the newest genuine webhook came at `lastWebhook`. Polling finds
 * what webhooks lose, so silence loses nothing, it only costs time; `graceMs` is how long a webhook may take.
 */
export function webhooksAreSilent(seen: {
  readonly lastChange: Instant | null;
  readonly lastWebhook: Instant | null;
  readonly now: Instant;
  readonly graceMs: number;
}): boolean {
  if (seen.lastChange === null) return false;
  const change = Date.parse(seen.lastChange);
  if (Date.parse(seen.now) - change < seen.graceMs) return false;
  return seen.lastWebhook === null || change - Date.parse(seen.lastWebhook) > seen.graceMs;
}
