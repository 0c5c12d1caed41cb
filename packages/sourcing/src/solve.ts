import { contestedSkus } from './contested.ts';
import { priceWithCuts } from './cut-prices.ts';
import { compile } from './compile.ts';
import { construct } from './construct.ts';
import { auditShipments, type CostByTerm } from './cost.ts';
import { draftCost, draftOf, planShipments, type Draft } from './draft.ts';
import { proveOptimum } from './exact.ts';
import { greedy } from './greedy.ts';
import { ejectionChains, reoptimizeOrders } from './improve.ts';
import { isExact } from './order-table.ts';
import { exchangePlans } from './exchange.ts';
import type { SourcingPlan } from './plan.ts';
import { pricer, type Pricer } from './pricer.ts';
import { certificateOf } from './prices.ts';
import { parsedOnce, type SourcingProblem } from './problem.ts';
import { rebuildNeighbourhoods } from './rebuild.ts';
import { firstBound, shadowPrices, type PricedBound } from './shadow-prices.ts';
import type { MipSolver } from './solver-port.ts';

export interface SolveOptions {
  /** Proves small problems optimal. Without one the search alone decides. */
  readonly solver?: MipSolver;
  /** 'none' leaves a given solver unused; 'auto' (default) or the solver's own name uses it. */
  readonly engine?: string;
  /** Neighbourhoods that the search rebuilds: more is slower and better. Default 4 for each order, at least 30,000 and at most 60,000. At 0 the plan is the price-directed one, unsearched. */
  readonly workLimit?: number;
  /** Ends after about this time, measured by `now`, with the best plan so far. Such a plan depends on the machine; without it no clock is read. */
  readonly timeLimitMs?: number;
  /** The clock of `timeLimitMs`, in milliseconds; default `performance.now`. */
  readonly now?: () => number;
  /** Ends early with the best plan so far. */
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: SolveProgress) => void;
}

export interface SolveProgress {
  readonly stage: 'greedy' | 'prices' | 'search' | 'exact';
  readonly cost: number;
  readonly bound: number;
}

export interface SolveResult {
  readonly plan: SourcingPlan;
  readonly cost: CostByTerm;
  /** No feasible plan costs less: the certified bound, or the plan's own cost where a solver proved it optimal. */
  readonly bound: number;
  /** What the certificate in the plan proves to anybody. */
  readonly certifiedBound: number;
  /** (cost - bound) / cost; 0 where the cost is 0. */
  readonly gap: number;
  /** 'exact': proven optimal; 'search': improved from shadow prices, the gap says how far it may be off; 'greedy': stopped before the search had anything better. */
  readonly method: 'exact' | 'search' | 'greedy';
  /** In words: how it ended, and what kept it from a proof. */
  readonly reasons: readonly string[];
}

/** A gap below this is none: costs are sums of decimals. */
const noGap = 1e-9;

/**
 * Decides which node ships what for all orders together, and proves how good the plan is.
 *
 * Same problem, same options without time limit and signal: the same plan, byte for byte.
 *
 * @throws SourcingInputError where the problem is not valid
 */
export async function solve(problem: SourcingProblem, options: SolveOptions = {}): Promise<SolveResult> {
  const parsed = parsedOnce(problem);
  const given = pricer(compile(parsed));
  const run = startRun(options);
  const first = greedy(given);
  const state: State = { given, best: first, bound: firstBound(given), method: 'greedy', reasons: [] };
  report(run, state, 'greedy');
  await search(run, state);
  if (!closed(state)) await prove(run, state);
  return resultOf(parsed, state);
}

interface Run {
  readonly options: SolveOptions;
  /** Why the run must end now; undefined while it may go on. */
  readonly ended: () => string | undefined;
}

interface State {
  readonly given: Pricer;
  best: Draft;
  bound: PricedBound;
  method: SolveResult['method'];
  readonly reasons: string[];
}

