import { money } from '@quartermaster/domain';
import { expect, test } from 'vitest';
import type { OrderEvent } from './events.ts';
import { after, bought, labelledCase, line, order, received, releasedCase, revised, shippedAt, writtenCase } from './testing/samples.ts';

const moved: OrderEvent = { kind: 'revised', order: revised(5, { addressHash: 'address-b' }), holds: [] };
const unpaid = { code: 'payment', reason: '0.00 EUR secured of 34.90 EUR (voided)' } as const;
const refunded = revised(5, { payment: { status: 'voided', secured: money(0, 'EUR') } });
const threeMugs = revised(5, { lines: [line('l1', 'MUG', 3), line('l2', 'LAMP', 1)], total: money(4490, 'EUR') });

test('a held order is open when the checks of its next revision find nothing', () => {
  const held = received(order(), [unpaid]);
  expect(after(held, { kind: 'revised', order: revised(5), holds: [] }).case).toMatchObject({ state: 'open', holds: [] });
});

test('an older revision that comes late changes nothing', () => {
  const newer = received(revised(9));
  expect(after(newer, { kind: 'revised', order: revised(5, { addressHash: 'old' }), holds: [unpaid] }).case).toEqual(newer);
});

test('the later of two revisions counts, whatever their names', () => {
  const later = revised(9, { revision: 'a' });
  expect(after(received(revised(5, { revision: 'b' })), { kind: 'revised', order: later, holds: [] }).case.order).toEqual(later);
});

test('of two revisions of one time the one of the greater name counts, whichever comes first', () => {
  const [lesser, greater] = [revised(5, { revision: 'a' }), revised(5, { revision: 'b' })];
  expect(after(received(lesser), { kind: 'revised', order: greater, holds: [] }).case.order.revision).toBe('b');
  expect(after(received(greater), { kind: 'revised', order: lesser, holds: [] }).case.order.revision).toBe('b');
});

test('an older revision that says cancelled cancels all the same', () => {
  const newer = received(revised(9));
  expect(after(newer, { kind: 'revised', order: revised(5, { status: 'cancelled' }), holds: [] }).case.state).toBe('cancelled');
});

test('a new address before the label is written into the ERP', () => {
  const decision = after(writtenCase(), moved);
  expect(decision.commands).toEqual([{ kind: 'change-address', addressHash: 'address-b' }]);
  expect(decision.case.shipments[0]?.revision).toBe(1);
});

test('a new address while the label is being bought asks for another label and voids the first when it comes', () => {
  const decision = after(releasedCase(), moved);
  expect(decision.commands).toEqual([
    { kind: 'drop', shipmentId: '1', commands: ['buy-label', 'ship'], label: null },
    { kind: 'change-address', addressHash: 'address-b' },
    { kind: 'buy-label', shipmentId: '1', revision: 2, parcel: 1 },
  ]);
  expect(after(decision.case, bought('1', 'old')).commands).toMatchObject([{ kind: 'void-label', revision: 1, label: { ref: 'old' } }]);
});

test('a new address after the label voids it and buys another one', () => {
  const decision = after(labelledCase(), moved);
  expect(decision.commands.map((each) => each.kind)).toEqual(['drop', 'void-label', 'change-address', 'buy-label']);
  expect(decision.case.shipments[0]).toMatchObject({ state: 'written', revision: 2, labels: [] });
});

test('a delivery that left while its address changed is accepted on the old label, and a person is told', () => {
  const decision = after(labelledCase(), moved, shippedAt('1'));
  expect(decision.case.shipments[0]).toMatchObject({ state: 'shipped', labels: [{ revision: 1, label: { ref: 'label-1' } }] });
  expect(decision.commands).toMatchObject([
    { kind: 'drop', commands: ['buy-label'] },
    { kind: 'drop', commands: ['void-label'], label: { ref: 'label-1' } },
    { kind: 'raise', code: 'address-changed-after-shipment' },
    { kind: 'confirm' },
  ]);
});

