export { upsCarrier, type UpsOptions } from './carrier.ts';
export { purchaseSettlesMs, subscriptionDays, upsBaseUrl, upsBuckets, upsTestUrl } from './limits.ts';
export { statusTable } from './status-table.ts';
export { verifyUpsWebhook } from './webhook.ts';
