import { cancelReasons, moneySchema, refundReasons } from '@quartermaster/domain';
import { z } from 'zod';

/** A cancellation that a person asked for, as far as the channel must be told of it. */
export const askedCancellationSchema = z.object({
  /** The request that asked for it. */
  id: z.string().min(1),
  /** Null: all that has not left. `left` is how many units of the line are wanted afterwards. */
  lines: z.array(z.object({ lineId: z.string().min(1), units: z.int().positive(), left: z.int().nonnegative() })).nullable(),
  reason: z.enum(cancelReasons),
  /** `wanted`: the channel is told once the ERP has cancelled what it had, so that nothing leaves any more. */
  state: z.enum(['wanted', 'asked', 'done']),
});
export type AskedCancellation = z.infer<typeof askedCancellationSchema>;

const partSchema = z.object({ amount: moneySchema, tax: moneySchema });

/** What is to be given back, in the words of the domain's `Refund`. */
export const refundPartsSchema = z.object({
  lines: z.array(partSchema.extend({ lineId: z.string().min(1), units: z.int().nonnegative() })),
  shipping: partSchema.nullable(),
  adjustment: moneySchema.nullable(),
  reason: z.enum(refundReasons),
});
export type RefundParts = z.infer<typeof refundPartsSchema>;

/** A refund that a person asked for. */
export const askedRefundSchema = refundPartsSchema.extend({
  /** The request that asked for it: by it the channel finds the refund again. */
  id: z.string().min(1),
  /** What the customer gets, with tax; what the channel says once it has answered. */
  amount: moneySchema,
  /** `pending`: the channel took it, and the money is not on its way yet. */
  state: z.enum(['asked', 'pending', 'done']),
  /** The channel's payment has shown it: money that goes back beyond that was not given back by us. */
  seen: z.boolean(),
});
export type AskedRefund = z.infer<typeof askedRefundSchema>;
