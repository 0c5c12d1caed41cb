import { z } from 'zod';

// What Walmart sends, as much of it as is used. Unknown values of enumerations survive as text. What examples of Walmart's own leave out may be missing.

/** Milliseconds since 1970. Walmart's schema of a single order has a text instead, its example of the same has a number. */
const timeSchema = z.union([
  z.number(),
  z
    .string()
    .transform((text) => Date.parse(text))
    .pipe(z.number()),
]);

/** Walmart writes amounts as JSON numbers. */
export const amountSchema = z.object({ currency: z.string(), amount: z.number() });
export type WireAmount = z.infer<typeof amountSchema>;

const taxSchema = z.object({ taxName: z.string().optional(), taxAmount: amountSchema });

export const chargeSchema = z.object({
  chargeType: z.string(),
  chargeName: z.string().optional(),
  chargeAmount: amountSchema,
  tax: taxSchema.nullish(),
});
export type WireCharge = z.infer<typeof chargeSchema>;

/** Whole units, as text. */
const quantitySchema = z.object({ unitOfMeasurement: z.string().optional(), amount: z.string().regex(/^\d{1,9}(\.0+)?$/) });

export const lineStatusSchema = z.object({
  status: z.string(),
  statusQuantity: quantitySchema,
  cancellationReason: z.string().nullish(),
  trackingInfo: z
    .object({ shipDateTime: z.number().optional(), methodCode: z.string().nullish(), trackingNumber: z.string().nullish() })
    .nullish(),
});
export type WireLineStatus = z.infer<typeof lineStatusSchema>;

export const orderLineSchema = z.object({
  lineNumber: z.string().min(1),
  item: z.object({ productName: z.string().nullish(), sku: z.string().nullish() }),
  charges: z.object({ charge: z.array(chargeSchema).default([]) }).nullish(),
  orderLineQuantity: quantitySchema,
  statusDate: z.number().optional(),
  orderLineStatuses: z.object({ orderLineStatus: z.array(lineStatusSchema).default([]) }),
  refund: z
    .object({
      refundId: z.string().nullish(),
      refundComments: z.string().nullish(),
      refundCharges: z
        .object({ refundCharge: z.array(z.object({ refundReason: z.string().optional(), charge: chargeSchema })).default([]) })
        .nullish(),
    })
    .nullish(),
  fulfillment: z.object({ fulfillmentOption: z.string().nullish(), shipMethod: z.string().nullish() }).nullish(),
  intentToCancel: z.string().nullish(),
});
export type WireOrderLine = z.infer<typeof orderLineSchema>;

const postalAddressSchema = z.object({
  name: z.string().nullish(),
  address1: z.string().nullish(),
  address2: z.string().nullish(),
  city: z.string().nullish(),
  state: z.string().nullish(),
  postalCode: z.string().nullish(),
  country: z.string().nullish(),
});
export type WirePostalAddress = z.infer<typeof postalAddressSchema>;

export const orderSchema = z.object({
  purchaseOrderId: z.string().min(1),
  customerOrderId: z.string().optional(),
  customerEmailId: z.string().nullish(),
  orderDate: timeSchema,
  shippingInfo: z
    .object({
      phone: z.string().nullish(),
      methodCode: z.string().nullish(),
      postalAddress: postalAddressSchema.nullish(),
    })
    .nullish(),
  orderLines: z.object({ orderLine: z.array(orderLineSchema).default([]) }),
  orderSummary: z.object({ totalAmount: z.object({ currencyAmount: z.number(), currencyUnit: z.string() }).nullish() }).nullish(),
});
export type WireOrder = z.infer<typeof orderSchema>;

/** An order of which only the name is understood: it is told as such and holds up nobody else. */
export const strangeOrderSchema = z.looseObject({ purchaseOrderId: z.string().min(1), orderDate: timeSchema });
export const anyOrderSchema = z.union([orderSchema, strangeOrderSchema]);
export type AnyOrder = z.infer<typeof anyOrderSchema>;

const metaSchema = z.object({ totalCount: z.int().nonnegative().optional(), nextCursor: z.string().nullish() });

export const orderPageSchema = z.object({
  list: z.object({
    meta: metaSchema.nullish(),
    elements: z.object({ order: z.array(anyOrderSchema).nullish() }).nullish(),
  }),
});

/** GET of one order, and the answer of everything that changes one. Walmart's schema of the former has the order bare, its examples have it under `order`. */
export const oneOrderSchema = z.union([z.object({ order: anyOrderSchema }), anyOrderSchema.transform((order) => ({ order }))]);

export const tokenDetailSchema = z.object({ is_valid: z.boolean(), scopes: z.record(z.string(), z.string()).default({}) });

/** One error of an answer. */
export const wireErrorSchema = z.object({
  code: z.string().optional(),
  field: z.string().nullish(),
  description: z.string().nullish(),
  info: z.string().nullish(),
});
export type WireError = z.infer<typeof wireErrorSchema>;

/** Three forms are about: `error` (a list), `errors` (a list), and `errors` that hold `error`. */
export const errorAnswerSchema = z.object({
  error: z.union([z.array(wireErrorSchema), z.string()]).optional(),
  errors: z.union([z.array(wireErrorSchema), z.object({ error: z.array(wireErrorSchema) })]).optional(),
});
