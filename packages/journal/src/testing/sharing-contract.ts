import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import type { Journal } from '../journal.ts';
import { ConflictError } from '../journal-error.ts';
import { after, noon, shop } from './givens.ts';

type Given = () => Journal;
/** Sets the clock of the journal to so many seconds after noon. */
type MoveTo = (seconds: number) => void;

/** What processes share through the journal. */
export function sharingContract(journal: Given, moveTo: MoveTo): void {
  leaseContract(journal, moveTo);
  fencedCursorContract(journal, moveTo);
  bucketContract(journal, moveTo);
  circuitContract(journal, moveTo);
  replicaContract(journal, moveTo);
}

const minute = 60_000;

function leaseContract(journal: Given, moveTo: MoveTo): void {
  const take = (holder: string) => journal().transaction((tx) => tx.leases.take('orders of shop', holder, minute));
  const renew = (fence: number) => journal().transaction((tx) => tx.leases.renew({ name: 'orders of shop', fence }, minute));
  const release = (fence: number) => journal().transaction((tx) => tx.leases.release({ name: 'orders of shop', fence }));

  describe('leases', () => {
    test('are held by one at a time, also against the same holder', async () => {
      expect([await take('a'), await take('b'), await take('a')]).toEqual([1, null, null]);
    });

    test('may be taken by another when they have run out, and their fence rises', async () => {
      await take('a');
      moveTo(60);
      expect(await take('b')).toBe(2);
    });

    test('are kept by renewing them in time', async () => {
      await take('a');
      moveTo(59);
      expect(await renew(1)).toBe(true);
      moveTo(118);
      expect(await take('b')).toBeNull();
    });

    test('may be renewed late as long as nobody else came', async () => {
      await take('a');
      moveTo(300);
      expect([await renew(1), await take('b')]).toEqual([true, null]);
    });

    test('are free at once when they are released, and their fence goes on rising', async () => {
      await take('a');
      expect([await release(1), await take('b')]).toEqual([true, 2]);
    });

    test('are not renewed or released by who has lost them', async () => {
      await take('a');
      moveTo(60);
      await take('b');
      expect([await renew(1), await release(1), await take('c')]).toEqual([false, false, null]);
    });

    test('are not renewed once they are released', async () => {
      await take('a');
      await release(1);
      expect(await renew(1)).toBe(false);
    });

    test('let nothing be written in their name by who has lost them', async () => {
      await take('a');
      moveTo(60);
      await take('b');
      const late = journal().transaction(async (tx) => {
        await tx.schedules.claimSlot('report', 'today', noon);
        await tx.leases.guard({ name: 'orders of shop', fence: 1 });
      });
      await expect(late).rejects.toBeInstanceOf(ConflictError);
      expect(await journal().transaction((tx) => tx.schedules.claimSlot('report', 'today', noon))).toBe(true);
    });

    test('are listed with who has them', async () => {
      await take('a');
      expect(await journal().read((tx) => tx.leases.list())).toEqual([{ name: 'orders of shop', holder: 'a', fence: 1, until: after(60) }]);
    });
  });
}

function fencedCursorContract(journal: Given, moveTo: MoveTo): void {
  const position = z.object({ page: z.string() });
  const set = (page: string, fence: number) =>
    journal().transaction((tx) => tx.cursors.set(shop, 'orders', { page }, { name: 'reader', fence }));

  describe('cursors under a lease', () => {
    test('are moved by who holds it', async () => {
      await journal().transaction((tx) => tx.leases.take('reader', 'a', minute));
      await set('a', 1);
      expect(await journal().read((tx) => tx.cursors.get(shop, 'orders', position))).toEqual({ page: 'a' });
    });

    test('are not moved back by who has lost it', async () => {
      await journal().transaction((tx) => tx.leases.take('reader', 'a', minute));
      moveTo(60);
      await journal().transaction((tx) => tx.leases.take('reader', 'b', minute));
      await set('b', 2);
      await expect(set('a', 1)).rejects.toBeInstanceOf(ConflictError);
      expect(await journal().read((tx) => tx.cursors.get(shop, 'orders', position))).toEqual({ page: 'b' });
    });
  });
}

