import { currencySchema, decimalSchema } from '@quartermaster/domain';
import { z } from 'zod';

const limitsSchema = z.record(currencySchema, decimalSchema);

/** What {@link checkOrder} lets through, as the config says it; an empty object is a policy. Amounts are decimal text by currency, such as `{ EUR: '250.00' }`. */
export const checkPolicySchema = z
  .strictObject({
    /** Business orders with payment terms may ship before they are paid. */
    trustTerms: z.boolean().default(true),
    /** More money than the total may be secured: a part was refunded in the books and not yet at the bank. */
    acceptOverpayment: z.boolean().default(false),
    /** Orders of medium risk up to this total go through; in a currency that is not named, none does. */
    mediumRiskUpTo: limitsSchema.default({}),
    /** Orders above this total wait for a person; in a currency that is not named, none does. */
    reviewAbove: limitsSchema.default({}),
    poBoxes: z.enum(['accept', 'hold']).default('accept'),
    testOrders: z.enum(['accept', 'hold']).default('hold'),
  })
  .prefault({});
export type CheckPolicy = z.infer<typeof checkPolicySchema>;
