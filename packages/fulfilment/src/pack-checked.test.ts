import { describe, expect, test } from 'vitest';
import { after, bought, labelledCase, order, received, shippedAt, sourcedWhole, writtenFor, writtenCase } from './testing/samples.ts';
import type { OrderEvent } from './events.ts';
import type { OrderCase } from './order-case.ts';

const right: OrderEvent = { kind: 'pack-checked', shipmentId: '1', problems: [], by: 'ann' };
const wrong: OrderEvent = { ...right, problems: ['parcel 1 has 1 MUG, and 2 belong into it'] };
const releasedToCheck: OrderEvent = { kind: 'released', shipmentIds: ['1'], packCheck: true };

describe('where a check at packing is required', () => {
  test('a shipment that is released gets no label before its check has passed', () => {
    const released = after(writtenCase(), releasedToCheck);
    const checked = after(released.case, right);

    expect(kinds(released)).not.toContain('buy-label');
    expect(shipment(released.case)).toMatchObject({ packCheck: 'due', asked: 'nothing' });
    expect(kinds(checked)).toContain('buy-label');
    expect(shipment(checked.case).packCheck).toBe('passed');
  });

  test('a check that fails blocks the label and tells a person, until the shipment is checked right', () => {
    const failed = after(writtenCase(), releasedToCheck, wrong);
    const mended = after(failed.case, right);

    expect(failed.commands).toEqual([
      {
        kind: 'raise',
        code: 'pack-mismatch',
        shipmentId: '1',
        reason: 'shipment 1 was packed wrong: parcel 1 has 1 MUG, and 2 belong into it',
      },
    ]);
    expect(mended.commands.map(({ kind }) => kind)).toEqual(['resolve', 'buy-label']);
  });

  test('what was checked before its release is not checked again', () => {
    expect(kinds(after(writtenCase(), right, releasedToCheck))).toContain('buy-label');
  });

  test('other parcels than those that were checked are to be checked again', () => {
    const parcels = [
      { number: 1, grams: 650, millimetres: null, items: [{ lineId: 'l1', sku: 'MUG', units: 2 }] },
      { number: 2, grams: 300, millimetres: null, items: [{ lineId: 'l2', sku: 'LAMP', units: 1 }] },
    ];
    const repacked = after(writtenCase(), releasedToCheck, right, {
      kind: 'repacked',
      shipmentId: '1',
      parcels,
      by: 'ann',
      reason: 'too full',
    });

    expect(shipment(repacked.case)).toMatchObject({ packCheck: 'due', asked: 'nothing' });
    expect(repacked.commands.map(({ kind }) => kind)).toContain('drop');
  });
});

describe('where none is required', () => {
  test('a check that fails blocks a wrong label all the same: one that was asked for and has not left is given up', () => {
    const failed = after(writtenCase(), { kind: 'released', shipmentIds: ['1'] }, wrong);

    expect(failed.commands).toMatchObject([
      { kind: 'drop', commands: ['buy-label', 'ship'] },
      { kind: 'raise', code: 'pack-mismatch' },
    ]);
    expect(shipment(failed.case).asked).toBe('nothing');
  });

  test('what has its label and is packed wrong does not leave, and leaves once it is packed right', () => {
    const failed = after(labelledCase(), wrong);

    expect(failed.commands).toMatchObject([{ kind: 'drop' }, { kind: 'raise' }]);
    expect(kinds(after(failed.case, right))).toEqual(['resolve', 'ship']);
  });

  test('a label that arrives after the check has failed is kept, and nothing leaves on it', () => {
    const late = after(writtenCase(), { kind: 'released', shipmentIds: ['1'] }, wrong, bought('1', 'label-1'));

    expect(shipment(late.case)).toMatchObject({ state: 'labelled', packCheck: 'failed' });
    expect(kinds(late)).not.toContain('ship');
  });
});

test('what has left cannot be checked any more', () => {
  const left = after(labelledCase(), shippedAt('1'));

  expect(after(left.case, wrong).commands).toMatchObject([{ kind: 'raise', code: 'unexpected-event' }]);
});

test('shipments of earlier versions go on without a check', () => {
  const committed = after(received(order()), sourcedWhole).case;

  expect(after(committed, writtenFor(committed)).case.shipments[0]?.packCheck).toBe('none');
});

function shipment(given: OrderCase) {
  const [first] = given.shipments;
  if (first === undefined) throw new Error('the order has no shipment');
  return first;
}

function kinds({ commands }: { readonly commands: readonly { readonly kind: string }[] }): string[] {
  return commands.map(({ kind }) => kind);
}
