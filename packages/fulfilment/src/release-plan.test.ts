import { instantAt } from '@quartermaster/domain';
import { describe, expect, test } from 'vitest';
import { planRelease, type ReleaseGiven, type ReleasePlan } from './release-plan.ts';
import { releasePolicySchema } from './release-policy.ts';
import type { ReleaseNode, ReleaseShipment } from './release-shipment.ts';

/** Friday, nine in the morning in Berlin; the cutoff of every node is at half past four. */
const morning = '2026-11-20T08:00:00.000Z';

describe('as it is by default', () => {
  test('a wave releases what leaves today and what is overdue, and says of the rest why it stays and until when', () => {
    const plan = planned({
      at: '2026-11-20T12:00:00.000Z',
      waiting: [
        shipment('today'),
        shipment('late', { dispatchDate: '2026-11-18' }),
        shipment('tomorrow', { dispatchDate: '2026-11-21' }),
        shipment('lost', { node: 'XXX' }),
      ],
    });

    expect(released(plan)).toEqual(['late', 'today']);
    expect(plan.later).toEqual([
      { id: 'lost', why: 'node XXX is not known', until: null },
      { id: 'tomorrow', why: 'leaves BER on 2026-11-21', until: '2026-11-20T23:00:00.000Z' },
    ]);
  });

  test('a wave at the cutoff still releases, and one after it does not, but for what is overdue', () => {
    const waiting = [shipment('today'), shipment('late', { dispatchDate: '2026-11-19' })];

    expect(released(planned({ at: '2026-11-20T15:30:59.000Z', waiting }))).toEqual(['late', 'today']);
    const after = planned({ at: '2026-11-20T15:31:00.000Z', waiting });
    expect(released(after)).toEqual(['late']);
    expect(after.later).toEqual([{ id: 'today', why: 'the cutoff of BER at 16:30 has passed', until: '2026-11-20T23:00:00.000Z' }]);
  });

  test('one moment is another day at another node', () => {
    const plan = planned({
      at: '2026-11-21T03:00:00.000Z',
      nodes: [node('BER'), node('NYC', { zone: 'America/New_York' })],
      waiting: [shipment('a', { dispatchDate: '2026-11-21' }), shipment('b', { node: 'NYC', dispatchDate: '2026-11-21' })],
    });

    expect(released(plan)).toEqual(['a']);
    expect(plan.later).toMatchObject([{ id: 'b', why: 'leaves NYC on 2026-11-21' }]);
  });

  test('on a day on which nothing leaves nothing is released, not even what is overdue', () => {
    const plan = planned({ waiting: [shipment('late', { dispatchDate: '2026-11-19' })], closesOn: () => null });

    expect(released(plan)).toEqual([]);
    expect(plan.later).toMatchObject([{ id: 'late', why: 'nothing leaves BER by house/std on 2026-11-20' }]);
  });

  test('the more urgent shipment is released first', () => {
    expect(released(planned({ waiting: [shipment('a'), shipment('b', { priority: 5 })] }))).toEqual(['b', 'a']);
  });

  test('all shipments of a node are one pick wave', () => {
    const plan = planned({ nodes: [node('BER'), node('HAM')], waiting: [shipment('a'), shipment('b', { node: 'HAM' }), shipment('c')] });

    expect(plan.groups.map(({ node, shipments }) => [node, shipments])).toEqual([
      ['BER', ['a', 'c']],
      ['HAM', ['b']],
    ]);
  });
});

describe('orders are released by payment status, fraud checks, stock confirmation and service-level commitments', () => {
  test.each([
    ['payment', { payment: 'captured' }, { payment: 'secured' as const }, 'its money is not captured'],
    ['payment', { payment: 'secured' }, { payment: 'open' as const }, 'its money is not secured'],
    ['fraud', { risk: 'low' }, { risk: 'medium' as const }, 'its risk is medium'],
    ['fraud that nobody judged', { risk: 'low' }, { risk: 'unknown' as const }, 'its risk is unknown'],
    ['stock confirmation', { stock: 'reserved' }, { isReserved: false }, 'the ERP has not reserved all of it'],
    [
      'stock that was read too long ago, whatever the policy asks for',
      {},
      { tooOld: 'erp: it was last read at 09:00' },
      'erp: it was last read at 09:00',
    ],
    ['holds', { holds: 'wait' }, { held: 'address: no street' }, 'the order is held: address: no street'],
  ])('%s: what does not have it waits, and the rest goes', (_, needs, standing, why) => {
    const plan = planned({
      policy: { needs },
      waiting: [shipment('good'), shipment('bad', { standing: { ...allWell, ...standing } })],
    });

    expect(released(plan)).toEqual(['good']);
    expect(plan.later).toEqual([{ id: 'bad', why, until: null }]);
  });

  test('all that is missing is said at once', () => {
    const standing = { ...allWell, payment: 'open' as const, isReserved: false };

    const plan = planned({ policy: { needs: { payment: 'secured', stock: 'reserved' } }, waiting: [shipment('a', { standing })] });

    expect(plan.later[0]?.why).toBe('its money is not secured; the ERP has not reserved all of it');
  });

  test('service level: the service with the greater priority goes first, and one that needs a longer lead is not begun too late', () => {
    const services = { 'house/fast': { priority: 10, leadMinutes: 120 } };
    const waiting = [shipment('a'), shipment('b', { service: 'house/fast' })];

    expect(released(planned({ policy: { services }, waiting }))).toEqual(['b', 'a']);
    const late = planned({ at: '2026-11-20T14:00:00.000Z', policy: { services }, waiting });
    expect(released(late)).toEqual(['a']);
    expect(late.later[0]?.why).toBe('the cutoff of BER at 16:30 is nearer than the 120 minutes that it takes');
  });
});

