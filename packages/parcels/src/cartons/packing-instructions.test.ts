import { money } from '@quartermaster/domain';
import { expect, test } from 'vitest';
import { cartonize, cartonProblemSchema, packingInstructions } from '../index.ts';

test('a packer reads the box, each unit in the order of packing with its place, and what is left', () => {
  const problem = cartonProblemSchema.parse({
    currency: 'EUR',
    boxes: [{ id: 'M', inner: [200, 100, 100], outer: [210, 110, 120], tareGrams: 150, maxGrams: 5_000 }],
    items: [
      { id: '1', sku: 'LAMP', units: 2, millimetres: [100, 100, 60], grams: 800, turning: 'upright' },
      { id: '2', sku: 'VASE', units: 1, millimetres: [90, 90, 40], grams: 300, turning: 'upright', fragile: true },
      { id: '3', sku: 'POLE', units: 1, millimetres: [900, 40, 40], grams: 900, ownPackaging: true },
      { id: '4', sku: 'SAFE', units: 1, millimetres: [400, 400, 400], grams: 9_000 },
    ],
  });
  expect(packingInstructions(cartonize(problem, () => money(490, 'EUR')))).toEqual([
    'Parcel 1 of 2: box M, 210 x 120 x 110 mm, 2.050 kg, 4.90 EUR',
    '  1. LAMP (line 1): 100 long, 100 deep, 60 high; 0 mm from the left, 0 mm from the back, on the floor',
    '  2. LAMP (line 1): 100 long, 100 deep, 60 high; 100 mm from the left, 0 mm from the back, on the floor',
    '  3. VASE (line 2): 90 long, 90 deep, 40 high; 0 mm from the left, 0 mm from the back, 60 mm up (layer 2)',
    'Parcel 2 of 2: its own packaging, 900 x 40 x 40 mm, 0.900 kg, 4.90 EUR',
    '  1. POLE (line 3)',
    'Not packed: 1 x SAFE (line 4): no box is large enough.',
  ]);
});
