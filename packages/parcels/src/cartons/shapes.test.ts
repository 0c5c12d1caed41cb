import { expect, test } from 'vitest';
import { waysToLie } from './shapes.ts';

test('a unit that may lie any way has six ways, and a cube one', () => {
  expect(waysToLie([3, 2, 1], 'any')).toHaveLength(6);
  expect(waysToLie([2, 2, 2], 'any')).toEqual([[2, 2, 2]]);
});

test('an upright unit keeps its height', () => {
  expect(waysToLie([3, 2, 1], 'upright')).toEqual([
    [3, 2, 1],
    [2, 3, 1],
  ]);
});

test('what must not be turned lies as it is', () => {
  expect(waysToLie([3, 2, 1], 'none')).toEqual([[3, 2, 1]]);
});
