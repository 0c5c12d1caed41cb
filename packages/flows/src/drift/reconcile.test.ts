import { ConnectorFault, type Channel, type Erp, type PulledOrder, type StockLevel } from '@quartermaster/domain';
import { beforeEach, describe, expect, test } from 'vitest';
import { createEngine, settle, type Engine } from '../engine.ts';
import { draftErpOrder } from '../erp-draft.ts';
import { createOperations } from '../operations/operations.ts';
import { somebodyIn } from '../testing/people-in-odoo.ts';
import { openScene, type Scene, type SceneOptions } from '../testing/scene.ts';
import { withEasyPost } from '../testing/givens.ts';
import { listDrift } from './ledger.ts';
import { previewDrift } from './reconcile.ts';

const wave = '2026-11-23T10:00:00.000Z';
const edited = '2026-11-23T10:30:00.000Z';
const firstLook = '2026-11-23T11:00:00.000Z';
const secondLook = '2026-11-23T11:20:00.000Z';
const thirdLook = '2026-11-23T11:40:00.000Z';

/** What goes wrong between us and the outside, to be switched on at a moment. */
type Troubles = {
  /** Webhooks and readings of the shop bring nothing. */
  deaf: boolean;
  /** Labels are refused, so that orders stay written and reserved. */
  noLabels: boolean;
  /** The shop or the ERP says that it has done what we asked, and has not. */
  lying: boolean;
};
let troubles: Troubles = { deaf: false, noLabels: false, lying: false };
beforeEach(() => {
  troubles = { deaf: false, noLabels: false, lying: false };
});

async function opened(options: SceneOptions = {}): Promise<Scene> {
  const hardOfHearing = (channel: Channel): Channel => ({
    ...channel,
    async *pullOrders(since) {
      for await (const page of channel.pullOrders(since)) if (!troubles.deaf) yield page;
    },
    confirmShipment: async (request, memo) => (troubles.lying ? { ref: 'none' } : channel.confirmShipment(request, memo)),
  });
  return openScene({
    channel: hardOfHearing,
    carrier: (carrier) => ({
      ...carrier,
      buy: async (request, memo) => {
        if (troubles.noLabels) throw refusal('no label today');
        return carrier.buy(request, memo);
      },
    }),
    ...options,
  });
}

/** An order that is written and reserved in Odoo, and waits there. */
async function written(scene: Scene, quantity = 2): Promise<string> {
  troubles.noLabels = true;
  const key = scene.order({ lines: [{ sku: 'MUG', quantity }] });
  await scene.at(wave, 'wave');
  scene.clock.advanceTo(edited);
  return key;
}

async function shipped(scene: Scene): Promise<string> {
  const key = scene.order({ lines: [{ sku: 'MUG', quantity: 2 }] });
  await scene.at(wave, 'wave');
  scene.clock.advanceTo(edited);
  return key;
}

/** What the daemon does by this moment: reads the shop, publishes, carries out, compares. */
async function lookAt(scene: Scene, instant: string, engine = scene.engine) {
  if (instant > scene.clock.now()) scene.clock.advanceTo(instant);
  for (const step of [() => engine.pull('shop'), () => engine.publish(), () => engine.pull('shop'), () => engine.publish()]) {
    await step();
    await settle(engine, scene.clock);
  }
  const report = await engine.reconcile();
  await settle(engine, scene.clock);
  return (
    report?.differences.map(({ difference, verdict, outcome }) => [difference.cause, verdict.kind === 'heal' ? outcome : verdict.why]) ?? []
  );
}

const ledger = (scene: Scene) => listDrift(scene.journal, { limit: 100 });
const exceptionCodes = async (scene: Scene) => (await scene.openExceptions()).map(({ code }) => code);

