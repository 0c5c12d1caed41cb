import { z } from 'zod';
import { roleSchema } from '../operations/roles.ts';

const ofKindSchema = z
  .strictObject({
    /** Who may at least. */
    needs: roleSchema.default('supervisor'),
    /** It counts no longer than so many hours: one that says nothing ends then, one that asks for more is refused. Null: it may last until it is lifted. */
    mostHours: z.int().positive().max(8_760).nullable().default(null),
  })
  .prefault({});

/** Who may decide in place of the program, and for how long, by the kind of the decision. */
export const overridePolicySchema = z.strictObject({
  /** A check does not hold an order. */
  check: ofKindSchema,
  /** An order leaves this node by this service. */
  fix: ofKindSchema,
  /** An order leaves nothing from a node, or by a service. */
  forbid: ofKindSchema,
});
export type OverridePolicy = z.infer<typeof overridePolicySchema>;
