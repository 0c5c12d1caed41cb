import { z } from 'zod';
import { amountSchema } from './wire.ts';

// What Mirakl sends of everything that is no order.

const text = z.string().nullish();

const shipmentSchema = z.object({
  id: z.string().min(1),
  order_id: z.string(),
  status: z.string(),
  shipment_lines: z.array(z.object({ order_line_id: text, offer_sku: text, quantity: z.int() })).nullish(),
  tracking: z.object({ tracking_number: text }).nullish(),
});
export type WireShipment = z.infer<typeof shipmentSchema>;

export const shipmentPageSchema = z.object({ data: z.array(shipmentSchema), next_page_token: text });

export const createdShipmentsSchema = z.object({
  shipment_success: z.array(shipmentSchema).nullish(),
  shipment_errors: z.array(z.object({ order_id: text, message: text })).nullish(),
});

export const importSchema = z.object({ import_id: z.union([z.string().min(1), z.int()]) });

export const importStatusSchema = z.object({
  status: z.string(),
  has_error_report: z.boolean(),
  lines_in_error: z.int().nullish(),
});

const offerSchema = z.object({
  offer_id: z.int(),
  shop_sku: z.string(),
  product_title: text,
  active: z.boolean(),
  quantity: z.int(),
  warehouses: z.array(z.object({ code: z.string(), quantity: z.int() })).nullish(),
});
export type WireOffer = z.infer<typeof offerSchema>;

export const offerPageSchema = z.object({ offers: z.array(offerSchema), total_count: z.int().nonnegative() });

export const reasonsSchema = z.object({
  reasons: z.array(z.object({ code: z.string(), label: z.string(), type: z.string(), is_shop_right: z.boolean().nullish() })),
});
export type WireReason = z.infer<typeof reasonsSchema>['reasons'][number];

export const madeRefundsSchema = z.object({
  refunds: z.array(z.object({ refund_id: z.string(), order_refund_id: text, order_line_id: z.string(), amount: amountSchema })).min(1),
});

export const madeCancelationsSchema = z.object({
  cancelations: z.array(z.object({ cancelation_id: z.string(), order_line_id: z.string() })).min(1),
});

export const updatedOrdersSchema = z.object({
  updated_orders: z
    .array(z.object({ order_id: text, errors: z.array(z.object({ code: text, field: text, message: text })).nullish() }))
    .nullish(),
});

const returnSchema = z.object({
  id: z.string().min(1),
  order_id: z.string(),
  last_updated: z.string(),
  state: z.string(),
  reason_code: text,
  return_lines: z.array(z.object({ order_line_id: z.string(), quantity: z.int(), reason_code: text })).nullish(),
  tracking: z.object({ tracking_number: text }).nullish(),
});
export type WireReturn = z.infer<typeof returnSchema>;

export const returnPageSchema = z.object({ data: z.array(returnSchema), next_page_token: text });

export const accountSchema = z.object({ shop_id: z.int(), shop_name: z.string(), shop_state: z.string() });

export const platformSchema = z.object({
  platform_name: text,
  features: z
    .object({
      shipment: z.object({ multi_shipment: z.boolean().nullish() }).nullish(),
      returns: z.object({ marketplace: z.boolean().nullish() }).nullish(),
    })
    .nullish(),
});
