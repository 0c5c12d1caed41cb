export { vendureChannel, type VendureChannelOptions } from './channel.ts';
export { vendureBucket, vendureBucketName } from './limits.ts';
