import type { Bucket, HttpEvent, RateLimiter } from '@quartermaster/connector-kit';
import { sandboxFetch, type SandboxApp } from '@quartermaster/connector-kit/sandbox';
import type { Channel, Clock, NodeId, Sku } from '@quartermaster/domain';
import type { Allowance } from './held-back.ts';

/** A channel's connector, and behind it the vendor's sandbox, which enforces what the vendor enforces. */
export type Stand = {
  readonly channel: Channel;
  /** Lists an article; `stock` by node. Those of one `group` are variations of one thing, where the vendor has such. */
  readonly addItem: (item: { readonly sku: Sku; readonly stock: Readonly<Record<NodeId, number>>; readonly group: string | null }) => void;
  /** Somebody sets at the vendor what can be bought, at a node or (`*`) of all. */
  readonly setStock: (sku: Sku, node: NodeId, units: number) => void;
  /** What can be bought there, at a node or (`*`) of all. */
  readonly stockOf: (sku: Sku, node: NodeId) => number;
  /** A customer buys; gives the order's id. */
  readonly placeOrder: (sku: Sku, quantity: number) => string;
};

/** What a stand is opened with. */
export type Surroundings = {
  readonly clock: Clock;
  /** `allowances` are what the vendor allows, where that is something else than the buckets by which the connector begins. */
  readonly limiterOf: (buckets: Readonly<Record<string, Bucket>>, allowances?: Readonly<Record<string, Allowance>>) => RateLimiter;
  readonly onEvent: (event: HttpEvent) => void;
};

/** Nodes of the business. */
export const nodes = ['BER', 'HAM'] as const;

/** A vendor's answer takes so long, on the way and in the house. */
export const answerMs = 150;

/** The way to a vendor's sandbox, at the speed of a vendor. */
export function distantFetch(clock: Clock, apps: Readonly<Record<string, SandboxApp>>): typeof fetch {
  const near = sandboxFetch(apps);
  return async (input, init) => {
    await clock.sleep(answerMs);
    return near(input, init);
  };
}
