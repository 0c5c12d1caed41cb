import { sharedMemory } from '@quartermaster/journal/testing';
import { expect, onTestFinished, test } from 'vitest';
import { z } from 'zod';
import { chanceOf } from './chance.ts';
import { beginLife, type Fate, type PointKind } from './life.ts';
import { mortalJournal } from './mortal-journal.ts';
import { openTrace } from './trace.ts';
import { virtualTime } from './virtual-time.ts';

const masterKey = new Uint8Array(32).fill(7);

test.each<[PointKind, boolean]>([
  ['journal-before', false],
  ['journal-inside', false],
  ['journal-after', true],
])('who dies at %s hears nothing more, and what it wrote is kept: %s', async (where, kept) => {
  const given = await process([{ where, points: 0, what: { kind: 'crash', backMs: 1 } }]);

  await given.write();

  expect([given.heard(), await given.isWritten()]).toEqual([false, kept]);
});

test('who stands still goes on when its time has come', async () => {
  const given = await process([{ where: 'journal-after', points: 0, what: { kind: 'stall', forMs: 120_000 } }]);

  await given.write();

  expect([given.heard(), given.time.nowMs() - given.startMs >= 120_000]).toEqual([true, true]);
});

test('a commit whose answer is lost is kept, and its process is told that the server is away', async () => {
  const given = await process([], true);

  await expect(given.write()).rejects.toThrow('The server does not answer');

  expect(await given.isWritten()).toBe(true);
});

async function process(fates: Fate[], losesAnswer = false) {
  const time = virtualTime('2026-11-23T08:00:00.000Z', chanceOf(1, 'order').number);
  const store = sharedMemory({ time: time.clock, shared: true });
  onTestFinished(() => store.close());
  const life = beginLife({
    name: 'replica 1.1',
    time,
    chance: chanceOf(1, 'life'),
    trace: openTrace(0),
    skewMs: 0,
    fates,
    diskMs: () => 3,
    onCrash: () => undefined,
    onTrouble: () => undefined,
  });
  const observer = await store.open({ masterKey, clock: time.clock });
  const journal = mortalJournal(await store.open({ masterKey, clock: life.clock }), life, {
    unreachable: () => false,
    losesAnswer: () => losesAnswer,
  });
  const bodySchema = z.object({ word: z.string() });
  let heard = false;
  return {
    time,
    startMs: time.nowMs(),
    heard: () => heard,
    /** Ends when nothing goes on any more. */
    async write() {
      let failure: unknown = null;
      const writing = async () => {
        const draft = { state: 'new', body: { word: 'kept' }, at: life.clock.now(), version: 0 };
        try {
          await journal.transaction((tx) => tx.records.put('note', 'one', draft));
          heard = true;
        } catch (error) {
          failure = error;
        }
      };
      void writing();
      await time.run(() => false);
      if (failure !== null) throw failure;
    },
    isWritten: async () => (await observer.read((tx) => tx.records.get('note', 'one', bodySchema))) !== null,
  };
}
