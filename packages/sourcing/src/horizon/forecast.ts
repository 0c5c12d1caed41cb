import { z } from 'zod';
import { parseProblem, pathText, SourcingInputError, type InputIssue, type ProblemOrder, type SourcingProblem } from '../problem.ts';
import { seededNumbers } from '../random.ts';
import type { Arrival } from './horizon.ts';

/** Tells what may come: the port behind which any forecast of demand stands. */
export interface Forecast {
  /** Some of the futures that may come: orders of the days 1 up to, not including, `days`, counted from today. Same choice, same futures. */
  futures(choice: { readonly seed: number; readonly days: number; readonly count: number }): readonly (readonly Arrival[])[];
}

/**
 * The past comes again, shuffled: a day to come has as many orders as some past day, and each of them is some past order.
 *
 * Orders are dealt like cards, over all futures of a call, and shuffled anew when all are dealt: so the futures together have just the past's mix, which makes their mean less noisy than independent draws.
 *
 * @param history past days, each with the orders that came in (their ids all different, their promises counted from their own day)
 * @param waitDays days that an order to come waits for what is missing
 * @throws SourcingInputError where an order does not fit the problem: `history[3][0].lines[0].sku`
 */
export function forecastFromOrders(problem: SourcingProblem, history: readonly (readonly unknown[])[], waitDays = 0): Forecast {
  const days = readHistory(problem, history);
  const orders = days.flat();
  return {
    futures: ({ seed, days: horizonDays, count }) => {
      const random = seededNumbers(seed);
      const deck = deckOf(orders, random);
      return Array.from({ length: count }, () => {
        const arrivals: Arrival[] = [];
        for (let day = 1; day < horizonDays; day++) {
          const wanted = days.length === 0 ? 0 : days[Math.floor(random() * days.length)]!.length;
          for (let each = 0; each < wanted; each++) arrivals.push({ day, lastDay: day + waitDays, order: deck() });
        }
        return arrivals;
      });
    },
  };
}

function readHistory(problem: SourcingProblem, history: readonly (readonly unknown[])[]): ProblemOrder[][] {
  const at = history.flatMap((orders, day) => orders.map((_, index) => [day, index] as const));
  try {
    const { orders } = parseProblem({ ...problem, orders: history.flat() });
    let next = 0;
    return history.map(({ length }) => orders.slice(next, (next += length)));
  } catch (error) {
    if (!(error instanceof SourcingInputError)) throw error;
    throw new SourcingInputError(
      error.issues.map(({ path, message }) => ({
        path: path.replace(/^orders\[(\d+)\]/, (_, index: string) => pathText(['history', ...(at[Number(index)] ?? [])])),
        message,
      })),
    );
  }
}

/** Deals the cards one by one in shuffled order, shuffles them again when all are dealt. */
function deckOf<Card>(cards: readonly Card[], random: () => number): () => Card {
  const deck = [...cards];
  let dealt = deck.length;
  return () => {
    if (dealt === deck.length) dealt = 0;
    const chosen = dealt + Math.floor(random() * (deck.length - dealt));
    const card = deck[chosen]!;
    deck[chosen] = deck[dealt]!;
    deck[dealt++] = card;
    return card;
  };
}

const rate = z.strictObject({ sku: z.string(), zone: z.string(), ordersPerDay: z.number().nonnegative() });

/** Orders for one unit of a SKU that are expected from a zone each day. */
export type DemandRate = z.infer<typeof rate>;

/**
 * Orders of one unit each, as often as a forecast says: each day's number is drawn at random around the rate (Poisson).
 *
 * What a rate does not tell comes from `usual`: channel, promise, costs, and what an unfilled unit costs (from its first line). Orders of several lines make stock dearer to take apart,
 * so where past orders are known, {@link forecastFromOrders} sees more.
 *
 * @throws SourcingInputError where a rate does not fit the problem (`rates[3].sku`) or the usual order is none (`usual.lines[0].units`)
 */
export function forecastFromRates(problem: SourcingProblem, rates: readonly unknown[], usual: unknown, waitDays = 0): Forecast {
  const known = readRates(problem, rates);
  const template = readUsual(problem, usual);
  return {
    futures: ({ seed, days, count }) => {
      const random = seededNumbers(seed);
      return Array.from({ length: count }, () => {
        const arrivals: Arrival[] = [];
        for (let day = 1; day < days; day++)
          for (const { sku, zone, ordersPerDay } of known)
            for (let left = poisson(ordersPerDay, random); left > 0; left--)
              arrivals.push({
                day,
                lastDay: day + waitDays,
                order: { ...template, zone, lines: [{ ...template.lines[0]!, sku, units: 1 }] },
              });
        return arrivals;
      });
    },
  };
}

function readRates(problem: SourcingProblem, rates: readonly unknown[]): DemandRate[] {
  const parsed = z.array(rate).safeParse(rates);
  if (!parsed.success)
    throw new SourcingInputError(parsed.error.issues.map(({ path, message }) => ({ path: pathText(['rates', ...path]), message })));
  const skus = new Set(problem.skus.map(({ id }) => id));
  const issues = parsed.data.flatMap(({ sku }, index): InputIssue[] =>
    skus.has(sku) ? [] : [{ path: `rates[${index}].sku`, message: `Unknown SKU ${JSON.stringify(sku)}` }],
  );
  if (issues.length > 0) throw new SourcingInputError(issues);
  return parsed.data;
}

function readUsual(problem: SourcingProblem, usual: unknown): ProblemOrder {
  try {
    return parseProblem({ ...problem, orders: [usual] }).orders[0]!;
  } catch (error) {
    if (!(error instanceof SourcingInputError)) throw error;
    throw new SourcingInputError(error.issues.map(({ path, message }) => ({ path: path.replace(/^orders\[0\]/, 'usual'), message })));
  }
}

/** A number of independent events of which `mean` are expected: counts how many waiting times fit into the mean. */
function poisson(mean: number, random: () => number): number {
  let count = -1;
  for (let left = mean; left >= 0; left += Math.log(1 - random())) count++;
  return count;
}
