import { describe, expect, test } from 'vitest';
import type { Journal } from '../journal.ts';
import { claimOne, given, intent, noon, shop } from './givens.ts';

/** What is counted where it lies. */
export function countsContract(journal: () => Journal): void {
  const order = (key: string, state: string) =>
    journal().transaction((tx) => tx.records.put('order', key, { state, body: {}, at: noon, version: 0 }));
  const raise = (subjectKey: string, owner = 'ann') =>
    journal().transaction((tx) => tx.exceptions.raise({ code: 'ship-failed', subjectKey, owner, reason: 'no', at: noon }));

  describe('counts', () => {
    test('unfinished intents by connection, kind and state; finished ones not at all', async () => {
      const erp = { ...shop, connection: 'erp' };
      await given(journal(), intent('a'), intent('b'), intent('c', { scope: erp, kind: 'ship' }), intent('d', { state: 'planned' }));
      const { id, token } = await claimOne(journal());
      await journal().transaction((tx) => tx.intents.finish(id, token, {}));

      expect(await journal().read((tx) => tx.counts.unfinishedIntents())).toEqual([
        { connection: 'erp', kind: 'ship', state: 'ready', count: 1, oldestAt: noon },
        { connection: 'shop', kind: 'label', state: 'planned', count: 1, oldestAt: noon },
        { connection: 'shop', kind: 'label', state: 'ready', count: 1, oldestAt: noon },
      ]);
    });

    test('open exceptions by code and owner', async () => {
      for (const subject of ['a', 'b']) await raise(subject);
      await raise('c', 'ben');
      await journal().transaction((tx) =>
        tx.exceptions.resolve({ code: 'ship-failed', subjectKey: 'a' }, { by: 'ann', reason: 'done', at: noon }),
      );

      expect(await journal().read((tx) => tx.counts.openExceptions())).toEqual([
        { code: 'ship-failed', owner: 'ann', count: 1, oldestAt: noon },
        { code: 'ship-failed', owner: 'ben', count: 1, oldestAt: noon },
      ]);
    });

    test('records that wait for their time, by state; what waits for nothing not at all', async () => {
      const put = (key: string, state: string, waits: boolean) =>
        journal().transaction((tx) =>
          tx.records.put('parcel', key, { state, body: {}, at: noon, version: 0, ...(waits ? { due: { queue: 'post', at: noon } } : {}) }),
        );
      for (const key of ['a', 'b']) await put(key, 'in-transit', true);
      await put('c', 'delivered', false);

      expect(await journal().read((tx) => tx.counts.waitingRecords('parcel'))).toEqual(new Map([['in-transit', 2]]));
    });

    test('arrivals that wait, of all and of one connection up to a bound', async () => {
      await journal().transaction(async (tx) => {
        for (const vendorId of ['1', '2', '3'])
          await tx.inbox.add({ scope: shop, kind: 'webhook', vendorId, revision: 'r', subject: null, body: {}, receivedAt: noon });
        await tx.inbox.add({
          scope: shop,
          kind: 'order',
          vendorId: '1',
          revision: 'r',
          subject: null,
          body: {},
          receivedAt: noon,
          handledAt: noon,
        });
      });
      const waiting = (connection: string, upTo: number) =>
        journal().read((tx) => tx.counts.arrivals({ kind: 'webhook', connection, upTo }));

      expect(await journal().read((tx) => tx.counts.pendingArrivals())).toEqual([
        { connection: 'shop', kind: 'webhook', count: 3, oldestAt: noon },
      ]);
      expect([await waiting('shop', 10), await waiting('shop', 2), await waiting('other', 10)]).toEqual([3, 2, 0]);
    });

    test('records of a channel in some states, and of no other channel whose name begins alike, up to a bound', async () => {
      for (const key of ['t/c/shop/order/1', 't/c/shop/order/2', 't/c/shop-eu/order/1', 't/c/shop0/order/1']) await order(key, 'open');
      await order('t/c/shop/order/3', 'held');
      await order('t/c/shop/order/4', 'shipped');
      const count = (upTo: number) =>
        journal().read((tx) => tx.counts.records('order', { states: ['open', 'held'], prefix: 't/c/shop/', upTo }));

      expect([await count(10), await count(3), await count(1)]).toEqual([3, 3, 1]);
      await expect(journal().read((tx) => tx.counts.records('order', { states: ['open'], prefix: 't/c/shop', upTo: 1 }))).rejects.toThrow(
        RangeError,
      );
    });

    test('intents of a channel on their way: what is dead or over is not', async () => {
      await given(journal(), ...['1', '2', '3'].map((id) => intent(`t/c/shop/order/${id}`)), intent('t/c/shop-eu/order/1'));
      const dead = await claimOne(journal());
      await journal().transaction((tx) => tx.intents.kill(dead.id, dead.token, { code: 'timeout' }));
      const count = (upTo: number) => journal().read((tx) => tx.counts.intentsOnTheirWay({ prefix: 't/c/shop/', upTo }));

      expect([await count(10), await count(1)]).toEqual([2, 1]);
    });

    test('tokens of a bucket: all at first, less what was taken, and never less than none', async () => {
      const rate = { capacity: 5, refillPerSecond: 0.001 };
      const left = async () => Math.round(await journal().read((tx) => tx.counts.tokens('retries', rate)));
      const before = await left();
      for (let take = 0; take < 2; take += 1) await journal().transaction((tx) => tx.buckets.take('retries', rate));
      const between = await left();
      for (let take = 0; take < 5; take += 1) await journal().transaction((tx) => tx.buckets.take('retries', rate));

      expect([before, between, await left()]).toEqual([5, 3, 0]);
    });
  });
}
