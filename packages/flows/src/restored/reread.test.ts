import { ConnectorFault, type Carrier } from '@quartermaster/domain';
import { backupJournal, openJournal, restoreJournal, type Journal } from '@quartermaster/journal';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { settle, type Engine } from '../engine.ts';
import { listCases } from '../order-cases.ts';
import { withEasyPost } from '../testing/givens.ts';
import { masterKey, openScene, type Scene, type SceneOptions } from '../testing/scene.ts';

const ten = '2026-11-23T10:00:00.000Z';
const one = '2026-11-23T13:00:00.000Z';
/** After the cutoff: what is sourced then leaves tomorrow. */
const evening = '2026-11-23T16:00:00.000Z';
const tomorrow = '2026-11-24T10:00:00.000Z';

type Business = Scene & {
  /** Keeps a copy of the journal as it is now. */
  readonly backUp: () => Promise<void>;
  /** The journal is gone; the copy takes its place, under another process. */
  readonly restore: () => Promise<Restored>;
};

type Restored = {
  readonly journal: Journal;
  readonly engine: Engine;
  /** What a daemon does first: reads the world again, and then whatever is due. */
  readonly resume: () => ReturnType<Engine['reread']>;
  readonly wave: (slot: string) => Promise<void>;
  readonly states: () => Promise<Record<string, string[]>>;
};

