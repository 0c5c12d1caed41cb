export { shopifyChannel, type ShopifyChannelOptions } from './channel.ts';
export type { ShopifyTokenProvider } from './client.ts';
export { defaultApiVersion, oldestApiVersion, requiredScopes, shopifyBucketName, shopifyPlans } from './limits.ts';
