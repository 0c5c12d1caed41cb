import { money } from '@quartermaster/domain';
import { parseProblem } from '@quartermaster/sourcing';
import { expect, test } from 'vitest';
import { buildProblem, promiseDate, unfilledCostPerUnit } from './sourcing-problem.ts';
import { channelOrder, line, problemInput, settings } from '../testing/givens.ts';

test('what it builds is a valid problem of the optimizer', () => {
  expect(() => parseProblem(buildProblem(problemInput()))).not.toThrow();
});

test('destinations with any text in them stay apart', () => {
  const orders = [
    channelOrder({ id: 'a', destination: { country: 'DE', region: 'x","y', postalArea: '1' } }),
    channelOrder({ id: 'b', destination: { country: 'DE', region: 'x', postalArea: 'y","1' } }),
  ];

  const zones = buildProblem(problemInput({ orders })).orders.map((order) => order.zone);

  expect(zones.map((zone): unknown => JSON.parse(zone))).toEqual([
    ['DE', 'x","y', '1'],
    ['DE', 'x', 'y","1'],
  ]);
});

test('a country that no service goes to has no lane, so nothing is shipped there', () => {
  const orders = [channelOrder({ destination: { country: 'FR', region: null, postalArea: '750' } })];

  expect(buildProblem(problemInput({ orders })).services.flatMap((service) => service.lanes)).toEqual([]);
});

test('what comes after the cutoff of a node leaves it the next day, by the clock of the node', () => {
  const nodes = settings().nodes.map((node) => (node.id === 'HAM' ? { ...node, id: 'LIS', zone: 'Europe/Lisbon' } : node));

  // 15:30 in Berlin is 14:30 in Lisbon.
  const problem = buildProblem(problemInput({ at: '2026-11-23T14:30:00.000Z', settings: { ...settings(), nodes } }));

  expect(problem.nodes.map((node) => [node.id, node.dispatchDay?.['house/std']])).toEqual([
    ['BER', 1],
    ['LIS', 0],
  ]);
});

test('a node whose calendar is a day ahead dispatches a day later in the count of the plan', () => {
  const nodes = settings().nodes.map((node) => ({ ...node, zone: 'Asia/Tokyo', cutoff: '15:00' }));

  // 18:00 on the 23rd in Berlin is 02:00 on the 24th in Tokyo.
  const problem = buildProblem(problemInput({ at: '2026-11-23T17:00:00.000Z', settings: { ...settings(), nodes } }));

  expect(problem.nodes.map((node) => node.dispatchDay?.['house/std'])).toEqual([1, 1]);
});

test('minutes of earlier shipments of the same day use up the cheap tiers first', () => {
  const tiers = [
    { minutes: 100, costPerMinute: 0.3 },
    { minutes: null, costPerMinute: 0.6 },
  ];
  const nodes = settings().nodes.map((node) => ({ ...node, labor: { ...node.labor, tiers } }));
  const minutesTaken = new Map([
    [
      'BER',
      new Map([
        ['2026-11-23', 70],
        ['2026-11-24', 500],
      ]),
    ],
  ]);

  const problem = buildProblem(problemInput({ settings: { ...settings(), nodes }, minutesTaken }));

  expect(problem.nodes.map((node) => node.labor.tiers.map((tier) => tier.minutes))).toEqual([
    [30, null],
    [100, null],
  ]);
});

test('a requested service restricts an order to the services that the policy names for it', () => {
  const { sourcing } = settings();
  const policy = { ...sourcing, servicesFor: { Express: ['house/fast'] }, promiseDays: { '*': 4, Express: 1 } };
  const orders = [channelOrder({ requestedService: 'Express' }), channelOrder({ id: '2', requestedService: 'Standard' })];

  const problem = buildProblem(problemInput({ orders, settings: { ...settings(), sourcing: policy } }));

  expect(problem.orders.map(({ services, promiseDay }) => ({ services, promiseDay }))).toEqual([
    { services: ['house/fast'], promiseDay: 1 },
    { services: undefined, promiseDay: 4 },
  ]);
});

test('the promise counts from the local date on which the order was placed', () => {
  // Half past midnight on the 24th in Berlin.
  expect(promiseDate(channelOrder({ placedAt: '2026-11-23T23:30:00.000Z' }), settings())).toBe('2026-11-28');
});

test('an order that waited counts its promise from today: two days late already', () => {
  const orders = [channelOrder({ placedAt: '2026-11-17T08:00:00.000Z' })];

  expect(buildProblem(problemInput({ orders })).orders[0]?.promiseDay).toBe(-2);
});

test('components of a kit are bundled, so that they are shipped or left together', () => {
  const components = ['l1', 'l2'].map((id) => line(id, id === 'l1' ? 'MUG' : 'LAMP', 1, { kind: 'component', parent: 'kit-1' }));

  const problem = buildProblem(problemInput({ orders: [channelOrder({ lines: components })] }));

  expect(problem.orders[0]?.lines.map(({ bundle }) => bundle)).toEqual(['kit-1', 'kit-1']);
});

test('a unit left unfilled costs its price, and at least what keeps cheap things from being left behind', () => {
  const { sourcing } = settings();
  const dear = line('l1', 'LAMP', 2, { total: money(20_000, 'EUR') });

  expect([dear, line('l2', 'MUG', 1)].map((each) => unfilledCostPerUnit(each, sourcing))).toEqual([100, 30]);
});

test('an order that wants nothing any more is no part of the problem', () => {
  const { demands } = problemInput();

  expect(buildProblem(problemInput({ demands: demands.map((demand) => ({ ...demand, open: [] })) })).orders).toEqual([]);
});
