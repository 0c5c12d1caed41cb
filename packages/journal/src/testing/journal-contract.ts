import { InvariantError, type Clock } from '@quartermaster/domain';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import type { Journal } from '../journal.ts';
import { ConflictError } from '../journal-error.ts';
import { after, claim, claimOne, given, intent, movableClock, noon, shop, type MovableClock } from './givens.ts';
import { countsContract } from './counts-contract.ts';
import { retentionContract } from './retention-contract.ts';
import { sharingContract } from './sharing-contract.ts';

export type ContractHome = {
  readonly home: string;
  /** Gives a new, empty journal with `masterKey` and this clock, by which leases go, too. */
  readonly open: (clock: Clock) => Promise<Journal>;
  /** One process alone may write it. */
  readonly aloneInIt: boolean;
};

/** What every home of the journal must do. */
export function journalContract({ home, open, aloneInIt }: ContractHome): void {
  describe(`journal ${home}`, () => {
    let journal: Journal;
    let clock: MovableClock;
    beforeEach(async () => {
      clock = movableClock();
      journal = await open(clock);
    });
    afterEach(() => journal.close());

    transactionContract(() => journal);
    inboxContract(() => journal);
    cursorContract(() => journal);
    recordContract(() => journal);
    intentContract(() => journal);
    leaseContract(() => journal);
    recoveryContract(() => journal, aloneInIt);
    peopleContract(() => journal);
    exceptionContract(() => journal);
    scheduleContract(() => journal);
    auditContract(() => journal);
    decisionContract(() => journal);
    vaultContract(() => journal);
    sharingContract(
      () => journal,
      (seconds) => clock.moveTo(after(seconds)),
    );
    retentionContract(() => journal);
    countsContract(() => journal);
    restorationContract(() => journal);
  });
}

type Given = () => Journal;

const order = z.object({ total: z.int() });

function restorationContract(journal: Given): void {
  describe('a journal that came back from a backup', () => {
    test('knows the world until its last audit row, until it is settled, once', async () => {
      await journal().transaction((tx) => tx.audit.append({ at: noon, actor: 'test', event: 'fact', key: 'a' }));
      expect(await journal().read((tx) => tx.restoration.get())).toBeNull();
      await journal().transaction((tx) => tx.restoration.begin());
      expect(await journal().read((tx) => tx.restoration.get())).toEqual({ knowsUntil: noon, settledAt: null });
      expect(await journal().transaction((tx) => tx.restoration.settle(noon))).toBe(true);
      expect(await journal().transaction((tx) => tx.restoration.settle(noon))).toBe(false);
      expect(await journal().read((tx) => tx.restoration.get())).toEqual({ knowsUntil: noon, settledAt: noon });
    });

    test('looks up what only reading back makes safe before it goes, and nothing else', async () => {
      await journal().transaction(async (tx) => {
        await tx.intents.add({ ...intent('label'), orderKey: 'one', safety: 'read-back' });
        await tx.intents.add({ ...intent('order'), orderKey: 'two', safety: 'claim' });
      });
      expect(await journal().transaction((tx) => tx.intents.doubt(noon))).toBe(1);
      const claimed = await journal().transaction(async (tx) => ({
        due: await tx.intents.claim({ worker: 'w', now: noon, limit: 10, leaseMs: 1_000 }),
        unknown: await tx.intents.claimUnknown({ worker: 'w', now: noon, limit: 10, leaseMs: 1_000 }),
      }));
      expect(claimed.due.map(({ key }) => key)).toEqual(['order']);
      expect(claimed.unknown.map(({ key, inDoubt }) => [key, inDoubt])).toEqual([['label', true]]);
    });

    test('puts what is known from elsewhere beside an intent that is not done', async () => {
      await journal().transaction((tx) =>
        tx.intents.add({ ...intent('label'), refs: { made: '1' }, state: 'unknown', safety: 'read-back' }),
      );
      expect(await journal().transaction((tx) => tx.intents.knownRefs('label', { bought: '2' }))).toBe(true);
      expect(await journal().transaction((tx) => tx.intents.knownRefs('nothing', { bought: '2' }))).toBe(false);
      expect(await journal().read((tx) => tx.intents.find('label'))).toMatchObject({
        state: 'unknown',
        inDoubt: true,
        refs: { made: '1', bought: '2' },
      });
    });
  });
}

