export { glpkSolver, type GlpkOptions } from './glpk-solver.ts';
