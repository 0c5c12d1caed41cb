export { availableToPromise, waterfall, waterfallSteps, type Promisable, type WaterfallStep } from './available-to-promise.ts';
export { channelShareSchema, publishable, type ChannelLevel, type ChannelShare } from './publishable.ts';
export { safetyStockOf, safetyStockRulesSchema, type SafetyStockRules } from './safety-stock.ts';
