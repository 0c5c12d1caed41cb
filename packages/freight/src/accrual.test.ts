import { labelSchema } from '@quartermaster/domain';
import { expect, test } from 'vitest';
import { accrualOf, accrualSchema, auditFreight } from './index.ts';
import { accrual, charge, line, usd } from './testing/given.ts';

const label = labelSchema.parse({
  ref: 'shp_1',
  carrier: 'UPS',
  service: '03',
  trackingNumber: '1Z 9999 9903 0000 0011',
  trackingUrl: null,
  price: usd(1_455),
  charges: [charge('shipping', 1_000), charge('location-fee', 455, '270')],
  boughtAt: '2026-10-06T15:00:00Z',
  document: { format: 'pdf', base64: null, url: null },
});

test('a bought label is an accrual with its price and its charges, under the names that an invoice has', () => {
  const made = accrualOf(label, accrual({ references: [' wh/out/00017', ''] }));
  expect(accrualSchema.parse(made)).toEqual(made);
  expect(made).toMatchObject({
    trackingNumber: '1Z9999990300000011',
    references: ['WH/OUT/00017'],
    price: usd(1_455),
    charges: label.charges,
  });
});

test('a residential surcharge of the price is known by its code, so that its being billed is no variance', () => {
  const lines = [line('b', 'base', 1_000), line('r', 'residential', 455)];
  expect(auditFreight({ lines, accruals: [accrualOf(label, accrual())] }).variances).toEqual([]);
});

test('the way back is the transport of a return label', () => {
  const billed = [line('r', 'return', 1_000, { charge: charge('returns', 1_000) })];
  expect(
    auditFreight({ lines: billed, accruals: [accrual({ isReturn: true, price: usd(1_000), charges: [charge('shipping', 1_000)] })] })
      .variances,
  ).toEqual([]);
});

test('charges that do not come to the price are taken for one sum', () => {
  const odd = accrual({ price: usd(1_300) });
  const lines = [line('b', 'base', 1_100), line('f', 'fuel', 200)];
  expect(auditFreight({ lines, accruals: [odd] }).variances).toEqual([]);
});
