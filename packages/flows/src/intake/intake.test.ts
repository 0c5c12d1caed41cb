import { orderKey, type OrderPage, type PulledOrder } from '@quartermaster/domain';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { openJournal } from '@quartermaster/journal';
import { createEngine, settle } from '../engine.ts';
import { listCases } from '../order-cases.ts';
import { ada, masterKey, openScene, type Scene } from '../testing/scene.ts';
import type { FlowSettings } from '../settings.ts';

const observing = (given: FlowSettings): FlowSettings => ({
  ...given,
  channels: given.channels.map((channel) => ({ ...channel, mode: 'observe' })),
});

test('a channel that was never read begins at the present: what was ordered before is not taken in', async () => {
  const scene = await openScene();
  scene.shops['shop']?.placeOrder({ lines: [{ sku: 'MUG', quantity: 1 }], address: ada, at: '2026-11-20T10:00:00Z' });
  scene.order();

  await scene.at('2026-11-23T07:30:00.000Z');

  expect((await scene.cases()).map((each) => each.order.name)).toEqual(['#1002']);
});

test('an order from before the beginning that changes now is history: somebody else may have shipped it', async () => {
  const scene = await openScene();
  const shop = scene.shops['shop'];
  const old = shop?.placeOrder({
    lines: [{ sku: 'MUG', quantity: 1 }],
    address: ada,
    at: '2026-11-20T10:00:00Z',
    financialStatus: 'PENDING',
  });

  shop?.setFinancialStatus(old?.name ?? '', 'PAID', '2026-11-23T07:10:00Z');
  await scene.at('2026-11-23T07:30:00.000Z');

  expect(await scene.cases()).toEqual([]);
});

test('in observe mode orders are noted and nothing is admitted or changed, neither here nor outside', async () => {
  const scene = await openScene({ settings: observing });
  const key = scene.order();
  const before = [scene.odoo.snapshot(), scene.shops['shop']?.snapshot()];

  await scene.at('2026-11-23T10:00:00.000Z', 'wave');
  await scene.engine.publish();
  await scene.engine.work({ atMost: 1 });

  expect(await scene.cases()).toEqual([]);
  expect([scene.odoo.snapshot(), scene.shops['shop']?.snapshot()]).toEqual(before);
  expect((await scene.journal.read((tx) => tx.audit.list({ key, limit: 10 }))).map(({ event }) => event)).toEqual(['order.observed']);
});

test('an order that was observed stays history when the channel is switched to auto, until a person asks for a backfill', async () => {
  const scene = await openScene({ settings: observing });
  const key = scene.order({ financialStatus: 'PENDING' });
  await scene.at('2026-11-23T08:00:00.000Z');
  const { settings } = scene.context;
  const auto = scene.restart({ settings: { ...settings, channels: settings.channels.map((channel) => ({ ...channel, mode: 'auto' })) } });
  scene.shops['shop']?.setFinancialStatus('#1001', 'PAID');
  await auto.pull('shop');
  expect(await scene.cases()).toEqual([]);

  await auto.backfill('shop', '2026-11-20T00:00:00.000Z');

  expect((await scene.cases()).map((each) => [each.key, each.state])).toEqual([[key, 'open']]);
});

test('a backfill admits what is still open, once, and leaves the ordinary reading where it was', async () => {
  const scene = await openScene();
  const shop = scene.shops['shop'];
  for (const at of ['2026-11-20T10:00:00Z', '2026-11-21T10:00:00Z', '2026-11-22T10:00:00Z'])
    shop?.placeOrder({ lines: [{ sku: 'MUG', quantity: 1 }], address: ada, at });
  shop?.closeOrder('#1001', '2026-11-20T11:00:00Z');

  const pulled = [
    await scene.engine.backfill('shop', '2026-11-19T00:00:00.000Z'),
    await scene.engine.backfill('shop', '2026-11-19T00:00:00.000Z'),
    await scene.engine.pull('shop'),
  ];

  expect(pulled.map((each) => each?.fresh)).toEqual([3, 0, 0]);
  expect((await scene.cases()).map((each) => each.order.name).sort()).toEqual(['#1002', '#1003']);
});

test('with a lost journal, an order that the ERP has already is held, and nothing of it happens again', async () => {
  const scene = await openScene();
  scene.order();
  await scene.at('2026-11-23T10:00:00.000Z', 'wave');
  const before = scene.odoo.snapshot();
  const journal = await openJournal({ path: ':memory:', masterKey, clock: scene.clock });
  const engine = scene.restart({ journal });

  await engine.backfill('shop', '2026-11-23T00:00:00.000Z');
  await engine.wave('2026-11-23T13:00:00.000Z');
  await settle(engine, scene.clock);

  const [held] = (await journal.read((tx) => listCases(tx))).map((stored) => stored.case);
  expect(held?.state).toBe('held');
  expect(held?.holds.map(({ code }) => code)).toEqual(['known-to-erp']);
  expect(before.orders.length).toBe(1);
  expect(scene.odoo.snapshot()).toEqual(before);
});

