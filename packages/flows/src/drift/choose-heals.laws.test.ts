import { money } from '@quartermaster/domain';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { driftCauseNames, driftCauses, type DriftCause } from './causes.ts';
import { chooseHeals, whyTold, type Seen } from './choose-heals.ts';
import type { Difference, Heal } from './difference.ts';
import { seenAgain } from './ledger.ts';
import { driftPolicySchema } from './policy.ts';

const minutesAgo = (minutes: number) => new Date(Date.parse('2026-11-23T10:00:00.000Z') - minutes * 60_000).toISOString();
const heal: Heal = { kind: 'read-erp-again', order: 'a/b/shop/order/1' };

const anySeen = fc
  .record({
    cause: fc.constantFrom(...driftCauseNames),
    age: fc.constantFrom(0, 10, 15, 300),
    units: fc.integer({ min: 0, max: 80 }),
    minor: fc.option(fc.integer({ min: 0, max: 40_000 })),
    earlier: fc.nat(3),
  })
  .map(({ cause, age, units, minor, earlier }): Seen => {
    const difference: Difference = {
      cause,
      subject: { kind: 'order', order: 'a/b/shop/order/1', shipmentId: null },
      blame: driftCauses[cause].blame,
      sides: { channel: null, erp: null, journal: null },
      units,
      money: minor === null ? null : money(minor, 'EUR'),
      heal: driftCauses[cause].heal === null ? null : heal,
    };
    const first = seenAgain(null, difference, minutesAgo(age));
    const deed = { at: minutesAgo(0), by: 'quartermaster', heal: 'x', outcome: 'done', detail: '', sides: difference.sides } as const;
    return { difference, entry: seenAgain({ ...first, healed: Array.from({ length: earlier }, () => deed) }, difference, minutesAgo(0)) };
  });
const anyCauses = fc.uniqueArray(fc.constantFrom<DriftCause>(...driftCauseNames)).map((causes) => new Set(causes));
const anyAccess = fc.constantFrom('free' as const, 'observed' as const, 'away' as const);

test('nothing is mended but what has lasted for the window, may be mended, can be reached, and is within every bound', () => {
  fc.assert(
    fc.property(fc.array(anySeen, { maxLength: 40 }), anyCauses, anyAccess, fc.nat(10), (seen, causes, access, healsPerRun) => {
      const policy = driftPolicySchema.parse({ healsPerRun });

      const verdicts = chooseHeals(seen, { policy, currency: 'EUR', causes, access: () => access });

      const mended = seen.filter((_each, index) => verdicts[index]?.kind === 'heal');
      expect(mended.length).toBeLessThanOrEqual(healsPerRun);
      for (const { difference, entry } of mended) {
        expect(access).toBe('free');
        expect(causes).toContain(difference.cause);
        expect(entry.firstSeenAt <= minutesAgo(15)).toBe(true);
        expect(entry.healed.length).toBeLessThan(2);
        const { heal: kind } = driftCauses[difference.cause];
        const moves = kind === 'ask-again' || kind === 'publish-again';
        const tooMuch = difference.units > policy.unitsPerHeal || (difference.money?.minor ?? 0) > 25_000;
        expect(moves && tooMuch).toBe(false);
      }
    }),
  );
});

test('what has lasted and is not mended is told to a person, unless it waits for a connection or its turn', () => {
  fc.assert(
    fc.property(fc.array(anySeen, { maxLength: 10 }), anyCauses, (seen, causes) => {
      const verdicts = chooseHeals(seen, { policy: driftPolicySchema.parse({}), currency: 'EUR', causes, access: () => 'free' });
      for (const [index, verdict] of verdicts.entries()) {
        const lasted = (seen[index]?.entry.firstSeenAt ?? '') <= minutesAgo(15);
        expect(whyTold(verdict) !== null).toBe(lasted && verdict.kind === 'left');
      }
    }),
  );
});

test('the daemon mends by itself nothing that undoes what a person did in the ERP', () => {
  const { heal: automatic } = driftPolicySchema.parse({});
  expect(automatic).not.toContain('not-cancelled-in-erp');
  expect(automatic.every((cause) => driftCauses[cause].heal !== null)).toBe(true);
});

test('what cannot be mended cannot be asked for', () => {
  expect(driftPolicySchema.safeParse({ heal: ['total-differs'] }).success).toBe(false);
});
