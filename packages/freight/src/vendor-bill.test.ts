import { expect, test } from 'vitest';
import { draftVendorBills, importUpsInvoice } from './index.ts';
import { accrual, charge, fixture, line, usd } from './testing/given.ts';

const accounts = {
  accrued: '2110',
  variance: '6100',
  varianceOf: { 'service-fee': '6130' },
  tax: '1576',
  analyticOf: { WH: 'Vienna' },
} as const;
const first = { carrier: 'ups', account: 'A1', invoiceNumber: 'I1' };

test('a bill clears what was accrued, and expenses what was not by its class, node by node', () => {
  const lines = [
    line('b', 'base', 1_000),
    line('f', 'fuel', 230),
    line('d', 'duty-tax', 700),
    line('w', 'service-fee', 3_000, { trackingNumber: null }),
  ];
  const [bill] = draftVendorBills({ ...first, lines, billedBefore: [], accruals: [accrual()], accounts });
  expect(bill).toEqual({
    ...first,
    invoiceDay: '2026-10-10',
    total: usd(4_930),
    lines: [
      { kind: 'accrued', class: null, account: '2110', analytic: 'Vienna', amount: usd(1_200) },
      { kind: 'tax', class: 'duty-tax', account: '1576', analytic: 'Vienna', amount: usd(700) },
      { kind: 'variance', class: 'fuel', account: '6100', analytic: 'Vienna', amount: usd(30) },
      { kind: 'variance', class: 'service-fee', account: '6130', analytic: null, amount: usd(3_000) },
    ],
    problems: [],
  });
});

test('a later bill does not clear again what an earlier one cleared', () => {
  const earlier = [line('b', 'base', 1_000), line('f', 'fuel', 200)];
  const later = [line('again', 'accessorial', 400, { invoiceNumber: 'I2', invoiceDay: '2026-10-17' })];
  const accruals = [
    accrual({ price: usd(1_500), charges: [charge('shipping', 1_000), charge('fuel-charge', 200), charge('handling', 300)] }),
  ];
  const bills = draftVendorBills({ ...first, invoiceNumber: 'I2', lines: later, billedBefore: earlier, accruals, accounts });
  // The first bill cleared the 3.00 of handling already, against a variance in our favour, which this one takes back.
  expect(bills.map(({ total, lines }) => [total, lines.map((one) => [one.kind, one.class, one.amount.minor])])).toEqual([
    [usd(400), [['variance', 'accessorial-not-expected', 400]]],
  ]);
});

test('a bill of an invoice that does not add up tells a person', () => {
  const lines = [line('b', 'base', 1_000, { invoiceTotal: usd(1_100) })];
  const [bill] = draftVendorBills({ ...first, lines, billedBefore: [], accruals: [], accounts });
  expect(bill?.problems).toHaveLength(1);
});

test('the bill of the synthetic UPS invoice comes to its header', () => {
  const { lines } = importUpsInvoice(fixture('ups-sample-synthetic.csv'));
  const invoice = { carrier: 'ups', account: '0000A1B2C3', invoiceNumber: '0000A1B2C3406' };
  expect(draftVendorBills({ ...invoice, lines, billedBefore: [], accruals: [accrual()], accounts }).map(({ total }) => total)).toEqual([
    usd(7_071),
  ]);
});

test('accounts without the one of accruals are refused', () => {
  expect(() => draftVendorBills({ ...first, lines: [], billedBefore: [], accruals: [], accounts: { ...accounts, accrued: '' } })).toThrow(
    /accrued/,
  );
});