describe('what the shop has and we do not', () => {
  test('an order that no reading brought is taken in, and leaves with the next wave', async () => {
    const scene = await opened();
    troubles.deaf = true;
    const key = scene.order();
    scene.clock.advanceTo(firstLook);
    await scene.engine.pull('shop');

    const looks = [await lookAt(scene, firstLook), await lookAt(scene, secondLook), await lookAt(scene, thirdLook)];
    await scene.at('2026-11-23T13:00:00.000Z', 'wave');

    expect(looks).toEqual([[['order-missing-here', 'seen-once']], [['order-missing-here', 'done']], []]);
    expect((await scene.case(key)).state).toBe('shipped');
  });

  test('an order that Odoo has and this journal forgot is taken in and held, because it may have been shipped', async () => {
    const scene = await opened();
    troubles.deaf = true;
    const key = scene.order();
    await writtenByTheLostJournal(scene, key);

    const looks = [await lookAt(scene, firstLook), await lookAt(scene, secondLook)];

    expect(looks).toEqual([[['order-forgotten-here', 'seen-once']], [['order-forgotten-here', 'done']]]);
    expect(await scene.case(key)).toMatchObject({ state: 'held', holds: [{ code: 'known-to-erp' }] });
  });

  test.each([
    ['a cancellation', 'cancellation-missed', (scene: Scene, id: string) => scene.shops['shop']?.cancelOrder(id), 'cancelled'],
    ['a refund', 'refund-missed', (scene: Scene, id: string) => scene.shops['shop']?.refund(id, { amount: '5.00' }), 'committed'],
    [
      'a change of address',
      'change-missed',
      (scene: Scene, id: string) =>
        scene.shops['shop']?.changeAddress(id, {
          name: 'Ada Example',
          address1: 'Neue Str. 2',
          zip: '10117',
          city: 'Berlin',
          countryCode: 'DE',
        }),
      'committed',
    ],
  ])('%s that no reading brought is followed', async (_what, cause, edit, state) => {
    const scene = await opened();
    const key = await written(scene);
    troubles.deaf = true;
    edit(scene, idOf(key));

    const looks = [await lookAt(scene, firstLook), await lookAt(scene, secondLook), await lookAt(scene, thirdLook)];

    expect(looks).toEqual([[[cause, 'seen-once']], [[cause, 'done']], []]);
    expect((await scene.case(key)).state).toBe(state);
  });

  test('an order that somebody marked as shipped there is held, so that it does not leave twice', async () => {
    const scene = await opened();
    const key = scene.order();
    await scene.at('2026-11-23T07:30:00.000Z');
    await shippedByHandInShop(scene, key);

    const looks = [await lookAt(scene, '2026-11-23T08:30:00.000Z'), await lookAt(scene, '2026-11-23T09:30:00.000Z')];
    await scene.at(wave, 'wave');

    expect(looks.at(-1)).toEqual([['shipped-by-hand-in-channel', 'done']]);
    expect(await scene.case(key)).toMatchObject({ state: 'held', shipments: [] });
    expect(await lookAt(scene, firstLook)).toEqual([['shipped-by-hand-in-channel', 'person']]);
    expect(await exceptionCodes(scene)).toContain('drift-shipped-by-hand-in-channel');
  });

  test('a shipment that the shop forgot is told to a person, with the tracking number to enter', async () => {
    const scene = await opened();
    troubles.lying = true;
    const key = await shipped(scene);

    const looks = [await lookAt(scene, firstLook), await lookAt(scene, secondLook)];

    expect(looks).toEqual([[['confirmation-withdrawn', 'seen-once']], [['confirmation-withdrawn', 'person']]]);
    const [exception] = await scene.openExceptions();
    const [shipment] = (await scene.case(key)).shipments;
    expect(JSON.stringify(exception?.detail)).toContain(shipment?.labels[0]?.label.trackingNumber);
  });

  test('a shipment that has left and of which nobody tells the shop is told', async () => {
    const scene = await opened();
    const key = scene.order();
    await scene.engine.pull('shop');
    scene.clock.advanceTo(wave);
    await scene.engine.wave(wave);
    while ((await scene.case(key)).shipments[0]?.state !== 'shipped') await scene.engine.work({ atMost: 1 });
    await scene.journal.transaction((tx) => tx.intents.cancel({ orderKey: key, kinds: ['confirm'] }));
    await scene.engine.pull('shop');

    const looks = [await lookAt(scene, firstLook), await lookAt(scene, secondLook)];

    expect(looks).toEqual([[['confirmation-missing', 'seen-once']], [['confirmation-missing', 'done']]]);
    expect((await scene.case(key)).state).toBe('shipped');
    expect(scene.shops['shop']?.snapshot().orders[0]?.fulfillmentStatus).toBe('FULFILLED');
  });
});