async function open(options: SceneOptions = { settings: withEasyPost }): Promise<Business> {
  const folder = mkdtempSync(join(tmpdir(), 'quartermaster-restored-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const path = join(folder, 'journal.sqlite');
  const copy = join(folder, 'backup.sqlite');
  const scene = await openScene({ ...options, journal: path });
  const keys = { masterKey, clock: scene.clock };
  return {
    ...scene,
    backUp: async () => void (await backupJournal({ ...keys, from: path, to: copy })),
    async restore() {
      await scene.journal.close();
      await restoreJournal({ ...keys, backup: copy, to: path, by: 'mia' });
      const journal = await openJournal({ ...keys, path });
      onTestFinished(() => journal.close());
      const engine = scene.restart({ journal, ...scene.connect() });
      return {
        journal,
        engine,
        async resume() {
          await engine.recover();
          const found = await engine.reread();
          await settle(engine, scene.clock);
          return found;
        },
        async wave(slot) {
          scene.clock.advanceTo(slot);
          await engine.pull('shop');
          await engine.wave(slot);
          await settle(engine, scene.clock);
        },
        async states() {
          const cases = (await journal.read((tx) => listCases(tx))).map((stored) => stored.case);
          return Object.fromEntries(cases.map(({ order, state, holds }) => [order.name, [state, ...holds.map(({ code }) => code)]]));
        },
      };
    },
  };
}

/** What waits for a person: codes and reasons. */
async function told({ journal }: Restored): Promise<[string, string][]> {
  const open = await journal.read((tx) => tx.exceptions.list({ open: true, limit: 9 }));
  return open.map(({ code, reason }) => [code, reason]);
}

/** The vendors' books, as far as something could have happened twice. */
function books({ odoo, shops, easypost }: Scene) {
  return { erp: odoo.snapshot().orders, labels: easypost.snapshot().labels, shop: shops['shop']?.snapshot().orders };
}

test('what was open in the backup and shipped since is taken over, and nothing of it is done again', async () => {
  const business = await open();
  business.order();
  await business.at('2026-11-23T09:00:00.000Z');
  await business.backUp();
  await business.at(ten, 'wave');
  const before = books(business);

  const restored = await business.restore();
  const found = await restored.resume();
  await restored.wave(one);

  expect(before.labels).toHaveLength(1);
  expect(found).toMatchObject({ compared: 1, adopted: 1, held: 0, labels: 1 });
  expect(await restored.states()).toEqual({ '#1001': ['shipped'] });
  expect(books(business)).toEqual(before);
});

test('an order that came after the backup and was shipped since is taken over', async () => {
  const business = await open();
  await business.backUp();
  business.order();
  await business.at(ten, 'wave');
  const before = books(business);

  const restored = await business.restore();
  expect(await restored.resume()).toMatchObject({ fresh: 1, adopted: 1, held: 0 });
  await restored.wave(one);

  expect(await restored.states()).toEqual({ '#1001': ['shipped'] });
  expect(books(business)).toEqual(before);
});

test('an order that the ERP has and that waits for tomorrow leaves tomorrow, once, from where it was written', async () => {
  const business = await open();
  await business.backUp();
  business.order();
  await business.at(evening, 'wave');

  const restored = await business.restore();
  expect(await restored.resume()).toMatchObject({ fresh: 1, adopted: 1, held: 0 });
  await restored.wave(tomorrow);

  expect(await restored.states()).toEqual({ '#1001': ['shipped'] });
  const { erp, labels, shop } = books(business);
  expect(erp).toHaveLength(1);
  expect(erp[0]?.pickings.map(({ state }) => state)).toEqual(['done']);
  expect(labels).toHaveLength(1);
  expect(shop?.[0]?.fulfillments).toHaveLength(1);
});

test('a parcel that had its label when the journal was lost leaves at once, and waits for no other wave', async () => {
  let isOdooAway = () => false;
  const business = await open({ settings: withEasyPost, faults: { odoo: () => (isOdooAway() ? 'drop-before' : null) } });
  await business.backUp();
  business.order();
  isOdooAway = () => business.easypost.snapshot().labels.length > 0;
  await business.at(ten, 'wave');
  isOdooAway = () => false;

  const restored = await business.restore();
  expect(await restored.resume()).toMatchObject({ fresh: 1, adopted: 1, held: 0, labels: 1 });

  expect(await restored.states()).toEqual({ '#1001': ['shipped'] });
  const { erp, labels, shop } = books(business);
  expect([erp[0]?.pickings.map(({ state }) => state), labels.length, shop?.[0]?.fulfillments.length]).toEqual([['done'], 1, 1]);
});

test('what was committed in the backup and went on since meets its own label, delivery and confirmation', async () => {
  const business = await open();
  business.order();
  await business.at(evening, 'wave');
  await business.backUp();
  await business.at(tomorrow, 'wave');
  const before = books(business);

  const restored = await business.restore();
  expect(await restored.resume()).toMatchObject({ compared: 1, adopted: 0, held: 0, labels: 1 });
  await restored.wave('2026-11-24T13:00:00.000Z');

  expect(before.labels).toHaveLength(1);
  expect(await restored.states()).toEqual({ '#1001': ['shipped'] });
  expect(books(business)).toEqual(before);
});

test('with a carrier whose labels follow from their keys the same tracking numbers come back', async () => {
  const business = await open({});
  business.order();
  await business.at('2026-11-23T09:00:00.000Z');
  await business.backUp();
  await business.at(ten, 'wave');
  const before = books(business);

  const restored = await business.restore();
  expect(await restored.resume()).toMatchObject({ adopted: 1, held: 0 });

  expect(await restored.states()).toEqual({ '#1001': ['shipped'] });
  expect(books(business)).toEqual(before);
});

test('a cancellation that came after the restore takes back what the lost journal had let go', async () => {
  const business = await open();
  business.order();
  await business.at('2026-11-23T09:00:00.000Z');
  await business.backUp();
  await business.at(evening, 'wave');

  const restored = await business.restore();
  business.shops['shop']?.cancelOrder('#1001');
  expect(await restored.resume()).toMatchObject({ adopted: 1 });

  expect(await restored.states()).toEqual({ '#1001': ['cancelled'] });
  expect(books(business).erp.map(({ state }) => state)).toEqual(['cancel']);
});

test.each([
  ['with a label that the carrier tells of', { settings: withEasyPost }],
  ['on a label that follows from its key', {}],
])('an order of the backup that left %s and was cancelled by the shop then is one that has left', async (_how, options) => {
  const business = await open(options);
  business.order();
  await business.at(evening, 'wave');
  await business.backUp();
  await business.at(tomorrow, 'wave');
  business.shops['shop']?.cancelOrder('#1001');
  const before = books(business);

  const restored = await business.restore();
  await restored.resume();

  expect(await restored.states()).toEqual({ '#1001': ['shipped'] });
  expect((await told(restored)).map(([code]) => code)).toContain('cancel-after-shipment');
  expect(books(business)).toEqual(before);
});

test('a shipment that is taken over has an id that none of the lost journal had: keys of labels are made of it', async () => {
  const business = await open({});
  await business.backUp();
  business.order();
  await business.at(evening, 'wave');

  const restored = await business.restore();
  await restored.resume();

  const [taken] = await restored.journal.read((tx) => listCases(tx));
  expect(taken?.case.shipments.map(({ id }) => id)).toEqual([expect.stringMatching(/^restored\d{17}-1$/)]);
});

test('an order that was cancelled while nobody listened, and that the ERP still has from the lost journal, is told to a person', async () => {
  const business = await open();
  await business.backUp();
  business.order();
  await business.at(evening, 'wave');

  const restored = await business.restore();
  business.shops['shop']?.cancelOrder('#1001');
  await restored.resume();

  expect(await restored.states()).toEqual({ '#1001': ['cancelled'] });
  expect(await told(restored)).toEqual([['drift-not-cancelled-in-erp', expect.stringContaining('the ERP has it as S0')]]);
});

test("an order that was cancelled everywhere while nobody listened is nobody's business", async () => {
  const business = await open();
  await business.backUp();
  business.order();
  await business.at(evening, 'wave');
  business.shops['shop']?.cancelOrder('#1001');
  await business.at('2026-11-23T16:30:00.000Z');

  const restored = await business.restore();
  await restored.resume();

  expect([books(business).erp.map(({ state }) => state), await told(restored)]).toEqual([['cancel'], []]);
});

test('what came while nobody listened is sent like any other order', async () => {
  const business = await open();
  await business.backUp();

  const restored = await business.restore();
  business.order();
  expect(await restored.resume()).toMatchObject({ fresh: 1, adopted: 0, held: 0 });
  await restored.wave(ten);

  expect(await restored.states()).toEqual({ '#1001': ['shipped'] });
  expect(books(business).labels).toHaveLength(1);
});

test('where the carrier cannot say which labels were bought, what the ERP has waits for a person', async () => {
  const silent = (given: Carrier): Carrier => ({ ...given, labelsSince: null });
  const business = await open({ settings: withEasyPost, carrier: silent });
  await business.backUp();
  business.order();
  await business.at(evening, 'wave');

  const restored = await business.restore();
  expect(await restored.resume()).toMatchObject({ adopted: 0, held: 1 });
  await restored.wave(tomorrow);

  expect((await restored.states())['#1001']?.[0]).toBe('held');
  expect(books(business).labels).toHaveLength(0);
});

test('as long as the carrier does not answer nothing is settled, and a person is told why nothing is sent', async () => {
  const away = { now: false };
  const carrier = (given: Carrier): Carrier => ({
    ...given,
    async *labelsSince(since) {
      if (away.now)
        throw new ConnectorFault('unreachable', {
          connector: 'easypost',
          operation: 'list',
          message: 'away',
          outcome: 'not-applied',
          retry: { kind: 'safely' },
        });
      yield* given.labelsSince?.(since) ?? [];
    },
  });
  const business = await open({ settings: withEasyPost, carrier });
  business.order();
  await business.at('2026-11-23T09:00:00.000Z');
  await business.backUp();
  const restored = await business.restore();
  away.now = true;

  await restored.engine.recover();
  await expect(restored.engine.reread()).rejects.toThrow('away');
  const waiting = await restored.journal.read((tx) => tx.exceptions.list({ open: true, limit: 10 }));
  expect(waiting.map(({ code }) => code)).toContain('journal-restored');

  away.now = false;
  expect(await restored.resume()).toMatchObject({ compared: 1 });
  expect(await restored.journal.read((tx) => tx.exceptions.list({ open: true, limit: 10 }))).toEqual([]);
});

test('a journal that never came from a backup has nothing to read again', async () => {
  const business = await open();
  expect(await business.engine.reread()).toBeNull();
});
