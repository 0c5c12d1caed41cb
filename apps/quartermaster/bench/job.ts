import { z } from 'zod';

/** One measurement, done by a process of its own. Files are paths; `limitSeconds` is the time limit that a caller would give. */
export type Job = {
  readonly problem: string;
  /** Where the plan is written for the arbiters. */
  readonly plan: string;
  /** `auto` and `none` are those of `qm solve`; the others solve the textbook model. */
  readonly engine: 'auto' | 'none' | 'peer:glpk' | 'peer:highs' | 'peer:cbc';
  readonly limitSeconds?: number;
  /** The clock of the limit: CPU seconds of the process measure the same on a busy machine; default wall. */
  readonly clock?: 'cpu' | 'wall';
};

const moment = z.object({ phase: z.string(), cost: z.number(), bound: z.number(), cpuSeconds: z.number(), wallSeconds: z.number() });

/** What a process says of its job. */
export const outcomeSchema = z.object({
  /** null where there is no plan. */
  cost: z.number().nullable(),
  /** No plan costs less, as the method claims; null where an engine proves nothing. */
  bound: z.number().nullable(),
  /** What the plan's certificate proves to anybody. */
  certifiedBound: z.number().nullable(),
  method: z.string(),
  reasons: z.array(z.string()),
  /** User and system time of the process from the parsed JSON to the answer. */
  cpuSeconds: z.number(),
  wallSeconds: z.number(),
  peakRssMb: z.number(),
  progress: z.array(moment),
  /** Cost of the baselines, by name. */
  baselines: z.record(z.string(), z.number()),
  /** Where the plan breaks a rule or claims what is not so. */
  faults: z.array(z.string()),
});

export type Outcome = z.infer<typeof outcomeSchema>;
