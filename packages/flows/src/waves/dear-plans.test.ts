import { approvalPolicySchema } from '@quartermaster/fulfilment';
import { expect, test } from 'vitest';
import { listApprovals } from '../maturity/approvals.ts';
import { createOperations } from '../operations/operations.ts';
import { openScene, type Scene, type SceneOptions } from '../testing/scene.ts';

const morning = '2026-11-23T10:00:00.000Z';
const afternoon = '2026-11-23T13:00:00.000Z';

/** To send a mug costs 4.20, express 9.20. */
async function sceneWith(EUR: string, options: SceneOptions = {}): Promise<Scene> {
  const approvals = approvalPolicySchema.parse({ planCostsMore: { EUR } });
  return openScene({ ...options, settings: (given) => ({ ...given, approvals }) });
}

const waiting = (scene: Scene) => scene.journal.read((tx) => listApprovals(tx, { limit: 100 }));
const asked = (by: string) => ({ requestId: `of ${by}`, by, role: 'supervisor', reason: 'the customer waits' }) as const;

test('approval thresholds: a plan that costs so much more than the cheapest way waits for a person, and the others leave', async () => {
  const scene = await sceneWith('2.00', { stock: { MUG: [10, 0], LAMP: [0, 5] } });
  const whole = scene.order();
  const divided = scene.order({
    lines: [
      { sku: 'MUG', quantity: 1 },
      { sku: 'LAMP', quantity: 1 },
    ],
  });
  await scene.at(morning, 'wave');

  expect((await scene.case(whole)).state).toBe('shipped');
  expect(await scene.case(divided)).toMatchObject({ state: 'open', shipments: [] });
  const [proposal, ...others] = await waiting(scene);
  expect(others).toEqual([]);
  expect(proposal?.what).toMatch(/\d EUR more than its cheapest way if all nodes had stock$/);

  await createOperations(scene.context).approve(asked('sue'), { approval: proposal?.id ?? '' });
  await scene.at(afternoon);
  expect((await scene.case(divided)).state).toBe('shipped');
});

test('what an override costs counts, and whoever asked for it may not approve it', async () => {
  const scene = await sceneWith('2.00');
  const key = scene.order();
  await scene.at('2026-11-23T09:00:00.000Z');
  const operations = createOperations(scene.context);
  const choice = { kind: 'fix', node: 'BER', service: 'house/fast' } as const;
  await operations.overrideOrder(asked('mia'), { order: key, choice, until: null });
  await scene.at(morning, 'wave');

  const [proposal] = await waiting(scene);
  expect(proposal).toMatchObject({ about: key, askedBy: 'mia', what: expect.stringContaining('5.00 EUR more than its cheapest way') });
  const approval = proposal?.id ?? '';
  expect(await operations.approve({ ...asked('mia'), requestId: 'again' }, { approval })).toMatchObject({ code: 'not-allowed' });
  expect(await operations.approve(asked('sue'), { approval })).toMatchObject({ kind: 'done' });
  await scene.at(afternoon);
  expect((await scene.case(key)).shipments).toMatchObject([{ service: 'fast', state: 'confirmed' }]);
});

test('up to the threshold the program decides by itself', async () => {
  const scene = await sceneWith('20.00', { stock: { MUG: [10, 0], LAMP: [0, 5] } });
  const key = scene.order({
    lines: [
      { sku: 'MUG', quantity: 1 },
      { sku: 'LAMP', quantity: 1 },
    ],
  });
  await scene.at(morning, 'wave');
  expect((await scene.case(key)).state).toBe('shipped');
  expect(await waiting(scene)).toEqual([]);
});
