import { z } from 'zod';

// What Shopify sends, as far as we use it. Enum values are plain text, so that new ones survive.

export const amountSchema = z.object({ amount: z.string().regex(/^-?\d+(\.\d+)?$/), currencyCode: z.string() });
export const moneyBagSchema = z.object({ shopMoney: amountSchema });
export type WireMoneyBag = z.infer<typeof moneyBagSchema>;

const pageInfoSchema = z.object({ hasNextPage: z.boolean(), endCursor: z.string().nullable() });

export function connectionSchema<Node extends z.ZodType>(node: Node) {
  return z.object({ nodes: z.array(node), pageInfo: pageInfoSchema });
}

const addressSchema = z.object({
  name: z.string().nullable(),
  company: z.string().nullable(),
  address1: z.string().nullable(),
  address2: z.string().nullable(),
  zip: z.string().nullable(),
  city: z.string().nullable(),
  provinceCode: z.string().nullable(),
  countryCodeV2: z.string().nullable(),
  phone: z.string().nullable(),
});
export type WireAddress = z.infer<typeof addressSchema>;

const taxLinesSchema = z.array(z.object({ priceSet: moneyBagSchema }));

const lineItemSchema = z.object({
  id: z.string(),
  sku: z.string().nullable(),
  title: z.string(),
  quantity: z.int().nonnegative(),
  currentQuantity: z.int().nonnegative(),
  requiresShipping: z.boolean(),
  originalUnitPriceSet: moneyBagSchema,
  originalTotalSet: moneyBagSchema,
  discountAllocations: z.array(z.object({ allocatedAmountSet: moneyBagSchema })),
  taxLines: taxLinesSchema,
});
export type WireLineItem = z.infer<typeof lineItemSchema>;

const shippingLineSchema = z.object({
  title: z.string(),
  code: z.string().nullable(),
  discountedPriceSet: moneyBagSchema,
  currentDiscountedPriceSet: moneyBagSchema,
  taxLines: taxLinesSchema,
});
export type WireShippingLine = z.infer<typeof shippingLineSchema>;

export const orderSchema = z.object({
  id: z.string(),
  name: z.string(),
  test: z.boolean(),
  processedAt: z.string(),
  updatedAt: z.string(),
  cancelledAt: z.string().nullable(),
  closedAt: z.string().nullable(),
  email: z.string().nullable(),
  poNumber: z.string().nullable(),
  currencyCode: z.string(),
  taxesIncluded: z.boolean(),
  displayFinancialStatus: z.string().nullable(),
  paymentTerms: z.object({ paymentTermsName: z.string() }).nullable(),
  purchasingEntity: z.object({ __typename: z.string() }).nullable(),
  customer: z.object({ id: z.string() }).nullable(),
  risk: z.object({ recommendation: z.string(), assessments: z.array(z.object({ riskLevel: z.string() })) }),
  shippingAddress: addressSchema.nullable(),
  billingAddress: addressSchema.nullable(),
  currentTotalPriceSet: moneyBagSchema.extend({ presentmentMoney: amountSchema }),
  currentTotalDutiesSet: moneyBagSchema.nullable(),
  currentTotalAdditionalFeesSet: moneyBagSchema.nullable(),
  netPaymentSet: moneyBagSchema,
  totalCapturableSet: moneyBagSchema,
  fulfillmentOrders: z.object({ nodes: z.array(z.object({ status: z.string(), fulfillAt: z.string().nullable() })) }),
  shippingLines: connectionSchema(shippingLineSchema),
  lineItems: connectionSchema(lineItemSchema),
});
export type WireOrder = z.infer<typeof orderSchema>;

export const orderPageSchema = z.object({ orders: connectionSchema(orderSchema) });
export const oneOrderSchema = z.object({ order: orderSchema.nullable() });
export const orderLinesSchema = z.object({
  order: z.object({ updatedAt: z.string(), lineItems: connectionSchema(lineItemSchema) }).nullable(),
});
export const orderShippingLinesSchema = z.object({
  order: z.object({ updatedAt: z.string(), shippingLines: connectionSchema(shippingLineSchema) }).nullable(),
});

