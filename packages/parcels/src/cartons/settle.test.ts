import { expect, test } from 'vitest';
import { settle } from './settle.ts';

test('what hangs in the air sinks onto what is below it, and comes one layer higher', () => {
  const settled = settle([
    { shape: 0, at: [0, 0, 50], sides: [10, 10, 10] },
    { shape: 1, at: [5, 5, 0], sides: [10, 10, 20] },
  ]);
  expect(settled).toEqual([
    { shape: 1, at: [5, 5, 0], sides: [10, 10, 20], layer: 1 },
    { shape: 0, at: [0, 0, 20], sides: [10, 10, 10], layer: 2 },
  ]);
});

test('a unit beside another one sinks to the floor', () => {
  const [, beside] = settle([
    { shape: 0, at: [0, 0, 0], sides: [10, 10, 10] },
    { shape: 1, at: [10, 0, 10], sides: [10, 10, 10] },
  ]);
  expect(beside).toMatchObject({ at: [10, 0, 0], layer: 1 });
});
