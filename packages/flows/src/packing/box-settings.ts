import { decimalSchema } from '@quartermaster/domain';
import { z } from 'zod';

const sideSchema = z.int().positive();
const sidesSchema = z.tuple([sideSchema, sideSchema, sideSchema]);

/**
 * A box that the business has, in millimetres and grams: length, width and height as it stands open. A `bag` takes soft goods only and is no higher than what is in it: its third inner side is the most that it
 * holds.
 */
export const boxSettingsSchema = z
  .strictObject({
    /** What packers call it. */
    name: z.string().min(1).max(60),
    kind: z.enum(['carton', 'bag']).default('carton'),
    inner: sidesSchema,
    outer: sidesSchema,
    /** Of the empty box with its filling. */
    tareGrams: z.int().nonnegative(),
    /** The heaviest contents that it bears. */
    maxGrams: z.int().positive(),
    /** What one costs, as decimal text in the currency of the plan. */
    cost: decimalSchema.refine((text) => !text.startsWith('-'), 'a box costs nothing at least').default('0'),
    /** Only these nodes have it; without it all do. */
    nodes: z.array(z.string().min(1)).min(1).optional(),
    /** So many at most are in the open shipments of a node at a time; where nothing is said there are as many as are wanted. */
    stock: z.record(z.string().min(1), z.int().nonnegative()).optional(),
  })
  .superRefine(({ inner, outer }, context) => {
    for (const axis of [0, 1, 2] as const)
      if (outer[axis] < inner[axis])
        context.addIssue({ code: 'custom', path: ['outer', axis], message: 'a box is not smaller outside than inside' });
  });
export type BoxSettings = z.infer<typeof boxSettingsSchema>;

export const boxesSchema = z
  .array(boxSettingsSchema)
  .max(100)
  .refine((boxes) => new Set(boxes.map(({ name }) => name)).size === boxes.length, 'every box needs a name of its own');
