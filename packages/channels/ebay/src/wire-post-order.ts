import { z } from 'zod';

// What concerns cancellations and returns: the Post-Order API, and the part of an order that tells of wishes to cancel.

export const createdCancellationSchema = z.object({ cancelId: z.union([z.string(), z.int()]).transform(String).optional() });

export const cancelRequestsSchema = z.object({
  cancelStatus: z
    .object({
      cancelRequests: z
        .array(z.object({ cancelRequestId: z.string(), cancelInitiator: z.string().optional(), cancelRequestState: z.string().optional() }))
        .optional(),
    })
    .optional(),
});

/** Post-Order amounts are numbers. */
const postOrderAmountSchema = z.object({ value: z.union([z.number(), z.string()]), currency: z.string() });

const returnSchema = z.object({
  returnId: z.union([z.string(), z.int()]).transform(String),
  orderId: z.string().optional(),
  state: z.string().optional(),
  status: z.string().optional(),
  creationInfo: z
    .object({
      reason: z.string().optional(),
      creationDate: z.object({ value: z.string().optional() }).optional(),
      item: z
        .object({
          itemId: z.union([z.string(), z.int()]).transform(String).optional(),
          transactionId: z.union([z.string(), z.int()]).transform(String).optional(),
          returnQuantity: z.int().optional(),
        })
        .optional(),
    })
    .optional(),
  sellerTotalRefund: z.object({ actualRefundAmount: postOrderAmountSchema.optional() }).optional(),
});
export type WireReturn = z.infer<typeof returnSchema>;

export const returnPageSchema = z.object({ members: z.array(returnSchema).default([]) });
