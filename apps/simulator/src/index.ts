export type { Day, Happening } from './day.ts';
export { dayInWords } from './day-in-words.ts';
export { drawDay } from './draw-day.ts';
export type { Violation } from './invariants.ts';
export { liveDay, type Lived } from './live-day.ts';
export { mutations, type Mutation, type MutationName } from './mutation.ts';
export { shrinkDay } from './shrink-day.ts';
export { explainSeed, simulateSeed, type SeedReport } from './simulate-days.ts';
