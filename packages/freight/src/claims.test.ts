import { expect, test } from 'vitest';
import { auditFreight, disputesCsv, disputesOf, lateDeliveries, measurementFindings, type Accrual } from './index.ts';
import { accrual, line, usd } from './testing/given.ts';

const asAccrued = [line('base', 'base', 1_000), line('fuel', 'fuel', 200)];

test('disputes name invoice, parcel, amount and the days that are left, the most urgent first', () => {
  const older = { trackingNumber: '1ZOLD', invoiceNumber: 'I0', invoiceDay: '2026-09-01' };
  const audit = auditFreight({
    lines: [...asAccrued, line('s', 'accessorial', 620), line('x', 'base', 900, older)],
    accruals: [accrual()],
  });
  expect(
    disputesOf(audit, '2026-11-21').map((one) => [
      one.invoiceNumber,
      one.trackingNumber,
      one.class,
      one.amount,
      one.deadline,
      one.daysLeft,
    ]),
  ).toEqual([
    ['I0', '1ZOLD', 'unknown-tracking', usd(900), '2027-02-28', 99],
    ['I1', '1Z9999990300000011', 'accessorial-not-expected', usd(620), '2027-04-08', 138],
  ]);
});

test("the export quotes what needs it, and makes no formula of a carrier's words", () => {
  const words = { description: '=HYPERLINK("x"),y', references: ['WH/OUT/1'] };
  const audit = auditFreight({ lines: [line('x', 'accessorial', 900, words)], accruals: [accrual()] });
  expect(disputesCsv(disputesOf(audit, '2026-11-21')).split('\r\n')).toEqual([
    'carrier,account,invoice_number,invoice_day,tracking_number,references,class,charges,billed,expected,disputed,currency,finding,deadline',
    `ups,A1,I1,2026-10-10,1Z9999990300000011,WH/OUT/1,accessorial-not-expected,"'=HYPERLINK(""x""),y",9.00,0.00,9.00,USD,not-rerated,2027-04-08`,
    '',
  ]);
});

test('what is accepted, settled or in our favour is not disputed', () => {
  const lines = [line('b', 'base', 900), line('s', 'accessorial', 620), line('c', 'credit', -620)];
  expect(disputesOf(auditFreight({ lines, accruals: [accrual()] }), '2026-11-21')).toEqual([]);
});

const promised: Partial<Accrual> = { promisedOn: '2026-10-09', isGuaranteed: true };
const audited = (deliveredOn: string, label: Partial<Accrual> = promised) =>
  auditFreight({
    lines: [...asAccrued, line('r', 'residential', 455), line('d', 'accessorial', 1, { deliveredOn })],
    accruals: [accrual(label)],
  });

test('a parcel that came after the guaranteed day can be claimed back, its transport and its fuel', () => {
  expect(lateDeliveries(audited('2026-10-11'))).toEqual([
    {
      accrualId: 'label-1',
      carrier: 'ups',
      trackingNumber: '1Z9999990300000011',
      promisedOn: '2026-10-09',
      deliveredOn: '2026-10-11',
      daysLate: 2,
      isGuaranteed: true,
      refundable: usd(1_200),
      claimUntil: '2026-10-24',
    },
  ]);
});

test('the day of another parcel of the shipment is not that of this one', () => {
  const other = line('o', 'accessorial', 1, {
    trackingNumber: '1ZOTHER',
    leadTrackingNumber: '1Z9999990300000011',
    deliveredOn: '2026-10-20',
  });
  expect(lateDeliveries(auditFreight({ lines: [...asAccrued, other], accruals: [accrual(promised)] }))).toEqual([]);
});

test('a parcel that came on the promised day, or to which nothing was promised, is not late', () => {
  expect([lateDeliveries(audited('2026-10-09')), lateDeliveries(audited('2026-10-20', {}))]).toEqual([[], []]);
});

test('a late parcel without a guarantee is told and gives nothing back', () => {
  const [late] = lateDeliveries(audited('2026-10-11', { ...promised, isGuaranteed: false }));
  expect([late?.daysLate, late?.refundable]).toEqual([2, usd(0)]);
});

test('what was credited already is not claimed again', () => {
  const lines = [...asAccrued, line('c', 'credit', -1_200, { deliveredOn: '2026-10-11' })];
  expect(lateDeliveries(auditFreight({ lines, accruals: [accrual(promised)] })).map(({ refundable }) => refundable)).toEqual([usd(0)]);
});

test('where the invoice has no day of delivery, tracking has it', () => {
  const days = new Map([['1Z9999990300000011', '2026-10-12']]);
  const audit = auditFreight({ lines: asAccrued, accruals: [accrual(promised)] });
  expect(lateDeliveries(audit, { lateClaimDays: { ups: 30 } }, days).map(({ daysLate, claimUntil }) => [daysLate, claimUntil])).toEqual([
    [3, '2026-11-08'],
  ]);
});

test('an article and a box that are measured heavier again and again are named, with what that costs', () => {
  const parcel = (number: number, skus: readonly string[], billedGrams: number) => ({
    label: accrual({ id: `label-${number}`, trackingNumber: `1Z${number}`, items: skus.map((sku) => ({ sku, units: 1 })) }),
    lines: [
      line(`b${number}`, 'base', 1_000, { trackingNumber: `1Z${number}`, billedGrams: 2_000 }),
      line(`f${number}`, 'fuel', 200, { trackingNumber: `1Z${number}` }),
      ...(billedGrams === 2_000 ? [] : [line(`w${number}`, 'weight-correction', 300, { trackingNumber: `1Z${number}`, billedGrams })]),
    ],
  });
  const parcels = [parcel(1, ['LAMP'], 4_000), parcel(2, ['LAMP', 'MUG'], 5_000), parcel(3, ['LAMP'], 7_000), parcel(4, ['MUG'], 2_000)];
  const audit = auditFreight({ lines: parcels.flatMap(({ lines }) => lines), accruals: parcels.map(({ label }) => label) });
  expect(measurementFindings(audit)).toEqual([
    { of: 'box', name: 'BOX-M', parcels: 4, corrected: 3, certain: 3, medianExtraGrams: 3_000, extraCost: [usd(900)] },
    { of: 'sku', name: 'LAMP', parcels: 3, corrected: 3, certain: 2, medianExtraGrams: 3_000, extraCost: [usd(900)] },
  ]);
});
