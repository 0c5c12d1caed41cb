import { intentMemo } from '@quartermaster/connector-kit/sandbox';
import type { StockLevel } from '@quartermaster/domain';
import { expect, test } from 'vitest';
import { givenSeller } from './testing/shop.ts';

const level = (sku: string, available: number, node = '*'): StockLevel => ({ sku, node, available, expected: null });
const many = Array.from({ length: 160 }, (_, nth) => `SKU-${nth}`);

test('a change that Amazon accepted is looked at until it is there', async () => {
  const { channel, shop } = givenSeller({ applyMs: 12_000 });
  expect([await channel.pushStock([level('MUG', 4)], intentMemo()), shop.stock('MUG')?.quantity]).toEqual([[{ kind: 'set' }], 4]);
});

test('a level that is there already is not sent', async () => {
  const { channel, events } = givenSeller();
  await channel.pushStock([level('MUG', 10)], intentMemo());
  expect(events.some(({ operation }) => operation === 'patchListingsItem')).toBe(false);
});

test('what else is said of availability stays', async () => {
  const { channel, shop } = givenSeller();
  shop.addListing({ sku: 'CUP', title: 'Cup', price: '3.00', quantity: 1, leadTime: 5 });
  await channel.pushStock([level('CUP', 4)], intentMemo());
  expect(shop.stock('CUP')).toEqual({ quantity: 4, leadTime: 5 });
});

test('a SKU with a slash, a hash or a comma is one, in the path and in the look-up', async () => {
  const { channel, shop } = givenSeller();
  const skus = ['A/B', 'C#D', 'E,F'];
  for (const sku of skus) shop.addListing({ sku, title: sku, price: '3.00' });
  const pushed = await channel.pushStock(
    skus.map((sku) => level(sku, 2)),
    intentMemo(),
  );
  const shown = await channel.shownStock(skus.map((sku) => ({ sku, node: '*' })));
  expect([pushed.map(({ kind }) => kind), shown]).toEqual([
    ['set', 'set', 'set'],
    [2, 2, 2],
  ]);
});

test('a level of one node is refused, since Amazon keeps one figure for all', async () => {
  const { channel } = givenSeller();
  expect(await channel.pushStock([level('MUG', 4, 'BER'), level('TEA', 3)], intentMemo())).toMatchObject([
    { kind: 'refused' },
    { kind: 'set' },
  ]);
});

test('many levels go as one feed', async () => {
  const { channel, events, shop } = givenSeller();
  for (const sku of many) shop.addListing({ sku, title: sku, price: '1.00' });
  const pushed = await channel.pushStock(
    many.map((sku, index) => level(sku, index)),
    intentMemo(),
  );
  expect(new Set(pushed.map(({ kind }) => kind))).toEqual(new Set(['set']));
  expect(many.map((sku) => shop.stock(sku)?.quantity)).toEqual(many.map((_, index) => index));
  expect(events.filter(({ operation }) => operation === 'createFeed').length).toBe(1);
});

test('a SKU that a feed takes without a word, and that is not listed, is told as unknown', async () => {
  const { channel, shop } = givenSeller();
  for (const sku of many) shop.addListing({ sku, title: sku, price: '1.00' });
  shop.removeListing('SKU-7');
  const pushed = await channel.pushStock(
    many.map((sku) => level(sku, 3)),
    intentMemo(),
  );
  expect(pushed.flatMap(({ kind }, index) => (kind === 'set' ? [] : [[many[index], kind]]))).toEqual([['SKU-7', 'unknown-item']]);
});

test('a feed that is not through after some minutes is not said to be', async () => {
  const { channel, shop } = givenSeller({ processMs: 3_600_000 });
  for (const sku of many) shop.addListing({ sku, title: sku, price: '1.00' });
  const pushing = channel.pushStock(
    many.map((sku) => level(sku, 3)),
    intentMemo(),
  );
  await expect(pushing).rejects.toMatchObject({ code: 'timeout', facts: { outcome: 'unknown', retry: { kind: 'after' } } });
});

test('an intent whose feed took too long waits for that feed, and hands in no second one', async () => {
  const { channel, events, shop } = givenSeller({ processMs: 600_000 });
  for (const sku of many) shop.addListing({ sku, title: sku, price: '1.00' });
  const refs: Record<string, string> = {};
  const kept = { ...intentMemo(), refs, saveRefs: async (more: Readonly<Record<string, string>>) => void Object.assign(refs, more) };
  const push = () =>
    channel.pushStock(
      many.map((sku) => level(sku, 3)),
      kept,
    );
  await expect(push()).rejects.toMatchObject({ code: 'timeout' });
  const pushed = await push();
  expect([new Set(pushed.map(({ kind }) => kind)), events.filter(({ operation }) => operation === 'createFeed').length]).toEqual([
    new Set(['set']),
    1,
  ]);
});

test('more listings than one search shows are all read', async () => {
  const { channel, clock, shop } = givenSeller();
  for (let nth = 0; nth < 1_250; nth++) {
    await clock.sleep(1_000);
    shop.addListing({ sku: `SKU-${nth}`, title: 'Thing', price: '1.00' });
  }
  let count = 0;
  for await (const page of channel.listings?.() ?? []) count += page.length;
  expect(count).toBe(1_252);
});
