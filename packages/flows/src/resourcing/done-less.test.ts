import { expect, test } from 'vitest';
import { firstLook, lookAt, secondLook, thirdLook } from '../testing/drifting.ts';
import { somebodyIn } from '../testing/people-in-odoo.ts';
import { afternoon, asked, leftByErp, morning, openLateScene, releasedLate, shipmentsOf } from '../testing/resourced.ts';
import { findDoubt } from './stock-doubt.ts';

const onlyBerlin = { MUG: [10, 0], LAMP: [5, 0] } as const;
const both = [
  { sku: 'MUG', quantity: 2 },
  { sku: 'LAMP', quantity: 1 },
];

/** An order of two mugs and a lamp, which waits in Odoo for its release; a worker there validates its delivery with less. */
async function validatedWith(units: Readonly<Record<string, number>>, onShortPick: 'ask' | 'auto', rest?: 'drop') {
  const scene = await openLateScene({
    stock: onlyBerlin,
    settings: (given) => ({ ...releasedLate(given), sourcing: { ...given.sourcing, onShortPick } }),
  });
  const order = scene.order({ lines: both });
  await scene.at(morning, 'wave');
  const worker = await somebodyIn(scene);
  scene.clock.advanceTo('2026-11-23T10:30:00.000Z');
  const [delivery = 0] = await worker.pickings();
  await worker.validateWith(delivery, units, rest);
  scene.odoo.receive({ sku: 'LAMP', node: 'HAM', units: 5 });
  const looks = [await lookAt(scene, firstLook), await lookAt(scene, secondLook), await lookAt(scene, thirdLook)];
  return { scene, order, worker, looks };
}

const codes = async ({ scene }: Awaited<ReturnType<typeof validatedWith>>) => (await scene.openExceptions()).map(({ code }) => code).sort();

test('a line that a worker left out in Odoo is a short pick where policy lets it: it leaves from another node, the rest has left, and nothing leaves twice', async () => {
  const { scene, order, looks } = await validatedWith({ MUG: 2, LAMP: 0 }, 'auto');
  expect(looks).toEqual([[['shipped-by-hand-in-erp', 'seen-once']], [['shipped-by-hand-in-erp', 'done']], []]);
  expect(await shipmentsOf(scene, order)).toEqual(['BER confirmed MUG', 'BER stopped LAMP']);
  expect(await scene.journal.read((tx) => findDoubt(tx, 'BER', 'LAMP'))).toMatchObject({ kind: 'not-in-stock' });

  await scene.at(afternoon, 'wave');

  expect(await shipmentsOf(scene, order)).toEqual(['BER confirmed MUG', 'BER stopped LAMP', 'HAM confirmed LAMP']);
  expect(leftByErp(scene)).toEqual({ 'BER MUG': 2, 'HAM LAMP': 1 });
  expect(scene.shops['shop']?.snapshot().orders[0]?.fulfillmentStatus).toBe('FULFILLED');
});

test('a line that a worker left out in Odoo waits for a person where policy does not let it, and the customer is not told that it left', async () => {
  const given = await validatedWith({ MUG: 2, LAMP: 0 }, 'ask');
  const { scene, order, looks } = given;
  expect(looks.at(-1)).toEqual([]);
  expect([await shipmentsOf(scene, order), await codes(given)]).toEqual([['BER written MUG+LAMP'], ['short-reservation']]);
  expect(scene.shops['shop']?.snapshot().orders[0]?.fulfillmentStatus).not.toBe('FULFILLED');

  await scene.operations.reportShort(asked(), { order, shipment: '1', lines: [{ line: 'LAMP', units: 1 }] });
  await scene.at('2026-11-23T11:50:00.000Z');
  await lookAt(scene, '2026-11-23T12:10:00.000Z');
  await lookAt(scene, '2026-11-23T12:30:00.000Z');
  await scene.at(afternoon, 'wave');

  expect(await shipmentsOf(scene, order)).toEqual(['BER confirmed MUG', 'BER stopped LAMP', 'HAM confirmed LAMP']);
  expect(leftByErp(scene)).toEqual({ 'BER MUG': 2, 'HAM LAMP': 1 });
});

test('what a worker drops in Odoo without a backorder cannot be allocated elsewhere there: the rest has left, and a person is told', async () => {
  const given = await validatedWith({ MUG: 2, LAMP: 0 }, 'auto', 'drop');
  const { scene, order } = given;

  await scene.at(afternoon, 'wave');

  expect((await shipmentsOf(scene, order)).slice(0, 2)).toEqual(['BER confirmed MUG', 'BER stopping LAMP']);
  expect(leftByErp(scene)).toMatchObject({ 'BER MUG': 2, 'BER LAMP': 0 });
  expect(await codes(given)).toContain('deallocate-failed');
  expect(scene.shops['shop']?.snapshot().orders[0]?.fulfillmentStatus).not.toBe('FULFILLED');
});

test.each(['ask', 'auto'] as const)(
  'of a line of which a worker sent a part (%s) nothing is sourced again: the order is held, and has left once its backorder was validated, too',
  async (onShortPick) => {
    const given = await validatedWith({ MUG: 1, LAMP: 1 }, onShortPick);
    const { scene, order, worker } = given;
    const holds = async () => (await scene.case(order)).holds.map(({ reason }) => reason);
    expect(await holds()).toEqual([
      'shipment 1 left BER in the ERP with 1 of 2 MUG, 1 of 1 LAMP: ship the rest from its backorder there, or cancel it',
    ]);
    await scene.at(afternoon, 'wave');
    expect(await shipmentsOf(scene, order)).toEqual(['BER written MUG+LAMP']);

    const backorder = (await worker.pickings()).at(-1) ?? 0;
    await worker.validateWith(backorder, { MUG: 1 });
    await scene.at('2026-11-23T14:00:00.000Z', 'wave');

    expect(await shipmentsOf(scene, order)).toEqual(['BER confirmed MUG+LAMP']);
    expect(leftByErp(scene)).toEqual({ 'BER MUG': 2, 'BER LAMP': 1 });
    expect((await scene.case(order)).state).toBe('shipped');
  },
);
