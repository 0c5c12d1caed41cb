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

export const tokenSchema = z.object({ access_token: z.string().min(1), expires_in: z.number().positive() });

const availabilitySchema = z
  .object({
    shipToLocationAvailability: z
      .object({
        quantity: z.int().optional(),
        availabilityDistributions: z.array(z.looseObject({ merchantLocationKey: z.string(), quantity: z.int().nonnegative() })).optional(),
      })
      .optional(),
  })
  .optional();

export const inventoryItemSchema = z.object({
  sku: z.string(),
  groupIds: z.array(z.string()).optional(),
  inventoryItemGroupKeys: z.array(z.string()).optional(),
  product: z.object({ title: z.string().optional() }).optional(),
  availability: availabilitySchema,
});
export type WireInventoryItem = z.infer<typeof inventoryItemSchema>;

export const bulkItemsSchema = z.object({
  responses: z.array(
    z.object({
      sku: z.string().optional(),
      statusCode: z.int(),
      inventoryItem: inventoryItemSchema.omit({ sku: true }).optional(),
      errors: z.array(wireErrorSchema).optional(),
    }),
  ),
});

export const bulkUpdateSchema = z.object({
  responses: z.array(
    z.object({
      sku: z.string().optional(),
      offerId: z.string().optional(),
      statusCode: z.int(),
      errors: z.array(wireErrorSchema).optional(),
    }),
  ),
});

export const itemPageSchema = z.object({
  total: z.int().nonnegative(),
  next: z.string().optional(),
  inventoryItems: z.array(inventoryItemSchema).default([]),
});

export const offersSchema = z.object({
  offers: z
    .array(
      z.object({
        offerId: z.string(),
        status: z.string().optional(),
        availableQuantity: z.int().optional(),
        listing: z.object({ listingId: z.string().optional(), listingStatus: z.string().optional() }).optional(),
      }),
    )
    .default([]),
});
export type WireOffer = z.infer<typeof offersSchema>['offers'][number];

export const locationsSchema = z.object({
  total: z.int().nonnegative(),
  locations: z.array(z.object({ merchantLocationKey: z.string(), merchantLocationStatus: z.string().optional() })).default([]),
});

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

export const signingKeySchema = z.object({
  signingKeyId: z.string(),
  jwe: z.string().min(1),
  privateKey: z.string().min(1),
  publicKey: z.string().min(1),
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
