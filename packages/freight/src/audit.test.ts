import { money } from '@quartermaster/domain';
import { expect, test } from 'vitest';
import { auditFreight, importFedexInvoice, importUpsInvoice, type Accrual, type AuditInput, type InvoiceLine } from './index.ts';
import { accrual, charge, fixture, line, usd } from './testing/given.ts';

const differences = (input: AuditInput) =>
  auditFreight(input).variances.map((one) => [one.class, one.amount.minor, one.verdict, one.rerating]);
const audited = (lines: readonly InvoiceLine[], label: Partial<Accrual> = {}, more: Partial<AuditInput> = {}) =>
  differences({ lines, accruals: [accrual(label)], ...more });
/** The transport of the label as it was accrued. */
const asAccrued = [line('base', 'base', 1_000), line('fuel', 'fuel', 200)];

test('the planted variances of the UPS file are found in their classes', () => {
  const accruals = [
    accrual({ price: usd(1_701), charges: [charge('shipping', 980), charge('location-fee', 455, '270'), charge('fuel-charge', 266)] }),
    accrual({
      id: 'heavy',
      trackingNumber: '1Z9999990300000022',
      price: usd(1_469),
      charges: [charge('shipping', 1_240), charge('fuel-charge', 229)],
      grams: 3_600,
      zone: '6',
    }),
    accrual({ id: 'moved', trackingNumber: '1Z9999990300000033', references: [] }),
    accrual({ id: 'late', trackingNumber: '1Z9999990300000044', references: [] }),
  ];
  const { variances, invoices } = auditFreight({ lines: importUpsInvoice(fixture('ups-sample-synthetic.csv')).lines, accruals });
  expect(variances.map((one) => [one.accrualId, one.class, one.amount.minor, one.verdict])).toEqual([
    ['moved', 'address-correction', 2_350, 'disputed'],
    ['late', 'credit', -2_080, 'accepted'],
    [null, 'service-fee', 3_000, 'accepted'],
    ['heavy', 'weight-dimension', 631, 'disputed'],
  ]);
  expect(invoices.map(({ verdict, matched, unmatched }) => [verdict, matched.minor, unmatched.minor])).toEqual([['agrees', 4_071, 3_000]]);
});

test('the planted variances of the FedEx file are found in their classes', () => {
  const accruals = [
    accrual({
      trackingNumber: '794600000011',
      price: usd(1_311),
      charges: [charge('shipping', 1_110), charge('fuel-charge', 201)],
      zone: '5',
      references: [],
    }),
    accrual({ id: 'big', trackingNumber: '794600000022', references: [] }),
    accrual({ id: 'late', trackingNumber: '794600000033', boughtOn: '2026-09-29', references: [] }),
  ];
  const { variances } = auditFreight({ lines: importFedexInvoice(fixture('fedex-sample-synthetic.csv'), 'USD').lines, accruals });
  expect(variances.map((one) => [one.accrualId, one.class, one.amount.minor, one.verdict])).toEqual([
    ['big', 'accessorial-not-expected', 2_950, 'disputed'],
    ['late', 'credit', -1_912, 'accepted'],
    ['label-1', 'residential', 595, 'disputed'],
  ]);
});

test('what is billed as accrued is no variance', () => {
  expect(audited(asAccrued)).toEqual([]);
});

