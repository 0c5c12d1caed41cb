export { walmartChannel, type WalmartChannelOptions } from './channel.ts';
export { firstQuotas, walmartBucketName, walmartBuckets, walmartRateBuckets, type WalmartBucket } from './limits.ts';
export type { WalmartCredentials } from './tokens.ts';
