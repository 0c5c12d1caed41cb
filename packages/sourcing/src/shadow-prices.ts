import { lagrangianBound, resourceValue } from './bound.ts';
import type { Numbers } from './compile.ts';
import { contestedSkus, usefulCuts } from './contested.ts';
import { alone, shareOut, type Team } from './crew.ts';
import type { Demand } from './demand.ts';
import { laborStepper, slotStepper, stepLabor, stepSlots } from './price-steps.ts';
import type { Pricer } from './pricer.ts';
import { copyPrices, pricedCuts, setPrices, startPrices, withCuts, type Prices, type RoundingCut } from './prices.ts';
import { enterSweep, perform, type Division, type Done, type Job, type Workplace } from './work.ts';

/** Prices and the lower bound that they prove. */
export interface PricedBound {
  readonly prices: Prices;
  readonly bound: number;
}

export interface AscentEffort {
  readonly sweeps: number;
  /** The last ones of them look for rounding cuts, too. */
  readonly cutSweeps: number;
  /** Prices to start from, with what they prove; default: the free ones. */
  readonly start?: PricedBound;
}

/** What the free prices prove: each order at its cheapest, as if it were alone. */
export function firstBound(given: Pricer<Numbers>): PricedBound {
  const prices = startPrices(given.compiled);
  return { prices, bound: lagrangianBound(given, prices) };
}

/**
 * Good shadow prices: block ascent on stock in stages, steps of labor and caps after each of them. Always the best prices seen.
 *
 * Within a stage the parts do not see one another's new prices, so that several threads can work on them; the prices are the same with any number of threads.
 */
export function shadowPrices(given: Pricer<Numbers>, effort: AscentEffort, stop: () => boolean = () => false): PricedBound {
  const { place } = alone(given, boardFor(given.compiled, effort), divisionFor(given.compiled.orderCount));
  const ascent = ascend(place, effort, stop);
  let step = ascent.next([]);
  while (step.done !== true) step = ascent.next(step.value.map((job) => perform(place, job)));
  return step.value;
}

/** The same prices as `shadowPrices`, by a team on the board of `boardFor`. */
export async function shadowPricesOf(team: Team, effort: AscentEffort, stop: () => boolean): Promise<PricedBound> {
  const ascent = ascend(team.place, effort, stop);
  let step = ascent.next([]);
  while (step.done !== true) step = ascent.next(await shareOut(team, step.value));
  return step.value;
}

/** The prices to start from, with the places of all cuts that the effort may use. */
export function boardFor(compiled: Numbers, { cutSweeps, start }: AscentEffort): Prices {
  const cuts = cutSweeps > 0 ? usefulCuts(compiled, contestedSkus(compiled)) : [];
  return withRoomForCuts(compiled, start?.prices ?? startPrices(compiled), cuts);
}

/** A copy of the prices in which these cuts, too, have a place. */
export function withRoomForCuts(compiled: Numbers, prices: Prices, cuts: readonly RoundingCut[]): Prices {
  const priced = pricedCuts(prices);
  const known = new Map<number, RoundingCut[]>();
  for (const cut of priced) known.set(cut.row, [...(known.get(cut.row) ?? []), cut]);
  const further = cuts.filter(({ row, num, den }) => known.get(row)?.some((cut) => cut.num === num && cut.den === den) !== true);
  return { ...copyPrices(prices), ...withCuts(compiled.stock.length, [...priced, ...further]) };
}

/** Below this many orders a part of a stage is done before another thread has heard of it. */
const leastOrdersForParts = 5_000;

/** Six steps of labor in one sweep: fewer converge slowly, more cost as much as they gain (measured on 100,000 orders and 50 nodes). */
export function divisionFor(orderCount: number): Division {
  return { stages: 6, parts: orderCount < leastOrdersForParts ? 1 : 2 };
}

/** Yields jobs that may be done in any order or at once, and goes on with what they came to. Writes the board between them. */
function* ascend(place: Workplace, effort: AscentEffort, stop: () => boolean): Generator<readonly Job[], PricedBound, readonly Done[]> {
  const { board, division } = place;
  const { compiled } = place.given;
  const labor = laborStepper(compiled);
  const slots = slotStepper(compiled);
  const prices = copyPrices(board);
  let bound = effort.start?.bound ?? -Infinity;
  for (let turn = 0; turn < effort.sweeps * division.stages; turn++) {
    const stage = turn % division.stages;
    const cuts = turn >= (effort.sweeps - effort.cutSweeps) * division.stages;
    const swept = yield Array.from({ length: division.parts }, (_, part) => ({ kind: 'sweep', stage, part, cuts }));
    for (const [part, done] of swept.entries()) enterSweep(place, stage, part, done);
    const demand = sumOf(compiled, yield demandJobs(compiled.orderCount));
    const here = demand.cost - resourceValue(compiled, board);
    if (here > bound) {
      bound = here;
      setPrices(prices, board);
    }
    if (stop()) break;
    stepLabor(compiled, board, demand, labor);
    stepSlots(compiled, board, demand, slots);
  }
  return { prices, bound };
}

/** Orders of one job of demand; the sums of jobs are added in their order, so that nobody can tell who did them. */
const ordersOfJob = 4_096;

function demandJobs(orderCount: number): Job[] {
  return Array.from({ length: Math.ceil(orderCount / ordersOfJob) }, (_, at) => ({
    kind: 'demand',
    first: at * ordersOfJob,
    end: Math.min(orderCount, (at + 1) * ordersOfJob),
  }));
}

function sumOf({ nodeCount, slots }: Numbers, done: readonly Done[]): Demand {
  const sum: Demand = { cost: 0, minutes: new Float64Array(nodeCount), slot: new Float64Array(slots.length) };
  for (const { demand } of done) {
    if (demand === undefined) continue;
    sum.cost += demand.cost;
    for (const [node, minutes] of demand.minutes.entries()) sum.minutes[node]! += minutes;
    for (const [slot, shipments] of demand.slot.entries()) sum.slot[slot]! += shipments;
  }
  return sum;
}
