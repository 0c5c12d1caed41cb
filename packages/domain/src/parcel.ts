import { z } from 'zod';

/** A box that goes out: weight in grams, sides in millimetres (longest first, null when unknown), and what is in it. */
export const parcelSchema = z.object({
  /** 1 for the first parcel of its shipment. */
  number: z.int().positive(),
  grams: z.int().positive(),
  millimetres: z.tuple([z.int().positive(), z.int().positive(), z.int().positive()]).nullable(),
  items: z.array(z.object({ lineId: z.string(), sku: z.string(), units: z.int().positive() })).min(1),
  /** What it is packed in: the name of a box (null: a unit's own packaging, or a box without a name) and what that weighs empty, which is part of `grams`. Left out where nobody has said. */
  packaging: z.object({ box: z.string().min(1).nullable(), tareGrams: z.int().nonnegative() }).optional(),
});
export type Parcel = z.infer<typeof parcelSchema>;
