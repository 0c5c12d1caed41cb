export { dhlParcelDeCarrier, type DhlParcelDeOptions } from './carrier.ts';
export { dhlParcelBaseUrl, dhlParcelBuckets, dhlParcelTestUrl } from './limits.ts';
export type { TrackingUser } from './parcel-tracking.ts';
export type { ExtraServices } from './pricing.ts';
