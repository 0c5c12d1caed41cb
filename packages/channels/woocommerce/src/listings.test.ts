import type { Listing } from '@quartermaster/domain';
import { expect, test } from 'vitest';
import { givenShop, type Given } from './testing/shop.ts';

test('a product with variations is its variations, named as in orders', async () => {
  const given = givenShop();
  const parent = given.shop.addProduct({ sku: '', name: 'Shirt', price: '10', stock: null, type: 'variable' });
  given.shop.addProduct({ sku: 'SHIRT-S', name: 'S', price: '10', stock: 1, parent });
  given.shop.addProduct({ sku: 'AD', name: 'Elsewhere', price: '1', stock: null, type: 'external' });
  given.shop.addProduct({ sku: 'SOON', name: 'Soon', price: '1', stock: 1, status: 'draft' });
  expect((await listed(given)).map(({ sku, title, state }) => [sku, title, state])).toEqual([
    ['MUG', 'Mug', 'active'],
    ['TEA', 'Tea', 'active'],
    ['SOON', 'Soon', 'inactive'],
    ['SHIRT-S', 'Shirt - S', 'active'],
  ]);
});

test('of a shop before 10.3 the variations of each product are read', async () => {
  const given = givenShop({ hasVariationsRoute: false });
  const parent = given.shop.addProduct({ sku: '', name: 'Shirt', price: '10', stock: null, type: 'variable' });
  given.shop.addProduct({ sku: 'SHIRT-S', name: 'S', price: '10', stock: 1, parent });
  expect((await listed(given)).map(({ title }) => title)).toContain('Shirt - S');
});

test('nothing is missed when products are deleted while the list is read', async () => {
  const given = givenShop();
  const ids = Array.from({ length: 350 }, (_, nth) => given.shop.addProduct({ sku: `SKU-${nth}`, name: `${nth}`, price: '1', stock: 1 }));
  const read = new Set<string>();
  let page = 0;
  for await (const listings of given.channel.listings?.() ?? []) {
    for (const { id } of listings) read.add(id);
    for (const id of ids.slice(page * 40, page * 40 + 40)) given.shop.removeProduct(id);
    page++;
  }
  const left = ids.slice(page * 40).map(String);
  expect(left.filter((id) => !read.has(id))).toEqual([]);
});

async function listed({ channel }: Given): Promise<Listing[]> {
  const all: Listing[] = [];
  for await (const page of channel.listings?.() ?? []) all.push(...page);
  return all;
}
