export { highsSolver, type HighsOptions } from './highs-solver.ts';
