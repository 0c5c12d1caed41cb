import { z } from 'zod';
import { carrierAddressPolicySchema } from './carrier-address.ts';
import { fraudRulesSchema } from './fraud-rules.ts';
import { holdCodeSchema } from './hold.ts';
import { limitsSchema } from './limits.ts';
import { restrictionSchema } from './restricted-goods.ts';

/** What {@link checkOrder} lets through, as the config says it; an empty object is a policy. Amounts are decimal text by currency, such as `{ EUR: '250.00' }`. */
export const checkPolicySchema = z
  .strictObject({
    /** Business orders with payment terms may ship before they are paid. */
    trustTerms: z.boolean().default(true),
    /** More money than the total may be secured: a part was refunded in the books and not yet at the bank. */
    acceptOverpayment: z.boolean().default(false),
    /** Secured money may differ from the total by this much. */
    paymentTolerance: limitsSchema.default({}),
    /** Channels whose money must have been captured, and not only authorised, before anything is sent. */
    capturedFirst: z.array(z.string().min(1)).default([]),
    /** An order may differ from the sum of its parts by this much. */
    totalTolerance: limitsSchema.default({}),
    /** Orders of medium risk up to this total go through; in a currency that is not named, none does. */
    mediumRiskUpTo: limitsSchema.default({}),
    fraud: fraudRulesSchema,
    /** Orders above this total wait for a person; in a currency that is not named, none does. */
    reviewAbove: limitsSchema.default({}),
    /** Whether carriers are asked if there is such a place. */
    carrierAddresses: carrierAddressPolicySchema,
    poBoxes: z.enum(['accept', 'hold']).default('accept'),
    testOrders: z.enum(['accept', 'hold']).default('hold'),
    /** Goods that may not go everywhere, such as hazmat. */
    restricted: z.array(restrictionSchema).default([]),
    /** The same person ordering the same products again within so many minutes is suspected to have ordered twice; null: nobody is. */
    duplicatesWithinMinutes: z.int().positive().max(10_080).nullable().default(null),
    /** A hold of this code ends by itself after so many minutes, and the same finding does not hold the order again; a code that is not named waits for its reason to pass, or for a person. */
    holdMinutes: z.partialRecord(holdCodeSchema, z.int().positive()).default({}),
  })
  .prefault({});
export type CheckPolicy = z.infer<typeof checkPolicySchema>;