describe('by the carrier cutoff', () => {
  test('what is left less than the lead time before its cutoff waits for the next day', () => {
    const at = '2026-11-20T15:01:00.000Z';

    expect(released(planned({ at: '2026-11-20T15:00:00.000Z', policy: { leadMinutes: 30 }, waiting: [shipment('a')] }))).toEqual(['a']);
    expect(planned({ at, policy: { leadMinutes: 30 }, waiting: [shipment('a')] }).later).toEqual([
      { id: 'a', why: 'the cutoff of BER at 16:30 is nearer than the 30 minutes that it takes', until: '2026-11-20T23:00:00.000Z' },
    ]);
  });

  test('nothing is released earlier before its cutoff than the policy says, so that it may still be planned otherwise', () => {
    const plan = planned({ policy: { earliestMinutes: 180 }, waiting: [shipment('a')] });

    expect(plan.later).toEqual([
      { id: 'a', why: 'the cutoff of BER at 16:30 is more than 180 minutes away', until: '2026-11-20T12:30:00.000Z' },
    ]);
    expect(released(planned({ at: '2026-11-20T12:30:00.000Z', policy: { earliestMinutes: 180 }, waiting: [shipment('a')] }))).toEqual([
      'a',
    ]);
  });
});

describe('pick waves are made by warehouse zone, carrier cutoff, product type and service level', () => {
  const policy = {
    zones: [
      { name: 'cage', articles: ['WATCH'] },
      { name: 'hall', articles: ['MUG', 'LAMP-*'] },
    ],
    kinds: [{ name: 'fragile', articles: ['LAMP-*', 'MUG'] }],
  };
  const waiting = [
    shipment('mug', { lines: [{ sku: 'MUG', units: 1 }] }),
    shipment('watch', { lines: [{ sku: 'WATCH', units: 1 }] }),
    shipment('both', {
      lines: [
        { sku: 'WATCH', units: 1 },
        { sku: 'LAMP-RED', units: 1 },
      ],
    }),
    shipment('express', { service: 'house/fast', lines: [{ sku: 'MUG', units: 1 }] }),
  ];
  const early = (each: ReleaseShipment, date: string) =>
    instantAt(date, each.service === 'house/fast' ? '12:00' : '16:30', 'Europe/Berlin');

  test('zone: what lies in one zone is picked together, and what lies in several apart from both', () => {
    expect(groups(planned({ policy: { ...policy, groupBy: ['zone'] }, waiting }), 'zone')).toEqual([
      ['cage+hall', ['both']],
      ['hall', ['express', 'mug']],
      ['cage', ['watch']],
    ]);
  });

  test('carrier cutoff: what must be ready first is the first wave', () => {
    const plan = planned({ policy: { groupBy: ['cutoff'] }, waiting, closesOn: early });

    expect(groups(plan, 'closesAt')).toEqual([
      ['2026-11-20T11:00:00.000Z', ['express']],
      ['2026-11-20T15:30:00.000Z', ['both', 'mug', 'watch']],
    ]);
  });

  test('product type: articles of one kind are one wave', () => {
    expect(groups(planned({ policy: { ...policy, groupBy: ['kind'] }, waiting }), 'kind')).toEqual([
      ['fragile', ['both', 'express', 'mug']],
      [null, ['watch']],
    ]);
  });

  test('service: each service is a wave of its own', () => {
    expect(groups(planned({ policy: { groupBy: ['service'] }, waiting }), 'service')).toEqual([
      ['house/std', ['both', 'mug', 'watch']],
      ['house/fast', ['express']],
    ]);
  });

  test('a wave is no larger than one person takes along', () => {
    const plan = planned({ policy: { mostPerGroup: 3 }, waiting });

    expect(plan.groups.map(({ shipments }) => shipments.length)).toEqual([3, 1]);
  });
});

