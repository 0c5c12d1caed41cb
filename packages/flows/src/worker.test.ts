import { ConnectorFault, type Carrier, type FaultCode, type FaultFacts, type Safety } from '@quartermaster/domain';
import { JournalError, openJournal } from '@quartermaster/journal';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { contextOf } from './world.ts';
import { createEngine, settle } from './engine.ts';
import { keepPerson } from './intake/people.ts';
import { openCase } from './order-cases.ts';
import { channelOrder, draft, line, openCaseOf, sourced, withEasyPost } from './testing/givens.ts';
import { ada, masterKey, openScene, type Scene } from './testing/scene.ts';

const morning = '2026-11-23T10:00:00.000Z';
const unknown = { outcome: 'unknown', retry: { kind: 'safely' } } as const;
const refused = { outcome: 'not-applied', retry: { kind: 'never' } } as const;
const notNow = { outcome: 'not-applied', retry: { kind: 'safely' } } as const;

test('effects of one order go one after the other: written, labelled, shipped, told', async () => {
  const scene = await openScene();
  const keys = [scene.order(), scene.order(), scene.order({ lines: [{ sku: 'LAMP', quantity: 1 }] })];

  await scene.at(morning, 'wave');

  const done = scene.events.filter(({ event }) => event === 'intent.done');
  for (const key of keys)
    expect(done.filter((event) => String(event['key']).startsWith(`${key}/`)).map((event) => event['kind'])).toEqual([
      'write-order',
      'buy-label',
      'ship',
      'confirm',
    ]);
});

test('a purchase that nobody answered is looked up before anything else, and is not made twice', async () => {
  const scene = await labelScene('read-back', [{ after: unknown }]);

  await scene.at(morning, 'wave');

  expect(await outcome(scene)).toEqual({ bought: 1, state: 'done', attempt: 1, order: 'shipped', exceptions: [] });
});

test('a purchase that is proved absent is made again', async () => {
  const scene = await labelScene('read-back', [{ before: unknown }]);

  await scene.at(morning, 'wave');

  expect(await outcome(scene)).toEqual({ bought: 1, state: 'done', attempt: 2, order: 'shipped', exceptions: [] });
});

test('a purchase of which nobody can tell waits for a person, and so does everything of its order behind it', async () => {
  const scene = await labelScene('read-back', [{ after: unknown }], {
    reconcile: async () => ({ kind: 'cannot-tell', check: 'look at the carrier’s page' }),
  });

  await scene.at(morning, 'wave');

  expect(await outcome(scene)).toEqual({ bought: 1, state: 'dead', attempt: 1, order: 'committed', exceptions: ['buy-label-failed'] });
});

test('a purchase that is looked up without end waits for a person', async () => {
  const scene = await labelScene('read-back', [{ after: unknown }], { reconcile: async () => ({ kind: 'pending', afterMs: 60_000 }) });

  await scene.at(morning, 'wave');

  expect(await outcome(scene)).toMatchObject({ state: 'dead', exceptions: ['buy-label-failed'] });
});

test('a purchase that never arrives is not tried for ever', async () => {
  const scene = await labelScene(
    'read-back',
    Array.from({ length: 50 }, () => ({ before: unknown })),
  );

  await scene.at(morning, 'wave');

  expect(await outcome(scene)).toEqual({ bought: 0, state: 'dead', attempt: 12, order: 'committed', exceptions: ['buy-label-failed'] });
});

test.each<Safety>(['key', 'natural', 'claim'])('an effect that is safe by %s is repeated when nobody answered', async (safety) => {
  const scene = await labelScene(safety, [{ after: unknown }, { before: unknown }]);

  await scene.at(morning, 'wave');

  expect(await outcome(scene)).toEqual({ bought: 1, state: 'done', attempt: 3, order: 'shipped', exceptions: [] });
});

test.each<Safety>(['key', 'natural', 'claim', 'read-back'])(
  'what is refused is not repeated, whether safe by %s or not',
  async (safety) => {
    const scene = await labelScene(safety, [{ before: refused }]);

    await scene.at(morning, 'wave');

    expect(await outcome(scene)).toEqual({ bought: 0, state: 'failed', attempt: 1, order: 'committed', exceptions: ['buy-label-failed'] });
  },
);

