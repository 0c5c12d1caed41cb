import { calendarSchema, carrierCalendarSchema, warehouseCalendarSchema } from '@quartermaster/promise';
import { describe, expect, test } from 'vitest';
import { calendarDays, dispatchDateOf } from './calendars.ts';
import { holdsUntil, promisesFor } from './waves/promises.ts';
import { quoteKey } from './quotes/quote-record.ts';
import { quotesOf } from './quotes/quoted-prices.ts';
import type { FlowSettings } from './settings.ts';
import { buildProblem, promiseDate } from './waves/sourcing-problem.ts';
import { channelOrder, problemInput, settings } from './testing/givens.ts';
import { zoneId } from './zone-id.ts';

const christmas = { name: 'Christmas Day', every: '12-25' };
const workdays = warehouseCalendarSchema.parse({ holidays: [christmas], cutoffOn: { '5': '12:00' } });
const carrierDays = carrierCalendarSchema.parse({
  holidays: [christmas, { name: 'Boxing Day', every: '12-26' }],
  services: { fast: { transitDays: [1, 2, 3, 4, 5, 6], deliveryDays: [1, 2, 3, 4, 5, 6] } },
  delay: { '50': 0, '90': 1 },
});

/** Berlin works on weekdays, Hamburg every day; the carrier on weekdays, its fast service on Saturdays, too. */
function withCalendars(more: Partial<FlowSettings['sourcing']> = {}): FlowSettings {
  const given = settings();
  return {
    ...given,
    nodes: given.nodes.map((node) => (node.id === 'BER' ? { ...node, calendar: workdays } : node)),
    carriers: given.carriers.map((carrier) => ({ ...carrier, calendar: carrierDays })),
    sourcing: { ...given.sourcing, confidence: 50, ...more },
  };
}

describe('the optimizer’s problem knows the calendars', () => {
  const friday = '2026-11-20T12:30:00.000Z';

  test('of nodes and carriers: on a Friday after the cutoff nothing leaves before Monday', () => {
    const { nodes } = buildProblem(problemInput({ at: friday, settings: withCalendars() }));
    expect(nodes.map((node) => [node.id, node.dispatchDay])).toEqual([
      ['BER', { 'house/std': 3, 'house/fast': 3 }],
      ['HAM', { 'house/std': 0, 'house/fast': 0 }],
    ]);
  });

  const days = (at: string, given: FlowSettings) => {
    const { services } = buildProblem(problemInput({ at, settings: given }));
    return Object.fromEntries(
      services.map(({ id, lanes }) => [id, lanes.flatMap((lane) => (lane.from === 'HAM' ? [lane.transitDays] : []))[0]]),
    );
  };

  test('so that two days under way are four over a weekend, and a Saturday counts where something is delivered on it', () => {
    expect(days('2026-11-20T09:00:00.000Z', withCalendars())).toEqual({ 'house/std': 4, 'house/fast': 1 });
    expect(days('2026-11-23T09:00:00.000Z', withCalendars())).toEqual({ 'house/std': 2, 'house/fast': 1 });
  });

  test('and five or more over Christmas', () => {
    expect(days('2026-12-23T09:00:00.000Z', withCalendars())).toEqual({ 'house/std': 5, 'house/fast': 1 });
  });

  test('and is as sure as the policy wants it', () => {
    expect(days('2026-11-23T09:00:00.000Z', withCalendars({ confidence: 90 }))).toEqual({ 'house/std': 3, 'house/fast': 2 });
  });

  test('and without calendars counts every day, as ever', () => {
    expect(days('2026-12-24T09:00:00.000Z', settings())).toEqual({ 'house/std': 2, 'house/fast': 1 });
    const [berlin] = settings().nodes;
    expect(berlin && dispatchDateOf(berlin, null, '2026-12-25T09:00:00.000Z')).toBe('2026-12-25');
  });
});

test('promise days count on the calendar of promises, and a promise falls on none of its holidays', () => {
  const promiseCalendar = calendarSchema.parse({ holidays: [christmas] });
  const placed = (placedAt: string) => promiseDate(channelOrder({ placedAt }), withCalendars({ promiseCalendar, promiseDays: { '*': 2 } }));
  expect([placed('2026-11-23T09:00:00.000Z'), placed('2026-12-23T09:00:00.000Z')]).toEqual(['2026-11-25', '2026-12-28']);
});