describe('labor', () => {
  const crew = { BER: { shifts: [{ from: '08:00', to: '16:00', people: 1 }] } };

  test('a shipment takes minutes of its node for itself, each line and each unit, and for each zone that it lies in', () => {
    const zones = [
      { name: 'a', articles: ['MUG'] },
      { name: 'b', articles: ['LAMP'] },
    ];
    const lines = [
      { sku: 'MUG', units: 3 },
      { sku: 'LAMP', units: 1 },
    ];

    const plan = planned({ policy: { zones, minutesPerZone: 4 }, waiting: [shipment('a', { lines })] });

    expect(plan.groups[0]?.minutes).toBe(10 + 2 * 5 + 4 * 1 + 2 * 4);
  });

  test('the backlog of a node is told by cutoff, in minutes against what its crew can do until then', () => {
    const waiting = [...many(4), shipment('monday', { dispatchDate: '2026-11-23' })];

    const [ber] = planned({ policy: { crew }, waiting, inFlight: [shipment('picked')] }).nodes;

    expect(ber).toMatchObject({ node: 'BER', inFlight: 1, released: 4, waiting: 1, minutes: 6 * 16 });
    expect(
      ber?.cutoffs.map(({ closesAt, shipments, minutes, capacityMinutes }) => [closesAt, shipments, minutes, capacityMinutes]),
    ).toEqual([
      ['2026-11-20T15:30:00.000Z', 5, 80, 7 * 60],
      ['2026-11-23T15:30:00.000Z', 1, 16, 15 * 60],
    ]);
  });

  test('projected finish: when the crew is done, and which shipments are not ready by the cutoff', () => {
    const plan = planned({ policy: { crew }, waiting: many(30) });

    const [cutoff] = plan.nodes[0]?.cutoffs ?? [];
    // Thirty times 16 minutes are eight hours for one person, and seven are left of the Friday.
    expect(cutoff?.finishAt).toBe('2026-11-23T08:00:00.000Z');
    expect(cutoff?.atRisk).toEqual(['26', '27', '28', '29']);
    expect(released(plan)).toHaveLength(30);
  });

  test('where the policy wants it, what the crew cannot do until the cutoff is kept back', () => {
    const plan = planned({ policy: { crew, overCapacity: 'wait' }, waiting: many(30) });

    expect(released(plan)).toHaveLength(26);
    expect(plan.later[0]).toEqual({
      id: '26',
      why: 'the crew of BER has 420 minutes until its cutoff, and 416 are taken',
      until: '2026-11-20T23:00:00.000Z',
    });
  });

  test('where nobody knows who works nothing is projected, and nothing is kept back', () => {
    const plan = planned({ policy: { overCapacity: 'wait' }, waiting: many(30) });

    expect(released(plan)).toHaveLength(30);
    expect(plan.nodes[0]?.cutoffs).toMatchObject([{ capacityMinutes: null, finishAt: null, atRisk: [] }]);
  });

  test('a node has no more shipments in flight than it may', () => {
    const plan = planned({ policy: { mostInFlight: { '*': 3 } }, waiting: many(4), inFlight: [shipment('x')] });

    expect(released(plan)).toEqual(['00', '01']);
    expect(plan.later).toEqual([
      { id: '02', why: 'BER has 3 shipments in flight, and 3 are the most', until: null },
      { id: '03', why: 'BER has 3 shipments in flight, and 3 are the most', until: null },
    ]);
  });
});

const allWell = { held: null, payment: 'captured', risk: 'low', isReserved: true, tooOld: null } as const;

function shipment(id: string, more: Partial<ReleaseShipment> = {}): ReleaseShipment {
  const lines = [{ sku: 'MUG', units: 1 }];
  return {
    id,
    node: 'BER',
    service: 'house/std',
    lines,
    dispatchDate: '2026-11-20',
    promiseDate: null,
    priority: 0,
    standing: allWell,
    ...more,
  };
}

function many(count: number): ReleaseShipment[] {
  return Array.from({ length: count }, (_, index) => shipment(String(index).padStart(2, '0')));
}

function node(id: string, more: Partial<ReleaseNode> = {}): ReleaseNode {
  const labor = { minutesPerShipment: 10, minutesPerLine: 5, minutesPerUnit: 1, tiers: [{ minutes: null, costPerMinute: 0.4 }] };
  return { id, zone: 'Europe/Berlin', labor, crew: null, works: () => true, ...more };
}

function planned({ policy = {}, ...given }: Partial<Omit<ReleaseGiven, 'policy'>> & { readonly policy?: object }): ReleasePlan {
  const parsed = releasePolicySchema.parse(policy);
  const nodes = given.nodes ?? [node('BER')];
  return planRelease({
    at: morning,
    waiting: [],
    inFlight: [],
    closesOn: (each, date) => instantAt(date, '16:30', nodes.find(({ id }) => id === each.node)?.zone ?? 'UTC'),
    ...given,
    policy: parsed,
    nodes: nodes.map((each) => ({ ...each, crew: parsed.crew[each.id] ?? null })),
  });
}

function released({ groups }: ReleasePlan): string[] {
  return groups.flatMap(({ shipments }) => shipments);
}

function groups(plan: ReleasePlan, by: 'zone' | 'kind' | 'service' | 'closesAt') {
  return plan.groups.map((group) => [group[by], group.shipments]);
}
