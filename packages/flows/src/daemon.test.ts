import { intentMemo } from '@quartermaster/connector-kit/sandbox';
import { ConnectorFault, addDays, epochMs, instantAt, instantOf, type Clock, type Erp, type StockLevel } from '@quartermaster/domain';
import { sharedMemory } from '@quartermaster/journal/testing';
import { expect, test } from 'vitest';
import { runDaemon, type DaemonOptions } from './daemon.ts';
import { listDrift } from './drift/ledger.ts';
import { createEngine, type Engine } from './engine.ts';
import { waveRecordSchema } from './waves/wave.ts';
import { masterKey, openScene, type Scene } from './testing/scene.ts';

const minute = 60_000;

test('in two days every wave runs at its time, and orders are shipped by the wave that follows them', async () => {
  const scene = await openScene({ startsAt: '2026-11-23T09:00:00.000Z' });

  await live(
    scene,
    '2026-11-25T08:00:00.000Z',
    {
      '2026-11-23T09:30:00.000Z': () => scene.order(),
      '2026-11-24T11:30:00.000Z': () => scene.order(),
    },
    { restMs: 5 * minute },
  );

  const berlin = (date: string, ...times: string[]) => times.map((time) => instantAt(date, time, 'Europe/Berlin'));
  expect((await waves(scene)).map(({ slot, orders }) => [slot, orders])).toEqual([
    ...berlin('2026-11-23', '11:00', '14:00').map((slot, index) => [slot, index === 0 ? 1 : 0]),
    ...berlin(addDays('2026-11-23', 1), '11:00', '14:00').map((slot, index) => [slot, index === 1 ? 1 : 0]),
  ]);
  expect((await waves(scene)).every(({ slot, decidedAt }) => Date.parse(decidedAt) - Date.parse(slot) < 5 * minute)).toBe(true);
  expect((await scene.cases()).map(({ state }) => state)).toEqual(['shipped', 'shipped']);
});

test('a shop is read right before a wave, however long its turn is away', async () => {
  const scene = await openScene({ startsAt: '2026-11-23T09:00:00.000Z' });

  await live(scene, '2026-11-23T10:02:00.000Z', { '2026-11-23T09:58:00.000Z': () => scene.order() }, { pullEveryMs: 24 * 60 * minute });

  expect((await scene.cases()).map(({ state }) => state)).toEqual(['shipped']);
});

test('a figure that a shop had changed by itself meanwhile is set minutes later, not at the next turn', async () => {
  const scene = await openScene({ startsAt: '2026-11-23T08:00:00.000Z' });
  const sold = () => scene.order();
  const counted = () => scene.odoo.setStock({ sku: 'MUG', node: 'BER', units: 20 });
  const times: string[] = [];
  const look = () => times.push(`${scene.clock.now().slice(11, 16)} ${scene.shops['shop']?.stock('MUG', 'BER').available}`);
  const happenings = Object.fromEntries(['29', '32', '37'].map((at) => [`2026-11-23T08:${at}:00.000Z`, look]));

  await live(
    scene,
    '2026-11-23T08:40:00.000Z',
    { '2026-11-23T08:20:00.000Z': sold, '2026-11-23T08:25:00.000Z': counted, ...happenings },
    { pullEveryMs: 24 * 60 * minute },
  );

  // One of the twenty is sold, in an order that is not read for a day.
  expect(times).toEqual(['08:29 9', '08:32 9', '08:37 19']);
});

test('channels, ERP and journal are compared at their turn, and what lasts is mended one window later', async () => {
  const scene = await openScene({ startsAt: '2026-11-23T08:00:00.000Z' });
  const bumped: StockLevel = { sku: 'MUG', node: 'BER', available: 30, expected: null };
  const memo = intentMemo('by-hand');
  const somebody = () => scene.context.channels.get('shop')?.pushStock([bumped], memo);

  await live(scene, '2026-11-23T09:50:00.000Z', { '2026-11-23T08:40:00.000Z': somebody }, { reconcileEveryMs: 60 * minute });

  const [entry] = await listDrift(scene.journal, { limit: 10 });
  expect(entry).toMatchObject({ cause: 'shown-above-promise', firstSeenAt: '2026-11-23T09:00:00.000Z', healed: [{ outcome: 'done' }] });
  expect(entry?.healed[0]?.at).toBe('2026-11-23T09:15:00.000Z');
  expect(scene.shops['shop']?.stock('MUG', 'BER').available).toBe(10);
});