test('a new address after the shipment is told to a person', () => {
  const decision = after(labelledCase(), shippedAt('1'), moved);
  expect(decision.commands).toEqual([
    { kind: 'raise', code: 'address-changed-after-shipment', shipmentId: '1', reason: 'the address changed when shipment 1 had left' },
  ]);
});

test('changed lines after the commitment are named, held, and not applied', () => {
  const decision = after(releasedCase(), { kind: 'revised', order: threeMugs, holds: [] });
  expect(decision.commands[0]).toEqual({
    kind: 'raise',
    code: 'revised-after-commit',
    shipmentId: null,
    reason:
      'the channel changed the order after it was committed: line l1 (MUG): quantity 2 → 3; line l1 (MUG): total 20.00 EUR → 30.00 EUR; line l1 (MUG): tax 3.20 EUR → 4.80 EUR; total 34.90 EUR → 44.90 EUR',
  });
  expect(decision.case.order.lines).toEqual(order().lines);
  expect(decision.case.pending).toEqual(threeMugs);
  expect(decision.case.holds.map((hold) => hold.code)).toEqual(['revised']);
});

test('a person may ship as committed although the channel changed the order', () => {
  const held = after(writtenCase(), { kind: 'revised', order: threeMugs, holds: [] }, { kind: 'released', shipmentIds: ['1'] }).case;
  const decision = after(held, { kind: 'hold-released', code: 'revised', by: 'mia', reason: 'the third mug comes in another parcel' });
  expect(decision.commands).toEqual([
    { kind: 'buy-label', shipmentId: '1', revision: 1, parcel: 1 },
    { kind: 'resolve', code: 'revised-after-commit', shipmentId: null },
  ]);
});

test('a change that the channel takes back settles itself', () => {
  const held = after(writtenCase(), { kind: 'revised', order: threeMugs, holds: [] }).case;
  const decision = after(held, { kind: 'revised', order: revised(7), holds: [] });
  expect(decision.case).toMatchObject({ pending: null, holds: [] });
  expect(decision.commands).toEqual([{ kind: 'resolve', code: 'revised-after-commit', shipmentId: null }]);
});

test('payment that is lost before the label stops the shipment and is told to a person', () => {
  const decision = after(releasedCase(), { kind: 'revised', order: refunded, holds: [unpaid] });
  expect(decision.commands).toMatchObject([
    { kind: 'raise', code: 'refunded-outside' },
    { kind: 'drop', shipmentId: '1', commands: ['buy-label', 'ship'] },
    { kind: 'raise', code: 'held-after-commit', reason: `labels and shipping wait: payment: ${unpaid.reason}` },
  ]);
});

test('payment that comes back lets the shipment go on', () => {
  const held = after(releasedCase(), { kind: 'revised', order: refunded, holds: [unpaid] }).case;
  expect(after(held, { kind: 'revised', order: revised(7), holds: [] }).commands).toEqual([
    { kind: 'buy-label', shipmentId: '1', revision: 1, parcel: 1 },
    { kind: 'resolve', code: 'held-after-commit', shipmentId: null },
  ]);
});

test('lines removed after everything has left are no matter of shipping', () => {
  const shipped = after(labelledCase(), shippedAt('1'), { kind: 'confirmed', shipmentId: '1' }).case;
  const returned = revised(8, { lines: [line('l1', 'MUG', 0), line('l2', 'LAMP', 1)] });
  expect(after(shipped, { kind: 'revised', order: returned, holds: [] }).commands).toEqual([]);
});

test('a line added after everything has left is told to a person', () => {
  const shipped = after(labelledCase(), shippedAt('1'), { kind: 'confirmed', shipmentId: '1' }).case;
  expect(after(shipped, { kind: 'revised', order: threeMugs, holds: [] }).commands).toMatchObject([
    { kind: 'raise', code: 'revised-after-commit' },
  ]);
});
