import type { Bucket } from '@quartermaster/connector-kit';

/**
 * The leaky bucket of an app in a shop, by the shop's plan: restore rates from Shopify's documentation of API limits. Bucket sizes are not published: these are what is
 * begun with, and each answer says the true one.
 */
export const shopifyPlans = {
  standard: { capacity: 2_000, perSecond: 100 },
  advanced: { capacity: 4_000, perSecond: 200 },
  plus: { capacity: 20_000, perSecond: 1_000 },
  enterprise: { capacity: 40_000, perSecond: 2_000 },
} as const satisfies Readonly<Record<string, Bucket>>;

/** Points that one query may cost at most. */
export const maxQueryCost = 1_000;

/** Quantities in one `inventorySetQuantities`: Shopify's limit for lists in an input. */
export const maxStockBatch = 250;

/** Fulfillments of one order that a look-up can see: 11 points each have to fit one query. */
export const maxFulfillmentsSeen = 80;
/** The same beside the fulfillment orders, which cost 531 of the 1,000. */
export const fulfillmentsSeenFirst = 40;

/** Refunds of one order that a look-up can see: 8 points each. */
export const maxRefundsSeen = 100;

/** Transactions of one order that a look-up can see: 8 points each. */
export const maxTransactionsSeen = 100;

/** Scopes without which something here does not work. Without the fulfillment-order scopes Shopify silently shows a part of the fulfillment orders. */
export const requiredScopes = [
  'read_orders',
  'write_orders',
  'write_order_edits',
  'read_returns',
  'read_products',
  'read_customers',
  'read_payment_terms',
  'read_locations',
  'read_inventory',
  'write_inventory',
  'read_merchant_managed_fulfillment_orders',
  'write_merchant_managed_fulfillment_orders',
] as const;

/** The versions that our documents are checked against, and the one asked for by default. */
export const oldestApiVersion = '2026-04';
export const defaultApiVersion = '2026-10';

/** Name of a connection's bucket, for a rate limiter that outlives the process. */
export function shopifyBucketName(connection: string): string {
  return `shopify/${connection}`;
}
