import { expect, test } from 'vitest';
import { concurrentClock } from './concurrent-clock.ts';

const start = '2026-11-23T08:00:00.000Z';

test('who sleeps side by side takes no longer than the longest sleep, and wakes in the order of time', async () => {
  const clock = concurrentClock(start);
  const woke: string[] = [];
  const sleep = async (name: string, ms: number) => {
    await clock.sleep(ms);
    woke.push(`${name} ${clock.now().slice(14, 19)}`);
  };

  await Promise.all([sleep('late', 60_000), sleep('first', 10_000), sleep('second', 10_000)]);

  expect(woke).toEqual(['first 00:10', 'second 00:10', 'late 01:00']);
});

test('no time passes while somebody is still at work', async () => {
  const clock = concurrentClock(start);
  const woken = clock.sleep(1_000);
  for (let step = 0; step < 100; step += 1) await Promise.resolve();
  const before = clock.now();

  await woken;

  expect([before, clock.now()]).toEqual([start, '2026-11-23T08:00:01.000Z']);
});

test('who is woken by his signal holds nobody up', async () => {
  const clock = concurrentClock(start);
  const stop = new AbortController();
  const long = clock.sleep(86_400_000, stop.signal);
  stop.abort(new Error('enough'));

  await expect(long).rejects.toThrow('enough');
  await clock.sleep(5);

  expect(clock.now()).toBe('2026-11-23T08:00:00.005Z');
});
