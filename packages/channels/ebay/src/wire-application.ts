import { z } from 'zod';

// What eBay sends to an application beside the seller's business: tokens, keys, quotas, notifications.

export const rateLimitsSchema = z.object({
  rateLimits: z
    .array(
      z.object({
        apiContext: z.string().optional(),
        apiName: z.string().optional(),
        resources: z
          .array(
            z.object({
              name: z.string().optional(),
              rates: z
                .array(
                  z.object({
                    limit: z.number().optional(),
                    remaining: z.number().optional(),
                    reset: z.string().optional(),
                    timeWindow: z.number().optional(),
                  }),
                )
                .default([]),
            }),
          )
          .default([]),
      }),
    )
    .default([]),
});

export const publicKeySchema = z.object({ key: z.string().min(1), algorithm: z.string(), digest: z.string() });

export const destinationsSchema = z.object({
  next: z.string().optional(),
  destinations: z
    .array(
      z.object({
        destinationId: z.string(),
        name: z.string().optional(),
        status: z.string(),
        deliveryConfig: z.object({ endpoint: z.string().optional() }).optional(),
      }),
    )
    .default([]),
});
export type WireDestination = z.infer<typeof destinationsSchema>['destinations'][number];

export const subscriptionsSchema = z.object({
  next: z.string().optional(),
  subscriptions: z
    .array(z.object({ subscriptionId: z.string(), topicId: z.string(), status: z.string(), destinationId: z.string().optional() }))
    .default([]),
});
export type WireSubscription = z.infer<typeof subscriptionsSchema>['subscriptions'][number];

export const topicSchema = z.object({
  topicId: z.string(),
  supportedPayloads: z
    .array(
      z.object({
        schemaVersion: z.string(),
        deprecated: z.boolean().optional(),
        deliveryProtocol: z.string().optional(),
      }),
    )
    .default([]),
});

export const notificationSchema = z.object({
  metadata: z.object({ topic: z.string().min(1) }),
  notification: z.object({
    notificationId: z.string().min(1),
    eventDate: z.string().optional(),
    data: z.unknown(),
  }),
});

export const accountDeletionSchema = z.object({
  username: z.string().nullish(),
  userId: z.string().nullish(),
  eiasToken: z.string().nullish(),
});

export const signingKeySchema = z.object({
  signingKeyId: z.string(),
  jwe: z.string().min(1),
  privateKey: z.string().min(1),
  publicKey: z.string().min(1),
});
