import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import type { Journal } from '../journal.ts';
import { after, claim, given, intent, noon, shop } from './givens.ts';

/** What may be forgotten, and what not. Everything happens at noon; it is pruned a minute later. */
export function retentionContract(journal: () => Journal): void {
  const prune = (change: { before?: string; limit?: number; states?: string[]; forgotten?: Record<string, string[]> } = {}) =>
    journal().transaction((tx) =>
      tx.retention.prune({
        before: change.before ?? after(60),
        limit: change.limit ?? 100,
        ended: { order: change.states ?? ['shipped'] },
        ...(change.forgotten === undefined ? {} : { forgotten: change.forgotten }),
      }),
    );
  const order = (key: string, state: string, at = noon) =>
    journal().transaction((tx) => tx.records.put('order', key, { state, body: {}, at, version: 0 }));
  const done = async (...keys: string[]) => {
    for (const key of keys) await given(journal(), intent(`${key}/label`, { orderKey: key }));
    for (const { id, token } of await claim(journal())) {
      await journal().transaction(async (tx) => {
        await tx.intents.saveRaw(id, token, 'the answer');
        await tx.intents.finish(id, token, {});
      });
    }
  };
  const intentKeys = async () => (await journal().read((tx) => tx.intents.list({ limit: 100 }))).map(({ key }) => key);
  const decide = (id: string, at: string) =>
    journal().transaction((tx) => tx.decisions.save({ id, kind: 'wave', at, inputsHash: 'h', inputs: [], outcome: {} }));

  describe('retention', () => {
    test('forgets finished intents of orders that are over, with their raw answers', async () => {
      await order('o1', 'shipped');
      await done('o1');
      expect(await prune()).toMatchObject({ intents: 1, rawAnswers: 1 });
      expect(await intentKeys()).toEqual([]);
    });

    test('keeps every intent of an order that is not over', async () => {
      await order('o1', 'open');
      await done('o1');
      expect(await prune()).toMatchObject({ intents: 0, rawAnswers: 0 });
      expect(await intentKeys()).toEqual(['o1/label']);
    });

    test('keeps what ended lately, and the intents of orders that did', async () => {
      await order('o1', 'shipped', after(60));
      await done('o1', 'o2');
      expect(await prune({ before: noon })).toMatchObject({ intents: 0 });
      expect(await prune()).toMatchObject({ intents: 1 });
      expect(await intentKeys()).toEqual(['o1/label']);
    });

    test('keeps finished intents beside one of their order that is not finished', async () => {
      await done('o1');
      await given(journal(), intent('o1/confirm', { orderKey: 'o1', state: 'planned' }));
      expect(await prune()).toMatchObject({ intents: 0 });
    });

    test('goes on in steps of bounded size until nothing is left', async () => {
      await done('o1', 'o2', 'o3');
      expect([(await prune({ limit: 2 })).intents, (await prune({ limit: 2 })).intents, (await prune({ limit: 2 })).intents]).toEqual([
        2, 1, 0,
      ]);
    });

    test('forgets arrivals that were handled, and no others', async () => {
      const arrival = { scope: shop, kind: 'order', vendorId: '17', subject: null, body: {}, receivedAt: noon };
      await journal().transaction(async (tx) => {
        await tx.inbox.add({ ...arrival, revision: '1' });
        await tx.inbox.add({ ...arrival, revision: '2' });
        const [first] = await tx.inbox.pending(1);
        await tx.inbox.markHandled(first?.id ?? 0);
      });
      expect(await prune()).toMatchObject({ arrivals: 1 });
      expect(await journal().read((tx) => tx.inbox.pending(9))).toMatchObject([{ revision: '2' }]);
    });

    test('forgets exceptions that were resolved, and no others', async () => {
      const raise = (subjectKey: string) => ({ code: 'late', subjectKey, owner: 'ann', reason: 'late', at: noon });
      await journal().transaction(async (tx) => {
        await tx.exceptions.raise(raise('o1'));
        await tx.exceptions.raise(raise('o2'));
        await tx.exceptions.resolve({ code: 'late', subjectKey: 'o1' }, { by: 'ann', reason: 'done', at: noon });
      });
      expect(await prune()).toMatchObject({ exceptions: 1 });
      expect(await journal().read((tx) => tx.exceptions.list({ limit: 9 }))).toMatchObject([{ subjectKey: 'o2' }]);
    });

    test('keeps every decision since the oldest order began that is not over', async () => {
      await decide('before it', after(-20));
      await order('o1', 'open', after(-10));
      await decide('since', after(-5));
      expect(await prune()).toMatchObject({ decisions: 1 });
      expect(await journal().read((tx) => tx.decisions.get('since'))).not.toBeNull();
    });

    test('forgets records themselves where their kind and state say so, in steps, and no younger ones', async () => {
      const note = (key: string, state: string, at = noon) =>
        journal().transaction((tx) => tx.records.put('drift', key, { state, body: {}, at, version: 0 }));
      await note('a', 'closed');
      await note('b', 'closed');
      await note('c', 'open');
      await note('d', 'closed', after(60));
      await order('o1', 'shipped');
      const forgotten = { drift: ['closed'] };
      expect([(await prune({ forgotten, limit: 1 })).records, (await prune({ forgotten })).records]).toEqual([1, 1]);
      const keys = async (kind: string) =>
        (await journal().read((tx) => tx.records.list(kind, z.unknown(), { limit: 9 }))).map(({ key }) => key);
      expect([await keys('drift'), await keys('order')]).toEqual([['c', 'd'], ['o1']]);
    });

    test('leaves the audit trail as it is', async () => {
      await journal().transaction((tx) => tx.audit.append({ at: noon, actor: 'ann', event: 'order.held', key: 'o1' }));
      await prune({ states: [] });
      expect(await journal().read((tx) => tx.audit.verifyChain())).toMatchObject({ kind: 'whole', rows: 1 });
    });
  });
}
