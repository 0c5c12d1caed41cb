import { expect, test } from 'vitest';
import {
  after,
  bought,
  delivery,
  draft,
  labelledCase,
  mugs,
  received,
  releasedCase,
  shippedAt,
  sourcedSplit,
  sourcedWhole,
  writtenCase,
  writtenFor,
} from './testing/samples.ts';
import type { OrderEvent } from './events.ts';

const cancel: OrderEvent = { kind: 'cancel-requested', by: 'channel' };
const dropped = ['write-order', 'allocate', 'deallocate', 'buy-label', 'ship', 'change-address'];

test('an open order is cancelled at once, without a word to anybody', () => {
  const decision = after(received(), cancel);
  expect(decision.case.state).toBe('cancelled');
  expect(decision.commands).toEqual([]);
});

test('a held order is cancelled at once', () => {
  expect(after(received(undefined, [{ code: 'fraud', reason: 'high' }]), cancel).case).toMatchObject({ state: 'cancelled', holds: [] });
});

test('before the label, shipments are stopped and the ERP is asked to cancel', () => {
  const decision = after(writtenCase(), cancel);
  expect(decision.case.state).toBe('cancelling');
  expect(decision.case.shipments[0]?.state).toBe('stopping');
  expect(decision.commands).toEqual([{ kind: 'drop', shipmentId: null, commands: dropped, label: null }, { kind: 'cancel-order' }]);
});

test('after the label, each label is voided too', () => {
  const decision = after(labelledCase(), cancel);
  expect(decision.commands).toContainEqual({
    kind: 'void-label',
    shipmentId: '1',
    parcel: 1,
    revision: 1,
    label: { ref: 'label-1', trackingNumber: 'track-label-1' },
  });
  expect(decision.commands).toContainEqual({ kind: 'cancel-order' });
});

test('the order is cancelled when the ERP has cancelled it', () => {
  const done = after(labelledCase(), cancel, { kind: 'erp-cancelled' });
  expect(done.case.state).toBe('cancelled');
  expect(done.case.shipments[0]?.state).toBe('stopped');
});

test('what has left stays shipped, a person is told, and the rest is cancelled', () => {
  const halfGone = after(releasedCase(sourcedSplit), bought('1', 'a'), shippedAt('1')).case;
  const decision = after(halfGone, cancel);
  expect(decision.case.shipments.map((shipment) => shipment.state)).toEqual(['shipped', 'stopping']);
  expect(decision.commands).toContainEqual({
    kind: 'raise',
    code: 'cancel-after-shipment',
    shipmentId: '1',
    reason: 'the channel cancelled the order when shipment 1 had left',
  });
  const ended = after(decision.case, { kind: 'confirmed', shipmentId: '1' }, { kind: 'erp-cancelled' });
  expect(ended.case.state).toBe('cancelled');
  expect(ended.case.shipments.map((shipment) => shipment.state)).toEqual(['confirmed', 'stopped']);
});

test('an order of which everything has left cannot be cancelled any more', () => {
  const decision = after(labelledCase(), shippedAt('1'), cancel);
  expect(decision.case.state).toBe('committed');
  expect(decision.commands.map((each) => each.kind)).toEqual(['raise']);
});

test('a label whose purchase was under way is voided when it arrives', () => {
  const decision = after(releasedCase(), cancel, bought('1', 'late'));
  expect(decision.commands).toMatchObject([{ kind: 'void-label', label: { ref: 'late' } }]);
  expect(decision.case.shipments[0]?.labels).toEqual([]);
});

test('a delivery that was done while the order was being cancelled is accepted with the label it left on', () => {
  const decision = after(labelledCase(), cancel, shippedAt('1'));
  expect(decision.case.shipments[0]).toMatchObject({ state: 'shipped', labels: [{ label: { ref: 'label-1' } }], withdrawn: [] });
  expect(decision.commands.map((each) => each.kind)).toEqual(['drop', 'raise', 'confirm']);
});

test('an order that left entirely while it was being cancelled ends as shipped', () => {
  const done = after(labelledCase(), cancel, shippedAt('1'), { kind: 'confirmed', shipmentId: '1' });
  expect(done.case.state).toBe('shipped');
});

test('a void that could not be dropped any more leaves a parcel on a void label, and a person is told', () => {
  const left = after(labelledCase(), cancel, shippedAt('1')).case;
  const decision = after(left, { kind: 'label-voided', shipmentId: '1', ref: 'label-1', outcome: { kind: 'voided' } });
  expect(decision.commands).toMatchObject([{ kind: 'raise', code: 'label-lost' }]);
});

test('an order that was written while it was being cancelled is cancelled again', () => {
  const committed = after(received(), sourcedWhole).case;
  const decision = after(committed, cancel, writtenFor(committed));
  expect(decision.case.state).toBe('cancelling');
  expect(decision.commands).toEqual([{ kind: 'cancel-order' }]);
});

test('an order that came into the ERP after the ERP was found without it is cancelled there too', () => {
  const committed = after(received(), sourcedWhole).case;
  const decision = after(committed, cancel, { kind: 'erp-cancelled' }, writtenFor(committed));
  expect(decision.case.state).toBe('cancelling');
  expect(decision.commands).toEqual([{ kind: 'cancel-order' }]);
  expect(after(decision.case, { kind: 'erp-cancelled' }).case.state).toBe('cancelled');
});

test('an allocation that was under way is cancelled with the order', () => {
  const written = writtenCase({ kind: 'sourced', decisionId: 'd1', shipments: [draft('BER', [mugs])] });
  const lampLater = draft('HAM', [{ lineId: 'l2', sku: 'LAMP', units: 1 }]);
  const allocating = after(written, { kind: 'sourced', decisionId: 'd2', shipments: [lampLater] }, cancel, { kind: 'erp-cancelled' }).case;
  const decision = after(allocating, { kind: 'allocated', shipmentId: '2', delivery: delivery({ ...lampLater, id: '2' }) });
  expect(decision.case.state).toBe('cancelling');
  expect(decision.commands).toEqual([{ kind: 'cancel-order' }]);
});

test('a cancellation made in the ERP voids labels and is told to a person', () => {
  const decision = after(labelledCase(), { kind: 'erp-cancelled' });
  expect(decision.case.state).toBe('cancelled');
  expect(decision.commands.map((each) => (each.kind === 'raise' ? each.code : each.kind))).toEqual([
    'void-label',
    'drop',
    'cancelled-in-erp',
  ]);
});

test('a void that the carrier refuses is told to a person', () => {
  const decision = after(labelledCase(), cancel, {
    kind: 'label-voided',
    shipmentId: '1',
    ref: 'label-1',
    outcome: { kind: 'refused', reason: 'already scanned' },
  });
  expect(decision.commands).toEqual([
    { kind: 'raise', code: 'label-not-voided', shipmentId: '1', reason: 'label track-label-1 could not be given back: already scanned' },
  ]);
});
