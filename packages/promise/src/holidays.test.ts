import { describe, expect, test } from 'vitest';
import { calendarSchema, easterSunday, holidayOn, holidaySchema, whyClosed, type Calendar } from './index.ts';

const calendar = (...holidays: unknown[]): Calendar => calendarSchema.parse({ holidays });

describe('holidays by a rule', () => {
  test.each([
    ['2024-03-31', 2024],
    ['2025-04-20', 2025],
    ['2026-04-05', 2026],
    ['2038-04-25', 2038],
    ['2285-03-22', 2285],
  ])('Easter Sunday is %s', (day, year) => {
    expect(easterSunday(year)).toBe(day);
  });

  test.each([
    ['Good Friday of 2026', { easter: -2 }, '2026-04-03'],
    ['Whit Monday of 2026', { easter: 50 }, '2026-05-25'],
    ['Thanksgiving of 2026', { month: 11, weekday: 4, nth: 4 }, '2026-11-26'],
    ['Memorial Day of 2026', { month: 5, weekday: 1, nth: -1 }, '2026-05-25'],
    ['New Year’s Day of any year', { every: '01-01' }, '2031-01-01'],
    ['the 29th of February', { every: '02-29' }, '2028-02-29'],
    ['a closure over New Year', { on: '2026-12-28', until: '2027-01-03' }, '2027-01-02'],
  ])('%s', (name, rule, day) => {
    expect(holidayOn(calendar({ name, ...rule }), day)).toBe(name);
  });

  test('a fifth Monday is there in some months only, and a leap day in some years only', () => {
    const days = calendar({ month: 11, weekday: 1, nth: 5 }, { every: '02-29' });
    expect(['2026-11-30', '2027-11-29', '2026-12-07', '2027-03-01'].map((day) => holidayOn(days, day) !== null)).toEqual([
      true,
      true,
      false,
      false,
    ]);
  });

  test('in the United Kingdom Christmas on a Saturday is kept on Monday, and Boxing Day on Tuesday', () => {
    const uk = calendar(
      { name: 'Christmas', every: '12-25', observed: 'following' },
      { name: 'Boxing Day', every: '12-26', observed: 'following' },
    );
    expect(['2027-12-24', '2027-12-27', '2027-12-28', '2027-12-29'].map((day) => whyClosed(uk, day))).toEqual([
      null,
      'Christmas (observed)',
      'Boxing Day (observed)',
      null,
    ]);
  });

  test('in the United States Independence Day on a Saturday is kept on Friday, and New Year on a Saturday in the year before', () => {
    const us = calendar({ name: 'Fourth', every: '07-04', observed: 'nearest' }, { name: 'New Year', every: '01-01', observed: 'nearest' });
    expect(holidayOn(us, '2026-07-03')).toBe('Fourth (observed)');
    expect(holidayOn(us, '2027-12-31')).toBe('New Year (observed)');
  });
});

describe('a day is closed', () => {
  const shop = calendarSchema.parse({ holidays: [{ name: 'Christmas Day', every: '12-25' }], openOn: ['2026-12-20', '2028-12-25'] });
  test.each([
    ['2026-11-21', 'no work on Saturdays'],
    ['2026-12-25', 'Christmas Day'],
    ['2026-12-20', null],
    ['2028-12-25', null],
    ['2026-12-24', null],
  ])('on %s because of: %s', (day, why) => {
    expect(whyClosed(shop, day)).toBe(why);
  });
});

test.each([
  ['a day that no year has', { every: '02-30' }],
  ['a closure that ends before it begins', { on: '2026-02-02', until: '2026-02-01' }],
  ['a sixth Monday', { month: 1, weekday: 1, nth: 6 }],
  ['a misspelt rule', { evry: '12-25' }],
])('%s is refused', (_, rule) => {
  expect(holidaySchema.safeParse(rule).success).toBe(false);
});
