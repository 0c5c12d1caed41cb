import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import type { Journal } from './journal.ts';
import { after, claim, given, intent, movableClock, noon, shop, type MovableClock } from './testing/givens.ts';
import { stopTimeoutMs, testServer } from './testing/postgres-server.ts';
import { newSchema, replicasOf } from './testing/postgres-schemas.ts';

const server = await testServer();
const missing = 'missing' in server ? server.missing : null;
const replicaCount = 8;
afterAll(() => ('missing' in server ? undefined : server.stop()), stopTimeoutMs);

const total = z.object({ total: z.int() });

// PGlite has a single connection, so nothing contends there.
describe.skipIf(missing !== null)(`eight processes on one server${missing === null ? '' : ` (${missing})`}`, () => {
  let clock: MovableClock;
  let replicas: Journal[];
  beforeEach(async () => {
    clock = movableClock();
    replicas = 'missing' in server ? [] : await replicasOf(server, replicaCount, { clock });
  });
  afterEach(() => Promise.all(replicas.map((replica) => replica.close())));

  const first = () => only(replicas);
  const everybody = <Result>(work: (replica: Journal, index: number) => Promise<Result>): Promise<Result[]> =>
    Promise.all(replicas.map(work));

  test('carry out 2,000 intents of 300 orders once each and in their order, and the word of who overslept does not count', async () => {
    const orders = Array.from({ length: 2_000 }, (_, index) => `order ${(index * 7) % 300}`);
    await given(first(), ...orders.map((orderKey, index) => intent(`intent ${index}`, { orderKey })));
    const asleep = await claim(first(), noon, 5);
    clock.moveTo(after(61));
    await first().transaction((tx) => tx.intents.recover({ now: clock.now(), leases: 'expired' }));

    const ended: { readonly id: number; readonly orderKey: string }[] = [];
    const inFlight = new Set<string>();
    let overlaps = 0;
    await everybody(async (replica) => {
      while (ended.length < orders.length) {
        const claimed = await claim(replica, clock.now(), 10);
        for (const { orderKey } of claimed) {
          if (inFlight.has(orderKey)) overlaps += 1;
          inFlight.add(orderKey);
        }
        for (const { id, token, orderKey } of claimed) {
          inFlight.delete(orderKey);
          const finished = await replica.transaction(async (tx) => {
            await tx.audit.append({ at: noon, actor: 'worker', event: 'intent.done', key: orderKey });
            return tx.intents.finish(id, token, {});
          });
          if (finished) ended.push({ id, orderKey });
        }
      }
    });
    const late = await Promise.all(asleep.map(({ id, token }) => first().transaction((tx) => tx.intents.finish(id, token, {}))));

    expect({ overlaps, ended: ended.length, different: new Set(ended.map(({ id }) => id)).size }).toEqual({
      overlaps: 0,
      ended: 2_000,
      different: 2_000,
    });
    for (const each of Map.groupBy(ended, ({ orderKey }) => orderKey).values()) {
      expect(each.map(({ id }) => id)).toEqual(each.map(({ id }) => id).sort((a, b) => a - b));
    }
    expect(late).toEqual([false, false, false, false, false]);
    expect(await first().read((tx) => tx.audit.verifyChain())).toMatchObject({ kind: 'whole', rows: 2_000 });
  });

  test('never let a later intent of an order go while an earlier one is not yet kept', async () => {
    const [one, two, three] = [replicas[0] ?? first(), replicas[1] ?? first(), replicas[2] ?? first()];
    const added = Promise.withResolvers<void>();
    const gate = Promise.withResolvers<void>();
    const earlier = one.transaction(async (tx) => {
      await tx.intents.add(intent('earlier', { orderKey: 'o' }));
      added.resolve();
      await gate.promise;
    });
    await added.promise;
    const later = two.transaction((tx) => tx.intents.add(intent('later', { orderKey: 'o' })));
    const meanwhile = [];
    for (let tries = 0; tries < 20; tries += 1) meanwhile.push(...(await claim(three)));
    gate.resolve();
    await Promise.all([earlier, later]);
    expect(meanwhile).toEqual([]);
    expect((await claim(three)).map(({ key }) => key)).toEqual(['earlier']);
  });

  test('never have two intents of an order in flight, also when a person lets an earlier one go again', async () => {
    for (let round = 0; round < 25; round += 1) {
      const orderKey = `order ${round}`;
      await given(first(), intent(`${orderKey}/a`, { orderKey }), intent(`${orderKey}/b`, { orderKey }));
      const [failing] = await claim(first());
      if (failing === undefined) throw new Error('nothing to claim');
      await first().transaction((tx) => tx.intents.fail(failing.id, failing.token, { code: 'refused' }));
      const claims = await everybody(async (replica, index) => {
        if (index > 0) return claim(replica, noon, 5);
        await replica.transaction((tx) => tx.intents.redrive(failing.id, noon));
        return claim(replica, noon, 5);
      });
      expect(claims.flat()).toHaveLength(1);
      for (const { id, token } of claims.flat()) await first().transaction((tx) => tx.intents.finish(id, token, {}));
      for (const { id, token } of await claim(first())) await first().transaction((tx) => tx.intents.finish(id, token, {}));
    }
  });

  test('take a slot of a schedule once', async () => {
    const slots = Array.from({ length: 20 }, (_, index) => String(index));
    const taken = await everybody((replica) =>
      Promise.all(slots.map((slot) => replica.transaction((tx) => tx.schedules.claimSlot('wave', slot, noon)))),
    );
    expect(slots.map((_, slot) => taken.filter((answers) => answers[slot]).length)).toEqual(slots.map(() => 1));
  });

  test('take a lease one at a time, and each taking has a higher fence', async () => {
    const fences: number[] = [];
    for (let round = 0; round < 10; round += 1) {
      const taken = await everybody((replica, index) => replica.transaction((tx) => tx.leases.take('reader', `${index}`, 1_000)));
      fences.push(...taken.filter((fence) => fence !== null));
      clock.moveTo(after((round + 1) * 1_000));
    }
    expect(fences).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  });

  test('do not take a lease over while its holder is writing in its name', async () => {
    const [holder, other] = [replicas[0] ?? first(), replicas[1] ?? first()];
    const fence = (await holder.transaction((tx) => tx.leases.take('reader', 'holder', 1_000))) ?? 0;
    clock.moveTo(after(10));
    const guarded = Promise.withResolvers<void>();
    const writing = holder.transaction(async (tx) => {
      await tx.cursors.set(shop, 'orders', { page: 'b' }, { name: 'reader', fence });
      guarded.resolve();
      for (let reads = 0; reads < 20; reads += 1) await tx.leases.list();
    });
    await guarded.promise;
    // Which of them hears first that it is done says nothing: a server lets go of a lock before it answers.
    const taking = other.transaction(async (tx) => ({
      fence: await tx.leases.take('reader', 'other', 1_000),
      cursor: await tx.cursors.get(shop, 'orders', z.unknown()),
    }));
    await writing;
    expect(await taking).toEqual({ fence: 2, cursor: { page: 'b' } });
  });

  test('take in an arrival once', async () => {
    const arrivals = Array.from({ length: 50 }, (_, index) => ({
      scope: shop,
      kind: 'order',
      vendorId: String(index),
      revision: '1',
      subject: null,
      body: {},
      receivedAt: noon,
    }));
    const answers = await everybody((replica) => Promise.all(arrivals.map((each) => replica.transaction((tx) => tx.inbox.add(each)))));
    expect(answers.flat().filter((answer) => answer === 'new')).toHaveLength(50);
  });

  test('decide about one thing one after the other, each on what the last one left, also when nothing was there yet', async () => {
    const increment = (replica: Journal) =>
      replica.transaction(async (tx) => {
        const record = await tx.records.get('counter', 'c', total);
        const body = { total: (record?.body.total ?? 0) + 1 };
        await tx.records.put('counter', 'c', { state: 'open', body, at: noon, version: record?.version ?? 0 });
      });
    await everybody((replica) => Promise.all(Array.from({ length: 10 }, () => increment(replica))));
    expect(await first().read((tx) => tx.records.get('counter', 'c', total))).toMatchObject({ body: { total: 80 }, version: 80 });
  });

  test('sort it out when two stand in the way of each other: both are kept', async () => {
    const both = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const put = (replica: Journal, keys: readonly string[], mine: number) =>
      replica.transaction(async (tx) => {
        for (const key of keys) {
          const record = await tx.records.get('counter', key, total);
          const body = { total: (record?.body.total ?? 0) + 1 };
          await tx.records.put('counter', key, { state: 'open', body, at: noon, version: record?.version ?? 0 });
          both[mine]?.resolve();
          await both[1 - mine]?.promise;
        }
      });
    await Promise.all([put(replicas[0] ?? first(), ['a', 'b'], 0), put(replicas[1] ?? first(), ['b', 'a'], 1)]);
    const counters = await first().read((tx) => tx.records.list('counter', total, { limit: 9 }));
    expect(counters).toMatchObject([{ body: { total: 2 } }, { body: { total: 2 } }]);
  });

  test('erase a person only once who is writing about it has ended, and then that, too', async () => {
    const [writer, eraser] = [replicas[0] ?? first(), replicas[1] ?? first()];
    await writer.transaction((tx) => tx.vault.put('p1', 'address', 'Long Lane'));
    const begun = Promise.withResolvers<void>();
    const writing = writer.transaction(async (tx) => {
      await tx.vault.put('p1', 'note', 'ring twice');
      begun.resolve();
      for (let reads = 0; reads < 20; reads += 1) await tx.leases.list();
      await tx.vault.put('p1', 'floor', 'third');
    });
    await begun.promise;
    await Promise.all([writing, eraser.transaction((tx) => tx.vault.erase('p1'))]);
    await writer.transaction((tx) => tx.vault.put('p1', 'address', 'Short Lane'));
    const known = await first().read((tx) => Promise.all(['address', 'note', 'floor'].map((name) => tx.vault.get('p1', name))));
    expect(known).toEqual(['Short Lane', null, null]);
  });

  test('leave nothing readable and nothing broken of a person who is erased while others write about it', async () => {
    await everybody(async (replica, index) => {
      for (let round = 0; round < 15; round += 1) {
        if (index === 0) await replica.transaction((tx) => tx.vault.erase('p1'));
        else await replica.transaction((tx) => tx.vault.put('p1', `note ${index}`, 'ring twice'));
      }
    });
    await first().transaction((tx) => tx.vault.erase('p1'));
    await first().transaction((tx) => tx.vault.put('p1', 'note 0', 'a new beginning'));
    const notes = await first().read((tx) => Promise.all(replicas.map((_, index) => tx.vault.get('p1', `note ${index}`))));
    expect(notes).toEqual(['a new beginning', ...Array.from({ length: replicaCount - 1 }, () => null)]);
  });
});

