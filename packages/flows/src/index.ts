export { overview, type Overview } from './overview.ts';
export type { Around, FlowStep } from './around.ts';
export { scopeOf, type EventLog, type FlowContext, type FlowEvent } from './context.ts';
export { runDaemon, type DaemonOptions } from './daemon.ts';
export type { CostMinor } from './waves/day-cost.ts';
export { createEngine, patiently, settle, type Engine } from './engine.ts';
export { explainOrder, findOrders, type OrderExplanation } from './why/explain.ts';
export { addedNodeSchema, type AddedNode } from './why/add-node.ts';
export { whyAnswers, whySchemas, type Answered, type DayPrices, type WhyAnswers } from './why/answers.ts';
export { decisionIds, keptDecision, outcomeOf, planHash, type KeptDecision } from './why/kept-decision.ts';
export { replayAll, replayDecision, type Replayed } from './why/replay.ts';
export type { DayRun } from './why/recorded-day.ts';
export { sideBySide, type SimulatedDay } from './why/simulate.ts';
export { whyNot, type WhyNot } from './why/why-not.ts';
export type { OverrideCost } from './why/override-cost.ts';
export type { DayRulePrices } from './why/rule-prices.ts';
export type { FillRate } from './why/fill-rate.ts';
export { usualRules, type UsualRule } from './waves/usual-rules.ts';
export type { Pulled } from './intake/intake.ts';
export { holdsUntil, promiseQuestionSchema, promisesFor, type PromiseQuestion, type WayPromise } from './waves/promises.ts';
export {
  connectionModeSchema,
  flowSettingsSchema,
  policySectionSchemas,
  sourcingPolicySchema,
  type CarrierSettings,
  type FlowSettings,
  type SourcingPolicy,
} from './settings.ts';
export {
  definePolicy,
  fieldText,
  policyFileSchema,
  readPolicy,
  sectionsIn,
  type PolicyFile,
  type PolicyProblem,
  type PolicySections,
  type ReadPolicy,
} from './policy/policy-file.ts';
export { auditTrail, type AuditEntry } from './why/audit-trail.ts';
export { canonicalJson, policyStamp, type PolicyStamp } from './policy/policy-hash.ts';
export { policyDifferences, type PolicyDifference } from './policy/policy-diff.ts';
export {
  policyHistory,
  policyVersion,
  settingsByJournal,
  settingsInForce,
  settingsUnder,
  type PolicyVersion,
} from './policy/policy-in-force.ts';
export { lintPolicy, type LintFinding, type LintKnowledge } from './policy/policy-lint.ts';
export { policyCasesSchema, runPolicyCases, type CaseResult, type PolicyCases } from './policy/policy-cases.ts';
export { policyKnowledge } from './operations/policy-operation.ts';
export { policySchemaDocument } from './policy/policy-schema.ts';
export { policySections, policySettings, type PolicySection, type PolicySettings } from './policy/policy-sections.ts';
export { classify, summarize, type Summary } from './summary.ts';
export type { Choice, Comparison, Measured } from './waves/comparison.ts';
export { endedRecords, forgottenRecords } from './ended-records.ts';
export {
  eventCatalogue,
  eventLevels,
  operationEvents,
  orderEvents,
  orderHappenings,
  placeOf,
  safeEvent,
  toldOf,
  type EventLevel,
  type KnownEvent,
  type SafeEvent,
} from './events.ts';
export { askApproval, listApprovals, type ApprovalDraft, type StoredApproval } from './maturity/approvals.ts';
export { freezeOf, frozenChange, frozenWhat, whyFrozen, type Freeze } from './maturity/freeze.ts';
export { flowNames, maturityPolicySchema, maturitySteps, type MaturityPolicy } from './maturity/maturity-policy.ts';
export { maturityOf, type FlowMaturity } from './maturity/maturity-view.ts';
export { regretReport, type Regret, type RegretReport } from './regret/regret.ts';
export { masked } from './event-fields.ts';
export { exceptionMeanings } from './exceptions/exception-meanings.ts';
export { exceptionNext } from './exceptions/exception-next.ts';
export { exceptionPolicySchema, type ExceptionPolicy } from './exceptions/exception-policy.ts';
export { exceptionQueue, queuedOf, type QueuedException } from './exceptions/exception-queue.ts';
export { noPulse, systemPulse, type Pulse } from './pulse.ts';
export type { Reread } from './restored/reread.ts';
export type { CountFile } from './counts/count-file.ts';
export { countNodeSchema, type ReadCountFile } from './counts/take-counts.ts';
export { atpOf, type AtpView } from './stock/atp.ts';
export { accuracyOf, type AccuracyView } from './stock/stock-accuracy.ts';
export type { StockSeen } from './stock/stock-seen.ts';
export type { Urgency } from './turns.ts';
export { todoNotifier, type TodoNotifierOptions } from './notifications/todo-notifier.ts';
export type { WaveRecord, WaveStanding } from './waves/wave.ts';
export type { WorkBounds } from './worker.ts';
export type { FlowWorld } from './world.ts';
export { createOperations, type Operations } from './operations/operations.ts';
export { refusalCodes, type Asked, type Outcome, type RefusalCode, type Refused } from './operations/operation.ts';
export type { OverrideChoice } from './operations/order-operations.ts';
export { mayAct, roles, roleSchema, type Role } from './operations/roles.ts';
export { createPacker, type PackedGoods, type Packer, type ToPack } from './packing/packer.ts';
export { packingOf, type OrderPacking, type ParcelToPack, type ShipmentToPack, type UnitToPack } from './packing/packing-view.ts';
export type { PackedByHand } from './operations/repack-operation.ts';
export { erasePerson } from './intake/people.ts';
export { keepArrival, takeWebhook, type Announcement, type TakenWebhook } from './intake/webhooks.ts';
export { requestSchemas } from './operations/requests.ts';
export { newsKind, takeCarrierWebhook } from './tracking/carrier-webhooks.ts';
export { listIntents, listOrders, listSchemas, viewOrder, type IntentView, type OrderView } from './operations/views.ts';
export { connectionsOf } from './operations/connection-operations.ts';
export { readiness, type ConnectionReadiness } from './readiness.ts';
export {
  driftCauseNames,
  driftCauses,
  exceptionOfDrift,
  type Blame,
  type CauseFacts,
  type DriftCause,
  type HealKind,
} from './drift/causes.ts';
export { compareDrift, type Compared, type Comparison as DriftComparison } from './drift/compare.ts';
export type { Difference, Heal, Sides } from './drift/difference.ts';
export { driftPolicySchema, type DriftPolicy } from './drift/policy.ts';
export { driftEntrySchema, listDrift, type DriftEntry, type Healed } from './drift/ledger.ts';
export { previewDrift, type ReconcileReport, type Reported } from './drift/reconcile.ts';
export type { Verdict } from './drift/choose-heals.ts';
export { subjectKey, type DriftSubject, type DriftViews, type LevelViews, type OrderViews } from './drift/views.ts';
export type { LookAt, LookContext } from './drift/look.ts';
export { standingFigures, type StandingFigures } from './standing-figures.ts';
export { freightSettingsSchema, type FreightSettings } from './freight/freight-settings.ts';
export { importInvoice, importedSchema, type ImportContext, type Imported, type InvoiceFile } from './freight/import-invoice.ts';
export {
  auditOfJournal,
  daysUntil,
  disputesOfJournal,
  findingsOfJournal,
  type AuditedDays,
  type FreightFindings,
} from './freight/audit-journal.ts';
export { draftBills, type DraftedBill, type DraftedBills } from './freight/draft-bills.ts';
export { invoicesNamed, listInvoices, type FreightInvoice, type StoredInvoice } from './freight/invoices.ts';
export { flowBoard, releasePreview, type FlowBoard, type NamedShipment, type NodeView, type ReleaseView } from './waves/flow-board.ts';
export { packExpected, type ExpectedShipment } from './packing/pack-expected.ts';
export { orderAging } from './waves/order-aging.ts';
export { nodeTroubles } from './resourcing/view.ts';
