import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { decimalText, exactMinor, millionthsOf, millionthsOfMinor, roundedMinor, settledMinors } from './amounts.ts';

const amount = fc.bigInt({ min: -10_000_000_000_000n, max: 10_000_000_000_000n });
const currency = fc.constantFrom('JPY', 'EUR', 'KWD');

test('an amount is the same after it was written down', () => {
  fc.assert(
    fc.property(amount, (given) => {
      expect(millionthsOf(decimalText(given, 6))).toBe(given);
    }),
  );
});

test('whole minor units are exact, and nothing else is', () => {
  fc.assert(
    fc.property(fc.integer({ min: -1_000_000, max: 1_000_000 }), currency, (minor, code) => {
      const exact = millionthsOfMinor(minor, code);
      expect([exactMinor(exact, code), exactMinor(exact + 1n, code)]).toEqual([minor, null]);
    }),
  );
});

test('an amount is rounded to the nearest minor unit', () => {
  fc.assert(
    fc.property(amount, currency, (given, code) => {
      const distance = Number(given - millionthsOfMinor(roundedMinor(given, code), code));
      expect(Math.abs(distance) * 2).toBeLessThanOrEqual(Number(millionthsOfMinor(1, code)));
    }),
  );
});

test('amounts that add up to a total before they are rounded add up to it afterwards, none by more than a unit off', () => {
  fc.assert(
    fc.property(fc.array(amount, { minLength: 1, maxLength: 20 }), currency, (given, code) => {
      const unit = millionthsOfMinor(1, code);
      const sum = given.reduce((left, right) => left + right, 0n);
      const whole = [...given, -(((sum % unit) + unit) % unit)];
      const total = exactMinor(
        whole.reduce((left, right) => left + right, 0n),
        code,
      );
      const { minors, left } = settledMinors(whole, total ?? 0, code);
      expect([left, minors.reduce((a, b) => a + b, 0)]).toEqual([0, total]);
      for (const [at, exact] of whole.entries())
        expect(Math.abs(Number(millionthsOfMinor(minors[at] ?? 0, code) - exact))).toBeLessThan(Number(unit));
    }),
  );
});

test.each(['1e5', '12,90', '0.1234567', 'free', '--1'])('%s is no amount', (text) => {
  expect(() => millionthsOf(text)).toThrow(RangeError);
});
