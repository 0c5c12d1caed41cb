export { wooCommerceChannel, type WooCommerceChannelOptions } from './channel.ts';
export { wooCommerceBucket, wooCommerceBucketName } from './limits.ts';