test('a look that cannot reach the ERP does not make it count as well again', async () => {
  const scene = await openScene({ startsAt: '2026-11-23T08:00:00.000Z' });
  const away = async (): Promise<never> => {
    throw new ConnectorFault('unreachable', {
      connector: 'odoo',
      operation: 'read',
      message: 'no answer',
      outcome: 'not-applied',
      retry: { kind: 'safely' },
    });
  };
  const { erp } = scene.context;
  const engine = scene.restart({ erp: { ...erp, stock: away, findOrders: away, products: away } });

  await live(scene, '2026-11-23T09:30:00.000Z', {}, { publishEveryMs: 10 * minute, reconcileEveryMs: 5 * minute }, engine);

  expect(scene.events.map(({ event }) => event)).toContain('circuit.opened');
  expect(scene.events.map(({ event }) => event)).not.toContain('circuit.closed');
  expect((await scene.openExceptions()).map(({ code, subjectKey }) => [code, subjectKey])).toEqual([['connection-down', 'erp']]);
});

test('a daemon whose clock is ahead of the server waits for the probe of a circuit without asking on and on', async () => {
  const aheadMs = 10_000;
  const scene = await openScene({
    startsAt: '2026-11-23T09:10:00.000Z',
    journal: (clock) => {
      const server = { ...clock, now: () => instantOf(epochMs(clock.now()) - aheadMs) };
      return sharedMemory({ time: server, shared: true }).open({ masterKey, clock });
    },
  });
  const scope = { tenant: 'acme', company: 'eu', connection: 'shop' };
  await scene.journal.transaction(async (tx) => {
    await tx.circuits.open(scope, { forMs: 1_000, reason: 'timeout' });
    const draft = {
      key: 'one',
      scope,
      kind: 'push-stock',
      orderKey: 'one',
      subject: null,
      payload: { levels: [] },
      safety: 'key',
    } as const;
    await tx.intents.add({ ...draft, runAt: scene.clock.now(), state: 'ready' });
  });
  let looks = 0;
  const engine: Engine = {
    ...scene.engine,
    nextRunAt() {
      looks += 1;
      return scene.engine.nextRunAt();
    },
  };

  await live(scene, '2026-11-23T09:10:20.000Z', {}, { pullEveryMs: 24 * 60 * minute, publishEveryMs: 24 * 60 * minute }, engine);

  expect(looks).toBeLessThan(100);
});

test('a wave that was missed while the daemon was down is made up', async () => {
  const scene = await openScene({ startsAt: '2026-11-23T09:00:00.000Z' });
  scene.order();
  await scene.engine.pull('shop');
  scene.clock.advanceTo('2026-11-23T12:20:00.000Z');

  await live(scene, '2026-11-23T12:25:00.000Z');

  expect((await waves(scene)).map(({ slot, orders }) => [slot, orders])).toEqual([['2026-11-23T10:00:00.000Z', 1]]);
});

test('while the ERP is away a wave is tried again at growing distances, and a person sees one exception that goes by itself', async () => {
  const scene = await openScene({ startsAt: '2026-11-23T09:59:00.000Z' });
  scene.order();
  const tries: string[] = [];
  const back = '2026-11-23T10:10:00.000Z';
  const erp: Erp = {
    ...scene.context.erp,
    async stock(query) {
      tries.push(scene.clock.now());
      if (scene.clock.now() < back)
        throw new ConnectorFault('unreachable', {
          connector: 'odoo',
          operation: 'read',
          message: 'no answer',
          outcome: 'not-applied',
          retry: { kind: 'safely' },
        });
      return scene.context.erp.stock(query);
    },
  };

  await live(scene, '2026-11-23T10:16:00.000Z', {}, { publishEveryMs: 24 * 60 * minute, restMs: 2_000 }, scene.restart({ erp }));

  expect(tries.length).toBeLessThan(12);
  expect((await scene.cases()).map(({ state }) => state)).toEqual(['shipped']);
  const exceptions = await scene.journal.read((tx) => tx.exceptions.list({ limit: 10 }));
  expect(exceptions.map(({ code, subjectKey, resolved }) => [code, subjectKey, resolved?.reason])).toEqual([
    ['connection-down', 'erp', 'it answers again'],
  ]);
});

