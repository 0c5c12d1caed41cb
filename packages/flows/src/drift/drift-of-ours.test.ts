import { type Erp } from '@quartermaster/domain';
import { beforeEach, describe, expect, test } from 'vitest';
import { createEngine, settle } from '../engine.ts';
import { createOperations } from '../operations/operations.ts';
import { erpKey, firstLook, idOf, lookAt, noTroubles, opened, secondLook, thirdLook, wave, written } from '../testing/drifting.ts';
import { withEasyPost } from '../testing/givens.ts';

beforeEach(noTroubles);

describe('what we left undone', () => {
  test('a cancelled order that somebody revived in Odoo is cancelled there again when a supervisor says so, and by nobody else', async () => {
    const scene = await opened();
    const key = await written(scene);
    const { erp } = scene.context;
    // Odoo forgot that we cancelled it.
    const before = await erp.findOrder(erpKey(scene, key));
    scene.shops['shop']?.cancelOrder(idOf(key));
    await scene.at('2026-11-23T10:35:00.000Z');
    const cancelled: string[] = [];
    const revived: Erp = {
      ...erp,
      findOrder: async () => (cancelled.length > 0 ? erp.findOrder(erpKey(scene, key)) : before),
      findOrders: async (keys) => (cancelled.length > 0 ? erp.findOrders(keys) : keys.map(() => before)),
      cancelOrder(which, memo) {
        cancelled.push(which.orderId);
        return erp.cancelOrder(which, memo);
      },
    };
    const context = { ...scene.context, erp: revived };
    const engine = createEngine(context);

    const looks = [await lookAt(scene, firstLook, engine), await lookAt(scene, secondLook, engine)];
    expect(looks).toEqual([[['not-cancelled-in-erp', 'seen-once']], [['not-cancelled-in-erp', 'not-automatic']]]);
    const answer = await createOperations(context).reconcileNow(
      { requestId: 'request-1', by: 'sue', role: 'supervisor', reason: 'cancelled by phone' },
      {},
    );
    await settle(engine, scene.clock);

    expect(answer).toMatchObject({ kind: 'done', after: { differences: [{ cause: 'not-cancelled-in-erp', verdict: 'done' }] } });
    expect(cancelled).toEqual([idOf(key)]);
    expect(await lookAt(scene, thirdLook, engine)).toEqual([]);
  });

  test('a label that nobody gives back any more is given back', async () => {
    const scene = await opened({ settings: withEasyPost });
    const key = scene.order();
    await scene.engine.pull('shop');
    scene.clock.advanceTo(wave);
    await scene.engine.wave(wave);
    while ((await scene.case(key)).shipments[0]?.state !== 'labelled') await scene.engine.work({ atMost: 1 });
    scene.shops['shop']?.cancelOrder(idOf(key));
    await scene.engine.pull('shop');
    await scene.journal.transaction((tx) => tx.intents.cancel({ orderKey: key, kinds: ['void-label'] }));
    await settle(scene.engine, scene.clock);

    const looks = [await lookAt(scene, firstLook), await lookAt(scene, secondLook), await lookAt(scene, thirdLook)];

    expect(looks).toEqual([[['label-unused', 'seen-once']], [['label-unused', 'done']], []]);
    expect((await scene.case(key)).shipments[0]?.withdrawn.map(({ outcome }) => outcome)).not.toContain('asked');
  });
});

test('a label whose parcel does not leave is told after some days', async () => {
  const scene = await opened();
  const key = scene.order();
  await scene.engine.pull('shop');
  scene.clock.advanceTo(wave);
  await scene.engine.wave(wave);
  while ((await scene.case(key)).shipments[0]?.state !== 'labelled') await scene.engine.work({ atMost: 1 });
  await scene.journal.transaction((tx) => tx.intents.cancel({ orderKey: key, kinds: ['ship'] }));

  const looks = [
    await lookAt(scene, '2026-11-25T10:00:00.000Z'),
    await lookAt(scene, '2026-11-26T11:00:00.000Z'),
    await lookAt(scene, '2026-11-26T12:00:00.000Z'),
  ];

  expect(looks).toEqual([[], [['label-idle', 'seen-once']], [['label-idle', 'person']]]);
});
