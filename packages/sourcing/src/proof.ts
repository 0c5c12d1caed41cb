import { priceWithCuts } from './cut-prices.ts';
import { bestOfNearest, proveOptimum, type ExactOutcome } from './exact.ts';
import type { Effort } from './effort.ts';
import { guardedSolver } from './guarded-solver.ts';
import { raise, report, take, type Incumbent } from './incumbent.ts';
import { polishPlan } from './polish.ts';
import type { Run } from './run.ts';
import type { MipSolver } from './solver-port.ts';

/** A solver that needs longer for one program forfeits the proof, where the caller set no limit. */
const safetyLimitMs = 60_000;

/** Beyond this many orders all plans within the gap are too many for any engine: the solver then looks for a better plan among those near the prices. */
const mostOrdersToProve = 3_000;

/** `slack` is a share of what an order costs on the mean; more plans gain more and take the solver longer. The gap is what a certified one of ten thousand orders does not show. */
const polish = { plans: 8, slack: 0.07, gap: 1e-4, columns: 30_000 };

/** With a solver: sharper prices, and the proof of an optimum where it is in reach. What kept it from a proof is told in the incumbent's reasons. */
export async function prove(run: Run, known: Incumbent, effort: Effort): Promise<void> {
  const solver = solverFor(run, known);
  if (solver === undefined) return;
  const faults = new Set<string>();
  try {
    await proveWith(guardedSolver(solver, { signal: run.options.signal, tell: (fault) => faults.add(fault) }), run, known, effort);
  } catch (error) {
    // The plan and its bound stand without the proof, whatever broke it: a program may take more memory than there is.
    faults.add(`the proof broke off (${error instanceof Error ? `${error.name}: ${error.message}` : String(error)})`);
  }
  known.reasons.push(...faults);
}

async function proveWith(solver: MipSolver, run: Run, known: Incumbent, effort: Effort): Promise<void> {
  const timeLimitMs = (): number => Math.min(safetyLimitMs, run.timeLeftMs());
  if (known.given.compiled.orderCount > mostOrdersToProve) {
    if (effort.polish) await polishBy(solver, run, known, timeLimitMs);
    known.reasons.push(`no proof of an optimum: more than ${mostOrdersToProve} orders`);
    return;
  }
  if (!effort.proof) {
    known.reasons.push('no proof of an optimum: it would take longer than the time limit');
    return;
  }
  const cuts = { rounds: 30, columns: solver.comfortable.lpColumns, timeLimitMs };
  raise(
    known,
    await priceWithCuts(
      known.given,
      solver,
      known.bound,
      known.best,
      known.cost - known.bound.bound,
      cuts,
      () => run.ended() !== undefined,
    ),
  );
  report(run, known, 'proof');
  const limits = { columns: solver.comfortable.mipColumns, timeLimitMs };
  const nearest = await bestOfNearest(known.best, known.bound, solver, limits);
  if (nearest !== undefined) enter(run, known, nearest);
  const startIsBest = nearest !== undefined && nearest.kind !== 'unanswered';
  const outcome = await proveOptimum(known.best, known.bound, solver, { ...limits, startIsBest });
  enter(run, known, outcome);
  if (outcome.kind === 'proven') known.method = 'exact';
  // A plan that is not among the columns costs no less than the known one.
  else if (outcome.kind === 'better' && run.options.timeLimitMs !== undefined) known.shownBySolver = Math.min(outcome.bound, known.cost);
  if (outcome.kind !== 'proven') known.reasons.push(`no proof of an optimum: ${outcome.why}`);
  report(run, known, 'proof');
}

/** What a solver has in hand when its time is up depends on the machine: it counts only for callers who asked for a time limit. */
function enter(run: Run, known: Incumbent, outcome: ExactOutcome): void {
  if (outcome.kind === 'unanswered') return;
  if (outcome.kind === 'proven' || outcome.finished || run.options.timeLimitMs !== undefined) take(known, outcome.draft);
  report(run, known, 'proof');
}

async function polishBy(solver: MipSolver, run: Run, known: Incumbent, timeLimitMs: () => number): Promise<void> {
  const share = shareOfPolish(run.options.timeLimitMs, run.timeLeftMs());
  if (share < leastShareOfPolish) return;
  const mean = known.cost / known.given.compiled.orderCount;
  const polished = await polishPlan(known.best, known.bound.prices, solver, {
    columns: Math.min(polish.columns, solver.comfortable.mipColumns),
    timeLimitMs: () => ofTheRest * timeLimitMs(),
    gap: polish.gap,
    plans: polish.plans,
    slack: share * polish.slack * mean,
  });
  if (polished !== undefined) take(known, polished);
  report(run, known, 'proof');
}

/**
 * Which part of the usual plans the program of a large batch may choose from. It takes about as long as all steps before it, up to half as long again, and finds nothing in half of that:
 * with less time it gets fewer plans. 1 without a time limit.
 */
export function shareOfPolish(timeLimitMs: number | undefined, leftMs: number): number {
  if (timeLimitMs === undefined || leftMs >= timeLimitMs) return 1;
  return Math.min(1, leftMs / (1.5 * (timeLimitMs - leftMs)));
}

const leastShareOfPolish = 0.2;

/** Engines come back a little after their limit. */
const ofTheRest = 0.85;

/** The solver that may be used now; else the reason why none is. */
function solverFor(run: Run, known: Incumbent): MipSolver | undefined {
  const { solver, engine = 'auto' } = run.options;
  const end = run.ended();
  if (end !== undefined) known.reasons.push(end);
  else if (solver === undefined || engine === 'none') known.reasons.push('no solver was given to prove an optimum');
  else if (engine !== 'auto' && engine !== solver.name)
    known.reasons.push(`the engine ${engine} is not the solver that was given (${solver.name})`);
  else return solver;
  return undefined;
}
