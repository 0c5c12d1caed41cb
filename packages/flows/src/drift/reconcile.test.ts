import { beforeEach, describe, expect, test } from 'vitest';
import { createEngine } from '../engine.ts';
import { createOperations } from '../operations/operations.ts';
import {
  exceptionCodes,
  firstLook,
  idOf,
  ledger,
  lookAt,
  noTroubles,
  opened,
  published,
  secondLook,
  setInShop,
  shippedByHand,
  thirdLook,
  troubles,
  wave,
  written,
} from '../testing/drifting.ts';
import { openScene } from '../testing/scene.ts';
import { somebodyIn } from '../testing/people-in-odoo.ts';
import { previewDrift } from './reconcile.ts';

beforeEach(noTroubles);

describe('bounds', () => {
  test('a dry run finds the same, says what it would do, and writes to no vendor and not into the journal', async () => {
    const written: string[] = [];
    const scene = await opened();
    await shippedByHand(scene);
    scene.clock.advanceTo(firstLook);
    await scene.engine.reconcile();
    scene.clock.advanceTo(secondLook);
    const snapshot = () => JSON.stringify([scene.odoo.snapshot(), scene.shops['shop']?.snapshot()]);
    const before = { vendors: snapshot(), ledger: await ledger(scene), exceptions: await scene.openExceptions() };
    const { erp, channels, settings, clock } = scene.context;
    const journal = { ...scene.journal, transaction: () => Promise.reject(new Error(`written: ${written.push('journal')}`)) };

    const report = await previewDrift({ journal, erp, channels, settings, clock }, {});

    expect(report.differences.map(({ difference, verdict }) => [difference.cause, verdict.kind])).toEqual([
      ['shipped-by-hand-in-erp', 'heal'],
    ]);
    expect({ vendors: snapshot(), ledger: await ledger(scene), exceptions: await scene.openExceptions() }).toEqual(before);
    expect(written).toEqual([]);
  });

  test('in observe mode nothing is mended, and nobody is troubled', async () => {
    const scene = await opened();
    await shippedByHand(scene);
    const settings = { ...scene.context.settings, erp: { ...scene.context.settings.erp, mode: 'observe' as const } };
    const engine = createEngine({ ...scene.context, settings });

    const looks = [await lookAt(scene, firstLook, engine), await lookAt(scene, secondLook, engine)];

    expect(looks.at(-1)).toEqual([['shipped-by-hand-in-erp', 'observed']]);
  });

  test('a connection that is paused is neither read nor written to, and what was found there before stays in the ledger', async () => {
    const scene = await opened();
    await shippedByHand(scene);
    await lookAt(scene, firstLook);
    const asked = { requestId: 'request-1', by: 'adam', role: 'admin', reason: 'migration' } as const;
    await createOperations(scene.context).pauseConnection(asked, { connection: 'erp', minutes: 60 });

    scene.clock.advanceTo(secondLook);
    const report = await scene.engine.reconcile();

    expect(report?.unread.map(({ connection }) => connection)).toEqual(['erp']);
    expect(report?.differences).toEqual([]);
    expect((await ledger(scene)).map(({ cause, closedAt }) => [cause, closedAt])).toEqual([['shipped-by-hand-in-erp', null]]);
  });

  test('no more are mended in one look than the bound, and the next look goes on', async () => {
    const scene = await opened({ settings: (given) => ({ ...given, reconcile: { ...given.reconcile, healsPerRun: 2 } }) });
    troubles.deaf = true;
    for (let order = 0; order < 5; order++) scene.order();

    await lookAt(scene, firstLook);
    const looks = [await lookAt(scene, secondLook), await lookAt(scene, thirdLook), await lookAt(scene, '2026-11-23T12:00:00.000Z')];

    const mended = looks.map((look) => look.filter(([, outcome]) => outcome === 'done').length);
    expect([mended, (await scene.cases()).length]).toEqual([[2, 2, 1], 5]);
  });

  test('a day of all kinds of orders leaves no difference behind', async () => {
    const scene = await opened({ stock: { MUG: [20, 0], LAMP: [0, 6] } });
    const mugs = (quantity: number) => ({ lines: [{ sku: 'MUG', quantity }] });
    scene.order({ lines: [{ sku: 'MUG', quantity: 3, discount: '1.00', tax: '5.99' }] });
    scene.order({
      lines: [
        { sku: 'MUG', quantity: 2 },
        { sku: 'LAMP', quantity: 2 },
      ],
    });
    scene.order({ lines: [{ sku: 'LAMP', quantity: 9 }] });
    scene.order({ lines: [{ sku: 'VASE', quantity: 1 }] });
    const [early, late, refunded] = [scene.order(mugs(1)), scene.order(mugs(2)), scene.order(mugs(3))];
    await scene.at('2026-11-23T09:00:00.000Z');
    scene.shops['shop']?.cancelOrder(idOf(early));
    await scene.at(wave, 'wave');
    scene.shops['shop']?.cancelOrder(idOf(late));
    scene.shops['shop']?.refund(idOf(refunded), { amount: '5.00' });
    await scene.at('2026-11-23T13:00:00.000Z', 'wave');

    const looks = [await lookAt(scene, '2026-11-23T15:00:00.000Z'), await lookAt(scene, '2026-11-23T16:00:00.000Z')];

    expect((await scene.cases()).map(({ state }) => state).sort()).toEqual([
      'cancelled',
      'committed',
      'held',
      'shipped',
      'shipped',
      'shipped',
      'shipped',
    ]);
    expect(looks).toEqual([[], []]);
  });

  test('one that cannot be mended holds up no other, and is a person’s in the end', async () => {
    const poisoned = { id: '' };
    const scene = await openScene({
      channel: (channel) => ({
        ...channel,
        async *pullOrders() {
          yield { orders: [], cursor: channel.cursorAt(firstLook) };
        },
        getOrder: async (id) => {
          if (id === poisoned.id) throw new TypeError('cannot read properties of undefined');
          return channel.getOrder(id);
        },
      }),
      settings: (given) => ({ ...given, reconcile: { ...given.reconcile, windowMinutes: 1 } }),
    });
    poisoned.id = idOf(scene.order());
    const other = scene.order();

    const looks: unknown[] = [];
    for (const minute of [10, 12, 14, 16, 18, 20]) looks.push(await lookAt(scene, `2026-11-23T11:${minute}:00.000Z`));

    expect((await scene.case(other)).state).toBe('open');
    expect(looks.slice(2)).toEqual([
      ...Array.from({ length: 3 }, () => [['order-missing-here', 'failed']]),
      [['order-missing-here', 'did-not-hold']],
    ]);
    expect(await exceptionCodes(scene)).toEqual(['drift-order-missing-here']);
  });

  test('what is young is left alone: an order on its way through the system shows no difference at any moment', async () => {
    const scene = await opened();
    scene.order();
    scene.order({ lines: [{ sku: 'LAMP', quantity: 1 }] });
    await scene.engine.pull('shop');
    scene.clock.advanceTo(wave);
    await scene.engine.wave(wave);

    const seen: unknown[] = [];
    do seen.push(...(await previewDrift(scene.context, {})).differences.filter(({ difference }) => difference.subject.kind === 'order'));
    while ((await scene.engine.work({ atMost: 1 })) > 0);

    expect(seen).toEqual([]);
  });

  test('what comes back after it was mended twice is left to a person', async () => {
    const scene = await opened({ settings: (given) => ({ ...given, reconcile: { ...given.reconcile, windowMinutes: 1 } }) });
    await published(scene);
    await setInShop(scene, { sku: 'MUG', node: 'BER', available: 12, expected: null });
    const looks: unknown[] = [];
    // Nobody publishes, so that mending does not help.
    for (const minute of [10, 13, 16, 19]) {
      scene.clock.advanceTo(`2026-11-23T11:${minute}:00.000Z`);
      const report = await scene.engine.reconcile();
      looks.push(
        ...(report?.differences.map(({ difference, verdict }) => [difference.cause, verdict.kind === 'heal' ? 'done' : verdict.why]) ?? []),
      );
    }

    expect(looks).toEqual([
      ['shown-above-promise', 'seen-once'],
      ['shown-above-promise', 'done'],
      ['shown-above-promise', 'done'],
      ['shown-above-promise', 'did-not-hold'],
    ]);
  });
});

