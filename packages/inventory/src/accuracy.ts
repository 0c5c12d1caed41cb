import { z } from 'zod';

/**
 * How far the books are trusted shelf by shelf (SKU at a node), by what counts found there. Null: all the way. `percentile`: of each shelf so many units are kept back as so many percent of its counts did
 * not exceed in what was missing. `share`: the share of what is held that counts put wrong in the mean.
 */
export const accuracyPolicySchema = z
  .strictObject({
    /** Counts of so many days. */
    days: z.int().min(7).max(365).default(90),
    by: z.enum(['percentile', 'share']).default('percentile'),
    percent: z.number().min(0).max(100).default(80),
    /** Of a shelf that was counted fewer times nothing is kept back: nobody knows. */
    leastCounts: z.int().positive().default(2),
    /** Never more units of a shelf than these. */
    mostUnits: z.int().nonnegative(),
  })
  .nullable()
  .default(null);
export type AccuracyPolicy = NonNullable<z.infer<typeof accuracyPolicySchema>>;

/** How right the books were, by what counts found: of a shelf, or of several together. */
export type StockAccuracy = {
  readonly counts: number;
  /** Counts that found something else than the books say. */
  readonly adjustments: number;
  readonly adjustmentsPerWeek: number;
  /** Units, over all counts. */
  readonly missing: number;
  readonly found: number;
  /** Units that the books say are there now. */
  readonly held: number;
  /** 100 less what a count puts right in the mean, of what is held; null where nobody counted. Never below 0. */
  readonly accuracyPercent: number | null;
};

/** What counts of `days` say: their units found above the books, below 0 what was missing, 0 where they were right. */
export function stockAccuracy(counted: readonly number[], { held, days }: { readonly held: number; readonly days: number }): StockAccuracy {
  const missing = sumOf(counted.map((units) => Math.max(0, 0 - units)));
  const found = sumOf(counted.map((units) => Math.max(0, units)));
  const adjustments = counted.filter((units) => units !== 0).length;
  return {
    counts: counted.length,
    adjustments,
    adjustmentsPerWeek: (adjustments * 7) / days,
    missing,
    found,
    held,
    accuracyPercent: counted.length === 0 ? null : 100 * (1 - wrongShare(missing + found, counted.length, held)),
  };
}

/** The same of several shelves: their units together, each shelf's counts counting for it alone. */
export function togetherAccuracy(shelves: readonly StockAccuracy[]): StockAccuracy {
  const sum = (of: (each: StockAccuracy) => number) => sumOf(shelves.map(of));
  const counted = shelves.filter(({ counts }) => counts > 0);
  const held = sumOf(counted.map((each) => each.held));
  const wrong = sumOf(counted.map(({ missing, found, counts }) => (missing + found) / counts));
  return {
    counts: sum(({ counts }) => counts),
    adjustments: sum(({ adjustments }) => adjustments),
    adjustmentsPerWeek: sum(({ adjustmentsPerWeek }) => adjustmentsPerWeek),
    missing: sum(({ missing }) => missing),
    found: sum(({ found }) => found),
    held: sum((each) => each.held),
    accuracyPercent: counted.length === 0 ? null : 100 * (1 - wrongShare(wrong, 1, held)),
  };
}

/** Units of a shelf that may not be there though the books say so, by what its counts found. 0 without a policy. */
export function accuracyBuffer(policy: AccuracyPolicy | null, counted: readonly number[], held: number): number {
  if (policy === null || counted.length < policy.leastCounts || held <= 0) return 0;
  const missing = counted.map((units) => Math.max(0, 0 - units)).sort((one, other) => one - other);
  const { by, percent, mostUnits } = policy;
  const rank = Math.max(1, Math.ceil((percent / 100) * missing.length - 1e-9));
  const units = by === 'percentile' ? (missing[rank - 1] ?? 0) : Math.ceil(held * wrongShare(sumOf(missing), counted.length, held) - 1e-9);
  return Math.min(units, mostUnits, held);
}

/** What a count puts right in the mean, as a share of what is held; 1 where that is as much or more. */
function wrongShare(units: number, counts: number, held: number): number {
  const each = units / counts;
  return each === 0 ? 0 : Math.min(1, each / Math.max(held, each));
}

function sumOf(units: readonly number[]): number {
  return units.reduce((sum, each) => sum + each, 0);
}
