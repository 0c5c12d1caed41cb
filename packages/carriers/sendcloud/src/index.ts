export { sendcloudCarrier, type SendcloudCarrier, type SendcloudOptions } from './carrier.ts';
export { purchaseSettlesMs, sendcloudBaseUrl, sendcloudBuckets } from './limits.ts';
export type { PickupPoint } from './pickup-points.ts';
export { statusMeanings, statusNumbers } from './status-table.ts';
export { verifySendcloudWebhook } from './webhook.ts';
