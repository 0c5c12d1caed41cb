import { currencySchema, decimalSchema, instantSchema } from '@quartermaster/domain';
import { z } from 'zod';

// What the vendor sends: only what we use. Words that may become more (a status) stay texts, so that a new one does not break the reading.

const addressSchema = z.object({
  name: z.string(),
  street: z.string(),
  postal_code: z.string(),
  city: z.string(),
  country: z.string(),
  phone: z.string().nullable(),
});
export type WireAddress = z.infer<typeof addressSchema>;

const lineSchema = z.object({
  id: z.string(),
  sku: z.string().nullable(),
  title: z.string(),
  quantity: z.int().nonnegative(),
  shipped: z.int().nonnegative(),
  unit_price: decimalSchema,
  total: decimalSchema,
  tax: decimalSchema,
});
export type WireLine = z.infer<typeof lineSchema>;

const shipmentSchema = z.object({ id: z.string(), tracking_numbers: z.array(z.string()) });

export const orderSchema = z.object({
  id: z.string(),
  number: z.string(),
  status: z.string(),
  paid: z.boolean(),
  created_at: instantSchema,
  updated_at: instantSchema,
  currency: currencySchema,
  prices_include_tax: z.boolean(),
  lines: z.array(lineSchema),
  shipping: decimalSchema,
  total: decimalSchema,
  address: addressSchema.nullable(),
  shipments: z.array(shipmentSchema),
});
export type WireOrder = z.infer<typeof orderSchema>;

export const orderPageSchema = z.object({ orders: z.array(orderSchema), next: z.string().nullable() });
export const stockSchema = z.object({ levels: z.array(z.object({ sku: z.string(), available: z.int() })) });
export const stockResultSchema = z.object({ results: z.array(z.object({ sku: z.string(), result: z.string() })) });
export const shipmentCreatedSchema = z.object({ id: z.string() });
export const accountSchema = z.object({ name: z.string() });
