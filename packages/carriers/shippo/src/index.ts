export { shippoCarrier, type ShippoOptions } from './carrier.ts';
export { isTestKey, purchaseSettlesMs, shippoBaseUrl, shippoBuckets } from './limits.ts';
export { verifyShippoWebhook } from './webhook.ts';
