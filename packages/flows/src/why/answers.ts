import type { JournalReader } from '@quartermaster/journal';
import { compactModel, lpText, mpsText, type MipSolver } from '@quartermaster/sourcing';
import { z, ZodError } from 'zod';
import { findCase } from '../order-cases.ts';
import { policyFileSchema, readPolicy } from '../policy/policy-file.ts';
import { addedNodeSchema, type AddedNode } from './add-node.ts';
import { fillRateOfDay, type FillRate } from './fill-rate.ts';
import { keptDecision, type KeptDecision } from './kept-decision.ts';
import { cutoffPrices, operationPrices, type CutoffPrice, type OperationPrices } from './operation-prices.ts';
import { overrideCosts, type OverrideCost } from './override-cost.ts';
import { replayDecision, type Replayed } from './replay.ts';
import { rulePricesOfDay, type DayRulePrices } from './rule-prices.ts';
import { recordedSettings, settingsUnder, simulateDay, type SimulatedDay } from './simulate.ts';
import { factsOfDay, lastDay, type WaveFacts } from './wave-facts.ts';
import { whyNot, type WhyNot } from './why-not.ts';

/** An answer, or why there is none, in words for the one who asked. */
export type Answered<Answer> = { readonly kind: 'answer'; readonly answer: Answer } | { readonly kind: 'unknown'; readonly why: string };

/** Prices of a day's waves, newest wave last, and of an hour of later cutoff. */
export type DayPrices = { readonly day: string; readonly waves: readonly OperationPrices[]; readonly cutoffs: readonly CutoffPrice[] };

const dayQuery = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}$/, 'a local day such as 2026-11-23')
  .optional();

/** What may be asked, as queries and bodies of requests say it. */
export const whySchemas = {
  whyNot: z.strictObject({ node: z.string().min(1), service: z.string().min(1).optional(), decision: z.string().min(1).optional() }),
  day: z.strictObject({ day: dayQuery }),
  model: z.strictObject({ format: z.enum(['lp', 'mps']) }),
  decisions: z.strictObject({ limit: z.coerce.number().int().min(1).max(1_000).default(100) }),
  simulate: z.strictObject({ day: dayQuery, policy: policyFileSchema, addNode: addedNodeSchema.optional() }),
};

/**
 * Answers to why, from the journal alone: nothing is asked of any connection, and nothing is written. A day that is not named is that of the newest wave. `solver` is the engine that waves are
 * decided with here.
 */
export function whyAnswers({ journal, solver }: { readonly journal: JournalReader; readonly solver: MipSolver | null }) {
  return {
    async whyNot(order: string, asked: z.infer<typeof whySchemas.whyNot>): Promise<Answered<WhyNot>> {
      const decision = await decisionOfOrder(journal, order, asked.decision);
      if (decision === null)
        return unknown(asked.decision === undefined ? 'no wave has decided about the order yet' : `there is no decision ${asked.decision}`);
      return answer(await whyNot(decision, { order, node: asked.node, service: asked.service }, solver));
    },
    /** What each override of an order cost the last wave that decided about it. */
    async overrideCosts(order: string): Promise<readonly OverrideCost[]> {
      const decision = await decisionOfOrder(journal, order, undefined);
      return decision === null ? [] : overrideCosts(decision, order, solver);
    },
    prices: (day: string | undefined) =>
      ofDay(journal, day, async (which, facts): Promise<DayPrices> => {
        const decisions = await decisionsOf(journal, facts);
        return { day: which, waves: decisions.map(operationPrices), cutoffs: await cutoffPrices(which, facts, solver) };
      }),
    rulePrices: (day: string | undefined) =>
      ofDay(journal, day, (which, facts): Promise<DayRulePrices> => rulePricesOfDay(which, facts, solver)),
    fillRate: (day: string | undefined) =>
      ofDay(journal, day, (which, facts): Promise<FillRate> => journal.read((tx) => fillRateOfDay(tx, which, facts))),
    simulate: (day: string | undefined, policy: unknown, added?: AddedNode) =>
      ofDay(journal, day, async (_which, facts): Promise<SimulatedDay | string> => {
        const read = readPolicy(policy);
        if (read.kind === 'wrong') return read.problems.map(({ field, message }) => `${field}: ${message}`).join('; ');
        try {
          return await simulateDay(facts, settingsUnder(recordedSettings(facts), read), solver, added);
        } catch (error) {
          if (error instanceof RangeError) return error.message;
          if (error instanceof ZodError) return `the policy does not fit the settings of that day: ${z.prettifyError(error)}`;
          throw error;
        }
      }),
    async replay(id: string): Promise<Answered<Replayed>> {
      const decision = await journal.read((tx) => keptDecision(tx, id));
      return decision === null ? unknown(`there is no decision ${id}`) : answer(await replayDecision(decision, solver));
    },
    /** The textbook model of a wave for any other engine. */
    async model(id: string, format: 'lp' | 'mps'): Promise<Answered<string>> {
      const decision = await journal.read((tx) => keptDecision(tx, id));
      if (decision === null) return unknown(`there is no decision ${id}`);
      const model = compactModel(decision.problem);
      return answer(format === 'lp' ? lpText(model) : mpsText(model));
    },
  };
}

export type WhyAnswers = ReturnType<typeof whyAnswers>;

function answer<Answer>(given: Answer): Answered<Answer> {
  return { kind: 'answer', answer: given };
}

function unknown(why: string): { readonly kind: 'unknown'; readonly why: string } {
  return { kind: 'unknown', why };
}

/** The last decision about an order, or the one that is named. */
async function decisionOfOrder(journal: JournalReader, order: string, named: string | undefined): Promise<KeptDecision | null> {
  return journal.read(async (tx) => {
    const id = named ?? (await findCase(tx, order))?.case.sourcedBy.at(-1);
    return id === undefined ? null : keptDecision(tx, id);
  });
}

async function decisionsOf(journal: JournalReader, facts: readonly WaveFacts[]): Promise<KeptDecision[]> {
  const found: KeptDecision[] = [];
  for (const { slot } of facts) {
    const decision = await journal.read((tx) => keptDecision(tx, slot));
    if (decision !== null) found.push(decision);
  }
  return found;
}

async function ofDay<Answer>(
  journal: JournalReader,
  day: string | undefined,
  answerOf: (day: string, facts: readonly WaveFacts[]) => Promise<Answer | string>,
): Promise<Answered<Answer>> {
  const { which, facts } = await journal.read(async (tx) => {
    const asked = day ?? (await lastDay(tx));
    return { which: asked, facts: asked === null ? [] : await factsOfDay(tx, asked) };
  });
  if (which === null || facts.length === 0)
    return unknown(
      which === null
        ? 'no wave was decided yet'
        : `the journal has no wave of ${which}, or its waves were decided before what they read was kept`,
    );
  const found = await answerOf(which, facts);
  return typeof found === 'string' ? unknown(found) : answer(found);
}
