import { expect, test } from 'vitest';
import { seldom } from './seldom.ts';

function given(tookMs: number, leastMs: number) {
  const state = { now: 0, asked: 0 };
  const ask = seldom(
    () => {
      state.now += tookMs;
      state.asked += 1;
      return Promise.resolve(state.asked);
    },
    leastMs,
    () => state.now,
  );
  return { state, ask };
}

test('an answer is kept for a hundred times as long as it took', async () => {
  const { state, ask } = given(200, 1_000);
  await ask();
  state.now += 19_999;
  await ask();
  expect(state.asked).toBe(1);
  state.now += 1;
  await ask();
  expect(state.asked).toBe(2);
});

test('one that took no time is kept for the least time', async () => {
  const { state, ask } = given(0, 1_000);
  await ask();
  state.now += 999;
  expect(await ask()).toBe(1);
  state.now += 1;
  expect(await ask()).toBe(2);
});

test('many who ask at once wait for one answer, and a failure is not kept', async () => {
  let asked = 0;
  const ask = seldom(() => ((asked += 1) === 1 ? Promise.reject(new RangeError('no')) : Promise.resolve('yes')), 1_000);

  const answers = await Promise.allSettled([ask(), ask()]);

  expect(answers.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  expect([await ask(), asked]).toEqual(['yes', 2]);
});
