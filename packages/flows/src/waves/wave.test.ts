import { expect, test } from 'vitest';
import { summarize } from '../summary.ts';
import { openScene } from '../testing/scene.ts';
import { countedMeanwhile } from '../testing/counted-meanwhile.ts';

const morning = '2026-11-23T10:00:00.000Z';
const afternoon = '2026-11-23T13:00:00.000Z';

test('a wave is once per slot, whoever asks and however often', async () => {
  const scene = await openScene();
  scene.order();
  await scene.at('2026-11-23T09:00:00.000Z');

  const waves = [await scene.engine.wave(morning), await scene.engine.wave(morning), await scene.restart().wave(morning)];

  expect(waves.map((wave) => wave?.orders ?? null)).toEqual([1, null, null]);
});

test('two processes that begin the same wave at the same time decide it once', async () => {
  const scene = await openScene();
  scene.order();
  await scene.at('2026-11-23T09:00:00.000Z');

  const waves = await Promise.all([scene.engine.wave(morning), scene.engine.wave(morning)]);

  expect(waves.filter((wave) => wave !== null)).toHaveLength(1);
});

test('an order that changed while the optimizer thought is left for the next wave', async () => {
  const scene = await openScene();
  const key = scene.order();
  await scene.at('2026-11-23T09:00:00.000Z');
  const { erp } = scene.context;
  const slow = scene.restart({
    erp: {
      ...erp,
      async stock(query) {
        scene.shops['shop']?.changeAddress('#1001', {
          name: 'Ada Example',
          address1: 'Torstr. 9',
          zip: '20095',
          city: 'Hamburg',
          countryCode: 'DE',
        });
        await scene.engine.pull('shop');
        return erp.stock(query);
      },
    },
  });

  await slow.wave(morning);
  expect((await scene.case(key)).state).toBe('open');

  await scene.at(afternoon, 'wave');
  expect(await scene.case(key)).toMatchObject({ state: 'shipped', order: { destination: { postalArea: '200' } } });
});

test('what comes before the cutoff leaves today; what comes after it is planned, and released on its day', async () => {
  const scene = await openScene();
  const early = scene.order();
  await scene.at(afternoon, 'wave');
  scene.clock.advanceTo('2026-11-23T14:30:00.000Z');
  const late = scene.order();
  await scene.at('2026-11-23T14:40:00.000Z', 'wave');
  expect([(await scene.case(early)).state, (await scene.case(late)).shipments[0]?.state]).toEqual(['shipped', 'written']);

  await scene.at('2026-11-24T10:00:00.000Z', 'wave');

  expect((await scene.case(late)).state).toBe('shipped');
});

test('a wave that is made up after the cutoff does not pretend that anything leaves today', async () => {
  const scene = await openScene();
  const key = scene.order();
  scene.clock.advanceTo('2026-11-23T16:00:00.000Z');
  await scene.engine.pull('shop');

  await scene.engine.wave(afternoon);

  expect((await scene.case(key)).shipments.map(({ dispatchDate, released }) => ({ dispatchDate, released }))).toEqual([
    { dispatchDate: '2026-11-24', released: false },
  ]);
});

test('an order without stock goes to the ERP to wait, and is allocated once there is some', async () => {
  const scene = await openScene({ stock: { MUG: [0, 0], LAMP: [5, 5] } });
  const key = scene.order();
  await scene.at(morning, 'wave');
  expect(await scene.case(key)).toMatchObject({ state: 'committed', shipments: [] });
  scene.odoo.receive({ sku: 'MUG', node: 'HAM', units: 4 });

  await scene.at(afternoon, 'wave');

  expect((await scene.case(key)).shipments.map(({ node, state }) => ({ node, state }))).toEqual([{ node: 'HAM', state: 'confirmed' }]);
});

test('two orders never get the same unit, wave after wave', async () => {
  const scene = await openScene({ stock: { MUG: [1, 0], LAMP: [0, 0] } });
  const keys = [scene.order(), scene.order()];

  await scene.at(morning, 'wave');
  await scene.at(afternoon, 'wave');

  expect((await Promise.all(keys.map(scene.case))).map((each) => each.shipments.length)).toEqual([1, 0]);
});

