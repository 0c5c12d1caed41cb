import { draftCost, setPlans, type Draft } from './draft.ts';
import type { Pricer } from './pricer.ts';
import type { Phase, Run } from './run.ts';
import type { PricedBound } from './shadow-prices.ts';

/** The best plan and the best bound of a run so far, and what is to be said about them. */
export interface Incumbent {
  readonly given: Pricer;
  /** What `take` finds cheaper is written over it: nobody else may need it as it was. */
  best: Draft;
  /** Cost of `best`. */
  cost: number;
  bound: PricedBound;
  /** What a solver that stopped before its proof had shown that every plan costs at least: more than prices can show, and without a certificate. */
  shownBySolver?: number;
  method: 'exact' | 'search' | 'greedy';
  readonly reasons: string[];
}

/** A gap below this is none: costs are sums of decimals. */
const noGap = 1e-9;

/** Keeps a copy of the draft where it is cheaper than the best so far. */
export function take(known: Incumbent, draft: Draft): void {
  const cost = draftCost(draft);
  if (cost >= known.cost) return;
  setPlans(known.best, draft.plans);
  known.cost = cost;
  known.method = 'search';
}

/** Keeps the prices where they prove more. */
export function raise(known: Incumbent, bound: PricedBound): void {
  if (bound.bound > known.bound.bound) known.bound = bound;
}

/** True where the bound has reached the plan. */
export function isClosed({ cost, bound }: Incumbent): boolean {
  return cost - bound.bound <= noGap * Math.max(1, cost);
}

/** Tells the caller how things stand. */
export function report(run: Run, { cost, bound: { bound } }: Incumbent, phase: Phase): void {
  run.options.onProgress?.({ phase, cost, bound, gap: cost === 0 ? 0 : Math.max(0, (cost - bound) / cost) });
}
