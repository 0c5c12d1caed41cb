import { z } from 'zod';

/** How far a wave looks ahead: what a unit may be worth to orders of the next days is then part of what taking it costs. */
export const lookAheadSchema = z.strictObject({
  /** Days that are looked at, today included; what is left on the last of them is worth nothing. */
  days: z.int().min(2).max(14).default(5),
  /** Days of past orders that futures are drawn from; the first waves, with no past, look at nothing. */
  historyDays: z.int().min(1).max(60).default(28),
  /** Futures that are drawn. */
  samples: z.int().min(1).max(60).default(8),
});
