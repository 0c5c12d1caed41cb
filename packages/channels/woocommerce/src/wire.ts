import { z } from 'zod';

// What WooCommerce's wc/v3 sends, as far as we use it. Its own schemas (OPTIONS) are not kept by its answers: amounts are text or numbers, ids may be empty text, names may be null.

const amountSchema = z.union([z.string(), z.number()]).transform(String);
const textSchema = z
  .string()
  .nullish()
  .transform((text) => text ?? '');
const idSchema = z.union([z.number().int(), z.string().regex(/^\d+$/).transform(Number)]);

export const errorSchema = z.object({ code: z.string(), message: z.string().catch('') });
export type WireError = z.infer<typeof errorSchema>;

export const metaSchema = z.object({ id: z.number().optional(), key: z.string(), value: z.unknown() });
export type WireMeta = z.infer<typeof metaSchema>;

const taxSchema = z.object({ id: idSchema, total: amountSchema });

const chargeSchema = z.object({
  id: z.number().int(),
  total: amountSchema,
  total_tax: amountSchema,
  taxes: z.array(taxSchema).default([]),
});
export type WireCharge = z.infer<typeof chargeSchema>;

const lineSchema = chargeSchema.extend({
  name: textSchema,
  product_id: z.number().int(),
  variation_id: z.number().int(),
  quantity: z.number().int(),
  subtotal: amountSchema,
  subtotal_tax: amountSchema,
  sku: textSchema,
  meta_data: z.array(metaSchema).default([]),
});
export type WireLine = z.infer<typeof lineSchema>;

const shippingLineSchema = chargeSchema.extend({ method_title: textSchema, method_id: textSchema });
const feeLineSchema = chargeSchema.extend({ name: textSchema });

/** A refund, as `orders/{id}/refunds` tells it; its lines have negative units and amounts, and name the line of the order in `_refunded_item_id`. */
export const refundSchema = z.object({
  id: z.number().int(),
  amount: amountSchema,
  reason: textSchema,
  meta_data: z.array(metaSchema).default([]),
  line_items: z.array(chargeSchema.extend({ quantity: z.number(), meta_data: z.array(metaSchema).default([]) })).default([]),
});
export type WireRefund = z.infer<typeof refundSchema>;
export const refundsSchema = z.array(refundSchema);

const addressSchema = z.object({
  first_name: textSchema,
  last_name: textSchema,
  company: textSchema,
  address_1: textSchema,
  address_2: textSchema,
  city: textSchema,
  state: textSchema,
  postcode: textSchema,
  country: textSchema,
  phone: textSchema,
  email: textSchema,
});
export type WireAddress = z.infer<typeof addressSchema>;

/** What tells one order from another and when it changed: an order of which no more can be read is still told. The rest comes along unread. */
export const orderHeadSchema = z.looseObject({
  id: z.number().int(),
  number: z.union([z.string(), z.number()]).transform(String).optional(),
  customer_id: z.number().int().optional(),
  status: z.string(),
  date_created_gmt: z.string().nullable(),
  date_modified_gmt: z.string().nullable(),
  refunds: z.array(z.looseObject({ id: z.number().int() })).default([]),
});
export type WireOrderHead = z.infer<typeof orderHeadSchema>;
export const orderHeadsSchema = z.array(orderHeadSchema);

/** What an order is made of; `refunds` are whole ones here. */
export const orderSchema = z.object({
  id: z.number().int(),
  number: z.union([z.string(), z.number()]).transform(String),
  status: z.string(),
  currency: z.string(),
  prices_include_tax: z.boolean(),
  date_created_gmt: z.string().nullable(),
  date_modified_gmt: z.string().nullable(),
  date_completed_gmt: z.string().nullish(),
  date_paid_gmt: z.string().nullish(),
  total: amountSchema,
  payment_method: textSchema,
  meta_data: z.array(metaSchema),
  line_items: z.array(lineSchema),
  shipping_lines: z.array(shippingLineSchema),
  fee_lines: z.array(feeLineSchema),
  tax_lines: z.array(z.looseObject({ id: z.number() })).default([]),
  refunds: z.array(refundSchema),
});
export type WireOrder = z.infer<typeof orderSchema>;

/** Who ordered and where it goes; not asked for where only standings are read. */
export const orderPersonSchema = z.object({ customer_id: z.number().int(), billing: addressSchema, shipping: addressSchema });
export type WireOrderPerson = z.infer<typeof orderPersonSchema>;

/** What a change of an order answers. */
export const changedOrderSchema = z.object({ id: z.number().int(), status: z.string(), meta_data: z.array(metaSchema) });
export type WireChangedOrder = z.infer<typeof changedOrderSchema>;

export const notesSchema = z.array(z.object({ id: z.number().int(), note: z.string() }));
export const noteSchema = z.object({ id: z.number().int() });

export const fulfillmentSchema = z.object({
  id: idSchema,
  is_fulfilled: z.union([z.boolean(), z.string(), z.number()]).transform((is) => is === true || is === 1 || is === '1'),
  date_deleted: z.string().nullish(),
  meta_data: z.array(metaSchema).default([]),
});
export const fulfillmentsSchema = z.array(fulfillmentSchema);
export type WireFulfillment = z.infer<typeof fulfillmentSchema>;

/** Units in a fulfilment's `_items`. */
export const fulfillmentItemsSchema = z.array(z.object({ item_id: idSchema, qty: z.number() }));

export const productSchema = z.object({
  id: z.number().int(),
  name: textSchema,
  sku: textSchema,
  type: z.string(),
  status: z.string(),
  parent_id: z.number().int().default(0),
  stock_quantity: z.number().nullish(),
});
export type WireProduct = z.infer<typeof productSchema>;
export const productsSchema = z.array(productSchema);

/** One outcome per item, in the order of asking. */
export const batchSchema = z.object({
  update: z
    .array(
      z.union([
        z.object({ id: z.number().int(), error: z.object({ code: z.string(), message: z.string() }) }),
        z.object({ id: z.number().int(), stock_quantity: z.number().nullable(), error: z.undefined().optional() }),
      ]),
    )
    .default([]),
});
export type WireBatchOutcome = z.infer<typeof batchSchema>['update'][number];

export const webhookSchema = z.object({ id: z.number().int(), topic: z.string(), status: z.string(), delivery_url: z.string() });
export const webhooksSchema = z.array(webhookSchema);
export type WireWebhook = z.infer<typeof webhookSchema>;

export const siteSchema = z.object({ name: z.string(), namespaces: z.array(z.string()) });
export const settingSchema = z.object({ id: z.string(), value: z.unknown() });
export const currencySchema = z.object({ code: z.string() });
/** An answer of which nothing is used. */
export const anythingSchema = z.unknown();