test('what fails again and again by itself is given up as dead, and a person is told', async () => {
  const scene = await labelScene(
    'natural',
    Array.from({ length: 99 }, () => ({ before: notNow })),
  );

  await scene.at(morning, 'wave');

  expect(await outcome(scene)).toEqual({ bought: 0, state: 'dead', attempt: 12, order: 'committed', exceptions: ['buy-label-failed'] });
});

test('a carrier that is away for an hour costs no order: one exception for the connection, gone when it answers', async () => {
  const scene = await labelScene(
    'claim',
    Array.from({ length: 40 }, () => ({ before: notNow, code: 'unreachable' as const })),
  );
  await decided(scene);
  const raised = () => scene.journal.read((tx) => tx.exceptions.list({ code: 'connection-down', limit: 10 }));

  await settle(scene.engine, scene.clock);

  expect(await outcome(scene)).toEqual({ bought: 1, state: 'done', attempt: 41, order: 'shipped', exceptions: [] });
  expect((await raised()).map(({ subjectKey, resolved }) => [subjectKey, resolved?.reason])).toEqual([['post', 'it answers again']]);
});

test('while a carrier is away, the labels of other orders wait and spend no attempt, and go when the probe came through', async () => {
  let away = true;
  const scene = await openScene({
    settings: withEasyPost,
    stock: { MUG: [50, 50], LAMP: [5, 5] },
    carrier: (carrier) => ({
      ...carrier,
      async buy(request, memo) {
        if (away) throw faultOf('unreachable', notNow);
        return carrier.buy(request, memo);
      },
    }),
  });
  for (let count = 0; count < 40; count += 1) scene.order();
  await decided(scene);
  const attempts = async () =>
    (await scene.journal.read((tx) => tx.intents.list({ kinds: ['buy-label'], limit: 100 }))).map(({ attempt }) => attempt);
  const until = scene.clock.now().replace('T10:0', 'T10:3');
  while (scene.clock.now() < until) if ((await scene.engine.work()) === 0) await scene.clock.sleep(5_000);
  const spent = await attempts();
  away = false;

  await settle(scene.engine, scene.clock);

  expect(spent.reduce((sum, attempt) => sum + attempt, 0)).toBeLessThan(150);
  expect(scene.easypost.snapshot().labels).toHaveLength(40);
  expect(await scene.openExceptions()).toEqual([]);
});

test('a worker whose intent was taken back while he called writes nothing and raises nothing; the next one finishes', async () => {
  const scene = await labelScene('key', []);
  await decided(scene);
  await scene.engine.work({ atMost: 1 });
  const { carriers } = scene.context;
  const slow = scene.restart({
    carriers: new Map(
      [...carriers].map(([id, carrier]) => [
        id,
        {
          ...carrier,
          async buy(request, memo) {
            await carrier.buy(request, memo);
            await scene.clock.sleep(120_000);
            await scene.journal.transaction((tx) => tx.intents.recover({ now: scene.clock.now(), leases: 'expired' }));
            throw faultOf('server-error', refused);
          },
        },
      ]),
    ),
  });

  await slow.work({ atMost: 1 });
  const [intent] = await labelIntents(scene);
  const told = await scene.openExceptions();
  await settle(scene.engine, scene.clock);

  expect({ state: intent?.state, fault: intent?.fault, told }).toEqual({ state: 'ready', fault: null, told: [] });
  expect(await outcome(scene)).toEqual({ bought: 1, state: 'done', attempt: 2, order: 'shipped', exceptions: [] });
});

test('a key that was revoked fails no label: they wait until it is put right', async () => {
  const scene = await labelScene(
    'claim',
    Array.from({ length: 5 }, () => ({ before: refused, code: 'unauthorized' as const })),
  );

  await scene.at(morning, 'wave');

  expect(await outcome(scene)).toEqual({ bought: 1, state: 'done', attempt: 6, order: 'shipped', exceptions: [] });
});

test('a defect of ours behind a request that may have left is looked up where repeating is not safe', async () => {
  const scene = await labelScene('read-back', [{ after: 'defect' }]);

  await scene.at(morning, 'wave');

  expect(await outcome(scene)).toEqual({ bought: 1, state: 'done', attempt: 1, order: 'shipped', exceptions: [] });
});

