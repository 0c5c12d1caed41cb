import { sandboxFetch } from '@quartermaster/connector-kit/sandbox';
import type { Notifier } from '@quartermaster/domain';
import { JournalError, type Intent } from '@quartermaster/journal';
import { connectOdoo } from '@quartermaster/odoo';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { settle, type Engine } from '../engine.ts';
import { ada, openScene, type Scene } from '../testing/scene.ts';
import { connectionModeSchema } from '../settings.ts';
import { notificationPolicySchema } from './notification-policy.ts';
import { todoNotifier } from './todo-notifier.ts';

const told = { exceptions: { '*': ['desk'] }, approvals: ['desk'], freezes: ['desk'] };

/** A business whose desk works in Odoo, with an order that has left for Odoo; `rows` is what the desk sees there. */
async function atTheDesk(policy: object, mode: 'auto' | 'observe' = 'auto') {
  const scene = await openScene({
    settings: (settings) => ({
      ...settings,
      notifiers: [{ connection: 'desk' }],
      notifications: notificationPolicySchema.parse(policy),
    }),
  });
  const order = scene.order();
  await scene.at('2026-11-23T10:00:00.000Z', 'wave');
  const { clock, odoo } = scene;
  const url = 'http://desk.test';
  const access = { url, database: 'db', login: 'qm', secret: { apiKey: 'key-of-odoo' }, clock, fetch: sandboxFetch({ [url]: odoo.app }) };
  const client = await connectOdoo(access);
  const rows = () =>
    client.searchRead(
      'mail.activity',
      { domain: [['res_model', '=', 'sale.order']], fields: ['summary', 'note', 'date_deadline'] },
      z.object({ id: z.int(), summary: z.string(), note: z.string(), date_deadline: z.string() }),
    );
  const { todos } = scene.context.erp;
  if (todos === null) throw new Error('the ERP has no to-dos');
  const desk = todoNotifier({ connection: 'desk', todos, user: 'qm', clock, zone: 'Europe/Berlin' });
  const { settings } = scene.context;
  const process = (notifier = desk): Engine =>
    scene.restart({
      notifiers: new Map([['desk', notifier]]),
      settings: { ...settings, erp: { ...settings.erp, mode: connectionModeSchema.parse(mode) } },
    });
  return { scene, order, rows, process, desk };
}

async function turn(scene: Scene, engine: Engine): Promise<void> {
  await engine.tendExceptions();
  await settle(engine, scene.clock);
}

const lost = 'parcel-lost';
const raise = (scene: Scene, subjectKey: string, reason = 'nobody has seen it') =>
  scene.journal.transaction((tx) => tx.exceptions.raise({ code: lost, subjectKey, owner: 'operations', reason, at: scene.clock.now() }));
const resolve = (scene: Scene, subjectKey: string) =>
  scene.journal.transaction((tx) =>
    tx.exceptions.resolve({ code: lost, subjectKey }, { by: 'mia', reason: 'found', at: scene.clock.now() }),
  );
const telling = (scene: Scene): Promise<Intent[]> =>
  scene.journal.read((tx) => tx.intents.list({ kinds: ['notify', 'end-notice'], limit: 100 }));

test('nobody gets a to-do as long as the policy does not say so', async () => {
  const { scene, order, rows, process } = await atTheDesk({});
  await raise(scene, order);

  await turn(scene, process());

  expect(await rows()).toEqual([]);
});

test('an exception about an order is one to-do at its sales order, due today, and done when the exception is closed', async () => {
  const { scene, order, rows, process } = await atTheDesk({ ...told, link: 'https://qm.example/' });
  const { name } = (await scene.case(order)).order;
  const id = await raise(scene, `${order}/shipment/1`);
  const engine = process();

  for (let look = 0; look < 3; look++) await turn(scene, engine);

  const [only, ...others] = await rows();
  expect(others).toEqual([]);
  expect(only).toMatchObject({ summary: `Exception ${id} parcel-lost`, date_deadline: '2026-11-23' });
  expect(only?.note).toContain(`Exception ${id} parcel-lost, order ${name}: with operations. Next: `);
  expect(only?.note).toContain('https://qm.example/');

  await resolve(scene, `${order}/shipment/1`);
  for (let look = 0; look < 3; look++) await turn(scene, engine);

  expect(await rows()).toEqual([]);
  expect((await telling(scene)).map(({ kind, state }) => [kind, state])).toEqual([
    ['notify', 'done'],
    ['end-notice', 'done'],
  ]);
});

