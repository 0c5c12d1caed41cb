import { decimalSchema, instantSchema } from '@quartermaster/domain';
import { z } from 'zod';

/** What of the sourcing policy is about plans that are made again. Part of the section `sourcing`. */
export const resourcingFields = {
  /**
   * What follows when the ERP reserved less for a shipment than it needs. `ask`: the shipment waits for the stock, or for a person (`qm short`). `auto`: at the next wave its short lines go to
   * another node that has them; where none has, the shipment waits as before. The same of what a worker left out who validated a delivery in the ERP, there the lines go at once.
   */
  onShortPick: z.enum(['ask', 'auto']).default('ask'),
  /** What it costs to change the plan of an order that has one, so that plans are calm: another node must save at least so much. */
  changeCost: decimalSchema.default('2.00'),
  /** A wave's plan is there after so many seconds, as good as it got by then, and says so. Null: it takes the time it takes, and the same problem gives the same plan on every machine. */
  deadlineSeconds: z.number().positive().max(240).nullable().default(null),
};

const minutes = z.number().nonnegative();
const percent = z.number().min(0).max(100);

/** What is left of a node's capacity: so many percent of the minutes of its bounded labor tiers, or so many minutes of a day in all; 0 of either: nothing leaves it. */
export const capacitySchema = z.union([z.strictObject({ percent }), z.strictObject({ minutes })]);
export type Capacity = z.infer<typeof capacitySchema>;

/** Capacity that is known beforehand. What nobody has foreseen is said with `qm outage`. */
export const outagePolicySchema = z.strictObject({
  /** Maintenance, stocktaking, days off. */
  planned: z
    .array(
      z.strictObject({
        node: z.string().min(1),
        from: instantSchema,
        /** Null: until it is taken out. */
        until: instantSchema.nullable().default(null),
        capacity: capacitySchema,
        reason: z.string().min(1),
      }),
    )
    .default([]),
  /** Minutes of labor that a node has on these days of the week (1 is Monday), in all. Days that are in none are as the node's tiers have them. */
  crew: z.array(z.strictObject({ node: z.string().min(1), days: z.array(z.int().min(1).max(7)).min(1), minutes })).default([]),
});
export type OutagePolicy = z.infer<typeof outagePolicySchema>;