describe.skipIf(missing !== null)('processes whose clocks differ', () => {
  test('agree on leases and buckets by the clock of the database', async () => {
    if ('missing' in server) return;
    const [slow, fast] = [movableClock(), movableClock()];
    fast.moveTo('2036-01-01T00:00:00.000Z');
    const place = { leaseTime: 'database' as const, schema: newSchema() };
    const [one] = await replicasOf(server, 1, { clock: slow, ...place });
    const [two] = await replicasOf(server, 1, { clock: fast, ...place });
    await using a = one ?? only([]);
    await using b = two ?? only([]);
    const rate = { capacity: 1, refillPerSecond: 0.001 };
    await given(a, intent('a'));
    await claim(a);
    expect([
      await a.transaction((tx) => tx.leases.take('reader', 'a', 60_000)),
      await b.transaction((tx) => tx.leases.take('reader', 'b', 60_000)),
      await a.transaction((tx) => tx.buckets.take('shop', rate)),
      (await b.transaction((tx) => tx.buckets.take('shop', rate))).kind,
      await b.transaction((tx) => tx.intents.recover({ now: fast.now(), leases: 'all' })),
    ]).toEqual([1, null, { kind: 'granted' }, 'later', []]);
  });

  test('never get more out of a bucket than it held and was refilled', async () => {
    if ('missing' in server) return;
    const rate = { capacity: 20, refillPerSecond: 100 };
    const replicas = await replicasOf(server, 4, { clock: movableClock(), leaseTime: 'database' });
    const began = performance.now();
    let granted = 0;
    await Promise.all(
      replicas.map(async (replica) => {
        while (granted < 60) {
          const answer = await replica.transaction((tx) => tx.buckets.take('shop', rate));
          if (answer.kind === 'granted') granted += 1;
        }
      }),
    );
    expect(granted).toBeLessThanOrEqual(rate.capacity + (rate.refillPerSecond * (performance.now() - began)) / 1_000);
    await Promise.all(replicas.map((replica) => replica.close()));
  });
});

function only(replicas: readonly Journal[]): Journal {
  const [replica] = replicas;
  if (replica === undefined) throw new Error('no replica was opened');
  return replica;
}
