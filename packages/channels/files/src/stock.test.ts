import { intentMemo } from '@quartermaster/connector-kit/sandbox';
import { everyNode } from '@quartermaster/domain';
import { expect, test } from 'vitest';
import { channelOf, givenFolder } from './testing/folder.ts';
import { stockFileSchema } from './wire.ts';

const level = (sku: string, node: string, available: number) => ({ sku, node, available, expected: null });
const untaken = { takesAtOnce: false } as const;

test('changes go in a file each, whose names sort by time', async () => {
  const { channel, clock, partner } = givenFolder({}, untaken);
  await channel.pushStock([level('MUG', 'BER', 7)], intentMemo('one'));
  clock.advanceTo('2026-11-21T10:00:00.000Z');
  await channel.pushStock([level('TEA', 'BER', 3)], intentMemo('two'));
  const files = partner.directory.paths().filter((path) => path.startsWith('stock/'));
  expect(files).toEqual([
    expect.stringMatching(/^stock\/stock-20261121T0900\d{5}Z-\w{8}\.json$/),
    expect.stringMatching(/^stock\/stock-20261121T10/),
  ]);
  expect(stockFileSchema.parse(JSON.parse(partner.directory.text(files[1] ?? '') ?? '')).levels).toEqual([
    { sku: 'TEA', warehouse: 'BERLIN', available: 3 },
  ]);
});

test('an intent that is carried out again writes the same file again', async () => {
  const { channel, clock, partner } = givenFolder({}, untaken);
  const intent = intentMemo();
  await channel.pushStock([level('MUG', 'BER', 7)], intent);
  clock.advanceTo('2026-11-21T10:00:00.000Z');
  await channel.pushStock([level('MUG', 'BER', 7)], intent);
  expect(partner.directory.paths().filter((path) => path.startsWith('stock/'))).toHaveLength(1);
});

test('a whole file says all that was ever said, also when the partner took the one before away', async () => {
  const { channel, clock, partner } = givenFolder({ stockFiles: 'whole' }, untaken);
  await channel.pushStock([level('MUG', 'BER', 7), level('TEA', 'BER', 1)], intentMemo('one'));
  partner.takeFiles();
  clock.advanceTo('2026-11-21T10:00:00.000Z');
  await channelOf(partner, clock, { stockFiles: 'whole' }).pushStock([level('TEA', 'BER', 2)], intentMemo('two'));
  expect(stockFileSchema.parse(JSON.parse(partner.directory.text('stock/stock.json') ?? ''))).toMatchObject({
    whole: true,
    levels: [
      { sku: 'MUG', warehouse: 'BERLIN', available: 7 },
      { sku: 'TEA', warehouse: 'BERLIN', available: 2 },
    ],
  });
});

test('two intents at once do not forget what the other said', async () => {
  const { channel } = givenFolder();
  await Promise.all([
    channel.pushStock([level('MUG', 'BER', 7)], intentMemo('one')),
    channel.pushStock([level('TEA', 'BER', 3)], intentMemo('two')),
  ]);
  expect(
    await channel.shownStock([
      { sku: 'MUG', node: 'BER' },
      { sku: 'TEA', node: 'BER' },
    ]),
  ).toEqual([7, 3]);
});

test('a partner with one figure for all nodes is told one', async () => {
  const { channel, partner } = givenFolder({ warehouses: null }, { warehouses: [] });
  partner.setStock('MUG', null, 0);
  expect(await channel.pushStock([level('MUG', 'BER', 7)], intentMemo())).toMatchObject([{ kind: 'refused' }]);
  expect(channel.capabilities.stockPerNode).toBe(false);
});

test('a partner that sends no list of items is told of every item', async () => {
  const { channel, partner } = givenFolder({ itemFiles: false }, untaken);
  expect(await channel.pushStock([level('NEW', 'BER', 7)], intentMemo())).toEqual([{ kind: 'set' }]);
  expect([channel.listings, partner.directory.paths().some((path) => path.startsWith('stock/'))]).toEqual([null, true]);
});

test('nothing is written when nothing can be said', async () => {
  const { channel, partner } = givenFolder();
  const before = partner.directory.paths();
  expect(await channel.pushStock([level('NOT-THERE', 'BER', 7)], intentMemo())).toMatchObject([{ kind: 'unknown-item' }]);
  expect(partner.directory.paths()).toEqual(before);
});

test('the node for all nodes is no node where the partner keeps stock for each', async () => {
  const { channel } = givenFolder();
  expect(await channel.pushStock([level('MUG', everyNode, 7)], intentMemo())).toMatchObject([{ kind: 'refused' }]);
});

test('the list of items is the newest file, as CSV or JSON', async () => {
  const { channel, clock, partner } = givenFolder();
  clock.advanceTo('2026-11-21T10:00:00.000Z');
  partner.directory.put('items/items.csv', 'sku,title,state\r\nMUG,Mug,active\r\nCUP,"Cup, large",\r\n');
  const pushed = await channel.pushStock(
    ['MUG', 'CUP', 'TEA'].map((sku) => level(sku, 'BER', 1)),
    intentMemo(),
  );
  expect(pushed.map(({ kind }) => kind)).toEqual(['set', 'set', 'unknown-item']);
});

test('a list of items that cannot be read ends nobody’s sale: the fault names the line', async () => {
  const { channel, clock, partner } = givenFolder();
  clock.advanceTo('2026-11-21T10:00:00.000Z');
  partner.directory.put('items/items.csv', 'sku,title,state\r\nMUG,Mug,sometimes\r\n');
  await expect(channel.pushStock([level('MUG', 'BER', 1)], intentMemo())).rejects.toThrow('items.csv: line 2, column state');
});
