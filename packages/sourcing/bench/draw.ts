import { seededNumbers } from '../src/random.ts';

/** Random draws that are the same on every machine: only additions, multiplications, divisions and square roots, which IEEE 754 rounds alike everywhere. */
export interface Draw {
  /** A number in [from, to). */
  between(from: number, to: number): number;
  /** A whole number from `from` to `to`, both included. */
  whole(from: number, to: number): number;
  chance(probability: number): boolean;
  /** One of the choices; `weights` need not add up to 1. */
  one<T>(choices: readonly T[], weights?: readonly number[]): T;
  /** About normal with mean 0 and deviation 1: the sum of twelve even draws. */
  normal(): number;
  /** Log-normal with this median; `spread` is the deviation of its logarithm. */
  skewed(median: number, spread: number): number;
}

/** Draws that belong to a name: each topic of an instance has its own, so that one more draw in one topic leaves the others as they are. */
export function draws(name: string): Draw {
  let mixed = 0x811c9dc5;
  for (const letter of name) mixed = Math.imul(mixed ^ (letter.codePointAt(0) ?? 0), 0x01000193);
  const next = seededNumbers(mixed);
  const between = (from: number, to: number) => from + (to - from) * next();
  const normal = () => {
    let sum = -6;
    for (let i = 0; i < 12; i++) sum += next();
    return sum;
  };
  return {
    between,
    whole: (from, to) => from + Math.floor(next() * (to - from + 1)),
    chance: (probability) => next() < probability,
    one: (choices, weights) => {
      const index = weights === undefined ? Math.floor(next() * choices.length) : pick(runningSums(weights), next());
      const choice = choices[index];
      if (choice === undefined) throw new Error('there is nothing to choose from');
      return choice;
    },
    normal,
    skewed: (median, spread) => median * exponential(spread * normal()),
  };
}

/** Sums of the first 1, 2, ... weights: what `pick` wants. */
export function runningSums(weights: readonly number[]): Float64Array {
  const sums = new Float64Array(weights.length);
  let sum = 0;
  for (const [index, weight] of weights.entries()) sums[index] = sum += weight;
  return sums;
}

/** The index whose part of the running sums contains `at` (0 to 1 of the whole). */
export function pick(sums: Float64Array, at: number): number {
  const wanted = at * (sums.at(-1) ?? 0);
  let [low, high] = [0, sums.length - 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sums[middle]! > wanted) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** `value` to so many decimals. */
export function rounded(value: number, decimals: number): number {
  return Number(value.toFixed(decimals));
}

/** e to the power of x as (1 + x / 4096) to the power of 4096, near enough for random draws: Math.exp may differ between machines in the last bit. */
function exponential(x: number): number {
  let power = 1 + x / 4_096;
  for (let i = 0; i < 12; i++) power *= power;
  return power;
}
