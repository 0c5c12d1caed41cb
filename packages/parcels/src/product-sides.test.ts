import { expect, test } from 'vitest';
import { importProductSides, productSidesSchema } from './product-sides.ts';

const plain = productSidesSchema.parse({});

test('a row of the sheet says how long, wide and high one unit is and how it may be packed', () => {
  const read = importProductSides({
    file: 'sides.csv',
    text: 'sku,length,width,height,fragile,upright,hazard\nVASE,140,140,75,yes,yes,\nSPRAY,60,60,200,,,2.1\n',
  });

  expect(read).toEqual({
    kind: 'read',
    products: {
      VASE: { ...plain, millimetres: [140, 140, 75], fragile: true, upright: true },
      SPRAY: { ...plain, millimetres: [60, 60, 200], hazard: '2.1' },
    },
  });
});

test('a product may be told how it is packed without its sides, which somebody else knows', () => {
  const read = importProductSides({ file: 'sides.csv', text: 'sku;polybag\nSHIRT;yes\n' });

  expect(read).toEqual({ kind: 'read', products: { SHIRT: { ...plain, polybag: true } } });
});

test('every bad row is named with its column, and nothing is taken', () => {
  const read = importProductSides({
    file: 'sides.csv',
    text: 'sku,length,width,height,alone\nMUG,100,90,,no\nLAMP,1.5,20,30,no\nLAMP2,10,20,30,maybe\n,10,20,30,no\nDESK,1,1,1,no\nDESK,1,1,1,no\n',
  });

  expect(read.kind === 'refused' ? read.problems.map(({ row, field }) => [row, field]) : read).toEqual([
    [2, 'height'],
    [3, 'length'],
    [4, 'alone'],
    [5, 'sku'],
    [7, 'sku'],
  ]);
});