test.each<[string, readonly InvoiceLine[], Partial<Accrual>, unknown]>([
  ['another base rate', [line('b', 'base', 1_100), line('f', 'fuel', 200)], {}, ['base-rate', 100, 'disputed', 'not-rerated']],
  ['a base rate within tolerance', [line('b', 'base', 1_010), line('f', 'fuel', 200)], {}, ['base-rate', 10, 'accepted', 'not-rerated']],
  [
    'a base rate that is too low',
    [line('b', 'base', 800), line('f', 'fuel', 200)],
    {},
    ['base-rate', -200, 'in-our-favour', 'not-rerated'],
  ],
  ['another fuel rate', [line('b', 'base', 1_000), line('f', 'fuel', 250)], {}, ['fuel', 50, 'disputed', 'not-rerated']],
  [
    'a heavier parcel',
    [line('b', 'base', 1_600, { billedGrams: 5_000 }), line('f', 'fuel', 200)],
    {},
    ['weight-dimension', 600, 'disputed', 'not-rerated'],
  ],
  ['another zone', [line('b', 'base', 1_600, { zone: '006' }), line('f', 'fuel', 200)], {}, ['zone', 600, 'disputed', 'not-rerated']],
  ['a zone correction', [...asAccrued, line('z', 'zone-correction', 75)], {}, ['zone', 75, 'disputed', 'not-rerated']],
  ['a residential surcharge', [...asAccrued, line('r', 'residential', 455)], {}, ['residential', 455, 'disputed', 'not-rerated']],
  [
    'an address correction',
    [...asAccrued, line('a', 'address-correction', 2_350)],
    {},
    ['address-correction', 2_350, 'disputed', 'not-rerated'],
  ],
  ['an accessorial', [...asAccrued, line('s', 'accessorial', 620)], {}, ['accessorial-not-expected', 620, 'disputed', 'not-rerated']],
  [
    'a charge that comes twice',
    [...asAccrued, line('base-again', 'base', 1_000, { invoiceNumber: 'I2', invoiceDay: '2026-10-17' })],
    {},
    ['duplicate-billing', 1_000, 'disputed', 'not-rerated'],
  ],
  ['a label that was given back', asAccrued, { voidedOn: '2026-10-07' }, ['voided-label-billed', 1_200, 'disputed', 'not-rerated']],
  [
    'a number that is not ours',
    [line('x', 'base', 900, { trackingNumber: '1ZNOTOURS' })],
    {},
    ['unknown-tracking', 900, 'disputed', 'not-rerated'],
  ],
  ['a credit', [...asAccrued, line('c', 'credit', -300)], {}, ['credit', -300, 'accepted', 'not-rerated']],
  ['a credit that takes money', [...asAccrued, line('c', 'credit', 300)], {}, ['credit', 300, 'disputed', 'not-rerated']],
  ['duty', [...asAccrued, line('d', 'duty-tax', 700)], {}, ['duty-tax', 700, 'accepted', 'not-rerated']],
  [
    'a parcel that comes back',
    [line('r', 'return', 800, { trackingNumber: '1ZBACK', leadTrackingNumber: '1Z9999990300000011' })],
    {},
    ['return', 800, 'disputed', 'not-rerated'],
  ],
  [
    'a fee that is of no parcel',
    [line('w', 'service-fee', 3_000, { trackingNumber: null })],
    {},
    ['service-fee', 3_000, 'accepted', 'not-rerated'],
  ],
  [
    'another currency',
    [line('b', 'base', 0, { charge: { type: 'shipping', amount: money(1_100, 'EUR'), vendorCode: null } })],
    {},
    ['currency', 1_100, 'disputed', 'not-rerated'],
  ],
])('%s is told as what it is', (_title, lines, label, expected) => {
  expect(audited(lines, label)).toEqual([expected]);
});

test('a discount that comes again with its charge makes the claim smaller', () => {
  const discounted = [...asAccrued, line('charge', 'accessorial', 500), line('discount', 'accessorial', -100, { description: 'discount' })];
  const again = discounted.map((one) => ({ ...one, id: `${one.id}-again`, invoiceNumber: 'I2' }));
  const price = { price: usd(1_600), charges: [charge('shipping', 1_000), charge('fuel-charge', 200), charge('handling', 400)] };
  expect(audited([...discounted, ...again], price)).toEqual([['duplicate-billing', 1_600, 'disputed', 'not-rerated']]);
});

test('a label that was given back and credited is settled', () => {
  const credits = [line('c', 'credit', -1_000), line('d', 'credit', -200)];
  expect(audited([...asAccrued, ...credits], { voidedOn: '2026-10-07' })).toEqual([
    ['credit', -1_200, 'accepted', 'not-rerated'],
    ['voided-label-billed', 1_200, 'settled', 'not-rerated'],
  ]);
});

const oneSum = { charges: [] };
test.each<[string, readonly InvoiceLine[], unknown]>([
  ['as much as the price is no variance', [line('b', 'base', 745), line('r', 'residential', 455)], []],
  [
    'a surcharge that is just the difference',
    [line('b', 'base', 1_200), line('r', 'residential', 455)],
    [['residential', 455, 'disputed', 'not-rerated']],
  ],
  [
    'any other difference is of the rate',
    [line('b', 'base', 1_300), line('r', 'residential', 455)],
    [['base-rate', 555, 'disputed', 'not-rerated']],
  ],
])('against a price of one sum, %s', (_title, lines, expected) => {
  expect(audited(lines, oneSum)).toEqual(expected);
});

