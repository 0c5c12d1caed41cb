import { type Instant, instantAt, localDate } from '@quartermaster/domain';
import type { MipSolver } from '@quartermaster/sourcing';
import { policyStamp, type PolicyStamp } from '../policy/policy-hash.ts';
import type { PolicySections } from '../policy/policy-file.ts';
import { sectionsIn } from '../policy/policy-file.ts';
import { flowSettingsSchema, type FlowSettings } from '../settings.ts';
import { solveOverridden } from '../waves/sourcing-overrides.ts';
import { planByRule, usualRules, type UsualRule } from '../waves/usual-rules.ts';
import { runDay, type DayRun, type Decide } from './recorded-day.ts';
import { factsWith, settingsWith, type AddedNode } from './add-node.ts';
import type { WaveFacts } from './wave-facts.ts';

/** A recorded day under another policy, beside the same day under its own and under the usual rules. All runs are measured alike: by what the recorded policy says lateness, splits and open lines cost. */
export type SimulatedDay = {
  readonly day: string;
  readonly currency: string;
  readonly policy: PolicyStamp;
  readonly recordedPolicy: PolicyStamp;
  readonly run: DayRun;
  readonly recorded: DayRun;
  readonly rules: Readonly<Record<UsualRule, DayRun>>;
  /** Orders that would have been served otherwise than under the recorded policy. */
  readonly changedOrders: number;
  /** What of the policy was not tried, and why. */
  readonly notTried: readonly string[];
};

/** The policy of a file over the settings of a recorded day. Throws a `ZodError` where they do not go together. */
export function settingsUnder(
  recorded: FlowSettings,
  { name, sections }: { readonly name: string; readonly sections: PolicySections },
): FlowSettings {
  return flowSettingsSchema.parse({ ...recorded, ...sections, policy: { name, sections: sectionsIn(sections) } });
}

/**
 * Plays a recorded day under other settings, with one more node where one is given. Pure: no clock, nothing read, nothing written; `solver` is the engine of the waves. Throws a `RangeError`
 * where the node is there already.
 */
export async function simulateDay(
  facts: readonly WaveFacts[],
  settings: FlowSettings,
  solver: MipSolver | null,
  added?: AddedNode,
): Promise<SimulatedDay> {
  const recorded = recordedSettings(facts);
  const day = dayOf(facts);
  const ours =
    added === undefined
      ? await runUnder(facts, settings, solver)
      : await runUnder(factsWith(facts, added), settingsWith(settings, added), solver);
  const before = await runUnder(facts, recorded, solver);
  const byRule = (rule: UsualRule) =>
    runDay(facts, {
      settings: recorded,
      ruler: rulerOf(recorded, recorded),
      decide: ({ problem }) => ({ plan: planByRule(rule, problem, recorded) }),
    });
  const [nearest, cascade, fewest] = [await byRule('nearest-first'), await byRule('rule-cascade'), await byRule('fewest-splits')];
  return {
    day,
    currency: recorded.currency,
    policy: policyStamp(settings),
    recordedPolicy: policyStamp(recorded),
    run: ours,
    recorded: before,
    rules: { 'nearest-first': nearest, 'rule-cascade': cascade, 'fewest-splits': fewest },
    changedOrders: changedOrders(ours, before),
    notTried: notTried(settings, recorded),
  };
}

/** A recorded day with all waves decided by the optimizer under some settings, measured as the recorded ones say. Waves are when the settings have them, or at the instants that are given. */
export function runUnder(
  facts: readonly WaveFacts[],
  settings: FlowSettings,
  solver: MipSolver | null,
  instants?: readonly Instant[],
): Promise<DayRun> {
  const recorded = recordedSettings(facts);
  const ruler = rulerOf(settings, recorded);
  const slots = instants ?? (sameWaves(settings, recorded) ? facts.map(({ slot }) => slot) : slotsOf(settings, dayOf(facts)));
  return runDay(facts, { settings, ruler, decide: optimizer(settings, solver), slots });
}

