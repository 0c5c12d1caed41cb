import { everyNode, type NodeId, type PushedLevel, type StockLevel } from '@quartermaster/domain';
import assert from 'node:assert/strict';
import { asAWorkerDoes, faultOf } from './asking.ts';
import { intentMemo } from '../sandbox/intent-memo.ts';
import type { ChannelRule } from './channel.ts';
import { withOneFaultAnywhere } from './one-fault.ts';
import type { ChannelSubject } from './subject.ts';

const mugs = (node: NodeId, available: number, expected: number | null = null): StockLevel => ({ sku: 'MUG', node, available, expected });

/** Where the suite publishes: one node of those that the channel tells apart, or all of them together. */
const placeOf = ({ lacks }: ChannelSubject): NodeId => (lacks['stock-per-node'] === undefined ? 'BER' : everyNode);

export const stockCases: readonly ChannelRule[] = [
  {
    title: 'a published level is what a customer can buy, and what the channel shows',
    needs: [],
    async check(subject) {
      const place = placeOf(subject);
      const { channel, shop } = await subject.open();
      assert.deepEqual(await channel.pushStock([mugs(place, 7), { ...mugs(place, 2), sku: 'TEA' }], intentMemo()), [
        { kind: 'set' },
        { kind: 'set' },
      ]);
      assert.deepEqual([await shop.stockOf('MUG', place), await shop.stockOf('TEA', place)], [7, 2]);
      assert.deepEqual(
        await channel.shownStock([
          { sku: 'TEA', node: place },
          { sku: 'MUG', node: place },
        ]),
        [2, 7],
      );
    },
  },
  {
    title: 'nothing left is published as nothing',
    needs: [],
    async check(subject) {
      const place = placeOf(subject);
      const { channel, shop } = await subject.open();
      assert.deepEqual(kinds(await channel.pushStock([mugs(place, 0)], intentMemo())), ['set']);
      assert.equal(await shop.stockOf('MUG', place), 0);
    },
  },
  {
    title: 'one item that the channel does not list holds up no other',
    needs: [],
    async check(subject) {
      const place = placeOf(subject);
      const { channel, shop } = await subject.open();
      const pushed = await channel.pushStock(
        [mugs(place, 4), { ...mugs(place, 1), sku: 'NOT-THERE' }, { ...mugs(place, 5), sku: 'TEA' }],
        intentMemo(),
      );
      assert.deepEqual(kinds(pushed), ['set', 'unknown-item', 'set']);
      assert.deepEqual([await shop.stockOf('MUG', place), await shop.stockOf('TEA', place)], [4, 5]);
      assert.deepEqual(await channel.shownStock([{ sku: 'NOT-THERE', node: place }]), [null]);
    },
  },
  {
    title: 'a node that the channel has no place for is refused, and nothing is guessed',
    needs: ['stock-per-node'],
    async check(subject) {
      const place = placeOf(subject);
      const { channel } = await subject.open();
      assert.deepEqual(kinds(await channel.pushStock([{ ...mugs(place, 4), node: 'NOWHERE' }], intentMemo())), ['refused']);
    },
  },
  {
    title: 'each node has its own level',
    needs: ['stock-per-node'],
    async check(subject) {
      const place = placeOf(subject);
      const { channel, shop } = await subject.open();
      await channel.pushStock([mugs(place, 1), { ...mugs(place, 2), node: 'PAR' }], intentMemo());
      assert.deepEqual([await shop.stockOf('MUG', place), await shop.stockOf('MUG', 'PAR')], [1, 2]);
    },
  },
  {
    title: 'a level is not set over one that the shop changed meanwhile',
    needs: ['compare-and-set'],
    async check(subject) {
      const place = placeOf(subject);
      const { channel, shop } = await subject.open();
      await shop.setStock('MUG', place, 6);
      const pushed = await channel.pushStock([mugs(place, 9, 10), { ...mugs(place, 8, 10), sku: 'TEA' }], intentMemo());
      assert.deepEqual(pushed, [{ kind: 'stale', actual: 6 }, { kind: 'set' }]);
      assert.equal(await shop.stockOf('MUG', place), 6);
    },
  },
  {
    title: 'the same intent twice is the same as once, whatever came of its first answer',
    needs: [],
    async check(subject) {
      await withOneFaultAnywhere(
        subject,
        async () => undefined,
        async ({ channel, shop }, _given, where) => {
          const memo = intentMemo();
          const levels = [mugs(placeOf(subject), 7, 10)];
          const make = () => channel.pushStock(levels, memo);
          const find = () => assert.fail('never asked');
          const first = await asAWorkerDoes('natural', { make, find });
          const second = await asAWorkerDoes('natural', { make, find });
          assert.deepEqual([kinds(first), kinds(second), await shop.stockOf('MUG', placeOf(subject))], [['set'], ['set'], 7], where);
        },
      );
    },
  },
  {
    title: 'many levels go in as few calls as the channel takes',
    needs: ['listings'],
    async check(subject) {
      const place = placeOf(subject);
      const bench = await subject.open();
      const { channel, shop } = bench;
      assert.ok(shop.addListing !== undefined, 'the subject can list things');
      const size = Math.min(200, channel.capabilities.maxStockBatch);
      const skus = Array.from({ length: size }, (_, nth) => `SKU-${nth}`);
      for (const sku of skus) await shop.addListing({ sku, title: sku });
      await channel.pushStock([mugs(place, 1)], intentMemo('warm'));
      const before = bench.exchanges.length;
      const pushed = await channel.pushStock(
        skus.map((sku) => ({ ...mugs(place, 3), sku })),
        intentMemo(),
      );
      assert.deepEqual(new Set(kinds(pushed)), new Set(['set']));
      const calls = bench.exchanges.length - before;
      assert.ok(calls <= size / 10, `${calls} calls for ${size} levels`);
    },
  },
  {
    title: 'a negative level is refused before it is sent',
    needs: [],
    async check(subject) {
      const place = placeOf(subject);
      const { channel } = await subject.open();
      const outcome = await Promise.allSettled([channel.pushStock([mugs(place, -1)], intentMemo())]);
      const [only] = outcome;
      if (only.status === 'fulfilled') assert.deepEqual(kinds(only.value), ['refused']);
      else assert.equal((await faultOf(Promise.reject(only.reason))).facts.outcome, 'not-applied');
    },
  },
];

function kinds(pushed: readonly PushedLevel[]): string[] {
  return pushed.map(({ kind }) => kind);
}
