import { expect, test } from 'vitest';
import { matchLines, type Accrual, type InvoiceLine } from './index.ts';
import { accrual, line } from './testing/given.ts';

const found = (lines: readonly InvoiceLine[], accruals: readonly Accrual[]) =>
  matchLines(lines, accruals).matched.map((one) => [one.line.id, one.accrual.id, one.by]);

test('a line is of the label with its tracking number', () => {
  const label = accrual({ trackingNumber: '1z 9999 9903 0000 0011' });
  expect(found([line('a', 'base', 1)], [accrual({ id: 'other', trackingNumber: 'X' }), label])).toEqual([['a', 'label-1', 'tracking']]);
});

test('a ground number is found with its prefix, too', () => {
  const label = accrual({ trackingNumber: '9612794600000011' });
  const billed = line('a', 'base', 1, { trackingNumber: '794600000011', trackingAliases: ['9612794600000011'] });
  expect(found([billed], [label])).toEqual([['a', 'label-1', 'tracking']]);
});

test('a line with a number that we do not know is found by its lead, then by its reference', () => {
  const unknown = { trackingNumber: '1ZUNKNOWN' };
  const accruals = [accrual(), accrual({ id: 'label-2', trackingNumber: 'X', references: ['WH/OUT/00018'] })];
  const byLead = line('a', 'base', 1, { ...unknown, leadTrackingNumber: '1Z9999990300000011', references: ['WH/OUT/00018'] });
  const byReference = line('b', 'base', 1, { ...unknown, references: ['WH/OUT/00018'] });
  expect(found([byLead, byReference], accruals)).toEqual([
    ['a', 'label-1', 'lead'],
    ['b', 'label-2', 'reference'],
  ]);
});

test('a reference of several labels only suggests them', () => {
  const accruals = [accrual(), accrual({ id: 'label-2', trackingNumber: 'X' })];
  const billed = line('a', 'base', 1, { trackingNumber: null, references: ['WH/OUT/00017'] });
  expect(matchLines([billed], accruals)).toEqual({
    matched: [],
    unmatched: [
      {
        line: billed,
        because: 'ambiguous',
        suggestions: [
          { accrualId: 'label-1', because: 'same-reference' },
          { accrualId: 'label-2', because: 'same-reference' },
        ],
      },
    ],
  });
});

test('a second parcel under the reference of a label that was billed itself is not that label', () => {
  const lines = [line('a', 'base', 1), line('b', 'base', 1, { trackingNumber: '1ZBESIDE', references: ['WH/OUT/00017'] })];
  expect(found(lines, [accrual()])).toEqual([['a', 'label-1', 'tracking']]);
});

test('day, place and weight only suggest', () => {
  const place = { destination: { country: 'US', region: null, postalArea: '432' }, shippedOn: '2026-10-07', billedGrams: 2_200 };
  const billed = line('a', 'base', 1, { trackingNumber: '1ZUNKNOWN', ...place });
  expect(
    matchLines([billed], [accrual(), accrual({ id: 'far', destination: { country: 'US', region: null, postalArea: '900' } })]),
  ).toEqual({
    matched: [],
    unmatched: [{ line: billed, because: 'unknown', suggestions: [{ accrualId: 'label-1', because: 'same-day-place-and-weight' }] }],
  });
});

test('a number that the carrier used again belongs to the label that was bought last before the invoice', () => {
  const old = accrual({ id: 'old', boughtOn: '2025-10-06' });
  const later = accrual({ id: 'later', boughtOn: '2026-10-11' });
  expect(found([line('a', 'base', 1)], [old, later, accrual()])).toEqual([['a', 'label-1', 'tracking']]);
});
