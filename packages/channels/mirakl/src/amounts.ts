import { decimalOf, moneyFromDecimal } from '@quartermaster/domain';
import type { WireAmount } from './wire.ts';

/**
 * Exact decimal text of an amount. Mirakl writes amounts as JSON numbers; the shortest text of a number that was read from JSON is the text that was written there, up to fifteen digits.
 */
export function decimalText(amount: WireAmount): string {
  const text = String(amount);
  if (!/e/i.test(text)) return text;
  return Number(amount)
    .toFixed(12)
    .replace(/\.?0+$/, '');
}

/** Minor units of an amount, 0 of none. Throws a `RangeError` for one that is finer than its currency. */
export function minorOf(amount: WireAmount | null | undefined, currency: string): number {
  return amount === null || amount === undefined ? 0 : moneyFromDecimal(decimalText(amount), currency).minor;
}

/** The number that Mirakl wants for an amount: its shortest text has no more digits than the currency. */
export function wireAmount(minor: number, currency: string): number {
  return Number(decimalOf({ minor, currency }));
}

export function sum(amounts: readonly number[]): number {
  return amounts.reduce((left, right) => left + right, 0);
}
