import { expect, test } from 'vitest';
import { changes } from './changes.ts';
import type { ChannelLevel } from './publishable.ts';

test('a level that is new is published without an expectation', () => {
  expect(changes([], [level('BER', 5)])).toEqual([{ ...level('BER', 5), expected: null }]);
});

test('a level that changed is published against what we published last', () => {
  expect(changes([level('BER', 5)], [level('BER', 3)])).toEqual([{ ...level('BER', 3), expected: 5 }]);
});

test('a level that is the same is not published', () => {
  expect(changes([level('BER', 5)], [level('BER', 5)])).toEqual([]);
});

test('a level that is gone is published as 0', () => {
  expect(changes([level('BER', 5), level('HAM', 0)], [])).toEqual([{ ...level('BER', 0), expected: 5 }]);
});

function level(node: string, available: number): ChannelLevel {
  return { connection: 'shop', sku: 'MUG', node, available };
}
