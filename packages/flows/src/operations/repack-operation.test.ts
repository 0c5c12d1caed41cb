import { ConnectorFault, type Carrier, type FaultOutcome, type LabelRequest } from '@quartermaster/domain';
import { expect, test } from 'vitest';
import { packingOf } from '../packing/packing-view.ts';
import { withBoxes } from '../testing/boxes.ts';
import { openScene } from '../testing/scene.ts';
import type { Asked } from './operation.ts';
import { createOperations } from './operations.ts';
import type { PackedByHand } from './repack-operation.ts';

const asked = (requestId: string, more: Partial<Asked> = {}): Asked => ({
  requestId,
  by: 'mia',
  role: 'operator',
  reason: 'the box was torn',
  ...more,
});
const hand = (more: Partial<PackedByHand>): PackedByHand => ({
  box: null,
  millimetres: null,
  tareGrams: null,
  grams: null,
  lines: [],
  ...more,
});

test('a person says in which box it is, and the label is bought for that box', async () => {
  const { scene, key, operations, bought } = await refusedLabel();

  const outcome = await operations.repackShipment(asked('request-1'), { order: key, shipment: null, parcels: [hand({ box: 'L' })] });
  await scene.at('2026-11-23T11:00:00.000Z');

  expect(outcome).toMatchObject({
    kind: 'done',
    before: { parcels: [{ packaging: { box: 'S' } }] },
    after: { parcels: [{ packaging: { box: 'L', tareGrams: 400 }, grams: 1_200, millimetres: [410, 310, 310] }] },
  });
  expect(bought.map(({ parcel }) => parcel.millimetres)).toEqual([[410, 310, 310]]);
  expect((await packingOf(scene.journal, key))?.shipments[0]).toMatchObject({ packing: { by: 'person', who: 'mia' }, state: 'confirmed' });
});

test('who packed anew, why, and what was before and after is in the audit trail', async () => {
  const { scene, key, operations } = await refusedLabel();

  await operations.repackShipment(asked('request-1'), { order: key, shipment: '1', parcels: [hand({ box: 'L' })] });

  const rows = await scene.journal.read((tx) => tx.audit.list({ key, limit: 1_000 }));
  expect(rows.find(({ event }) => event === 'operation.repack')).toMatchObject({
    actor: 'mia',
    detail: {
      reason: 'the box was torn',
      before: { parcels: [{ packaging: { box: 'S' } }] },
      after: { parcels: [{ packaging: { box: 'L' } }] },
    },
  });
});

test('a shipment is divided, each parcel with what is in it, its sides and its weight', async () => {
  const { scene, key, operations, bought } = await refusedLabel();

  const parcels = [
    hand({ millimetres: [150, 250, 200], tareGrams: 100, grams: 510, lines: [{ line: 'MUG', units: 1 }] }),
    hand({ box: 'S' }),
  ];
  await operations.repackShipment(asked('request-1'), { order: key, shipment: null, parcels });
  await scene.at('2026-11-23T11:00:00.000Z');

  expect(bought.map(({ parcel }) => [parcel.number, parcel.grams, parcel.millimetres])).toEqual([
    [1, 510, [250, 200, 150]],
    [2, 490, [210, 160, 110]],
  ]);
});

test.each([
  ['a box that there is not', [hand({ box: 'XXL' })], 'there is no box XXL; there are S, L: say its sides instead'],
  ['a weight that cannot be', [hand({ box: 'S', grams: 5_000 })], 'parcel 1 weighs 5000 g, and its content and box should weigh 890 g'],
  ['less than is to be shipped', [hand({ box: 'S', lines: [{ line: 'MUG', units: 1 }] })], '1 units packed, 2 to ship'],
])('%s is refused in words', async (_, parcels, message) => {
  const { key, operations } = await refusedLabel();

  const outcome = await operations.repackShipment(asked('request-1'), { order: key, shipment: null, parcels });

  expect(outcome).toMatchObject({ kind: 'refused', code: 'impossible', message: expect.stringContaining(message) });
});

test('nothing is packed anew while it is not known whether a label was bought', async () => {
  const { key, operations } = await refusedLabel('unknown');

  const outcome = await operations.repackShipment(asked('request-1'), { order: key, shipment: null, parcels: [hand({ box: 'L' })] });

  expect(outcome).toMatchObject({ kind: 'refused', code: 'in-doubt' });
});

/** Two mugs planned in one box S, whose label the carrier refused, or left in doubt, the first time. */
async function refusedLabel(outcome: FaultOutcome = 'not-applied') {
  const bought: LabelRequest[] = [];
  let isBroken = true;
  const carrier = (given: Carrier): Carrier => ({
    ...given,
    safety: { ...given.safety, buy: 'read-back' },
    buy: async (request, memo) => {
      if (isBroken)
        throw new ConnectorFault('refused', { connector: 'house', operation: 'buy', message: 'no', outcome, retry: { kind: 'never' } });
      bought.push(request);
      return given.buy(request, memo);
    },
    reconcile: async () => ({ kind: 'cannot-tell', check: 'look into the portal' }),
  });
  const scene = await openScene({ settings: withBoxes, carrier });
  const key = scene.order({ lines: [{ sku: 'MUG', quantity: 2 }] });
  await scene.at('2026-11-23T09:00:00.000Z');
  await scene.at('2026-11-23T10:00:00.000Z', 'wave');
  isBroken = false;
  return { scene, key, bought, operations: createOperations(scene.context) };
}
