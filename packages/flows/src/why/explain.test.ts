import { expect, test } from 'vitest';
import { explainOrder, findOrders } from './explain.ts';
import { flowSettingsSchema } from '../settings.ts';
import { openScene } from '../testing/scene.ts';

test('an order is explained from its decision to what was done and what is open', async () => {
  const scene = await openScene({ stock: { MUG: [5, 0], LAMP: [0, 0] } });
  const key = scene.order({
    lines: [
      { sku: 'MUG', quantity: 1 },
      { sku: 'LAMP', quantity: 1 },
    ],
  });
  await scene.at('2026-11-23T10:00:00.000Z', 'wave');

  const explained = await explainOrder(scene.journal, key);

  expect(explained?.decisions.map(({ id, sourcing }) => [id, sourcing.shipments.map(({ node }) => node), sourcing.openLines])).toEqual([
    ['wave:2026-11-23T10:00:00.000Z', ['BER'], [1]],
  ]);
  expect(explained?.decisions[0]?.sourcing.passedOver).toEqual([{ node: 'HAM', why: 'not-enough-stock' }]);
  expect(explained?.decisions[0]?.unfilled.map(({ sku, reason }) => [sku, reason])).toEqual([['LAMP', 'no-stock']]);
  expect(explained?.decisions[0]?.unfilled[0]?.words).toContain('With 1 more at BER');
  // Shipping 4.00 and 0.50 for each kilogram of 0.4, 3.5 minutes at 0.40, and the lamp at its price, at least 30.00.
  expect(explained?.decisions[0]?.costMinor).toEqual({ total: 4_460, shipping: 420, labor: 140, lateness: 0, split: 0, unfilled: 3_900 });
  expect(explained?.intents.map(({ kind, state }) => [kind, state])).toEqual([
    ['write-order', 'done'],
    ['buy-label', 'done'],
    ['ship', 'done'],
    ['confirm', 'done'],
  ]);
  expect(explained?.history.map(({ event }) => event).slice(0, 3)).toEqual(['order.received', 'order.sourced', 'order.released']);
});

test('an order is explained with the policy that it was sourced under, and what its rules made of it in money', async () => {
  const scene = await openScene({
    settings: (given) =>
      flowSettingsSchema.parse({
        ...given,
        policy: { name: 'peak' },
        priorities: [{ name: 'ours first', if: { channels: ['shop'] }, lateTimes: 3 }],
        splits: [{ name: 'whole', if: {}, shipComplete: true }],
      }),
  });
  const key = scene.order();
  await scene.at('2026-11-23T10:00:00.000Z', 'wave');

  const explained = await explainOrder(scene.journal, key);

  expect(explained?.decisions).toMatchObject([
    {
      policy: { name: 'peak', hash: expect.stringMatching(/^[0-9a-f]{64}$/) },
      weighed: { lateCostPerDay: 3, priority: 'ours first', split: 'whole' },
    },
  ]);
});

test('an exception of a shipment is told with its order', async () => {
  const scene = await openScene({ carrier: (carrier) => ({ ...carrier, buy: () => Promise.reject(new TypeError('no printer')) }) });
  const key = scene.order();
  await scene.at('2026-11-23T10:00:00.000Z', 'wave');

  const explained = await explainOrder(scene.journal, key);

  expect(explained?.exceptions.map(({ code, owner, open }) => [code, owner, open])).toEqual([['buy-label-failed', 'operations', true]]);
});

test('an order is found by its key, its name or its id at the channel', async () => {
  const scene = await openScene();
  const key = scene.order();
  await scene.at('2026-11-23T08:00:00.000Z');
  const { order } = await scene.case(key);

  expect(
    await Promise.all(
      [key, order.name, order.id, `shop/${order.name}`, `other/${order.name}`, 'nonsense'].map((wanted) =>
        findOrders(scene.journal, wanted),
      ),
    ),
  ).toEqual([[key], [key], [key], [key], [], []]);
});
