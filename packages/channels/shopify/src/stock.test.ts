import { intentMemo, withFaults } from '@quartermaster/connector-kit/sandbox';
import type { PushedLevel } from '@quartermaster/domain';
import { expect, test } from 'vitest';
import { givenShop } from './testing/shop.ts';

test('sets what may be sold per SKU and node', async () => {
  const { shop, channel } = givenShop();
  const answers = await channel.pushStock(
    [
      { sku: 'MUG', node: 'BER', available: 7, expected: 10 },
      { sku: 'MUG', node: 'PAR', available: 0, expected: 3 },
    ],
    intentMemo(),
  );
  expect(answers).toEqual([{ kind: 'set' }, { kind: 'set' }]);
  expect([shop.stock('MUG', 'Berlin').available, shop.stock('MUG', 'Paris').available]).toEqual([7, 0]);
});

test('overwrites no sale that happened meanwhile, and tells the real figure', async () => {
  const { shop, channel } = givenShop();
  shop.placeOrder({ lines: [{ sku: 'MUG', quantity: 2 }] });
  const answers = await channel.pushStock([{ sku: 'MUG', node: 'BER', available: 9, expected: 10 }], intentMemo());
  expect(answers).toEqual([{ kind: 'stale', actual: 8 }]);
  expect(shop.stock('MUG', 'Berlin').available).toBe(8);
});

test('sets a figure whatever it was when nothing is expected', async () => {
  const { shop, channel } = givenShop();
  const answers = await channel.pushStock([{ sku: 'MUG', node: 'BER', available: 9, expected: null }], intentMemo());
  expect(answers).toEqual([{ kind: 'set' }]);
  expect(shop.stock('MUG', 'Berlin').available).toBe(9);
});

test('one bad item does not keep the others from being set', async () => {
  const { shop, channel } = givenShop();
  const answers = await channel.pushStock(
    [
      { sku: 'MUG', node: 'BER', available: 7, expected: 99 },
      { sku: 'NOPE', node: 'BER', available: 1, expected: null },
      { sku: 'TEA', node: 'BER', available: -4, expected: null },
      { sku: 'TEA', node: 'LYON', available: 4, expected: null },
      { sku: 'MUG', node: 'PAR', available: 2, expected: 3 },
    ],
    intentMemo(),
  );
  expect(answers).toEqual([
    { kind: 'stale', actual: 10 },
    { kind: 'unknown-item', reason: 'no inventory item has this SKU' },
    { kind: 'refused', reason: "INVALID_QUANTITY_NEGATIVE: The quantity can't be negative." },
    { kind: 'refused', reason: 'node LYON has no Shopify location' },
    { kind: 'set' },
  ]);
  expect(shop.stock('MUG', 'Paris').available).toBe(2);
});

test('sets nothing for a SKU that two items have', async () => {
  const { shop, channel } = givenShop();
  const twin = shop.addVariant({ sku: 'MUG', title: 'Mug again', grams: 400, price: '12.90', stock: { Berlin: 1 } });
  const [answer] = await channel.pushStock([{ sku: 'MUG', node: 'BER', available: 7, expected: null }], intentMemo());
  expect(answer).toEqual({ kind: 'unknown-item', reason: `2 inventory items have this SKU: 46000000000001, ${twin.inventoryItemId}` });
  expect(shop.stock('MUG', 'Berlin').available).toBe(10);
});

test('finds an item that came after the list was read', async () => {
  const { shop, channel } = givenShop();
  await channel.pushStock([{ sku: 'MUG', node: 'BER', available: 7, expected: null }], intentMemo('before'));
  shop.addVariant({ sku: 'NEW "7"', title: 'New', grams: 1, price: '1.00', stock: { Berlin: 0 } });
  const answers = await channel.pushStock([{ sku: 'NEW "7"', node: 'BER', available: 3, expected: 0 }], intentMemo('after'));
  expect(answers).toEqual([{ kind: 'set' }]);
});

test('looks an item up once, not for each push', async () => {
  const { channel, calls } = givenShop();
  for (const key of ['a', 'b', 'c']) await channel.pushStock([{ sku: 'MUG', node: 'BER', available: 7, expected: null }], intentMemo(key));
  expect(calls).toEqual(['items.read', 'stock.set', 'stock.set', 'stock.set']);
});

test('notices after an hour that a SKU became ambiguous', async () => {
  const { shop, channel, clock } = givenShop();
  await channel.pushStock([{ sku: 'MUG', node: 'BER', available: 7, expected: null }], intentMemo('before'));
  shop.addVariant({ sku: 'MUG', title: 'Mug again', grams: 400, price: '12.90', stock: {} });
  clock.advanceTo('2026-11-21T10:00:00Z');
  const [answer] = await channel.pushStock([{ sku: 'MUG', node: 'BER', available: 7, expected: null }], intentMemo('after'));
  expect(answer?.kind).toBe('unknown-item');
});

