import { z } from 'zod';

/** One measurement, done by a process of its own. Files are paths; `limitSeconds` is the time limit that a caller would give. */
export const jobSchema = z.strictObject({
  problem: z.string(),
  /** Where the plan is written for the arbiters. */
  plan: z.string(),
  /** `auto` and `none` are those of `qm solve`; the others solve the textbook model. */
  engine: z.enum(['auto', 'none', 'peer:glpk', 'peer:highs', 'peer:cbc']),
  limitSeconds: z.number().exactOptional(),
  /** The clock of the limit: CPU seconds of the process measure the same on a busy machine; default wall. */
  clock: z.enum(['cpu', 'wall']).exactOptional(),
  /** The plan of an earlier problem, to start from. */
  incumbent: z.string().exactOptional(),
  /** Threads beside the first; default none. */
  helpers: z.number().exactOptional(),
  /** So many orders of the problem are then quoted and placed one by one, at the plan's prices. */
  singleOrders: z.number().exactOptional(),
});

export type Job = z.infer<typeof jobSchema>;

const moment = z.object({ phase: z.string(), cost: z.number(), bound: z.number(), cpuSeconds: z.number(), wallSeconds: z.number() });

const milliseconds = z.object({ median: z.number(), p99: z.number() });

/** What single orders took: the alternatives of an order, placing the best of them, and both. */
const desk = z.object({ orders: z.number(), alternatives: z.number(), quote: milliseconds, place: milliseconds, both: milliseconds });

export type DeskTimes = z.infer<typeof desk>;

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
  /** null where no single orders were asked for. */
  desk: desk.nullable(),
});

export type Outcome = z.infer<typeof outcomeSchema>;