describe('what people did in Odoo', () => {
  test('a delivery that somebody validated is told to the shop', async () => {
    const scene = await opened();
    const key = await written(scene);
    const ben = await somebodyIn(scene);
    await ben.call('stock.picking', 'button_validate', await ben.pickings());

    const looks = [await lookAt(scene, firstLook), await lookAt(scene, secondLook), await lookAt(scene, thirdLook)];

    expect(looks).toEqual([[['shipped-by-hand-in-erp', 'seen-once']], [['shipped-by-hand-in-erp', 'done']], []]);
    expect((await scene.case(key)).state).toBe('shipped');
    expect(scene.shops['shop']?.snapshot().orders[0]?.fulfillmentStatus).toBe('FULFILLED');
  });

  test('an order that somebody cancelled is stopped here, and a person is told', async () => {
    const scene = await opened();
    const key = await written(scene);
    const ben = await somebodyIn(scene);
    await ben.call('sale.order', 'action_cancel', await ben.orders());

    const looks = [await lookAt(scene, firstLook), await lookAt(scene, secondLook), await lookAt(scene, thirdLook)];

    expect(looks).toEqual([[['cancelled-in-erp', 'seen-once']], [['cancelled-in-erp', 'done']], []]);
    expect((await scene.case(key)).state).toBe('cancelled');
    expect(await exceptionCodes(scene)).toContain('cancelled-in-erp');
  });

  test('an order whose delivery somebody cancelled is held, so that no label is bought for it', async () => {
    const scene = await opened();
    const key = await written(scene);
    const ben = await somebodyIn(scene);
    await ben.call('stock.picking', 'action_cancel', await ben.pickings());

    const looks = [await lookAt(scene, firstLook), await lookAt(scene, secondLook)];

    expect(looks.at(-1)).toEqual([['delivery-cancelled-in-erp', 'done']]);
    expect((await scene.case(key)).holds.map(({ code, placedBy }) => [code, placedBy])).toEqual([['manual', 'quartermaster']]);
  });

  test('a reservation that somebody took away is noticed, and told as short', async () => {
    const scene = await opened();
    const key = await written(scene);
    const ben = await somebodyIn(scene);
    await ben.call('stock.picking', 'do_unreserve', await ben.pickings());

    const looks = [await lookAt(scene, firstLook), await lookAt(scene, secondLook), await lookAt(scene, thirdLook)];

    expect(looks).toEqual([[['reservation-differs', 'seen-once']], [['reservation-differs', 'done']], []]);
    expect((await scene.case(key)).shipments[0]?.shortage).toMatchObject([{ sku: 'MUG', units: 2, reserved: 0 }]);
  });

  test('a price that somebody changed is told by what it is off: a cent, or more', async () => {
    const causes: unknown[] = [];
    for (const price of [12.905, 11]) {
      const scene = await opened();
      await written(scene);
      const ben = await somebodyIn(scene);
      await ben.call('sale.order.line', 'write', (await ben.lines()).slice(0, 1), { vals: { price_unit: price } });
      await lookAt(scene, firstLook);
      causes.push(await lookAt(scene, secondLook));
      expect((await exceptionCodes(scene)).filter((code) => code.startsWith('drift-'))).toHaveLength(1);
    }

    expect(causes).toEqual([[['total-off-by-rounding', 'person']], [['total-differs', 'person']]]);
  });

  test.each<[string, string, unknown, (ben: Somebody) => Promise<unknown>]>([
    [
      'more units',
      'quantity-differs-in-erp',
      'done',
      async (ben) => ben.call('sale.order.line', 'write', (await ben.lines()).slice(0, 1), { vals: { product_uom_qty: 3 } }),
    ],
    [
      'a quotation again',
      'reopened-in-erp',
      'done',
      async (ben) => ben.call('sale.order', 'write', await ben.orders(), { vals: { state: 'draft' } }),
    ],
  ])('an order that somebody made into %s is held until a person has looked', async (_what, cause, outcome, edit) => {
    const scene = await opened();
    const key = await written(scene);
    await edit(await somebodyIn(scene));

    const looks = [await lookAt(scene, firstLook), await lookAt(scene, secondLook), await lookAt(scene, thirdLook)];

    expect(looks.slice(0, 2)).toEqual([[[cause, 'seen-once']], [[cause, outcome]]]);
    expect((await scene.case(key)).holds.map(({ placedBy }) => placedBy)).toEqual(['quartermaster']);
  });

  test('a delivery that left on somebody else’s label is told, because ours was paid for', async () => {
    const scene = await opened();
    const { erp } = scene.context;
    const otherLabel: Erp = { ...erp, ship: (request, memo) => erp.ship({ ...request, trackingNumbers: ['OTHER-1'] }, memo) };
    const engine = createEngine({ ...scene.context, erp: otherLabel });
    await shippedWith(scene, engine);

    const looks = [await lookAt(scene, firstLook, engine), await lookAt(scene, secondLook, engine), await lookAt(scene, thirdLook, engine)];

    expect(looks.at(-1)).toEqual([['shipped-on-another-label', 'person']]);
  });

  test('a delivery that is not done in Odoo, although we were told so, is a person’s', async () => {
    const scene = await opened();
    const { erp } = scene.context;
    const lying: Erp = {
      ...erp,
      async ship(request) {
        const delivery = (await erp.findOrder(request.key))?.deliveries[0];
        if (delivery === undefined) throw new Error('no delivery');
        return { ...delivery, state: 'done' };
      },
    };
    const engine = createEngine({ ...scene.context, erp: lying });
    await shippedWith(scene, engine);

    const looks = [await lookAt(scene, firstLook, engine), await lookAt(scene, secondLook, engine), await lookAt(scene, thirdLook, engine)];

    expect(looks.at(-1)).toEqual([['not-shipped-in-erp', 'person']]);
  });

  test('an order that Odoo lost is held', async () => {
    const scene = await opened();
    const key = await written(scene);
    const { erp } = scene.context;
    const restored: Erp = { ...erp, findOrders: async (keys) => keys.map(() => null) };
    const engine = createEngine({ ...scene.context, erp: restored });

    const looks = [await lookAt(scene, firstLook, engine), await lookAt(scene, secondLook, engine)];

    expect(looks.at(-1)).toEqual([['order-missing-in-erp', 'done']]);
    expect((await scene.case(key)).holds).toHaveLength(1);
  });

  test('stock that was counted below what is reserved is told until it is put right', async () => {
    const scene = await opened();
    await written(scene);
    scene.odoo.setStock({ sku: 'MUG', node: 'BER', units: 1 });
    await published(scene);

    await lookAt(scene, firstLook);
    const told = await lookAt(scene, secondLook);
    scene.odoo.setStock({ sku: 'MUG', node: 'BER', units: 8 });
    await published(scene);
    await lookAt(scene, '2026-11-23T12:00:00.000Z');

    expect(told).toEqual([['over-reserved-in-erp', 'person']]);
    expect((await exceptionCodes(scene)).filter((code) => code.startsWith('drift-'))).toEqual([]);
  });
});

