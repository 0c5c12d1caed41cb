import { z } from 'zod';

// What Vendure sends, as far as we use it. States, methods and types are plain text, so that those of a shop's own survive.

export const errorsSchema = z.object({
  errors: z.array(z.object({ message: z.string(), extensions: z.object({ code: z.string().optional() }).optional() })).min(1),
});

const refusalSchema = z.object({ errorCode: z.string(), message: z.string() });
export type WireRefusal = z.infer<typeof refusalSchema>;

/** A union of what was asked for and of typed errors, all of which have a code. */
function orRefusal<Result extends z.ZodType>(result: Result) {
  return z.union([refusalSchema, result]);
}

export function isRefusal(answer: object): answer is WireRefusal {
  return 'errorCode' in answer;
}

/** Whole units of 10^-precision of the currency (`moneyStrategyPrecision`), whatever the currency. */
const amountSchema = z.int();

const shopSchema = z.object({
  globalSettings: z.object({ serverConfig: z.object({ moneyStrategyPrecision: z.int().nonnegative() }) }),
  activeChannel: z.object({ code: z.string(), pricesIncludeTax: z.boolean() }),
});
export type WireShop = z.infer<typeof shopSchema>;

const refundSchema = z.object({ id: z.string(), state: z.string(), total: amountSchema, reason: z.string().nullable() });
export type WireRefund = z.infer<typeof refundSchema>;

const paymentSchema = z.object({ id: z.string(), state: z.string(), amount: amountSchema, refunds: z.array(refundSchema) });
export type WirePayment = z.infer<typeof paymentSchema>;

const fulfillmentSchema = z.object({
  id: z.string(),
  state: z.string(),
  trackingCode: z.string().nullable(),
  lines: z.array(z.object({ orderLineId: z.string(), quantity: z.int() })),
});
export type WireFulfillment = z.infer<typeof fulfillmentSchema>;

const standingFields = {
  id: z.string(),
  code: z.string(),
  state: z.string(),
  type: z.string(),
  active: z.boolean(),
  orderPlacedAt: z.string().nullable(),
  updatedAt: z.string(),
  currencyCode: z.string(),
  totalWithTax: amountSchema,
  payments: z.array(paymentSchema).nullable(),
  fulfillments: z.array(fulfillmentSchema).nullable(),
};
/** An order without the person. */
export const standingSchema = z.object({ ...standingFields, lines: z.array(z.object({ id: z.string(), quantity: z.int() })) });
export type WireStanding = z.infer<typeof standingSchema>;

const addressSchema = z.object({
  fullName: z.string().nullable(),
  company: z.string().nullable(),
  streetLine1: z.string().nullable(),
  streetLine2: z.string().nullable(),
  city: z.string().nullable(),
  province: z.string().nullable(),
  postalCode: z.string().nullable(),
  countryCode: z.string().nullable(),
  phoneNumber: z.string().nullable(),
});
export type WireAddress = z.infer<typeof addressSchema>;

const lineSchema = z.object({
  id: z.string(),
  quantity: z.int().nonnegative(),
  unitPrice: amountSchema,
  unitPriceWithTax: amountSchema,
  linePrice: amountSchema,
  linePriceWithTax: amountSchema,
  proratedLinePrice: amountSchema,
  proratedLinePriceWithTax: amountSchema,
  productVariant: z.object({ sku: z.string(), name: z.string() }),
});
export type WireLine = z.infer<typeof lineSchema>;

export const orderSchema = z.object({
  ...standingFields,
  shipping: amountSchema,
  shippingWithTax: amountSchema,
  customer: z.object({ id: z.string(), emailAddress: z.string() }).nullable(),
  shippingAddress: addressSchema.nullable(),
  billingAddress: addressSchema.nullable(),
  shippingLines: z.array(z.object({ shippingMethod: z.object({ code: z.string() }) })),
  surcharges: z.array(z.object({ id: z.string(), description: z.string(), price: amountSchema, priceWithTax: amountSchema })),
  lines: z.array(lineSchema),
});
export type WireOrder = z.infer<typeof orderSchema>;

export const ordersPageSchema = z.object({ ...shopSchema.shape, orders: z.object({ items: z.array(orderSchema) }) });
export const standingsPageSchema = z.object({ ...shopSchema.shape, orders: z.object({ items: z.array(standingSchema) }) });
export const oneOrderSchema = z.object({ ...shopSchema.shape, order: orderSchema.nullable() });
export const oneStandingSchema = z.object({ ...shopSchema.shape, order: standingSchema.nullable() });

/** `data` is whatever the entry's type has. */
const historySchema = z.object({ items: z.array(z.object({ data: z.record(z.string(), z.unknown()) })) });
export const orderHistorySchema = z.object({ order: standingSchema.extend({ history: historySchema }).nullable() });
export type WireOrderHistory = NonNullable<z.infer<typeof orderHistorySchema>['order']>;

const stockLevelSchema = z.object({ stockLocationId: z.string(), stockOnHand: z.int(), stockAllocated: z.int() });
const stockVariantSchema = z.object({ id: z.string(), sku: z.string(), stockLevels: z.array(stockLevelSchema) });
export type WireStockVariant = z.infer<typeof stockVariantSchema>;
export const stockVariantsSchema = z.object({ productVariants: z.object({ items: z.array(stockVariantSchema) }) });
export const updatedVariantsSchema = z.object({ updateProductVariants: z.array(stockVariantSchema.nullable()) });

const listedVariantSchema = z.object({
  id: z.string(),
  sku: z.string(),
  name: z.string(),
  createdAt: z.string(),
  enabled: z.boolean(),
  product: z.object({ enabled: z.boolean() }),
});
export type WireListedVariant = z.infer<typeof listedVariantSchema>;
export const listedVariantsSchema = z.object({ productVariants: z.object({ items: z.array(listedVariantSchema) }) });

const stateSchema = z.object({ id: z.string(), state: z.string() });
export const addedFulfillmentSchema = z.object({ addFulfillmentToOrder: orRefusal(stateSchema) });
export const shippedFulfillmentSchema = z.object({
  transitionFulfillmentToState: z.union([refusalSchema.extend({ fromState: z.string() }), stateSchema]),
});
export const cancelledOrderSchema = z.object({ cancelOrder: orRefusal(stateSchema) });
export const refundedPaymentSchema = z.object({ refundOrder: orRefusal(refundSchema) });
export const settledPaymentSchema = z.object({ settlePayment: orRefusal(stateSchema) });
export const notedOrderSchema = z.object({ addNoteToOrder: z.object({ id: z.string() }) });

export const probeSchema = z.object({
  ...shopSchema.shape,
  stockLocations: z.object({ items: z.array(z.object({ id: z.string() })) }),
  fulfillmentHandlers: z.array(z.object({ code: z.string() })),
  orders: z.object({ totalItems: z.int() }),
  productVariants: z.object({ totalItems: z.int() }),
});