function startRun(options: SolveOptions): Run {
  const { timeLimitMs, now = () => performance.now(), signal } = options;
  const end = timeLimitMs === undefined ? Infinity : now() + timeLimitMs;
  return {
    options,
    ended: () => {
      if (signal?.aborted === true) return 'stopped by its caller';
      return timeLimitMs !== undefined && now() >= end ? 'stopped by the time limit' : undefined;
    },
  };
}

function report(run: Run, state: State, stage: SolveProgress['stage']): void {
  run.options.onProgress?.({ stage, cost: draftCost(state.best), bound: state.bound.bound });
}

/** Lets a signal's abort arrive. */
async function breathe(): Promise<void> {
  await new Promise<void>((resolve) => {
    setTimeout(resolve, 0);
  });
}

async function search(run: Run, state: State): Promise<void> {
  const { given } = state;
  const { orderCount } = given.compiled;
  if (orderCount === 0 || run.ended() !== undefined) return;
  const priced = stopper(run, given, ascentSteps);
  state.bound = better(state.bound, shadowPrices(given, { sweeps: sweepsFor(orderCount), cutSweeps: 6 }, priced));
  report(run, state, 'prices');
  await breathe();
  if (run.ended() !== undefined) return;
  const stop = stopper(run, given, searchSteps);
  const draft = construct(given, state.bound.prices);
  reoptimizeOrders(draft, 4, stop);
  take(state, draft);
  report(run, state, 'search');
  const { prices } = state.bound;
  for (let round = 0; round < 3 && !stop(); round++) {
    const gained = ejectionChains(draft, prices, { depth: 8, width: 40 }, stop);
    reoptimizeOrders(draft, 2, stop);
    take(state, draft);
    await breathe();
    if (!gained) break;
  }
  report(run, state, 'search');
  await rebuildAll(run, state, draft);
}

/** Most pricing steps of a stage. Batches of ordinary orders stay far below; orders of ten and more lines each cost a million steps. */
const ascentSteps = 6e9;
const searchSteps = 2e9;

/** True once the run must end, or this stage has done its share of pricing. */
function stopper(run: Run, given: Pricer, steps: number): () => boolean {
  const end = given.meter.steps + steps;
  return () => run.ended() !== undefined || given.meter.steps > end;
}

const slice = 2_000;
const neighbourhoodSizes = [6, 10, 16, 24];

async function rebuildAll(run: Run, state: State, draft: Draft): Promise<void> {
  const { given } = state;
  const contested = contestedSkus(given.compiled);
  const stop = stopper(run, given, searchSteps);
  const workLimit = run.options.workLimit ?? Math.min(60_000, Math.max(30_000, 4 * given.compiled.orderCount));
  let idle = 0;
  for (let done = 0, turn = 0; done < workLimit && idle < neighbourhoodSizes.length && !stop() && !closed(state); done += slice, turn++) {
    const orders = neighbourhoodSizes[turn % neighbourhoodSizes.length]!;
    const patience = patienceFor(given.compiled.orderCount, done / workLimit);
    const gained = rebuildNeighbourhoods(
      draft,
      state.bound.prices,
      contested,
      { rounds: Math.min(slice, workLimit - done), orders, seed: turn + 1, patience },
      stop,
    );
    idle = gained ? 0 : idle + 1;
    take(state, draft);
    report(run, state, 'search');
    await breathe();
  }
  reoptimizeOrders(draft, 2, stop);
  take(state, draft);
  await exchangeAll(run, state, draft);
}

/** Neighbourhoods of more than some fourteen orders are cut off before they end, of fewer there is less to gain (measured on 10,000 orders with scarce stock). */
const exchange = { seeds: 1_000, orders: 14, plans: 40, looks: 5_000 };
const exchangeRounds = 4;

async function exchangeAll(run: Run, state: State, draft: Draft): Promise<void> {
  const stop = stopper(run, state.given, searchSteps);
  for (let round = 0; round < exchangeRounds && !stop() && !closed(state); round++) {
    const gained = exchangePlans(draft, state.bound.prices, exchange, stop);
    take(state, draft);
    report(run, state, 'search');
    await breathe();
    if (!gained) return;
  }
}

