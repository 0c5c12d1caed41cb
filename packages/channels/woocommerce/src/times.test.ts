import { expect, test } from 'vitest';
import { filterSeconds } from './sandbox/local-time.ts';
import { fromGmt, toGmt } from './times.ts';

test("the shop's UTC fields do not say that they are UTC", () => {
  expect(fromGmt('2026-11-21T17:47:22')).toBe('2026-11-21T17:47:22.000Z');
});

test('a filter has no zone, and is cut off to whole seconds', () => {
  expect(toGmt('2026-11-21T17:47:22.999Z')).toBe('2026-11-21T17:47:22');
});

test('text that is no time is none', () => {
  expect(() => fromGmt('')).toThrow(RangeError);
});

const utc = Date.parse('2026-11-21T17:47:22Z') / 1_000;

test.each<[string, string, boolean, string, number]>([
  ['without zone and with the flag it is UTC', '2026-11-21T17:47:22', true, 'Asia/Tokyo', 0],
  ["without zone and flag it is the shop's own time", '2026-11-21T17:47:22', false, 'America/New_York', 5],
  ['with zone and without flag it is what it says', '2026-11-21T17:47:22Z', false, 'America/New_York', 0],
  ['with both it is shifted twice, and hides the last nine hours of a shop in Tokyo', '2026-11-21T17:47:22Z', true, 'Asia/Tokyo', 9],
  ['with both it shows five hours too many of one in New York', '2026-11-21T17:47:22Z', true, 'America/New_York', -5],
])('in the sandbox a filter %s', (_title, text, flag, zone, hours) => {
  expect(filterSeconds(text, flag, zone)).toBe(utc + hours * 3_600);
});
