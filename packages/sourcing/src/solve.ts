import { compile, type Compiled } from './compile.ts';
import { auditShipments, type CostByTerm } from './cost.ts';
import { dismiss, makeTables, teamOf, type Crew, type Team } from './crew.ts';
import { draftCost, planShipments } from './draft.ts';
import { ascentSteps, effortFor, type Effort } from './effort.ts';
import { greedy } from './greedy.ts';
import { isClosed, raise, report, type Incumbent } from './incumbent.ts';
import { isExact } from './order-table.ts';
import type { SourcingPlan } from './plan.ts';
import { pricer, type Pricer } from './pricer.ts';
import { certificateOf } from './prices.ts';
import { parsedOnce, type SourcingProblem } from './problem.ts';
import { prove } from './proof.ts';
import { breathe, startRun, stopper, type Run, type SolveOptions } from './run.ts';
import { searchPlan } from './search.ts';
import { boardFor, divisionFor, firstBound, shadowPrices, shadowPricesOf } from './shadow-prices.ts';

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

/**
 * Decides which node ships what for all orders together, and proves how good the plan is.
 *
 * Same problem, same options without time limit and signal: the same plan, byte for byte.
 *
 * @throws SourcingInputError where the problem is not valid
 */
export async function solve(problem: SourcingProblem, options: SolveOptions = {}): Promise<SolveResult> {
  const run = startRun(options);
  const parsed = parsedOnce(problem);
  const { solver, engine, crew } = options;
  const compiled = compile(parsed);
  const effort = effortFor(compiled.orderCount, solver !== undefined && engine !== 'none');
  const { given, team } = hire(compiled, effort, crew);
  try {
    if (team !== undefined) await makeTables(team);
    const best = greedy(given);
    const known: Incumbent = { given, best, cost: draftCost(best), bound: firstBound(given), method: 'greedy', reasons: [] };
    report(run, known, 'greedy');
    await improve(run, known, effort, team);
    if (!isClosed(known)) await prove(run, known);
    return resultOf(parsed, known);
  } finally {
    if (team !== undefined) dismiss(team);
  }
}

/** A crew is worth its start where the work can be divided. */
function hire(compiled: Compiled, effort: Effort, crew: Crew | undefined): { given: Pricer; team?: Team } {
  const division = divisionFor(compiled.orderCount);
  if (crew === undefined || division.parts === 1) return { given: pricer(compiled) };
  return teamOf(compiled, crew, (numbers) => boardFor(numbers, effort), division);
}

/** Prices, then the search that they guide. */
async function improve(run: Run, known: Incumbent, effort: Effort, team: Team | undefined): Promise<void> {
  const { given } = known;
  if (given.compiled.orderCount === 0 || run.ended() !== undefined) return;
  const stop = stopper(run, given, { steps: ascentSteps, until: effort.shares.prices });
  raise(known, team === undefined ? shadowPrices(given, effort, stop) : await shadowPricesOf(team, effort, stop));
  // The search runs on one core: what the helpers hold is better free.
  if (team !== undefined) dismiss(team);
  report(run, known, 'prices');
  await breathe();
  if (run.ended() === undefined) await searchPlan(run, known, effort);
}

function resultOf(problem: SourcingProblem, known: Incumbent): SolveResult {
  const { compiled } = known.given;
  const shipments = planShipments(known.best);
  const { cost } = auditShipments(problem, shipments);
  const certified = Math.min(known.bound.bound, cost.total);
  const bySolver = known.method === 'exact';
  const bound = bySolver ? cost.total : certified;
  const plan: SourcingPlan = {
    format: 'quartermaster/sourcing-plan@1',
    problem: problem.name,
    shipments,
    claim: { totalCost: cost.total, lowerBound: bound, ...(bySolver ? { proof: 'solver', certifiedBound: certified } : {}) },
    certificate: certificateOf(compiled, known.bound.prices),
  };
  const gap = cost.total === 0 ? 0 : (cost.total - bound) / cost.total;
  return { plan, cost, bound, certifiedBound: certified, gap, method: isClosed(known) ? 'exact' : known.method, reasons: reasonsOf(known) };
}

function reasonsOf(known: Incumbent): string[] {
  const { compiled } = known.given;
  const reasons = [...known.reasons];
  if (known.method === 'exact') reasons.push(`${compiled.orderCount} orders: proven optimal by the solver among all plans within the gap`);
  else if (isClosed(known)) reasons.push('the shadow prices prove the plan optimal');
  let long = 0;
  for (let order = 0; order < compiled.orderCount; order++) if (!isExact(compiled, order)) long++;
  if (long > 0) reasons.push(`${long} orders have more lines than can be bounded exactly: their share of the gap is mostly the bound's`);
  return reasons;
}
