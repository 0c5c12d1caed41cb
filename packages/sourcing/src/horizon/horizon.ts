import { z } from 'zod';
import { parseProblem, pathText, SourcingInputError, type InputIssue, type ProblemOrder, type SourcingProblem } from '../problem.ts';

const day = z.int().nonnegative();

const receipt = z.strictObject({ day, node: z.string(), sku: z.string(), units: z.int().positive() });

const arrival = z.strictObject({ day, lastDay: day.optional(), order: z.unknown() });

const horizon = z.strictObject({
  days: z.int().positive(),
  problem: z.unknown(),
  receipts: z.array(receipt),
  arrivals: z.array(arrival),
});

/** Units that come to a node before the first decision of a day. */
export type Receipt = z.infer<typeof receipt>;

/** An order on the day on which it comes in. What is not shipped by `lastDay` (default: its own day) is lost. The order's days count from `day`. */
export interface Arrival {
  readonly day: number;
  readonly lastDay?: number | undefined;
  readonly order: ProblemOrder;
}

/**
 * Some days in a row: what the nodes have and can do, what they receive, and which orders come in on which day.
 *
 * `problem` is a problem of the contract as it stands before the first decision of day 0, without orders; labor, cutoffs and caps hold for every day.
 * Who knew it all on day 0 could plan it at once: that is what a sampled future is for, and what a simulated stream is measured by.
 */
export interface Horizon {
  /** Number of days: 0 up to `days - 1`. */
  readonly days: number;
  readonly problem: SourcingProblem;
  readonly receipts: readonly Receipt[];
  readonly arrivals: readonly Arrival[];
}

/**
 * Reads a horizon, or refuses it with the path of each wrong field: `arrivals[3].order.lines[0].units`.
 *
 * @throws SourcingInputError with all refusals
 */
export function parseHorizon(input: unknown): Horizon {
  const parsed = horizon.safeParse(input);
  if (!parsed.success) throw new SourcingInputError(parsed.error.issues.map(({ path, message }) => ({ path: pathText(path), message })));
  const { days, receipts, arrivals } = parsed.data;
  const issues: InputIssue[] = [];
  const problem = inside(['problem'], issues, () => parseProblem(parsed.data.problem));
  if (problem === undefined) throw new SourcingInputError(issues);
  if (problem.orders.length > 0) issues.push({ path: 'problem.orders', message: 'The orders of a horizon are its arrivals' });
  const orders = inside([], issues, () => parseProblem({ ...problem, orders: arrivals.map(({ order }) => order) }).orders) ?? [];
  issues.push(...checkReceipts(problem, days, receipts));
  for (const [index, given] of arrivals.entries()) {
    const refuse = (field: string, message: string): void => void issues.push({ path: `arrivals[${index}].${field}`, message });
    if (given.day >= days) refuse('day', `Day ${given.day} is not one of the ${days} days`);
    if (given.lastDay !== undefined && given.lastDay < given.day) refuse('lastDay', 'An order is not lost before it comes in');
  }
  if (issues.length > 0) throw new SourcingInputError(issues);
  return {
    days,
    problem,
    receipts,
    arrivals: arrivals.map(({ day: when, lastDay }, index) => ({ day: when, lastDay, order: orders[index]! })),
  };
}

/** What is wrong with receipts, with the path of each field. */
export function checkReceipts(problem: SourcingProblem, days: number, receipts: readonly unknown[]): InputIssue[] {
  const parsed = z.array(receipt).safeParse(receipts);
  if (!parsed.success) return parsed.error.issues.map(({ path, message }) => ({ path: pathText(['receipts', ...path]), message }));
  const nodes = new Set(problem.nodes.map(({ id }) => id));
  const skus = new Set(problem.skus.map(({ id }) => id));
  const issues: InputIssue[] = [];
  for (const [index, given] of parsed.data.entries()) {
    const refuse = (field: string, message: string): void => void issues.push({ path: `receipts[${index}].${field}`, message });
    if (given.day >= days) refuse('day', `Day ${given.day} is not one of the ${days} days`);
    if (!nodes.has(given.node)) refuse('node', `Unknown node ${JSON.stringify(given.node)}`);
    if (!skus.has(given.sku)) refuse('sku', `Unknown SKU ${JSON.stringify(given.sku)}`);
  }
  return issues;
}

/** Reads a part; its refusals are listed under the part's own path. */
function inside<Part>(at: readonly string[], issues: InputIssue[], read: () => Part): Part | undefined {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof SourcingInputError)) throw error;
    for (const { path, message } of error.issues) {
      const place =
        at.length > 0 ? [...at, path].filter((step) => step !== '').join('.') : path.replace(/^orders\[(\d+)\]/, 'arrivals[$1].order');
      issues.push({ path: place, message });
    }
    return undefined;
  }
}

/** The last day of the horizon on which an order may ship. */
export function lastDayOf({ days }: Pick<Horizon, 'days'>, { day: first, lastDay = first }: Arrival): number {
  return Math.min(days - 1, lastDay);
}
