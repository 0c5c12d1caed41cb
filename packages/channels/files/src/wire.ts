import { currencySchema, decimalSchema, instantSchema, moneyFromDecimal } from '@quartermaster/domain';
import { z } from 'zod';

// The documents of the partner. In JSON they are as they stand here; in CSV an order is one row per line, with the columns of `csv-orders.ts`. What may be left out may also be null.

const text = z.string().trim().min(1);
/** A whole number, or its digits as text. */
const wholeSchema = z.union([
  z.int().nonnegative(),
  z
    .string()
    .regex(/^\d{1,9}$/, 'a whole number')
    .transform(Number),
]);
/** `true` and `false`, or the words that spreadsheets have for them. */
const flagSchema = z.union([
  z.boolean(),
  z
    .string()
    .regex(/^(?:true|false|yes|no|1|0)$/i, 'true or false')
    .transform((word) => /^(?:true|yes|1)$/i.test(word)),
]);
/** Amounts are text, because numbers of JSON are binary fractions: `"12.90"`. */
const amountSchema = decimalSchema;

export const fileAddressSchema = z.object({
  name: text,
  company: text.nullish(),
  street: text,
  street_2: text.nullish(),
  postal_code: z.string().trim(),
  city: text,
  region: text.nullish(),
  country: z.string().regex(/^[A-Z]{2}$/, 'a country code of two capital letters'),
  phone: text.nullish(),
  email: text.nullish(),
});
export type FileAddress = z.infer<typeof fileAddressSchema>;

/** What a line is: goods, a service, or a charge that is neither. */
export const lineKinds = ['product', 'service', 'fee', 'gift-wrap', 'duties', 'rounding'] as const;

export const fileLineSchema = z.object({
  /** The same in every version of the order. */
  line_id: text,
  sku: text.nullish(),
  title: text.nullish(),
  kind: z.enum(lineKinds).default('product'),
  /** What is still wanted: units that were taken out are gone. */
  quantity: wholeSchema,
  /** Including tax exactly when the order's `taxes_included` says so, as all amounts of the line. */
  unit_price: amountSchema,
  /** Off the whole line. */
  discount: amountSchema.nullish(),
  /** After the discount; left out, it is quantity times unit price less discount. */
  total: amountSchema.nullish(),
  /** Tax of the whole line: in its total or on top of it. */
  tax: amountSchema.nullish(),
});
export type FileLine = z.infer<typeof fileLineSchema>;

const fieldsOfOrder = z.object({
  order_id: text,
  /** What people call it; default its id. */
  name: text.nullish(),
  status: z.enum(['open', 'cancelled', 'closed']).default('open'),
  /** With offset or `Z`: a local time would be said twice in one night of the year. */
  placed_at: instantSchema,
  /** The later one of two versions counts. Left out, it is the file's time. */
  updated_at: instantSchema.nullish(),
  currency: currencySchema,
  taxes_included: flagSchema,
  /** `paid` and `on-account` may be shipped, `unpaid` not yet; other words are kept, and secure nothing. */
  payment: text,
  /** What the order may be shipped for; default its total where `payment` is `paid` or `on-account`, else nothing. */
  secured: amountSchema.nullish(),
  class: z.enum(['consumer', 'business']).default('business'),
  purchase_order_number: text.nullish(),
  terms: text.nullish(),
  ship_not_before: instantSchema.nullish(),
  service: text.nullish(),
  pickup_point: text.nullish(),
  customer_id: text.nullish(),
  note: z.string().nullish(),
  ship_to: fileAddressSchema.nullish(),
  bill_to: fileAddressSchema.nullish(),
  lines: z.array(fileLineSchema).min(1),
  shipping: amountSchema.nullish(),
  shipping_tax: amountSchema.nullish(),
  /** Off the order, beside the discounts of its lines. */
  discount: amountSchema.nullish(),
  /** All that the customer pays. */
  total: amountSchema,
  /** Names of cancellations of ours (`cancellation_id`) that this version takes account of. */
  cancellation_ids: z.array(text).nullish(),
});

