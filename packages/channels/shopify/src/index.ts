export type { BackfillRequest, OrderBackfill } from './backfill.ts';
export { shopifyChannel, type ShopifyChannel, type ShopifyChannelOptions } from './channel.ts';
export type { ShopifyTokenProvider } from './client.ts';
export {
  holdReasons,
  type FulfilmentChange,
  type FulfilmentDesk,
  type FulfilmentHold,
  type FulfilmentMove,
  type FulfilmentRelease,
  type FulfilmentSplit,
  type HoldReason,
} from './fulfilment-desk.ts';
export { defaultApiVersion, oldestApiVersion, requiredScopes, shopifyBucketName, shopifyPlans } from './limits.ts';
export { expiringTokens, type ExpiringTokensOptions, type ShopifyTokens } from './tokens.ts';