describe('what we left undone', () => {
  test('a cancelled order that somebody revived in Odoo is cancelled there again when a supervisor says so, and by nobody else', async () => {
    const scene = await opened();
    const key = await written(scene);
    const { erp } = scene.context;
    // Odoo forgot that we cancelled it.
    const before = await erp.findOrder(erpKey(scene, key));
    scene.shops['shop']?.cancelOrder(idOf(key));
    await scene.at('2026-11-23T10:35:00.000Z');
    const cancelled: string[] = [];
    const revived: Erp = {
      ...erp,
      findOrder: async () => (cancelled.length > 0 ? erp.findOrder(erpKey(scene, key)) : before),
      findOrders: async (keys) => (cancelled.length > 0 ? erp.findOrders(keys) : keys.map(() => before)),
      cancelOrder(which, memo) {
        cancelled.push(which.orderId);
        return erp.cancelOrder(which, memo);
      },
    };
    const context = { ...scene.context, erp: revived };
    const engine = createEngine(context);

    const looks = [await lookAt(scene, firstLook, engine), await lookAt(scene, secondLook, engine)];
    expect(looks).toEqual([[['not-cancelled-in-erp', 'seen-once']], [['not-cancelled-in-erp', 'not-automatic']]]);
    const answer = await createOperations(context).reconcileNow(
      { requestId: 'request-1', by: 'sue', role: 'supervisor', reason: 'cancelled by phone' },
      {},
    );
    await settle(engine, scene.clock);

    expect(answer).toMatchObject({ kind: 'done', after: { differences: [{ cause: 'not-cancelled-in-erp', verdict: 'done' }] } });
    expect(cancelled).toEqual([idOf(key)]);
    expect(await lookAt(scene, thirdLook, engine)).toEqual([]);
  });

  test('a label that nobody gives back any more is given back', async () => {
    const scene = await opened({ settings: withEasyPost });
    const key = scene.order();
    await scene.engine.pull('shop');
    scene.clock.advanceTo(wave);
    await scene.engine.wave(wave);
    while ((await scene.case(key)).shipments[0]?.state !== 'labelled') await scene.engine.work({ atMost: 1 });
    scene.shops['shop']?.cancelOrder(idOf(key));
    await scene.engine.pull('shop');
    await scene.journal.transaction((tx) => tx.intents.cancel({ orderKey: key, kinds: ['void-label'] }));
    await settle(scene.engine, scene.clock);

    const looks = [await lookAt(scene, firstLook), await lookAt(scene, secondLook), await lookAt(scene, thirdLook)];

    expect(looks).toEqual([[['label-unused', 'seen-once']], [['label-unused', 'done']], []]);
    expect((await scene.case(key)).shipments[0]?.withdrawn.map(({ outcome }) => outcome)).not.toContain('asked');
  });
});

