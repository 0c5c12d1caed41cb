import { instantSchema } from '@quartermaster/domain';
import { z } from 'zod';

/**
 * Every ground on which an order waits for something or somebody. All but `revised` and `known-to-erp` come from {@link checkOrder}; `manual` also from a person.
 * What each means stands in the package's README.
 */
export const holdCodes = [
  'acceptance',
  'payment',
  'fraud',
  'address',
  'unmapped-sku',
  'total-mismatch',
  'no-lines',
  'restricted',
  'duplicate',
  'not-before',
  'test-order',
  'closed',
  'known-to-erp',
  'manual',
  'revised',
] as const;
export const holdCodeSchema = z.enum(holdCodes);
export type HoldCode = z.infer<typeof holdCodeSchema>;

/** What a check finds: the code for machines, the reason for people, without personal data. */
export type Hold = {
  readonly code: HoldCode;
  readonly reason: string;
  /** What a person may do about it, such as the SKU that was probably meant. It may change while the hold stays the same. */
  readonly suggestion?: string | null;
  /** So long the hold lasts at most; left out: until its reason has passed or a person releases it. */
  readonly lastsMinutes?: number;
};

/** A hold that stands. `placedBy` is null when a check placed it, and then the next check may lift it; a person's hold is lifted by a person only. */
export const placedHoldSchema = z.object({
  code: holdCodeSchema,
  reason: z.string(),
  placedAt: instantSchema,
  placedBy: z.string().nullable(),
  /** Who looks after it; null: who looks after holds anyway. Orders of earlier versions have neither this nor `until`. */
  owner: z.string().nullable().default(null),
  /** What a person may do about it. */
  suggestion: z.string().nullable().default(null),
  /** A hold that lasts only so long; null: until it is released. */
  until: instantSchema.nullable().default(null),
});
export type PlacedHold = z.infer<typeof placedHoldSchema>;

/** A hold that a person released: a check that finds the very same thing again does not place it again. */
export const waiverSchema = z.object({
  code: holdCodeSchema,
  reason: z.string(),
  releasedAt: instantSchema,
  releasedBy: z.string(),
  why: z.string(),
});
export type Waiver = z.infer<typeof waiverSchema>;

/** One person's word that a hold may be released, where two are needed. It counts for just this finding. */
export const approvalSchema = z.object({
  code: holdCodeSchema,
  reason: z.string(),
  by: z.string(),
  why: z.string(),
  at: instantSchema,
});
