import { currencyExponent, moneyFromDecimal, type Money } from '@quartermaster/domain';

/**
 * How a shop writes amounts: whole units of 10^-`precision` of its currency, of any currency alike. With Vendure's default of 2 a price of 1,290 yen is 129000, and dinars have no third
 * decimal. (Vendure's dashboard and its Stripe plugin read them so.)
 */
export type AmountWords = { readonly precision: number; readonly currency: string };

/** Decimal text of an amount, exact. */
export function decimalIn({ precision }: AmountWords, amount: number): string {
  if (precision === 0) return String(amount);
  const digits = String(Math.abs(amount)).padStart(precision + 1, '0');
  return `${amount < 0 ? '-' : ''}${digits.slice(0, -precision)}.${digits.slice(-precision)}`;
}

/** Throws a `RangeError` for an amount that is finer than its currency. */
export function moneyIn(words: AmountWords, amount: number): Money {
  return moneyFromDecimal(decimalIn(words, amount), words.currency);
}

/** As the shop writes it. Throws a `RangeError` for an amount that is finer than the shop can write. */
export function amountIn({ precision }: AmountWords, { minor, currency }: Money): number {
  const places = precision - currencyExponent(currency);
  const amount = places >= 0 ? minor * 10 ** places : minor / 10 ** -places;
  if (!Number.isSafeInteger(amount)) throw new RangeError(`${minor} ${currency} is finer than the shop's amounts`);
  return amount;
}