test('a to-do that the person did is not written again, and nothing happens to it when the exception is closed', async () => {
  const { scene, order, rows, process, desk } = await atTheDesk(told);
  await raise(scene, order);
  const engine = process();
  await turn(scene, engine);
  const [notice] = await telling(scene);
  const about = { scope: (await scene.case(order)).scope, orderId: (await scene.case(order)).order.id };
  await scene.context.erp.todos?.finish(
    { order: about, id: notice?.key ?? '' },
    { key: 'by-hand', refs: {}, saveRefs: never, saveRaw: never, rawAnswers: never },
  );
  expect(await rows()).toEqual([]);

  await turn(scene, engine);
  await resolve(scene, order);
  await turn(scene, engine);

  expect(desk.atOrders).not.toBeNull();
  expect(await rows()).toEqual([]);
  expect((await telling(scene)).map(({ state }) => state)).toEqual(['done', 'done']);
});

test('one to-do although the process dies between writing it and noting that it was written', async () => {
  const { scene, order, rows, process, desk } = await atTheDesk(told);
  await raise(scene, order);
  await died(process(dyingAfter(desk)));

  const next = process();
  await next.recover();
  await turn(scene, next);
  await turn(scene, next);

  expect(await rows()).toHaveLength(1);
  expect((await telling(scene)).map(({ state }) => state)).toEqual(['done']);
});

test('what is closed while nobody knows whether its to-do was written is found, and done', async () => {
  const { scene, order, rows, process, desk } = await atTheDesk(told);
  await raise(scene, order);
  await died(process(dyingAfter(desk)));
  expect(await rows()).toHaveLength(1);
  await resolve(scene, order);

  const next = process();
  await next.recover();
  await turn(scene, next);
  await turn(scene, next);

  expect(await rows()).toEqual([]);
});

test('what is about no order in Odoo is no to-do, and an order that comes into Odoo later gets its own', async () => {
  const { scene, rows, process } = await atTheDesk(told);
  await raise(scene, 'SKU-1');
  const late = scene.order();
  await scene.engine.pull('shop');
  await raise(scene, late);
  const engine = process();
  await turn(scene, engine);
  expect([await rows(), await telling(scene)]).toEqual([[], []]);

  await scene.at('2026-11-23T11:00:00.000Z', 'wave');
  await turn(scene, engine);

  expect(await rows()).toHaveLength(1);
});

test('where Odoo is only observed no to-do is written', async () => {
  const { scene, order, rows, process } = await atTheDesk(told, 'observe');
  await raise(scene, order);

  await turn(scene, process());

  expect(await rows()).toEqual([]);
});

test('a to-do holds no personal data: neither the customer nor what a vendor or a person wrote', async () => {
  const { scene, order, rows, process } = await atTheDesk(told);
  await raise(scene, order, `call ${ada.name}, ${ada.address1}, ada@example.com`);

  await turn(scene, process());

  const shown = JSON.stringify([await rows(), (await telling(scene)).map(({ key, payload }) => [key, payload])]);
  expect(shown).toContain('parcel-lost');
  for (const personal of ['Ada', 'Invalidenstr', '10115', 'example.com']) expect(shown).not.toContain(personal);
});

/** Writes the to-do, and then its process is gone. */
function dyingAfter(desk: Notifier): Notifier {
  return {
    ...desk,
    async make(notice, memo) {
      await desk.make(notice, memo);
      throw new JournalError('closed', 'the process is gone');
    },
  };
}

async function died(engine: Engine): Promise<void> {
  await engine.tendExceptions();
  await expect(engine.work()).rejects.toThrow('the process is gone');
}

function never(): never {
  throw new Error('nobody asks for it');
}