function transactionContract(journal: Given): void {
  describe('transactions', () => {
    test('keep nothing when the work throws', async () => {
      const broken = journal().transaction(async (tx) => {
        await tx.intents.add(intent('a'));
        throw new Error('half-way');
      });
      await expect(broken).rejects.toThrow('half-way');
      expect(await journal().read((tx) => tx.intents.find('a'))).toBeNull();
    });

    test('take turns when they are begun at once', async () => {
      await journal().transaction((tx) => tx.records.put('counter', 'c', { state: 'open', body: { total: 0 }, at: noon, version: 0 }));
      const increment = () =>
        journal().transaction(async (tx) => {
          const record = await tx.records.get('counter', 'c', order);
          if (record === null) throw new Error('no counter');
          await tx.records.put('counter', 'c', {
            state: 'open',
            body: { total: record.body.total + 1 },
            at: noon,
            version: record.version,
          });
        });
      await Promise.all(Array.from({ length: 20 }, increment));
      expect(await journal().read((tx) => tx.records.get('counter', 'c', order))).toMatchObject({ version: 21, body: { total: 20 } });
    });

    test('refuse to be begun inside one another', async () => {
      const nested = journal().transaction(() => journal().transaction((tx) => tx.intents.add(intent('a'))));
      await expect(nested).rejects.toMatchObject({ code: 'nested-transaction' });
    });

    test('refuse a read inside them', async () => {
      const nested = journal().transaction(() => journal().read((tx) => tx.intents.find('a')));
      await expect(nested).rejects.toMatchObject({ code: 'nested-transaction' });
    });

    test('may be begun by what a transaction has set going, once it is over', async () => {
      let later = Promise.resolve<'new' | 'known'>('known');
      const gate = Promise.withResolvers<void>();
      await journal().transaction(async () => {
        later = gate.promise.then(() => journal().transaction((tx) => tx.intents.add(intent('a'))));
      });
      gate.resolve();
      expect(await later).toBe('new');
    });

    test('refuse a statement that comes after their end', async () => {
      const leaked = await journal().transaction(async (tx) => () => tx.intents.add(intent('a')));
      await expect(leaked()).rejects.toThrow(Error);
      expect(await journal().read((tx) => tx.intents.find('a'))).toBeNull();
    });

    test.each([0, 1, 2, 3, 4])('never let a statement slip out of them that somebody did not await (%i ticks late)', async (ticks) => {
      let forgotten: Promise<unknown> = Promise.resolve();
      const broken = journal().transaction((tx) => {
        forgotten = tick(ticks)
          .then(() => tx.schedules.claimSlot('daily-report', '2026-11-21', noon))
          .catch(() => 'refused');
        return Promise.reject(new Error('half-way'));
      });
      await expect(broken).rejects.toThrow('half-way');
      await forgotten;
      expect(await journal().transaction((tx) => tx.schedules.claimSlot('daily-report', '2026-11-21', noon))).toBe(true);
    });

    test('refuse to begin when the journal is closed', async () => {
      await journal().close();
      await expect(journal().transaction((tx) => tx.intents.add(intent('a')))).rejects.toMatchObject({ code: 'closed' });
    });

    test('that run when the journal is closed are finished first', async () => {
      const running = journal().transaction((tx) => tx.intents.add(intent('a')));
      await journal().close();
      expect(await running).toBe('new');
    });
  });
}

/** Lets that many turns of the microtask queue pass. */
async function tick(times: number): Promise<void> {
  for (let turn = 0; turn < times; turn += 1) await Promise.resolve();
}

function inboxContract(journal: Given): void {
  const arrival = { scope: shop, kind: 'order', vendorId: '17', revision: '1', subject: 'p1', body: { total: 5 }, receivedAt: noon };

  describe('inbox', () => {
    test('takes the same revision once', async () => {
      const answers = await journal().transaction(async (tx) => [await tx.inbox.add(arrival), await tx.inbox.add(arrival)]);
      expect(answers).toEqual(['new', 'known']);
    });

    test('tells the same order id of two shops apart', async () => {
      const elsewhere = { ...arrival, scope: { ...shop, connection: 'other-shop' } };
      const answers = await journal().transaction(async (tx) => [await tx.inbox.add(arrival), await tx.inbox.add(elsewhere)]);
      expect(answers).toEqual(['new', 'new']);
    });

    test('hands out what is not handled, oldest first', async () => {
      const left = await journal().transaction(async (tx) => {
        for (const revision of ['3', '1', '2']) await tx.inbox.add({ ...arrival, revision });
        const [first] = await tx.inbox.pending(1);
        await tx.inbox.markHandled(first?.id ?? 0);
        return tx.inbox.pending(10);
      });
      expect(left).toMatchObject([
        { ...arrival, revision: '1' },
        { ...arrival, revision: '2' },
      ]);
    });

    test('is handled once', async () => {
      const answers = await journal().transaction(async (tx) => {
        await tx.inbox.add(arrival);
        const [entry] = await tx.inbox.pending(1);
        return [await tx.inbox.markHandled(entry?.id ?? 0), await tx.inbox.markHandled(entry?.id ?? 0)];
      });
      expect(answers).toEqual([true, false]);
    });
  });
}

function cursorContract(journal: Given): void {
  const position = z.object({ page: z.string() });

  describe('cursors', () => {
    test('are null before the first page', async () => {
      expect(await journal().read((tx) => tx.cursors.get(shop, 'orders', position))).toBeNull();
    });

    test('give back the last position of their own stream', async () => {
      await journal().transaction(async (tx) => {
        await tx.cursors.set(shop, 'orders', { page: 'a' });
        await tx.cursors.set(shop, 'orders', { page: 'b' });
        await tx.cursors.set(shop, 'refunds', { page: 'c' });
      });
      expect(await journal().read((tx) => tx.cursors.get(shop, 'orders', position))).toEqual({ page: 'b' });
    });
  });
}

