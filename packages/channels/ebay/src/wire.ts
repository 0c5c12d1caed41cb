import { z } from 'zod';

// What eBay sends, as much of it as is used. Unknown values of enumerations survive as text. Everything that the specification does not promise may be missing.

export const amountSchema = z.object({
  value: z.string(),
  currency: z.string(),
  /** Before conversion, where eBay converted: the currency of the marketplace that the buyer saw. */
  convertedFromValue: z.string().optional(),
  convertedFromCurrency: z.string().optional(),
});
export type WireAmount = z.infer<typeof amountSchema>;

const addressSchema = z.object({
  addressLine1: z.string().optional(),
  addressLine2: z.string().optional(),
  city: z.string().optional(),
  stateOrProvince: z.string().optional(),
  postalCode: z.string().optional(),
  countryCode: z.string().optional(),
});

export const contactSchema = z.object({
  fullName: z.string().optional(),
  companyName: z.string().optional(),
  contactAddress: addressSchema.optional(),
  primaryPhone: z.object({ phoneNumber: z.string().optional() }).optional(),
  email: z.string().optional(),
});
export type WireContact = z.infer<typeof contactSchema>;

const taxSchema = z.object({ amount: amountSchema.optional(), taxType: z.string().optional() });
export type WireTax = z.infer<typeof taxSchema>;

const lineRefundSchema = z.object({ refundId: z.string().optional(), amount: amountSchema.optional(), refundDate: z.string().optional() });

export const lineItemSchema = z.object({
  lineItemId: z.string().min(1),
  legacyItemId: z.string().optional(),
  legacyVariationId: z.string().optional(),
  sku: z.string().optional(),
  title: z.string().optional(),
  quantity: z.int().nonnegative(),
  lineItemCost: amountSchema,
  discountedLineItemCost: amountSchema.optional(),
  lineItemFulfillmentStatus: z.string().optional(),
  deliveryCost: z.object({ importCharges: amountSchema.optional(), shippingIntermediationFee: amountSchema.optional() }).optional(),
  taxes: z.array(taxSchema).optional(),
  ebayCollectAndRemitTaxes: z.array(taxSchema).optional(),
  refunds: z.array(lineRefundSchema).optional(),
});
export type WireLineItem = z.infer<typeof lineItemSchema>;

const startInstructionSchema = z.object({
  fulfillmentInstructionsType: z.string().optional(),
  ebaySupportedFulfillment: z.boolean().optional(),
  pickupStep: z.object({ merchantLocationKey: z.string().optional() }).optional(),
  shippingStep: z
    .object({
      shippingServiceCode: z.string().optional(),
      shipTo: contactSchema.optional(),
      shipToReferenceId: z.string().optional(),
    })
    .optional(),
});

const orderRefundSchema = z.object({
  refundId: z.string().optional(),
  amount: amountSchema.optional(),
  refundDate: z.string().optional(),
  refundStatus: z.string().optional(),
});
export type WireOrderRefund = z.infer<typeof orderRefundSchema>;

/**
 * An order. `cancelStatus.cancelRequests` is left out on purpose: eBay fills it for a single order and never in a list, so that one order would have two readings (Fulfillment API 1.20,
 * getOrders).
 */
export const orderSchema = z.object({
  orderId: z.string().min(1),
  creationDate: z.string(),
  lastModifiedDate: z.string(),
  orderFulfillmentStatus: z.string(),
  orderPaymentStatus: z.string(),
  sellerId: z.string().optional(),
  buyer: z
    .object({
      username: z.string().optional(),
      buyerRegistrationAddress: contactSchema.optional(),
    })
    .optional(),
  cancelStatus: z.object({ cancelState: z.string().optional(), cancelledDate: z.string().optional() }).optional(),
  fulfillmentStartInstructions: z.array(startInstructionSchema).optional(),
  pricingSummary: z.object({
    priceSubtotal: amountSchema.optional(),
    priceDiscount: amountSchema.optional(),
    deliveryCost: amountSchema.optional(),
    deliveryDiscount: amountSchema.optional(),
    adjustment: amountSchema.optional(),
    fee: amountSchema.optional(),
    tax: amountSchema.optional(),
    total: amountSchema,
  }),
  paymentSummary: z
    .object({
      payments: z.array(z.object({ amount: amountSchema.optional(), paymentStatus: z.string().optional() })).optional(),
      refunds: z.array(orderRefundSchema).optional(),
    })
    .optional(),
  program: z.object({ fulfillmentProgram: z.object({ fulfilledBy: z.string().optional() }).optional() }).optional(),
  lineItems: z.array(lineItemSchema),
});
export type WireOrder = z.infer<typeof orderSchema>;

/** An order of which only the name is understood: it is told as such and holds up nobody else. */
export const strangeOrderSchema = z.looseObject({ orderId: z.string().min(1), lastModifiedDate: z.string() });
export type StrangeOrder = z.infer<typeof strangeOrderSchema>;

export const anyOrderSchema = z.union([orderSchema, strangeOrderSchema]);
export type AnyOrder = z.infer<typeof anyOrderSchema>;

export const orderPageSchema = z.object({ total: z.int().nonnegative(), orders: z.array(anyOrderSchema).default([]) });

export const fulfillmentsSchema = z.object({
  fulfillments: z
    .array(
      z.object({
        fulfillmentId: z.string(),
        shipmentTrackingNumber: z.string().optional(),
        lineItems: z.array(z.object({ lineItemId: z.string(), quantity: z.int().optional() })).default([]),
      }),
    )
    .default([]),
});
export type WireFulfillment = z.infer<typeof fulfillmentsSchema>['fulfillments'][number];

export const refundSchema = z.object({ refundId: z.string().optional(), refundStatus: z.string() });

/** One error of an answer. `errorId` is eBay's own code; parameters may hold what was sent and are not read. */
export const wireErrorSchema = z.object({
  errorId: z.union([z.int(), z.string()]).optional(),
  domain: z.string().optional(),
  category: z.string().optional(),
  message: z.string().optional(),
  longMessage: z.string().optional(),
});
export type WireError = z.infer<typeof wireErrorSchema>;

/** REST answers have `errors`, the Post-Order API `error` (a list), the token endpoint `error` (a text). */
export const errorAnswerSchema = z.object({
  errors: z.array(wireErrorSchema).optional(),
  error: z.union([z.string(), z.array(wireErrorSchema)]).optional(),
  error_description: z.string().optional(),
});
