import { expect, test } from 'vitest';
import { drawDay } from './draw-day.ts';
import { liveDay } from './live-day.ts';

/** A day costs about a second of one core; days more are lived by `npm run simulate:days`. */
const patienceMs = 240_000;

test.each([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12])(
  'of day %i nothing is lost and nothing happens twice',
  async (seed) => {
    expect((await liveDay(drawDay(seed))).violations).toEqual([]);
  },
  patienceMs,
);

test(
  'two runs of one seed are the same in every await point',
  async () => {
    const [one, other] = [await liveDay(drawDay(3)), await liveDay(drawDay(3))];

    expect(one.points).toBeGreaterThan(1_000);
    expect([other.traceHash, other.points]).toEqual([one.traceHash, one.points]);
  },
  patienceMs,
);
