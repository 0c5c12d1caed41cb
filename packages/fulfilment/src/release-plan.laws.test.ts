import { instantAt, instantOf, epochMs, localDate } from '@quartermaster/domain';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { minutesUntil, workSpans } from './crew.ts';
import { planRelease, type ReleaseGiven } from './release-plan.ts';
import { groupings, releasePolicySchema } from './release-policy.ts';
import type { ReleaseShipment } from './release-shipment.ts';

const zone = 'Europe/Berlin';
const day = '2026-11-20';
const crew = { shifts: [{ days: [1, 2, 3, 4, 5, 6, 7], from: '08:00', to: '16:00', people: 1 }] };

test('every shipment that waits is released in one group, or stays with a reason that ends after now', () => {
  fc.assert(
    fc.property(releases, (given) => {
      const { groups, later } = planRelease(given);

      const ids = [...groups.flatMap(({ shipments }) => shipments), ...later.map(({ id }) => id)].sort();
      expect(ids).toEqual(given.waiting.map(({ id }) => id).sort());
      expect(later.every(({ why, until }) => why !== '' && (until === null || until > given.at))).toBe(true);
    }),
  );
});

test('a group is of one node, and of one cutoff, service, zone and kind as far as the policy groups by them', () => {
  fc.assert(
    fc.property(releases, (given) => {
      const services = new Map(given.waiting.map(({ id, service, node }) => [id, { service, node }]));
      for (const { node, service, shipments } of planRelease(given).groups) {
        expect(shipments.every((id) => services.get(id)?.node === node)).toBe(true);
        const byService = given.policy.groupBy.includes('service');
        expect(!byService || shipments.every((id) => services.get(id)?.service === service)).toBe(true);
        expect(shipments.length).toBeLessThanOrEqual(given.policy.mostPerGroup ?? Infinity);
      }
    }),
  );
});

test('no node ever gets more into flight than it may, and nothing that its crew cannot do where that is kept back', () => {
  fc.assert(
    fc.property(releases, (given) => {
      const { groups, nodes } = planRelease(given);
      for (const { node, inFlight, cutoffs } of nodes) {
        const released = groups.filter((group) => group.node === node);
        const most = given.policy.mostInFlight['*'] ?? Infinity;
        const count = released.reduce((sum, { shipments }) => sum + shipments.length, 0);
        expect(count === 0 || inFlight + count <= most).toBe(true);
        if (given.policy.overCapacity !== 'wait' || inFlight > 0) continue;
        const last = cutoffs.findLast(({ closesAt }) => closesAt !== null)?.closesAt ?? null;
        const minutes = released.reduce((sum, group) => sum + group.minutes, 0);
        const can = last === null ? Infinity : minutesUntil(workSpans({ ...crew, dates: {} }, zone, given.at), last);
        expect(minutes).toBeLessThanOrEqual(can);
      }
    }),
  );
});

test('as it is by default, what is released is what leaves today before its cutoff and what is overdue', () => {
  fc.assert(
    fc.property(releases, (given) => {
      const { groups } = planRelease({ ...given, policy: releasePolicySchema.parse({}) });
      const today = localDate(given.at, zone);
      const cutoff = epochMs(instantAt(today, '16:30', zone)) + 60_000;
      const due = given.waiting.filter(
        ({ dispatchDate }) => dispatchDate < today || (dispatchDate === today && epochMs(given.at) < cutoff),
      );

      expect(groups.flatMap(({ shipments }) => shipments).sort()).toEqual(due.map(({ id }) => id).sort());
    }),
  );
});

const shipments = fc.array(
  fc.record({
    node: fc.constantFrom('BER', 'HAM'),
    service: fc.constantFrom('house/std', 'house/fast'),
    sku: fc.constantFrom('MUG', 'LAMP', 'CUP'),
    units: fc.integer({ min: 1, max: 20 }),
    dispatchDate: fc.constantFrom('2026-11-18', day, '2026-11-21'),
    priority: fc.integer({ min: 0, max: 2 }),
  }),
  { maxLength: 30 },
);

const policies = fc
  .record({
    leadMinutes: fc.constantFrom(0, 45),
    earliestMinutes: fc.constantFrom(null, 120),
    groupBy: fc.subarray([...groupings]),
    mostPerGroup: fc.constantFrom(null, 1, 4),
    mostInFlight: fc.constantFrom({}, { '*': 3 }, { '*': 10 }),
    overCapacity: fc.constantFrom('release' as const, 'wait' as const),
  })
  .map((more) =>
    releasePolicySchema.parse({ ...more, crew: { BER: crew, HAM: crew }, zones: [{ name: 'a', articles: ['MUG'] }], minutesPerZone: 2 }),
  );

const releases = fc
  .record({ policy: policies, waiting: shipments, inFlight: shipments, minute: fc.integer({ min: 0, max: 1_439 }) })
  .map(({ policy, waiting, inFlight, minute }): ReleaseGiven => {
    const labor = { minutesPerShipment: 8, minutesPerLine: 2, minutesPerUnit: 1, tiers: [{ minutes: null, costPerMinute: 0.4 }] };
    const named = (prefix: string, list: typeof waiting) =>
      list.map(({ sku, units, ...each }, index): ReleaseShipment => ({
        ...each,
        id: `${prefix}${index}`,
        lines: [{ sku, units }],
        promiseDate: null,
        standing: { held: null, payment: 'captured', risk: 'low', isReserved: true, tooOld: null },
      }));
    return {
      at: instantOf(epochMs(instantAt(day, '00:00', zone)) + minute * 60_000),
      policy,
      nodes: ['BER', 'HAM'].map((id) => ({ id, zone, labor, crew: policy.crew[id] ?? null, works: () => true })),
      waiting: named('w', waiting),
      inFlight: named('f', inFlight),
      closesOn: (_, date) => instantAt(date, '16:30', zone),
    };
  });
