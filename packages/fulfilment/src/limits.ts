import { currencySchema, decimalSchema, moneyFromDecimal, type Money } from '@quartermaster/domain';
import { z } from 'zod';

/** Amounts as decimal text by currency, such as `{ EUR: '250.00' }`. */
export const limitsSchema = z.record(currencySchema, decimalSchema);
export type Limits = z.infer<typeof limitsSchema>;

/** The limit of a currency; null where none is named. */
export function limitOf(limits: Limits, currency: string): Money | null {
  const limit = limits[currency];
  return limit === undefined ? null : moneyFromDecimal(limit, currency);
}

/** Whether two amounts of one currency differ by no more than is tolerated in it; where nothing is named, nothing is. */
export function isWithin(tolerance: Limits, one: Money, other: Money): boolean {
  if (one.currency !== other.currency) return false;
  return Math.abs(one.minor - other.minor) <= (limitOf(tolerance, one.currency)?.minor ?? 0);
}