test('a defect of ours is not repeated where nothing can be looked up: a person must look', async () => {
  const scene = await labelScene('natural', [{ after: 'defect' }]);

  await scene.at(morning, 'wave');

  expect(await outcome(scene)).toMatchObject({ bought: 1, state: 'dead', exceptions: ['buy-label-failed'] });
});

test('what was done and cannot be taken in is dead and says that it was done, so that nobody has it repeated', async () => {
  const scene = await labelScene('claim', []);
  await decided(scene);
  const { journal } = scene.context;
  const put = () => Promise.reject(new TypeError('not text'));
  const broken = scene.restart({
    journal: { ...journal, transaction: (work) => journal.transaction((tx) => work({ ...tx, vault: { ...tx.vault, put } })) },
  });

  await settle(broken, scene.clock);

  const [intent] = await labelIntents(scene);
  expect(await outcome(scene)).toMatchObject({ bought: 1, state: 'dead', exceptions: ['buy-label-failed'] });
  expect(intent?.fault).toMatchObject({ message: 'it was done, and then: not text', result: { trackingNumber: expect.anything() } });
});

test('an unanswered purchase whose request can no longer be made is dead, not failed: the label may be there', async () => {
  const scene = await labelScene('read-back', [{ after: unknown }]);
  await decided(scene);
  for (const _step of ['write', 'label']) await scene.engine.work({ atMost: 1 });
  const [order] = await scene.cases();
  await scene.journal.transaction((tx) => tx.vault.erase(order?.order.subject ?? ''));

  await settle(scene.engine, scene.clock);

  expect(await outcome(scene)).toMatchObject({ bought: 1, state: 'dead', exceptions: ['buy-label-failed'] });
});

test('a purchase that proved absent after the address had changed is let go: the parcel gets the label of its new address only', async () => {
  let address = 'old';
  const scene = await labelScene('read-back', [{ before: unknown }], {
    reconcile: async () => (address === 'old' ? { kind: 'pending', afterMs: 60_000 } : { kind: 'absent' }),
  });
  await decided(scene);
  for (const _step of ['write', 'label', 'look']) await scene.engine.work({ atMost: 1 });
  scene.shops['shop']?.changeAddress('#1001', { ...ada, address1: 'Torstr. 9' });
  await scene.engine.pull('shop');
  address = 'new';

  await settle(scene.engine, scene.clock);

  expect(scene.easypost.snapshot().labels).toHaveLength(1);
  expect((await labelIntents(scene)).map(({ state, fault }) => [state, fault?.['code']])).toEqual([
    ['failed', 'obsolete'],
    ['done', undefined],
  ]);
  expect(await outcome(scene)).toMatchObject({ order: 'shipped', exceptions: [] });
});

test('a journal that fails stops the worker loudly, and what was done meanwhile is found by the next process', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'flows-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const path = join(folder, 'journal.db');
  const scene = await labelScene('claim', [{ after: 'journal' }], {}, path);
  await decided(scene);

  await expect(settle(scene.engine, scene.clock)).rejects.toThrow(JournalError);

  await using journal = await openJournal({ path, masterKey, clock: scene.clock });
  const next = createEngine({ ...scene.context, journal });
  await next.recover();
  await settle(next, scene.clock);
  expect(scene.easypost.snapshot().labels).toHaveLength(1);
  const [shipped] = await journal.read((tx) => tx.records.count('order'));
  expect(shipped).toEqual(['shipped', 1]);
});

test('a connection in observe mode is written to by nobody: what was decided before waits, and goes on when it acts again', async () => {
  const scene = await openScene();
  const key = scene.order();
  await decided(scene);
  const { settings } = scene.context;
  const stopped = scene.restart({ settings: { ...settings, erp: { ...settings.erp, mode: 'observe' } } });

  await settle(stopped, scene.clock);
  expect(scene.odoo.snapshot().orders).toEqual([]);

  await settle(scene.engine, scene.clock);
  expect((await scene.case(key)).state).toBe('shipped');
});

test('an order whose person was erased is not written, and a person is told', async () => {
  const scene = await openScene();
  const key = scene.order();
  await decided(scene);
  const { subject } = (await scene.case(key)).order;
  await scene.journal.transaction((tx) => tx.vault.erase(subject));

  await settle(scene.engine, scene.clock);

  expect(scene.odoo.snapshot().orders).toEqual([]);
  expect((await scene.openExceptions()).map(({ code, reason }) => [code, reason])).toEqual([
    ['write-order-failed', 'write-order failed (refused): the person of the order was erased'],
  ]);
});

