import { commandKinds } from '@quartermaster/fulfilment';
import { describe, expect, test } from 'vitest';
import { createOperations } from '../operations/operations.ts';
import type { Asked } from '../operations/operation.ts';
import { openScene, type Scene } from '../testing/scene.ts';
import { exceptionMeanings } from './exception-meanings.ts';
import { exceptionNext, nextActionOf } from './exception-next.ts';
import { exceptionPolicySchema } from './exception-policy.ts';
import { exceptionQueue, type QueueQuery } from './exception-queue.ts';

const nine = '2026-11-23T09:00:00.000Z';
const asked = (requestId: string): Asked => ({ requestId, by: 'mia', role: 'operator', reason: 'I look after it' });
/** Due after an hour; half an hour later the lead hears of it, after two hours more the head. */
const clocks = {
  dueMinutes: { '*': 60 },
  escalate: {
    '*': [
      { afterMinutes: 30, to: 'lead' },
      { afterMinutes: 150, to: 'head' },
    ],
  },
};

async function sceneWith(policy: object): Promise<Scene> {
  return openScene({ settings: (given) => ({ ...given, exceptions: exceptionPolicySchema.parse(policy) }) });
}

async function raised(scene: Scene, code = 'refunded-outside', subjectKey = 'order-1'): Promise<number> {
  scene.clock.advanceTo(nine);
  return scene.journal.transaction((tx) =>
    tx.exceptions.raise({ code, subjectKey, owner: 'operations', reason: 'money went back', at: scene.clock.now() }),
  );
}

const queueOf = (scene: Scene, query: Partial<QueueQuery> = {}) =>
  scene.journal.read((tx) =>
    exceptionQueue(tx, { open: true, limit: 100, ...query }, { policy: scene.context.settings.exceptions, now: scene.clock.now() }),
  );

test('exception queue for backorders: an order without a node for long has owner, reason code, clock and next action', async () => {
  const scene = await openScene({
    stock: { MUG: [1, 0], LAMP: [5, 5] },
    settings: (given) => ({
      ...given,
      owners: { backordered: 'purchasing', '*': 'operations' },
      exceptions: exceptionPolicySchema.parse({ dueMinutes: { backordered: 120, '*': 480 }, backorderAfterMinutes: 240 }),
    }),
  });
  const key = scene.order({ lines: [{ sku: 'MUG', quantity: 3 }] });
  await scene.at('2026-11-23T10:00:00.000Z', 'wave');
  expect(await queueOf(scene)).toEqual([]);

  await scene.at('2026-11-23T13:00:00.000Z', 'wave');

  const [backorder, ...others] = await queueOf(scene);
  expect(others).toEqual([]);
  expect(backorder).toMatchObject({
    code: 'backordered',
    subjectKey: key,
    owner: 'purchasing',
    reason: expect.stringMatching(/^no node for \d x MUG, ordered at /),
    dueAt: '2026-11-23T15:00:00.000Z',
    overdue: false,
    next: expect.stringContaining(`qm explain ${key}`),
  });

  scene.odoo.setStock({ sku: 'MUG', node: 'HAM', units: 5 });
  await scene.at('2026-11-24T10:00:00.000Z', 'wave');
  expect(await queueOf(scene)).toEqual([]);
});

describe('the escalation clock of an exception', () => {
  test('moves it on to whom the policy says, step by step, each once and audited', async () => {
    const scene = await sceneWith(clocks);
    const id = await raised(scene);
    const at = async (instant: string) => {
      scene.clock.advanceTo(instant);
      return [await scene.engine.tendExceptions(), (await queueOf(scene))[0]?.owner];
    };

    expect(await at('2026-11-23T10:29:59.000Z')).toEqual([0, 'operations']);
    expect(await at('2026-11-23T10:30:00.000Z')).toEqual([1, 'lead']);
    expect(await at('2026-11-23T10:31:00.000Z')).toEqual([0, 'lead']);
    expect(await at('2026-11-23T12:30:00.000Z')).toEqual([1, 'head']);

    const trail = await scene.journal.read((tx) => tx.audit.list({ key: 'order-1', limit: 10 }));
    expect(trail).toMatchObject([
      { actor: 'quartermaster', event: 'exception.escalated', detail: { exception: id, from: 'operations', to: 'lead' } },
      { event: 'exception.escalated', detail: { from: 'lead', to: 'head' } },
    ]);
  });

  test('a daemon that slept over both steps takes both at once, and gives it to the last', async () => {
    const scene = await sceneWith(clocks);
    await raised(scene);
    scene.clock.advanceTo('2026-11-24T09:00:00.000Z');

    expect(await scene.engine.tendExceptions()).toBe(1);
    expect(await queueOf(scene)).toMatchObject([{ owner: 'head', escalations: [{ to: 'lead' }, { to: 'head' }] }]);
  });

  test('stands still while it is snoozed, and begins again from there', async () => {
    const scene = await sceneWith(clocks);
    const id = await raised(scene);
    const until = '2026-11-23T14:00:00.000Z';
    await createOperations(scene.context).snoozeExceptions(asked('request-1'), { which: { ids: [id] }, until });

    scene.clock.advanceTo('2026-11-23T13:00:00.000Z');
    expect(await scene.engine.tendExceptions()).toBe(0);
    expect(await queueOf(scene)).toMatchObject([{ snoozedUntil: until, dueAt: until, overdue: false }]);

    scene.clock.advanceTo('2026-11-23T14:30:00.000Z');
    expect(await scene.engine.tendExceptions()).toBe(1);
  });

  test('does not run on what is settled', async () => {
    const scene = await sceneWith(clocks);
    const id = await raised(scene);
    await createOperations(scene.context).retryException(asked('request-1'), { exception: id, provedAbsent: false });
    scene.clock.advanceTo('2026-11-24T09:00:00.000Z');

    expect(await scene.engine.tendExceptions()).toBe(0);
    expect(await queueOf(scene, { open: false })).toMatchObject([{ dueAt: null, overdue: false, ageMinutes: 0, next: null }]);
  });

  test('moves nobody by default: without steps in the policy an overdue exception only shows', async () => {
    const scene = await sceneWith({});
    await raised(scene);
    scene.clock.advanceTo('2026-11-23T17:00:00.000Z');

    expect(await scene.engine.tendExceptions()).toBe(0);
    expect(await queueOf(scene, { overdue: true })).toMatchObject([{ owner: 'operations', overdue: true, ageMinutes: 480 }]);
  });
});

