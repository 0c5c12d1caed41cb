import { createHash } from 'node:crypto';
import type { Instant } from '@quartermaster/domain';
import type { JournalReader, ReadTransaction } from '@quartermaster/journal';
import {
  engineVersion,
  parsePlan,
  parseProblem,
  planText,
  type Override,
  type SolveOptions,
  type SolveResult,
  type SourcingPlan,
  type SourcingProblem,
} from '@quartermaster/sourcing';
import { z } from 'zod';
import type { PolicyStamp } from '../policy/policy-hash.ts';
import { waveDecision, waveKind } from '../waves/baseline.ts';

/** Everything beside problem, overrides and engine that a wave's plan depends on. A time limit is kept too: a plan that it ended depends on the machine. */
export type WaveOptions = Pick<SolveOptions, 'solver' | 'workLimit' | 'stockValues' | 'incumbent' | 'timeLimitMs' | 'now'>;

/** A wave as the journal keeps it: what it was decided from, how, and what came out. Costs are in the problem's currency. */
export type KeptDecision = {
  readonly id: string;
  readonly at: Instant;
  readonly problem: SourcingProblem;
  /** Hash of the inputs as they were when it was decided, and as they are stored now. */
  readonly inputsHash: string;
  readonly storedHash: string;
  readonly plan: SourcingPlan;
  /** Null of decisions that were made before it was kept. */
  readonly planHash: string | null;
  readonly overrides: readonly Override[];
  readonly engine: { readonly version: string; readonly solver: string | null } | null;
  readonly options: Omit<WaveOptions, 'solver' | 'now'>;
  readonly cost: { readonly total: number };
  readonly method: string;
  readonly gap: number;
  readonly reasons: readonly string[];
  /** The policy that it was made under; null of a decision from before policies were named. */
  readonly policy: PolicyStamp | null;
};

/** SHA-256 of a plan's text: equal plans with equal proofs have equal hashes, on every machine. */
export function planHash(plan: SourcingPlan): string {
  return sha256(planText(plan));
}

export function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** What is kept of a solved wave, so that it can be explained and decided again to the byte. */
export function outcomeOf(solved: SolveResult, overrides: readonly Override[], { solver, now: _now, ...options }: WaveOptions): object {
  const { plan, cost, bound, certifiedBound, gap, method, reasons } = solved;
  const engine = { version: engineVersion, solver: solver?.name ?? null };
  return { plan, cost, bound, certifiedBound, gap, method, reasons, overrides, planHash: planHash(plan), engine, options };
}

/** The decision of a wave by its id (`wave:SLOT`, or the slot alone), or null where the journal has no such wave. */
export async function keptDecision(tx: ReadTransaction, named: string): Promise<KeptDecision | null> {
  const decision = (await tx.decisions.get(named)) ?? (await tx.decisions.get(waveDecision(named)));
  if (decision === null || decision.kind !== waveKind) return null;
  const { plan, ...outcome } = outcomeSchema.parse(decision.outcome);
  return {
    id: decision.id,
    at: decision.at,
    problem: parseProblem(decision.inputs),
    inputsHash: decision.inputsHash,
    storedHash: sha256(JSON.stringify(decision.inputs)),
    ...outcome,
    plan: parsePlan(plan),
    options: optionsOf(outcome.options),
  };
}

/** Ids of the newest waves, newest first. */
export async function decisionIds(journal: JournalReader, limit: number): Promise<string[]> {
  return journal.read(async (tx) => (await tx.decisions.list({ kind: waveKind, limit })).map(({ id }) => id));
}

const overrideSchema = z.discriminatedUnion('kind', [
  z.object({
    id: z.string(),
    kind: z.literal('fix'),
    order: z.string(),
    shipments: z.array(z.object({ node: z.string(), service: z.string(), lines: z.array(z.int().nonnegative()) })),
  }),
  z.object({ id: z.string(), kind: z.literal('hold'), order: z.string() }),
  z.object({ id: z.string(), kind: z.literal('forbid'), order: z.string(), node: z.string().optional(), service: z.string().optional() }),
]);

const optionsSchema = z.object({
  workLimit: z.number().optional(),
  timeLimitMs: z.number().optional(),
  stockValues: z.record(z.string(), z.record(z.string(), z.number())).optional(),
  incumbent: z.object({ plan: z.unknown(), changeCost: z.number().optional() }).optional(),
});

const outcomeSchema = z.object({
  plan: z.unknown(),
  cost: z.object({ total: z.number() }),
  method: z.string(),
  gap: z.number(),
  reasons: z.array(z.string()).default([]),
  overrides: z.array(overrideSchema).default([]),
  planHash: z.string().nullable().default(null),
  engine: z.object({ version: z.string(), solver: z.string().nullable() }).nullable().default(null),
  options: optionsSchema.default({}),
  policy: z.object({ name: z.string(), hash: z.string() }).nullable().default(null),
});

function optionsOf({ workLimit, timeLimitMs, stockValues, incumbent }: z.infer<typeof optionsSchema>): KeptDecision['options'] {
  return {
    ...(workLimit === undefined ? {} : { workLimit }),
    ...(timeLimitMs === undefined ? {} : { timeLimitMs }),
    ...(stockValues === undefined ? {} : { stockValues }),
    ...(incumbent === undefined
      ? {}
      : {
          incumbent: {
            plan: parsePlan(incumbent.plan),
            ...(incumbent.changeCost === undefined ? {} : { changeCost: incumbent.changeCost }),
          },
        }),
  };
}