function recordContract(journal: Given): void {
  const put = (key: string, state: string, version = 0) =>
    journal().transaction((tx) => tx.records.put('order', key, { state, body: { total: 1 }, at: noon, version }));

  describe('records', () => {
    test('rise by one version with each change', async () => {
      expect([await put('o1', 'open'), await put('o1', 'shipped', 1)]).toEqual([1, 2]);
    });

    test('refuse a change that was decided on an older version', async () => {
      await put('o1', 'open');
      await put('o1', 'held', 1);
      await expect(put('o1', 'shipped', 1)).rejects.toBeInstanceOf(ConflictError);
    });

    test('refuse to be made twice', async () => {
      await put('o1', 'open');
      await expect(put('o1', 'open')).rejects.toBeInstanceOf(ConflictError);
    });

    test('keep when they were made and when they changed', async () => {
      await put('o1', 'open');
      await journal().transaction((tx) => tx.records.put('order', 'o1', { state: 'held', body: { total: 2 }, at: after(5), version: 1 }));
      expect(await journal().read((tx) => tx.records.get('order', 'o1', order))).toEqual({
        kind: 'order',
        key: 'o1',
        state: 'held',
        version: 2,
        body: { total: 2 },
        createdAt: noon,
        changedAt: after(5),
      });
    });

    test('are listed by key in pages, some states only', async () => {
      await put('o3', 'open');
      await put('o1', 'open');
      await put('o2', 'held');
      const states = ['open'];
      const first = await journal().read((tx) => tx.records.list('order', order, { states, limit: 1 }));
      const second = await journal().read((tx) => tx.records.list('order', order, { states, limit: 1, after: 'o1' }));
      expect([...first, ...second].map((record) => record.key)).toEqual(['o1', 'o3']);
    });

    test('are found by what people call them, as they call it now', async () => {
      const called = (key: string, name: string, version: number) =>
        journal().transaction((tx) => tx.records.put('order', key, { state: 'open', body: { total: 1 }, at: noon, name, version }));
      await called('o2', '#1001', 0);
      await called('o1', '#1001', 0);
      await called('o3', '#1001', 0);
      await called('o3', '#1003', 1);
      await put('o4', 'open');
      const found = await journal().read((tx) => tx.records.list('order', order, { name: '#1001', limit: 9 }));
      expect(found.map(({ key }) => key)).toEqual(['o1', 'o2']);
    });

    test('that wait for their time are found when it has come, the longest due first, and in their own queue', async () => {
      const wait = (key: string, queue: string, seconds: number, version = 0) =>
        journal().transaction((tx) =>
          tx.records.put('parcel', key, { state: 'open', body: { total: 1 }, at: noon, due: { queue, at: after(seconds) }, version }),
        );
      await wait('p1', 'post', 60);
      await wait('p2', 'post', 30);
      await wait('p3', 'other', 0);
      await wait('p4', 'post', 61);
      await wait('p5', 'post', 0);
      await journal().transaction((tx) => tx.records.put('parcel', 'p5', { state: 'done', body: { total: 1 }, at: noon, version: 1 }));
      const due = (limit: number) => journal().read((tx) => tx.records.due('parcel', order, { queue: 'post', now: after(60), limit }));
      expect([(await due(9)).map(({ key }) => key), (await due(1)).map(({ key }) => key)]).toEqual([['p2', 'p1'], ['p2']]);
    });

    test('of no states at all are none', async () => {
      await put('o1', 'open');
      expect(await journal().read((tx) => tx.records.list('order', order, { states: [], limit: 9 }))).toEqual([]);
    });

    test('that are read again say what was written last, and what a reader holds stays as it was', async () => {
      await put('o1', 'open');
      const before = await journal().transaction((tx) => tx.records.get('order', 'o1', order));
      await journal().transaction((tx) => tx.records.put('order', 'o1', { state: 'open', body: { total: 2 }, at: noon, version: 1 }));
      const now = await journal().transaction((tx) => tx.records.get('order', 'o1', order));
      expect([before?.body, now?.body]).toEqual([{ total: 1 }, { total: 2 }]);
    });

    test('that a transaction wrote and did not keep were never read', async () => {
      await put('o1', 'open');
      const broken = journal().transaction(async (tx) => {
        await tx.records.put('order', 'o1', { state: 'open', body: { total: 2 }, at: noon, version: 1 });
        await tx.records.get('order', 'o1', order);
        throw new Error('half-way');
      });
      await expect(broken).rejects.toThrow('half-way');
      expect(await journal().read((tx) => tx.records.get('order', 'o1', order))).toMatchObject({ version: 1, body: { total: 1 } });
    });

    test('are counted by state', async () => {
      await put('o1', 'open');
      await put('o2', 'open');
      await put('o3', 'held');
      expect(await journal().read((tx) => tx.records.count('order'))).toEqual(
        new Map([
          ['held', 1],
          ['open', 2],
        ]),
      );
    });

    test('are refused when the body is not what the reader expects', async () => {
      await put('o1', 'open');
      await expect(journal().read((tx) => tx.records.get('order', 'o1', z.object({ weight: z.int() })))).rejects.toThrow(z.ZodError);
    });
  });
}

