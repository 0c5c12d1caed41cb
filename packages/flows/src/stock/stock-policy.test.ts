import { inventoryPolicySchema, type InventoryPolicy } from '@quartermaster/inventory';
import { describe, expect, test } from 'vitest';
import type { z } from 'zod';
import { settle } from '../engine.ts';
import { openScene, type Scene } from '../testing/scene.ts';
import { atpOf } from './atp.ts';

const shops = ['shop', 'market'];
const at = (time: string) => `2026-11-23T${time}:00.000Z`;

describe('declared windows', () => {
  test('a channel that is read later than its window is told to a person, shows less, and recovers by itself', async () => {
    const scene = await sceneOf({ syncWindows: { market: { minutes: 10 } } });
    await scene.at(at('07:05'));
    await publish(scene);
    expect([shown(scene, 'market'), await openCodes(scene)]).toEqual([10, []]);

    scene.clock.advanceTo(at('07:30'));
    await publish(scene);
    expect([shown(scene, 'market'), shown(scene, 'shop'), await openCodes(scene)]).toEqual([9, 10, ['channel-behind market']]);

    await scene.engine.pull('market');
    await publish(scene);
    expect([shown(scene, 'market'), await openCodes(scene)]).toEqual([10, []]);
  });

  test('a channel whose fallback is to stop selling shows nothing while it is behind', async () => {
    const scene = await sceneOf({ syncWindows: { market: { minutes: 10, fallback: 'stop-selling' } } });
    scene.clock.advanceTo(at('07:30'));
    await publish(scene);
    expect([shown(scene, 'market'), shown(scene, 'shop')]).toEqual([0, 10]);
  });

  test('within its window a channel that sells slowly lets the others show all that there is', async () => {
    const scene = await sceneOf({ syncWindows: { '*': { minutes: 30 } }, oversell: { mostPerHour: { '*': 2 } } });
    await scene.at(at('07:05'));
    await publish(scene);
    expect([shown(scene, 'shop'), shown(scene, 'market')]).toEqual([20, 20]);
  });
});

describe('the run-time monitor of the oversell budget', () => {
  const budget = { oversell: { errorBudget: { units: 5, days: 30 } } };

  test('stock that is found missing spends the error budget, and a person is told when it is spent', async () => {
    const scene = await sceneOf(budget);
    await publish(scene);
    scene.odoo.setStock({ sku: 'MUG', node: 'BER', units: 2 });
    await publish(scene);
    expect(await openCodes(scene)).toEqual(['oversell-risk error-budget']);
    expect(shown(scene, 'shop') + shown(scene, 'market')).toBe(12);
  });

  test('what is lowered at once is no risk, and nobody is told where no error budget is declared', async () => {
    const scene = await sceneOf({});
    await publish(scene);
    scene.odoo.setStock({ sku: 'MUG', node: 'BER', units: 2 });
    await publish(scene);
    await publish(scene);
    expect(await openCodes(scene)).toEqual([]);
  });
});

test('a contract that does not fit is told to a person, with what to do', async () => {
  const contract = { name: 'ACME', kind: 'contract' as const, channel: 'market', skus: ['MUG'], units: 18, floor: 5 };
  const scene = await sceneOf({ pools: [contract] });
  await publish(scene);
  expect([shown(scene, 'market'), shown(scene, 'shop')]).toEqual([15, 5]);
  expect((await scene.openExceptions()).map(({ code, subjectKey, reason }) => [code, subjectKey, reason])).toEqual([
    [
      'pool-short',
      'MUG',
      'ACME wants 18 of MUG and gets 15: 20 may be promised, of which floor of ACME has 5. Nothing that is to come covers it: lower floor of ACME by 3.',
    ],
  ]);
});

test('the ATP waterfall goes from on hand over states and safety stock to what each channel shows', async () => {
  const scene = await sceneOf({ pools: [{ name: 'b2b', kind: 'contract', units: 4 }] }, 2);
  scene.order({ shop: 'shop', lines: [{ sku: 'MUG', quantity: 3 }] });
  await scene.at(at('08:00'));
  await publish(scene);
  const view = await atpOf(scene.context, 'MUG');
  expect(view?.nodes.map(({ node, promisable, steps }) => [node, promisable, steps.reduce((sum, { units }) => sum + units, 0)])).toEqual([
    ['BER', 5, 5],
    ['HAM', 8, 8],
  ]);
  expect(view?.nodes[0]?.steps.filter(({ units }) => units !== 0)).toEqual([
    { step: 'on-hand', units: 10 },
    { step: 'safety-stock', units: -2 },
    { step: 'orders-without-a-node', units: -3 },
  ]);
  expect(view).toMatchObject({
    offered: 13,
    channels: [
      { connection: 'shop', publishes: 5, shows: 5 },
      { connection: 'market', publishes: 4, shows: 4 },
    ],
  });
  // Three were ordered today, and nothing is known of earlier days.
  expect([view?.soldPerDay, view?.daysOfCover]).toEqual([3, 13 / 3]);
  expect(await atpOf(scene.context, 'NOBODY')).toBeNull();
});

async function sceneOf(inventory: z.input<typeof inventoryPolicySchema>, safety = 0): Promise<Scene> {
  const policy: InventoryPolicy = inventoryPolicySchema.parse(inventory);
  return openScene({
    shops,
    stock: { MUG: [10, 10], LAMP: [0, 0] },
    settings: (given) => ({ ...given, inventory: policy, safetyStock: { default: safety, rules: [] } }),
  });
}

async function publish(scene: Scene): Promise<void> {
  for (let turn = 1; turn <= 3; turn += 1) {
    await scene.engine.publish();
    await settle(scene.engine, scene.clock);
  }
}

async function openCodes(scene: Scene): Promise<string[]> {
  return (await scene.openExceptions()).map(({ code, subjectKey }) => `${code} ${subjectKey}`);
}

function shown(scene: Scene, shop: string): number {
  return ['BER', 'HAM'].reduce((sum, location) => sum + (scene.shops[shop]?.stock('MUG', location).available ?? 0), 0);
}
