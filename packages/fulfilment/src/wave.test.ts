import { expect, test } from 'vitest';
import { dispatchDateAt, dispatchDay, planWave, waveScheduleSchema, waveSlots } from './wave.ts';

const berlin = { id: 'BER', zone: 'Europe/Berlin', cutoff: '16:30' };
const newYork = { id: 'NYC', zone: 'America/New_York', cutoff: '16:30' };
const weekdays = [1, 2, 3, 4, 5];

test('the slots of a day are instants in the order of the clock', () => {
  const schedule = waveScheduleSchema.parse({ times: ['16:00', '08:30'] });
  expect(waveSlots(schedule, '2026-11-20', 'Europe/Berlin')).toEqual(['2026-11-20T07:30:00.000Z', '2026-11-20T15:00:00.000Z']);
});

test('a day without waves has no slots', () => {
  const schedule = waveScheduleSchema.parse({ times: ['08:30'], days: weekdays });
  expect(waveSlots(schedule, '2026-11-21', 'Europe/Berlin')).toEqual([]);
});

test('a slot that the clock skips in spring is the one after, and there is no second wave at it', () => {
  const schedule = waveScheduleSchema.parse({ times: ['02:30', '03:30'] });
  expect(waveSlots(schedule, '2026-03-29', 'Europe/Berlin')).toEqual(['2026-03-29T01:30:00.000Z']);
});

test('an order leaves today before the cutoff and tomorrow from the cutoff on', () => {
  expect(dispatchDay(berlin, '2026-11-20T15:29:59.000Z')).toBe(0);
  expect(dispatchDay(berlin, '2026-11-20T15:30:00.000Z')).toBe(1);
});

test('today is the day of the node', () => {
  expect(dispatchDateAt(newYork, '2026-11-21T03:00:00.000Z')).toBe('2026-11-21');
  expect(dispatchDateAt(berlin, '2026-11-21T03:00:00.000Z')).toBe('2026-11-21');
  expect(dispatchDay(newYork, '2026-11-21T03:00:00.000Z')).toBe(1);
});

test('a Friday evening waits for Monday where nobody works at weekends', () => {
  expect(dispatchDay(berlin, '2026-11-20T18:00:00.000Z', weekdays)).toBe(3);
  expect(dispatchDay(berlin, '2026-11-20T18:00:00.000Z')).toBe(1);
});

test('a wave releases what leaves today and what is overdue, and says why of the rest', () => {
  const wave = planWave({
    slot: '2026-11-20T12:00:00.000Z',
    nodes: [berlin],
    shipments: [
      { id: 'today', node: 'BER', dispatchDate: '2026-11-20' },
      { id: 'late', node: 'BER', dispatchDate: '2026-11-18' },
      { id: 'tomorrow', node: 'BER', dispatchDate: '2026-11-21' },
      { id: 'lost', node: 'XXX', dispatchDate: '2026-11-20' },
    ],
  });
  expect(wave).toEqual({
    release: ['late', 'today'],
    later: [
      { id: 'lost', why: 'node XXX is not known' },
      { id: 'tomorrow', why: 'leaves BER on 2026-11-21' },
    ],
  });
});

test('a wave at the cutoff still releases, and one after it does not, but for what is overdue', () => {
  const shipments = [
    { id: 'today', node: 'BER', dispatchDate: '2026-11-20' },
    { id: 'late', node: 'BER', dispatchDate: '2026-11-19' },
  ];
  expect(planWave({ slot: '2026-11-20T15:30:00.000Z', nodes: [berlin], shipments }).release).toEqual(['late', 'today']);
  expect(planWave({ slot: '2026-11-20T15:31:00.000Z', nodes: [berlin], shipments })).toEqual({
    release: ['late'],
    later: [{ id: 'today', why: 'the cutoff of BER at 16:30 has passed' }],
  });
});

test('one slot is another day at another node', () => {
  const wave = planWave({
    slot: '2026-11-21T03:00:00.000Z',
    nodes: [berlin, newYork],
    shipments: [
      { id: 'a', node: 'BER', dispatchDate: '2026-11-21' },
      { id: 'b', node: 'NYC', dispatchDate: '2026-11-21' },
    ],
  });
  expect(wave).toEqual({ release: ['a'], later: [{ id: 'b', why: 'leaves NYC on 2026-11-21' }] });
});

test('nothing is released on a day on which nobody works, not even what is overdue', () => {
  const shipments = [{ id: 'late', node: 'BER', dispatchDate: '2026-11-20' }];
  expect(planWave({ slot: '2026-11-21T09:00:00.000Z', nodes: [berlin], shipments, workingDays: weekdays })).toEqual({
    release: [],
    later: [{ id: 'late', why: 'BER does not work on 2026-11-21' }],
  });
});

test('the more urgent shipment is released first', () => {
  const shipments = [
    { id: 'a', node: 'BER', dispatchDate: '2026-11-20' },
    { id: 'b', node: 'BER', dispatchDate: '2026-11-20', priority: 5 },
  ];
  expect(planWave({ slot: '2026-11-20T09:00:00.000Z', nodes: [berlin], shipments }).release).toEqual(['b', 'a']);
});
