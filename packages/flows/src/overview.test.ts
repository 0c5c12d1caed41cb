import { expect, test } from 'vitest';
import type { JournalReader } from '@quartermaster/journal';
import { overview } from './overview.ts';
import { summarize } from './summary.ts';
import { openScene, type Scene } from './testing/scene.ts';

const seen = ({ context, clock }: Scene, journal: JournalReader = context.journal) =>
  overview({ journal, settings: context.settings, clock });

/** A journal that counts the pages of orders that are read. */
function counting(journal: JournalReader): { readonly journal: JournalReader; readonly pages: () => number } {
  let pages = 0;
  return {
    pages: () => pages,
    journal: {
      ...journal,
      read: (work) =>
        journal.read((tx) =>
          work({
            ...tx,
            records: {
              ...tx.records,
              list(kind, schema, query) {
                if (kind === 'order') pages += 1;
                return tx.records.list(kind, schema, query);
              },
            },
          }),
        ),
    },
  };
}

async function aDay(): Promise<Scene> {
  const scene = await openScene({ stock: { MUG: [2, 0], LAMP: [0, 1] } });
  scene.order();
  scene.order({ lines: [{ sku: 'LAMP', quantity: 1 }] });
  scene.order({ lines: [{ sku: 'LAMP', quantity: 3 }] });
  scene.order({ financialStatus: 'PENDING' });
  await scene.engine.publish();
  await scene.at('2026-11-23T10:00:00.000Z', 'wave');
  return scene;
}

test('it tells where the orders are, what waits, and what the last waves came to', async () => {
  const scene = await aDay();
  scene.order();
  await scene.engine.pull('shop');

  const { orders, intents, openExceptions, waves, stock, comparison } = await seen(scene)();

  expect(orders).toEqual({ shipped: 2, committed: 1, held: 1, open: 1 });
  expect({ intents, openExceptions, waves: waves.length }).toEqual({ intents: [], openExceptions: [], waves: 1 });
  expect(stock?.nodes.map(({ node }) => node)).toEqual(['BER', 'HAM']);
  expect(comparison?.labels.count).toBe(2);
});

test('right after a wave its comparison is that of the summary', async () => {
  const scene = await aDay();

  const { comparison } = await seen(scene)();

  const { plan, baseline, rules, gap, labels } = await summarize(scene.journal, scene.context.settings);
  expect(comparison).toEqual({ plan, baseline, rules, gap, labels });
});

test('the orders are read once after each wave, however often it is looked at', async () => {
  const scene = await aDay();
  const { journal, pages } = counting(scene.journal);
  const look = seen(scene, journal);
  await look();
  const once = pages();
  for (let time = 0; time < 10; time += 1) await look();

  expect(once).toBeGreaterThan(0);
  expect(pages()).toBe(once);
  await scene.at('2026-11-23T13:00:00.000Z', 'wave');
  await look();
  expect(pages()).toBeGreaterThan(once);
});

test('what was never begun has nothing to show', async () => {
  const scene = await openScene();

  expect(await seen(scene)()).toMatchObject({ orders: {}, waves: [], comparison: null, stock: null, exceptions: [] });
});
