import { intentMemo } from '@quartermaster/connector-kit/sandbox';
import { epochMs, instantOf, type StockLevel } from '@quartermaster/domain';
import { expect, test } from 'vitest';
import { memoryRevisionBudget } from './revision-budget.ts';
import { givenSeller } from './testing/seller.ts';

const mugs = (available: number, node = 'BER'): StockLevel => ({ sku: 'MUG', node, available, expected: null });

test('a figure that is there already costs none of the day’s revisions', async () => {
  const { ebay, channel, calls } = givenSeller();
  expect(await channel.pushStock([mugs(10)], intentMemo())).toEqual([{ kind: 'set' }]);
  expect([ebay.revisionsOf('MUG'), calls.includes('stock.set')]).toEqual([0, false]);
});

test('a figure that was set though the answer was lost costs no second revision', async () => {
  let lost = 0;
  const { ebay, channel, calls } = givenSeller({}, {}, (app) => async (request) => {
    const reply = await app(request);
    return request.url.includes('bulk_update') && lost++ === 0 ? new Response('gateway timeout', { status: 504 }) : reply;
  });
  expect(await channel.pushStock([mugs(4)], intentMemo())).toEqual([{ kind: 'set' }]);
  expect([ebay.revisionsOf('MUG'), calls.filter((call) => call === 'stock.set').length]).toEqual([1, 1]);
});

test('a SKU that eBay could not have holds up no other', async () => {
  const { channel } = givenSeller();
  const pushed = await channel.pushStock([{ ...mugs(1), sku: 'X'.repeat(51) }, mugs(2), { ...mugs(1), sku: '' }], intentMemo());
  expect(pushed.map(({ kind }) => kind)).toEqual(['unknown-item', 'set', 'unknown-item']);
});

test('two nodes of an item are one revision, and the other node keeps its figure', async () => {
  const { ebay, channel } = givenSeller();
  await channel.pushStock([mugs(4), mugs(1, 'PAR')], intentMemo());
  await channel.pushStock([mugs(7)], intentMemo());
  expect([ebay.stock('MUG', 'berlin'), ebay.stock('MUG', 'paris'), ebay.stock('MUG', null), ebay.revisionsOf('MUG')]).toEqual([7, 1, 8, 2]);
});

test('the last revisions of a day are kept for what keeps us from overselling', async () => {
  const { ebay, channel } = givenSeller();
  let units = 10;
  const refused: string[] = [];
  for (let nth = 0; nth < 230; nth++) {
    const [pushed] = await channel.pushStock([mugs(++units)], intentMemo());
    if (pushed?.kind === 'refused') refused.push(pushed.reason);
  }
  expect([ebay.revisionsOf('MUG'), refused.length]).toEqual([200, 30]);
  expect(refused[0]).toContain('250 revisions of a listing a day');
  expect(await channel.pushStock([mugs(0)], intentMemo())).toEqual([{ kind: 'set' }]);
});

test('eBay never has to block a listing: decreases end at 250, and go on the next Pacific day', async () => {
  const { ebay, channel, clock } = givenSeller();
  ebay.setStock('MUG', 'berlin', 1_000);
  const kinds = new Set<string>();
  for (let units = 999; units > 745; units--) kinds.add((await channel.pushStock([mugs(units)], intentMemo()))[0]?.kind ?? '');
  expect([ebay.revisionsOf('MUG'), [...kinds]]).toEqual([250, ['set', 'refused']]);
  clock.advanceTo('2026-11-22T07:59:00.000Z');
  expect((await channel.pushStock([mugs(5)], intentMemo()))[0]?.kind).toBe('refused');
  clock.advanceTo('2026-11-22T08:00:00.000Z');
  expect((await channel.pushStock([mugs(5)], intentMemo()))[0]?.kind).toBe('set');
});

