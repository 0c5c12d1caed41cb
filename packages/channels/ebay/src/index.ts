export { ebayChannel, type EbayChannelOptions } from './channel.ts';
export { ebayApis, ebayBucketName, ebayBuckets, firstDailyQuotas, requiredScopes, type EbayApi } from './limits.ts';
export {
  defaultRevisionPolicy,
  mayRevise,
  memoryRevisionBudget,
  type RevisionBudget,
  type RevisionKind,
  type RevisionPolicy,
} from './revision-budget.ts';
export type { EbaySigningKey } from './signature.ts';
export { createEbaySigningKey } from './signing-key.ts';
export type { EbayCredentials } from './tokens.ts';
export { ebayChallengeResponse, ebayErasure } from './webhook.ts';
