import { expect, test } from 'vitest';
import { generateDay } from './generated-day.ts';
import { trickleOf } from './trickle.ts';

const day = generateDay({ seed: 7, orders: 40 });
const first = (count: number) => trickleOf(day).take(count).toArray();

test('after the day ordinary orders come again under new ids, later and later', () => {
  const more = first(50).flatMap((each) => each.events);

  expect(new Set(more.map((event) => event.id)).size).toBe(50);
  expect(more.map((event) => event.at)).toEqual(more.map((event) => event.at).toSorted());
  expect(more.every((event) => event.at > day.endsAt && event.kind === 'order' && event.order.trouble === null)).toBe(true);
});

test('every sixth order is followed by a wave', () => {
  expect(first(12).map((each) => each.waves.length)).toEqual([0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 1]);
});
