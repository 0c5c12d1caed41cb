import { type Channel } from '@quartermaster/domain';
import { beforeEach, describe, expect, test } from 'vitest';
import { createEngine } from '../engine.ts';
import {
  exceptionCodes,
  firstLook,
  idOf,
  lookAt,
  noTroubles,
  opened,
  secondLook,
  shipped,
  shippedByHandInShop,
  thirdLook,
  troubles,
  wave,
  written,
  writtenByTheLostJournal,
} from '../testing/drifting.ts';
import { type Scene } from '../testing/scene.ts';

beforeEach(noTroubles);

describe('what the shop has and we do not', () => {
  test('an order that no reading brought is taken in, and leaves with the next wave', async () => {
    const scene = await opened();
    troubles.deaf = true;
    const key = scene.order();
    scene.clock.advanceTo(firstLook);
    await scene.engine.pull('shop');

    const looks = [await lookAt(scene, firstLook), await lookAt(scene, secondLook), await lookAt(scene, thirdLook)];
    await scene.at('2026-11-23T13:00:00.000Z', 'wave');

    expect(looks).toEqual([[['order-missing-here', 'seen-once']], [['order-missing-here', 'done']], []]);
    expect((await scene.case(key)).state).toBe('shipped');
  });

  test('an order that Odoo has and this journal forgot is taken in and held, because it may have been shipped', async () => {
    const scene = await opened();
    troubles.deaf = true;
    const key = scene.order();
    await writtenByTheLostJournal(scene, key);

    const looks = [await lookAt(scene, firstLook), await lookAt(scene, secondLook)];

    expect(looks).toEqual([[['order-forgotten-here', 'seen-once']], [['order-forgotten-here', 'done']]]);
    expect(await scene.case(key)).toMatchObject({ state: 'held', holds: [{ code: 'known-to-erp' }] });
  });

  test.each([
    ['a cancellation', 'cancellation-missed', (scene: Scene, id: string) => scene.shops['shop']?.cancelOrder(id), 'cancelled'],
    ['a refund', 'refund-missed', (scene: Scene, id: string) => scene.shops['shop']?.refund(id, { amount: '5.00' }), 'committed'],
    [
      'a change of address',
      'change-missed',
      (scene: Scene, id: string) =>
        scene.shops['shop']?.changeAddress(id, {
          name: 'Ada Example',
          address1: 'Neue Str. 2',
          zip: '10117',
          city: 'Berlin',
          countryCode: 'DE',
        }),
      'committed',
    ],
  ])('%s that no reading brought is followed', async (_what, cause, edit, state) => {
    const scene = await opened();
    const key = await written(scene);
    troubles.deaf = true;
    edit(scene, idOf(key));

    const looks = [await lookAt(scene, firstLook), await lookAt(scene, secondLook), await lookAt(scene, thirdLook)];

    expect(looks).toEqual([[[cause, 'seen-once']], [[cause, 'done']], []]);
    expect((await scene.case(key)).state).toBe(state);
  });

  test('an order that somebody marked as shipped there is held, so that it does not leave twice', async () => {
    const scene = await opened();
    const key = scene.order();
    await scene.at('2026-11-23T07:30:00.000Z');
    await shippedByHandInShop(scene, key);

    const looks = [await lookAt(scene, '2026-11-23T08:30:00.000Z'), await lookAt(scene, '2026-11-23T09:30:00.000Z')];
    await scene.at(wave, 'wave');

    expect(looks.at(-1)).toEqual([['shipped-by-hand-in-channel', 'done']]);
    expect(await scene.case(key)).toMatchObject({ state: 'held', shipments: [] });
    expect(await lookAt(scene, firstLook)).toEqual([['shipped-by-hand-in-channel', 'person']]);
    expect(await exceptionCodes(scene)).toContain('drift-shipped-by-hand-in-channel');
  });

  test('a shipment that the shop forgot is told to a person, with the tracking number to enter', async () => {
    const scene = await opened();
    troubles.lying = true;
    const key = await shipped(scene);

    const looks = [await lookAt(scene, firstLook), await lookAt(scene, secondLook)];

    expect(looks).toEqual([[['confirmation-withdrawn', 'seen-once']], [['confirmation-withdrawn', 'person']]]);
    const [exception] = await scene.openExceptions();
    const [shipment] = (await scene.case(key)).shipments;
    expect(JSON.stringify(exception?.detail)).toContain(shipment?.labels[0]?.label.trackingNumber);
  });

  test('a shipment that has left and of which nobody tells the shop is told', async () => {
    const scene = await opened();
    const key = scene.order();
    await scene.engine.pull('shop');
    scene.clock.advanceTo(wave);
    await scene.engine.wave(wave);
    while ((await scene.case(key)).shipments[0]?.state !== 'shipped') await scene.engine.work({ atMost: 1 });
    await scene.journal.transaction((tx) => tx.intents.cancel({ orderKey: key, kinds: ['confirm'] }));
    await scene.engine.pull('shop');

    const looks = [await lookAt(scene, firstLook), await lookAt(scene, secondLook)];

    expect(looks).toEqual([[['confirmation-missing', 'seen-once']], [['confirmation-missing', 'done']]]);
    expect((await scene.case(key)).state).toBe('shipped');
    expect(scene.shops['shop']?.snapshot().orders[0]?.fulfillmentStatus).toBe('FULFILLED');
  });
});

test('an order that the shop has no more is told to a person', async () => {
  const scene = await opened();
  await written(scene);
  const shop = scene.context.channels.get('shop');
  if (shop === undefined) throw new Error('there is a shop');
  const empty: Channel = {
    ...shop,
    async *standings() {
      yield [];
    },
  };
  const engine = createEngine({ ...scene.context, channels: new Map([['shop', empty]]) });

  const looks = [await lookAt(scene, firstLook, engine), await lookAt(scene, secondLook, engine)];

  expect(looks.at(-1)).toEqual([['order-gone-from-channel', 'person']]);
});
