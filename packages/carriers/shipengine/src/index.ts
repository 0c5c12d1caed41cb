export { shipengineCarrier, type ShipEngineOptions } from './carrier.ts';
export { purchaseSettlesMs, shipengineBaseUrl, shipengineBuckets } from './limits.ts';
export { detailMeanings, statusMeanings } from './tracking-status.ts';
