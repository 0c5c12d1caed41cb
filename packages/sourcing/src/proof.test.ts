import { expect, test } from 'vitest';
import { shareOfPolish } from './proof.ts';

test('the program over a large batch is whole without a time limit, and where as much time is left as the steps before it and its own length need', () => {
  expect([shareOfPolish(undefined, Infinity), shareOfPolish(10_000, 6_000), shareOfPolish(10_000, 10_000)]).toEqual([1, 1, 1]);
});

test('with less time it shrinks in proportion, down to nothing where none is left', () => {
  expect([shareOfPolish(10_000, 4_000), shareOfPolish(10_000, 0)]).toEqual([4 / 9, 0]);
});
