import { z } from 'zod';
import { idRecord, ownValue } from '../id-record.ts';
import { pathText, SourcingInputError, type SourcingProblem } from '../problem.ts';
import type { StockValues } from '../stock-values.ts';
import { expand, type Expanded } from './expand.ts';
import type { Forecast } from './forecast.ts';
import { checkReceipts, type Horizon, type Receipt } from './horizon.ts';
import { horizonPrices, type HorizonPrices } from './horizon-prices.ts';

/** What is known today. */
export interface Outlook {
  /** Today's stock and today's open orders. */
  readonly problem: SourcingProblem;
  /** Days to look ahead, today included. What is left on the last of them is worth nothing: look beyond the last receipt. */
  readonly days: number;
  /** Receipts by day from today: 1 = there before tomorrow's first decision. */
  readonly receipts: readonly Receipt[];
  /** By order of the problem: days that it may still wait before it is lost. Default 0: today or never. */
  readonly patience?: readonly number[];
}

export interface LookAhead {
  /** Futures that are sampled. Default 24: with fewer the values are noisy, and 60 gained nothing (measured). */
  readonly samples?: number;
  /** Rounds of price ascent for each future. Default 4. */
  readonly sweeps?: number;
  /** Another seed samples other futures. Default 1. */
  readonly seed?: number;
  /**
   * What the last look ahead said. What a unit is worth changes only by what one learns, so yesterday's answer is as good a sample as today's, and half of it is kept:
   * that is worth more than twice the samples (measured). Not where a receipt comes by tomorrow.
   */
  readonly before?: StockValues;
}

const lookAhead = z.strictObject({
  before: idRecord(idRecord(z.number().nonnegative())).optional(),
  samples: z.int().positive().default(24),
  sweeps: z.int().positive().default(4),
  seed: z.int().nonnegative().default(1),
});

/**
 * By node and SKU: what a unit that is still there tomorrow will save. Give it to `solve` as `stockValues`, or to the pricing of a single order.
 *
 * Each sampled future is planned together with today's orders as one time-expanded problem; the price of a unit on day 1 in it is the mean's share.
 * Today's orders are in it, because what they take makes the rest dearer. SKUs that nobody asks for have no value.
 *
 * @throws SourcingInputError with the path of the field: `receipts[0].node`, `patience[2]`, `samples`
 */
export function valueOfStock(outlook: Outlook, forecast: Forecast, effort: LookAhead = {}): StockValues {
  const { samples, sweeps, seed, before } = readLookAhead(effort);
  const today = readOutlook(outlook);
  const nodes = outlook.problem.nodes;
  const sums = nodes.map(() => new Map<string, number>());
  const futures = forecast.futures({ seed, days: today.days, count: samples });
  for (const future of futures) {
    const expanded = expand({ ...today, arrivals: [...today.arrivals, ...future] });
    for (const { node, sku, price } of pricesOfTomorrow(expanded, horizonPrices(expanded, sweeps)))
      sums[node]!.set(sku, (sums[node]!.get(sku) ?? 0) + price / futures.length);
  }
  const renewed = new Map(nodes.map(({ id }) => [id, new Set<string>()]));
  for (const { day, node, sku } of today.receipts) if (day <= 1) renewed.get(node)?.add(sku);
  return Object.fromEntries(
    nodes.map(({ id }, node) => {
      const last = ownValue(before, id);
      const kept = [...sums[node]!].map(([sku, value]): [string, number] => {
        const known = renewed.get(id)?.has(sku) === true ? undefined : ownValue(last, sku);
        return [sku, known === undefined ? value : keptShare * known + (1 - keptShare) * value];
      });
      return [id, Object.fromEntries(kept)];
    }),
  );
}

const keptShare = 0.5;

/** Only what is there tomorrow has a price then: of a node's batches the cheapest. */
function pricesOfTomorrow(
  { compiled, batchesOf }: Expanded,
  { batchPrices }: HorizonPrices,
): { node: number; sku: string; price: number }[] {
  return batchesOf.flatMap((batches, sku) => {
    const least = new Map<number, number>();
    for (const [at, { node, day }] of batches.entries())
      if (day <= 1) least.set(node, Math.min(least.get(node) ?? Infinity, batchPrices[sku]![at]!));
    return [...least].map(([node, price]) => ({ node, sku: compiled.skuIds[sku]!, price }));
  });
}

function readLookAhead(effort: LookAhead): z.infer<typeof lookAhead> {
  const parsed = lookAhead.safeParse(effort);
  if (parsed.success) return parsed.data;
  throw new SourcingInputError(parsed.error.issues.map(({ path, message }) => ({ path: pathText(path), message })));
}

/** Today's open orders as the first arrivals of a horizon. */
function readOutlook({ problem, days, receipts, patience }: Outlook): Horizon {
  const issues = checkReceipts(problem, days, receipts);
  if (!Number.isInteger(days) || days < 1)
    issues.push({ path: 'days', message: 'Look at least at today: days is a whole number from 1 up' });
  for (const [index, more] of (patience ?? []).entries())
    if (!Number.isInteger(more) || more < 0)
      issues.push({ path: `patience[${index}]`, message: 'Days of patience are a whole number from 0 up' });
  if (patience !== undefined && patience.length !== problem.orders.length)
    issues.push({ path: 'patience', message: `${patience.length} numbers for ${problem.orders.length} orders` });
  if (issues.length > 0) throw new SourcingInputError(issues);
  return {
    days,
    problem: { ...problem, orders: [] },
    receipts,
    arrivals: problem.orders.map((order, index) => ({ day: 0, lastDay: patience?.[index] ?? 0, order })),
  };
}
