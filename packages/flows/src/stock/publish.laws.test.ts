import type { Channel } from '@quartermaster/domain';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { settle } from '../engine.ts';
import { openScene, type Scene } from '../testing/scene.ts';

const shops = ['shop', 'market'] as const;
const happenings = fc.array(
  fc.oneof(
    {
      weight: 3,
      arbitrary: fc.record({ kind: fc.constant('sell'), shop: fc.constantFrom(...shops), units: fc.integer({ min: 1, max: 4 }) }),
    },
    {
      weight: 2,
      arbitrary: fc.record({ kind: fc.constant('receive'), node: fc.constantFrom('BER', 'HAM'), units: fc.integer({ min: 1, max: 9 }) }),
    },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('read'), shop: fc.constantFrom(...shops) }) },
    { weight: 3, arbitrary: fc.record({ kind: fc.constant('publish') }) },
  ),
  { minLength: 2, maxLength: 12 },
);

test.each<[string, (channel: Channel) => Channel]>([
  ['that compare before they set', (channel) => channel],
  ['that set blindly', setsBlindly],
])(
  'however late orders are read while goods come in, shops %s show no more than is left',
  { timeout: 120_000 },
  async (_title, channel) => {
    await fc.assert(
      fc.asyncProperty(happenings, async (all) => {
        const scene = await openScene({ shops, channel, stock: { MUG: [10, 5], LAMP: [0, 0] } });
        const counted = { BER: 10, HAM: 5 };
        let sold = 0;
        const tooMany = [0];
        await publish(scene);
        for (const one of all) {
          if ('node' in one && (one.node === 'BER' || one.node === 'HAM')) {
            counted[one.node] += one.units;
            scene.odoo.setStock({ sku: 'MUG', node: one.node, units: counted[one.node] });
          } else if ('units' in one && 'shop' in one) {
            scene.order({ shop: one.shop, lines: [{ sku: 'MUG', quantity: one.units }] });
            sold += one.units;
          } else if ('shop' in one) await scene.engine.pull(one.shop);
          else await publish(scene);
          if (one.kind === 'publish') tooMany.push(Math.max(0, shown(scene) - Math.max(0, counted.BER + counted.HAM - sold)));
        }
        for (const shop of shops) await scene.engine.pull(shop);
        await publish(scene);
        expect([Math.max(...tooMany), shown(scene)]).toEqual([0, Math.max(0, counted.BER + counted.HAM - sold)]);
      }),
      { numRuns: 20 },
    );
  },
);

/** A channel that sets whatever is there, as most do. */
function setsBlindly(channel: Channel): Channel {
  return {
    ...channel,
    capabilities: { ...channel.capabilities, compareAndSet: false },
    pushStock: (levels, memo) =>
      channel.pushStock(
        levels.map((level) => ({ ...level, expected: null })),
        memo,
      ),
  };
}

/** What a daemon does: a figure that was not as we thought is decided anew soon. */
async function publish(scene: Scene): Promise<void> {
  for (let turn = 1; turn <= 3; turn += 1) {
    await scene.engine.publish();
    await settle(scene.engine, scene.clock);
    await scene.clock.sleep(1_000);
  }
}

/** A shop sells what its places have together. */
function shown(scene: Scene): number {
  const units = shops.map((shop) => ['BER', 'HAM'].reduce((sum, node) => sum + (scene.shops[shop]?.stock('MUG', node).available ?? 0), 0));
  return units.reduce((sum, each) => sum + Math.max(0, each), 0);
}