function bucketContract(journal: Given, moveTo: MoveTo): void {
  const rate = { capacity: 4, refillPerSecond: 2 };
  const take = (tokens?: number) => journal().transaction((tx) => tx.buckets.take('shop', rate, tokens));
  const granted = { kind: 'granted' };

  describe('token buckets', () => {
    test('are full at first, and say when the next token is there', async () => {
      const answers = [await take(), await take(), await take(), await take(), await take()];
      expect(answers).toEqual([granted, granted, granted, granted, { kind: 'later', afterMs: 500 }]);
    });

    test('fill up with time, and never beyond their capacity', async () => {
      await take(4);
      moveTo(3_600);
      expect([await take(4), await take()]).toEqual([granted, { kind: 'later', afterMs: 500 }]);
    });

    test('give several at once or none', async () => {
      await take(2);
      expect([await take(3), await take(2)]).toEqual([{ kind: 'later', afterMs: 500 }, granted]);
    });

    test('take back what was not used, and hold no more for it than they can', async () => {
      const giveBack = (tokens: number) => journal().transaction((tx) => tx.buckets.giveBack('shop', rate, tokens));
      await take(4);
      await giveBack(3);
      const answers = [await take(3), await take()];
      await giveBack(100);
      expect([...answers, await take(4), await take()]).toEqual([
        granted,
        { kind: 'later', afterMs: 500 },
        granted,
        { kind: 'later', afterMs: 500 },
      ]);
    });

    test('refuse what they can never hold', async () => {
      await expect(take(5)).rejects.toBeInstanceOf(RangeError);
    });

    test('are one for each name', async () => {
      await take(4);
      expect(await journal().transaction((tx) => tx.buckets.take('another shop', rate))).toEqual(granted);
    });
  });
}

function circuitContract(journal: Given, moveTo: MoveTo): void {
  const open = () => journal().transaction((tx) => tx.circuits.open(shop, { forMs: minute, reason: 'it does not answer' }));
  const probe = () => journal().transaction((tx) => tx.circuits.probe(shop, minute));

  describe('circuits', () => {
    test('count failures until the connection works again', async () => {
      const counts = await journal().transaction(async ({ circuits }) => {
        const before = [await circuits.noteFailure(shop), await circuits.noteFailure(shop)];
        await circuits.close(shop);
        return [...before, await circuits.noteFailure(shop)];
      });
      expect(counts).toEqual([1, 2, 1]);
    });

    test('let nobody probe before their time', async () => {
      await open();
      moveTo(59);
      expect(await probe()).toBe(false);
    });

    test('let one probe when their time has come, and the next when that one is lost', async () => {
      await open();
      moveTo(60);
      const first = [await probe(), await probe()];
      moveTo(120);
      expect([...first, await probe()]).toEqual([true, false, true]);
    });

    test('are told with their reason while they are not closed', async () => {
      await open();
      expect(await journal().read((tx) => tx.circuits.broken())).toEqual([
        { scope: shop, state: 'open', until: after(60), failures: 0, reason: 'it does not answer' },
      ]);
    });

    test('that are closed let everything pass and need no probe', async () => {
      await open();
      await journal().transaction((tx) => tx.circuits.close(shop));
      moveTo(60);
      expect(await probe()).toBe(false);
      expect(await journal().read((tx) => tx.circuits.get(shop))).toMatchObject({ state: 'closed', until: null });
    });
  });
}

function replicaContract(journal: Given, moveTo: MoveTo): void {
  const beat = (id: string, holds: string[]) =>
    journal().transaction((tx) => tx.replicas.beat({ id, name: `process ${id}`, startedAt: noon, holds }));

  describe('replicas', () => {
    test('are known by their last heartbeat and what they hold', async () => {
      await beat('1', []);
      moveTo(5);
      await beat('1', ['orders of shop']);
      expect(await journal().read((tx) => tx.replicas.list())).toEqual([
        { id: '1', name: 'process 1', startedAt: noon, lastSeen: after(5), holds: ['orders of shop'] },
      ]);
    });

    test('that leave, and those that were silent for long, are forgotten', async () => {
      await beat('left', []);
      await beat('died', []);
      moveTo(60);
      await beat('lives', []);
      const forgotten = await journal().transaction(async ({ replicas }) => {
        await replicas.leave('left');
        return replicas.forget(minute);
      });
      expect(forgotten).toBe(1);
      expect(await journal().read((tx) => tx.replicas.list())).toMatchObject([{ id: 'lives' }]);
    });
  });
}
