import type { LabelRequest } from '@quartermaster/domain';
import { expect, test } from 'vitest';
import { withBoxes } from '../testing/boxes.ts';
import { openScene } from '../testing/scene.ts';
import { packingOf } from './packing-view.ts';

const wave = '2026-11-23T10:00:00.000Z';

test('a wave packs an order into boxes, the packer is told where each unit goes, and the label is bought for the box', async () => {
  const bought: LabelRequest[] = [];
  const scene = await openScene({
    settings: withBoxes,
    carrier: (given) => ({ ...given, buy: (request, memo) => (bought.push(request), given.buy(request, memo)) }),
  });
  const key = scene.order({ lines: [{ sku: 'MUG', quantity: 2 }] });
  await scene.at('2026-11-23T09:00:00.000Z');
  await scene.at(wave, 'wave');

  const packing = await packingOf(scene.journal, key);

  expect(packing?.shipments[0]).toMatchObject({
    packing: { by: 'boxes' },
    parcels: [{ packaging: { box: 'S', tareGrams: 90 }, places: [{ sku: 'MUG', step: 1, layer: 1, at: [0, 0, 0] }, { step: 2 }] }],
  });
  expect(packing?.shipments[0]?.instructions[0]).toBe('Parcel 1 of 1: box S, 210 x 160 x 110 mm, 0.890 kg');
  expect(packing?.shipments[0]?.instructions[1]).toMatch(/^ {2}1\. MUG \(line \S+\): \d+ long, .* on the floor$/);
  expect(bought.map(({ parcel }) => [parcel.grams, parcel.millimetres])).toEqual([[890, [210, 160, 110]]]);
  expect((await scene.case(key)).state).toBe('shipped');
});

test('orders of equal contents share what the journal keeps of their packing', async () => {
  const scene = await openScene({ settings: withBoxes });
  const keys = [1, 2, 3].map(() => scene.order({ lines: [{ sku: 'MUG', quantity: 1 }] }));
  await scene.at('2026-11-23T09:00:00.000Z');
  await scene.at(wave, 'wave');

  const decision = await scene.journal.read((tx) => tx.decisions.get(`packing:${wave}`));
  const packings = await Promise.all(keys.map((key) => packingOf(scene.journal, key)));

  expect(JSON.stringify(decision?.outcome).match(/"box":"S"/g)).toHaveLength(1);
  expect(packings.map((each) => each?.shipments[0]?.parcels[0]?.places?.length)).toEqual([1, 1, 1]);
});

test('what has no sides is packed by weight, and its packer and the one who asks why are told', async () => {
  const scene = await openScene({ settings: (given) => ({ ...withBoxes(given), productSides: {} }) });
  const key = scene.order({ lines: [{ sku: 'MUG', quantity: 1 }] });
  await scene.at('2026-11-23T09:00:00.000Z');
  await scene.at(wave, 'wave');

  const packing = await packingOf(scene.journal, key);

  expect(packing?.shipments[0]).toMatchObject({
    packing: { by: 'weight', why: 'nobody knows the sides of MUG' },
    instructions: ['Parcel 1 of 1: any box, 0.400 kg', expect.stringContaining('1 x MUG')],
  });
});
