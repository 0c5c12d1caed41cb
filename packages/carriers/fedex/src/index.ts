export { fedexCarrier, type FedexOptions } from './carrier.ts';
export { fedexBaseUrl, fedexBuckets, fedexTestUrl, purchaseSettlesMs } from './limits.ts';
export { statusTable } from './status-table.ts';
export { verifyFedexWebhook } from './webhook.ts';