test('pushes more levels than one request may carry', async () => {
  const { shop, channel, calls } = givenShop();
  const skus = Array.from({ length: 600 }, (_, index) => `SKU-${index}`);
  for (const sku of skus) shop.addVariant({ sku, title: sku, grams: 1, price: '1.00', stock: { Berlin: 1 } });
  const answers = await channel.pushStock(
    skus.map((sku, index) => ({ sku, node: 'BER', available: index, expected: 1 })),
    intentMemo(),
  );
  expect(new Set(answers.map((answer) => answer.kind))).toEqual(new Set(['set']));
  expect(calls.filter((call) => call === 'stock.set')).toHaveLength(3);
  expect(shop.stock('SKU-599', 'Berlin').available).toBe(599);
});

test('takes two figures for the same SKU and node one after the other', async () => {
  const { shop, channel } = givenShop();
  const answers = await channel.pushStock(
    [
      { sku: 'MUG', node: 'BER', available: 7, expected: 10 },
      { sku: 'MUG', node: 'BER', available: 6, expected: 7 },
    ],
    intentMemo(),
  );
  expect(answers).toEqual([{ kind: 'set' }, { kind: 'set' }]);
  expect(shop.stock('MUG', 'Berlin').available).toBe(6);
});

test.each(['2026-07', '2026-10'])('stocks an item at a node that did not have it, in version %s', async (apiVersion) => {
  const { shop, channel } = givenShop({}, { apiVersion });
  const answers = await channel.pushStock(
    [
      { sku: 'TEA', node: 'PAR', available: 5, expected: null },
      { sku: 'MUG', node: 'PAR', available: 1, expected: 3 },
    ],
    intentMemo(),
  );
  expect(answers).toEqual([{ kind: 'set' }, { kind: 'set' }]);
  expect(shop.stock('TEA', 'Paris').available).toBe(5);
});

test.each(['drop-after', 'error-after'] as const)('sets stock once when the answer is lost (%s)', async (fault) => {
  const { shop, channel } = givenShop({}, {}, (app) => withFaults(app, (call) => (call === 1 ? fault : null)));
  const answers = await channel.pushStock([{ sku: 'MUG', node: 'BER', available: 7, expected: 10 }], intentMemo());
  expect(answers).toEqual([{ kind: 'set' }]);
  expect(shop.stock('MUG', 'Berlin').available).toBe(7);
});

test('an intent that is tried again does not undo a sale that came after its first, lost success', async () => {
  let lose = true;
  const { shop, channel } = givenShop({}, { attempts: 1 }, (app) => withFaults(app, (call) => (call === 1 && lose ? 'drop-after' : null)));
  const push = () => channel.pushStock([{ sku: 'MUG', node: 'BER', available: 7, expected: 10 }], intentMemo());
  await expect(push()).rejects.toMatchObject({ code: 'unreachable', facts: { outcome: 'unknown' } });
  lose = false;
  shop.placeOrder({ lines: [{ sku: 'MUG', quantity: 3 }] });
  expect(await push()).toEqual([{ kind: 'set' }]);
  expect(shop.stock('MUG', 'Berlin').available).toBe(4);
});

test('an intent with a bad item comes to the same end when it is tried again after a lost answer', async () => {
  const { shop, channel } = givenShop({}, { attempts: 1 }, (app) => withFaults(app, (call) => (call === 2 ? 'drop-after' : null)));
  const levels = [
    { sku: 'MUG', node: 'BER', available: 7, expected: 99 },
    { sku: 'TEA', node: 'BER', available: 4, expected: 10 },
  ];
  await expect(channel.pushStock(levels, intentMemo())).rejects.toMatchObject({ code: 'unreachable' });
  const answers: PushedLevel[] = await channel.pushStock(levels, intentMemo());
  // Whether the four were set by the lost request or are left after sales, nobody can tell.
  expect(answers).toEqual([
    { kind: 'stale', actual: 10 },
    { kind: 'set', was: 4 },
  ]);
  expect(shop.stock('TEA', 'Berlin').available).toBe(4);
});

test('another intent with the same figures is another request', async () => {
  const { shop, channel } = givenShop();
  const level = { sku: 'MUG', node: 'BER', available: 7, expected: null };
  await channel.pushStock([level], intentMemo('monday'));
  shop.placeOrder({ lines: [{ sku: 'MUG', quantity: 1 }] });
  await channel.pushStock([level], intentMemo('tuesday'));
  expect(shop.stock('MUG', 'Berlin').available).toBe(7);
});
