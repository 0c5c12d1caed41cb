import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { jitteredDelayMs } from './backoff.ts';

const settings = fc.record({ baseMs: fc.nat(60_000), capMs: fc.nat(600_000), attempt: fc.integer({ min: 1, max: 10_000 }) });
const chance = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });

test('a wait is never longer than the cap nor than the doubled base, however many attempts failed', () => {
  fc.assert(
    fc.property(settings, chance, (given, random) => {
      const most = Math.min(given.capMs, given.baseMs * 2 ** Math.min(given.attempt - 1, 1_000));
      const delay = jitteredDelayMs({ ...given, random: () => random });
      expect(delay >= 0 && delay <= Math.ceil(most)).toBe(true);
    }),
  );
});

test('by chance the wait is any part of its most, so that many clients do not come back together', () => {
  fc.assert(
    fc.property(settings, chance, chance, (given, one, other) => {
      const delayOf = (random: number) => jitteredDelayMs({ ...given, random: () => random });
      expect(delayOf(Math.min(one, other))).toBeLessThanOrEqual(delayOf(Math.max(one, other)));
    }),
  );
});
