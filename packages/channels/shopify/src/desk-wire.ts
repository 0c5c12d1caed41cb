import { z } from 'zod';
import { connectionSchema, moneyBagSchema, userErrorsSchema } from './wire.ts';

// What Shopify sends about returns, listings, webhook subscriptions and holds, as far as we use it.

export const ordersWithReturnsSchema = z.object({
  orders: connectionSchema(
    z.object({ id: z.string(), updatedAt: z.string(), returns: z.object({ nodes: z.array(z.object({ id: z.string() })) }) }),
  ),
});

const returnLineSchema = z.object({
  id: z.string(),
  quantity: z.int(),
  processedQuantity: z.int(),
  returnReasonDefinition: z.object({ handle: z.string() }).nullable(),
  /** Absent of a line that was entered by hand. */
  fulfillmentLineItem: z.object({ lineItem: z.object({ id: z.string(), sku: z.string().nullable() }) }).optional(),
});
export type WireReturnLine = z.infer<typeof returnLineSchema>;
const returnSchema = z.object({
  id: z.string(),
  status: z.string(),
  createdAt: z.string(),
  returnLineItems: connectionSchema(returnLineSchema),
  refunds: z.object({ nodes: z.array(z.object({ totalRefundedSet: moneyBagSchema })) }),
  reverseFulfillmentOrders: z.object({
    nodes: z.array(
      z.object({
        reverseDeliveries: z.object({
          nodes: z.array(
            z.object({
              deliverable: z.object({ tracking: z.object({ number: z.string().nullable() }).nullish() }).nullable(),
            }),
          ),
        }),
      }),
    ),
  }),
});
export type WireReturn = z.infer<typeof returnSchema>;
export const orderReturnsSchema = z.object({
  order: z.object({ updatedAt: z.string(), currencyCode: z.string(), returns: connectionSchema(returnSchema) }).nullable(),
});
export const returnLinesSchema = z.object({ return: z.object({ returnLineItems: connectionSchema(returnLineSchema) }).nullable() });

const variantSchema = z.object({
  id: z.string(),
  sku: z.string().nullable(),
  displayName: z.string(),
  product: z.object({ status: z.string() }),
});
export type WireVariant = z.infer<typeof variantSchema>;
export const listingsSchema = z.object({ productVariants: connectionSchema(variantSchema) });

const subscriptionSchema = z.object({
  id: z.string(),
  topic: z.string(),
  uri: z.string(),
  format: z.string(),
  filter: z.string().nullable(),
  includeFields: z.array(z.string()),
});
export type WireSubscription = z.infer<typeof subscriptionSchema>;
export const subscriptionsSchema = z.object({ webhookSubscriptions: connectionSchema(subscriptionSchema) });
export const subscribeSchema = z.object({ webhookSubscriptionCreate: z.object({ userErrors: userErrorsSchema }).nullable() });
export const resubscribeSchema = z.object({ webhookSubscriptionUpdate: z.object({ userErrors: userErrorsSchema }).nullable() });

export const heldOrdersSchema = z.object({
  order: z
    .object({
      fulfillmentOrders: connectionSchema(
        z.object({
          id: z.string(),
          status: z.string(),
          fulfillmentHolds: z.array(
            z.object({
              id: z.string(),
              handle: z.string().nullable(),
              reason: z.string(),
              reasonNotes: z.string().nullable(),
              heldByRequestingApp: z.boolean(),
            }),
          ),
        }),
      ),
    })
    .nullable(),
});
export const holdSchema = z.object({ fulfillmentOrderHold: z.object({ userErrors: userErrorsSchema }).nullable() });
export const releaseHoldSchema = z.object({ fulfillmentOrderReleaseHold: z.object({ userErrors: userErrorsSchema }).nullable() });
export const splitSchema = z.object({
  fulfillmentOrderSplit: z
    .object({
      fulfillmentOrderSplits: z.array(z.object({ fulfillmentOrder: z.object({ id: z.string() }) })).nullable(),
      userErrors: userErrorsSchema,
    })
    .nullable(),
});
