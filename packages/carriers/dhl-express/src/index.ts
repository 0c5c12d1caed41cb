export { dhlExpressCarrier, type DhlExpressOptions } from './carrier.ts';
export { dhlExpressBaseUrl, dhlExpressBuckets, dhlExpressTestUrl, purchaseSettlesMs } from './limits.ts';
export { statusTable } from './status-table.ts';