describe('what a shop may say', () => {
  const berlin = { country: 'de', postalCode: '10115' };
  const told = (at: string, given = withCalendars()) =>
    promisesFor(given, berlin, at).map(({ node, service, windows: [first] }) => [node, service, first?.deliveryDate, first?.orderBefore]);

  test('is the earliest day first, and of equal ones what may be ordered longest; an order must come before the last wave', () => {
    expect(told('2026-11-20T10:30:00.000Z')).toEqual([
      ['HAM', 'house/fast', '2026-11-21', '2026-11-20T13:00:00.000Z'],
      ['BER', 'house/fast', '2026-11-24', '2026-11-23T13:00:00.000Z'],
      ['HAM', 'house/std', '2026-11-24', '2026-11-20T13:00:00.000Z'],
      ['BER', 'house/std', '2026-11-25', '2026-11-23T13:00:00.000Z'],
    ]);
  });

  test('says why', () => {
    const berlinFast = promisesFor(withCalendars(), berlin, '2026-11-20T10:30:00.000Z').find(({ node }) => node === 'BER');
    expect(berlinFast?.why.slice(0, 4)).toEqual([
      '2026-11-20: too late; the wave closed at 2026-11-20T10:00:00.000Z',
      '2026-11-21: nothing leaves (warehouse: no work on Saturdays)',
      '2026-11-22: nothing leaves (warehouse: no work on Sundays)',
      '2026-11-23: leaves; the wave closes at 2026-11-23T13:00:00.000Z',
    ]);
  });

  test('stays as it is until the first of its windows closes', () => {
    const answerAt = (at: string) =>
      promisesFor(withCalendars(), berlin, at).map(({ windows }) => windows.map(({ leftMs: _left, ...window }) => window));
    const until = holdsUntil(promisesFor(withCalendars(), berlin, '2026-11-20T10:30:00.000Z'));
    expect(until).toBe('2026-11-20T13:00:00.000Z');
    expect(answerAt('2026-11-20T12:59:59.999Z')).toEqual(answerAt('2026-11-20T10:30:00.000Z'));
    expect(answerAt('2026-11-20T13:00:00.000Z')).not.toEqual(answerAt('2026-11-20T10:30:00.000Z'));
  });

  test('keeps to the services that a requested one may go by, and tells none where nothing goes', () => {
    const given = withCalendars({ servicesFor: { Express: ['house/fast'] } });
    expect(promisesFor(given, { ...berlin, service: 'Express' }, '2026-11-20T10:30:00.000Z').map(({ service }) => service)).toEqual([
      'house/fast',
      'house/fast',
    ]);
    expect(promisesFor(given, { country: 'FR', postalCode: '75001' }, '2026-11-20T10:30:00.000Z')).toEqual([]);
  });
});

test('what a carrier quotes is there by its calendar, too', () => {
  const given = withCalendars();
  const [house] = given.carriers;
  const quotes = quotesOf(
    new Map(
      ['BER', 'HAM'].map((node) => [
        quoteKey({ carrier: 'house', node, zone: zoneId({ country: 'DE', region: null, postalArea: '101' }) }),
        [{ grams: 30_000, askedAt: '2026-11-20T09:00:00.000Z', expiresAt: null, rates: [{ service: 'std', minor: 700, transitDays: 7 }] }],
      ]),
    ),
  );
  expect(house && calendarDays({ carrier: house, service: 'std' }, '2026-11-20', 5)).toBe(7);
  const orders = [channelOrder({ destination: { country: 'DE', region: null, postalArea: '101' } })];
  const { services } = buildProblem(problemInput({ at: '2026-11-20T09:00:00.000Z', settings: given, orders, quotes }));
  expect(services.map(({ id, lanes }) => [id, lanes.map(({ transitDays }) => transitDays)])).toEqual([
    ['house/std', [7, 7]],
    ['house/fast', [1, 1]],
  ]);
});
