import { currencyExponent } from '@quartermaster/domain';

/** An amount in whole millionths of its currency: what the shop gives when it is asked for six decimals. */
export type Millionths = bigint;

const digits = 6;

/** Millionths of a shop's decimal text; an empty text, as it gives where nothing was charged, is 0. Throws a `RangeError` for other text. */
export function millionthsOf(text: string): Millionths {
  if (text.trim() === '') return 0n;
  const parts = /^(-?)(\d+)(?:\.(\d+))?$/.exec(text);
  const fraction = (parts?.[3] ?? '').replace(/0+$/, '');
  if (parts?.[2] === undefined || fraction.length > digits) throw new RangeError('not an amount of at most six decimals');
  const size = BigInt(parts[2] + fraction.padEnd(digits, '0'));
  return parts[1] === '-' ? -size : size;
}

/** Decimal text of millionths with so many decimals, at most six, rounded half away from zero. */
export function decimalText(amount: Millionths, decimals: number): string {
  const rounded = roundedTo(amount, 10n ** BigInt(digits - decimals));
  const text = (rounded < 0n ? -rounded : rounded).toString().padStart(decimals + 1, '0');
  const sign = rounded < 0n ? '-' : '';
  return decimals === 0 ? sign + text : `${sign}${text.slice(0, -decimals)}.${text.slice(-decimals)}`;
}

/** Minor units of the currency, rounded half away from zero. */
export function roundedMinor(amount: Millionths, currency: string): number {
  return Number(roundedTo(amount, minorUnit(currency)));
}

/** Minor units of the currency; null for an amount that is finer than them. */
export function exactMinor(amount: Millionths, currency: string): number | null {
  const unit = minorUnit(currency);
  return amount % unit === 0n ? Number(amount / unit) : null;
}

/** Millionths of whole minor units. */
export function millionthsOfMinor(minor: number, currency: string): Millionths {
  return BigInt(minor) * minorUnit(currency);
}

export function sumOf(amounts: Iterable<Millionths>): Millionths {
  let sum = 0n;
  for (const amount of amounts) sum += amount;
  return sum;
}

/**
 * Amounts as whole minor units that add up to a total. Each is rounded; what the sum then lacks or has too much is taken up by those that were rounded the other way, the largest remainder
 * first, one unit each. `left` is what is still missing then, and no rounding of these amounts.
 */
export function settledMinors(
  exact: readonly Millionths[],
  total: number,
  currency: string,
): { readonly minors: number[]; readonly left: number } {
  const minors = exact.map((amount) => roundedMinor(amount, currency));
  let left = total - minors.reduce((sum, minor) => sum + minor, 0);
  const remainders = exact
    .map((amount, at) => ({ at, remainder: amount - millionthsOfMinor(minors[at] ?? 0, currency) }))
    .filter(({ remainder }) => (left > 0 ? remainder > 0n : remainder < 0n))
    .sort((a, b) => (a.remainder === b.remainder ? a.at - b.at : left > 0 === a.remainder > b.remainder ? -1 : 1));
  for (const { at } of remainders) {
    if (left === 0) break;
    const step = Math.sign(left);
    minors[at] = (minors[at] ?? 0) + step;
    left -= step;
  }
  return { minors, left };
}

function minorUnit(currency: string): bigint {
  return 10n ** BigInt(digits - currencyExponent(currency));
}

function roundedTo(amount: Millionths, unit: bigint): bigint {
  const half = unit / 2n;
  return amount < 0n ? -((-amount + half) / unit) : (amount + half) / unit;
}
