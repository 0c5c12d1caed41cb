import { maxParallel } from './limits.ts';

/** Does the same work for many, a few at once, and gives the results in the order of asking. Rejects with the first failure; what is under way then goes on. */
export async function aFewAtOnce<Given, Result>(all: readonly Given[], work: (given: Given) => Promise<Result>): Promise<Result[]> {
  const results = new Map<number, Result>();
  const waiting = all.map((given, at) => ({ given, at }));
  const worker = async () => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) results.set(next.at, await work(next.given));
  };
  await Promise.all(Array.from({ length: Math.min(maxParallel, all.length) }, worker));
  return [...results].sort(([a], [b]) => a - b).map(([, result]) => result);
}
