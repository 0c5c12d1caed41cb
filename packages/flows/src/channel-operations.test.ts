import { ConnectorFault, type Channel, type PulledOrder } from '@quartermaster/domain';
import { expect, test } from 'vitest';
import { createOperations } from './operations/operations.ts';
import { intentsOf } from './intents.ts';
import { settle } from './engine.ts';
import type { FlowSettings } from './settings.ts';
import { openScene, type Scene } from './testing/scene.ts';

const morning = '2026-11-23T10:00:00.000Z';

function shopOf(scene: Scene, key: string) {
  const found = scene.shops['shop']?.snapshot().orders.find(({ id }) => key.endsWith(`/${id}`));
  if (found === undefined) throw new Error(`the shop has no order ${key}`);
  return found;
}

/** The shops are told of every order that we take it on. */
function acknowledging(given: FlowSettings): FlowSettings {
  return { ...given, channels: given.channels.map((each) => ({ ...each, acknowledge: true })) };
}

async function kindsOf(scene: Scene, key: string) {
  const intents = await scene.journal.read((tx) => intentsOf(tx, key, { limit: 100 }));
  return intents.map(({ kind, state }) => `${kind}: ${state}`);
}

const refusal = new ConnectorFault('refused', {
  connector: 'shopify',
  operation: 'x',
  message: 'no',
  outcome: 'not-applied',
  retry: { kind: 'never' },
});
const silence = new ConnectorFault('timeout', {
  connector: 'shopify',
  operation: 'x',
  message: 'no answer',
  outcome: 'unknown',
  retry: { kind: 'safely' },
});

test('a new order is taken on in the shop at once, by the name that explains it here', async () => {
  const scene = await openScene({ settings: acknowledging });
  const key = scene.order();

  await scene.at('2026-11-23T09:00:00.000Z');

  expect(await kindsOf(scene, key)).toEqual(['acknowledge: done']);
  expect(shopOf(scene, key).metafields).toEqual({ 'quartermaster.order': `shop/${shopOf(scene, key).id}` });
  expect((await scene.case(key)).acknowledgement).toBe('done');
});

test('a shop that is not to be told is not told', async () => {
  const scene = await openScene();
  const key = scene.order();
  await scene.at('2026-11-23T09:00:00.000Z');
  expect(await kindsOf(scene, key)).toEqual([]);
});

test('an acknowledgement that never works is dead, a person is told, and the order goes its way', async () => {
  const channel = (given: Channel): Channel => ({
    ...given,
    acknowledgement: given.acknowledgement && { ...given.acknowledgement, make: () => Promise.reject(silence) },
  });
  const scene = await openScene({ channel, settings: acknowledging });
  const key = scene.order();
  await scene.at('2026-11-23T09:00:00.000Z');
  await scene.at(morning, 'wave');

  expect(await kindsOf(scene, key)).toContain('acknowledge: dead');
  expect((await scene.openExceptions()).map(({ code, subjectKey }) => [code, subjectKey])).toContainEqual(['acknowledge-failed', key]);
  expect((await scene.case(key)).state).toBe('shipped');
});

/** A marketplace that has its customers pay after the order was accepted. */
function accepting(accepted: Set<string>) {
  const told = (pulled: PulledOrder): PulledOrder => {
    const { order } = pulled;
    if (accepted.has(order.id)) return { ...pulled, order: { ...order, revision: `${order.revision}-accepted` } };
    const payment = { status: 'waiting', secured: { ...order.total, minor: 0 } };
    return { ...pulled, order: { ...order, acceptance: 'awaited', payment, destination: null }, person: { shipTo: null, billTo: null } };
  };
  return (given: Channel): Channel => ({
    ...given,
    async *pullOrders(since) {
      for await (const page of given.pullOrders(since)) yield { ...page, orders: page.orders.map(told) };
    },
    acknowledgement: given.acknowledgement && {
      ...given.acknowledgement,
      async make(request, memo) {
        accepted.add(request.orderId);
        return (await given.acknowledgement?.make(request, memo)) ?? { ref: '' };
      },
    },
  });
}

