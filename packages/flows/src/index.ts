export type { FlowContext, FlowEvent } from './context.ts';
export { runDaemon, type DaemonOptions } from './daemon.ts';
export type { CostMinor } from './day-cost.ts';
export { createEngine, patiently, settle, type Engine } from './engine.ts';
export { explainOrder, findOrders, type OrderExplanation } from './explain.ts';
export type { Pulled } from './intake.ts';
export {
  connectionModeSchema,
  flowSettingsSchema,
  sourcingPolicySchema,
  type CarrierSettings,
  type FlowSettings,
  type SourcingPolicy,
} from './settings.ts';
export { classify, summarize, type Choice, type Summary } from './summary.ts';
export { endedRecords } from './ended-records.ts';
export { exceptionMeanings } from './exception-meanings.ts';
export { noPulse, systemPulse, type Pulse } from './pulse.ts';
export type { StockSeen } from './stock-seen.ts';
export type { Asked } from './turns.ts';
export type { WaveRecord, WaveStanding } from './wave.ts';
export type { WorkBounds } from './worker.ts';
export type { FlowWorld } from './world.ts';
