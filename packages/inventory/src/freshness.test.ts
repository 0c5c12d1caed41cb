import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { degradedStepsOf, freshnessBuffer, freshnessOf, syncWindowSchema } from './freshness.ts';

const window = syncWindowSchema.parse({ minutes: 10, stopAfterMinutes: 120 });
const minutes = (count: number) => count * 60_000;
const bufferAt = (lag: number, perDay = 48) => freshnessBuffer(freshnessOf(window, minutes(lag)), perDay, window.caution);

test('a channel within its declared window keeps no buffer', () => {
  expect([bufferAt(10), freshnessBuffer(freshnessOf(null, null), 48, 2)]).toEqual([0, 0]);
});

test('beyond the window the buffer grows with the lag and with how fast the SKU sells, and shrinks when it is healthy again', () => {
  expect([bufferAt(30), bufferAt(60), bufferAt(60, 480), bufferAt(5)]).toEqual([2, 4, 40, 0]);
});

test('a channel that is behind keeps at least one unit back of what never sold', () => {
  expect(bufferAt(11, 0)).toBe(1);
});

test('a channel that is behind for too long stops selling, as does one whose fallback says so, and one that was never read', () => {
  const stop = syncWindowSchema.parse({ minutes: 10, fallback: 'stop-selling' });
  expect([
    bufferAt(121),
    freshnessBuffer(freshnessOf(stop, minutes(11)), 48, 2),
    freshnessBuffer(freshnessOf(window, null), 48, 2),
  ]).toEqual([Infinity, Infinity, Infinity]);
});

test('degraded modes come one after the other by how late a source is: raise buffer, stop selling, and hold release beside them', () => {
  const ladder = syncWindowSchema.parse({ minutes: 10, holdAfterMinutes: 60, stopAfterMinutes: 120 });
  expect([10, 11, 61, 121].map((lag) => degradedStepsOf(ladder, minutes(lag)))).toEqual([
    [],
    ['raise-buffer'],
    ['raise-buffer', 'hold-release'],
    ['stop-selling', 'hold-release'],
  ]);
  expect(degradedStepsOf(window, null)).toEqual(['stop-selling']);
});

test('the buffer never falls while the lag grows', () => {
  fc.assert(
    fc.property(fc.nat(200), fc.nat(60), fc.nat(500), (lag, more, perDay) => {
      expect(bufferAt(lag + more, perDay)).toBeGreaterThanOrEqual(bufferAt(lag, perDay));
    }),
  );
});
