import type { ChannelOrder } from '@quartermaster/domain';
import { nearestFirst, parseProblem, solve, type SolveResult } from '@quartermaster/sourcing';
import { describe, expect, test } from 'vitest';
import { policyFileSchema, type PolicySections } from './policy-file.ts';
import { flowSettingsSchema, type FlowSettings } from '../settings.ts';
import { channelOrder, line, problemInput, settings } from '../testing/givens.ts';
import { buildProblem } from '../waves/sourcing-problem.ts';

const oneMug = new Map([['BER', new Map([['MUG', 1]])]]);
const mug = (id: string, more: Partial<ChannelOrder> = {}) => channelOrder({ id, lines: [line('m', 'MUG', 1)], ...more });

describe('scarce stock is reserved', () => {
  const scarce = (sections: PolicySections, orders: readonly ChannelOrder[], channels?: Readonly<Record<string, string>>) =>
    shippedOrders(sections, orders, { available: oneMug }, channels);

  test('by channel: the web shop before the marketplace, because margin, lifetime value and service expectations differ', async () => {
    const rule = (channel: string) => ({ priorities: [{ name: 'ours first', if: { channels: [channel] }, unfilledTimes: 3 }] });
    const orders = [mug('a'), mug('b')];
    const channels = { a: 'marketplace', b: 'shop' };

    expect(await scarce(rule('shop'), orders, channels)).toEqual(['b']);
    expect(await scarce(rule('marketplace'), orders, channels)).toEqual(['a']);
  });

  test('by customer class: wholesale commitments before consumers', async () => {
    const orders = [mug('consumer'), mug('wholesale', { class: 'business' })];
    const rule = { priorities: [{ name: 'contracts', if: { classes: ['business' as const] }, unfilledTimes: 5 }] };
    expect(await scarce(rule, orders)).toEqual(['wholesale']);
  });

  test('by service level: who paid for express before the rest', async () => {
    const orders = [mug('plain'), mug('express', { requestedService: 'express' })];
    const rule = { priorities: [{ name: 'express', if: { services: ['express'] }, unfilledTimes: 5 }] };
    expect(await scarce(rule, orders)).toEqual(['express']);
  });

  test('by promised ship date: what is promised soon before what is promised later', async () => {
    const orders = [mug('later', { requestedService: 'slow' }), mug('soon')];
    const sections = {
      sourcing: { promiseDays: { '*': 2, slow: 9 } },
      priorities: [{ name: 'due', if: {}, promisedWithinDays: 2, unfilledTimes: 5 }],
    };
    expect(await scarce(sections, orders)).toEqual(['soon']);
  });

  test('by warehouse: orders of a channel come from the nodes that its rule allows, and wait where these have nothing', async () => {
    const allowed = (node: string) => ({ eligibility: [{ name: 'shop', if: { channels: ['shop'] }, allow: [node] }] });
    expect(await nodesOf(allowed('HAM'), [mug('a')])).toEqual(['HAM']);
    expect(await nodesOf(allowed('HAM'), [mug('a')], { available: oneMug })).toEqual([]);
  });
});

describe('a priority', () => {
  test('is shown as money: what a late day and an unfilled unit of the order cost, and by which rule', () => {
    const priorities = [
      { name: 'express', if: { services: ['express'] }, lateTimes: 4, unfilledTimes: 2, release: 9 },
      { name: 'everybody', if: {}, lateTimes: 1.5 },
    ];
    const orders = [mug('a', { requestedService: 'express' }), mug('b')];

    const problem = buildProblem(problemInput({ orders, settings: under({ priorities }) }));

    expect(problem.orders.map(({ lateCostPerDay, lines, ext }) => [lateCostPerDay, lines[0]?.unfilledCostPerUnit, ext])).toEqual([
      [4, 60, { priority: 'express' }],
      [1.5, 30, { priority: 'everybody' }],
    ]);
  });
});