test('a label whose parcel does not leave is told after some days', async () => {
  const scene = await opened();
  const key = scene.order();
  await scene.engine.pull('shop');
  scene.clock.advanceTo(wave);
  await scene.engine.wave(wave);
  while ((await scene.case(key)).shipments[0]?.state !== 'labelled') await scene.engine.work({ atMost: 1 });
  await scene.journal.transaction((tx) => tx.intents.cancel({ orderKey: key, kinds: ['ship'] }));

  const looks = [
    await lookAt(scene, '2026-11-25T10:00:00.000Z'),
    await lookAt(scene, '2026-11-26T11:00:00.000Z'),
    await lookAt(scene, '2026-11-26T12:00:00.000Z'),
  ];

  expect(looks).toEqual([[], [['label-idle', 'seen-once']], [['label-idle', 'person']]]);
});

test('an order that the shop has no more is told to a person', async () => {
  const scene = await opened();
  await written(scene);
  const shop = scene.context.channels.get('shop');
  if (shop === undefined) throw new Error('there is a shop');
  const empty: Channel = {
    ...shop,
    async *standings() {
      yield [];
    },
  };
  const engine = createEngine({ ...scene.context, channels: new Map([['shop', empty]]) });

  const looks = [await lookAt(scene, firstLook, engine), await lookAt(scene, secondLook, engine)];

  expect(looks.at(-1)).toEqual([['order-gone-from-channel', 'person']]);
});

describe('published stock', () => {
  test('a figure that somebody raised in the shop is set right before it is oversold', async () => {
    const scene = await opened();
    await published(scene);
    await setInShop(scene, { sku: 'MUG', node: 'BER', available: 45, expected: null });
    await published(scene);

    const looks = [await lookAt(scene, firstLook), await lookAt(scene, secondLook)];
    await published(scene);

    expect(looks).toEqual([[['shown-above-promise', 'seen-once']], [['shown-above-promise', 'done']]]);
    expect(scene.shops['shop']?.stock('MUG', 'BER').available).toBe(10);
  });

  test('a figure that somebody lowered is raised again', async () => {
    const scene = await opened();
    await published(scene);
    await setInShop(scene, { sku: 'LAMP', node: 'HAM', available: 0, expected: null });

    const looks = [await lookAt(scene, firstLook), await lookAt(scene, secondLook)];
    await published(scene);

    expect(looks.at(-1)).toEqual([['shown-below-promise', 'done']]);
    expect(scene.shops['shop']?.stock('LAMP', 'HAM').available).toBe(5);
  });

  test('a figure that is off by more than the bound is left to a person', async () => {
    const scene = await opened({ settings: (given) => ({ ...given, reconcile: { ...given.reconcile, unitsPerHeal: 20 } }) });
    await published(scene);
    await setInShop(scene, { sku: 'MUG', node: 'BER', available: 31, expected: null });

    const looks = [await lookAt(scene, firstLook), await lookAt(scene, secondLook)];
    await published(scene);

    expect(looks.at(-1)).toEqual([['shown-above-promise', 'too-much']]);
    expect(await exceptionCodes(scene)).toEqual(['drift-shown-above-promise']);
    expect(scene.shops['shop']?.stock('MUG', 'BER').available).toBe(31);
  });

  test('an article that the shop lists no more is told', async () => {
    const scene = await opened();
    await published(scene);
    scene.shops['shop']?.unstock('MUG', 'HAM');

    const looks = [await lookAt(scene, firstLook), await lookAt(scene, secondLook)];

    expect(looks.at(-1)).toEqual([['unlisted-in-channel', 'person']]);
  });

  test('the figures of a large shop are read some at a time, in turn', async () => {
    const read: string[][] = [];
    const scene = await opened({
      settings: (given) => ({ ...given, reconcile: { ...given.reconcile, levelsPerLook: 3 } }),
      channel: (channel) => ({
        ...channel,
        shownStock(places) {
          read.push(places.map(({ sku, node }) => `${sku} ${node}`));
          return channel.shownStock(places);
        },
      }),
    });
    await published(scene);

    for (const at of [firstLook, secondLook, thirdLook]) await lookAt(scene, at);

    expect(read.map((places) => places.length)).toEqual([3, 3, 3]);
    expect(new Set(read.slice(0, 2).flat()).size).toBe(4);
  });
});

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

