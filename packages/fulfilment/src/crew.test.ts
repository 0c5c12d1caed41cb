import { expect, test } from 'vitest';
import { crewSchema, doneAt, minutesUntil, readCrewFile, workSpans } from './crew.ts';

/** Friday, nine in the morning in Berlin. */
const morning = '2026-11-20T08:00:00.000Z';
const zone = 'Europe/Berlin';

test('the minutes of a crew are those of its people from now until the end of their shifts', () => {
  const crew = crewSchema.parse({
    shifts: [
      { from: '08:00', to: '12:00', people: 2 },
      { from: '10:00', to: '14:00', people: 1 },
    ],
  });

  const spans = workSpans(crew, zone, morning);

  expect(minutesUntil(spans, '2026-11-20T10:00:00.000Z')).toBe(2 * 120 + 60);
  expect(minutesUntil(spans, '2026-11-20T22:00:00.000Z')).toBe(2 * 180 + 240);
});

test('work goes on with the next shift, over nights and weekends', () => {
  const crew = crewSchema.parse({ shifts: [{ from: '08:00', to: '10:00', people: 2 }] });

  expect(doneAt(workSpans(crew, zone, morning), 120 + 60)).toBe('2026-11-23T07:30:00.000Z');
});

test('shifts that overlap work together', () => {
  const crew = crewSchema.parse({
    shifts: [
      { from: '08:00', to: '12:00', people: 1 },
      { from: '09:00', to: '12:00', people: 2 },
    ],
  });

  expect(doneAt(workSpans(crew, zone, morning), 90)).toBe('2026-11-20T08:30:00.000Z');
});

test('a night shift reaches into the next day', () => {
  const crew = crewSchema.parse({ shifts: [{ days: [4], from: '22:00', to: '10:00', people: 1 }] });

  expect(minutesUntil(workSpans(crew, zone, morning), '2026-11-20T22:00:00.000Z')).toBe(60);
});

test('on a holiday of the calendar nobody works, unless the shifts of that very date are given', () => {
  const weekly = { shifts: [{ from: '08:00', to: '12:00', people: 1 }] };
  const closed = (date: string) => date !== '2026-11-20';
  const extra = { ...weekly, dates: { '2026-11-20': [{ from: '09:00', to: '10:00', people: 3 }] } };

  const minutes = [weekly, extra].map((crew) =>
    minutesUntil(workSpans(crewSchema.parse(crew), zone, morning, closed), '2026-11-20T22:00:00.000Z'),
  );

  expect(minutes).toEqual([0, 180]);
});

test('what is not done within two weeks has no end', () => {
  expect(doneAt(workSpans(crewSchema.parse({ shifts: [{ from: '08:00', to: '09:00', people: 1 }] }), zone, morning), 10_000)).toBeNull();
  expect(doneAt([], 1)).toBeNull();
});

test('capacity is read from a CSV file of a planning program: shifts of single dates, and days off', () => {
  const read = readCrewFile(
    'node,date,from,to,people\nBER,2026-11-27,06:00,22:00,12\nBER,2026-11-27,22:00,02:00,4.5\nHAM,2026-12-24,00:00,23:59,0\n',
  );

  expect(read).toEqual({
    kind: 'read',
    crew: {
      BER: {
        '2026-11-27': [
          { from: '06:00', to: '22:00', people: 12 },
          { from: '22:00', to: '02:00', people: 4.5 },
        ],
      },
      HAM: { '2026-12-24': [] },
    },
  });
});

test('a CSV file with a bad row is not read at all, and every bad row is named', () => {
  const read = readCrewFile('node,date,from,to,people\nBER,27.11.2026,06:00,22:00,12\nBER,2026-11-28,06:00,22:00,many');

  expect(read.kind === 'wrong' && read.problems.map(({ row }) => row)).toEqual([2, 3]);
  expect(readCrewFile('node,date,from,to\n')).toEqual({ kind: 'wrong', problems: [{ row: 1, why: 'the column people is missing' }] });
});
