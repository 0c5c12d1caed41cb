import { z } from 'zod';
import { moneySchema } from './money.ts';

/** Kinds of money that a carrier asks for; the list is that of ShipEngine's API (`rate_detail_type`), the most complete one published. */
export const chargeTypes = [
  'shipping',
  'insurance',
  'confirmation',
  'discount',
  'fuel-charge',
  'additional-fees',
  'tariff',
  'tax',
  'delivery',
  'handling',
  'special-goods',
  'pickup',
  'location-fee',
  'oversize',
  'returns',
  'notifications',
  'tip',
  'duties-and-taxes',
  'brokerage-fee',
  'admin-fee',
  'adjustment',
] as const;
export type ChargeType = (typeof chargeTypes)[number];

/** A part of a price, with the carrier's own code of it; negative takes something off. */
export const chargeSchema = z.object({ type: z.enum(chargeTypes), amount: moneySchema, vendorCode: z.string().nullable() });
export type Charge = z.infer<typeof chargeSchema>;
