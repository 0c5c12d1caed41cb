import { expect, test } from 'vitest';
import { generateDay } from './generated-day.ts';
import { orderTotalMinor, taxMinor, waveTimes, worldSchema } from './world.ts';

test('a day with its waves of today and tomorrow morning has four wave times', () => {
  expect(waveTimes(generateDay({ seed: 1, orders: 10 }))).toEqual(['08:00', '11:00', '14:00', '16:30']);
});

test('tax is in the price or comes on top of it, line by line', () => {
  const order = {
    lines: [
      { sku: 'A', title: 'A', quantity: 3, unitPriceMinor: 333 },
      { sku: 'B', title: 'B', quantity: 1, unitPriceMinor: 5 },
    ],
    shippingMinor: 490,
    taxPercent: 19,
  };

  expect(orderTotalMinor(order, true)).toBe(999 + 5 + 490);
  expect(orderTotalMinor(order, false)).toBe(999 + 190 + 5 + 1 + 490 + 93);
  expect(taxMinor(1_190, 19, true)).toBe(190);
});

test('a world with a word that nobody knows is refused', () => {
  const world = { ...generateDay({ seed: 1, orders: 10 }), weather: 'rain' };

  expect(worldSchema.safeParse(world).success).toBe(false);
});
