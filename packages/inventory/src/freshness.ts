import { z } from 'zod';

const minutes = z.number().positive();

/**
 * How late a channel may be read before its figures are not to be trusted: from a sale there until every other channel shows it, all told. Beyond it, `fallback` says what the channel does:
 * `raise-buffer` takes off what it may have sold meanwhile, `stop-selling` shows nothing. After `stopAfterMinutes` it shows nothing in any case, and after `holdAfterMinutes` nothing is released that hangs
 * on what is read there. The same holds of what tells stock: the ERP, or the counts of a warehouse.
 */
export const syncWindowSchema = z.strictObject({
  minutes,
  fallback: z.enum(['raise-buffer', 'stop-selling']).default('raise-buffer'),
  stopAfterMinutes: minutes.optional(),
  holdAfterMinutes: minutes.optional(),
  /** The buffer is so many times what is sold in the mean meanwhile. */
  caution: z.number().min(1).default(2),
});
export type SyncWindow = z.infer<typeof syncWindowSchema>;

/** How a source that is read stands to its window. */
export type Freshness =
  | { readonly kind: 'healthy' }
  | { readonly kind: 'behind'; readonly lagMs: number; readonly buffer: 'grows' | 'stop' };

/** `lagMs` since it was last read; null: never. */
export function freshnessOf(window: SyncWindow | null, lagMs: number | null): Freshness {
  if (window === null || (lagMs !== null && lagMs <= window.minutes * 60_000)) return { kind: 'healthy' };
  const lag = lagMs ?? Infinity;
  const stops = window.fallback === 'stop-selling' || lag > (window.stopAfterMinutes ?? Infinity) * 60_000;
  return { kind: 'behind', lagMs: lag, buffer: stops ? 'stop' : 'grows' };
}

export const degradedSteps = ['raise-buffer', 'stop-selling', 'hold-release'] as const;
/** What is done while a source is read later than its window, from the mildest on. */
export type DegradedStep = (typeof degradedSteps)[number];

/** The steps in force at a lag; none within the window. Selling stops in the place of the buffer; releases are held beside it. */
export function degradedStepsOf(window: SyncWindow, lagMs: number | null): readonly DegradedStep[] {
  const freshness = freshnessOf(window, lagMs);
  if (freshness.kind === 'healthy') return [];
  const holds = freshness.lagMs > (window.holdAfterMinutes ?? Infinity) * 60_000;
  return [freshness.buffer === 'stop' || lagMs === null ? 'stop-selling' : 'raise-buffer', ...(holds ? (['hold-release'] as const) : [])];
}

/**
 * Units that a channel does not show because it is read late: grows with the lag and with how fast the SKU sells there, is at least 1 while it is behind, and 0 again as soon as it is healthy.
 * `Infinity`: nothing is shown.
 */
export function freshnessBuffer(freshness: Freshness, unitsPerDay: number, caution: number): number {
  if (freshness.kind === 'healthy') return 0;
  if (freshness.buffer === 'stop' || freshness.lagMs === Infinity) return Infinity;
  return Math.max(1, Math.ceil((unitsPerDay * caution * freshness.lagMs) / 86_400_000));
}
