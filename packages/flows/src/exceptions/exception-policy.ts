import { z } from 'zod';

const minutes = z
  .int()
  .min(0)
  .max(60 * 24 * 90);

/** Rising, so that the last step that was reached is the one that counts. */
const stepsSchema = z
  .array(z.strictObject({ afterMinutes: minutes, to: z.string().min(1).max(200) }))
  .max(10)
  .refine((steps) => steps.every((step, at) => step.afterMinutes > (steps[at - 1]?.afterMinutes ?? -1)), 'minutes rise from step to step');

/** How long an exception may wait for a person, and who hears of it when it has waited too long. Codes are those of {@link exceptionMeanings}; `*` is for the rest. */
export const exceptionPolicySchema = z.strictObject({
  /** Minutes after which somebody should have seen to it. */
  dueMinutes: z.record(z.string(), minutes).default({ '*': 480 }),
  /** To whom it goes, so many minutes after it was due; without it nobody else hears of it. */
  escalate: z.record(z.string(), stepsSchema).default({}),
  /** An order of which a part has no node becomes an exception when it was placed so many minutes ago; null: never. */
  backorderAfterMinutes: minutes.nullable().default(1_440),
});
export type ExceptionPolicy = z.infer<typeof exceptionPolicySchema>;
export type EscalationStep = z.infer<typeof stepsSchema>[number];
