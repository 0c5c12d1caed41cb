import { decimalOf, moneyFromDecimal } from '@quartermaster/domain';
import type { WireAmount } from './wire.ts';

/**
 * Minor units of an amount, 0 of none. Walmart writes amounts as JSON numbers; each becomes decimal text of six digits at once and is never added or multiplied as a float, so that `12.9` is
 * 1290 cents, and so is the `12.899999999999999` of a server that added floats. Throws a `RangeError` for an amount that really is finer than its currency, and for another currency than
 * the order's.
 */
export function minorOf(amount: WireAmount | null | undefined, currency: string): number {
  if (amount === null || amount === undefined) return 0;
  if (amount.currency !== currency) throw new RangeError(`an amount in ${amount.currency} in an order of ${currency}`);
  return moneyFromDecimal(amount.amount.toFixed(6), currency).minor;
}

/** An amount as Walmart takes it. A decimal text of two digits is read as the nearest float, whose shortest text is the same decimal again. */
export function wireAmount(minor: number, currency: string): WireAmount {
  return { currency, amount: Number(decimalOf({ minor, currency })) };
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
