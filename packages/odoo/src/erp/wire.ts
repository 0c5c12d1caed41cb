import { z } from 'zod';
import type { Vocabulary } from '../session/vocabulary.ts';

/** Odoo's empty value of every type but numbers and booleans is `false`. */
const text = z.union([z.string(), z.literal(false)]).transform((value) => (value === false ? '' : value));
const reference = z.union([z.int(), z.literal(false)]).transform((value) => (value === false ? null : value));

export const productSchema = z.object({
  id: z.int(),
  default_code: text,
  name: text,
  weight: z.number(),
  volume: z.number(),
  weight_uom_name: text,
  volume_uom_name: text,
  type: z.string(),
  is_storable: z.boolean().optional(),
  is_kits: z.boolean().optional(),
  list_price: z.number(),
});
export type ProductRow = z.infer<typeof productSchema>;

export const skuSchema = z.object({ id: z.int(), default_code: text });

export const quantSchema = z.object({
  id: z.int(),
  product_id: z.int(),
  location_id: z.int(),
  quantity: z.number(),
  reserved_quantity: z.number(),
});

export const locationSchema = z.object({ id: z.int(), parent_path: text });

export const countrySchema = z.object({ id: z.int(), code: text });
export const stateSchema = z.object({ id: z.int(), code: text, name: text });

/** What of an order is read with one call, under the names that this database has; the same as in {@link orderSchema}. */
export function orderSpecification(vocabulary: Vocabulary) {
  const move = { product_id: { fields: { default_code: {} } }, product_uom_qty: {}, quantity: {}, state: {}, sale_line_id: {} };
  const picking = {
    name: {},
    state: {},
    origin: {},
    note: {},
    partner_id: {},
    location_id: {},
    location_dest_id: {},
    picking_type_id: { fields: { code: {}, warehouse_id: {} } },
    move_ids: { fields: move },
    ...(vocabulary.tracking ? { carrier_tracking_ref: {} } : {}),
  };
  return {
    name: {},
    state: {},
    amount_total: {},
    currency_id: { fields: { name: {} } },
    partner_id: {},
    partner_shipping_id: {},
    order_line: { fields: { product_id: { fields: { default_code: {} } }, product_uom_qty: {} } },
    picking_ids: { fields: picking },
    [vocabulary.orderGroup]: {},
  };
}

const moveSchema = z.object({
  id: z.int(),
  product_id: z.object({ id: z.int(), default_code: text }),
  product_uom_qty: z.number(),
  quantity: z.number(),
  state: z.string(),
  sale_line_id: reference,
});
export type MoveRow = z.infer<typeof moveSchema>;

const pickingSchema = z.object({
  id: z.int(),
  name: text,
  state: z.string(),
  origin: text,
  note: text,
  partner_id: reference,
  location_id: z.int(),
  location_dest_id: z.int(),
  /** Absent without the app that delivers by carriers. */
  carrier_tracking_ref: text.optional(),
  picking_type_id: z.object({ id: z.int(), code: z.string(), warehouse_id: reference }),
  move_ids: z.array(moveSchema),
});
export type PickingRow = z.infer<typeof pickingSchema>;

/** A note or a section has no product. */
const lineProductSchema = z
  .union([z.object({ id: z.int(), default_code: text }), z.literal(false)])
  .transform((value) => (value === false ? null : value));

export const orderSchema = z.object({
  id: z.int(),
  name: text,
  state: z.string(),
  amount_total: z.number(),
  currency_id: z.object({ name: z.string() }),
  partner_id: reference,
  partner_shipping_id: reference,
  order_line: z.array(z.object({ id: z.int(), product_id: lineProductSchema, product_uom_qty: z.number() })),
  picking_ids: z.array(pickingSchema),
  /** The group of the order's deliveries, before Odoo 19. */
  procurement_group_id: reference.optional(),
  /** The same from Odoo 19 on. */
  stock_reference_ids: z.array(z.int()).optional(),
});
export type OrderRow = z.infer<typeof orderSchema>;

export const metadataSchema = z.object({
  id: z.int(),
  xmlid: text,
  xmlids: z.array(z.object({ xmlid: z.string() })).optional(),
});