test('two changes within one second: the person that is kept is the one of the order that is kept', async () => {
  const scene = await openScene();
  const [page] = await storyOf(scene);
  const first = page?.orders[0];
  if (first === undefined) throw new Error('the story has an order');
  const later = changed(first, { revision: `${first.order.revision}~z`, addressHash: 'other' }, 'Second Name');

  await pullPages(scene, [{ orders: [later] }, { orders: [first] }]);

  const person = await scene.journal.read((tx) => tx.vault.get(later.order.subject, `person/${later.order.id}`));
  expect(person).toContain('Second Name');
});

test('pages that come twice, overlap or change places give the same orders', async () => {
  const told = await openScene();
  const pages = await storyOf(told);
  const pulled = pages.flatMap((page) => page.orders);
  await pullPages(told, [{ orders: pulled }]);
  const expected = (await told.cases()).map(stable);
  await fc.assert(
    fc.asyncProperty(
      fc.shuffledSubarray(pulled, { minLength: pulled.length }),
      fc.array(fc.constantFrom(...pulled), { maxLength: 6 }),
      fc.integer({ min: 1, max: 4 }),
      async (shuffled, again, size) => {
        const scene = await openScene();
        const all = [...shuffled, ...again];

        await pullPages(
          scene,
          Array.from({ length: Math.ceil(all.length / size) }, (_, page) => ({ orders: all.slice(page * size, (page + 1) * size) })),
        );

        expect((await scene.cases()).map(stable)).toEqual(expected);
      },
    ),
    { numRuns: 15 },
  );
});

test('an order that the channel cannot put into our words stops nobody: it is kept as it came, a person is told, and it goes its way once it can be read', async () => {
  const scene = await openScene();
  const [page] = await storyOf(scene);
  const [odd, ...others] = page?.orders ?? [];
  if (odd === undefined) throw new Error('three orders were read');
  const { id, name, subject } = odd.order;
  const key = orderKey({ tenant: 'acme', company: 'eu', connection: 'shop' }, id);
  const unreadable = [{ id, name, revision: 'odd', subject, reason: 'an amount finer than a cent', raw: 'as it came' }];

  await pullPages(scene, [{ orders: others, unreadable }]);
  const told = await scene.openExceptions();
  const kept = await scene.journal.read((tx) => tx.vault.get(subject, `raw/${id}`));
  const read = (await scene.cases()).length;
  await pullPages(scene, [{ orders: [odd] }]);

  expect({ told: told.map(({ code, subjectKey }) => [code, subjectKey]), kept, read }).toEqual({
    told: [['order-unreadable', key]],
    kept: 'as it came',
    read: 2,
  });
  expect((await scene.cases()).map((each) => each.key)).toContain(key);
  expect((await scene.openExceptions()).map(({ code }) => code)).not.toContain('order-unreadable');
});

/** Three orders, with every revision that they had: one paid late, one whose address changed, one cancelled. */
async function storyOf(scene: Scene): Promise<OrderPage[]> {
  const shop = scene.shops['shop'];
  const channel = scene.context.channels.get('shop');
  const pages: OrderPage[] = [];
  const look = async (minute: number) => {
    scene.clock.advanceTo(`2026-11-23T07:${String(minute).padStart(2, '0')}:00.000Z`);
    for await (const page of channel?.pullOrders(channel.cursorAt('2026-11-23T07:00:00.000Z')) ?? []) pages.push(page);
  };
  scene.order({ financialStatus: 'PENDING' });
  scene.order();
  scene.order();
  await look(1);
  shop?.setFinancialStatus('#1001', 'PAID');
  await look(2);
  shop?.changeAddress('#1002', { ...ada, address1: 'Torstr. 9' });
  await look(3);
  shop?.cancelOrder('#1003');
  await look(4);
  return pages;
}

function changed(given: PulledOrder, order: Partial<PulledOrder['order']>, name: string): PulledOrder {
  const shipTo = given.person.shipTo === null ? null : { ...given.person.shipTo, name };
  return { ...given, order: { ...given.order, ...order }, person: { ...given.person, shipTo } };
}

/** Reads these pages as if the channel had given them. */
async function pullPages(scene: Scene, pages: readonly Omit<OrderPage, 'cursor'>[]): Promise<void> {
  const channel = scene.context.channels.get('shop');
  if (channel === undefined) throw new Error('the scene has a shop');
  const cursor = channel.cursorAt('2026-11-23T07:00:00.000Z');
  async function* pullOrders() {
    for (const page of pages) yield { ...page, cursor };
  }
  await createEngine({ ...scene.context, channels: new Map([['shop', { ...channel, pullOrders }]]) }).pull('shop');
}

/** A case without what says when we heard of it. */
function stable(given: Awaited<ReturnType<Scene['cases']>>[number]) {
  return { ...given, holds: given.holds.map(({ code, reason }) => ({ code, reason })) };
}

test('a channel that may be read only every three minutes is not asked sooner, whoever asks', async () => {
  const scene = await openScene({
    channel: (channel) => ({ ...channel, capabilities: { ...channel.capabilities, leastPollMs: 180_000 } }),
  });
  await scene.at('2026-11-23T07:30:00.000Z');
  scene.order();

  await scene.at('2026-11-23T07:32:00.000Z');
  const early = await scene.cases();
  await scene.at('2026-11-23T07:36:00.000Z');

  expect([early.length, (await scene.cases()).length]).toEqual([0, 1]);
});
