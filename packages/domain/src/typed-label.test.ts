import { expect, test } from 'vitest';
import { typedLabelIn, typedLabelRefs, typedLabelSchema } from './index.ts';

const typed = typedLabelSchema.parse({
  trackingNumber: ' 9400 1118 9922 3100 ',
  trackingUrl: null,
  price: { minor: 790, currency: 'EUR' },
  typedAt: '2026-11-21T10:00:00Z',
});

test('a number is typed in as it is printed, with spaces, and kept without', () => {
  expect(typed.trackingNumber).toBe('9400111899223100');
});

test('what was typed in is found with the intent', () => {
  expect(typedLabelIn(typedLabelRefs(typed))).toEqual(typed);
  expect(typedLabelIn({})).toBeNull();
});

test.each(['', '123', '9400/1118', 'x'.repeat(61)])('%j is no tracking number', (trackingNumber) => {
  expect(typedLabelSchema.safeParse({ ...typed, trackingNumber }).success).toBe(false);
});

test('damage is not taken for a number', () => {
  expect(() => typedLabelIn({ typedLabel: '{' })).toThrow('damaged');
});
