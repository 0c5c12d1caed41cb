import { expect, test } from 'vitest';
import { ada, givenShop, webhookSecret } from './testing/shop.ts';
import { webhookTopics } from './subscriptions.ts';

const address = 'https://qm.example/hook';
const aMug = { lines: [{ sku: 'MUG', quantity: 1 }], address: ada };

test('a new subscription is tried with an unsigned form, which is answered and forgotten', async () => {
  const { shop, channel } = givenShop();
  await channel.subscriptions?.ensure(address);
  const verdicts = await Promise.all(shop.takeWebhooks().map(({ body, headers }) => channel.verifyWebhook(body, headers)));
  expect(verdicts).toEqual(webhookTopics.map(() => ({ kind: 'ping' })));
});

test.each(['webhook_id=7&x=1', 'webhook_id=', '{"id":7}', ''])('unsigned, %s is no ping', async (text) => {
  const { channel } = givenShop();
  expect(await channel.verifyWebhook(new TextEncoder().encode(text), {})).toMatchObject({ kind: 'rejected' });
});

test('an order that was made and changed twice before the shop delivers is told twice, as it is now', async () => {
  const { shop, channel } = givenShop();
  await channel.subscriptions?.ensure(address);
  shop.takeWebhooks();
  const id = shop.placeOrder(aMug);
  shop.writeCustomerNote(id, 'one');
  shop.writeCustomerNote(id, 'two');
  const deliveries = shop.takeWebhooks();
  const verdicts = await Promise.all(deliveries.map(({ body, headers }) => channel.verifyWebhook(body, headers)));
  expect(verdicts.map((verdict) => verdict.kind === 'genuine' && [verdict.topic, verdict.orderId])).toEqual([
    ['order.updated', id],
    ['order.created', id],
  ]);
});

test("two orders of one second share the shop's delivery id, and have two of ours", async () => {
  const { shop, channel } = givenShop();
  await channel.subscriptions?.ensure(address);
  shop.takeWebhooks();
  shop.placeOrder({ ...aMug, paid: false });
  shop.placeOrder({ ...aMug, paid: false });
  const deliveries = shop.takeWebhooks();
  const verdicts = await Promise.all(deliveries.map(({ body, headers }) => channel.verifyWebhook(body, headers)));
  const theirs = deliveries.map(({ headers }) => headers['x-wc-webhook-delivery-id']);
  const ours = verdicts.map((verdict) => (verdict.kind === 'genuine' ? verdict.deliveryId : null));
  expect([new Set(theirs).size, new Set(ours).size]).toEqual([1, 2]);
});

test('while the secret is being changed both are taken', async () => {
  const { shop, channel } = givenShop({}, { webhookSecret: ['new', webhookSecret] });
  shop.addWebhook({ topic: 'order.created', url: address, secret: webhookSecret });
  shop.addWebhook({ topic: 'order.created', url: address, secret: 'new' });
  shop.addWebhook({ topic: 'order.created', url: address, secret: 'stranger' });
  shop.placeOrder(aMug);
  const verdicts = await Promise.all(shop.takeWebhooks().map(({ body, headers }) => channel.verifyWebhook(body, headers)));
  expect(verdicts.map(({ kind }) => kind)).toEqual(['genuine', 'genuine', 'rejected']);
});

test('the seventh delivery that fails turns a webhook off without a word, and only a look at its health tells', async () => {
  const { shop, channel } = givenShop();
  await channel.subscriptions?.ensure(address);
  const states = [];
  for (let nth = 1; nth <= 7; nth++) {
    shop.failDeliveries();
    states.push((await channel.subscriptions?.health(address))?.[0]?.state);
  }
  expect(states).toEqual(['active', 'active', 'active', 'active', 'active', 'active', 'disabled']);
});

test('one that was turned off is made anew, and bears six failures again', async () => {
  const { shop, channel } = givenShop();
  await channel.subscriptions?.ensure(address);
  for (let nth = 1; nth <= 7; nth++) shop.failDeliveries();
  const { done } = (await channel.subscriptions?.ensure(address)) ?? {};
  for (let nth = 1; nth <= 6; nth++) shop.failDeliveries();
  expect([done?.length, (await channel.subscriptions?.health(address))?.map(({ state }) => state)]).toEqual([
    4,
    ['active', 'active', 'active', 'active'],
  ]);
});

test('webhooks of others are left alone', async () => {
  const { shop, channel } = givenShop();
  shop.addWebhook({ topic: 'order.created', url: 'https://accountant.example/', secret: 'theirs' });
  for (let nth = 1; nth <= 7; nth++) shop.failDeliveries();
  await channel.subscriptions?.ensure(address);
  expect((await channel.subscriptions?.health('https://accountant.example/'))?.[0]).toMatchObject({
    topic: 'order.created',
    state: 'disabled',
  });
});

test('an order that was put into the trash is named by its webhook', async () => {
  const { shop, channel } = givenShop();
  await channel.subscriptions?.ensure(address);
  const id = shop.placeOrder(aMug);
  shop.takeWebhooks();
  shop.trashOrder(id);
  const [{ body, headers } = { body: new Uint8Array(), headers: {} }] = shop.takeWebhooks();
  expect(await channel.verifyWebhook(body, headers)).toMatchObject({ kind: 'genuine', topic: 'order.deleted', orderId: id });
});

test.each(['http://127.0.0.1/hook', 'https://qm.example:8443/hook', 'http://192.168.1.7/hook'])(
  'the shop calls nobody at %s, and after seven orders has turned the webhook off',
  async (unreachable) => {
    const { shop, channel } = givenShop();
    await channel.subscriptions?.ensure(unreachable);
    let delivered = 0;
    for (let nth = 0; nth < 7; nth++) {
      shop.placeOrder({ ...aMug, paid: false });
      delivered += shop.takeWebhooks().length;
    }
    const [created] = (await channel.subscriptions?.health(unreachable)) ?? [];
    expect([delivered, created?.state]).toEqual([0, 'disabled']);
  },
);
