import {
  baselines,
  costShares,
  nearestFirst,
  ruleCascade,
  verifyPlan,
  type SourcingProblem,
  type PlanShipment,
} from '@quartermaster/sourcing';
import {
  clairvoyantBound,
  dailyWave,
  forecastFromOrders,
  lookingAhead,
  simulate,
  type Policy,
  type Simulation,
} from '@quartermaster/sourcing/horizon';
import type { PeakWeek } from './peak-week.ts';

/** A week as somebody sourced it. */
export type Lived = {
  readonly name: string;
  /** Whether it is a rule that people use, and not ours. */
  readonly isRule: boolean;
  readonly cost: Simulation['cost'];
  /** Orders in more than one shipment, whatever days they left on. */
  readonly splitOrders: number;
  readonly lateOrders: number;
  readonly unfilledUnits: number;
  /** How much less anybody could have paid who knew the week beforehand, at most, as a share of the cost. */
  readonly gap: number;
  readonly cpuSeconds: number;
};

/** Lives through a week by each rule, by ours wave by wave, and by ours looking ahead; `bound` is what nobody beats. Every plan is verified. */
export async function comparePeakWeek(
  { stream, history, safetyStock }: PeakWeek,
  effort: { readonly samples: number; readonly workLimit: number },
  onLived: (lived: Lived) => void = () => undefined,
): Promise<{ readonly bound: number; readonly lived: readonly Lived[] }> {
  const bound = clairvoyantBound(stream);
  const { workLimit, samples } = effort;
  const values = lookingAhead(forecastFromOrders(stream.problem, history, 6), { samples, sweeps: 2 });
  const policies: readonly (Policy & { readonly isRule: boolean })[] = [
    rule('nearest first', (problem) => nearestFirst(problem).plan.shipments),
    rule('rule cascade', (problem) => ruleCascade(problem).plan.shipments),
    rule(`cascade, ${safetyStock} kept back`, (problem) => ruleCascade(problem, { safetyStock: () => safetyStock }).plan.shipments),
    rule('fewest splits', (problem) => baselines['fewest-splits'](problem).plan.shipments),
    { ...dailyWave({ workLimit }), name: 'ours, wave by wave', isRule: false },
    { ...dailyWave({ workLimit }, values), name: 'ours, looking ahead', isRule: false },
  ];
  const lived: Lived[] = [];
  for (const { isRule, ...policy } of policies) {
    const began = process.cpuUsage().user;
    const counted = counting(policy);
    const { cost, days } = await simulate(stream, counted.policy);
    const unfilledUnits = days.reduce((sum, { lostUnits }) => sum + lostUnits, 0);
    const cpuSeconds = (process.cpuUsage().user - began) / 1e6;
    const each = {
      name: policy.name,
      isRule,
      cost,
      ...counted.counts(),
      unfilledUnits,
      gap: (cost.total - bound) / cost.total,
      cpuSeconds,
    };
    lived.push(each);
    onLived(each);
  }
  return { bound, lived };
}

function rule(name: string, decide: (problem: SourcingProblem) => readonly PlanShipment[]): Policy & { readonly isRule: boolean } {
  return { name, isRule: true, decide: ({ problem }) => decide(problem) };
}

/** A policy of which it is counted what it does. Throws for a plan that breaks a rule of the contract. */
function counting(policy: Policy): { readonly policy: Policy; readonly counts: () => Pick<Lived, 'splitOrders' | 'lateOrders'> } {
  const late = new Set<string>();
  const sent = new Map<string, number>();
  return {
    policy: {
      name: policy.name,
      decide: async (today) => {
        const shipments = await policy.decide(today);
        const plan = { format: 'quartermaster/sourcing-plan@1' as const, shipments: [...shipments] };
        const { errors } = verifyPlan(today.problem, plan);
        if (errors.length > 0) throw new Error(`${policy.name}: ${errors[0] ?? ''}`);
        for (const { order, lateness } of costShares(today.problem, plan)) if (lateness > 0) late.add(order);
        for (const { order } of shipments) sent.set(order, (sent.get(order) ?? 0) + 1);
        return shipments;
      },
    },
    counts: () => ({ lateOrders: late.size, splitOrders: [...sent.values()].filter((count) => count > 1).length }),
  };
}
