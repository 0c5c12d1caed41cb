export { rateTableCarrier, type RateTableOptions } from './carrier.ts';
export { checkCharacter, isTrackingNumber, trackingNumberOf } from './tracking-number.ts';
export { zplLabel, type LabelFace } from './zpl-label.ts';
