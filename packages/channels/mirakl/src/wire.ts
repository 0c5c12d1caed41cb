import { z } from 'zod';

// What Mirakl sends of orders, as much of it as is used. Whatever is not filled may be null as well as missing. Unknown words of enumerations survive as text.

/** A JSON number; some operators' gateways write it as text. */
export const amountSchema = z.union([z.number(), z.string().regex(/^-?\d+(\.\d+)?$/)]);
export type WireAmount = z.infer<typeof amountSchema>;

const text = z.string().nullish();
const amount = amountSchema.nullish();

const breakdownSchema = z
  .object({
    parts: z.array(
      z.object({ amount: amountSchema, debitable_from_customer: z.boolean().nullish(), payable_to_shop: z.boolean().nullish() }),
    ),
  })
  .nullish();

export const taxSchema = z.object({ amount: amountSchema, code: z.string(), amount_breakdown: breakdownSchema });
export type WireTax = z.infer<typeof taxSchema>;

const feeSchema = z.object({ amount: amountSchema, code: z.string() });

/** Amounts that were taken from a line, by a cancellation or by a refund; `quantity` may be 0 or missing where only money was taken. */
const takenSchema = z.object({
  id: z.string(),
  amount,
  quantity: z.int().nullish(),
  shipping_amount: amount,
  taxes: z.array(taxSchema).nullish(),
  shipping_taxes: z.array(taxSchema).nullish(),
  fees: z.array(feeSchema).nullish(),
});
export type WireTaken = z.infer<typeof takenSchema>;

const refundSchema = takenSchema.extend({ order_refund_id: text, state: text, refund_state: text });
export type WireRefund = z.infer<typeof refundSchema>;

export const lineSchema = z.object({
  order_line_id: z.string().min(1),
  order_line_state: z.string(),
  offer_sku: text,
  product_title: text,
  quantity: z.int().nonnegative(),
  price: amountSchema,
  price_unit: amount,
  shipping_price: amount,
  total_price: amount,
  taxes: z.array(taxSchema).nullish(),
  shipping_taxes: z.array(taxSchema).nullish(),
  fees: z.array(feeSchema).nullish(),
  promotions: z.array(z.object({ deduced_amount: amount })).nullish(),
  cancelations: z.array(takenSchema).nullish(),
  refunds: z.array(refundSchema).nullish(),
});
export type WireLine = z.infer<typeof lineSchema>;

const addressSchema = z.object({
  firstname: text,
  lastname: text,
  company: text,
  company_2: text,
  street_1: text,
  street_2: text,
  additional_info: text,
  zip_code: text,
  city: text,
  state: text,
  country_iso_code: text,
  country: text,
  phone: text,
  phone_secondary: text,
});
export type WireAddress = z.infer<typeof addressSchema>;

export const orderSchema = z.looseObject({
  order_id: z.string().min(1),
  commercial_id: text,
  created_date: z.string(),
  last_updated_date: z.string(),
  order_state: z.string(),
  currency_iso_code: z.string(),
  order_tax_mode: text,
  total_price: amountSchema,
  order_taxes: z.array(z.object({ total_amount: amountSchema })).nullish(),
  payment_workflow: text,
  customer_debited_date: text,
  customer_notification_email: text,
  customer: z
    .object({
      customer_id: text,
      organization: z.object({ organization_id: text }).nullish(),
      shipping_address: addressSchema.nullish(),
      billing_address: addressSchema.nullish(),
    })
    .nullish(),
  fulfillment: z.object({ center: z.object({ code: text }).nullish() }).nullish(),
  invoice_details: z.object({ payment_terms: z.object({ days: z.int().nullish(), type: text }).nullish() }).nullish(),
  references: z.object({ order_reference_for_customer: text, order_reference_for_seller: text }).nullish(),
  shipping_type_code: text,
  shipping_pudo_id: text,
  shipping_tracking: text,
  order_lines: z.array(lineSchema),
});
export type WireOrder = z.infer<typeof orderSchema>;

/** An order of which only the name is understood: it is told as such and holds up nobody else. */
const strangeOrderSchema = z.looseObject({ order_id: z.string().min(1), last_updated_date: z.string() });
export const anyOrderSchema = z.union([orderSchema, strangeOrderSchema]);
export type AnyOrder = z.infer<typeof anyOrderSchema>;

export const orderPageSchema = z.object({ orders: z.array(anyOrderSchema), total_count: z.int().nonnegative() });

/** Errors have a message, or a list of them by field. */
export const errorSchema = z.object({
  message: text,
  status: z.int().nullish(),
  errors: z.array(z.object({ code: text, field: text, message: text })).nullish(),
});
