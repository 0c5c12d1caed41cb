export { easypostCarrier, type EasyPostOptions } from './carrier.ts';
export { easypostBaseUrl, easypostBuckets, purchaseSettlesMs } from './limits.ts';
export { verifyEasyPostWebhook } from './webhook.ts';
