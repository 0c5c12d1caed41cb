import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { checkCharacter, isTrackingNumber, trackingNumberOf } from './index.ts';

test('the check character is that of the standard’s example', () => {
  expect(checkCharacter('A12425GABC1234002')).toBe('M');
});

test('a tracking number depends on its key alone and carries its check', () => {
  fc.assert(
    fc.property(fc.string(), (key) => {
      expect(trackingNumberOf('QM', key)).toBe(trackingNumberOf('QM', key));
      expect(isTrackingNumber(trackingNumberOf('QM', key))).toBe(true);
      expect(trackingNumberOf('QM', key)).toMatch(/^QM[0-9A-Z]{17}$/);
    }),
  );
});

test('two keys have two numbers', () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.string(), { minLength: 2 }), (keys) => {
      expect(new Set(keys.map((key) => trackingNumberOf('QM', key))).size).toBe(keys.length);
    }),
  );
});

test('one mistyped character is noticed', () => {
  const character = fc.constantFrom(...Array.from('0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ'));
  fc.assert(
    fc.property(fc.string(), fc.nat(18), character, (key, at, typed) => {
      const number = trackingNumberOf('QM', key);
      fc.pre(number.charAt(at) !== typed);
      expect(isTrackingNumber(number.slice(0, at) + typed + number.slice(at + 1))).toBe(false);
    }),
  );
});
