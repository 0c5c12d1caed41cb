export {
  accuracyBuffer,
  accuracyPolicySchema,
  stockAccuracy,
  togetherAccuracy,
  type AccuracyPolicy,
  type StockAccuracy,
} from './accuracy.ts';
export { availableToPromise, waterfall, waterfallSteps, type Promisable, type WaterfallStep } from './available-to-promise.ts';
export { dailyDemand, daysOfCover, noDemand, type DailyDemand } from './demand.ts';
export {
  degradedSteps,
  degradedStepsOf,
  freshnessBuffer,
  freshnessOf,
  syncWindowSchema,
  type DegradedStep,
  type Freshness,
  type SyncWindow,
} from './freshness.ts';
export { inFlightUnits, inventoryPolicySchema, syncWindowOf, type InventoryPolicy } from './inventory-policy.ts';
export { divideAmongOffers, type Offer } from './joint.ts';
export { componentsOf, flattened, takenBy, unitsFrom, type Recipes } from './kits.ts';
export { exposure, raisedWithinBudget, settableNow, type Budgeted, type InFlight, type LevelChange } from './oversell.ts';
export { isInForce, pooledShares, poolKinds, poolSchema, shortPools, type Pool, type PooledShares } from './pools.ts';
export {
  channelShareSchema,
  publishable,
  shareAmongChannels,
  type ChannelLevel,
  type ChannelShare,
  type Claim,
  type Grant,
  type Shown,
} from './publishable.ts';
export { channelSafetyOf, computedSafetyStock, safetyStockOf, safetyStockRulesSchema, type SafetyStockRules } from './safety-stock.ts';
export {
  confidentSupply,
  promisableOn,
  supplyTrustSchema,
  timePhased,
  type Dated,
  type PromisableFrom,
  type SupplyTrust,
  type TrustedSupply,
} from './time-phased.ts';
export { daysLate, deliveryTrust, supplierTrustSchema, type SupplierTrust } from './supplier-trust.ts';
