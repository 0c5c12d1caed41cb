import { expect, test } from 'vitest';
import { after, bought, labelledCase, releasedCase, shippedAt } from './testing/samples.ts';

test('a second label for a parcel is voided, and the first stays', () => {
  const decision = after(labelledCase(), bought('1', 'label-2'));
  expect(decision.case.shipments[0]?.labels.map((live) => live.label.ref)).toEqual(['label-1']);
  expect(decision.commands).toMatchObject([
    { kind: 'void-label', label: { ref: 'label-2' } },
    { kind: 'raise', code: 'second-label' },
  ]);
});

test('the answer of a purchase that comes twice is one label', () => {
  const decision = after(labelledCase(), bought('1', 'label-1'));
  expect(decision.case).toEqual(labelledCase());
  expect(decision.commands).toEqual([]);
});

test('a label that somebody voided at the carrier holds the order before it ships', () => {
  const decision = after(labelledCase(), { kind: 'label-voided', shipmentId: '1', ref: 'label-1', outcome: { kind: 'voided' } });
  expect(decision.case).toMatchObject({
    holds: [{ code: 'manual', placedBy: 'quartermaster' }],
    shipments: [{ state: 'written', revision: 2 }],
  });
  expect(decision.commands).toMatchObject([
    { kind: 'drop', commands: ['buy-label', 'ship'] },
    { kind: 'raise', code: 'label-lost' },
  ]);
});

test('once a person releases it, the parcel gets another label', () => {
  const lost = after(labelledCase(), { kind: 'label-voided', shipmentId: '1', ref: 'label-1', outcome: { kind: 'voided' } }).case;
  const decision = after(lost, { kind: 'hold-released', code: 'all', by: 'mia', reason: 'voided by mistake' });
  expect(decision.commands).toEqual([{ kind: 'buy-label', shipmentId: '1', revision: 2, parcel: 1 }]);
});

test('what somebody ships in the ERP before its label is confirmed without one, and a person is told', () => {
  const decision = after(releasedCase(), shippedAt('1'));
  expect(decision.commands).toMatchObject([
    { kind: 'drop', commands: ['buy-label'] },
    { kind: 'raise', code: 'shipped-without-label' },
    { kind: 'confirm', shipmentId: '1' },
  ]);
});

test('a label that arrives when its shipment has left without it is voided', () => {
  const decision = after(releasedCase(), shippedAt('1'), bought('1', 'late'));
  expect(decision.commands).toMatchObject([{ kind: 'void-label', label: { ref: 'late' } }]);
});

test('a label that is found after its purchase had failed ends the failure', () => {
  const failed = { kind: 'failed', command: 'buy-label', shipmentId: '1', code: 'bug', message: 'a defect behind the purchase' } as const;
  const decision = after(releasedCase(), failed, bought('1', 'found'));
  expect(decision.case.failures).toEqual([]);
  expect(decision.commands).toMatchObject([{ kind: 'resolve', code: 'buy-label-failed' }, { kind: 'ship' }]);
});
