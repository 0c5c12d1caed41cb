import { char } from '../engine/field.ts';
import type { Topic } from '../engine/topic.ts';

/** The app "Delivery Costs": without it deliveries hold no tracking numbers. */
export const delivery: Topic = {
  models: () => ({ 'stock.picking': { carrier_tracking_ref: char } }),
};