test('variations of one listing share its revisions', async () => {
  const { ebay, channel } = givenSeller({}, { revisionBudget: memoryRevisionBudget({ perDay: 3, keptForDecreases: 0 }) });
  for (const sku of ['RED', 'BLUE']) ebay.addItem({ sku, title: sku, price: 100, stock: { berlin: 1 }, group: 'SHIRT' });
  const push = async (sku: string, available: number) =>
    (await channel.pushStock([{ sku, node: 'BER', available, expected: null }], intentMemo()))[0]?.kind;
  expect([await push('RED', 2), await push('BLUE', 2), await push('RED', 3), await push('BLUE', 3)]).toEqual([
    'set',
    'set',
    'set',
    'refused',
  ]);
});

test('a listing that eBay blocked, because others revised it too, is left alone until tomorrow', async () => {
  const { channel, calls } = givenSeller({}, { revisionBudget: memoryRevisionBudget({ perDay: 300, keptForDecreases: 0 }) });
  for (let nth = 0; nth < 250; nth++) await channel.pushStock([mugs(20 + nth)], intentMemo());
  const [blocked] = await channel.pushStock([mugs(5)], intentMemo());
  const before = calls.filter((call) => call === 'stock.set').length;
  const [again] = await channel.pushStock([mugs(6)], intentMemo());
  expect([blocked?.kind, again?.kind, calls.filter((call) => call === 'stock.set').length - before]).toEqual(['refused', 'refused', 0]);
});

test('where eBay takes one item in a call only, they go one by one from then on', async () => {
  const { ebay, channel, calls } = givenSeller({ skusPerCall: 1 });
  const levels = [mugs(1), { ...mugs(2), sku: 'TEA' }];
  expect(await channel.pushStock(levels, intentMemo())).toEqual([{ kind: 'set' }, { kind: 'set' }]);
  await channel.pushStock([mugs(3), { ...mugs(4), sku: 'TEA' }], intentMemo());
  expect([ebay.stock('MUG', 'berlin'), ebay.stock('TEA', 'berlin'), calls.filter((call) => call === 'stock.set').length]).toEqual([
    3, 4, 5,
  ]);
});

test('an offer with a quantity of its own caps what is sold, and follows where it shall', async () => {
  const capped = givenSeller();
  const following = givenSeller({}, { offersFollow: true });
  const sold: number[] = [];
  for (const { ebay, channel } of [capped, following]) {
    ebay.addItem({ sku: 'CUP', title: 'Cup', price: 100, stock: { berlin: 2 }, offerQuantity: 2 });
    await channel.pushStock([{ sku: 'CUP', node: 'BER', available: 9, expected: null }], intentMemo());
    sold.push(ebay.stock('CUP', null));
  }
  expect(sold).toEqual([2, 9]);
});

test('a seller without locations has one figure for all nodes', async () => {
  const { ebay, channel } = givenSeller({}, ({ locations: _locations, ...others }) => others);
  ebay.addItem({ sku: 'CUP', title: 'Cup', price: 100, stock: 2 });
  await channel.pushStock([{ sku: 'CUP', node: '*', available: 7, expected: null }], intentMemo());
  expect([channel.capabilities.stockPerNode, await channel.shownStock([{ sku: 'CUP', node: '*' }])]).toEqual([false, [7]]);
});

test('a location that eBay does not know is refused with its reason', async () => {
  const { channel } = givenSeller({ locations: ['berlin'] });
  const [pushed] = await channel.pushStock([mugs(1, 'PAR')], intentMemo());
  expect(pushed).toMatchObject({ kind: 'refused', reason: expect.stringContaining('25709') });
});

test('revisions are counted by the zone’s day, through a night in which clocks change', async () => {
  const budget = memoryRevisionBudget({ perDay: 1, keptForDecreases: 0 });
  const night = epochMs('2026-11-01T06:59:00.000Z');
  const taken: boolean[] = [];
  for (const minutes of [0, 1, 120, 1_440 + 61]) taken.push(await budget.take('MUG', instantOf(night + minutes * 60_000), 'increase'));
  expect(taken).toEqual([true, true, false, true]);
});
