import { z } from 'zod';
import { addressSchema } from './person.ts';

/** A place that ships: its company, its IANA zone, its address, when its carriers leave, and what its people can do in a day. */
export const fulfilmentNodeSchema = z.object({
  id: z.string().min(1),
  kind: z.enum(['warehouse', '3pl', 'store']),
  company: z.string().min(1),
  zone: z.string().min(1),
  address: addressSchema,
  /** Local time `HH:MM` until which an order still leaves today. */
  cutoff: z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'a local time such as 16:30'),
  labor: z.object({
    minutesPerShipment: z.number().nonnegative(),
    minutesPerLine: z.number().nonnegative(),
    minutesPerUnit: z.number().nonnegative(),
    /** Minutes of one dispatch day by rising cost; `minutes: null` is without limit, a finite last tier a hard one. */
    tiers: z.array(z.object({ minutes: z.number().nonnegative().nullable(), costPerMinute: z.number().nonnegative() })).min(1),
  }),
});
export type FulfilmentNode = z.infer<typeof fulfilmentNodeSchema>;
