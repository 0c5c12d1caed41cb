import { productSidesSchema } from '@quartermaster/parcels';
import { boxesSchema } from '../packing/box-settings.ts';
import type { FlowSettings } from '../settings.ts';

/** The same business with two boxes everywhere, `S` for a mug or two and `L` for lamps, and the sides of both. */
export function withBoxes(given: FlowSettings): FlowSettings {
  return {
    ...given,
    boxes: boxesSchema.parse([
      { name: 'S', inner: [200, 150, 100], outer: [210, 160, 110], tareGrams: 90, maxGrams: 5_000 },
      { name: 'L', inner: [400, 300, 300], outer: [410, 310, 310], tareGrams: 400, maxGrams: 9_000 },
    ]),
    productSides: {
      MUG: productSidesSchema.parse({ millimetres: [120, 90, 90] }),
      LAMP: productSidesSchema.parse({ millimetres: [280, 200, 180] }),
    },
  };
}