/** Our tariff: 5.00 and 2.50 for each begun kilogram, twice that in zone 6; fuel is a fifth of it. */
const reprice: AuditInput['reprice'] = ({ grams, zone }) => {
  const base = (500 + 250 * Math.ceil(grams / 1_000)) * (zone === '6' ? 2 : 1);
  return [charge('shipping', base), charge('fuel-charge', base / 5)];
};

test('a heavier parcel at our own rate was measured differently: its base and its fuel', () => {
  expect(audited([line('b', 'base', 2_000, { billedGrams: 6_000 }), line('f', 'fuel', 400)], {}, { reprice })).toEqual([
    ['weight-dimension', 1_200, 'disputed', 'measured-differently'],
  ]);
});

test('what a heavier parcel costs beyond our own rate is a rate that is wrong', () => {
  const correction = line('w', 'weight-correction', 1_150, { billedGrams: 6_000 });
  expect(audited([...asAccrued, correction, line('f2', 'fuel', 201)], {}, { reprice })).toEqual([
    ['base-rate', 150, 'disputed', 'rate-wrong'],
    ['fuel', 1, 'accepted', 'rate-wrong'],
    ['weight-dimension', 1_200, 'disputed', 'measured-differently'],
  ]);
});

test('weight and zone that both differ are told apart by two prices', () => {
  expect(audited([line('b', 'base', 4_000, { billedGrams: 6_000, zone: '6' }), line('f', 'fuel', 800)], {}, { reprice })).toEqual([
    ['weight-dimension', 1_200, 'disputed', 'measured-differently'],
    ['zone', 2_400, 'disputed', 'measured-differently'],
  ]);
});

test('another price of the same weight and zone is a rate that is wrong', () => {
  expect(audited([line('b', 'base', 1_100, { billedGrams: 2_200 }), line('f', 'fuel', 200)], {}, { reprice })).toEqual([
    ['base-rate', 100, 'disputed', 'rate-wrong'],
  ]);
});

test('where the tariff does not say, the measure is only the likely cause', () => {
  expect(audited([line('b', 'base', 2_000, { billedGrams: 6_000 }), line('f', 'fuel', 200)], {}, { reprice: () => null })).toEqual([
    ['weight-dimension', 1_000, 'disputed', 'not-rerated'],
  ]);
});

test('a credit of just the amount settles what was disputed', () => {
  const credit = line('c', 'credit', -620, { invoiceNumber: 'I2', invoiceDay: '2026-10-24' });
  expect(audited([...asAccrued, line('s', 'accessorial', 620), credit])).toEqual([
    ['accessorial-not-expected', 620, 'settled', 'not-rerated'],
    ['credit', -620, 'accepted', 'not-rerated'],
  ]);
});

test('what comes with several invoices is one label, and its variance arose with the invoice that went over', () => {
  const later = { invoiceNumber: 'I2', invoiceDay: '2026-10-17' };
  const { shipments, variances } = auditFreight({
    lines: [...asAccrued, line('s', 'accessorial', 300), line('t', 'accessorial', 320, later)],
    accruals: [accrual({ price: usd(1_550), charges: [charge('shipping', 1_000), charge('fuel-charge', 200), charge('handling', 350)] })],
  });
  expect(shipments.map(({ billed, expected }) => [billed.minor, expected.minor])).toEqual([[1_820, 1_550]]);
  expect(variances.map((one) => [one.class, one.amount.minor, one.arisenOn, one.deadline])).toEqual([
    ['accessorial-not-expected', 270, '2026-10-17', '2027-04-15'],
  ]);
});

test('before the transport is billed, what is not billed yet is expected and no variance', () => {
  expect(audited([line('f', 'fuel', 200)])).toEqual([]);
});

test('a label of which nothing was billed is open', () => {
  const audit = auditFreight({ lines: [], accruals: [accrual()] });
  expect([audit.open.map(({ id }) => id), audit.variances]).toEqual([['label-1'], []]);
});

test("tolerances and days are the company's own", () => {
  const settings = { tolerances: { 'base-rate': { minor: 100 } }, disputeDays: { ups: 60 } };
  const { variances } = auditFreight({ lines: [line('b', 'base', 1_100), line('f', 'fuel', 300)], accruals: [accrual()], settings });
  expect(variances.map((one) => [one.class, one.verdict, one.deadline])).toEqual([
    ['base-rate', 'accepted', '2026-12-09'],
    ['fuel', 'disputed', '2026-12-09'],
  ]);
});

test('a setting with a name that is none is refused', () => {
  const settings = JSON.parse('{ "disputeDay": 3 }');
  expect(() => auditFreight({ lines: [], accruals: [], settings })).toThrow(/disputeDay/);
});
