import { expect, test } from 'vitest';
import { readTable } from './csv.ts';
import { csvText } from './file-text.ts';
import { givenFolder, pullAll } from './testing/folder.ts';

test('cells are found by their column; quotes, commas, line breaks, byte order mark and CR LF are read as RFC 4180 says', () => {
  const { columns, rows } = readTable('\uFEFFname,note\r\n"Müller, Söhne","says ""hello""\r\nand goes"\r\n\r\nAda,\r\n', ',');
  expect([columns, rows.map(({ cells }) => Object.fromEntries(cells))]).toEqual([
    ['name', 'note'],
    [{ name: 'Müller, Söhne', note: 'says "hello"\r\nand goes' }, { name: 'Ada' }],
  ]);
});

test('a row is named by the line that it ends on, also below a cell of two lines', () => {
  expect(readTable('a,b\n"1\n2",3\n4,5\n', ',').rows.map(({ line }) => line)).toEqual([3, 4]);
});

test('a row with a cell too many is told with the row, and the others are read', () => {
  const { rows } = readTable('a,b\n1,2,3\n4,5\n', ',');
  expect(rows.map(({ problems }) => problems)).toEqual([['line 2: 3 cells under 2 columns'], []]);
});

test('rows before a quote that is never closed are read, and the file is told', () => {
  const { rows, brokenOff } = readTable('a,b\n1,2\n"3,4\n5,6\n', ',');
  expect([rows.length, brokenOff]).toEqual([1, expect.stringContaining('a quote that is never closed')]);
});

test('a column that stands twice is told: nobody knows which one is meant', () => {
  expect(readTable('a,a\n1,2\n', ',')).toMatchObject({ rows: [], brokenOff: 'line 1: column a stands twice' });
});

test('what is written is read back', () => {
  const rows = [
    ['a', 'b'],
    ['x;y', ' "quoted" '],
    ['line\nbreak', '1'],
  ];
  expect(readTable(csvText(rows, ';'), ';').rows.map(({ cells }) => [...cells.values()])).toEqual([
    ['x;y', '"quoted"'],
    ['line\nbreak', '1'],
  ]);
});

test('orders of a CSV file, as a spreadsheet writes it, are told, and a bad row holds up nobody else', async () => {
  const { channel, partner } = givenFolder();
  const head = 'order_id;placed_at;currency;taxes_included;payment;total;line_id;sku;quantity;unit_price\r\n';
  const row = (id: string, quantity: string) => `${id};2026-11-21T09:00:00Z;EUR;yes;paid;12.90;1;MUG;${quantity};12.90\r\n`;
  partner.directory.put('orders/a.csv', `\uFEFF${head}${row('1', '1')}${row('2', 'one')}${row('3', '1')}`.replaceAll(';', ','));
  const { ids, unreadable } = await pullAll(channel);
  expect([ids, unreadable.map(({ id, reason }) => [id, reason])]).toEqual([
    ['1', '3'],
    [['2', 'a.csv: line 3, column quantity: a whole number']],
  ]);
});

test('a file of another encoding and delimiter is read as such, and told where nobody said so', async () => {
  const text =
    'order_id;placed_at;currency;taxes_included;payment;total;line_id;title;quantity;unit_price\r\n1;2026-11-21T09:00:00Z;EUR;no;paid;1.00;1;K\u00e4nnchen;1;1.00\r\n';
  const read = async (options: Parameters<typeof givenFolder>[0]) => {
    const { channel, partner } = givenFolder(options);
    partner.directory.put('orders/a.csv', Buffer.from(text, 'latin1'));
    const { orders, unreadable } = await pullAll(channel);
    return [orders.map(({ order }) => order.lines[0]?.title), unreadable.map(({ reason }) => reason)];
  };
  expect(await read({ encoding: 'windows-1252', delimiter: ';' })).toEqual([['Kännchen'], []]);
  expect(await read({ delimiter: ';' })).toEqual([[], ['a.csv: not utf-8']]);
});