function intentContract(journal: Given): void {
  const claimedKeys = async (now = noon) => (await claim(journal(), now)).map((claimed) => claimed.key);

  describe('intents', () => {
    test('are planned once, whatever has become of them', async () => {
      await given(journal(), intent('a'));
      const { id, token } = await claimOne(journal());
      const again = await journal().transaction(async (tx) => {
        await tx.intents.finish(id, token, {});
        return tx.intents.add(intent('a', { state: 'planned' }));
      });
      expect(again).toBe('known');
      expect(await journal().read((tx) => tx.intents.find('a'))).toMatchObject({ state: 'done' });
    });

    test('go oldest first', async () => {
      await given(journal(), intent('b', { runAt: after(-1) }), intent('a', { runAt: after(-9) }));
      expect(await claimedKeys()).toEqual(['b', 'a']);
    });

    test('go one after the other within their order', async () => {
      await given(journal(), intent('a', { orderKey: 'o' }), intent('b', { orderKey: 'o' }), intent('c', { orderKey: 'p' }));
      expect(await claimedKeys()).toEqual(['a', 'c']);
    });

    test('wait for an earlier one of their order that is only planned', async () => {
      await given(journal(), intent('a', { orderKey: 'o', state: 'planned' }), intent('b', { orderKey: 'o' }));
      expect(await claimedKeys()).toEqual([]);
    });

    test('wait for an earlier one of their order that is due later', async () => {
      await given(journal(), intent('a', { orderKey: 'o', runAt: after(60) }), intent('b', { orderKey: 'o' }));
      expect(await claimedKeys()).toEqual([]);
    });

    test('go when a person let them', async () => {
      await given(journal(), intent('a', { state: 'planned' }));
      const { id } = (await journal().read((tx) => tx.intents.find('a'))) ?? { id: 0 };
      expect(await journal().transaction((tx) => tx.intents.makeReady(id))).toBe(true);
      expect(await claimedKeys()).toEqual(['a']);
    });

    test('are claimed by kind, and not for a connection that is busy', async () => {
      const elsewhere = { ...shop, connection: 'busy-shop' };
      await given(journal(), intent('a', { kind: 'stock' }), intent('b', { scope: elsewhere }), intent('c'));
      const claimed = await journal().transaction((tx) =>
        tx.intents.claim({ worker: 'w', now: noon, limit: 9, leaseMs: 1, kinds: ['label'], busyConnections: ['busy-shop'] }),
      );
      expect(claimed.map(({ key }) => key)).toEqual(['c']);
    });

    test('count their attempts', async () => {
      await given(journal(), intent('a'));
      const { id, token } = await claimOne(journal());
      await journal().transaction((tx) => tx.intents.retry(id, token, { runAt: noon, outcome: 'not-applied', fault: null }));
      expect(await claim(journal())).toMatchObject([{ attempt: 2 }]);
    });

    test('tell when the next one that nothing holds back falls due', async () => {
      await given(
        journal(),
        intent('now'),
        intent('late', { runAt: after(90) }),
        intent('first', { orderKey: 'o', runAt: after(60) }),
        intent('held-back', { orderKey: 'o', runAt: after(30) }),
        intent('planned', { runAt: after(10), state: 'planned' }),
      );
      expect(await journal().read((tx) => tx.intents.nextRunAt(noon))).toBe(after(60));
    });

    test('tell when the next lookup falls due', async () => {
      await given(journal(), intent('a'));
      const { id, token } = await claimOne(journal());
      await journal().transaction((tx) => tx.intents.unknown(id, token, { runAt: after(20), fault: null }));
      expect(await journal().read((tx) => tx.intents.nextRunAt(noon))).toBe(after(20));
    });

    test('are due by the moment, not by how it is written', async () => {
      await given(journal(), intent('a', { runAt: '2026-11-21T13:00:00+02:00' }));
      expect(await claimedKeys()).toEqual(['a']);
    });

    test('are counted by kind and state, and listed by both', async () => {
      await given(
        journal(),
        intent('a'),
        intent('b', { kind: 'stock' }),
        intent('c', { kind: 'stock', state: 'planned' }),
        intent('d', { kind: 'stock' }),
      );
      expect(await journal().read((tx) => tx.intents.counts())).toEqual([
        { kind: 'label', state: 'ready', count: 1 },
        { kind: 'stock', state: 'planned', count: 1 },
        { kind: 'stock', state: 'ready', count: 2 },
      ]);
      const listed = await journal().read((tx) =>
        tx.intents.list({ kinds: ['stock'], states: ['ready'], connections: ['shop'], after: 2, limit: 9 }),
      );
      expect(listed.map(({ key }) => key)).toEqual(['d']);
    });
  });
}

