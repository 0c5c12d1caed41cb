import { costShares, type SourcingPlan, type SourcingProblem } from '@quartermaster/sourcing';
import type { CostMinor } from '../waves/day-cost.ts';

const terms = ['shipping', 'labor', 'lateness', 'split', 'unfilled'] as const;

/**
 * What each order has of a plan's cost, in minor units of its currency: term by term the orders' amounts add up to the plan's term, and an order's terms to its total. Parts of a minor unit
 * go to the orders that lose most by rounding down, the first of them where they lose as much.
 */
export function sharesInMinor(problem: SourcingProblem, plan: SourcingPlan, minorPerUnit: number): ReadonlyMap<string, CostMinor> {
  const shares = costShares(problem, plan);
  const columns = terms.map((term) => roundedTogether(shares.map((share) => share[term] * minorPerUnit)));
  return new Map(
    shares.map(({ order }, index) => {
      const [shipping = 0, labor = 0, lateness = 0, split = 0, unfilled = 0] = columns.map((column) => column[index] ?? 0);
      return [order, { total: shipping + labor + lateness + split + unfilled, shipping, labor, lateness, split, unfilled }];
    }),
  );
}

/** Whole numbers that are each less than one away from what was given, and together the rounded sum. */
export function roundedTogether(amounts: readonly number[]): number[] {
  const whole = amounts.map((amount) => Math.floor(amount + hair));
  const left = Math.round(sum(amounts)) - sum(whole);
  const byLoss = amounts
    .map((amount, index) => ({ index, loss: amount - (whole[index] ?? 0) }))
    .sort((a, b) => b.loss - a.loss || a.index - b.index);
  for (const { index } of byLoss.slice(0, Math.max(0, left))) whole[index] = (whole[index] ?? 0) + 1;
  return whole;
}

/** What sums of floating point numbers may be short of a whole number. */
const hair = 1e-6;

function sum(amounts: readonly number[]): number {
  return amounts.reduce((total, amount) => total + amount, 0);
}
