import { expect, test } from 'vitest';
import { givenShop } from './testing/shop.ts';

test('a shop in which nothing stands in the way has no problems', async () => {
  expect(await givenShop().channel.probe()).toEqual({ account: 'Sandbox shop', problems: [] });
});

test('what would make an operation fail or have no effect is told before it does', async () => {
  const { channel } = givenShop({ currency: 'JPY', decimals: 2, managesStock: false }, { fulfillments: true });
  expect((await channel.probe()).problems).toEqual([
    'prices have 2 decimals, and JPY has 0: totals between its smallest units cannot be read',
    'stock management is off, so no level that is published has an effect',
    'the feature `fulfillments` is off',
  ]);
});
