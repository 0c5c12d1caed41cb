import { expect, test } from 'vitest';
import { createOperations } from '../operations/operations.ts';
import {
  afternoon,
  asked,
  leftByErp,
  morning,
  noon,
  openInErp,
  openLateScene,
  plannedUntilRelease,
  shipmentsOf,
} from '../testing/resourced.ts';
import { openScene } from '../testing/scene.ts';
import { settle } from '../engine.ts';

const untilRelease = { settings: plannedUntilRelease };
const one = [{ sku: 'MUG', quantity: 1 }];
const pair = [
  { sku: 'MUG', quantity: 1 },
  { sku: 'LAMP', quantity: 1 },
];

test('what is not released is planned anew with what came later: a split that is no longer needed is undone', async () => {
  const scene = await openLateScene({ ...untilRelease, stock: { MUG: [5, 0], LAMP: [0, 5] } });
  const order = scene.order({ lines: pair });
  await scene.at(morning, 'wave');
  expect((await shipmentsOf(scene, order)).sort()).toEqual(['BER written MUG', 'HAM written LAMP']);
  scene.odoo.receive({ sku: 'LAMP', node: 'BER', units: 5 });

  await scene.at(noon, 'wave');
  await scene.at(afternoon, 'wave');

  expect((await shipmentsOf(scene, order)).filter((each) => each.includes('confirmed'))).toEqual(['BER confirmed MUG+LAMP']);
  expect(leftByErp(scene)).toEqual({ 'BER MUG': 1, 'BER LAMP': 1 });
  expect(openInErp(scene)).toEqual([]);
});

test('orders are reassigned before release so that the scarce stock of a zone serves whoever needs it most', async () => {
  const scene = await openLateScene({ ...untilRelease, stock: { MUG: [1, 1], LAMP: [0, 1] } });
  const first = scene.order({ lines: one });
  await scene.at(morning, 'wave');
  const before = (await shipmentsOf(scene, first))[0]?.slice(0, 3);
  // Only Hamburg has a lamp: with its mug there the second order is one parcel.
  const second = scene.order({ lines: pair });

  await scene.at(afternoon, 'wave');

  expect(['BER', 'HAM']).toContain(before);
  expect((await shipmentsOf(scene, first)).at(-1)).toBe('BER confirmed MUG');
  expect(await shipmentsOf(scene, second)).toEqual(['HAM confirmed MUG+LAMP']);
});

test('unchanged inputs change nothing, wave after wave', async () => {
  const scene = await openLateScene({ ...untilRelease, stock: { MUG: [20, 20], LAMP: [10, 10] } });
  const orders = Array.from({ length: 8 }, (_, at) => scene.order({ lines: at % 2 === 0 ? one : pair }));
  await scene.at(morning, 'wave');
  const before = await Promise.all(orders.map((key) => scene.case(key)));

  await scene.at(noon, 'wave');

  expect(await Promise.all(orders.map((key) => scene.case(key)))).toEqual(before);
});

test('a plan that saves less than a change costs is not taken', async () => {
  const given = async (changeCost: string) => {
    const scene = await openLateScene({
      stock: { MUG: [5, 0], LAMP: [0, 5] },
      settings: (settings) => ({ ...plannedUntilRelease(settings), sourcing: { ...settings.sourcing, changeCost } }),
    });
    const order = scene.order({ lines: pair });
    await scene.at(morning, 'wave');
    scene.odoo.receive({ sku: 'LAMP', node: 'BER', units: 5 });
    await scene.at(noon, 'wave');
    return (await shipmentsOf(scene, order)).filter((each) => each.includes('written')).length;
  };

  expect([await given('100.00'), await given('0.10')]).toEqual([2, 1]);
});

test('what a person decided, what is released and what is held stays where it is', async () => {
  const scene = await openLateScene({ ...untilRelease, stock: { MUG: [5, 0], LAMP: [0, 5] } });
  const [held, barred] = [scene.order({ lines: pair }), scene.order({ lines: pair })];
  await scene.at(morning, 'wave');
  await scene.operations.holdOrder(asked(), { order: held, owner: null, until: null });
  await scene.journal.transaction(async () => undefined);
  await scene.operations.rejectShipment(asked(), { order: barred, shipment: '2', lines: [], doubt: null });
  scene.odoo.receive({ sku: 'LAMP', node: 'BER', units: 5 });

  await scene.at(noon, 'wave');

  expect((await shipmentsOf(scene, held)).sort()).toEqual(['BER written MUG', 'HAM written LAMP']);
  expect((await shipmentsOf(scene, barred)).some((each) => each.startsWith('HAM written LAMP'))).toBe(false);
});

test.each([
  ['before the ERP had done it', 'before'],
  ['when the ERP had done it', 'after'],
] as const)(
  'a process that dies in the middle of taking back, %s, leaves each unit in one place: the next one ends it',
  async (_when, dies) => {
    const scene = await openScene({ settings: plannedUntilRelease, stock: { MUG: [5, 0], LAMP: [0, 0] } });
    const order = scene.order({ lines: one });
    await scene.at(morning, 'wave');
    scene.odoo.receive({ sku: 'MUG', node: 'HAM', units: 5 });
    await createOperations(scene.context).rejectShipment(asked(), { order, shipment: '1', lines: [], doubt: null });
    const dying = scene.restart({
      erp: {
        ...scene.context.erp,
        async deallocate(request, memo) {
          if (dies === 'after') await scene.context.erp.deallocate(request, memo);
          // The process is gone: nobody hears what became of it.
          return new Promise(() => undefined);
        },
      },
    });
    void dying.work();
    await new Promise((resolve) => setTimeout(resolve, 200));
    scene.clock.advanceTo(noon);

    const next = scene.restart(scene.connect());
    await next.recover();
    await settle(next, scene.clock);
    await next.wave(afternoon);
    scene.clock.advanceTo(afternoon);
    await next.wave(afternoon);
    await settle(next, scene.clock);

    expect(await shipmentsOf(scene, order)).toEqual(['BER stopped MUG', 'HAM confirmed MUG']);
    expect([leftByErp(scene), openInErp(scene)]).toEqual([{ 'HAM MUG': 1 }, []]);
  },
);
