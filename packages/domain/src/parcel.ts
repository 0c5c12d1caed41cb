import { z } from 'zod';

/** A box that goes out: weight in grams, sides in millimetres (longest first, null when unknown), and what is in it. */
export const parcelSchema = z.object({
  /** 1 for the first parcel of its shipment. */
  number: z.int().positive(),
  grams: z.int().positive(),
  millimetres: z.tuple([z.int().positive(), z.int().positive(), z.int().positive()]).nullable(),
  items: z.array(z.object({ lineId: z.string(), sku: z.string(), units: z.int().positive() })).min(1),
});
export type Parcel = z.infer<typeof parcelSchema>;
