import { expect, test } from 'vitest';
import {
  addMoney,
  currencyExponent,
  decimalOf,
  formatMoney,
  money,
  moneyFromDecimal,
  moneySchema,
  multiplyPrice,
  shareMoney,
  shareUnits,
  subtractMoney,
  sumMoney,
} from './money.ts';

test.each([
  ['12.99', 'EUR', 1299],
  ['12.9', 'EUR', 1290],
  ['12.9000', 'EUR', 1290],
  ['-0.01', 'USD', -1],
  ['1299', 'JPY', 1299],
  ['1299.00', 'JPY', 1299],
  ['1.234', 'KWD', 1234],
  ['0.0001', 'CLF', 1],
])('reads %s %s as %i minor units, whatever the number of digits in the text', (text, currency, minor) => {
  expect(moneyFromDecimal(text, currency)).toEqual({ minor, currency });
});

test.each([
  [1299, 'EUR', '12.99'],
  [-5, 'EUR', '-0.05'],
  [1299, 'JPY', '1299'],
  [5, 'KWD', '0.005'],
  [0, 'BHD', '0.000'],
])('writes %i minor units of %s as %s', (minor, currency, text) => {
  expect(decimalOf(money(minor, currency))).toBe(text);
});

test('shows an amount with its currency', () => {
  expect(formatMoney(money(1290, 'EUR'))).toBe('12.90 EUR');
});

test.each([
  ['12.995', 'EUR'],
  ['0.5', 'JPY'],
  ['0.0001', 'KWD'],
])('refuses %s %s rather than rounding it', (text, currency) => {
  expect(() => moneyFromDecimal(text, currency)).toThrow(RangeError);
});

test.each(['', ' 1', '1,50', '.5', '5.', '1e3', 'NaN', 'Infinity', '0x10', '12.50 EUR'])('refuses %j as an amount', (text) => {
  expect(() => moneyFromDecimal(text, 'EUR')).toThrow(RangeError);
});

test('refuses an amount that is too large to be exact', () => {
  expect(() => moneyFromDecimal('90071992547409.93', 'EUR')).toThrow(RangeError);
});

test('refuses half a cent', () => {
  expect(() => money(0.5, 'EUR')).toThrow(RangeError);
});

test('knows no negative nothing', () => {
  expect(Object.is(money(-0, 'EUR').minor, 0)).toBe(true);
});

test.each(['jpy', '', 'EURO', 'E1R'])('refuses %j as a currency rather than guessing two digits', (currency) => {
  expect(() => currencyExponent(currency)).toThrow(RangeError);
});

test('never adds euro and dollar', () => {
  expect(() => addMoney(money(1, 'EUR'), money(1, 'USD'))).toThrow('EUR and USD');
});

test('never subtracts dollar from euro', () => {
  expect(() => subtractMoney(money(1, 'EUR'), money(1, 'USD'))).toThrow('EUR and USD');
});

test('adds up the lines of a whole year', () => {
  const cents = Array.from({ length: 500_000 }, () => money(1, 'EUR'));
  expect(sumMoney(cents, 'EUR')).toEqual(money(500_000, 'EUR'));
});

test('adds nothing up to nothing', () => {
  expect(sumMoney([], 'EUR')).toEqual(money(0, 'EUR'));
});

test('gives the cent that is left over to the largest remainder', () => {
  expect(shareUnits(100, [1, 2, 3])).toEqual([17, 33, 50]);
});

test('gives the cent that is left over to the first of equals', () => {
  expect(shareMoney(money(1000, 'EUR'), [1, 1, 1])).toEqual([money(334, 'EUR'), money(333, 'EUR'), money(333, 'EUR')]);
});

test('shares a discount like the price it is taken from', () => {
  expect(shareUnits(-100, [1, 2, 3])).toEqual([-17, -33, -50]);
});

test('shares equally where all weights are zero', () => {
  expect(shareUnits(3, [0, 0])).toEqual([2, 1]);
});

test.each([[[]], [[-1, 2]], [[Number.NaN]], [[Number.POSITIVE_INFINITY, 1]]])('refuses to share by the weights %j', (weights) => {
  expect(() => shareUnits(100, weights)).toThrow(RangeError);
});

test('refuses to share half a unit, because the parts could not add up to it', () => {
  expect(() => shareUnits(1.5, [1, 1])).toThrow(RangeError);
});

test.each([
  ['0.125', 1, 'EUR', 13],
  ['-0.125', 1, 'EUR', -13],
  ['9.99', 3, 'EUR', 2997],
  ['0.3333', 3, 'EUR', 100],
  ['10.5', 1, 'JPY', 11],
  ['1.1', 3, 'KWD', 3300],
])('prices %s times %i in %s as %i minor units', (unitPrice, quantity, currency, minor) => {
  expect(multiplyPrice(unitPrice, quantity, currency)).toEqual({ minor, currency });
});

test('refuses to price something that is no number', () => {
  expect(() => multiplyPrice('free', 1, 'EUR')).toThrow(RangeError);
});

test('refuses to price an endless quantity', () => {
  expect(() => multiplyPrice('1', Number.POSITIVE_INFINITY, 'EUR')).toThrow(RangeError);
});

test.each([
  { minor: 12.5, currency: 'EUR' },
  { minor: 2 ** 53, currency: 'EUR' },
  { minor: 1, currency: 'eur' },
])('does not let %j in as money', (value) => {
  expect(moneySchema.safeParse(value).success).toBe(false);
});
