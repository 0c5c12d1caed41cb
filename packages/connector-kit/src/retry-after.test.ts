import { expect, test } from 'vitest';
import { retryAfterMs } from './retry-after.ts';

const now = '2026-11-21T12:00:00.000Z';

test.each([
  ['2', 2_000],
  [' 2 ', 2_000],
  ['0', 0],
  ['1.5', 1_500],
  ['Sat, 21 Nov 2026 12:00:30 GMT', 30_000],
  ['Saturday, 21-Nov-26 12:00:30 GMT', 30_000],
  ['Sat Nov 21 12:00:30 2026', 30_000],
  ['2026-11-21T12:00:30Z', 30_000],
])('%j asks to wait %i milliseconds', (header, ms) => {
  expect(retryAfterMs(header, now)).toBe(ms);
});

test('a date that has passed asks for no wait', () => {
  expect(retryAfterMs('Sat, 21 Nov 2026 11:00:00 GMT', now)).toBe(0);
});

test.each(['999999999999999999999', '31622400', 'Fri, 31 Dec 9999 23:59:59 GMT'])('%j asks for no more than a day', (header) => {
  expect(retryAfterMs(header, now)).toBe(86_400_000);
});

test.each([undefined, '', '-5', 'soon', '5 seconds', '1e3', 'Nov 2026', 'Sat, 99 Nov 2026 12:00:30 GMT'])(
  '%j asks for nothing',
  (header) => {
    expect(retryAfterMs(header, now)).toBeUndefined();
  },
);
