/** Wait before the next attempt: full jitter, a random part of `base × 2^(attempt − 1)` and at most `cap`. `attempt` is the one that failed, 1 for the first. */
export function jitteredDelayMs(given: {
  readonly baseMs: number;
  readonly capMs: number;
  readonly attempt: number;
  readonly random: () => number;
}): number {
  return Math.round(given.random() * Math.min(given.capMs, given.baseMs * 2 ** Math.min(given.attempt - 1, 50)));
}
