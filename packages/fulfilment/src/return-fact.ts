import { instantSchema, moneySchema } from '@quartermaster/domain';
import { z } from 'zod';

/** What a customer sends back, as the channel told it last (`ChannelReturn` of the domain): a fact that is kept with its order, and that nothing follows from here. */
export const returnFactSchema = z.object({
  id: z.string().min(1),
  revision: z.string(),
  updatedAt: instantSchema,
  state: z.enum(['requested', 'approved', 'declined', 'in-transit', 'received', 'closed', 'cancelled', 'other']),
  lines: z.array(
    z.object({ lineId: z.string().nullable(), sku: z.string().nullable(), units: z.int().nonnegative(), reason: z.string().nullable() }),
  ),
  refunded: moneySchema.nullable(),
  trackingNumbers: z.array(z.string()),
});
export type ReturnFact = z.infer<typeof returnFactSchema>;