function patienceFor(orderCount: number, progress: number): { first: number; last: number } {
  if (orderCount > 3_000) return { first: 0, last: 0 };
  const at = (share: number): number => 1.5 * 0.01 ** share;
  return { first: at(progress), last: at(progress) * 0.8 };
}

function sweepsFor(orderCount: number): number {
  return orderCount <= 2_000 ? 40 : orderCount <= 20_000 ? 24 : 14;
}

function better(left: PricedBound, right: PricedBound): PricedBound {
  return right.bound > left.bound ? right : left;
}

/** Keeps a copy of the draft where it is cheaper than the best so far. */
function take(state: State, draft: Draft): void {
  if (draftCost(draft) >= draftCost(state.best)) return;
  state.best = draftOf(state.given, draft.plans);
  state.method = 'search';
}

function closed(state: State): boolean {
  const cost = draftCost(state.best);
  return cost - state.bound.bound <= noGap * Math.max(1, cost);
}

async function prove(run: Run, state: State): Promise<void> {
  const { solver, engine = 'auto' } = run.options;
  const end = run.ended();
  if (end !== undefined) state.reasons.push(end);
  else if (solver === undefined || engine === 'none') state.reasons.push('no solver was given to prove an optimum');
  else if (engine !== 'auto' && engine !== solver.name)
    state.reasons.push(`the engine ${engine} is not the solver that was given (${solver.name})`);
  else {
    const timeLimitMs = run.options.timeLimitMs ?? 60_000;
    const gap = draftCost(state.best) - state.bound.bound;
    const effort = { rounds: 30, columns: solver.comfortable.lpColumns, timeLimitMs };
    state.bound = better(
      state.bound,
      await priceWithCuts(state.given, solver, state.bound, state.best, gap, effort, () => run.ended() !== undefined),
    );
    report(run, state, 'exact');
    const outcome = await proveOptimum(state.given, solver, state.best, state.bound, {
      columns: solver.comfortable.mipColumns,
      timeLimitMs,
    });
    if (outcome.kind === 'unanswered') state.reasons.push(`no proof of an optimum: ${outcome.why}`);
    else {
      // What a solver has in hand when its time is up depends on the machine: it counts only for callers who asked for a time limit.
      if (outcome.kind === 'proven' || run.options.timeLimitMs !== undefined) take(state, outcome.draft);
      if (outcome.kind === 'proven') state.method = 'exact';
      else state.reasons.push(`no proof of an optimum: ${outcome.why}`);
    }
    report(run, state, 'exact');
  }
}

function resultOf(problem: SourcingProblem, state: State): SolveResult {
  const { compiled } = state.given;
  const shipments = planShipments(state.best);
  const { cost } = auditShipments(problem, shipments);
  const certified = Math.min(state.bound.bound, cost.total);
  const bySolver = state.method === 'exact';
  const bound = bySolver ? cost.total : certified;
  const long =
    compiled.orderCount -
    Array.from({ length: compiled.orderCount }, (_, order) => order).filter((order) => isExact(compiled, order)).length;
  const reasons = [...state.reasons];
  if (bySolver) reasons.push(`${compiled.problem.orders.length} orders: proven optimal by the solver among all plans within the gap`);
  else if (closed(state)) reasons.push('the shadow prices prove the plan optimal');
  if (long > 0) reasons.push(`${long} orders have more lines than can be bounded exactly: their share of the gap is mostly the bound's`);
  const plan: SourcingPlan = {
    format: 'quartermaster/sourcing-plan@1',
    problem: problem.name,
    shipments,
    claim: { totalCost: cost.total, lowerBound: bound, ...(bySolver ? { proof: 'solver', certifiedBound: certified } : {}) },
    certificate: certificateOf(compiled, state.bound.prices),
  };
  const gap = cost.total === 0 ? 0 : (cost.total - bound) / cost.total;
  return { plan, cost, bound, certifiedBound: certified, gap, method: closed(state) ? 'exact' : state.method, reasons };
}
