import { epochMs, instantAt, instantOf, type Instant } from '@quartermaster/domain';
import { explainPlan, type MipSolver } from '@quartermaster/sourcing';
import type { FlowSettings } from '../settings.ts';
import type { KeptDecision } from './kept-decision.ts';
import { recordedSettings, runUnder } from './simulate.ts';
import type { WaveFacts } from './wave-facts.ts';

/** Shadow prices of a wave as numbers that operations know, in the currency as decimal numbers: what one more would have saved all orders together. */
export type OperationPrices = {
  readonly decision: string;
  readonly currency: string;
  /** By node: a minute of picking costs `rate` at the margin, and a minute more at the first rate would have saved `worth`. */
  readonly minutes: readonly { readonly node: string; readonly rate: number; readonly worth: number; readonly perHour: number }[];
  readonly units: readonly {
    readonly node: string;
    readonly sku: string;
    readonly channel: string | null;
    readonly worth: number;
    readonly used: number;
    readonly limit: number;
  }[];
  readonly shipments: readonly { readonly node: string; readonly service: string; readonly worth: number }[];
};

/** What a later cutoff of a node would have saved on a day, in minor units. */
export type CutoffPrice = { readonly node: string; readonly cutoff: string; readonly later: string; readonly savedMinor: number };

/** Reads the prices that a wave's own proof carries; nothing is solved for them. They hold for small changes. */
export function operationPrices({ id, problem, plan }: KeptDecision): OperationPrices {
  const { binding } = explainPlan(problem, plan);
  const laborPrices = new Map(Object.entries(plan.certificate?.laborPrices ?? {}));
  return {
    decision: id,
    currency: problem.currency,
    minutes: problem.nodes.map(({ id: node, labor }) => {
      const first = labor.tiers.find(({ minutes }) => minutes !== 0)?.costPerMinute ?? 0;
      const rate = laborPrices.get(node) ?? first;
      const worth = Math.max(0, rate - first);
      return { node, rate, worth, perHour: worth * 60 };
    }),
    units: binding.flatMap((each) =>
      each.kind === 'stock' || each.kind === 'reservation'
        ? [
            {
              node: each.node,
              sku: each.sku,
              channel: each.kind === 'reservation' ? each.channel : null,
              worth: each.price,
              used: each.used,
              limit: each.limit,
            },
          ]
        : [],
    ),
    shipments: binding.flatMap((each) => (each.kind === 'cap' ? [{ node: each.node, service: each.service, worth: each.price }] : [])),
  };
}

/**
 * Prices an hour of later cutoff of each node: plays the day with a wave an hour after the last one that made the cutoff, once with the cutoff as it is and once an hour later. So it tells what the
 * orders of that hour would have saved by leaving the same day, and what they would have cost the others. Pure.
 */
export async function cutoffPrices(day: string, facts: readonly WaveFacts[], solver: MipSolver | null): Promise<CutoffPrice[]> {
  const settings = recordedSettings(facts);
  const known = new Map<string, number>();
  const prices: CutoffPrice[] = [];
  for (const { id: node, zone, cutoff } of settings.nodes) {
    const later = anHourAfter(cutoff);
    const slots = withLaterWave(facts, instantAt(day, cutoff, zone));
    const as = slots.join();
    const total = known.get(as) ?? (await runUnder(facts, settings, solver, slots)).choice.cost.total;
    known.set(as, total);
    const changed = withCutoff(settings, node, later);
    prices.push({ node, cutoff, later, savedMinor: total - (await runUnder(facts, changed, solver, slots)).choice.cost.total });
  }
  return prices;
}

const hourMs = 3_600_000;

function withLaterWave(facts: readonly WaveFacts[], cutoff: Instant): Instant[] {
  const slots = facts.map(({ slot }) => slot);
  const last = slots.findLast((slot) => slot <= cutoff);
  return last === undefined ? slots : [...new Set([...slots, instantOf(epochMs(last) + hourMs)])].sort();
}

function withCutoff(settings: FlowSettings, node: string, cutoff: string): FlowSettings {
  return { ...settings, nodes: settings.nodes.map((each) => (each.id === node ? { ...each, cutoff } : each)) };
}

/** A local time an hour later, at most the last minute of the day. */
function anHourAfter(time: string): string {
  const minutes = Math.min(24 * 60 - 1, Number(time.slice(0, 2)) * 60 + Number(time.slice(3, 5)) + 60);
  return `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`;
}