describe('nodes are allowed and forbidden', () => {
  test('by channel, class and country together, every rule that means the order counting', async () => {
    const eligibility = [
      { name: 'no consumers from Berlin', if: { classes: ['consumer' as const] }, forbid: ['BER'] },
      { name: 'France from Berlin', if: { countries: ['FR'] }, allow: ['BER'] },
    ];
    const ids = (order: ChannelOrder) =>
      buildProblem(problemInput({ orders: [order], settings: under({ eligibility }) })).orders[0]?.eligibleNodes;

    expect(ids(mug('a'))).toEqual(['HAM']);
    expect(ids(mug('b', { class: 'business' }))).toBeUndefined();
    expect(ids(mug('c', { destination: { country: 'FR', region: null, postalArea: '750' } }))).toEqual([]);
  });

  test('by SKU tag for just these products: the order is split where it must be', async () => {
    const sections = { skuTags: { fragile: ['LAMP'] }, eligibility: [{ name: 'glass', if: { tags: ['fragile'] }, allow: ['HAM'] }] };
    const onlyMugsInBerlin = new Map([
      [
        'BER',
        new Map([
          ['MUG', 9],
          ['LAMP', 9],
        ]),
      ],
      ['HAM', new Map([['LAMP', 9]])],
    ]);
    const solved = await solvedUnder(sections, [channelOrder()], { available: onlyMugsInBerlin });
    expect(solved.plan.shipments.map(({ node, lines }) => [node, lines] as const).sort(([one], [other]) => (one < other ? -1 : 1))).toEqual(
      [
        ['BER', [0]],
        ['HAM', [1]],
      ],
    );
  });

  test('the usual rule that plans are compared with keeps to them as well', () => {
    const eligibility = [{ name: 'all from Hamburg', if: {}, forbid: ['BER'] }];
    const problem = buildProblem(problemInput({ orders: [mug('a')], settings: under({ eligibility }) }));
    expect(nearestFirst(problem).plan.shipments.map(({ node }) => node)).toEqual(['HAM']);
  });
});

describe('orders are divided', () => {
  const halves = new Map([
    ['BER', new Map([['MUG', 9]])],
    ['HAM', new Map([['LAMP', 9]])],
  ]);
  const parcels = async (sections: PolicySections, order: Partial<ChannelOrder> = {}) =>
    (await solvedUnder(sections, [channelOrder(order)], { available: halves })).plan.shipments.length;

  test('into as many shipments as it costs least, unless a rule says otherwise', async () => {
    expect(await parcels({})).toBe(2);
  });

  test('never where the channel, the class or the value of the order is to ship complete from one place', async () => {
    const most = (condition: object) => ({ splits: [{ name: 'one parcel', if: condition, mostShipments: 1, shipComplete: true }] });
    expect(await parcels(most({ channels: ['shop'] }))).toBe(0);
    expect(await parcels(most({ classes: ['consumer'] }))).toBe(0);
    expect(await parcels(most({ totalFrom: { EUR: '30.00' } }))).toBe(0);
    expect(await parcels(most({ totalFrom: { EUR: '30.01' } }))).toBe(2);
  });

  test('a partial shipment is a decision with a cost: ship complete waits where a line has no stock, else what there is goes', async () => {
    const noLamp = { available: new Map([['BER', new Map([['MUG', 9]])]]) };
    const complete = { splits: [{ name: 'complete', if: {}, shipComplete: true }] };
    expect((await solvedUnder({}, [channelOrder()], noLamp)).plan.shipments).toHaveLength(1);
    expect((await solvedUnder(complete, [channelOrder()], noLamp)).plan.shipments).toHaveLength(0);
  });

  test('at most so many parcels in all: what is under way already counts', () => {
    const splits = [{ name: 'two', if: {}, mostShipments: 2 }];
    const input = problemInput({ settings: under({ splits }) });
    const most = (live: number) =>
      buildProblem({ ...input, demands: input.demands.map((each) => ({ ...each, live })) }).orders[0]?.maxShipments;
    expect([0, 1, 2].map(most)).toEqual([2, 1, 1]);
  });
});

function under(sections: PolicySections): FlowSettings {
  policyFileSchema.parse({ version: 1, name: 'test', ...sections });
  return flowSettingsSchema.parse({ ...settings(), ...sections });
}

async function solvedUnder(
  sections: PolicySections,
  orders: readonly ChannelOrder[],
  more: Parameters<typeof problemInput>[0] = {},
  channels: Readonly<Record<string, string>> = {},
): Promise<SolveResult> {
  const input = problemInput({ orders, ...more, settings: under(sections) });
  const demands = input.demands.map((each) => ({ ...each, channel: channels[each.key] ?? each.channel }));
  return solve(parseProblem(buildProblem({ ...input, demands })), {});
}

async function shippedOrders(...given: Parameters<typeof solvedUnder>): Promise<string[]> {
  return (await solvedUnder(...given)).plan.shipments.map(({ order }) => order);
}

async function nodesOf(...given: Parameters<typeof solvedUnder>): Promise<string[]> {
  return (await solvedUnder(...given)).plan.shipments.map(({ node }) => node);
}
