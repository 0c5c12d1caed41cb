import { expect, test } from 'vitest';
import { compareText } from './compare-text.ts';

test('texts are ordered by their code units, whatever the machine speaks', () => {
  expect(['b', 'a', 'Z', 'ä', 'a'].toSorted(compareText)).toEqual(['Z', 'a', 'a', 'b', 'ä']);
});