function leaseContract(journal: Given): void {
  const fault = { code: 'refused', message: 'no such service' };

  describe('who holds a lease', () => {
    test('finishes the intent with its result', async () => {
      await given(journal(), intent('a'));
      const { id, token } = await claimOne(journal());
      const finished = await journal().transaction(async (tx) => {
        await tx.intents.markSent(id, token);
        return tx.intents.finish(id, token, { tracking: '1Z' });
      });
      expect(finished).toBe(true);
      expect(await journal().read((tx) => tx.intents.get(id))).toMatchObject({
        state: 'done',
        result: { tracking: '1Z' },
        leasedUntil: null,
      });
    });

    test('adds refs to those of earlier attempts', async () => {
      await given(journal(), intent('a'));
      const first = await claimOne(journal());
      await journal().transaction(async (tx) => {
        await tx.intents.saveRefs(first.id, first.token, { shipment: 's1', rate: 'r1' });
        await tx.intents.retry(first.id, first.token, { runAt: noon, outcome: 'not-applied', fault: null });
      });
      const second = await claimOne(journal());
      await journal().transaction((tx) => tx.intents.saveRefs(second.id, second.token, { rate: 'r2' }));
      expect(await journal().read((tx) => tx.intents.get(first.id))).toMatchObject({ refs: { shipment: 's1', rate: 'r2' } });
    });

    test('may hold it for longer', async () => {
      await given(journal(), intent('a'));
      const { id, token } = await claimOne(journal());
      await journal().transaction((tx) => tx.intents.renew(id, token, { now: after(50), leaseMs: 60_000 }));
      expect(await journal().transaction((tx) => tx.intents.recover({ now: after(100), leases: 'expired' }))).toEqual([]);
    });

    test('lets the next of the order go by failing', async () => {
      await given(journal(), intent('a', { orderKey: 'o' }), intent('b', { orderKey: 'o' }));
      const { id, token } = await claimOne(journal());
      await journal().transaction((tx) => tx.intents.fail(id, token, fault));
      expect(await claim(journal())).toMatchObject([{ key: 'b' }]);
      expect(await journal().read((tx) => tx.intents.get(id))).toMatchObject({ state: 'failed', fault });
    });

    test('holds back its own order only, when it gives up to a person', async () => {
      await given(journal(), intent('a', { orderKey: 'o' }), intent('b', { orderKey: 'o' }), intent('c'));
      const { id, token } = await claimOne(journal());
      await journal().transaction((tx) => tx.intents.kill(id, token, fault));
      expect(await claim(journal())).toMatchObject([{ key: 'c' }]);
    });

    test('may not blindly repeat what only reading back makes safe', async () => {
      await given(journal(), intent('a', { safety: 'read-back' }));
      const { id, token } = await claimOne(journal());
      const blind = journal().transaction((tx) => tx.intents.retry(id, token, { runAt: noon, outcome: 'unknown', fault: null }));
      await expect(blind).rejects.toBeInstanceOf(InvariantError);
    });

    test('loses it for good once somebody else took over, even of the same worker', async () => {
      await given(journal(), intent('a'));
      const zombie = await claimOne(journal());
      await journal().transaction((tx) => tx.intents.recover({ now: after(61), leases: 'expired' }));
      const holder = await claimOne(journal(), after(61));
      const answers = await journal().transaction(async ({ intents }) => [
        await intents.markSent(zombie.id, zombie.token),
        await intents.renew(zombie.id, zombie.token, { now: noon, leaseMs: 1 }),
        await intents.saveRefs(zombie.id, zombie.token, { shipment: 's' }),
        await intents.saveRaw(zombie.id, zombie.token, '<xml/>'),
        await intents.finish(zombie.id, zombie.token, {}),
        await intents.retry(zombie.id, zombie.token, { runAt: noon, outcome: 'not-applied', fault: null }),
        await intents.unknown(zombie.id, zombie.token, { runAt: noon, fault: null }),
        await intents.fail(zombie.id, zombie.token, fault),
        await intents.kill(zombie.id, zombie.token, fault),
      ]);
      expect(answers).toEqual(Array.from(answers, () => false));
      expect(await journal().read((tx) => tx.intents.get(holder.id))).toMatchObject({
        state: 'leased',
        attempt: 2,
        refs: {},
        leasedUntil: after(121),
      });
    });

    test('keeps a raw answer that is readable until the subject is erased, and not when the subject comes back', async () => {
      await given(journal(), intent('a', { subject: 'p1' }));
      const { id, token } = await claimOne(journal());
      await journal().transaction((tx) => tx.intents.saveRaw(id, token, '<label to="Ann"/>'));
      expect(await journal().read((tx) => tx.intents.rawAnswers(id))).toEqual([{ at: noon, text: '<label to="Ann"/>' }]);
      await journal().transaction((tx) => tx.vault.erase('p1'));
      await journal().transaction((tx) => tx.vault.put('p1', 'person', 'Ann'));
      expect(await journal().read((tx) => tx.intents.rawAnswers(id))).toEqual([]);
    });

    test('keeps a raw answer of an intent about nobody, too', async () => {
      await given(journal(), intent('a', { subject: null }));
      const { id, token } = await claimOne(journal());
      await journal().transaction((tx) => tx.intents.saveRaw(id, token, '{}'));
      expect(await journal().read((tx) => tx.intents.rawAnswers(id))).toEqual([{ at: noon, text: '{}' }]);
    });
  });
}

