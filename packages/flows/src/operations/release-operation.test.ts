import { releasePolicySchema } from '@quartermaster/fulfilment';
import { expect, test } from 'vitest';
import { settle } from '../engine.ts';
import { openScene } from '../testing/scene.ts';
import { createOperations } from './operations.ts';

const asked = { requestId: 'request-1', by: 'ann', role: 'operator', reason: 'the truck comes early' } as const;

test('a person has released what may go now, between two waves, and the audit trail says who', async () => {
  const scene = await openScene({
    settings: (given) => ({ ...given, release: releasePolicySchema.parse({ earliestMinutes: 180 }) }),
  });
  const key = scene.order();
  await scene.at('2026-11-23T10:00:00.000Z', 'wave');
  const operations = createOperations(scene.context);

  const early = await operations.releaseShipments(asked);
  scene.clock.advanceTo('2026-11-23T11:30:00.000Z');
  const done = await operations.releaseShipments({ ...asked, requestId: 'request-2' });
  const again = await operations.releaseShipments({ ...asked, requestId: 'request-2' });
  await settle(scene.engine, scene.clock);

  expect(early).toMatchObject({ kind: 'refused', code: 'nothing-changes', message: 'nothing may be released now; 1 shipments wait' });
  expect(done).toMatchObject({ kind: 'done', replayed: false, after: { waiting: 0, groups: [{ node: 'BER', shipments: 1 }] } });
  expect(again).toMatchObject({ kind: 'done', replayed: true });
  expect((await scene.case(key)).state).toBe('shipped');
  const trail = await scene.journal.read((tx) => tx.audit.list({ key: 'release', limit: 10 }));
  expect(trail.map(({ actor, event }) => [actor, event])).toEqual([['ann', 'operation.release-shipments']]);
});

test('who only looks releases nothing', async () => {
  const scene = await openScene();

  expect(await createOperations(scene.context).releaseShipments({ ...asked, role: 'viewer' })).toMatchObject({ code: 'not-allowed' });
});
