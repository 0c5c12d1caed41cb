import { Big } from 'big.js';
import { z } from 'zod';

/** An amount in whole minor units of its currency: `{ minor: 1299, currency: 'EUR' }` is 12.99 euro, `{ minor: 1299, currency: 'JPY' }` is 1299 yen. Never a float. */
export type Money = { readonly minor: number; readonly currency: string };

export const currencySchema = z.string().regex(/^[A-Z]{3}$/, 'an ISO 4217 code of three capital letters');
export const moneySchema = z.object({ minor: z.int(), currency: currencySchema });

/** A unit price or rate as decimal text, exact: `-12.3456`. */
export const decimalSchema = z.string().regex(/^-?\d+(\.\d+)?$/, 'a decimal number such as 12.50');

/** Currencies whose minor unit is not a hundredth (ISO 4217, list one). */
const exponents: ReadonlyMap<string, number> = new Map([
  ...['BIF', 'CLP', 'DJF', 'GNF', 'ISK', 'JPY', 'KMF', 'KRW', 'PYG', 'RWF', 'UGX', 'UYI', 'VND', 'VUV', 'XAF', 'XOF', 'XPF'].map(
    (code) => [code, 0] as const,
  ),
  ...['BHD', 'IQD', 'JOD', 'KWD', 'LYD', 'OMR', 'TND'].map((code) => [code, 3] as const),
  ...['CLF', 'UYW'].map((code) => [code, 4] as const),
]);

/**
 * Digits after the point of a currency: 2 for euro, 0 for yen, 3 for Kuwaiti dinar. Throws a `RangeError` for text that is no currency code: `jpy` read as a currency of two
 * digits would be wrong a hundredfold.
 */
export function currencyExponent(currency: string): number {
  if (!/^[A-Z]{3}$/.test(currency)) throw new RangeError(`not a currency code: ${JSON.stringify(currency)}`);
  return exponents.get(currency) ?? 2;
}

export function money(minor: number, currency: string): Money {
  if (!Number.isSafeInteger(minor)) throw new RangeError(`not a whole number of minor units: ${minor}`);
  return { minor: minor === 0 ? 0 : minor, currency };
}

export function zero(currency: string): Money {
  return money(0, currency);
}

/**
 * Money of decimal text, by the currency's exponent and never by the text's own number of digits. Throws a `RangeError` when the text is no decimal number or has a fraction of
 * a minor unit: a total is never rounded silently.
 */
export function moneyFromDecimal(text: string, currency: string): Money {
  const minor = exactDecimal(text).times(new Big(10).pow(currencyExponent(currency)));
  if (!minor.eq(minor.round(0))) throw new RangeError(`${text} ${currency} is finer than the currency's smallest unit`);
  return money(minor.toNumber(), currency);
}

/** Decimal text of an amount with all digits of its currency: `12.90`. */
export function decimalOf(amount: Money): string {
  const exponent = currencyExponent(amount.currency);
  return new Big(amount.minor).div(new Big(10).pow(exponent)).toFixed(exponent);
}

/** `12.90 EUR`, for people. */
export function formatMoney(amount: Money): string {
  return `${decimalOf(amount)} ${amount.currency}`;
}

export function addMoney(first: Money, ...rest: readonly Money[]): Money {
  return sumFrom(first, rest);
}

export function subtractMoney(first: Money, second: Money): Money {
  return money(first.minor - sameCurrency(first, second).minor, first.currency);
}

export function sumMoney(amounts: readonly Money[], currency: string): Money {
  return sumFrom(zero(currency), amounts);
}

export function sameMoney(first: Money, second: Money): boolean {
  return first.currency === second.currency && first.minor === second.minor;
}

/**
 * Splits an amount in proportion to weights so that the parts add up to it exactly: each part is rounded towards zero, and the units left over go one by one to the
 * largest remainders, the earlier one first. Weights that are all zero count as equal. Throws a `RangeError` without weights and for one that is negative or not finite.
 */
export function shareMoney(amount: Money, weights: readonly number[]): Money[] {
  return shareUnits(amount.minor, weights).map((minor) => money(minor, amount.currency));
}

/** The same for whole units of anything. Throws a `RangeError` for a total that is not whole. */
export function shareUnits(total: number, weights: readonly number[]): number[] {
  if (!Number.isSafeInteger(total)) throw new RangeError(`not a whole number of units: ${total}`);
  if (weights.length === 0 || weights.some((weight) => !Number.isFinite(weight) || weight < 0)) {
    throw new RangeError('shares need at least one weight, each finite and none negative');
  }
  const even = weights.every((weight) => weight === 0);
  const parts = weights.map((weight) => new Big(even ? 1 : weight));
  const sum = parts.reduce((left, right) => left.plus(right), new Big(0));
  const size = Math.abs(total);
  const exact = parts.map((part) => part.times(size).div(sum));
  const shares = exact.map((part) => part.round(0, 0).toNumber());
  const left = size - shares.reduce((left, right) => left + right, 0);
  const byRemainder = exact
    .map((part, index) => ({ index, remainder: part.minus(shares[index] ?? 0) }))
    .sort((a, b) => b.remainder.cmp(a.remainder) || a.index - b.index);
  for (const { index } of byRemainder.slice(0, left)) shares[index] = (shares[index] ?? 0) + 1;
  return shares.map((share) => (total < 0 && share !== 0 ? -share : share));
}

/**
 * Quantity times unit price, rounded half away from zero to the minor unit: how a channel's line total follows from its unit price. Throws a `RangeError` for a price that is no
 * decimal text and a quantity that is not finite.
 */
export function multiplyPrice(unitPrice: string, quantity: number, currency: string): Money {
  if (!Number.isFinite(quantity)) throw new RangeError(`not a quantity: ${quantity}`);
  const minor = exactDecimal(unitPrice)
    .times(quantity)
    .times(new Big(10).pow(currencyExponent(currency)))
    .round(0, 1);
  return money(minor.toNumber(), currency);
}

function sumFrom(first: Money, rest: readonly Money[]): Money {
  return rest.reduce((sum, amount) => money(sum.minor + sameCurrency(sum, amount).minor, sum.currency), first);
}

function exactDecimal(text: string): Big {
  if (!decimalSchema.safeParse(text).success) throw new RangeError(`not a decimal number: ${JSON.stringify(text)}`);
  return new Big(text);
}

function sameCurrency(first: Money, second: Money): Money {
  if (first.currency !== second.currency) throw new RangeError(`${first.currency} and ${second.currency} cannot be added`);
  return second;
}
