import { z } from 'zod';

// Subscriptions and notifications, as far as they are used. What a subscription has of secrets is not read.

export const subscriptionSchema = z.object({
  subscriptionId: z.string().min(1),
  eventType: z.string(),
  eventUrl: z.string().optional(),
  status: z.string().optional(),
});
export type WireSubscription = z.infer<typeof subscriptionSchema>;

/** Walmart's schema nests lists of `event` in `events`; its examples have the events themselves there. */
const nested = z.object({ event: z.array(subscriptionSchema) });
export const subscriptionsSchema = z.object({ events: z.array(z.union([subscriptionSchema, nested])).nullish() });

/** The list is `eventTypes` in Walmart's schema and `events` in its example. */
const eventTypeSchema = z.object({ eventType: z.string(), eventVersion: z.string().optional(), resourceName: z.string().optional() });
export const eventTypesSchema = z.object({ eventTypes: z.array(eventTypeSchema).nullish(), events: z.array(eventTypeSchema).nullish() });

/** What a notification says of itself: at its top, or in `source`, as the newer ones do. */
const headSchema = z.object({ eventType: z.string().min(1), eventTime: z.string().nullish(), eventId: z.string().nullish() });
export const notificationSchema = z.union([
  z.object({ source: headSchema, payload: z.unknown().optional() }),
  headSchema.extend({ payload: z.unknown().optional() }).transform(({ payload, ...source }) => ({ source, payload })),
]);