/** An order of which somebody has validated the delivery in Odoo. */
async function shippedByHand(scene: Scene): Promise<string> {
  const key = await written(scene);
  const ben = await somebodyIn(scene);
  await ben.call('stock.picking', 'button_validate', await ben.pickings());
  return key;
}

type Somebody = Awaited<ReturnType<typeof somebodyIn>>;

/** An order that left by this engine. */
async function shippedWith(scene: Scene, engine: Engine): Promise<void> {
  scene.order({ lines: [{ sku: 'MUG', quantity: 2 }] });
  await engine.pull('shop');
  scene.clock.advanceTo(wave);
  await engine.wave(wave);
  await settle(engine, scene.clock);
}

async function pulledOrder(scene: Scene, key: string): Promise<PulledOrder> {
  const pulled = await scene.context.channels.get('shop')?.getOrder(idOf(key));
  if (pulled == null) throw new Error('the shop has no such order');
  return pulled;
}

/** The ERP has the order, and the journal that wrote it is gone. */
async function writtenByTheLostJournal(scene: Scene, key: string): Promise<void> {
  const { order, person } = await pulledOrder(scene, key);
  const { serviceSkus } = scene.context.settings.erp;
  const draft = draftErpOrder({ key: erpKey(scene, key), order, person, nodeOf: () => 'BER', serviceSkus });
  await scene.context.erp.writeOrder(draft, memo);
}

async function shippedByHandInShop(scene: Scene, key: string): Promise<void> {
  const { order } = await pulledOrder(scene, key);
  const shipment = {
    orderId: order.id,
    node: 'BER',
    lines: order.lines.map((line) => ({ lineId: line.id, units: line.quantity })),
    carrier: 'Somebody',
    trackingNumbers: ['BY-HAND'],
    trackingUrl: null,
    shippedAt: scene.clock.now(),
    notifyCustomer: false,
  };
  await scene.context.channels.get('shop')?.confirmShipment(shipment, memo);
  await scene.engine.pull('shop');
}

async function published(scene: Scene): Promise<void> {
  await scene.engine.publish();
  await settle(scene.engine, scene.clock);
}

/** Somebody, or another program, sets a figure in the shop. */
async function setInShop(scene: Scene, level: StockLevel): Promise<void> {
  await scene.context.channels.get('shop')?.pushStock([level], { ...memo, key: `by-hand-${scene.clock.now()}` });
}

const memo = { key: 'by-hand', refs: {}, saveRefs: async () => undefined, saveRaw: async () => undefined };

function idOf(key: string): string {
  return key.slice(key.lastIndexOf('/') + 1);
}

function erpKey({ context: { settings } }: Scene, key: string) {
  return { scope: { tenant: settings.tenant, company: settings.company, connection: 'shop' }, orderId: idOf(key) };
}

function refusal(message: string): ConnectorFault {
  return new ConnectorFault('refused', { connector: 'house', operation: 'buy', message, outcome: 'not-applied', retry: { kind: 'never' } });
}
