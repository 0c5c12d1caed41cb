import { expect, test } from 'vitest';
import { chanceOf } from './chance.ts';
import { virtualTime } from './virtual-time.ts';

const start = '2026-11-23T08:00:00.000Z';

test('what is due later happens later, and no time passes on the machine', async () => {
  const time = virtualTime(start, chanceOf(1, 'order').number);
  const told: string[] = [];
  for (const [ms, what] of [
    [86_400_000, 'tomorrow'],
    [10, 'soon'],
    [500, 'then'],
  ] as const)
    time.after(ms, () => told.push(`${what} at ${time.clock.now()}`));

  await time.run(() => false);

  expect(told).toEqual(['soon at 2026-11-23T08:00:00.010Z', 'then at 2026-11-23T08:00:00.500Z', 'tomorrow at 2026-11-24T08:00:00.000Z']);
});

test('of what is due together the seed says which is first', async () => {
  const orderOf = async (seed: number) => {
    const time = virtualTime(start, chanceOf(seed, 'order').number);
    const told: number[] = [];
    for (let number = 1; number <= 8; number += 1) time.after(5, () => told.push(number));
    await time.run(() => false);
    return told;
  };

  expect(await orderOf(1)).toEqual(await orderOf(1));
  expect(await orderOf(1)).not.toEqual(await orderOf(2));
});

test('time waits for everything that needs none', async () => {
  const time = virtualTime(start, chanceOf(1, 'order').number);
  let done = '';
  time.after(1, () => {
    void (async () => {
      for (let step = 0; step < 50; step += 1) await Promise.resolve();
      done = time.clock.now();
    })();
  });
  time.after(2, () => undefined);

  await time.run(() => false);

  expect(done).toBe('2026-11-23T08:00:00.001Z');
});

test('what is taken back does not happen', async () => {
  const time = virtualTime(start, chanceOf(1, 'order').number);
  let happened = false;
  const drop = time.after(5, () => {
    happened = true;
  });

  drop();
  await time.run(() => false);

  expect(happened).toBe(false);
});
