import { ConnectorFault, type FaultRetry } from '@quartermaster/domain';
import { expect, test } from 'vitest';
import { patiently, settle } from './engine.ts';
import { openScene } from './testing/scene.ts';

test('settling sleeps over what has to wait and ends when nothing is left', async () => {
  const scene = await openScene({ faults: { odoo: (call) => (call > 3 && call < 12 ? 'drop-before' : null) } });
  const key = scene.order();

  await scene.at('2026-11-23T10:00:00.000Z', 'wave');

  expect((await scene.case(key)).state).toBe('shipped');
  expect(await scene.engine.nextRunAt()).toBeNull();
});

test('settling ends quietly when it is stopped while it sleeps', async () => {
  const scene = await openScene();
  scene.order();
  scene.clock.advanceTo('2026-11-23T10:00:00.000Z');
  await scene.engine.pull('shop');
  await scene.engine.wave('2026-11-23T10:00:00.000Z');
  const stop = new AbortController();
  const clock = {
    now: () => scene.clock.now(),
    sleep: async () => {
      stop.abort(new Error('stopped'));
      throw stop.signal.reason;
    },
  };
  const waiting = { ...scene.engine, work: async () => 0, nextRunAt: async () => '2026-11-23T11:00:00.000Z' };

  await expect(settle(waiting, clock, stop.signal)).resolves.toBeUndefined();
});

test('a read that fails by a fault that may pass is repeated; one that will not pass is thrown at once', async () => {
  const scene = await openScene();
  const failing = (retry: FaultRetry, times: number) => {
    let tries = 0;
    return async () => {
      if (tries++ < times)
        throw new ConnectorFault('unreachable', { connector: 'c', operation: 'o', message: 'm', outcome: 'not-applied', retry });
      return tries;
    };
  };

  expect(await patiently(scene.context, 'reading', failing({ kind: 'safely' }, 3))).toBe(4);
  await expect(patiently(scene.context, 'reading', failing({ kind: 'never' }, 1))).rejects.toThrow(ConnectorFault);
  await expect(patiently(scene.context, 'reading', failing({ kind: 'safely' }, 99), 5)).rejects.toThrow(ConnectorFault);
});
