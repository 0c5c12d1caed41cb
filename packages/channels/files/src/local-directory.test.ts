import { mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { intentMemo, virtualClock } from '@quartermaster/connector-kit/sandbox';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { DirectoryError } from './directory.ts';
import { localDirectory } from './local-directory.ts';
import { createFilesSandbox } from './sandbox/index.ts';
import { channelOf, mugOrder, orderText, pullAll, start } from './testing/folder.ts';

let root = '';
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'files-channel-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const bytes = (text: string) => new TextEncoder().encode(text);

test('a file is there as a whole under its name, and nothing else is left', async () => {
  const directory = localDirectory(root);
  await directory.writeAtomically('stock/stock.json', bytes('one'));
  await directory.writeAtomically('stock/stock.json', bytes('two'));
  expect([readdirSync(join(root, 'stock')), new TextDecoder().decode((await directory.read('stock/stock.json')) ?? undefined)]).toEqual([
    ['stock.json'],
    'two',
  ]);
});

test('a listing has names, sizes and times of files, and no folders', async () => {
  const directory = localDirectory(root);
  await directory.writeAtomically('orders/done/old.json', bytes('old'));
  await directory.writeAtomically('orders/a.json', bytes('abc'));
  utimesSync(join(root, 'orders/a.json'), new Date(start), new Date(start));
  expect(await directory.list('orders')).toEqual([{ name: 'a.json', size: 3, modifiedAt: start }]);
});

test('what is not there is nothing', async () => {
  const directory = localDirectory(root);
  await directory.move('orders/none.json', 'orders/done/none.json');
  expect([await directory.list('orders'), await directory.read('orders/none.json')]).toEqual([[], null]);
});

test('a folder that is not mounted is told, and not made', async () => {
  const directory = localDirectory(join(root, 'mount'));
  const outcomes = await Promise.allSettled([directory.list('orders'), directory.writeAtomically('stock/a', bytes('a'))]);
  expect(outcomes.map((one) => one.status === 'rejected' && one.reason instanceof DirectoryError && one.reason.kind)).toEqual([
    'unreachable',
    'unreachable',
  ]);
  expect(readdirSync(root)).toEqual([]);
});

test('a whole channel runs over a folder of this machine', async () => {
  const clock = virtualClock(start);
  const partner = createFilesSandbox({ clock });
  const directory = localDirectory(root);
  const channel = channelOf(partner, clock, { directory, itemFiles: false, whenRead: 'move' });
  await directory.writeAtomically('orders/a.json', bytes(orderText(mugOrder('1'))));
  writeFileSync(join(root, 'orders/b.json.part'), 'half of an or');
  const first = await pullAll(channel);
  const parcel = { carrier: 'DHL', trackingNumbers: ['JD1'], trackingUrl: null, shippedAt: start, notifyCustomer: false };
  const { ref } = await channel.confirmShipment({ orderId: '1', node: 'BER', lines: [{ lineId: '1', units: 2 }], ...parcel }, intentMemo());
  await channel.pushStock([{ sku: 'MUG', node: 'BER', available: 4, expected: null }], intentMemo());
  const second = await pullAll(channel, first.cursor);
  expect([first.ids, second.ids, readdirSync(join(root, 'shipments'))]).toEqual([['1'], [], [`${ref}.json`]]);
  expect(readdirSync(join(root, 'orders')).toSorted()).toEqual(['b.json.part', 'done']);
});