describe('a person', () => {
  test('gives exceptions to somebody, many at once, and the trail says before and after', async () => {
    const scene = await sceneWith({});
    const ids = [await raised(scene), await raised(scene, 'refunded-outside', 'order-2'), await raised(scene, 'parcel-late', 'order-3')];
    const operations = createOperations(scene.context);

    const answer = await operations.assignExceptions(asked('request-1'), { which: { ids: ids.slice(0, 2) }, owner: 'ben' });

    expect(answer).toMatchObject({
      kind: 'done',
      key: 'exceptions',
      before: [{ owner: 'operations' }, { owner: 'operations' }],
      after: [{ owner: 'ben' }, { owner: 'ben' }],
    });
    expect((await queueOf(scene, { owner: 'ben' })).map(({ id }) => id)).toEqual(ids.slice(0, 2));
    expect((await queueOf(scene, { owner: 'operations' })).map(({ id }) => id)).toEqual(ids.slice(2));
  });

  test('settles all of a code at once; what is not settled by saying so is told and stops nothing else', async () => {
    const scene = await sceneWith({});
    await raised(scene);
    await raised(scene, 'refunded-outside', 'order-2');
    const stuck = await raised(scene, 'short-reservation', 'order-3');
    const operations = createOperations(scene.context);

    const settled = await operations.retryExceptions(asked('request-1'), { which: { code: 'refunded-outside' }, provedAbsent: false });
    const refused = await operations.retryExceptions(asked('request-2'), { which: { ids: [stuck] }, provedAbsent: false });

    expect(settled).toMatchObject({ after: [{ outcome: 'done' }, { outcome: 'done' }] });
    expect(refused).toMatchObject({ after: [{ exception: stuck, outcome: 'not-an-intent' }] });
    expect((await queueOf(scene)).map(({ id }) => id)).toEqual([stuck]);
  });

  test('is refused to snooze into the past, and to assign what is not there', async () => {
    const scene = await sceneWith({});
    const id = await raised(scene);
    const operations = createOperations(scene.context);

    expect(await operations.snoozeExceptions(asked('r1'), { which: { ids: [id] }, until: '2026-11-23T08:00:00.000Z' })).toMatchObject({
      code: 'impossible',
    });
    expect(await operations.assignExceptions(asked('r2'), { which: { ids: [99] }, owner: 'ben' })).toMatchObject({ code: 'not-found' });
    expect(await operations.assignExceptions(asked('r3'), { which: { code: 'ship-failed' }, owner: 'ben' })).toMatchObject({
      code: 'not-found',
    });
  });
});

test('every exception code has a next action, and no action is of a code that is not there', () => {
  expect(Object.keys(exceptionNext).sort()).toEqual(Object.keys(exceptionMeanings).sort());
  expect(Object.values(exceptionNext).filter((next) => next.length < 15)).toEqual([]);
  expect(commandKinds.filter((kind) => exceptionNext[`${kind}-failed`] === undefined)).toEqual([]);
});

test('a next action names the exception, the order and the intent that it is about', () => {
  const given = { id: 7, intentId: 12, subjectKey: 'acme/eu/shop/order/1/shipment/2' };
  expect(nextActionOf({ ...given, code: 'ship-failed' })).toContain('`qm retry --exception 7`');
  expect(nextActionOf({ ...given, code: 'confirm-failed' })).toContain('`qm drop 12`');
  expect(nextActionOf({ ...given, code: 'captured-and-cancelled' })).toContain('`qm refund acme/eu/shop/order/1`');
});
