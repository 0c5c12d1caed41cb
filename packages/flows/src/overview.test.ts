import { expect, test } from 'vitest';
import type { JournalReader } from '@quartermaster/journal';
import { inventoryPolicySchema } from '@quartermaster/inventory';
import { settle } from './engine.ts';
import { exceptionPolicySchema } from './exceptions/exception-policy.ts';
import { createOperations } from './operations/operations.ts';
import { overview } from './overview.ts';
import { summarize } from './summary.ts';
import { openScene, type Scene } from './testing/scene.ts';

const seen = ({ context, clock }: Scene, journal: JournalReader = context.journal) =>
  overview({ journal, settings: context.settings, clock, pullEveryMs: 60_000 });

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

  const { measured, plan, baseline, rules, gap, labels } = await summarize(scene.journal, scene.context.settings);
  expect(comparison).toEqual({ measured, plan, baseline, rules, gap, labels });
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

test('what is held is told by code: how many, the oldest, and who looks after it', async () => {
  const scene = await openScene();
  const name = async (key: string) => (await scene.case(key)).order.name;
  const [unpaid, another, doubted] = [
    scene.order({ financialStatus: 'PENDING' }),
    scene.order({ financialStatus: 'PENDING' }),
    scene.order(),
  ];
  await scene.engine.pull('shop');
  const asked = { requestId: 'request-1', by: 'mia', role: 'operator', reason: 'the customer is to be called' } as const;
  scene.clock.advanceTo('2026-11-23T08:00:00.000Z');
  for (const [index, order] of [another, doubted].entries())
    await createOperations(scene.context).holdOrder({ ...asked, requestId: `request-${index}` }, { order, owner: 'ben', until: null });

  const { held } = await seen(scene)();

  expect(held).toEqual([
    { code: 'manual', count: 2, oldest: { name: await name(another), since: '2026-11-23T08:00:00.000Z' }, owners: ['ben'] },
    { code: 'payment', count: 2, oldest: { name: await name(unpaid), since: '2026-11-23T07:00:00.000Z' }, owners: ['operations'] },
  ]);
});

test('each owner sees how many exceptions are theirs, how many are overdue, and when the next one is', async () => {
  const scene = await openScene({
    settings: (given) => ({ ...given, exceptions: exceptionPolicySchema.parse({ dueMinutes: { '*': 60 } }) }),
  });
  const raise = (subjectKey: string, owner: string) =>
    scene.journal.transaction((tx) => tx.exceptions.raise({ code: 'refused', subjectKey, owner, reason: 'no', at: scene.clock.now() }));
  await raise('one', 'mia');
  await raise('two', 'ben');
  scene.clock.advanceTo('2026-11-23T07:45:00.000Z');
  const given = await raise('three', 'ben');
  await raise('four', 'ben');
  const asked = { requestId: 'request-1', by: 'ben', role: 'operator', reason: 'it is hers' } as const;
  await createOperations(scene.context).assignExceptions(asked, { which: { ids: [given] }, owner: 'mia' });
  scene.clock.advanceTo('2026-11-23T08:15:00.000Z');

  const { owners } = await seen(scene)();

  const theirs = { open: 2, overdue: 1, snoozed: 0, oldestAt: '2026-11-23T07:00:00.000Z', nextDueAt: '2026-11-23T08:45:00.000Z' };
  expect(owners).toEqual([
    { owner: 'ben', ...theirs },
    { owner: 'mia', ...theirs },
  ]);
});

test('a channel that was read too late for its declared window is told, and so is what is shown beyond what may be promised', async () => {
  const scene = await openScene({
    stock: { MUG: [10, 0], LAMP: [5, 0] },
    settings: (given) => ({
      ...given,
      inventory: inventoryPolicySchema.parse({
        syncWindows: { shop: { minutes: 10 } },
        oversell: { errorBudget: { units: 5, days: 30 } },
      }),
    }),
  });
  const publish = async () => {
    await scene.engine.publish();
    await settle(scene.engine, scene.clock);
  };
  await scene.engine.pull('shop');
  await publish();
  const look = seen(scene);
  const before = await look();
  expect(before.connections.filter(({ behind }) => behind)).toEqual([]);
  expect(before.oversell).toEqual({ units: 0, skus: 0, errorBudget: { spent: 0, units: 5, days: 30 } });

  scene.odoo.setStock({ sku: 'MUG', node: 'BER', units: 2 });
  await scene.engine.publish();
  scene.clock.advanceTo('2026-11-23T07:20:00.000Z');

  const { connections, oversell } = await look();
  expect(connections.filter(({ behind }) => behind)).toMatchObject([{ connection: 'shop', windowMinutes: 10, lagMs: 20 * 60_000 }]);
  expect(oversell).toEqual({ units: 8, skus: 1, errorBudget: { spent: 8, units: 5, days: 30 } });
});
