import { z } from 'zod';
import { instantSchema } from './instant.ts';
import { currencySchema, decimalSchema, moneySchema } from './money.ts';
import { destinationSchema } from './person.ts';

/**
 * One line of a channel order.
 *
 * `quantity` counts whole base units of measure (`unitFactor` base units make the unit that the channel sold) and is what is still wanted: removed units are already
 * gone. `total` is what the customer pays for the line after its discounts, including tax exactly when the order's `taxesIncluded` says so; `tax` is the tax in it or on
 * top of it. `sku` is null when the channel's item has none.
 */
export const orderLineSchema = z.object({
  id: z.string().min(1),
  kind: z.enum(['product', 'non-stock', 'kit', 'component']),
  /** Line id of the kit that a component belongs to. */
  parent: z.string().nullable(),
  sku: z.string().min(1).nullable(),
  title: z.string(),
  quantity: z.int().nonnegative(),
  unitFactor: z.int().positive(),
  unitPrice: decimalSchema,
  total: moneySchema,
  tax: moneySchema,
  /** What `total` was reduced by: a discount of the line, or its share of one on the order. */
  discount: moneySchema.optional(),
  /** Set of a line that is no goods, and why it is there. `unexplained` makes up for a total that is higher than all that the channel says it is made of. */
  cause: z.enum(['duties', 'fee', 'gift-wrap', 'rounding', 'unexplained']).optional(),
});
export type OrderLine = z.infer<typeof orderLineSchema>;

/** Payment as the channel reports it; a status that we do not know stays as its text. */
export const paymentSchema = z.object({
  status: z.string(),
  /** Authorized or captured and not refunded: what the order may be shipped for. */
  secured: moneySchema,
  /** The part of `secured` that is only authorized, and that the channel leaves to us to take when goods leave. Left out where there is none. */
  toCapture: moneySchema.optional(),
});

/**
 * An order in the field's words, without personal data (that is `subject`'s, in the vault). `revision` changes whenever the channel's order does.
 *
 * `total` is the channel's own grand total: lines, shipping and, unless included, tax; less order-wide discounts that no line carries.
 */
export const channelOrderSchema = z.object({
  id: z.string().min(1),
  name: z.string(),
  revision: z.string().min(1),
  status: z.enum(['open', 'cancelled', 'closed']),
  test: z.boolean(),
  placedAt: instantSchema,
  updatedAt: instantSchema,
  class: z.enum(['consumer', 'business']),
  purchaseOrderNumber: z.string().nullable(),
  terms: z.string().nullable(),
  shipNotBefore: instantSchema.nullable(),
  requestedService: z.string().nullable(),
  pickupPoint: z.string().nullable(),
  /**
   * `awaited`: the channel has the customer pay, and tells the address, only after we accepted the order. `not-yet`: it takes no acknowledgement of the order so far. Left out where the order may be
   * acknowledged at any time, or needs none.
   */
  acceptance: z.enum(['awaited', 'not-yet']).optional(),
  currency: currencySchema,
  taxesIncluded: z.boolean(),
  payment: paymentSchema,
  risk: z.enum(['low', 'medium', 'high', 'unknown']),
  subject: z.string().min(1),
  destination: destinationSchema.nullable(),
  /** Fingerprint of the delivery address: tells a change of address without holding the address. */
  addressHash: z.string().nullable(),
  lines: z.array(orderLineSchema),
  shipping: moneySchema,
  /** Tax on shipping; part of `shipping` when taxes are included. */
  shippingTax: moneySchema,
  /** Discount that the lines do not carry yet, as a positive amount. */
  orderDiscount: moneySchema,
  total: moneySchema,
  /** The part of the tax that the channel collected and pays to the state itself, as marketplaces do. Part of `total`. */
  remittedTax: moneySchema.optional(),
  /** The total in the customer's currency, where that is another one. */
  customerTotal: moneySchema.optional(),
});
export type ChannelOrder = z.infer<typeof channelOrderSchema>;
export type Payment = z.infer<typeof paymentSchema>;
