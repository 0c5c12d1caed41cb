import { expect, test } from 'vitest';
import { agingOf, type AgingOrder } from './aging.ts';

const at = '2026-11-23T10:00:00.000Z';
const berlin = { at, zone: 'Europe/Berlin', hours: [4, 24, 48] };

test('order aging: open orders are counted by their age, and every bucket says what its orders are', () => {
  const orders = [
    order('new', { placedAt: '2026-11-23T09:00:00.000Z', state: 'open' }),
    order('held', { placedAt: '2026-11-23T08:00:00.000Z', state: 'held' }),
    order('four', { placedAt: '2026-11-23T06:00:00.000Z' }),
    order('old', { placedAt: '2026-11-19T10:00:00.000Z' }),
  ];

  expect(agingOf(orders, berlin).buckets).toEqual([
    { fromHours: 0, toHours: 4, orders: 2, byState: { open: 1, held: 1 } },
    { fromHours: 4, toHours: 24, orders: 1, byState: { committed: 1 } },
    { fromHours: 24, toHours: 48, orders: 0, byState: {} },
    { fromHours: 48, toHours: null, orders: 1, byState: { committed: 1 } },
  ]);
});

test.each([
  ['in time', {}, null],
  ['planned to arrive after its promise', { arrivesOn: '2026-11-27' }, 'late: it arrives on 2026-11-27, and is promised for 2026-11-26'],
  ['past its promise', { promiseDate: '2026-11-22', arrivesOn: null }, 'late: it was promised for 2026-11-22'],
  [
    'not planned a day before its promise',
    { promiseDate: '2026-11-24', arrivesOn: null },
    'at-risk: nothing is planned, and it is promised for 2026-11-24',
  ],
  ['not planned, and time enough', { promiseDate: '2026-11-25', arrivesOn: null }, null],
  [
    'not done by its cutoff',
    { ifLeftBehind: '2026-11-27' },
    'at-risk: its crew is not done by the cutoff: then it arrives on 2026-11-27, and is promised for 2026-11-26',
  ],
  ['not done by its cutoff, and a day in hand', { ifLeftBehind: '2026-11-26' }, null],
])('promises at risk: an order that is %s', (_, more, expected) => {
  const [danger] = agingOf([order('a', more)], berlin).promises;

  expect(danger === undefined ? null : `${danger.standing}: ${danger.why}`).toBe(expected);
});

test('the promise that ends first is told first', () => {
  const orders = [order('b', { arrivesOn: '2026-11-30' }), order('a', { promiseDate: '2026-11-20' })];

  expect(agingOf(orders, berlin).promises.map((each) => each.order)).toEqual(['a', 'b']);
});

function order(key: string, more: Partial<AgingOrder> = {}): AgingOrder {
  return {
    order: key,
    name: `#${key}`,
    state: 'committed',
    placedAt: '2026-11-22T10:00:00.000Z',
    waitsFor: 'its release',
    promiseDate: '2026-11-26',
    arrivesOn: '2026-11-25',
    ifLeftBehind: null,
    ...more,
  };
}
