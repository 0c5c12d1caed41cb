import { instantSchema } from '@quartermaster/domain';
import { z } from 'zod';

export const quoteKind = 'quote';
/** Quotes are never finished: those of a day take the place of those of the day before. */
export const quoteState = 'kept';

/** What a carrier said that a parcel of `grams` costs on a lane, and how many days it takes; null where it does not say. */
const quotedRateSchema = z.object({ service: z.string(), minor: z.int().nonnegative(), transitDays: z.int().nonnegative().nullable() });
export type QuotedRate = z.infer<typeof quotedRateSchema>;

export const quoteSchema = z.object({
  grams: z.int().positive(),
  askedAt: instantSchema,
  /** Until when the carrier keeps its word; null where it does not say. */
  expiresAt: instantSchema.nullable(),
  rates: z.array(quotedRateSchema),
});
export type Quote = z.infer<typeof quoteSchema>;

/** What is kept of one lane: its quotes by rising weight, of one day of dispatch and of one way of asking. */
export const laneQuotesSchema = z.object({
  dispatchDate: z.string(),
  /** Hash of what was asked beside lane, weight and day: another address or another currency has other prices. */
  asking: z.string(),
  quotes: z.array(quoteSchema),
});
export type LaneQuotes = z.infer<typeof laneQuotesSchema>;

/** From a node to a zone of the problem, by one carrier. */
export const quotedLaneSchema = z.object({ carrier: z.string(), node: z.string(), zone: z.string() });
export type QuotedLane = Readonly<z.infer<typeof quotedLaneSchema>>;

export function quoteKey({ carrier, node, zone }: QuotedLane): string {
  return JSON.stringify([carrier, node, zone]);
}
