import { shareUnits } from '@quartermaster/domain';
import { wireAmount } from './amounts.ts';
import { shareByCode, type Parts } from './order-money.ts';

/** Amounts that are to be taken from a line, minor units. */
export type Taking = {
  readonly price: number;
  readonly shipping: number;
  readonly taxes: number;
  readonly shippingTaxes: number;
  readonly fees: number;
};

/**
 * The share of so many units in what a line still comes to; the last ones take what is left, shipping goes with them. Amounts always add up: what units are cancelled one by one comes to what they
 * cost together.
 */
export function shareOfUnits(parts: Parts, units: number): Taking {
  const rest = Math.max(0, parts.units - units);
  const share = (minor: number) => (rest === 0 ? minor : (shareUnits(minor, [units, rest])[0] ?? 0));
  const all = (amounts: ReadonlyMap<string, number>) => [...amounts.values()].reduce((left, right) => left + right, 0);
  return {
    price: share(parts.price),
    shipping: rest === 0 ? parts.shipping : 0,
    taxes: share(all(parts.taxes)),
    shippingTaxes: rest === 0 ? all(parts.shippingTaxes) : 0,
    fees: share(all(parts.fees)),
  };
}

/** The same as OR28 and OR30 want it: taxes and fees by the codes of the order, and there is none where the order has none. */
export function wireTaking(taking: Taking, parts: Parts, currency: string) {
  const byCode = (minor: number, amounts: ReadonlyMap<string, number>) =>
    shareByCode(minor, amounts).map((one) => ({ code: one.code, amount: wireAmount(one.minor, currency) }));
  const taxes = byCode(taking.taxes, parts.taxes);
  const shippingTaxes = byCode(taking.shippingTaxes, parts.shippingTaxes);
  const fees = byCode(taking.fees, parts.fees).filter(({ amount }) => amount !== 0);
  return {
    amount: wireAmount(taking.price, currency),
    shipping_amount: wireAmount(taking.shipping, currency),
    currency_iso_code: currency,
    ...(taxes.length === 0 ? {} : { taxes }),
    ...(shippingTaxes.length === 0 ? {} : { shipping_taxes: shippingTaxes }),
    ...(fees.length === 0 ? {} : { fees }),
  };
}
