export {
  baselineNames,
  baselines,
  compareBaselines,
  nearestFirst,
  ruleCascade,
  type BaselineComparison,
  type BaselineName,
  type BaselinePlan,
  type CascadeRules,
} from './baseline.ts';
export { compactModel, compactShipments, type CompactModel, type CompactWay } from './compact-model.ts';
export { certifiedBound, CertificateError } from './certify.ts';
export type { CostByTerm, PlanStats } from './cost.ts';
export { costShares, type CostShare } from './cost-shares.ts';
export { engineVersion } from './engine-version.ts';
export type { Alternative, Lack } from './alternatives.ts';
export { sourcingDesk, type DeskOptions, type Placement, type Quote, type SourcingDesk } from './desk.ts';
export type { Crew } from './crew.ts';
export { explainOrders, type Binding, type ExplainedShipment, type OrderExplanation, type PassedOver } from './explain.ts';
export { explainPlan, type GapByCause, type PlanBinding, type PlanExplanation } from './explain-plan.ts';
export type { CostAtPrices } from './plan-view.ts';
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
export type { ObjectiveByTerm } from './objective.ts';
export type { Override } from './overrides.ts';
export { solve, type SolveResult } from './solve.ts';
export { answerWithoutEngine, checkedValues, mergedEntries, notWorseThan, objectiveOf } from './solver-answer.ts';
export { randomSolverCase, solverContract, type SolverCase } from './solver-contract.ts';
export type { MipAnswer, MipProblem, MipRequest, MipSolver } from './solver-port.ts';
export type { StockValues } from './stock-values.ts';
export { verifyPlan, type Verification } from './verify.ts';
export type { ResolveOptions } from './neighbourhood.ts';
export { planDifference, whatIf, type Force, type MovedOrder, type PlanDifference, type WhatIf } from './what-if.ts';
export { priceRules, type ResolvedRule, type RuleOptions, type RulePrice } from './rule-price.ts';
export { rulesOf, withoutRule, type Rule } from './rules.ts';
export { explainUnfilled, type LineAtNode, type OpenReason, type Remedy, type UnfilledLine } from './unfilled.ts';
