import { expect, test } from 'vitest';
import { after, labelledCase, line, now, order, received, releasedCase, revised, writtenCase } from './testing/samples.ts';

const unpaid = { code: 'payment', reason: 'nothing secured' } as const;
const risky = { code: 'fraud', reason: 'high risk' } as const;

test('an order is open only when its last hold is released', () => {
  const held = received(order(), [unpaid, risky]);
  const once = after(held, { kind: 'hold-released', code: 'fraud', by: 'mia', reason: 'known customer' }).case;
  expect(once).toMatchObject({ state: 'held', holds: [{ code: 'payment' }] });
  expect(after(once, { kind: 'hold-released', code: 'payment', by: 'mia', reason: 'paid by transfer' }).case.state).toBe('open');
});

test('who released a hold and why is kept with the order', () => {
  const released = after(received(order(), [risky]), { kind: 'hold-released', code: 'all', by: 'mia', reason: 'known customer' });
  expect(released.case.waivers).toEqual([{ ...risky, releasedAt: now, releasedBy: 'mia', why: 'known customer' }]);
});

test('a released hold does not come back with the next revision', () => {
  const released = after(received(order(), [risky]), { kind: 'hold-released', code: 'all', by: 'mia', reason: 'known customer' }).case;
  expect(after(released, { kind: 'revised', order: revised(5), holds: [risky] }).case.state).toBe('open');
});

test('a released hold comes back when its reason is another', () => {
  const released = after(received(order(), [unpaid]), { kind: 'hold-released', code: 'all', by: 'mia', reason: 'paid by transfer' }).case;
  const other = { code: 'payment', reason: '10.00 EUR secured of 34.90 EUR' } as const;
  expect(after(released, { kind: 'revised', order: revised(5), holds: [other] }).case.state).toBe('held');
});

test("a check does not lift a person's hold", () => {
  const held = after(received(), { kind: 'hold-placed', hold: { code: 'manual', reason: 'call the customer' }, by: 'mia' }).case;
  expect(after(held, { kind: 'rechecked', holds: [] }).case.state).toBe('held');
});

test('a hold whose time has passed is lifted by the next check', () => {
  const held = received(order(), [{ code: 'not-before', reason: 'not before December' }]);
  expect(after(held, { kind: 'rechecked', holds: [] }).case.state).toBe('open');
});

test('a line without a SKU cannot be released', () => {
  const held = received(order({ lines: [line('l1', null, 1)] }), [{ code: 'unmapped-sku', reason: 'line l1 has no SKU' }]);
  const decision = after(held, { kind: 'hold-released', code: 'all', by: 'mia', reason: 'ship it' });
  expect(decision.case).toEqual(held);
});

test('a hold on a committed order takes back what has not happened yet', () => {
  const decision = after(releasedCase(), { kind: 'hold-placed', hold: { code: 'manual', reason: 'call the customer' }, by: 'mia' });
  expect(decision.case.state).toBe('committed');
  expect(decision.commands).toEqual([{ kind: 'drop', shipmentId: '1', commands: ['buy-label', 'ship'], label: null }]);
});

test('a labelled shipment of a held order waits and is shipped after the release', () => {
  const held = after(labelledCase(), { kind: 'hold-placed', hold: { code: 'manual', reason: 'call the customer' }, by: 'mia' }).case;
  expect(held.shipments[0]).toMatchObject({ state: 'labelled', asked: 'nothing' });
  const decision = after(held, { kind: 'hold-released', code: 'all', by: 'mia', reason: 'called' });
  expect(decision.commands).toEqual([{ kind: 'ship', shipmentId: '1', revision: 1 }]);
});

test('what only matters before the commitment does not hold a committed order', () => {
  const decision = after(writtenCase(), { kind: 'rechecked', holds: [{ code: 'unmapped-sku', reason: 'unknown in the ERP: MUG' }] });
  expect(decision.case.holds).toEqual([]);
});
