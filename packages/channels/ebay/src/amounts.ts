import { decimalOf, moneyFromDecimal, type Money } from '@quartermaster/domain';
import type { WireAmount } from './wire.ts';

/** Minor units of an amount, 0 of none. eBay writes decimals as text, such as `12.9` or `0.0`; how many digits count is the currency's affair. Throws a `RangeError` for another currency than the order's. */
export function minorOf(amount: WireAmount | undefined, currency: string): number {
  if (amount === undefined) return 0;
  if (amount.currency !== currency) throw new RangeError(`an amount in ${amount.currency} in an order of ${currency}`);
  return moneyFromDecimal(amount.value, amount.currency).minor;
}

/** What the buyer was shown, where eBay converted it. */
export function beforeConversion(amount: WireAmount): Money | null {
  const { convertedFromValue: value, convertedFromCurrency: currency } = amount;
  return value === undefined || currency === undefined ? null : moneyFromDecimal(value, currency);
}

/** Price of one of so many units that cost this together, as decimal text; four digits more where units do not divide it. */
export function unitPriceOf(minor: number, units: number, currency: string): string {
  if (units <= 1 || minor % units === 0) return decimalOf({ minor: units <= 1 ? minor : minor / units, currency });
  const exponent = decimalOf({ minor: 0, currency }).split('.')[1]?.length ?? 0;
  const digits = String(Math.round((minor * 10_000) / units)).padStart(exponent + 5, '0');
  const point = digits.length - exponent - 4;
  return `${digits.slice(0, point)}.${digits.slice(point)}`;
}

export function sum(amounts: readonly number[]): number {
  return amounts.reduce((left, right) => left + right, 0);
}
