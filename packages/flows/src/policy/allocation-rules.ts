import { decimalSchema } from '@quartermaster/domain';
import { orderConditionSchema } from '@quartermaster/fulfilment';
import { z } from 'zod';

const ruleName = z.string().min(1).max(80);

/**
 * What orders are worth more, in money: the first rule that means an order multiplies what a late day and an unfilled unit of it cost, and says what is released first. An order that no rule means
 * has 1, and 0.
 */
export const prioritiesSchema = z
  .array(
    z.strictObject({
      name: ruleName,
      if: orderConditionSchema,
      /** Only orders whose promised day is at most so many days away; 0 is today. */
      promisedWithinDays: z.int().nonnegative().optional(),
      lateTimes: z.number().nonnegative().max(1_000).default(1),
      unfilledTimes: z.number().nonnegative().max(1_000).default(1),
      /** The greater, the earlier among what is released together. */
      release: z.int().default(0),
    }),
  )
  .default([]);
export type PriorityRule = z.infer<typeof prioritiesSchema>[number];

/** How orders may be divided; the first rule that means an order counts. */
export const splitsSchema = z
  .array(
    z
      .strictObject({
        name: ruleName,
        if: orderConditionSchema,
        /** All together or not at all. */
        shipComplete: z.boolean().optional(),
        /** Most shipments of the order, those that are under way already among them. */
        mostShipments: z.int().positive().optional(),
        /** In place of `sourcing.splitCost`. */
        splitCost: decimalSchema.optional(),
      })
      .refine(
        ({ shipComplete, mostShipments, splitCost }) =>
          shipComplete !== undefined || mostShipments !== undefined || splitCost !== undefined,
        'a rule says shipComplete, mostShipments or splitCost',
      ),
  )
  .default([]);
export type SplitRule = z.infer<typeof splitsSchema>[number];

/** Which nodes may ship what; every rule that means an order counts. A rule with `skus` or `tags` is about those products alone. */
export const eligibilitySchema = z
  .array(
    z
      .strictObject({
        name: ruleName,
        if: orderConditionSchema,
        /** Only these nodes. */
        allow: z.array(z.string().min(1)).min(1).optional(),
        /** None of these nodes. */
        forbid: z.array(z.string().min(1)).min(1).optional(),
      })
      .refine(({ allow, forbid }) => allow !== undefined || forbid !== undefined, 'a rule allows nodes or forbids some'),
  )
  .default([]);
export type EligibilityRule = z.infer<typeof eligibilitySchema>[number];
