import { z } from 'zod';

// Returns, as far as they are used; who sends them back is not read.

export const returnSchema = z.object({
  returnOrderId: z.string().min(1),
  returnOrderDate: z.string().nullish(),
  totalRefundAmount: z.object({ currencyAmount: z.number(), currencyUnit: z.string() }).nullish(),
  returnLineGroups: z
    .array(
      z.object({
        labels: z.array(z.object({ carrierInfoList: z.array(z.object({ trackingNo: z.string().nullish() })).nullish() })).nullish(),
      }),
    )
    .nullish(),
  returnOrderLines: z
    .array(
      z.object({
        purchaseOrderId: z.string().nullish(),
        purchaseOrderLineNumber: z.number().nullish(),
        returnReason: z.string().nullish(),
        item: z.object({ sku: z.string().nullish() }).nullish(),
        quantity: z.object({ measurementValue: z.number() }).nullish(),
        currentRefundStatus: z.string().nullish(),
        status: z.string().nullish(),
        statusTime: z.string().nullish(),
        returnTrackingDetail: z.array(z.object({ eventTime: z.string().nullish() })).nullish(),
      }),
    )
    .nullish(),
});
export type WireReturn = z.infer<typeof returnSchema>;

export const returnPageSchema = z.object({
  meta: z.object({ totalCount: z.number().optional(), nextCursor: z.string().nullish() }).nullish(),
  returnOrders: z.array(returnSchema).nullish(),
});
