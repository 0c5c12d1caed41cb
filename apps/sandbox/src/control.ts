import { instantSchema, type Instant } from '@quartermaster/domain';
import { z } from 'zod';
import type { EndState } from './end-state.ts';
import type { World, WorldEvent } from './world.ts';

/** What a move of the clock did: the time now, and the events that came about by it, in their order. */
export const advanceSchema = z.object({ now: instantSchema, applied: z.array(z.string()) });
export type Advance = z.infer<typeof advanceSchema>;

/** A webhook of a shop as its HTTP request would be. Header names are lower case. */
export type ShopWebhook = {
  readonly shop: string;
  readonly topic: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
};

/** How badly webhooks behave on their way; the seed decides which come twice and in what order. */
export const webhookDeliverySchema = z.strictObject({
  duplicate: z.boolean().default(false),
  reorder: z.boolean().default(false),
  seed: z.int().default(1),
});
export type WebhookDelivery = z.input<typeof webhookDeliverySchema>;

/** The hands on the world, from the same process ({@link createSandboxes}) or another one ({@link connectControl}). */
export type SandboxControl = {
  now(): Promise<Instant>;
  /**
   * Puts the clock forward, never back, and lets every event of the world up to that instant happen, once: what happened already does not happen again, and what is later waits even
   * when the clock is ahead, so that a day comes out the same however long its calls take. An event that is applied late bears the time of its application, as the vendors' own times
   * never run backwards.
   */
  advanceTo(instant: Instant): Promise<Advance>;
  /** Puts the clock forward and lets nothing happen: somebody waits. Gives the time now. */
  passTime(instant: Instant): Promise<Instant>;
  /** Lets more happen than the world foresaw, now. */
  happen(events: readonly WorldEvent[]): Promise<void>;
  /** What it has all come to, in a form in which two runs can be compared. */
  snapshot(): Promise<EndState>;
  world(): Promise<World>;
  /** Takes the webhooks of all shops that nobody took yet. */
  takeWebhooks(delivery?: WebhookDelivery): Promise<ShopWebhook[]>;
};
