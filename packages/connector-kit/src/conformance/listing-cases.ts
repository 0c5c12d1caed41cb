import { mapListings, type Channel, type Listing } from '@quartermaster/domain';
import assert from 'node:assert/strict';
import { intentMemo } from '../sandbox/intent-memo.ts';
import type { ChannelRule } from './channel.ts';

export const listingCases: readonly ChannelRule[] = [
  {
    title: 'all that the channel lists is read by SKU',
    needs: ['listings'],
    async check(subject) {
      const { channel, shop } = await subject.open();
      assert.ok(shop.addListing !== undefined, 'the subject can list things');
      for (let nth = 0; nth < 130; nth++) await shop.addListing({ sku: `SKU-${nth}`, title: `Thing ${nth}` });
      const map = mapListings(await allListings(channel));
      assert.equal(map.bySku.size, 132);
      assert.deepEqual([map.duplicates, map.unmapped], [[], []]);
    },
  },
  {
    title: 'a listing without a SKU is told',
    needs: ['listings', 'listings-without-sku'],
    async check(subject) {
      const { channel, shop } = await subject.open();
      assert.ok(shop.addListing !== undefined, 'the subject can list things');
      await shop.addListing({ sku: null, title: 'Nameless' });
      const map = mapListings(await allListings(channel));
      assert.equal(map.bySku.size, 2);
      assert.deepEqual(
        map.unmapped.map(({ title }) => title),
        ['Nameless'],
      );
    },
  },
  {
    title: 'two listings of one SKU are told apart, and no level is guessed for them',
    needs: ['listings', 'duplicate-skus'],
    async check(subject) {
      const { channel, shop } = await subject.open();
      assert.ok(shop.addListing !== undefined, 'the subject can list things');
      await shop.addListing({ sku: 'TWICE', title: 'One' });
      await shop.addListing({ sku: 'TWICE', title: 'Other' });
      const map = mapListings(await allListings(channel));
      assert.deepEqual(
        map.duplicates.map(({ sku, listings }) => [sku, listings.map(({ title }) => title).sort()]),
        [['TWICE', ['One', 'Other']]],
      );
      const node = channel.capabilities.stockPerNode ? 'BER' : '*';
      const [pushed] = await channel.pushStock([{ sku: 'TWICE', node, available: 3, expected: null }], intentMemo());
      assert.equal(pushed?.kind, 'unknown-item');
    },
  },
];

async function allListings(channel: Channel): Promise<Listing[]> {
  assert.ok(channel.listings !== null, 'the channel lacks listings, and does not say so');
  const all: Listing[] = [];
  for await (const page of channel.listings()) all.push(...page);
  return all;
}
