import { describe, expect, test } from 'vitest';
import { confidentSupply, promisableOn, timePhased } from './time-phased.ts';

const now = '2026-11-23T08:00:00.000Z';
const day = (date: number) => `2026-11-${date}T00:00:00.000Z`;

describe('available to promise is time-phased', () => {
  test('dated supply raises it from its date on', () => {
    const phases = timePhased({ now, onHand: 2, supply: [{ at: day(26), units: 5 }], demand: [] });
    expect(phases).toEqual([
      { at: now, units: 2 },
      { at: day(26), units: 7 },
    ]);
    expect([promisableOn(phases, 1), promisableOn(phases, 6), promisableOn(phases, 8)]).toEqual([now, day(26), null]);
  });

  test('committed demand of a later day is not promised away today', () => {
    const phases = timePhased({ now, onHand: 10, supply: [{ at: day(28), units: 3 }], demand: [{ at: day(26), units: 8 }] });
    expect(phases).toEqual([
      { at: now, units: 2 },
      { at: day(28), units: 5 },
    ]);
  });

  test('the next supply first pays what is owed', () => {
    expect(timePhased({ now, onHand: -4, supply: [{ at: day(26), units: 6 }], demand: [] })).toEqual([
      { at: now, units: 0 },
      { at: day(26), units: 2 },
    ]);
  });

  test('what was due in the past counts as now', () => {
    expect(timePhased({ now, onHand: 0, supply: [{ at: day(20), units: 6 }], demand: [] })).toEqual([{ at: now, units: 6 }]);
  });
});

describe('inbound supply is dated with confidence', () => {
  test('a supplier that sends nine of ten, three days late, is counted on so', () => {
    expect(confidentSupply([{ units: 15, expectedAt: day(25) }], { percent: 90, lateDays: 3, history: null }, now)).toEqual([
      { at: day(28), units: 13, confidence: null },
    ]);
  });

  test('what is late already is expected the usual delay from now', () => {
    expect(confidentSupply([{ units: 5, expectedAt: day(20) }], { percent: 100, lateDays: 2, history: null }, now)).toEqual([
      { at: '2026-11-25T08:00:00.000Z', units: 5, confidence: null },
    ]);
  });

  test('supply that nobody counts on is none', () => {
    expect(confidentSupply([{ units: 5, expectedAt: day(25) }], { percent: 0, lateDays: 0, history: null }, now)).toEqual([]);
  });
});
