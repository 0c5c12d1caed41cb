import type { Compiled } from './compile.ts';
import { auditShipments, type CostByTerm } from './cost.ts';
import { alone, dismiss, makeTables, teamOf, type Crew, type Team } from './crew.ts';
import { draftCost, draftOf } from './draft.ts';
import { ascentSteps, effortFor, warmEffort, type Effort } from './effort.ts';
import { greedy } from './greedy.ts';
import { isClosed, raise, report, type Incumbent } from './incumbent.ts';
import { allShipments, boundOfContract, objectiveByTerm, objectiveOf, type Objective, type ObjectiveByTerm } from './objective.ts';
import { isExact } from './order-table.ts';
import type { SourcingPlan } from './plan.ts';
import { pricer, type Pricer } from './pricer.ts';
import { certificateOf } from './prices.ts';
import { parsedOnce, type SourcingProblem } from './problem.ts';
import { prove } from './proof.ts';
import { breathe, startRun, stopper, type Run, type SolveOptions } from './run.ts';
import { searchInParts } from './search-in-parts.ts';
import { searchPlan } from './search.ts';
import { boardFor, divisionFor, firstBound, shadowPrices, shadowPricesOf } from './shadow-prices.ts';
import { volumeAscent } from './volume.ts';
import { ascendWhereChanged, warmStart, type WarmStart } from './warm.ts';

export interface SolveResult {
  readonly plan: SourcingPlan;
  readonly cost: CostByTerm;
  /** What the plan was chosen for; without options that ask for more its total is the cost. */
  readonly objective: ObjectiveByTerm;
  /** No feasible plan that keeps the overrides has a lower objective: the proven bound, or the plan's own objective where a solver proved it optimal. */
  readonly bound: number;
  /** What the certificate in the plan proves to anybody about the contract's cost of the whole problem. */
  readonly certifiedBound: number;
  /** (objective - bound) / objective; 0 where the objective is 0. */
  readonly gap: number;
  /** 'exact': proven optimal; 'search': improved from shadow prices, the gap says how far it may be off; 'greedy': the first plan, stopped before the search was over or had anything better. */
  readonly method: 'exact' | 'search' | 'greedy';
  /** In words: how it ended, and what kept it from a proof. */
  readonly reasons: readonly string[];
}

/**
 * Decides which node ships what for all orders together, and proves how good the plan is.
 *
 * Same problem, same options without time limit and signal: the same plan, byte for byte.
 *
 * @throws SourcingInputError where the problem or an option is not valid
 */
export async function solve(problem: SourcingProblem, options: SolveOptions = {}): Promise<SolveResult> {
  const run = startRun(options);
  const objective = objectiveOf(parsedOnce(problem), options);
  const { compiled, earlier } = objective;
  const { solver, engine, crew } = options;
  const cold = effortFor(compiled.orderCount, solver !== undefined && engine !== 'none', options.timeLimitMs);
  const { given, team } = hire(compiled, cold, earlier === undefined ? crew : undefined);
  try {
    if (team !== undefined) await makeTables(team);
    const start = earlier === undefined ? undefined : warmStart(given, earlier);
    const best = start === undefined ? greedy(given) : draftOf(given, start.draft.plans);
    const bound = start?.start ?? firstBound(given);
    const known: Incumbent = { given, best, cost: draftCost(best), bound, method: start === undefined ? 'greedy' : 'search', reasons: [] };
    report(run, known, 'greedy');
    const warm = start?.keptMost === true ? start : undefined;
    const effort = warm === undefined ? cold : warmEffort(cold, warm.touched);
    await improve(run, known, effort, { team, warm });
    if (!isClosed(known)) await prove(run, known, effort);
    // What the threads hold is free again before the plan is written out by ids.
    if (team !== undefined) dismiss(team);
    return resultOf(run, objective, known, warm === undefined ? 6 : 2);
  } finally {
    if (team !== undefined) dismiss(team);
  }
}

/** A crew is worth its start where the work can be divided; a warm start is over before it has come. */
function hire(compiled: Compiled, effort: Effort, crew: Crew | undefined): { given: Pricer; team?: Team } {
  const division = divisionFor(compiled.orderCount);
  if (crew === undefined || division.parts === 1) return { given: pricer(compiled) };
  return teamOf(compiled, crew, (numbers) => boardFor(numbers, effort), division);
}

interface Means {
  readonly team: Team | undefined;
  readonly warm: WarmStart | undefined;
}

/** Prices, then the search that they guide. */
async function improve(run: Run, known: Incumbent, effort: Effort, { team, warm }: Means): Promise<void> {
  const { given } = known;
  if (given.compiled.orderCount === 0 || run.ended() !== undefined) return;
  const stop = stopper(run, given, { steps: ascentSteps, until: effort.shares.prices });
  if (warm !== undefined) raise(known, ascendWhereChanged(given, warm, effort.sweeps, stop));
  else raise(known, team === undefined ? shadowPrices(given, effort, stop) : await shadowPricesOf(team, effort, stop));
  report(run, known, 'prices');
  if (!isClosed(known)) raise(known, volumeAscent(given, known.bound, effort.volumeRounds, stop));
  report(run, known, 'prices');
  await breathe();
  if (run.ended() !== undefined) return;
  if (effort.searchParts === 1 || warm !== undefined) await searchPlan(run, known, effort, warm);
  else await searchInParts(run, known, team ?? alone(given, known.bound.prices, divisionFor(given.compiled.orderCount)), effort);
  // What was searched to the end is no longer the first plan, also where nothing better was there.
  if (run.ended() === undefined) known.method = 'search';
}

function resultOf(run: Run, asked: Objective, known: Incumbent, sweeps: number): SolveResult {
  const { problem, compiled } = asked;
  const shipments = allShipments(asked, known.best);
  const { cost } = auditShipments(problem, shipments);
  const objective = objectiveByTerm(asked, run.options, known.best, shipments, cost.total);
  const shown = known.method === 'exact' ? known.cost : (known.shownBySolver ?? -Infinity);
  const bySolver = shown > known.bound.bound;
  const isContract = asked.contract === compiled;
  // What overrides have decided is in the objective and not in the cost of the draft.
  const decided = isContract ? 0 : objective.total - known.cost;
  const bound = known.method === 'exact' ? objective.total : Math.min(Math.max(shown, known.bound.bound) + decided, objective.total);
  const ofContract = isContract ? { ...known.bound, compiled } : contractBoundOf(run, asked, known, sweeps);
  const certified = Math.min(ofContract.bound, cost.total);
  const proof = isContract && bySolver ? { proof: 'solver', certifiedBound: certified } : {};
  const plan: SourcingPlan = {
    format: 'quartermaster/sourcing-plan@1',
    problem: problem.name,
    shipments,
    claim: { totalCost: cost.total, lowerBound: isContract ? bound : certified, ...proof },
    certificate: certificateOf(ofContract.compiled, ofContract.prices),
  };
  const gap = objective.total === 0 ? 0 : (objective.total - bound) / objective.total;
  const method = isClosed(known) ? 'exact' : known.method;
  return { plan, cost, objective, bound, certifiedBound: certified, gap, method, reasons: reasonsOf(known) };
}

function contractBoundOf(
  run: Run,
  asked: Objective,
  { given, bound, best }: Incumbent,
  sweeps: number,
): ReturnType<typeof boundOfContract> {
  return boundOfContract(asked, given, bound, best, run.ended() === undefined ? sweeps : 0, (priced) =>
    stopper(run, priced, { steps: ascentSteps, until: 1 }),
  );
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
