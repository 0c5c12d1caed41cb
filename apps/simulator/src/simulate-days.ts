import { dayInWords } from './day-in-words.ts';
import { drawDay } from './draw-day.ts';
import type { Violation } from './invariants.ts';
import { liveDay, type Lived } from './live-day.ts';
import { mutations, none, type MutationName } from './mutation.ts';
import { shrinkDay } from './shrink-day.ts';

/** What a seed came to. `other` is the trace of a second run of it, where one was made and was another. */
export type SeedReport = {
  readonly seed: number;
  readonly violations: readonly Violation[];
  readonly points: number;
  readonly traceHash: string;
};

/** Lives the day of a seed; `twice` lives it once more and compares the traces. */
export async function simulateSeed(
  seed: number,
  { mutation, twice = false }: { readonly mutation?: MutationName | undefined; readonly twice?: boolean } = {},
): Promise<SeedReport> {
  const planted = mutation === undefined ? none : mutations[mutation];
  const { violations, points, traceHash } = await liveDay(drawDay(seed), { mutation: planted });
  const again = twice ? (await liveDay(drawDay(seed), { mutation: planted })).traceHash : traceHash;
  const drifted = again === traceHash ? [] : [{ rule: 'two runs of one seed give the same trace', about: `${traceHash} and ${again}` }];
  return { seed, violations: [...violations, ...drifted], points, traceHash };
}

/** Tells of a failing seed: what was violated, how to replay it, and the smallest day that still violates the first of those rules. */
export async function explainSeed(seed: number, mutation: MutationName | undefined): Promise<string[]> {
  const planted = mutation === undefined ? none : mutations[mutation];
  const day = drawDay(seed);
  const whole = await liveDay(day, { mutation: planted });
  const [first] = whole.violations;
  if (first === undefined) return [`Seed ${seed} violates nothing.`];
  const { day: smallest, runs } = await shrinkDay(day, async (smaller) =>
    (await liveDay(smaller, { mutation: planted })).violations.some(({ rule }) => rule === first.rule),
  );
  const lived: Lived = await liveDay(smallest, { mutation: planted, keep: 60 });
  return [
    `Seed ${seed} violates:`,
    ...whole.violations.map(({ rule, about }) => `  ${rule}: ${about}`),
    `Replay: npm run simulate:days -- --replay ${seed}${mutation === undefined ? '' : ` --mutation ${mutation}`}`,
    `The smallest day that still does (${day.happenings.length} happenings before, ${smallest.happenings.length} left after ${runs} runs):`,
    ...dayInWords(smallest).map((line) => `  ${line}`),
    ...lived.violations.map(({ rule, about }) => `  → ${rule}: ${about}`),
  ];
}
