import { z } from 'zod';
import { amountSchema, connectionSchema, moneyBagSchema, userErrorsSchema } from './wire.ts';

// What Shopify sends about cancelling, refunding, capturing and acknowledging, as far as we use it.

const bothMoneysSchema = z.object({ shopMoney: amountSchema, presentmentMoney: amountSchema });
export type WireBothMoneys = z.infer<typeof bothMoneysSchema>;

export const cancellableSchema = z.object({
  order: z
    .object({
      cancelledAt: z.string().nullable(),
      fulfillments: z.array(z.object({ status: z.string() })),
      lineItems: connectionSchema(z.object({ id: z.string(), currentQuantity: z.int(), unfulfilledQuantity: z.int() })),
    })
    .nullable(),
});
export const cancelSchema = z.object({
  orderCancel: z
    .object({ job: z.object({ id: z.string(), done: z.boolean() }).nullable(), orderCancelUserErrors: userErrorsSchema })
    .nullable(),
});
export const cancelledSchema = z.object({ order: z.object({ cancelledAt: z.string().nullable() }).nullable() });
export const jobSchema = z.object({ job: z.object({ id: z.string(), done: z.boolean() }).nullable() });

export const beginEditSchema = z.object({
  orderEditBegin: z.object({ calculatedOrder: z.object({ id: z.string() }).nullable(), userErrors: userErrorsSchema }).nullable(),
});
export const editQuantitySchema = z.object({ orderEditSetQuantity: z.object({ userErrors: userErrorsSchema }).nullable() });
export const commitEditSchema = z.object({ orderEditCommit: z.object({ userErrors: userErrorsSchema }).nullable() });

const refundSchema = z.object({
  id: z.string(),
  note: z.string().nullable(),
  totalRefundedSet: moneyBagSchema,
  transactions: z.object({ nodes: z.array(z.object({ status: z.string() })) }),
});
export type WireRefund = z.infer<typeof refundSchema>;
export const refundsSchema = z.object({ order: z.object({ refunds: z.array(refundSchema) }).nullable() });
export const refundableSchema = z.object({
  order: z.object({ currencyCode: z.string(), presentmentCurrencyCode: z.string(), taxesIncluded: z.boolean() }).nullable(),
  nodes: z.array(
    z.object({ id: z.string().optional(), refundableQuantity: z.int().optional(), unfulfilledQuantity: z.int().optional() }).nullable(),
  ),
});
const suggestionSchema = z.object({
  amountSet: bothMoneysSchema,
  maximumRefundableSet: bothMoneysSchema,
  suggestedTransactions: z.array(
    z.object({
      gateway: z.string().nullable(),
      amountSet: bothMoneysSchema,
      maximumRefundableSet: bothMoneysSchema.nullable(),
      parentTransaction: z.object({ id: z.string() }).nullable(),
    }),
  ),
});
export type WireSuggestion = z.infer<typeof suggestionSchema>;
export const suggestedRefundSchema = z.object({
  order: z.object({ asked: suggestionSchema.nullable(), whole: suggestionSchema.nullable() }).nullable(),
});
export const createRefundSchema = z.object({
  refundCreate: z.object({ refund: refundSchema.nullable(), userErrors: userErrorsSchema }).nullable(),
});

const transactionSchema = z.object({
  id: z.string(),
  kind: z.string(),
  status: z.string(),
  amountSet: bothMoneysSchema,
  totalUnsettledSet: bothMoneysSchema.nullable(),
  parentTransaction: z.object({ id: z.string() }).nullable(),
});
export type WireTransaction = z.infer<typeof transactionSchema>;
export const paymentsSchema = z.object({
  order: z.object({ currencyCode: z.string(), presentmentCurrencyCode: z.string(), transactions: z.array(transactionSchema) }).nullable(),
});
export const captureSchema = z.object({
  orderCapture: z.object({ transaction: transactionSchema.nullable(), userErrors: userErrorsSchema }).nullable(),
});

const metafieldSchema = z.object({ id: z.string(), value: z.string() });
export const acknowledgeSchema = z.object({
  metafieldsSet: z.object({ metafields: z.array(metafieldSchema).nullable(), userErrors: userErrorsSchema }).nullable(),
});
export const acknowledgedSchema = z.object({ order: z.object({ metafield: metafieldSchema.nullable() }).nullable() });
