import { formatMoney } from '@quartermaster/domain';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { importUpsInvoice, invoiceText, recordLines } from './index.ts';
import { csv, fixture, upsRow } from './testing/given.ts';
import { upsColumns } from './ups-layout.ts';

const sample = fixture('ups-sample-synthetic.csv');

test('the lines of a file add up to its header to the cent, without those that are for information', () => {
  const { invoices, rows, problems, informational } = importUpsInvoice(sample);
  expect(invoices.map(({ declared, summed, verdict }) => [declared?.minor, summed.minor, verdict])).toEqual([[7_071, 7_071, 'agrees']]);
  expect([rows, problems]).toEqual([{ read: 10, charged: 9, informational: 1, leftOut: 0 }, []]);
  expect(informational.map(({ description }) => description)).toEqual(['Ground Residential']);
});

test('every charge has its class and type, by the codes of UPS', () => {
  expect(importUpsInvoice(sample).lines.map((line) => [line.class, line.charge.type, formatMoney(line.charge.amount)])).toEqual([
    ['base', 'shipping', '9.80 USD'],
    ['residential', 'location-fee', '4.55 USD'],
    ['fuel', 'fuel-charge', '2.66 USD'],
    ['base', 'shipping', '12.40 USD'],
    ['fuel', 'fuel-charge', '2.29 USD'],
    ['weight-correction', 'adjustment', '6.31 USD'],
    ['address-correction', 'adjustment', '23.50 USD'],
    ['credit', 'adjustment', '-20.80 USD'],
    ['service-fee', 'admin-fee', '30.00 USD'],
  ]);
});

test('a corrected parcel tells both weights, its sides and its references', () => {
  expect(importUpsInvoice(sample).lines.find((line) => line.class === 'weight-correction')).toMatchObject({
    trackingNumber: '1Z9999990300000022',
    references: ['WH/OUT/00018', 'S00043'],
    enteredGrams: 3_629,
    billedGrams: 9_979,
    millimetres: [457, 356, 305],
    zone: '006',
    shippedOn: '2026-10-06',
    destination: { country: 'US', postalArea: '802' },
  });
});

test('a file with semicolons and decimal commas is the same file', () => {
  const rows = sample
    .trim()
    .split('\n')
    .map((row) => row.split(',').map((cell) => cell.replace(/^(-?\d+)\.(\d+)$/, '$1,$2')));
  const european = importUpsInvoice(csv(rows, ';'));
  expect(recordLines(importUpsInvoice(sample).lines, european.lines)).toMatchObject({ added: 0, alreadyKnown: 9 });
  expect(european.lines.map(({ charge }) => charge)).toEqual(importUpsInvoice(sample).lines.map(({ charge }) => charge));
});

test('the same file again adds nothing; a file that goes on from it adds what is new', () => {
  const once = recordLines([], importUpsInvoice(sample).lines);
  expect(recordLines(once.lines, importUpsInvoice(sample).lines)).toEqual({ lines: once.lines, added: 0, alreadyKnown: 9 });
  const more = importUpsInvoice(sample + csv([upsRow({ 'Net Amount': '1.23' })]));
  expect(recordLines(once.lines, more.lines)).toMatchObject({ added: 1, alreadyKnown: 9 });
});

test('two rows that are alike are two charges', () => {
  const { lines, invoices } = importUpsInvoice(csv([upsRow({ 'Invoice Amount': '20.00' }), upsRow({ 'Invoice Amount': '20.00' })]));
  expect(new Set(lines.map(({ id }) => id)).size).toBe(2);
  expect(invoices.map(({ verdict }) => verdict)).toEqual(['agrees']);
});

test.each([
  ['Net Amount', 'ten', 'not a number: "ten"'],
  ['Net Amount', '', 'is empty'],
  ['Net Amount', '1.234', "1.234 USD is finer than the currency's smallest unit"],
  ['Invoice Date', '2026-02-30', 'not a day (yyyy-mm-dd): "2026-02-30"'],
  ['Invoice Currency Code', 'Dollar', 'not a currency: "Dollar"'],
  ['Account Number', '', 'is empty'],
])('a row with a bad %s (%s) is left out and named with row and field, and the others are read', (field, value, reason) => {
  const { problems, lines, rows, invoices } = importUpsInvoice(csv([upsRow(), upsRow({ [field]: value }), upsRow()]));
  expect(problems).toEqual([{ row: 2, field, reason, outcome: 'left-out' }]);
  expect([lines.length, rows.leftOut]).toEqual([2, 1]);
  expect(invoices.map(({ verdict }) => verdict)).toEqual(['differs']);
});

test('a row with a bad weight keeps its money, and the weight is told', () => {
  const { problems, lines } = importUpsInvoice(csv([upsRow({ 'Billed Weight': 'heavy', 'Billed Weight Unit of Measure': 'L' })]));
  expect(problems).toEqual([{ row: 1, field: 'Billed Weight', reason: 'not a number: "heavy"', outcome: 'kept' }]);
  expect(lines.map(({ charge, billedGrams }) => [charge.amount.minor, billedGrams])).toEqual([[1_000, null]]);
});

test('a quote that is never closed is told, and the rows before it are read', () => {
  const { problems, lines } = importUpsInvoice(`${csv([upsRow()])}"2.1,`);
  expect([lines.length, problems.map(({ field, reason }) => [field, reason])]).toEqual([1, [['file', 'a quote that is never closed']]]);
});

test('a charge in another currency than the invoice cannot be summed, and the invoice says so', () => {
  expect(importUpsInvoice(csv([upsRow({ 'Transaction Currency Code': 'EUR' })])).invoices.map(({ verdict }) => verdict)).toEqual([
    'differs',
  ]);
});

test('bytes that are no UTF-8 are read as windows-1252', () => {
  expect(invoiceText(Buffer.from('Müller', 'latin1'))).toBe('Müller');
  expect(invoiceText(Buffer.from('Müller', 'utf8'))).toBe('Müller');
});

test('our columns stand where the published order has them', () => {
  const { columns } = z.object({ columns: z.array(z.string()) }).parse(JSON.parse(fixture('ups-billing-250.json')));
  expect(Object.entries(upsColumns).filter(([name, at]) => columns[at] !== name)).toEqual([]);
});