function recoveryContract(journal: Given, aloneInIt: boolean): void {
  const lookUp = (now = noon) =>
    journal().transaction((tx) => tx.intents.claimUnknown({ worker: 'reconciler', now, limit: 9, leaseMs: 60_000 }));

  const givenUnknown = async () => {
    await given(journal(), intent('a', { orderKey: 'o' }), intent('b', { orderKey: 'o' }));
    const { id, token } = await claimOne(journal());
    await journal().transaction(async (tx) => {
      await tx.intents.markSent(id, token);
      await tx.intents.unknown(id, token, { runAt: noon, fault: { code: 'timeout' } });
    });
    return id;
  };

  describe('recovery', () => {
    test('looks up what is unknown of one order one after the other, and of several orders together', async () => {
      await given(
        journal(),
        ...['a', 'b'].map((key) => intent(key, { orderKey: 'o', state: 'unknown' })),
        intent('c', { state: 'unknown' }),
      );
      const first = await lookUp();
      expect(first.map(({ key }) => key)).toEqual(['a', 'c']);
      for (const { id, token } of first) await journal().transaction((tx) => tx.intents.finish(id, token, {}));
      expect((await lookUp()).map(({ key }) => key)).toEqual(['b']);
    });

    test('looks up what is unknown though an earlier one of its order is ready, which waits for it', async () => {
      await given(journal(), intent('a', { orderKey: 'o' }), intent('b', { orderKey: 'o', state: 'unknown' }));
      expect(await claim(journal())).toEqual([]);
      expect((await lookUp()).map(({ key }) => key)).toEqual(['b']);
    });

    test('leaves leases alone that still run', async () => {
      await given(journal(), intent('a'));
      await claimOne(journal());
      expect(await journal().transaction((tx) => tx.intents.recover({ now: after(59), leases: 'expired' }))).toEqual([]);
    });

    test.each([
      { safety: 'natural', to: 'ready' },
      { safety: 'key', to: 'ready' },
      { safety: 'claim', to: 'ready' },
      { safety: 'read-back', to: 'unknown' },
    ] as const)('makes a sent intent that is safe by $safety $to', async ({ safety, to }) => {
      await given(journal(), intent('a', { safety }));
      const { id, token } = await claimOne(journal());
      await journal().transaction((tx) => tx.intents.markSent(id, token));
      const recovered = await journal().transaction((tx) => tx.intents.recover({ now: after(60), leases: 'expired' }));
      expect(recovered).toEqual([{ id, key: 'a', from: 'sent', to }]);
      expect(await journal().read((tx) => tx.intents.get(id))).toMatchObject({ state: to, inDoubt: true });
    });

    test.runIf(aloneInIt)('makes what never left ready again, when the writer starts anew even before the lease ends', async () => {
      await given(journal(), intent('a'));
      const { id } = await claimOne(journal());
      const recovered = await journal().transaction((tx) => tx.intents.recover({ now: noon, leases: 'all' }));
      expect(recovered).toEqual([{ id, key: 'a', from: 'leased', to: 'ready' }]);
    });

    test.runIf(!aloneInIt)('leaves leases alone that still run, even when asked for all: other processes may be alive', async () => {
      await given(journal(), intent('a'));
      await claimOne(journal());
      expect(await journal().transaction((tx) => tx.intents.recover({ now: noon, leases: 'all' }))).toEqual([]);
    });

    test('never repeats an unknown one, and lets nothing of its order pass', async () => {
      await givenUnknown();
      expect(await claim(journal(), after(999))).toEqual([]);
    });

    test('of an unknown one goes on when the lookup found it', async () => {
      await givenUnknown();
      const [leased] = await lookUp();
      await journal().transaction((tx) => tx.intents.finish(leased?.id ?? 0, leased?.token ?? '', { tracking: '1Z' }));
      expect(await claim(journal())).toMatchObject([{ key: 'b' }]);
    });

    test('of an unknown one repeats it when the lookup proved that nothing happened', async () => {
      const id = await givenUnknown();
      const [leased] = await lookUp();
      await journal().transaction((tx) => tx.intents.retry(id, leased?.token ?? '', { runAt: noon, outcome: 'not-applied', fault: null }));
      expect(await claim(journal())).toMatchObject([{ key: 'a', attempt: 2, inDoubt: false }]);
    });

    test('of an unknown one looks again later when the lookup could not tell', async () => {
      const id = await givenUnknown();
      const [first] = await lookUp();
      await journal().transaction((tx) => tx.intents.unknown(id, first?.token ?? '', { runAt: after(30), fault: null }));
      expect(await lookUp(after(29))).toEqual([]);
      expect(await lookUp(after(30))).toMatchObject([{ id, lookups: 2, attempt: 1, state: 'unknown' }]);
    });

    test('keeps an unknown one unknown when its looker dies', async () => {
      const id = await givenUnknown();
      await lookUp();
      expect(await lookUp(after(59))).toEqual([]);
      await journal().transaction((tx) => tx.intents.recover({ now: after(60), leases: 'expired' }));
      expect(await lookUp(after(60))).toMatchObject([{ id, state: 'unknown' }]);
    });

    test('does not let a looker send', async () => {
      const id = await givenUnknown();
      const [leased] = await lookUp();
      await expect(journal().transaction((tx) => tx.intents.markSent(id, leased?.token ?? ''))).rejects.toBeInstanceOf(InvariantError);
    });
  });
}