describe('the ledger', () => {
  test('keeps what the sides said, what was done in whose name, and closes when they agree again', async () => {
    const scene = await opened();
    const key = await shippedByHand(scene);
    const lastLook = '2026-11-23T12:00:00.000Z';
    for (const at of [firstLook, secondLook, thirdLook, lastLook]) await lookAt(scene, at);

    expect(await ledger(scene)).toMatchObject([
      {
        cause: 'shipped-by-hand-in-erp',
        blame: 'person',
        subject: { kind: 'order', order: key, shipmentId: '1' },
        firstSeenAt: firstLook,
        lastSeenAt: secondLook,
        looks: 2,
        closedAt: lastLook,
        healed: [
          {
            by: 'quartermaster',
            heal: 'read-erp-again',
            outcome: 'done',
            sides: { erp: { state: 'done' }, journal: { state: 'written' } },
          },
        ],
      },
    ]);
    const trail = await scene.journal.read((tx) => tx.audit.list({ key: `${key}/shipment/1`, limit: 10 }));
    expect(trail.map(({ actor, event }) => [actor, event])).toEqual([['quartermaster', 'drift.mended']]);
  });

  test('holds nobody’s name or address', async () => {
    const scene = await opened();
    await shippedByHand(scene);
    troubles.deaf = true;
    scene.order();
    for (const at of [firstLook, secondLook]) await lookAt(scene, at);

    const kept = JSON.stringify([await ledger(scene), await scene.openExceptions()]);
    expect(kept).not.toMatch(/Ada|Invalidenstr/);
  });

  test('a person is told once: who has settled the exception is not told the same again', async () => {
    const scene = await opened();
    await written(scene);
    const ben = await somebodyIn(scene);
    await ben.call('sale.order.line', 'write', (await ben.lines()).slice(0, 1), { vals: { price_unit: 11 } });
    for (const at of [firstLook, secondLook]) await lookAt(scene, at);
    const told = (await scene.openExceptions()).find(({ code }) => code === 'drift-total-differs');
    await scene.journal.transaction((tx) =>
      tx.exceptions.resolve({ id: told?.id ?? 0 }, { by: 'ann', reason: 'agreed with the customer', at: secondLook }),
    );

    await lookAt(scene, thirdLook);

    expect(await exceptionCodes(scene)).not.toContain('drift-total-differs');
    expect((await ledger(scene)).find(({ cause }) => cause === 'total-differs')?.closedAt).toBeNull();
  });
});

