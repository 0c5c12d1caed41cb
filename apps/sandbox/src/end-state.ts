import { z } from 'zod';

const lineSchema = z.object({ sku: z.string(), units: z.int() });

/** A shipment as its shop shows it: from where, what, and how many tracking numbers (the numbers themselves are different in every run). */
const shopFulfillmentSchema = z.object({ node: z.string(), trackingNumbers: z.int(), lines: z.array(lineSchema) });

const shopOrderSchema = z.object({
  shop: z.string(),
  /** Id that the shop gave it. */
  shopOrderId: z.string(),
  cancelled: z.boolean(),
  financialStatus: z.string().nullable(),
  total: z.string(),
  fulfillments: z.array(shopFulfillmentSchema),
});

const erpDeliverySchema = z.object({
  node: z.string().nullable(),
  state: z.string(),
  trackingNumbers: z.int(),
  lines: z.array(z.object({ sku: z.string(), demand: z.number(), done: z.number() })),
});

const erpOrderSchema = z.object({ state: z.string(), total: z.string(), deliveries: z.array(erpDeliverySchema) });

const labelSchema = z.object({ bought: z.int(), refunded: z.int() });

/**
 * What a day has come to in all the vendors' books, without times, tracking numbers and ids that a repeated attempt would change, so that a run with faults can be compared with a
 * quiet one. Lists are sorted.
 */
export const endStateSchema = z.object({
  /** By the world's order id. */
  orders: z.record(z.string(), shopOrderSchema),
  /** By external id. Two orders of one external id cannot be: `erpOrdersWithoutExternalId` counts what should not be there. */
  erpOrders: z.record(z.string(), erpOrderSchema),
  erpOrdersWithoutExternalId: z.int(),
  /** Labels of the API carrier by the reference of their shipment. */
  labels: z.record(z.string(), labelSchema),
  /** Units on hand and set aside at each node, over all products. */
  stock: z.record(z.string(), z.object({ onHand: z.number(), reserved: z.number() })),
  /** Units that each shop still offers, over all products and places. */
  published: z.record(z.string(), z.number()),
});
export type EndState = z.infer<typeof endStateSchema>;
export type ShopOrderState = z.infer<typeof shopOrderSchema>;
