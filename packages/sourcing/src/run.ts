import type { Crew } from './crew.ts';
import type { Override } from './overrides.ts';
import type { SourcingPlan } from './plan.ts';
import type { Pricer } from './pricer.ts';
import type { MipSolver } from './solver-port.ts';
import type { StockValues } from './stock-values.ts';

/** How a caller may guide and end a run. */
export interface SolveOptions {
  /** Proves small problems optimal and sharpens the bound of large ones. Without one the search alone decides. */
  readonly solver?: MipSolver;
  /** 'none' leaves a given solver unused; 'auto' (default) or the solver's own name uses it. */
  readonly engine?: string;
  /** Neighbourhoods that the search rebuilds: more is slower and better. Default by the number of orders. At 0 the plan is the price-directed one, unsearched. */
  readonly workLimit?: number;
  /**
   * By node and SKU: what a unit that this plan does not use is worth, for example what it will save tomorrow. A plan that takes the unit pays its value in `objective`, `bound` and `gap`;
   * `cost` and everything that the plan claims stay the contract's own cost.
   */
  readonly stockValues?: StockValues;
  /**
   * An earlier plan to start from, for this problem or one like it: what still fits of it is kept as the start, its certificate's prices are where the prices start, and the search looks where
   * something changed. Each order that the earlier plan ships, and could still ship so, pays `changeCost` (default 0) in the objective when its plan is another one now.
   */
  readonly incumbent?: { readonly plan: SourcingPlan; readonly changeCost?: number };
  /** Decisions that somebody has taken already: they hold in the plan, and `objective`, `bound` and `gap` are about the rest of the choice. What the certificate proves is about the whole problem. */
  readonly overrides?: readonly Override[];
  /** Ends after about this time, measured by `now`, with the best plan so far. Such a plan depends on the machine; without it no clock is read. */
  readonly timeLimitMs?: number;
  /** The clock of `timeLimitMs`, in milliseconds; default `performance.now`. */
  readonly now?: () => number;
  /** Ends early with the best plan so far. */
  readonly signal?: AbortSignal;
  /** Threads that help with large batches, for example `threads(1)` of `@quartermaster/sourcing/threads`. The plan does not depend on them. */
  readonly crew?: Crew;
  readonly onProgress?: (progress: SolveProgress) => void;
}

/** The steps of the method, in their order. */
export type Phase = 'greedy' | 'prices' | 'construct' | 'search' | 'proof';

/** Where a run is: the cost of its best plan, the bound that its prices prove, and their gap (a share of the cost, 0 where that is 0). */
export interface SolveProgress {
  readonly phase: Phase;
  readonly cost: number;
  readonly bound: number;
  readonly gap: number;
}

/** A run under way: what its caller asked for, and how much of its time is gone. */
export interface Run {
  readonly options: SolveOptions;
  /** Why the run must end now; undefined while it may go on. */
  readonly ended: () => string | undefined;
  /** Milliseconds left; Infinity without a time limit. */
  readonly timeLeftMs: () => number;
  /** How much of the time limit is gone, from 0 to 1; 0 without one. */
  readonly spentShare: () => number;
  /** True once this share of the time limit is gone, or the run must end. Never by time without a limit. */
  readonly isPast: (share: number) => boolean;
}

/** Starts the clock, if there is one. */
export function startRun(options: SolveOptions): Run {
  const { timeLimitMs, now = () => performance.now(), signal } = options;
  const start = timeLimitMs === undefined ? 0 : now();
  const spentMs = (): number => (timeLimitMs === undefined ? 0 : now() - start);
  const isAborted = (): boolean => signal?.aborted === true;
  const isPast = (share: number): boolean => isAborted() || (timeLimitMs !== undefined && spentMs() >= Math.min(1, share) * timeLimitMs);
  return {
    options,
    ended: () => (isAborted() ? 'stopped by its caller' : isPast(1) ? 'stopped by the time limit' : undefined),
    timeLeftMs: () => (timeLimitMs === undefined ? Infinity : Math.max(0, timeLimitMs - spentMs())),
    spentShare: () => (timeLimitMs === undefined ? 0 : Math.min(1, spentMs() / timeLimitMs)),
    isPast,
  };
}

/** What a step of the method may spend: pricing steps, which are the same on every machine, and of the time limit what comes before a share of it. */
export interface Allowance {
  readonly steps: number;
  readonly until: number;
  /** Steps between two looks at the clock; default those of some milliseconds of pricing. */
  readonly look?: number;
}

/** True once the run must end, or a step has spent its allowance. */
export function stopper(run: Run, given: Pricer, { steps, until, look = stepsBetweenLooks }: Allowance): () => boolean {
  const { meter } = given;
  const end = meter.steps + steps;
  let nextLook = meter.steps;
  let isPast = false;
  return () => {
    if (meter.steps > end) return true;
    if (!isPast && meter.steps >= nextLook) {
      nextLook = meter.steps + look;
      isPast = run.isPast(until);
    }
    return isPast;
  };
}

/** A clock that asks the system for processor time takes a tenth of a millisecond to answer. */
const stepsBetweenLooks = 100_000;

/** Lets a signal's abort arrive. */
export async function breathe(): Promise<void> {
  await new Promise<void>((resolve) => {
    setTimeout(resolve, 0);
  });
}