/** An order of a file. No amount is finer than its currency (unit prices may be); no line id stands twice. */
export const fileOrderSchema = fieldsOfOrder.superRefine((order, context) => {
  const amounts: (readonly [value: string | null | undefined, path: (string | number)[]])[] = [
    ...(['secured', 'shipping', 'shipping_tax', 'discount', 'total'] as const).map((field) => [order[field], [field]] as const),
    ...order.lines.flatMap((line, at) =>
      (['discount', 'total', 'tax'] as const).map((field) => [line[field], ['lines', at, field]] as const),
    ),
  ].map(([value, path]) => [value, [...path]]);
  for (const [value, path] of amounts) {
    if (value === null || value === undefined || isWhole(value, order.currency)) continue;
    context.addIssue({ code: 'custom', path, message: `an amount of ${order.currency} has not so many decimals` });
  }
  const ids = new Set<string>();
  for (const [at, { line_id: id }] of order.lines.entries()) {
    if (ids.has(id)) context.addIssue({ code: 'custom', path: ['lines', at, 'line_id'], message: 'a line id that another line has' });
    ids.add(id);
  }
});
export type FileOrder = z.infer<typeof fileOrderSchema>;

/** A JSON file of orders. */
export const orderFileSchema = z.object({ format: z.literal('orders/1'), orders: z.array(fileOrderSchema) });
/** The same with orders that were not looked into yet: one bad order must not hold up the others of its file. */
export const orderFileEnvelopeSchema = z.object({ format: z.literal('orders/1'), orders: z.array(z.unknown()) });

/** One thing that the partner sells of ours. */
export const fileItemSchema = z.object({
  /** The partner's own number; default the SKU. */
  item_id: text.nullish(),
  sku: text.nullish(),
  title: z.string().trim(),
  state: z.enum(['active', 'inactive', 'ended']).default('active'),
});
export type FileItem = z.infer<typeof fileItemSchema>;
export const itemFileSchema = z.object({ format: z.literal('items/1'), items: z.array(fileItemSchema) });

/** What a stock file says: of each item what may be sold, absolute. `whole: true` says all that we ever said, else only these changed. */
export const stockFileSchema = z.object({
  format: z.literal('stock/1'),
  stock_id: text,
  as_of: instantSchema,
  whole: z.boolean(),
  /** `warehouse` is null where the partner keeps one figure for all of them. */
  levels: z.array(z.object({ sku: text, warehouse: text.nullable(), available: z.int().nonnegative() })),
});
export type StockFile = z.infer<typeof stockFileSchema>;

export const shipmentFileSchema = z.object({
  format: z.literal('shipment/1'),
  /** Also the file's name; what comes twice under one id is one shipment. */
  shipment_id: text,
  order_id: text,
  warehouse: text,
  shipped_at: instantSchema,
  carrier: z.string(),
  tracking_numbers: z.array(text),
  tracking_url: z.string().nullable(),
  notify_customer: z.boolean(),
  lines: z.array(z.object({ line_id: text, sku: z.string().nullable(), quantity: z.int().positive() })).min(1),
});
export type ShipmentFile = z.infer<typeof shipmentFileSchema>;

export const cancellationFileSchema = z.object({
  format: z.literal('cancellation/1'),
  cancellation_id: text,
  order_id: text,
  reason: text,
  restock: z.boolean(),
  notify_customer: z.boolean(),
  /** Null cancels all that has not shipped. */
  lines: z
    .array(z.object({ line_id: text, quantity: z.int().positive() }))
    .min(1)
    .nullable(),
});
export type CancellationFile = z.infer<typeof cancellationFileSchema>;

export const acknowledgementFileSchema = z.object({
  format: z.literal('acknowledgement/1'),
  acknowledgement_id: text,
  order_id: text,
  our_ref: text,
});
export type AcknowledgementFile = z.infer<typeof acknowledgementFileSchema>;

/** False of an amount that is finer than its currency; what is no amount, or no currency, is told as such elsewhere. */
function isWhole(amount: string, currency: string): boolean {
  if (!amountSchema.safeParse(amount).success || !currencySchema.safeParse(currency).success) return true;
  try {
    return moneyFromDecimal(amount, currency).currency === currency;
  } catch {
    return false;
  }
}
