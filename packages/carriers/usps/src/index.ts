export { uspsCarrier, type UspsOptions } from './carrier.ts';
export { callsPerHourOfNewApp, purchaseSettlesMs, uspsBaseUrl, uspsBuckets, uspsTestUrl } from './limits.ts';
export { statusTable } from './status-table.ts';
export { verifyUspsWebhook } from './webhook.ts';
export type { PostageAccount } from './tokens.ts';
