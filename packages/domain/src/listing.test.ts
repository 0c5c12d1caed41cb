import { expect, test } from 'vitest';
import { mapListings, type Listing } from './listing.ts';

const listing = (id: string, sku: string | null, state: Listing['state'] = 'active'): Listing => ({
  id,
  sku,
  title: `Listing ${id}`,
  state,
});

test('each SKU has its listing', () => {
  const map = mapListings([listing('1', 'MUG'), listing('2', 'TEA')]);
  expect([...map.bySku].map(([sku, { id }]) => [sku, id])).toEqual([
    ['MUG', '1'],
    ['TEA', '2'],
  ]);
});

test('two listings of one SKU are told, and neither is taken for it', () => {
  const map = mapListings([listing('1', 'MUG'), listing('2', 'MUG', 'inactive')]);
  expect([map.bySku.size, map.duplicates.map(({ sku, listings }) => [sku, listings.map(({ id }) => id)])]).toEqual([
    0,
    [['MUG', ['1', '2']]],
  ]);
});

test('a listing that ended does not stand in the way of one that can be bought', () => {
  const map = mapListings([listing('1', 'MUG', 'ended'), listing('2', 'MUG')]);
  expect([map.bySku.get('MUG')?.id, map.duplicates]).toEqual(['2', []]);
});

test.each([null, '', '  '])('a listing whose SKU is %j has none', (sku) => {
  expect(mapListings([listing('1', sku)]).unmapped.map(({ id }) => id)).toEqual(['1']);
});

test('a SKU is the same with blanks around it', () => {
  expect(mapListings([listing('1', ' MUG ')]).bySku.get('MUG')?.id).toBe('1');
});