test('a shop that is away is one exception of that shop, and the others go on', async () => {
  let away = false;
  const scene = await openScene({
    shops: ['shop', 'market'],
    startsAt: '2026-11-23T09:00:00.000Z',
    faults: { market: () => (away ? 'drop-before' : null) },
  });
  away = true;
  scene.order();

  await live(scene, '2026-11-23T10:10:00.000Z');

  expect((await scene.openExceptions()).filter(({ code }) => code === 'connection-down').map(({ subjectKey }) => subjectKey)).toEqual([
    'market',
  ]);
  expect((await scene.cases()).map(({ state }) => state)).toEqual(['shipped']);
});

test('an ERP that is away while a shop is read is the exception of the ERP, not of the shop', async () => {
  const scene = await openScene({ startsAt: '2026-11-23T09:00:00.000Z' });
  scene.order();
  const erp: Erp = {
    ...scene.context.erp,
    products: async () => {
      throw new ConnectorFault('unreachable', {
        connector: 'odoo',
        operation: 'read',
        message: 'no answer',
        outcome: 'not-applied',
        retry: { kind: 'safely' },
      });
    },
  };

  await live(scene, '2026-11-23T09:10:00.000Z', {}, { publishEveryMs: 24 * 60 * minute }, scene.restart({ erp }));

  const noted = scene.events.filter(({ event }) => event === 'connection.fault').map((event) => event['connection']);
  expect(new Set(noted)).toEqual(new Set(['erp']));
});

test('a step that fails by a defect of ours is told, and the rest goes on', async () => {
  const scene = await openScene({ startsAt: '2026-11-23T09:58:00.000Z' });
  scene.order();
  const engine: Engine = {
    ...scene.engine,
    publish: async () => {
      throw new TypeError('cannot read properties of undefined');
    },
  };

  await live(scene, '2026-11-23T10:05:00.000Z', {}, {}, engine);

  expect((await scene.openExceptions()).map(({ code, subjectKey }) => [code, subjectKey])).toEqual([['step-failed', 'publish']]);
  expect((await scene.cases()).map(({ state }) => state)).toEqual(['shipped']);
});

test('a journal that fails ends the daemon with what the journal says', async () => {
  const scene = await openScene();

  const running = live(scene, '2026-11-24T10:00:00.000Z', { '2026-11-23T09:00:00.000Z': () => scene.journal.close() });

  await expect(running).rejects.toMatchObject({ name: 'JournalError', code: 'closed' });
});

test('when it is told to stop, it ends what is under way and begins nothing new', async () => {
  const scene = await openScene({ startsAt: '2026-11-23T09:59:00.000Z', stock: { MUG: [60, 60], LAMP: [5, 5] } });
  for (let count = 0; count < 104; count++) scene.order();
  const stop = new AbortController();
  const { erp } = scene.context;
  const engine = scene.restart({
    erp: {
      ...erp,
      writeOrder(draft, memo) {
        stop.abort();
        return erp.writeOrder(draft, memo);
      },
    },
  });

  await live(scene, '2026-11-24T10:00:00.000Z', {}, {}, engine, stop);

  const intents = await scene.journal.read((tx) => tx.intents.list({ kinds: ['write-order'], limit: 200 }));
  expect(intents.map(({ state }) => state)).toEqual([
    ...Array.from({ length: 100 }, () => 'done'),
    ...Array.from({ length: 4 }, () => 'ready'),
  ]);
  expect(scene.odoo.snapshot().orders).toHaveLength(100);
});

