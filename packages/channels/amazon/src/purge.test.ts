import { expect, test } from 'vitest';
import { subjectsToErase } from './purge.ts';

const now = '2026-12-31T00:00:00.000Z';
const shipped = (subject: string, shippedAt: string | null) => ({ subject, shippedAt, cancelledAt: null });

test('a person is erased thirty days after the last shipment, and not a moment earlier', () => {
  const orders = [shipped('a', '2026-12-01T00:00:00.000Z'), shipped('b', '2026-12-01T00:00:00.001Z')];
  expect(subjectsToErase(orders, now)).toEqual(['a']);
});

test('who still waits for a parcel is kept, also for an order that left long ago', () => {
  expect(subjectsToErase([shipped('a', '2026-01-01T00:00:00.000Z'), shipped('a', null)], now)).toEqual([]);
});

test('an order that was cancelled counts from then on', () => {
  expect(subjectsToErase([{ subject: 'a', shippedAt: null, cancelledAt: '2026-11-01T00:00:00.000Z' }], now)).toEqual(['a']);
});

test('another policy keeps for as long as it says', () => {
  expect(subjectsToErase([shipped('a', '2026-12-01T00:00:00.000Z')], now, 60)).toEqual([]);
});
