import { z } from 'zod';
import { instantSchema } from './instant.ts';

/** Where a parcel is. `info` tells something and changes nothing; `unknown` is a code of the carrier's that we have no word for. */
export const trackingStates = [
  'label-created',
  'picked-up',
  'in-transit',
  'out-for-delivery',
  'delivery-attempted',
  'available-for-pickup',
  'delivered',
  'exception',
  'return-in-transit',
  'returned',
  'lost',
  'cancelled',
  'info',
  'unknown',
] as const;
export type TrackingState = (typeof trackingStates)[number];

/** Why a parcel is not where it should be, in the words of our tables of the carriers' codes. */
export const trackingReasons = [
  'access',
  'action-required',
  'address',
  'claim',
  'closed',
  'customs-documents',
  'customs-hold',
  'damaged',
  'delay',
  'destroyed',
  'held',
  'identity',
  'investigation',
  'lost',
  'misrouted',
  'moved',
  'not-home',
  'other',
  'partial',
  'partner',
  'payment',
  'pickup-failed',
  'refused',
  'security',
  'stopped',
  'undeliverable',
  'weather',
] as const;
export type TrackingReason = (typeof trackingReasons)[number];

/** One scan or message about a parcel. */
export const trackingEventSchema = z.object({
  /** When it happened, not when we heard of it. */
  at: instantSchema,
  /** False where the carrier named a local time only: then `at` takes it for UTC. */
  isZoneKnown: z.boolean(),
  state: z.enum(trackingStates),
  reason: z.enum(trackingReasons).nullable(),
  /** The carrier's own code and words. */
  vendorCode: z.string(),
  text: z.string(),
  /** Town and country, no street. */
  place: z.string().nullable(),
});
export type TrackingEvent = z.infer<typeof trackingEventSchema>;

/** What a carrier knows of a parcel. In no order of time. */
export type TrackingAnswer = {
  readonly trackingNumber: string;
  readonly events: readonly TrackingEvent[];
  /** ISO day on which the carrier means to deliver it. */
  readonly dueOn: string | null;
  /** In words, where it knows nothing of the parcel. */
  readonly problem: string | null;
};

export type TrackingReading = {
  /** So many parcels may be asked for in one call. */
  readonly atMost: number;
  /** One answer per number, in their order; a number that the carrier does not know is a problem of its own answer. */
  track(trackingNumbers: readonly string[]): Promise<readonly TrackingAnswer[]>;
};

/** Ask to be told of a parcel. */
export type TrackingSubscription = { readonly trackingNumber: string; readonly service: string };
/** Until when the carrier tells; null is for good. */
export type TrackingSubscribed = { readonly ref: string; readonly endsAt: string | null };

/** What came of checking a webhook of a carrier's. `deliveryId` is the same for every copy of one delivery. */
export type CarrierWebhookVerdict =
  | { readonly kind: 'genuine'; readonly deliveryId: string; readonly tracking: readonly TrackingAnswer[] }
  /** A test call, or about something that is no matter to us. */
  | { readonly kind: 'ping' }
  | { readonly kind: 'rejected'; readonly reason: string };
