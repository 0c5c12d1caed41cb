import { expect, test } from 'vitest';
import { importFedexInvoice, recordLines } from './index.ts';
import { csv, fixture } from './testing/given.ts';

const sample = fixture('fedex-sample-synthetic.csv');
const [heading = [], ...body] = sample
  .trim()
  .split('\n')
  .map((row) => row.split(','));

/** The first row of the sample with other cells, by the first column of the name. */
function rowWith(cells: Readonly<Record<string, string>>): string[] {
  return Object.entries(cells).reduce((row, [name, value]) => row.with(heading.indexOf(name), value), body[0] ?? []);
}

test('the charges of all rows add up to what the file says is due', () => {
  const { invoices, rows, problems } = importFedexInvoice(sample, 'USD');
  expect(invoices.map(({ declared, summed, verdict }) => [declared?.minor, summed.minor, verdict])).toEqual([[2_944, 2_944, 'agrees']]);
  expect([rows, problems]).toEqual([{ read: 3, charged: 3, informational: 0, leftOut: 0 }, []]);
});

test('repeated pairs of one name are read by their position', () => {
  expect(
    importFedexInvoice(sample, 'USD').lines.map((line) => [line.trackingNumber, line.class, line.charge.type, line.charge.amount.minor]),
  ).toEqual([
    ['794600000011', 'base', 'shipping', 1_420],
    ['794600000011', 'fuel', 'fuel-charge', 201],
    ['794600000011', 'residential', 'location-fee', 595],
    ['794600000011', 'base', 'discount', -310],
    ['794600000022', 'accessorial', 'handling', 2_950],
    ['794600000033', 'credit', 'adjustment', -1_912],
  ]);
});

test('a file whose repeated heads were numbered by a tool is read alike', () => {
  const count = new Map<string, number>();
  const numbered = heading.map((name) => {
    count.set(name, (count.get(name) ?? 0) + 1);
    return count.get(name) === 1 ? name : `${name} (${count.get(name)})`;
  });
  const lines = importFedexInvoice(csv([numbered, ...body]), 'USD').lines;
  expect(recordLines(importFedexInvoice(sample, 'USD').lines, lines).added).toBe(0);
});

test('which sum the rows of a file hold is recorded', () => {
  expect(importFedexInvoice(sample, 'USD').sumIdentity).toEqual({
    rows: 3,
    transportationPlusPairs: 3,
    pairsAlone: 2,
    held: 'transportation-plus-pairs',
  });
});

test('where the pairs have the transportation among them it is counted once', () => {
  const pairs = rowWith({
    'Net Charge Amount': '16.21',
    'Tracking ID Charge Description': 'Transportation Charge',
    'Tracking ID Charge Amount': '14.20',
  });
  const first = heading.indexOf('Tracking ID Charge Description');
  const row = ['Fuel Surcharge', '2.01', '', ''].reduce((cells, value, index) => cells.with(first + 2 + index, value), pairs);
  const { sumIdentity, lines, problems } = importFedexInvoice(csv([heading, row]), 'USD');
  expect([sumIdentity.held, problems]).toEqual(['pairs-alone', []]);
  expect(lines.map((line) => [line.class, line.charge.amount.minor])).toEqual([
    ['base', 1_420],
    ['fuel', 201],
  ]);
});

test('what the charges of a row do not explain is a line of its own and told, so that the net amount is never lost', () => {
  const { lines, problems, sumIdentity } = importFedexInvoice(csv([heading, rowWith({ 'Net Charge Amount': '20.00' })]), 'USD');
  expect(sumIdentity.held).toBe('neither');
  expect(problems.map(({ row, field, outcome }) => [row, field, outcome])).toEqual([[2, 'Net Charge Amount', 'kept']]);
  expect(lines.reduce((sum, { charge }) => sum + charge.amount.minor, 0)).toBe(2_000);
  expect(lines.at(-1)?.description).toBe('Not itemised by the carrier');
});

test('a charge that is no number is named with its pair, and its money is what is not itemised', () => {
  const { lines, problems } = importFedexInvoice(csv([heading, rowWith({ 'Tracking ID Charge Amount': 'much' })]), 'USD');
  expect(problems.map(({ field, reason }) => [field, reason])).toEqual([
    ['Tracking ID Charge Amount (1)', 'not a number: "much"'],
    ['Net Charge Amount', expect.stringContaining('neither')],
  ]);
  expect(lines.reduce((sum, { charge }) => sum + charge.amount.minor, 0)).toBe(1_906);
});

test('a row without a readable net amount is left out and named', () => {
  const { problems, rows } = importFedexInvoice(csv([heading, rowWith({ 'Net Charge Amount': '' })]), 'USD');
  expect([problems, rows.leftOut]).toEqual([[{ row: 2, field: 'Net Charge Amount', reason: 'is empty', outcome: 'left-out' }], 1]);
});

test('weights, sides, references and the number with its ground prefix are read', () => {
  const row = rowWith({ 'Ground Tracking ID Prefix': '96 12', 'POD Delivery Date': '20261009' });
  expect(importFedexInvoice(csv([heading, row]), 'USD').lines[0]).toMatchObject({
    trackingNumber: '794600000011',
    trackingAliases: ['9612794600000011'],
    references: ['WH/OUT/00021'],
    enteredGrams: 1_905,
    billedGrams: 2_268,
    millimetres: [305, 229, 152],
    service: 'Home Delivery',
    shippedOn: '2026-10-06',
    deliveredOn: '2026-10-09',
  });
});

test('a file without a column that must be there is refused by its name', () => {
  expect(importFedexInvoice('a,b\n1,2\n', 'USD').problems).toEqual([
    { row: 1, field: 'Bill to Account Number', reason: 'no such column', outcome: 'left-out' },
  ]);
});
