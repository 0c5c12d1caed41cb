import { sandboxAccessSchema, worldSchema } from '@quartermaster/sandbox';
import { z } from 'zod';

/** What the process of the sandboxes is told. */
export const sandboxesJobSchema = z.strictObject({
  orders: z.int().positive(),
  /** How long every answer of a vendor takes, in milliseconds: between the two, evenly. */
  delayMs: z.tuple([z.number().nonnegative(), z.number().nonnegative()]),
  /** `day`: orders come over the day, and time moves by the control. `now`: they all wait to be placed, and time is the machine's. */
  day: z.enum(['day', 'now']),
});
export type SandboxesJob = z.input<typeof sandboxesJobSchema>;

/** What it says once everything answers. */
export const stageSchema = z.object({
  /** Without its events and stock. */
  world: worldSchema,
  urls: z.record(z.string(), z.string()),
  controlUrl: z.string(),
  access: sandboxAccessSchema,
});
export type Stage = z.infer<typeof stageSchema>;

/** What a process used up. */
export const usageSchema = z.object({
  cpuSeconds: z.number(),
  /** Of it, in the system. */
  systemSeconds: z.number(),
  /** Of it, by the main thread. */
  threadSeconds: z.number(),
  wallSeconds: z.number(),
  peakRssMb: z.number(),
});
export type Usage = z.infer<typeof usageSchema>;

/** What the vendors used up, and how often each of their calls was made. */
export const vendorsOutcomeSchema = usageSchema.extend({ calls: z.record(z.string(), z.int()) });
export type VendorsOutcome = z.infer<typeof vendorsOutcomeSchema>;

/** What the process of a daemon is told. */
export const daemonJobSchema = z.strictObject({
  stage: stageSchema,
  /** Folder of its key, and of its journal when that is a file. */
  folder: z.string(),
  /** Where the journal is that it shares with others; null for a file of its own. */
  postgres: z.strictObject({ url: z.string(), schema: z.string() }).nullable(),
  /** `day`: the sandboxes' day, which passes while the daemon rests; `machine`: the machine's own time, until standard input ends. */
  time: z.enum(['day', 'machine']),
  profile: z.boolean(),
  /** Listens to webhooks, and says where in its first log line. */
  webhooks: z.boolean(),
});
export type DaemonJob = z.infer<typeof daemonJobSchema>;

/** What it says at its end. */
export const daemonOutcomeSchema = z.object({
  usage: usageSchema,
  /** CPU seconds by part of the program, of the profile; empty without one. */
  parts: z.record(z.string(), z.number()),
  /** The costliest functions of the profile, for whoever looks for what to mend. */
  functions: z.array(z.object({ name: z.string(), seconds: z.number() })),
  heapMb: z.number(),
  /** Commits of the journal, each an fsync. */
  commits: z.int(),
  /** How long the thread stood still for them. */
  commitSeconds: z.number(),
  /** CPU of the main thread between the arrival of each webhook and its acknowledgement, in milliseconds. */
  ackMs: z.array(z.number()),
});
export type DaemonOutcome = z.infer<typeof daemonOutcomeSchema>;
