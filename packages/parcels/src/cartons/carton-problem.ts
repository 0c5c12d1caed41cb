import { currencySchema, type Money, type Parcel } from '@quartermaster/domain';
import { z } from 'zod';

const sidesSchema = z.tuple([z.int().positive(), z.int().positive(), z.int().positive()]);

/**
 * A kind of packaging. Sides are millimetres as it stands open: length, width, height. A `bag` takes soft goods only and is no higher than what is in it: its third inner side is the most that it holds, and
 * the parcel is as much higher than its contents as the outer side is than the inner one.
 */
export const boxTypeSchema = z
  .strictObject({
    id: z.string().min(1),
    kind: z.enum(['carton', 'bag']).default('carton'),
    inner: sidesSchema,
    outer: sidesSchema,
    tareGrams: z.int().nonnegative(),
    /** The heaviest contents that it bears. */
    maxGrams: z.int().positive(),
    /** How many there are; null: as many as are wanted. */
    stock: z.int().nonnegative().nullable().default(null),
    /** What one costs, in minor units. */
    costMinor: z.int().nonnegative().default(0),
  })
  .superRefine(({ inner, outer }, context) => {
    for (const axis of [0, 1, 2] as const)
      if (outer[axis] < inner[axis])
        context.addIssue({ code: 'custom', path: ['outer', axis], message: 'a box is not smaller outside than inside' });
  });
export type BoxType = z.infer<typeof boxTypeSchema>;

/** Units of one line that are to be packed. Sides are millimetres of one unit as it stands upright: length, width, height. */
export const cartonItemSchema = z.strictObject({
  /** Of the line; what is packed names it. */
  id: z.string().min(1),
  sku: z.string().min(1),
  units: z.int().positive(),
  millimetres: sidesSchema,
  grams: z.int().nonnegative(),
  /** `any` way up, `upright` (turned about the upright axis only), or `none`: length along the length of the box. */
  turning: z.enum(['any', 'upright', 'none']).default('any'),
  /** Nothing may be above it. */
  fragile: z.boolean().default(false),
  /** No other unit may be in its parcel, not even one of its own line. */
  alone: z.boolean().default(false),
  /** Hazard class; `apart` of the problem says which must not be together. */
  hazard: z.string().min(1).nullable().default(null),
  /** Goods in a polybag: they lie flat, on their largest side, and are pressed to so many percent of their lowest side. */
  soft: z
    .strictObject({ pressedPercent: z.int().min(1).max(100) })
    .nullable()
    .default(null),
  maxPerBox: z.int().positive().nullable().default(null),
  /** May leave without a box, as a parcel of its own with its own sides. */
  ownPackaging: z.boolean().default(false),
});
export type CartonItem = z.infer<typeof cartonItemSchema>;

export const cartonProblemSchema = z
  .strictObject({
    currency: currencySchema,
    boxes: z.array(boxTypeSchema),
    items: z.array(cartonItemSchema),
    /** Hazard classes that must not be in one parcel; a class beside itself may hold one unit. */
    apart: z.array(z.tuple([z.string().min(1), z.string().min(1)])).default([]),
  })
  .superRefine((problem, context) => {
    for (const list of ['boxes', 'items'] as const) {
      const seen = new Set<string>();
      for (const [index, { id }] of problem[list].entries()) {
        if (seen.has(id)) context.addIssue({ code: 'custom', path: [list, index, 'id'], message: `${id} is there already` });
        seen.add(id);
      }
    }
  });
export type CartonProblem = z.infer<typeof cartonProblemSchema>;
/** A problem as people write it, before defaults. */
export type CartonProblemInput = z.input<typeof cartonProblemSchema>;

/**
 * What the carrier asks for a parcel, or null when it does not take it. The same parcel has the same price, and a heavier or larger one is never cheaper: the cheapest box is found by it.
 * `tariffPricing` makes one of a tariff.
 */
export type ParcelPricing = (parcel: Pick<Parcel, 'grams' | 'millimetres'>) => Money | null;
