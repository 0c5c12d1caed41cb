import type { MipSolver } from '@quartermaster/sourcing';
import { policyRules } from './policy-rules.ts';
import { changedOrders, recordedSettings, runUnder } from './simulate.ts';
import type { WaveFacts } from './wave-facts.ts';

/** What a rule of the policy cost on a day, in minor units: the day with it less the day without it. Below 0 where the day was better off with it, as days are planned wave by wave. */
export type PolicyRulePrice = {
  readonly rule: string;
  readonly words: string;
  readonly costMinor: number;
  /** Orders that would have been served otherwise. */
  readonly changedOrders: number;
  /** Lines that would have been filled without it, less those that would not. */
  readonly linesKept: number;
};

export type DayRulePrices = {
  readonly day: string;
  readonly currency: string;
  readonly totalMinor: number;
  readonly rules: readonly PolicyRulePrice[];
};

/** Prices every rule of the policy that a recorded day was under by playing the day again without it, the dearest first. Pure. */
export async function rulePricesOfDay(day: string, facts: readonly WaveFacts[], solver: MipSolver | null): Promise<DayRulePrices> {
  const settings = recordedSettings(facts);
  const withAll = await runUnder(facts, settings, solver);
  const rules: PolicyRulePrice[] = [];
  for (const { name, words, without } of policyRules(settings)) {
    const run = await runUnder(facts, without(settings), solver);
    rules.push({
      rule: name,
      words,
      costMinor: withAll.choice.cost.total - run.choice.cost.total,
      changedOrders: changedOrders(withAll, run),
      linesKept: withAll.choice.unfilledLines - run.choice.unfilledLines,
    });
  }
  const dearest = rules.sort((a, b) => b.costMinor - a.costMinor || (a.rule < b.rule ? -1 : 1));
  return { day, currency: settings.currency, totalMinor: withAll.choice.cost.total, rules: dearest };
}