test('orders are read and waves run while there is much to carry out', async () => {
  const scene = await openScene({ startsAt: '2026-11-23T09:59:30.000Z' });
  for (let count = 0; count < 20; count++) scene.order();
  const read: number[] = [];
  const engine: Engine = {
    ...scene.engine,
    async pull(connection) {
      const open = await scene.journal.read((tx) => tx.intents.list({ states: ['ready'], limit: 1_000 }));
      read.push(open.length);
      return scene.engine.pull(connection);
    },
    async work(bounds) {
      await scene.clock.sleep(30_000);
      return scene.engine.work({ ...bounds, atMost: 8 });
    },
  };

  await live(scene, '2026-11-23T10:10:00.000Z', {}, { pullEveryMs: minute }, engine);

  expect(read.filter((waiting) => waiting > 0).length).toBeGreaterThan(1);
});

test('a shop that takes longer to read than its turn lasts does not keep orders from being carried out', async () => {
  const scene = await openScene({ startsAt: '2026-11-23T09:59:30.000Z' });
  scene.order();
  const engine: Engine = {
    ...scene.engine,
    async pull(connection) {
      await scene.clock.sleep(15_000);
      return scene.engine.pull(connection);
    },
  };

  await live(scene, '2026-11-23T10:05:00.000Z', {}, { pullEveryMs: 10_000, restMs: 1_000 }, engine);

  expect((await scene.cases()).map(({ state }) => state)).toEqual(['shipped']);
});

test('what is decided is carried out while a shop is read that does not answer', async () => {
  const scene = await openScene({ startsAt: '2026-11-23T10:01:00.000Z' });
  scene.order();
  await scene.engine.pull('shop');
  await scene.engine.wave('2026-11-23T10:00:00.000Z');
  const answer = Promise.withResolvers<null>();
  const engine: Engine = { ...scene.engine, pull: () => answer.promise };
  const beats: (() => Promise<unknown>)[] = [];
  const pulse = (_everyMs: number, beat: () => Promise<unknown>) => {
    beats.push(beat);
    return () => undefined;
  };
  const stop = new AbortController();
  const living = runDaemon(engine, { ...scene.context, pulse }, { pullEveryMs: minute, publishEveryMs: minute, signal: stop.signal });

  const states = async () => {
    await Promise.all(beats.map((beat) => beat()));
    return (await scene.cases()).map(({ state }) => state);
  };
  await expect.poll(states, { timeout: 60_000 }).toEqual(['shipped']);

  stop.abort();
  answer.resolve(null);
  await living;
});

test('a process takes back what its predecessor held', async () => {
  const scene = await openScene({ startsAt: '2026-11-23T10:01:00.000Z' });
  scene.order();
  await scene.engine.pull('shop');
  await scene.engine.wave('2026-11-23T10:00:00.000Z');
  await scene.journal.transaction((tx) => tx.intents.claim({ worker: 'dead', now: scene.clock.now(), limit: 10, leaseMs: 10 * minute }));

  await live(scene, '2026-11-23T10:03:00.000Z', {}, {}, createEngine(scene.context));

  expect((await scene.cases()).map(({ state }) => state)).toEqual(['shipped']);
});

/** Lets a daemon live until a moment; what happens outside meanwhile happens at its time. */
async function live(
  scene: Scene,
  until: string,
  happenings: Readonly<Record<string, () => unknown>> = {},
  options: Partial<Omit<DaemonOptions, 'signal'>> = {},
  engine: Engine = scene.engine,
  stop: AbortController = new AbortController(),
): Promise<void> {
  const left = Object.entries(happenings).sort(([a], [b]) => (a < b ? -1 : 1));
  const clock: Clock = {
    now: () => scene.clock.now(),
    async sleep(ms, signal) {
      await scene.clock.sleep(ms, signal);
      for (let [next] = left; next !== undefined && next[0] <= scene.clock.now(); [next] = left) {
        left.shift();
        await next[1]();
      }
      if (scene.clock.now() >= until) stop.abort();
    },
  };
  const every = { pullEveryMs: 10 * minute, publishEveryMs: 30 * minute, restMs: minute, ...options };
  await runDaemon(engine, { ...scene.context, clock }, { ...every, signal: stop.signal });
}

async function waves(scene: Scene) {
  return (await scene.journal.read((tx) => tx.records.list('wave', waveRecordSchema, { limit: 100 }))).map((record) => record.body);
}
