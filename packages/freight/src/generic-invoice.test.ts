import { expect, test } from 'vitest';
import { importGenericInvoice, type InvoiceMappingInput } from './index.ts';

const mapping: InvoiceMappingInput = {
  carrier: 'gls',
  decimalComma: true,
  dayFormat: 'dd.mm.yyyy',
  fixed: { currency: 'EUR', account: '276' },
  columns: {
    invoiceNumber: 'Rechnung',
    invoiceDay: 'Datum',
    invoiceTotal: 'Summe',
    trackingNumber: 'Paketnummer',
    references: ['Referenz'],
    billedWeight: 'Gewicht',
    description: 'Art',
    amount: 'Betrag',
  },
  charges: [
    { words: 'paket', class: 'base', type: 'shipping' },
    { words: 'maut', class: 'fuel', type: 'fuel-charge' },
  ],
};
const file = `Rechnung;Datum;Summe;Paketnummer;Referenz;Gewicht;Art;Betrag
R7;13.10.2026;1.012,30;00 340 1;wh/out/3;4,25;Business-Paket;1.000,00
R7;13.10.2026;1.012,30;00 340 1;wh/out/3;;Maut;2,30
R7;13.10.2026;1.012,30;;;;Grundgebühr;10,00
`;

test('any CSV is read by a mapping of its columns and words', () => {
  const { lines, invoices, problems } = importGenericInvoice(file, mapping);
  expect(problems).toEqual([]);
  expect(invoices.map(({ account, summed, verdict }) => [account, summed, verdict])).toEqual([
    ['276', { minor: 101_230, currency: 'EUR' }, 'agrees'],
  ]);
  expect(lines.map((line) => [line.trackingNumber, line.references, line.class, line.charge.amount.minor, line.billedGrams])).toEqual([
    ['003401', ['WH/OUT/3'], 'base', 100_000, 4_250],
    ['003401', ['WH/OUT/3'], 'fuel', 230, null],
    [null, [], 'service-fee', 1_000, null],
  ]);
});

test('a column of the mapping that the file does not have is named', () => {
  expect(importGenericInvoice(file.replace('Betrag', 'Amount'), mapping).problems).toEqual([
    { row: 1, field: 'Betrag', reason: 'no such column', outcome: 'left-out' },
  ]);
});

test('a column that stands twice is refused: nobody knows which one is meant', () => {
  expect(importGenericInvoice(file.replace('Art;Betrag', 'Art;Betrag;Betrag'), mapping).problems).toEqual([
    { row: 1, field: 'Betrag', reason: 'stands twice in the heading', outcome: 'left-out' },
  ]);
});

test('without any currency nothing is read', () => {
  expect(importGenericInvoice(file, { ...mapping, fixed: {} }).problems.map(({ field }) => field)).toEqual(['currency']);
});

test('a mapping without a carrier is refused', () => {
  expect(() => importGenericInvoice(file, { ...mapping, carrier: '' })).toThrow(/carrier/);
});
