export { manualCarrier, numberWanted, type ManualOptions } from './carrier.ts';