const standingLineSchema = z.object({ id: z.string(), currentQuantity: z.int(), unfulfilledQuantity: z.int() });
const standingSchema = z.object({
  id: z.string(),
  name: z.string(),
  processedAt: z.string(),
  updatedAt: z.string(),
  cancelledAt: z.string().nullable(),
  closedAt: z.string().nullable(),
  currentTotalPriceSet: moneyBagSchema,
  netPaymentSet: moneyBagSchema,
  totalCapturableSet: moneyBagSchema,
  lineItems: connectionSchema(standingLineSchema),
});
export type WireStanding = z.infer<typeof standingSchema>;
export const changedStandingsSchema = z.object({ orders: connectionSchema(standingSchema) });
/** A node of another kind comes as an empty object. */
export const standingsSchema = z.object({ nodes: z.array(z.union([standingSchema, z.object({}).transform(() => null)]).nullable()) });
export const standingLinesSchema = z.object({
  order: z.object({ updatedAt: z.string(), lineItems: connectionSchema(standingLineSchema) }).nullable(),
});

export const inventoryItemsSchema = z.object({
  inventoryItems: connectionSchema(z.object({ id: z.string(), sku: z.string().nullable() })),
});

export const availableSchema = z.object({
  nodes: z.array(
    z
      .object({
        id: z.string().optional(),
        inventoryLevel: z.object({ quantities: z.array(z.object({ name: z.string(), quantity: z.int() })) }).nullish(),
      })
      .nullable(),
  ),
});

export const userErrorsSchema = z.array(
  z.object({ code: z.string().nullish(), field: z.array(z.string()).nullable(), message: z.string() }),
);
export type WireUserError = z.infer<typeof userErrorsSchema>[number];

export const setQuantitiesSchema = z.object({ inventorySetQuantities: z.object({ userErrors: userErrorsSchema }).nullable() });
export const activateSchema = z.object({ inventoryActivate: z.object({ userErrors: userErrorsSchema }).nullable() });

const openLineSchema = z.object({
  id: z.string(),
  remainingQuantity: z.int(),
  inventoryItemId: z.string().nullable(),
  lineItem: z.object({ id: z.string() }),
});
const fulfillmentOrderSchema = z.object({
  id: z.string(),
  status: z.string(),
  assignedLocation: z.object({ location: z.object({ id: z.string() }).nullable() }),
  lineItems: connectionSchema(openLineSchema),
});
export const fulfillmentOrdersSchema = z.object({
  order: z.object({ cancelledAt: z.string().nullable(), fulfillmentOrders: connectionSchema(fulfillmentOrderSchema) }).nullable(),
});
export const fulfillmentOrderLinesSchema = z.object({
  fulfillmentOrder: z.object({ lineItems: connectionSchema(openLineSchema) }).nullable(),
});

const fulfillmentsOfOrder = z.array(
  z.object({ id: z.string(), status: z.string(), trackingInfo: z.array(z.object({ number: z.string().nullable() })) }),
);
export type WireFulfillments = z.infer<typeof fulfillmentsOfOrder>;
export const fulfillmentsSchema = z.object({ order: z.object({ fulfillments: fulfillmentsOfOrder }).nullable() });
export const confirmationSchema = z.object({
  order: z
    .object({
      cancelledAt: z.string().nullable(),
      fulfillments: fulfillmentsOfOrder,
      fulfillmentOrders: connectionSchema(fulfillmentOrderSchema),
    })
    .nullable(),
});

export const moveSchema = z.object({
  fulfillmentOrderMove: z
    .object({ movedFulfillmentOrder: z.object({ id: z.string() }).nullable(), userErrors: userErrorsSchema })
    .nullable(),
});
export const createFulfillmentSchema = z.object({
  fulfillmentCreate: z.object({ fulfillment: z.object({ id: z.string() }).nullable(), userErrors: userErrorsSchema }).nullable(),
});

export const probeSchema = z.object({
  shop: z.object({ name: z.string(), myshopifyDomain: z.string() }),
  currentAppInstallation: z.object({ accessScopes: z.array(z.object({ handle: z.string() })) }),
  nodes: z.array(z.object({ id: z.string().optional(), name: z.string().optional(), isActive: z.boolean().optional() }).nullable()),
});

/** The frame of every GraphQL answer. */
export const envelopeSchema = z.object({
  data: z.unknown().optional(),
  errors: z
    .union([z.string(), z.array(z.object({ message: z.string(), extensions: z.object({ code: z.string().optional() }).optional() }))])
    .optional(),
  extensions: z
    .object({
      cost: z
        .object({
          requestedQueryCost: z.number(),
          actualQueryCost: z.number().nullish(),
          throttleStatus: z.object({ maximumAvailable: z.number(), currentlyAvailable: z.number(), restoreRate: z.number() }),
        })
        .optional(),
    })
    .optional(),
});
export type WireEnvelope = z.infer<typeof envelopeSchema>;