/** The settings of a day: those of its last wave. */
export function recordedSettings(facts: readonly WaveFacts[]): FlowSettings {
  const last = facts.at(-1);
  if (last === undefined) throw new RangeError('a day without waves has no settings');
  return last.settings;
}

/** Orders of which two runs shipped something otherwise. */
export function changedOrders(one: DayRun, other: DayRun): number {
  const [was, is] = [one, other].map(({ shipments }) => Map.groupBy(shipments, ({ order }) => order));
  const text = (run: typeof was, order: string) =>
    JSON.stringify((run?.get(order) ?? []).map(({ slot: _slot, ...shipment }) => JSON.stringify(shipment)).sort());
  return [...new Set([...(was?.keys() ?? []), ...(is?.keys() ?? [])])].filter((order) => text(was, order) !== text(is, order)).length;
}

function optimizer({ sourcing }: FlowSettings, solver: MipSolver | null): Decide {
  return async ({ problem, overrides }) => {
    const options = { ...(solver === null ? {} : { solver }), ...(sourcing.workLimit === null ? {} : { workLimit: sourcing.workLimit }) };
    const { solved } = await solveOverridden(problem, overrides, options);
    return { plan: solved.plan, total: solved.objective.total, bound: solved.bound };
  };
}

/** Settings that measure a run in plain money: what late days, splits and open lines cost by the recorded policy, of all orders alike, whatever a policy says that some are worth. */
function rulerOf(settings: FlowSettings, recorded: FlowSettings): FlowSettings {
  if (settings === recorded && settings.priorities.length === 0) return settings;
  return { ...settings, priorities: [], sourcing: { ...settings.sourcing, ...softCosts(recorded) } };
}

/** What is a matter of taste and not of money: measured as the recorded policy has it, or a policy would look cheap that forgives itself more. */
function softCosts({ sourcing }: FlowSettings): Partial<FlowSettings['sourcing']> {
  const { lateCostPerDay, splitCost, unfilledPercentOfPrice, unfilledAtLeast, promiseDays, promiseCalendar } = sourcing;
  return { lateCostPerDay, splitCost, unfilledPercentOfPrice, unfilledAtLeast, promiseDays, promiseCalendar };
}

function dayOf(facts: readonly WaveFacts[]): string {
  const [first] = facts;
  if (first === undefined) throw new RangeError('a day without waves is no day');
  return localDate(first.slot, first.settings.zone);
}

function sameWaves(one: FlowSettings, other: FlowSettings): boolean {
  return JSON.stringify(one.waves) === JSON.stringify(other.waves);
}

function slotsOf({ waves, zone }: FlowSettings, day: string): Instant[] {
  return waves.map((time) => instantAt(day, time, zone)).sort();
}

function notTried(settings: FlowSettings, recorded: FlowSettings): string[] {
  const differs = (section: keyof FlowSettings) => JSON.stringify(settings[section]) !== JSON.stringify(recorded[section]);
  return [
    ...(differs('checks') ? ['checks: which orders were held is as it was; it takes personal data to check them anew'] : []),
    ...(settings.sourcing.lookAhead === null
      ? []
      : ['sourcing.lookAhead: each wave of a day that is played again is planned as if there were no tomorrow']),
    ...(differs('owners') ? ['owners: nobody is told of anything'] : []),
  ];
}

/** Everything that a simulated day shows side by side: ours first. */
export function sideBySide(simulated: SimulatedDay): readonly { readonly name: string; readonly run: DayRun }[] {
  return [
    { name: simulated.policy.name, run: simulated.run },
    { name: `${simulated.recordedPolicy.name} (recorded)`, run: simulated.recorded },
    ...usualRules.map((rule) => ({ name: rule.replace('-', ' '), run: simulated.rules[rule] })),
  ];
}
