import { sourcingDesk, type SourcingPlan, type SourcingProblem } from '@quartermaster/sourcing';
import type { DeskTimes } from './job.ts';

/** Quotes and places the first orders of a problem one by one, as a checkout does: shadow prices of the plan, nothing placed before. */
export function singleOrders(problem: SourcingProblem, { certificate = {} }: SourcingPlan, orders: number): DeskTimes {
  const desk = sourcingDesk(problem, { prices: certificate });
  const [quotes, placements, both]: [number[], number[], number[]] = [[], [], []];
  let alternatives = 0;
  for (const order of problem.orders.slice(0, orders)) {
    const asked = performance.now();
    const quoted = desk.quote(order);
    const answered = performance.now();
    const { kind } = desk.place(order, quoted[0]);
    const placed = performance.now();
    if (kind !== 'placed') throw new Error(`the best alternative of ${order.id} could not be placed`);
    alternatives += quoted.length;
    quotes.push(answered - asked);
    placements.push(placed - answered);
    both.push(placed - asked);
  }
  const measured = both.length;
  return {
    orders: measured,
    alternatives: alternatives / measured,
    quote: spread(quotes),
    place: spread(placements),
    both: spread(both),
  };
}

function spread(milliseconds: readonly number[]): { median: number; p99: number } {
  const sorted = milliseconds.toSorted((left, right) => left - right);
  const at = (share: number) => sorted[Math.floor(share * sorted.length)] ?? NaN;
  return { median: at(0.5), p99: at(0.99) };
}
