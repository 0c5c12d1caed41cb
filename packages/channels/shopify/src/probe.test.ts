import { expect, test } from 'vitest';
import { givenShop } from './testing/shop.ts';

test('says which shop and version answer, and that nothing stands in the way', async () => {
  const { channel } = givenShop();
  expect(await channel.probe()).toEqual({ account: 'acme (API 2026-10)', problems: [] });
});

test('names missing scopes, but not a read scope that its write scope contains', async () => {
  const { channel } = givenShop({ scopes: ['read_customers', 'write_inventory', 'read_locations', 'write_orders', 'read_payment_terms'] });
  expect((await channel.probe()).problems).toEqual([
    'missing scopes: write_order_edits, read_returns, read_products, read_merchant_managed_fulfillment_orders, write_merchant_managed_fulfillment_orders',
  ]);
});

test('names nodes whose location the shop does not have', async () => {
  const { channel } = givenShop({}, { locations: { BER: 'gid://shopify/Location/80000000001', LYON: '4711' } });
  expect((await channel.probe()).problems).toEqual(['node LYON: the shop has no location 4711']);
});

test('notices that another version answered than was asked for', async () => {
  const { channel } = givenShop({}, { apiVersion: '2025-10' });
  expect((await channel.probe()).problems).toEqual(['asked for API version 2025-10, answered by 2026-04']);
});

test('notices a token of another shop', async () => {
  const { channel } = givenShop({ shop: 'other' });
  expect((await channel.probe()).problems).toEqual(['the token belongs to other.myshopify.com, not to acme.myshopify.com']);
});

test('fails with an unauthorized fault when the token is wrong', async () => {
  const { channel } = givenShop({}, { accessToken: 'wrong' });
  await expect(channel.probe()).rejects.toMatchObject({ code: 'unauthorized' });
});