function peopleContract(journal: Given): void {
  const dead = async () => {
    await given(journal(), intent('a', { orderKey: 'o' }), intent('b', { orderKey: 'o' }));
    const { id, token } = await claimOne(journal());
    await journal().transaction((tx) => tx.intents.kill(id, token, { code: 'refused' }));
    return id;
  };

  const deadInDoubt = async () => {
    await given(journal(), intent('a', { orderKey: 'o' }));
    const { id, token } = await claimOne(journal());
    await journal().transaction(async (tx) => {
      await tx.intents.markSent(id, token);
      await tx.intents.unknown(id, token, { runAt: noon, fault: { code: 'timeout' } });
      const [seen] = await tx.intents.claimUnknown({ worker: 'w', now: noon, limit: 1, leaseMs: 60_000 });
      await tx.intents.kill(id, seen?.token ?? '', { code: 'cannot-tell' });
    });
    return id;
  };

  describe('people', () => {
    test('cancel what has not left', async () => {
      await given(
        journal(),
        intent('o/label/1', { orderKey: 'o' }),
        intent('o/label/2', { orderKey: 'o', state: 'planned' }),
        intent('p/label/1'),
      );
      const met = await journal().transaction((tx) => tx.intents.cancel({ orderKey: 'o' }));
      expect(met).toMatchObject({
        cancelled: [
          { key: 'o/label/1', state: 'cancelled' },
          { key: 'o/label/2', state: 'cancelled' },
        ],
        inDoubt: [],
      });
    });

    test('cancel by kind and by the beginning of the key', async () => {
      const orderKey = 'o';
      await given(journal(), intent('o%1/x', { orderKey }), intent('o%1/y', { orderKey, kind: 'stock' }), intent('oo1/z', { orderKey }));
      const met = await journal().transaction((tx) => tx.intents.cancel({ orderKey, kinds: ['label'], keyPrefix: 'o%1/' }));
      expect(met.cancelled.map(({ key }) => key)).toEqual(['o%1/x']);
    });

    test('cannot cancel what is on its way', async () => {
      await given(journal(), intent('a'));
      await claimOne(journal());
      expect(await journal().transaction((tx) => tx.intents.cancel({ orderKey: 'a' }))).toEqual({ cancelled: [], inDoubt: [] });
    });

    test('cannot cancel what may have happened already', async () => {
      await given(journal(), intent('a', { safety: 'key' }));
      const { id, token } = await claimOne(journal());
      await journal().transaction(async (tx) => {
        await tx.intents.markSent(id, token);
        await tx.intents.retry(id, token, { runAt: noon, outcome: 'unknown', fault: { code: 'timeout' } });
      });
      const again = await claimOne(journal());
      await journal().transaction((tx) =>
        tx.intents.retry(id, again.token, { runAt: noon, outcome: 'not-applied', fault: { code: 'rate-limited' } }),
      );
      const met = await journal().transaction((tx) => tx.intents.cancel({ orderKey: 'a' }));
      expect(met).toMatchObject({ cancelled: [], inDoubt: [{ key: 'a', state: 'ready' }] });
    });

    test('let a dead one go once more, before the rest of its order', async () => {
      const id = await dead();
      expect(await journal().transaction((tx) => tx.intents.redrive(id, noon))).toBe(true);
      expect(await claim(journal())).toMatchObject([{ id, attempt: 2 }]);
    });

    test('give up a dead one, and the rest of its order goes on', async () => {
      const id = await dead();
      expect(await journal().transaction((tx) => tx.intents.drop(id))).toBe(true);
      expect(await claim(journal())).toMatchObject([{ key: 'b' }]);
    });

    test('let a failed one go once more only when nothing of its order is in flight', async () => {
      await given(journal(), intent('a', { orderKey: 'o' }), intent('b', { orderKey: 'o' }));
      const first = await claimOne(journal());
      await journal().transaction((tx) => tx.intents.fail(first.id, first.token, { code: 'refused' }));
      const second = await claimOne(journal());
      await journal().transaction((tx) => tx.intents.redrive(first.id, noon));
      expect(await claim(journal())).toEqual([]);
      await journal().transaction((tx) => tx.intents.finish(second.id, second.token, {}));
      expect(await claim(journal())).toMatchObject([{ key: 'a' }]);
    });

    test('look a dead one of unknown outcome up again instead of repeating it', async () => {
      const id = await deadInDoubt();
      expect(await journal().transaction((tx) => tx.intents.lookUpAgain(id, noon))).toBe(true);
      expect(await claim(journal())).toEqual([]);
      expect(
        await journal().transaction((tx) => tx.intents.claimUnknown({ worker: 'w', now: noon, limit: 9, leaseMs: 60_000 })),
      ).toMatchObject([{ id, inDoubt: true }]);
    });

    test('a dead one that a person found to be absent goes once more, and is not in doubt', async () => {
      const id = await deadInDoubt();
      await journal().transaction((tx) => tx.intents.redrive(id, noon, { provedAbsent: true }));
      expect(await claim(journal())).toMatchObject([{ id, inDoubt: false, refs: { provedAbsentAt: noon } }]);
    });

    test('only what may have happened is looked up again', async () => {
      const id = await dead();
      expect(await journal().transaction((tx) => tx.intents.lookUpAgain(id, noon))).toBe(false);
    });

    test('cannot redrive or drop what is not at its end', async () => {
      await given(journal(), intent('a'));
      const { id } = await claimOne(journal());
      const answers = await journal().transaction(async (tx) => [
        await tx.intents.redrive(id, noon),
        await tx.intents.drop(id),
        await tx.intents.makeReady(id),
      ]);
      expect(answers).toEqual([false, false, false]);
    });
  });
}

function exceptionContract(journal: Given): void {
  const draft = {
    code: 'sku-unmapped',
    subjectKey: 'o1',
    owner: 'catalogue',
    reason: 'AB-1 is unknown',
    detail: { sku: 'AB-1' },
    at: noon,
  };

  describe('exceptions', () => {
    test('are opened once per code and subject, and count how often they were raised', async () => {
      const ids = await journal().transaction(async (tx) => [
        await tx.exceptions.raise(draft),
        await tx.exceptions.raise({ ...draft, reason: 'AB-2 is unknown', at: after(5) }),
      ]);
      expect(ids[0]).toBe(ids[1]);
      expect(await journal().read((tx) => tx.exceptions.list({ open: true, limit: 9 }))).toEqual([
        {
          id: ids[0],
          code: 'sku-unmapped',
          subjectKey: 'o1',
          intentId: null,
          owner: 'catalogue',
          reason: 'AB-2 is unknown',
          detail: { sku: 'AB-1' },
          times: 2,
          raisedAt: noon,
          lastRaisedAt: after(5),
          resolved: null,
        },
      ]);
    });

    test('are opened anew after they were resolved', async () => {
      const how = { by: 'ann', reason: 'mapped', at: after(1) };
      const second = await journal().transaction(async (tx) => {
        const first = await tx.exceptions.raise(draft);
        await tx.exceptions.resolve({ id: first }, how);
        return tx.exceptions.raise({ ...draft, at: after(2) });
      });
      const all = await journal().read((tx) => tx.exceptions.list({ code: 'sku-unmapped', subjectKey: 'o1', limit: 9 }));
      expect(all).toMatchObject([
        { resolved: how, times: 1 },
        { id: second, resolved: null, times: 1 },
      ]);
    });

    test('are resolved once, by code and subject too', async () => {
      const how = { by: 'ann', reason: 'mapped', at: after(1) };
      const answers = await journal().transaction(async (tx) => {
        await tx.exceptions.raise(draft);
        return [await tx.exceptions.resolve(draft, how), await tx.exceptions.resolve(draft, how)];
      });
      expect(answers).toEqual([true, false]);
    });
  });
}