describe('a person who has it done', () => {
  test('must be a supervisor', async () => {
    const scene = await opened();
    const asked = { requestId: 'request-1', by: 'olli', role: 'operator', reason: 'it differs' } as const;
    expect(await createOperations(scene.context).reconcileNow(asked, {})).toMatchObject({ kind: 'refused', code: 'not-allowed' });
  });

  test('gets the answer of the first time when the request comes again', async () => {
    const scene = await opened();
    await shippedByHand(scene);
    await lookAt(scene, firstLook);
    scene.clock.advanceTo(secondLook);
    const operations = createOperations(scene.context);
    const asked = { requestId: 'request-1', by: 'sue', role: 'supervisor', reason: 'it differs' } as const;

    const [first, again] = [await operations.reconcileNow(asked, {}), await operations.reconcileNow(asked, {})];

    expect(first).toMatchObject({ replayed: false, after: { differences: [{ cause: 'shipped-by-hand-in-erp', verdict: 'done' }] } });
    expect(again).toEqual({ ...first, replayed: true });
  });

  test('may look at one order or one article alone', async () => {
    const scene = await opened();
    const key = await shippedByHand(scene);
    await published(scene);
    await setInShop(scene, { sku: 'MUG', node: 'BER', available: 45, expected: null });
    const causes = async (at: { order?: string; sku?: string }) =>
      (await previewDrift(scene.context, at)).differences.map(({ difference }) => difference.cause);
    scene.clock.advanceTo(firstLook);

    expect([await causes({ order: key }), await causes({ sku: 'MUG' }), await causes({ sku: 'LAMP' })]).toEqual([
      ['shipped-by-hand-in-erp'],
      ['shown-above-promise'],
      [],
    ]);
  });
});
