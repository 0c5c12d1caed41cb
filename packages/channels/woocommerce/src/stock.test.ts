import { intentMemo } from '@quartermaster/connector-kit/sandbox';
import type { StockLevel } from '@quartermaster/domain';
import { expect, test } from 'vitest';
import { ada, givenShop } from './testing/shop.ts';

const level = (sku: string, available = 3): StockLevel => ({ sku, node: '*', available, expected: null });

test('variations go to their product, since the shop refuses them among products', async () => {
  const { shop, channel, exchanges } = givenShop();
  for (const product of ['SHIRT', 'CAP']) {
    const parent = shop.addProduct({ sku: '', name: product, price: '10', stock: null, type: 'variable' });
    for (const size of ['S', 'M']) shop.addProduct({ sku: `${product}-${size}`, name: size, price: '10', stock: 1, parent });
  }
  const skus = ['SHIRT-S', 'MUG', 'CAP-M', 'SHIRT-M', 'CAP-S'];
  const pushed = await channel.pushStock(
    skus.map((sku, at) => level(sku, at + 1)),
    intentMemo(),
  );
  expect([pushed.map(({ kind }) => kind), skus.map((sku) => shop.stock(sku)), exchanges.length]).toEqual([
    ['set', 'set', 'set', 'set', 'set'],
    [1, 2, 3, 4, 5],
    4,
  ]);
});

test('an item whose stock was not managed is managed from then on, or the level would have no effect', async () => {
  const { shop, channel } = givenShop();
  shop.addProduct({ sku: 'CARD', name: 'Card', price: '2', stock: null });
  expect([await channel.pushStock([level('CARD', 5)], intentMemo()), shop.stock('CARD')]).toEqual([[{ kind: 'set' }], 5]);
});

test('where the shop manages no stock at all, a level without effect is told as refused', async () => {
  const { channel } = givenShop({ managesStock: false });
  expect((await channel.pushStock([level('MUG')], intentMemo())).map(({ kind }) => kind)).toEqual(['refused']);
});

test('a product with variations has no stock of its own, also where its variations show its SKU', async () => {
  const { shop, channel } = givenShop();
  const parent = shop.addProduct({ sku: 'SHIRT', name: 'Shirt', price: '10', stock: null, type: 'variable' });
  shop.addProduct({ sku: '', name: 'S', price: '10', stock: 1, parent });
  expect((await channel.pushStock([level('SHIRT')], intentMemo())).map(({ kind }) => kind)).toEqual(['unknown-item']);
});

test('an item that was made anew under its SKU is found again, and one that is gone is told', async () => {
  const { shop, channel } = givenShop();
  const [cup, jar] = ['CUP', 'JAR'].map((sku) => shop.addProduct({ sku, name: sku, price: '1', stock: 1 }));
  await channel.pushStock([level('CUP'), level('JAR')], intentMemo());
  shop.removeProduct(cup ?? 0);
  shop.removeProduct(jar ?? 0);
  shop.addProduct({ sku: 'CUP', name: 'Cup', price: '1', stock: 1 });
  const pushed = await channel.pushStock([level('CUP', 9), level('JAR', 9), level('MUG', 9)], intentMemo());
  expect([pushed.map(({ kind }) => kind), shop.stock('CUP'), shop.stock('MUG')]).toEqual([['set', 'unknown-item', 'set'], 9, 9]);
});

test('of a SKU with a comma only the whole is looked for', async () => {
  const { shop, channel } = givenShop();
  shop.addProduct({ sku: 'MUG,TEA', name: 'Set', price: '15', stock: 1 });
  await channel.pushStock([level('MUG,TEA', 4)], intentMemo());
  expect([shop.stock('MUG,TEA'), shop.stock('MUG'), shop.stock('TEA')]).toEqual([4, 10, 10]);
});

test('a level that is no whole number, negative, or of a node of its own is refused before anything is sent', async () => {
  const { channel, exchanges } = givenShop();
  const pushed = await channel.pushStock([level('MUG', 2.5), level('MUG', -1), { ...level('MUG'), node: 'BER' }], intentMemo());
  expect([pushed.map(({ kind }) => kind), exchanges.length]).toEqual([['refused', 'refused', 'refused'], 0]);
});

test('two hundred and fifty known items take three calls, and none is looked up again within the hour', async () => {
  const { shop, channel, exchanges } = givenShop();
  const skus = Array.from({ length: 250 }, (_, nth) => `SKU-${nth}`);
  for (const sku of skus) shop.addProduct({ sku, name: sku, price: '1', stock: 0 });
  await channel.pushStock(
    skus.map((sku) => level(sku, 1)),
    intentMemo(),
  );
  const before = exchanges.length;
  await channel.pushStock(
    skus.map((sku) => level(sku, 2)),
    intentMemo(),
  );
  expect([exchanges.length - before, shop.stock('SKU-249')]).toEqual([3, 2]);
});

test('what a customer buys is taken off the stock by the shop itself, as soon as it is paid', async () => {
  const { shop, channel } = givenShop();
  const order = { lines: [{ sku: 'MUG', quantity: 3 }], address: ada };
  shop.placeOrder({ ...order, paid: false });
  shop.placeOrder(order);
  expect(await channel.shownStock([{ sku: 'MUG', node: '*' }])).toEqual([7]);
});
