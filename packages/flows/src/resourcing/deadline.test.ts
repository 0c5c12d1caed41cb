import { expect, test } from 'vitest';
import { explainOrder } from '../why/explain.ts';
import type { FlowSettings } from '../settings.ts';
import { morning, openLateScene, releasedLate } from '../testing/resourced.ts';

/** Scarce goods at two nodes whose crews are soon dear: the first plan is not the best one, and the prices alone do not prove the best. */
const within = (deadlineSeconds: number | null) => ({
  settings: (given: FlowSettings): FlowSettings => ({
    ...releasedLate(given),
    sourcing: { ...given.sourcing, deadlineSeconds },
    nodes: given.nodes.map((node) => ({
      ...node,
      labor: {
        ...node.labor,
        tiers: [
          { minutes: 13, costPerMinute: 0.1 },
          { minutes: 7, costPerMinute: 2 },
          { minutes: null, costPerMinute: 5 },
        ],
      },
    })),
  }),
  stock: { MUG: [4, 7], LAMP: [5, 3] } as const,
});

test.each([
  ['a wave whose deadline is over at once takes the first plan', 0.000_001, 'greedy'],
  ['a wave with time enough searches to the end', 200, 'search'],
])('%s, and record, event and explanation say by which method and how far it may be off', async (_what, seconds, method) => {
  const scene = await openLateScene(within(seconds));
  const orders = Array.from({ length: 12 }, (_, at) =>
    scene.order({ lines: at % 3 === 0 ? [{ sku: 'MUG', quantity: 2 }] : ['MUG', 'LAMP'].map((sku) => ({ sku, quantity: 1 })) }),
  );
  await scene.at('2026-11-23T09:00:00.000Z');

  const record = await scene.engine.wave(morning);

  const told = scene.events.find(({ event }) => event === 'wave.decided');
  const explained = (await explainOrder(scene.journal, orders[0] ?? ''))?.decisions[0];
  expect(record?.method).toBe(method);
  expect(record?.gap).toBeGreaterThan(0);
  for (const each of [told, explained]) expect(each).toMatchObject({ method: record?.method, gap: record?.gap });
});

test('how long a plan had is kept with it, since such a plan depends on the machine', async () => {
  const scene = await openLateScene(within(0.000_001));
  scene.order();
  await scene.at('2026-11-23T09:00:00.000Z');

  await scene.engine.wave(morning);

  const kept = await scene.journal.read((tx) => tx.decisions.get(`wave:${morning}`));
  expect(kept?.outcome).toMatchObject({ options: { timeLimitMs: 0.001 } });
});
