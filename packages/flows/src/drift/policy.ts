import { decimalSchema } from '@quartermaster/domain';
import { z } from 'zod';
import { driftCauseNames, driftCauses } from './causes.ts';

/** What is compared, how long a difference must last before it counts, and what may be mended without a person. */
export const driftPolicySchema = z.strictObject({
  /** Two looks at least so far apart must see the same before it counts, and nothing that changed within it is looked at: it may just be under way. */
  windowMinutes: z.int().min(1).default(15),
  /** Ended orders are compared when they changed in the channel within so many hours; all others always are. */
  lookBackHours: z.int().min(1).default(48),
  /** Figures of stock that are read from one channel in one look; the next look goes on behind them. */
  levelsPerLook: z.int().min(1).default(2_000),
  /** A label whose parcel has not left after so many days is told. */
  labelIdleDays: z.int().min(1).default(3),
  /** Causes that the daemon mends by itself; an empty list only tells. */
  heal: z
    .array(z.enum(driftCauseNames))
    .default(driftCauseNames.filter((cause) => driftCauses[cause].automatic))
    .refine(
      (causes) => causes.every((cause) => driftCauses[cause].heal !== null),
      `a cause that can be mended: ${driftCauseNames.filter((cause) => driftCauses[cause].heal !== null).join(', ')}`,
    ),
  /** More than so many at once are not drift but an accident: the rest waits for the next look. */
  healsPerRun: z.int().nonnegative().default(50),
  /** A difference of more units than this is mended by a person only. */
  unitsPerHeal: z.int().nonnegative().default(50),
  /** The same for what is at stake in money, in the currency of the plan. */
  moneyPerHeal: decimalSchema.default('250.00'),
});
export type DriftPolicy = z.infer<typeof driftPolicySchema>;
