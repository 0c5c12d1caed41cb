import { expect, test } from 'vitest';
import {
  afternoon,
  asked,
  leftByErp,
  morning,
  nextDay,
  noon,
  openInErp,
  openLateScene,
  releasedLate,
  shipmentsOf,
} from '../testing/resourced.ts';
import { openScene } from '../testing/scene.ts';
import { countedMeanwhile } from '../testing/counted-meanwhile.ts';
import { createOperations } from '../operations/operations.ts';

const onlyBerlin = { MUG: [10, 0], LAMP: [5, 0] } as const;
const both = [
  { sku: 'MUG', quantity: 2 },
  { sku: 'LAMP', quantity: 1 },
];

test('a short pick is shipped from another node and the rest from the first, nothing leaves twice and the customer gets all', async () => {
  const scene = await openLateScene({ stock: onlyBerlin });
  const order = scene.order({ lines: both });
  await scene.at(morning, 'wave');
  scene.odoo.receive({ sku: 'LAMP', node: 'HAM', units: 5 });

  const outcome = await scene.operations.reportShort(asked(), { order, shipment: '1', lines: [{ line: 'LAMP', units: 1 }] });
  await scene.at(noon);
  await scene.at(afternoon, 'wave');

  expect(outcome.kind).toBe('done');
  expect(await shipmentsOf(scene, order)).toEqual(['BER confirmed MUG', 'BER stopped LAMP', 'HAM confirmed LAMP']);
  expect(leftByErp(scene)).toEqual({ 'BER MUG': 2, 'HAM LAMP': 1 });
  expect(scene.shops['shop']?.snapshot().orders[0]?.fulfillmentStatus).toBe('FULFILLED');
  expect([(await scene.case(order)).state, openInErp(scene), await scene.openExceptions()]).toEqual(['shipped', [], []]);
});

test('what a node rejects goes to another node, and its delivery there is cancelled in the ERP', async () => {
  const scene = await openLateScene({ stock: onlyBerlin });
  const order = scene.order({ lines: both });
  await scene.at(morning, 'wave');
  expect(openInErp(scene)).toEqual(['BER MUG+LAMP']);

  await scene.operations.rejectShipment(asked(), { order, shipment: '1', lines: [], doubt: null });
  await scene.at(noon);
  expect(openInErp(scene)).toEqual(['nowhere MUG+LAMP']);
  scene.odoo.receive({ sku: 'LAMP', node: 'HAM', units: 5 });
  scene.odoo.receive({ sku: 'MUG', node: 'HAM', units: 5 });
  await scene.at(afternoon, 'wave');

  expect(await shipmentsOf(scene, order)).toEqual(['BER stopped MUG+LAMP', 'HAM confirmed MUG+LAMP']);
  expect(leftByErp(scene)).toEqual({ 'HAM MUG': 2, 'HAM LAMP': 1 });
});

test('lines that were taken back wait while no other node has them, and do not go back to the node that could not ship them', async () => {
  const scene = await openLateScene({ stock: onlyBerlin });
  const order = scene.order({ lines: [{ sku: 'LAMP', quantity: 1 }] });
  await scene.at(morning, 'wave');
  await scene.operations.rejectShipment(asked(), { order, shipment: '1', lines: [], doubt: null });

  await scene.at(afternoon, 'wave');
  expect(await shipmentsOf(scene, order)).toEqual(['BER stopped LAMP']);
  scene.odoo.receive({ sku: 'LAMP', node: 'HAM', units: 1 });
  await scene.at(nextDay, 'wave');

  expect(await shipmentsOf(scene, order)).toEqual(['BER stopped LAMP', 'HAM confirmed LAMP']);
});

test('nothing more of a shelf on which a picker found nothing is promised to orders or channels, until it was counted', async () => {
  const scene = await openLateScene({ stock: { MUG: [10, 1], LAMP: [0, 0] } });
  const order = scene.order({ lines: [{ sku: 'MUG', quantity: 2 }] });
  await scene.at(morning, 'wave');
  await scene.operations.reportShort(asked(), { order, shipment: '1', lines: [{ line: 'MUG', units: 2 }] });
  await scene.at(noon);
  const next = scene.order({ lines: [{ sku: 'MUG', quantity: 3 }] });

  await scene.at(afternoon, 'wave');
  await scene.engine.publish();
  await scene.at('2026-11-23T13:05:00.000Z');
  const shown = scene.shops['shop']?.snapshot().inventory.find(({ sku, location }) => sku === 'MUG' && location === 'BER')?.available;
  const count = { node: 'BER', sku: 'MUG', units: 4 };
  const tooEarly = await scene.operations.countStock(asked(), count);
  scene.odoo.setStock(count);
  const counted = await scene.operations.countStock(asked(), count);

  expect([shown, await shipmentsOf(scene, next)]).toEqual([0, []]);
  expect([tooEarly.kind === 'refused' ? tooEarly.message : '', counted.kind]).toEqual(['the ERP has 10 of MUG at BER, not 4', 'done']);
  await scene.at(nextDay, 'wave');
  expect(await shipmentsOf(scene, next)).toEqual(['BER confirmed MUG']);
});

test('damaged units lower what is promised of a shelf by so many', async () => {
  const scene = await openLateScene({ stock: onlyBerlin });
  const order = scene.order({ lines: [{ sku: 'LAMP', quantity: 2 }] });
  await scene.at(morning, 'wave');
  await scene.operations.rejectShipment(asked(), { order, shipment: '1', lines: [], doubt: 'damaged' });
  await scene.at(noon);
  const [four, three] = [4, 3].map((quantity) => scene.order({ lines: [{ sku: 'LAMP', quantity }] }));

  await scene.at(afternoon, 'wave');

  // Of five in Berlin two are damaged; what was rejected may not come from there again.
  expect([await shipmentsOf(scene, four ?? ''), await shipmentsOf(scene, three ?? '')]).toEqual([[], ['BER confirmed LAMP']]);
});

test('what has left or has its label is not taken back, whoever asks', async () => {
  const scene = await openScene();
  const order = scene.order();
  await scene.at(morning, 'wave');

  const outcome = await createOperations(scene.context).rejectShipment(asked(), { order, shipment: '1', lines: [], doubt: null });

  expect(outcome).toMatchObject({ kind: 'refused', code: 'wrong-state' });
});

test.each(['ask', 'auto'] as const)('what the ERP reserved short %s', async (onShortPick) => {
  const scene = await openLateScene({
    stock: { MUG: [3, 0], LAMP: [0, 0] },
    settings: (given) => ({ ...releasedLate(given), sourcing: { ...given.sourcing, onShortPick } }),
  });
  const order = scene.order({ lines: [{ sku: 'MUG', quantity: 3 }] });
  await scene.at('2026-11-23T09:00:00.000Z');
  const miscounted = countedMeanwhile(scene, { sku: 'MUG', node: 'BER', units: 1 });
  await miscounted.wave(morning);
  await scene.at('2026-11-23T10:05:00.000Z');
  scene.odoo.receive({ sku: 'MUG', node: 'HAM', units: 5 });

  await scene.at(afternoon, 'wave');

  const waits = { shipments: ['BER written MUG'], exceptions: ['short-reservation'] };
  const moved = { shipments: ['BER stopped MUG', 'HAM confirmed MUG'], exceptions: [] };
  expect({ shipments: await shipmentsOf(scene, order), exceptions: (await scene.openExceptions()).map(({ code }) => code) }).toEqual(
    onShortPick === 'ask' ? waits : moved,
  );
});