test('an order that must not ship before a date waits for it and lifts by itself', async () => {
  const scene = await openScene();
  const key = scene.order({ fulfillAt: '2026-11-23T12:00:00Z' });
  await scene.at(morning, 'wave');
  expect((await scene.case(key)).holds.map((hold) => hold.code)).toEqual(['not-before']);

  await scene.at(afternoon, 'wave');

  expect(await scene.case(key)).toMatchObject({ state: 'committed', holds: [] });
});

test('an order for something the ERP does not know waits until somebody makes it there', async () => {
  const scene = await openScene();
  const key = scene.order({ lines: [{ sku: 'VASE', quantity: 1 }] });
  await scene.at(morning, 'wave');
  expect((await scene.case(key)).holds.map((hold) => hold.code)).toEqual(['unmapped-sku']);
  scene.odoo.addProduct({ sku: 'VASE', name: 'Vase', grams: 800, millilitres: 4_000, kind: 'storable' });
  scene.odoo.setStock({ sku: 'VASE', node: 'BER', units: 3 });

  await scene.at(afternoon, 'wave');

  expect((await scene.case(key)).state).toBe('shipped');
});

test('checking held orders again leaves no trace while nothing has changed', async () => {
  const scene = await openScene();
  const key = scene.order({ financialStatus: 'PENDING' });
  await scene.at(morning, 'wave');
  await scene.at(afternoon, 'wave');

  expect((await scene.journal.read((tx) => tx.audit.list({ key, limit: 10 }))).map(({ event }) => event)).toEqual(['order.received']);
});

test('a held order whose person was erased stays held', async () => {
  const scene = await openScene();
  const key = scene.order({ fulfillAt: '2026-11-23T12:00:00Z' });
  await scene.at('2026-11-23T09:00:00.000Z');
  const { subject } = (await scene.case(key)).order;
  await scene.journal.transaction((tx) => tx.vault.erase(subject));

  await scene.at(afternoon, 'wave');

  expect((await scene.case(key)).state).toBe('held');
});

test('a shipment that was reserved short goes on by itself once the ERP has the stock', async () => {
  const scene = await openScene({ stock: { MUG: [3, 0], LAMP: [0, 0] } });
  const key = scene.order({ lines: [{ sku: 'MUG', quantity: 3 }] });
  await scene.at('2026-11-23T09:00:00.000Z');
  const miscounted = countedMeanwhile(scene, { sku: 'MUG', node: 'BER', units: 1 });
  await miscounted.wave(morning);
  await scene.at('2026-11-23T10:05:00.000Z');
  expect((await scene.openExceptions()).map(({ code }) => code)).toEqual(['short-reservation']);
  scene.odoo.receive({ sku: 'MUG', node: 'BER', units: 2 });

  await scene.at(afternoon, 'wave');

  expect((await scene.case(key)).state).toBe('shipped');
  expect(await scene.openExceptions()).toEqual([]);
});

test('a unit heavier than any parcel is told to a person, and forgotten once its weight is put right in the ERP', async () => {
  const scene = await openScene();
  let grams = 15_000;
  const { erp } = scene.context;
  const engine = scene.restart({
    erp: { ...erp, products: async (skus) => (await erp.products(skus)).map((each) => ({ ...each, grams })) },
  });
  const key = scene.order();
  scene.clock.advanceTo(morning);
  await engine.pull('shop');
  await engine.wave(morning);
  expect((await scene.openExceptions()).map(({ code }) => code)).toEqual(['parcel-too-heavy']);
  grams = 1_500;

  await engine.wave(afternoon);

  expect((await scene.case(key)).shipments).toHaveLength(1);
  expect(await scene.openExceptions()).toEqual([]);
});

test('an order that was shipped days ago is history for plan and baseline alike, and costs nothing any more', async () => {
  const scene = await openScene();
  scene.order();
  await scene.at(morning, 'wave');
  const onTheDay = await summarize(scene.journal, scene.context.settings);

  await scene.at('2026-11-27T10:00:00.000Z', 'wave');

  const later = await summarize(scene.journal, scene.context.settings);
  expect(
    [onTheDay, later].map(({ plan, baseline }) => [plan.shipments, baseline.shipments, plan.cost.unfilled, baseline.cost.unfilled]),
  ).toEqual([
    [1, 1, 0, 0],
    [0, 0, 0, 0],
  ]);
});
