import { ConnectorFault, type Clock } from '@quartermaster/domain';
import { trackingStanding } from '@quartermaster/fulfilment';
import { ConflictError } from '@quartermaster/journal';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { runDaemon } from '../daemon.ts';
import type { Engine } from '../engine.ts';
import { openFollowing, type Following } from '../testing/following.ts';

const stateOf = async (given: Following) => trackingStanding((await given.parcel()).scans).state;

test('one replica follows the parcels of a carrier in an interval, and the others leave it', async () => {
  const given = await openFollowing();
  given.scene.clock.advanceTo('2026-11-24T00:00:00.000Z');
  const turn = { since: '2026-11-23T23:59:00.000Z', whenBusy: 'leave' } as const;
  const replicas = [given.scene.engine, given.scene.restart(), given.scene.restart()];

  const looked = await Promise.all(replicas.map((each) => each.followParcels('post', turn)));

  expect(looked.filter((each) => each !== null)).toEqual([1]);
  expect(given.asked()).toBe(1);
});

test('a replica that is held up while it asks is made up for by another one, and writes nothing when it wakes', async () => {
  const given = await openFollowing();
  given.scan('2026-11-23T18:00:00.000Z', 'accepted');
  const asleep = Promise.withResolvers<void>();
  const asking = Promise.withResolvers<void>();
  const carriers = new Map(
    [...given.scene.context.carriers].map(([id, carrier]) => [
      id,
      {
        ...carrier,
        tracking: carrier.tracking && {
          atMost: 1,
          async track(numbers: readonly string[]) {
            asking.resolve();
            await asleep.promise;
            return numbers.map((trackingNumber) => ({ trackingNumber, events: [], dueOn: null, problem: null }));
          },
        },
      },
    ]),
  );
  given.scene.clock.advanceTo('2026-11-23T22:30:00.000Z');
  const heldUp = given.scene.restart({ carriers }).followParcels('post');
  await asking.promise;
  given.scene.clock.advanceTo('2026-11-23T22:33:00.000Z');

  const looked = await given.scene.engine.followParcels('post', { since: null, whenBusy: 'leave' });
  const after = await given.parcel();
  asleep.resolve();

  await expect(heldUp).rejects.toThrow(ConflictError);
  expect(looked).toBe(1);
  expect(await given.parcel()).toEqual(after);
  expect(await stateOf(given)).toBe('picked-up');
});

test('a carrier that is away is left alone, and what it told before is taken in all the same', async () => {
  let calls = 0;
  const given = await openFollowing({
    faults: {
      easypost: (_call, request) => {
        if (!request.url.includes('/trackers')) return null;
        calls += 1;
        return 'error-before';
      },
    },
  });
  const { engine } = given.scene;
  given.scan('2026-11-23T22:10:00.000Z', 'accepted');
  for (let turn = 0; turn < 5; turn += 1)
    await given.follow('2026-11-23T22:11:00.000Z').catch(async (error: unknown) => {
      if (error instanceof ConnectorFault) await engine.circuits.failed('post', error);
    });
  const before = calls;
  await given.deliver();

  const looked = await engine.followParcels('post');

  expect([before > 0, calls - before]).toEqual([true, 0]);
  expect(looked).toBe(0);
  expect(await stateOf(given)).toBe('picked-up');
});

test('the daemon follows parcels at its interval, whatever else it does', async () => {
  const given = await openFollowing();
  const { scene } = given;
  // Time goes on only when everything else has had its turn.
  const clock: Clock = {
    now: () => scene.clock.now(),
    async sleep(ms, signal) {
      await nextTurn();
      await scene.clock.sleep(ms, signal);
    },
  };
  given.scan('2026-11-23T18:00:00.000Z', 'accepted');
  await given.deliver();
  const stop = new AbortController();
  const engine: Engine = scene.restart({ clock });
  const every = { pullEveryMs: 3_600_000, publishEveryMs: 3_600_000, parcelsEveryMs: 60_000, restMs: 30_000 };
  const running = runDaemon(engine, { ...scene.context, clock }, { ...every, signal: stop.signal });
  while ((await stateOf(given)) !== 'picked-up') await nextTurn();
  stop.abort();
  await running;

  expect(scene.clock.now() < '2026-11-23T18:10:00.000Z').toBe(true);
});