test('an order that the channel gives away to who accepts it is accepted when its stock is there, and not before', async () => {
  const accepted = new Set<string>();
  const scene = await openScene({ channel: accepting(accepted), settings: acknowledging, stock: { MUG: [1, 1], LAMP: [5, 5] } });
  const key = scene.order({ lines: [{ sku: 'MUG', quantity: 3 }] });
  await scene.at('2026-11-23T09:00:00.000Z');
  await scene.engine.publish();
  await settle(scene.engine, scene.clock);
  expect(await scene.case(key)).toMatchObject({ state: 'held', holds: [{ code: 'acceptance' }], acknowledgement: 'due' });

  scene.odoo.receive({ sku: 'MUG', node: 'BER', units: 2 });
  await scene.engine.publish();
  await settle(scene.engine, scene.clock);
  expect([...accepted]).toEqual([shopOf(scene, key).id]);
});

test('authorized money is taken once, before the goods leave', async () => {
  const scene = await openScene();
  const key = scene.order({ financialStatus: 'AUTHORIZED' });
  await scene.at(morning, 'wave');

  expect(await kindsOf(scene, key)).toEqual(['write-order: done', 'buy-label: done', 'capture: done', 'ship: done', 'confirm: done']);
  expect(shopOf(scene, key)).toMatchObject({ captured: '17.8', financialStatus: 'PAID' });
  expect((await scene.case(key)).capture).toEqual({ state: 'done', amount: { minor: 1780, currency: 'EUR' } });
});

test('a capture whose answer was lost is looked up, and not made twice', async () => {
  const channel = (given: Channel): Channel => ({
    ...given,
    capture: given.capture && {
      ...given.capture,
      async make(request, memo) {
        await given.capture?.make(request, memo);
        throw silence;
      },
    },
  });
  const scene = await openScene({ channel });
  const key = scene.order({ financialStatus: 'AUTHORIZED' });
  await scene.at(morning, 'wave');
  expect(shopOf(scene, key)).toMatchObject({ captured: '17.8' });
  expect((await scene.case(key)).state).toBe('shipped');
});

test('a refused capture holds the shipment and is told to a person; once the money is there it goes', async () => {
  const channel = (given: Channel): Channel => ({
    ...given,
    capture: given.capture && { ...given.capture, make: () => Promise.reject(refusal) },
  });
  const scene = await openScene({ channel });
  const key = scene.order({ financialStatus: 'AUTHORIZED' });
  await scene.at(morning, 'wave');
  expect((await scene.case(key)).shipments[0]?.state).toBe('labelled');
  expect((await scene.openExceptions()).map(({ code }) => code)).toEqual(['capture-failed']);

  scene.shops['shop']?.setFinancialStatus(shopOf(scene, key).id, 'PAID');
  await scene.at('2026-11-23T11:00:00.000Z');
  expect((await scene.case(key)).state).toBe('shipped');
  expect(await scene.openExceptions()).toEqual([]);
});

test('what a person cancels is cancelled here, in the ERP and in the shop', async () => {
  const scene = await openScene({ channel: (given) => ({ ...given, confirmShipment: () => Promise.reject(refusal) }) });
  const key = scene.order({ lines: [{ sku: 'VASE', quantity: 1 }] });
  await scene.at('2026-11-23T09:00:00.000Z');
  const operations = createOperations(scene.context);
  const asked = { requestId: 'request-1', by: 'mia', role: 'operator', reason: 'the customer called' } as const;

  const outcome = await operations.cancelOrder(asked, { order: key, lines: [], cause: 'customer' });
  await settle(scene.engine, scene.clock);

  expect(outcome).toMatchObject({ kind: 'done', operation: 'cancel', after: { state: 'cancelled' } });
  expect(shopOf(scene, key)).toMatchObject({ cancelReason: 'CUSTOMER' });
  expect((await scene.case(key)).cancellations).toMatchObject([{ id: 'request-1', lines: null, state: 'done' }]);
});
