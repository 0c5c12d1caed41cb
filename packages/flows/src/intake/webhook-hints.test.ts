import type { Channel, ChannelReturn } from '@quartermaster/domain';
import { expect, test } from 'vitest';
import { openScene, type Scene } from '../testing/scene.ts';
import { takeWebhook } from './webhooks.ts';

/** A shop that may be read every three minutes only. */
const seldomRead = (given: Channel): Channel => ({ ...given, capabilities: { ...given.capabilities, leastPollMs: 180_000 } });

async function announce(scene: Scene) {
  const webhooks = scene.shops['shop']?.takeWebhooks() ?? [];
  for (const { body, headers } of webhooks) await takeWebhook(scene.context, 'shop', { rawBody: body, headers });
  return webhooks.length;
}

const waiting = ({ journal }: Scene) => journal.read((tx) => tx.inbox.pending(100));

test('an order that a webhook names is read at once, though its shop may not be read for minutes', async () => {
  const scene = await openScene({ channel: seldomRead });
  const key = scene.order();
  await announce(scene);

  expect(await scene.engine.announced()).toEqual(['shop']);
  expect(await scene.engine.followUp('shop')).toBe(1);

  expect((await scene.case(key)).state).toBe('open');
  expect(await waiting(scene)).toEqual([]);
  expect(await scene.engine.pull('shop')).toBeNull();
});

test('a webhook that names an order which the shop does not have is done with', async () => {
  const scene = await openScene({ channel: (given) => ({ ...seldomRead(given), getOrder: () => Promise.resolve(null) }) });
  scene.order();
  await announce(scene);
  await scene.engine.followUp('shop');
  expect(await waiting(scene)).toEqual([]);
  expect(await scene.cases()).toEqual([]);
});

test('an order of a shop that is only observed is noted, and not acted on', async () => {
  const scene = await openScene({
    channel: seldomRead,
    settings: (given) => ({ ...given, channels: given.channels.map((each) => ({ ...each, mode: 'observe' })) }),
  });
  scene.order();
  await announce(scene);
  await scene.engine.followUp('shop');
  expect(await scene.cases()).toEqual([]);
});

test('who must be forgotten by a webhook is forgotten with it, and the audit trail says who demanded it', async () => {
  const demand = { kind: 'genuine', deliveryId: 'closed-1', topic: 'ACCOUNT_DELETION', orderId: null, triggeredAt: null } as const;
  const subjects: string[] = [];
  const scene = await openScene({
    channel: (given) => ({ ...given, verifyWebhook: () => Promise.resolve({ ...demand, erase: subjects }) }),
  });
  const key = scene.order();
  await scene.at('2026-11-23T09:00:00.000Z');
  const { subject, id } = (await scene.case(key)).order;
  subjects.push(subject, 'nobody-we-know');
  const webhook = { rawBody: new Uint8Array(), headers: {} };

  const answers = [await takeWebhook(scene.context, 'shop', webhook), await takeWebhook(scene.context, 'shop', webhook)];

  expect(answers).toEqual([
    { kind: 'taken', known: false },
    { kind: 'taken', known: true },
  ]);
  expect(await scene.journal.read((tx) => tx.vault.get(subject, `person/${id}`))).toBeNull();
  expect(await scene.journal.read((tx) => tx.audit.list({ key: subject, limit: 10 }))).toMatchObject([
    { event: 'person.erased', actor: 'channel shop', detail: { reason: 'shop demands it (ACCOUNT_DELETION)' } },
  ]);
  expect(await scene.engine.announced()).toEqual([]);
});

test('what customers send back is read and kept with the order, once for each change', async () => {
  const scene = await openScene();
  const key = scene.order();
  await scene.at('2026-11-23T10:00:00.000Z', 'wave');
  const shop = scene.shops['shop'];
  const [order] = shop?.snapshot().orders ?? [];
  shop?.requestReturn(order?.id ?? '', { line: 0, units: 1 });

  expect(await scene.engine.pullReturns('shop')).toBe(1);
  await scene.engine.pullReturns('shop');

  expect((await scene.case(key)).returns).toMatchObject([{ state: 'requested', lines: [{ units: 1, sku: 'MUG' }] }]);
  const told = await scene.journal.read((tx) => tx.audit.list({ key, limit: 100 }));
  expect(told.filter(({ event }) => event === 'order.return-told').length).toBe(1);
});

test('a return of an order that we do not have is left aside', async () => {
  const strange: ChannelReturn = {
    id: 'r1',
    revision: '1',
    orderId: 'from-before',
    updatedAt: '2026-11-23T08:00:00.000Z',
    state: 'received',
    lines: [],
    refunded: null,
    trackingNumbers: [],
  };
  const returns: Channel['returns'] = {
    async *pullReturns(since) {
      yield { returns: [strange], cursor: since };
    },
  };
  const scene = await openScene({ channel: (given) => ({ ...given, returns }) });
  expect(await scene.engine.pullReturns('shop')).toBe(1);
  expect(await scene.cases()).toEqual([]);
});
