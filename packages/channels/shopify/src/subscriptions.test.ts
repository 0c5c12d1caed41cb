import { mapListings, type Listing } from '@quartermaster/domain';
import { expect, test } from 'vitest';
import { neededTopics } from './subscriptions.ts';
import { givenShop, token } from './testing/shop.ts';

const address = 'https://qm.example/webhooks/acme';

function givenSubscriptions() {
  const given = givenShop();
  const { subscriptions } = given.channel;
  if (subscriptions === null) throw new RangeError('no subscriptions');
  const ask = (query: string) =>
    given.shop.app(
      new Request('https://acme.myshopify.com/admin/api/2026-10/graphql.json', {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'x-shopify-access-token': token },
        body: JSON.stringify({ query }),
      }),
    );
  return { ...given, subscriptions, ask };
}

test('all topics that we need are subscribed, each once', async () => {
  const { shop, subscriptions } = givenSubscriptions();
  await subscriptions.ensure(address);
  await subscriptions.ensure(address);
  expect(shop.subscriptions()).toEqual(neededTopics.map((topic) => ({ topic, uri: address })));
});

test('a subscription that somebody narrowed down is disabled, and is put right without another one', async () => {
  const { shop, subscriptions, ask } = givenSubscriptions();
  await ask(
    `mutation { webhookSubscriptionCreate(topic: ORDERS_UPDATED, webhookSubscription: { uri: "${address}", format: JSON, filter: "total_price:>100" }) { userErrors { message } } }`,
  );
  const before = await subscriptions.health(address);
  await subscriptions.ensure(address);
  expect(before.find(({ topic }) => topic === 'ORDERS_UPDATED')?.state).toBe('disabled');
  expect((await subscriptions.health(address)).every(({ state }) => state === 'active')).toBe(true);
  expect(shop.subscriptions()).toHaveLength(neededTopics.length);
});

test('subscriptions of another address are left alone, and are not ours', async () => {
  const { shop, subscriptions } = givenSubscriptions();
  await subscriptions.ensure('https://other.example/hooks');
  expect((await subscriptions.health(address)).every(({ state }) => state === 'missing')).toBe(true);
  expect(shop.subscriptions().every(({ uri }) => uri === 'https://other.example/hooks')).toBe(true);
});

test('an address without https is refused in words', async () => {
  const { subscriptions } = givenSubscriptions();
  await expect(subscriptions.ensure('http://qm.example/hooks')).rejects.toMatchObject({
    code: 'refused',
    message: expect.stringContaining('http'),
  });
});

test('what cannot be bought any more does not count against the variant that has its SKU', async () => {
  const { shop, channel } = givenShop();
  shop.addVariant({ sku: 'MUG', title: 'Old mug', grams: 400, price: '9.90', stock: {}, status: 'ARCHIVED' });
  shop.addVariant({ sku: 'TEA', title: 'Tea to come', grams: 100, price: '4.50', stock: {}, status: 'DRAFT' });
  const all: Listing[] = [];
  for await (const page of channel.listings?.() ?? []) all.push(...page);
  const map = mapListings(all);
  expect(map.bySku.get('MUG')?.title).toBe('Mug');
  expect(map.duplicates.map(({ sku, listings }) => [sku, listings.map(({ state }) => state)])).toEqual([['TEA', ['active', 'inactive']]]);
});
