import { expect, test } from 'vitest';
import { decide } from './decide.ts';
import { after, bought, labelledCase, now, parcel, releasedCase, shippedAt } from './testing/samples.ts';
import type { OrderCase } from './order-case.ts';
import type { OrderEvent } from './events.ts';

test('a shipment that a person packed into more parcels is labelled as they packed it', () => {
  const { case: given, commands } = decide(releasedCase(), repacked(releasedCase()), now);

  expect(given.shipments[0]).toMatchObject({
    revision: 2,
    asked: 'labels',
    packing: { by: 'person', who: 'mia', why: 'the box was torn' },
  });
  expect(commands.filter(({ kind }) => kind === 'buy-label')).toMatchObject([
    { revision: 2, parcel: 1 },
    { revision: 2, parcel: 2 },
  ]);
});

test('labels of the parcels that were there before are given back', () => {
  const { case: given, commands } = decide(labelledCase(), repacked(labelledCase()), now);

  expect(given.shipments[0]).toMatchObject({ state: 'written', labels: [], withdrawn: [{ outcome: 'asked' }] });
  expect(commands).toContainEqual(expect.objectContaining({ kind: 'void-label', parcel: 1 }));
});

test('a label for the earlier parcels that comes late is given back, and not used', () => {
  const later = after(releasedCase(), repacked(releasedCase()), bought('1', 'late', { revision: 1 }));

  expect(later.case.shipments[0]).toMatchObject({ labels: [], withdrawn: [{ label: { ref: 'late' }, outcome: 'asked' }] });
});

test('what has left is not packed anew', () => {
  const left = after(labelledCase(), shippedAt('1')).case;

  const { case: given, commands } = decide(left, repacked(left), now);

  expect(given).toEqual(left);
  expect(commands).toMatchObject([{ kind: 'raise', code: 'unexpected-event' }]);
});

/** Each unit in a parcel of its own, in the box S. */
function repacked({ shipments }: OrderCase): OrderEvent {
  const [shipment] = shipments;
  const units = (shipment?.lines ?? []).flatMap((line) => Array.from({ length: line.units }, () => ({ ...line, units: 1 })));
  const parcels = units.slice(0, 2).map((item, index) => ({ ...parcel(index + 1, [item]), packaging: { box: 'S', tareGrams: 90 } }));
  return { kind: 'repacked', shipmentId: '1', parcels, by: 'mia', reason: 'the box was torn' };
}
