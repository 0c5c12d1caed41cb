import { expect, test } from 'vitest';
import { classify, summarize } from './summary.ts';
import { openScene } from './testing/scene.ts';

test('every order is in one class, plan and baseline are measured over the same orders, and money adds up', async () => {
  const scene = await openScene({ stock: { MUG: [2, 0], LAMP: [0, 1] } });
  scene.order();
  scene.order({
    lines: [
      { sku: 'MUG', quantity: 1 },
      { sku: 'LAMP', quantity: 1 },
    ],
  });
  scene.order({ lines: [{ sku: 'LAMP', quantity: 3 }] });
  scene.order({ financialStatus: 'PENDING' });
  scene.order();
  scene.shops['shop']?.cancelOrder('#1005');
  await scene.at('2026-11-23T10:00:00.000Z', 'wave');

  const summary = await summarize(scene.journal, scene.context.settings);

  const { in: all, confirmed, ...classes } = summary.orders;
  expect({ all, confirmed, ...classes }).toEqual({
    all: 5,
    confirmed: 2,
    shipped: 2,
    partial: 0,
    backordered: 1,
    held: 1,
    cancelled: 1,
    exceptions: 0,
    open: 0,
  });
  expect([...(await scene.journal.read(classify)).values()].sort()).toEqual(['backordered', 'cancelled', 'held', 'shipped', 'shipped']);
  expect(
    [summary.plan, summary.baseline].map(({ shipments, splitOrders, unfilledLines }) => ({ shipments, splitOrders, unfilledLines })),
  ).toEqual([
    { shipments: 3, splitOrders: 1, unfilledLines: 1 },
    { shipments: 3, splitOrders: 1, unfilledLines: 1 },
  ]);
  expect(summary.plan.cost).toEqual(summary.baseline.cost);
  // Three labels of 4.00 and a half per kilogram: 0.4 kg, 0.4 kg and 1.2 kg.
  expect(summary.labels).toEqual({ count: 3, spentMinor: 420 + 420 + 460 });
  expect(summary.plan.cost.shipping).toBe(summary.labels.spentMinor);
});

test('an order that was over before the compared days is not counted any more, and one that is not over always is', async () => {
  const scene = await openScene({ stock: { MUG: [1, 0], LAMP: [0, 0] } });
  scene.order();
  scene.order({ lines: [{ sku: 'LAMP', quantity: 1 }] });
  await scene.at('2026-11-23T10:00:00.000Z', 'wave');
  // The shop tells once more what it was told.
  await scene.at('2026-11-23T11:00:00.000Z');
  const onTheDay = await summarize(scene.journal, scene.context.settings);

  await scene.at('2026-11-27T10:00:00.000Z', 'wave');

  const later = await summarize(scene.journal, scene.context.settings);
  expect([onTheDay, later].map(({ orders }) => [orders.in, orders.shipped, orders.backordered])).toEqual([
    [2, 1, 1],
    [1, 0, 1],
  ]);
});
