import { expect, test } from 'vitest';
import { openScene } from './testing/scene.ts';

test('an order goes from the shop to the carrier and back: written, labelled, shipped and told', async () => {
  const scene = await openScene();
  const key = scene.order({ lines: [{ sku: 'MUG', quantity: 2 }] });

  await scene.at('2026-11-23T10:00:00.000Z', 'wave');

  const { state, shipments } = await scene.case(key);
  expect({ state, shipments: shipments.map((each) => each.state) }).toEqual({ state: 'shipped', shipments: ['confirmed'] });
  const sold = scene.shops['shop']?.snapshot().orders[0];
  expect(sold?.fulfillments.map(({ trackingNumbers }) => trackingNumbers.length)).toEqual([1]);
  expect(scene.odoo.snapshot().orders.map(({ pickings }) => pickings.map((picking) => picking.state))).toEqual([['done']]);
});
