import { expect, test } from 'vitest';
import type { Day } from './day.ts';
import { dayInWords } from './day-in-words.ts';
import { drawDay } from './draw-day.ts';
import { shrinkDay } from './shrink-day.ts';

const day = drawDay(23);
const has = (given: Day, kind: string) => given.happenings.some((each) => each.kind === kind);

test('a failing day loses all that it does not need to fail', async () => {
  const [order] = day.happenings.filter(({ kind }) => kind === 'order');

  const { day: smallest } = await shrinkDay(day, async ({ happenings }) => happenings.some(({ id }) => id === order?.id));

  expect(smallest.happenings).toEqual([order]);
});

test('what befalls an order goes with it', async () => {
  const edited: Day = { ...day, happenings: [...day.happenings, { id: 900, at: 1, kind: 'shop-edit', order: 1, edit: 'cancel' }] };

  const { day: smallest } = await shrinkDay(edited, async (each) => has(each, 'order'));

  expect(smallest.happenings.map(({ kind }) => kind)).toEqual(['order']);
});

test('a day that fails in any case is empty in the end', async () => {
  const { day: smallest } = await shrinkDay(day, async () => true);

  expect(smallest.happenings).toEqual([]);
});

test('it is not tried for ever', async () => {
  let lived = 0;
  await shrinkDay(
    day,
    async () => {
      lived += 1;
      return false;
    },
    7,
  );

  expect(lived).toBe(7);
});

test('a day is told in words, each happening with its time', () => {
  const told = dayInWords({
    ...day,
    happenings: [{ id: 1, at: 25 * 60_000, kind: 'crash', replica: 1, where: 'journal', points: 3, backMs: 5_000 }],
  });

  expect(told.at(-1)).toBe('08:25:00 Replica 1 dies at its 4. await point "journal" from now on, and is back after 5 s.');
});
