import { createEngine } from '@quartermaster/flows';
import { expect, onTestFinished, test } from 'vitest';
import { watchProcess } from './process-watch.ts';
import { openSmallBusiness } from './testing/small-business.ts';

const minute = 60_000;

async function given() {
  const business = await openSmallBusiness();
  const time = { now: 0 };
  const stop = new AbortController();
  const watched = watchProcess(business.context, stop.signal, () => time.now);
  onTestFinished(() => watched[Symbol.dispose]());
  return { business, time, stop, watched, watch: watched.watch };
}

test('a daemon that neither begins nor ends anything for a quarter of an hour does not live', async () => {
  const { time, watch } = await given();
  time.now = 15 * minute;
  expect(watch.alive()).toBe(true);
  time.now += 1;
  expect([watch.alive(), watch.quietMs()]).toEqual([false, 15 * minute + 1]);
});

test('one that comes round lives, be there something to do or not', async () => {
  const { business, time, watched, watch } = await given();
  time.now = 16 * minute;

  await watched.engine(createEngine(business.context)).work();

  expect([watch.alive(), watch.quietMs()]).toEqual([true, 0]);
});

test('a long reading lives by its pages', async () => {
  const { time, watched, watch } = await given();
  time.now = 16 * minute;

  await watched.aroundCall({ connection: 'shop', operation: 'pullOrders' }, () => Promise.resolve());

  expect(watch.alive()).toBe(true);
});

test('the lag of the event loop is the time in which it could not answer', async () => {
  const { watch } = await given();
  const lagWhenBlocked = () => {
    const until = performance.now() + 100;
    while (performance.now() < until);
    return watch.eventLoopLagMs();
  };

  await expect.poll(lagWhenBlocked).toBeGreaterThanOrEqual(80);
});

test('the journal is written to, and one that cannot be is told', async () => {
  const { business, watch } = await given();
  await watch.journalWritable();
  const { business: other, watch: otherWatch } = await given();
  await other.journal.close();

  await expect(otherWatch.journalWritable()).rejects.toMatchObject({ code: 'closed' });
  expect(business.journal.shared).toBe(false);
});
