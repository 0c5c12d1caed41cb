export {
  baselineNames,
  baselines,
  compareBaselines,
  nearestFirst,
  type BaselineComparison,
  type BaselineName,
  type BaselinePlan,
} from './baseline.ts';
export { compactModel, compactShipments, type CompactModel, type CompactWay } from './compact-model.ts';
export { certifiedBound, CertificateError } from './certify.ts';
export type { CostByTerm, PlanStats } from './cost.ts';
export type { Crew } from './crew.ts';
export { explainOrders, type Binding, type ExplainedShipment, type OrderExplanation, type PassedOver } from './explain.ts';
export type { NamedProgram } from './model-names.ts';
export { lpText, mpsText } from './model-text.ts';
export { parsePlan, planText, type Certificate, type PlanClaim, type PlanShipment, type SourcingPlan } from './plan.ts';
export {
  parseProblem,
  SourcingInputError,
  type InputIssue,
  type LaborTier,
  type Lane,
  type OrderLine,
  type ProblemNode,
  type ProblemOrder,
  type ProblemService,
  type ProblemSku,
  type SourcingProblem,
} from './problem.ts';
export type { Phase, SolveOptions, SolveProgress } from './run.ts';
export { solve, type SolveResult } from './solve.ts';
export { answerWithoutEngine, checkedValues, mergedEntries, objectiveOf } from './solver-answer.ts';
export { randomSolverCase, solverContract, type SolverCase } from './solver-contract.ts';
export type { MipAnswer, MipProblem, MipSolver } from './solver-port.ts';
export { verifyPlan, type Verification } from './verify.ts';
