import { releasePolicySchema } from '@quartermaster/fulfilment';
import { expect, test } from 'vitest';
import { settle } from '../engine.ts';
import { packExpected } from '../packing/pack-expected.ts';
import { openScene } from '../testing/scene.ts';
import { createOperations } from './operations.ts';

const asked = { requestId: 'request-1', by: 'ann', role: 'operator', reason: 'checked at packing' } as const;

test('a pack check that is required stops every label until the items, box, weight and service are right', async () => {
  const scene = await openScene({ settings: (given) => ({ ...given, release: releasePolicySchema.parse({ packCheck: 'required' }) }) });
  const key = scene.order({ lines: [{ sku: 'MUG', quantity: 2 }] });
  await scene.at('2026-11-23T10:00:00.000Z', 'wave');
  const operations = createOperations(scene.context);
  const check = async (requestId: string, units: number) => {
    const parcels = [{ number: 1, box: null, grams: units * 400, items: [{ sku: 'MUG', units }] }];
    const answer = await operations.checkPacked({ ...asked, requestId }, { order: key, shipment: null, service: 'std', parcels });
    await settle(scene.engine, scene.clock);
    return answer;
  };
  const { shipments } = await packExpected(scene.context, key);
  expect(shipments).toMatchObject([{ packCheck: 'due', parcels: [{ number: 1, items: [{ sku: 'MUG', units: 2 }], grams: 800 }] }]);

  const wrong = await check('request-1', 1);
  const labelsOfWrong = (await scene.intents(key)).filter(({ kind }) => kind === 'buy-label');
  const told = await scene.openExceptions();
  const right = await check('request-2', 2);

  expect(wrong).toMatchObject({
    kind: 'done',
    after: {
      packCheck: 'failed',
      problems: ['parcel 1 has 1 MUG, and 2 belong into it', 'parcel 1 weighs 400 g, and should weigh 800 g, give or take 50 g'],
    },
  });
  expect(labelsOfWrong).toEqual([]);
  expect(told.map(({ code }) => code)).toEqual(['pack-mismatch']);
  expect(right).toMatchObject({ kind: 'done', after: { packCheck: 'passed', problems: [] } });
  expect(await scene.openExceptions()).toEqual([]);
  expect((await scene.case(key)).state).toBe('shipped');
});

test('an order that has left is not checked any more', async () => {
  const scene = await openScene();
  const key = scene.order();
  await scene.at('2026-11-23T10:00:00.000Z', 'wave');

  const parcels = [{ number: 1, box: null, grams: null, items: [{ sku: 'MUG', units: 1 }] }];
  const answer = await createOperations(scene.context).checkPacked(asked, { order: key, shipment: null, service: null, parcels });

  expect(answer).toMatchObject({ kind: 'refused', code: 'wrong-state' });
});