test.each([
  ['one of two units', [1]],
  ['a line in two shipments', [2, 2]],
])('a line of the ERP is not divided: %s is refused before anything is written', async (_what, units) => {
  const scene = await openScene();
  const order = channelOrder({ lines: [line('l1', 'MUG', 2)] });
  const fits = sourced(openCaseOf(order), morning, draft('BER', [{ lineId: 'l1', sku: 'MUG', units: 2 }]));
  const shipments = units.map((each, index) => {
    const [first] = fits.shipments;
    if (first === undefined) throw new Error('it has a shipment');
    return { ...first, id: String(index + 1), lines: [{ lineId: 'l1', sku: 'MUG', units: each }] };
  });
  await scene.journal.transaction(async (tx) => {
    await keepPerson(tx, order, { shipTo: null, billTo: null }, '{}');
    await openCase(
      tx,
      {
        ...contextOf(scene.context),
        catalogue: {
          learn: async () => {},
          refresh: async () => {},
          get: () => undefined,
          has: () => true,
          note: () => undefined,
          seen: () => [],
        },
      },
      { case: { ...fits, shipments }, commands: [{ kind: 'write-order' }], reasons: [] },
      'received',
      morning,
    );
  });

  await settle(scene.engine, scene.clock);

  const [intent] = await scene.intents(order.id);
  const [exception] = await scene.openExceptions();
  expect([intent?.state, exception?.code, exception?.reason]).toEqual([
    'dead',
    'write-order-failed',
    expect.stringContaining('cannot be divided'),
  ]);
});

/** What goes wrong with the purchases of labels, one after the other: before or after the work is done; then all goes well. */
type Mishap = { readonly before?: Wrong; readonly after?: Wrong; readonly code?: FaultCode };
type Wrong = Pick<FaultFacts, 'outcome' | 'retry'> | 'defect' | 'journal';

/** One order, whose labels are bought at EasyPost with this safety word and these mishaps. */
async function labelScene(safety: Safety, mishaps: readonly Mishap[], more: Partial<Carrier> = {}, journal?: string): Promise<Scene> {
  const planned = [...mishaps];
  const goWrong = (wrong: Wrong | undefined, code: FaultCode = 'server-error'): void => {
    if (wrong === undefined) return;
    if (wrong === 'defect') throw new TypeError('cannot read the answer');
    if (wrong === 'journal') return void scene.journal.close();
    throw faultOf(code, wrong);
  };
  const scene = await openScene({
    settings: withEasyPost,
    ...(journal === undefined ? {} : { journal }),
    carrier: (carrier) => ({
      ...carrier,
      safety: { ...carrier.safety, buy: safety },
      async buy(request, memo) {
        const mishap = planned.shift();
        goWrong(mishap?.before, mishap?.code);
        const label = await carrier.buy(request, memo);
        goWrong(mishap?.after, mishap?.code);
        return label;
      },
      ...more,
    }),
  });
  scene.order();
  return scene;
}

function faultOf(code: FaultCode, facts: Pick<FaultFacts, 'outcome' | 'retry'>): ConnectorFault {
  return new ConnectorFault(code, { connector: 'easypost', operation: 'buy', message: 'did not go well', ...facts });
}

/** The orders were read and the wave decided; nothing was carried out yet. */
async function decided(scene: Scene): Promise<void> {
  scene.clock.advanceTo(morning);
  await scene.engine.pull('shop');
  await scene.engine.wave(morning);
}

async function labelIntents(scene: Scene) {
  const [order] = await scene.cases();
  return (await scene.intents(order?.key ?? '')).filter(({ kind }) => kind === 'buy-label');
}

/** What became of the first label, its order, and who was told. */
async function outcome(scene: Scene) {
  const [intent] = await labelIntents(scene);
  const [order] = await scene.cases();
  return {
    bought: scene.easypost.snapshot().labels.length,
    state: intent?.state,
    attempt: intent?.attempt,
    order: order?.state,
    exceptions: (await scene.openExceptions()).map(({ code }) => code),
  };
}
