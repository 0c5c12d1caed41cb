import { currencyExponent, decimalOf, money } from '@quartermaster/domain';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { amountIn, decimalIn, moneyIn } from './amounts.ts';

const currencies = fc.constantFrom('EUR', 'JPY', 'KWD');
const minors = fc.integer({ min: -1e9, max: 1e9 });

test('money is the same after it was written as the shop writes amounts', () => {
  fc.assert(
    fc.property(currencies, minors, fc.integer({ min: 0, max: 2 }), (currency, minor, finer) => {
      const words = { precision: currencyExponent(currency) + finer, currency };
      expect(moneyIn(words, amountIn(words, money(minor, currency)))).toEqual(money(minor, currency));
    }),
  );
});

test('an amount is the same text as the money that it is', () => {
  fc.assert(
    fc.property(currencies, minors, (currency, minor) => {
      const words = { precision: currencyExponent(currency), currency };
      expect(decimalIn(words, minor)).toBe(decimalOf(money(minor, currency)));
    }),
  );
});

test('yen in a shop that writes hundredths are not read a hundredfold', () => {
  expect(moneyIn({ precision: 2, currency: 'JPY' }, 129_000)).toEqual(money(1290, 'JPY'));
});

test('an amount that is finer than its currency is refused, never rounded', () => {
  expect(() => moneyIn({ precision: 3, currency: 'EUR' }, 12_345)).toThrow(RangeError);
  expect(() => amountIn({ precision: 2, currency: 'KWD' }, money(1, 'KWD'))).toThrow(RangeError);
});