function scheduleContract(journal: Given): void {
  test('a slot of a schedule is taken by exactly one', async () => {
    const take = () => journal().transaction((tx) => tx.schedules.claimSlot('daily-report', '2026-11-21', noon));
    expect(await Promise.all([take(), take(), take()])).toEqual([true, false, false]);
  });
}

function auditContract(journal: Given): void {
  const event = { at: noon, actor: 'ann', event: 'order.held', key: 'o1', detail: { reason: 'address' } };

  describe('audit trail', () => {
    test('is listed by key, in pages', async () => {
      await journal().transaction(async (tx) => {
        for (const key of ['o1', 'o2', 'o1']) await tx.audit.append({ ...event, key });
      });
      const [first] = await journal().read((tx) => tx.audit.list({ key: 'o1', limit: 1 }));
      const rest = await journal().read((tx) => tx.audit.list({ key: 'o1', after: first?.seq ?? 0, limit: 9 }));
      expect(first).toMatchObject({ ...event, seq: 1 });
      expect(rest).toMatchObject([{ ...event, seq: 3 }]);
    });

    test('is a whole chain, and what was rolled back leaves no hole in it', async () => {
      await journal().transaction((tx) => tx.audit.append(event));
      await expect(
        journal().transaction(async (tx) => {
          await tx.audit.append(event);
          throw new Error('half-way');
        }),
      ).rejects.toThrow('half-way');
      await journal().transaction((tx) => tx.audit.append(event));
      expect(await journal().read((tx) => tx.audit.verifyChain())).toMatchObject({ kind: 'whole', rows: 2 });
    });

    test('stays whole when a person is erased', async () => {
      await journal().transaction(async (tx) => {
        await tx.vault.put('p1', 'person', 'Ann');
        await tx.audit.append({ ...event, detail: { subject: 'p1' } });
      });
      await journal().transaction((tx) => tx.vault.erase('p1'));
      expect(await journal().read((tx) => tx.audit.verifyChain())).toMatchObject({ kind: 'whole', rows: 1 });
    });
  });
}

function decisionContract(journal: Given): void {
  const decision = {
    kind: 'sourcing',
    at: noon,
    inputsHash: 'h',
    inputs: { stock: Array.from({ length: 500 }, () => 1) },
    outcome: { node: 'WH1' },
  };

  describe('decisions', () => {
    test('are kept with their inputs, under an id of their own', async () => {
      const id = await journal().transaction((tx) => tx.decisions.save(decision));
      expect(await journal().read((tx) => tx.decisions.get(id))).toEqual({ id, ...decision });
    });

    test('are never written over', async () => {
      const save = () => journal().transaction((tx) => tx.decisions.save({ ...decision, id: 'd1' }));
      await save();
      await expect(save()).rejects.toBeInstanceOf(ConflictError);
    });

    test('are listed newest first, and the latest of a kind is found', async () => {
      await journal().transaction(async (tx) => {
        await tx.decisions.save({ ...decision, id: 'd1' });
        await tx.decisions.save({ ...decision, id: 'd2', at: after(1) });
        await tx.decisions.save({ ...decision, id: 'd3', kind: 'wave', at: after(2) });
      });
      const listed = await journal().read((tx) => tx.decisions.list({ kind: 'sourcing', limit: 9 }));
      expect(listed.map(({ id }) => id)).toEqual(['d2', 'd1']);
      expect(await journal().read((tx) => tx.decisions.latest('sourcing'))).toMatchObject({ id: 'd2' });
      expect(await journal().read((tx) => tx.decisions.latest('returns'))).toBeNull();
    });
  });
}

function vaultContract(journal: Given): void {
  describe('vault', () => {
    test('gives back the last text of each name', async () => {
      await journal().transaction(async (tx) => {
        await tx.vault.put('p1', 'person', 'Ann');
        await tx.vault.put('p1', 'person', 'Anna');
        await tx.vault.put('p1', 'note', 'ring twice');
      });
      expect(await journal().read((tx) => tx.vault.get('p1', 'person'))).toBe('Anna');
    });

    test('knows nothing of a person who was erased', async () => {
      await journal().transaction((tx) => tx.vault.put('p1', 'person', 'Ann'));
      const answers = await journal().transaction(async (tx) => [await tx.vault.erase('p1'), await tx.vault.erase('p1')]);
      expect(answers).toEqual([true, false]);
      expect(await journal().read((tx) => tx.vault.get('p1', 'person'))).toBeNull();
    });

    test('begins anew when an erased person comes back', async () => {
      await journal().transaction((tx) => tx.vault.put('p1', 'person', 'Ann'));
      await journal().transaction((tx) => tx.vault.erase('p1'));
      await journal().transaction((tx) => tx.vault.put('p1', 'note', 'new order'));
      expect(await journal().read(async (tx) => [await tx.vault.get('p1', 'person'), await tx.vault.get('p1', 'note')])).toEqual([
        null,
        'new order',
      ]);
    });
  });
}
