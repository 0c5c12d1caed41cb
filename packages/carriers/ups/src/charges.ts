import { multiplyPrice, sumMoney, type Charge, type ChargeType, type Money } from '@quartermaster/domain';
import type { WireAmount, WireItemized, WireListed, WireNegotiated, WirePackageCharges, WireTax } from './wire.ts';

/** A price and its parts, which sum to it. `isNegotiated`: of our contract, not of the list. */
export type Price = { readonly total: Money; readonly charges: readonly Charge[]; readonly isNegotiated: boolean };

/**
 * UPS's codes of accessorial charges that have a kind of their own; every other one is an additional fee (appendix "Accessorial Codes" of Rating). A code that is not here is kept all the same.
 */
export const chargeTypeOfCode: Readonly<Record<string, ChargeType>> = {
  100: 'handling',
  110: 'additional-fees',
  120: 'confirmation',
  121: 'confirmation',
  190: 'location-fee',
  200: 'special-goods',
  250: 'returns',
  270: 'delivery',
  280: 'returns',
  290: 'returns',
  300: 'delivery',
  310: 'delivery',
  350: 'returns',
  375: 'fuel-charge',
  376: 'location-fee',
  377: 'oversize',
  378: 'duties-and-taxes',
};

/**
 * The price by contract where UPS names one, else that of the list. Parts are the base charge and UPS's itemized charges of shipment and parcel; what is left to the total is the shipping itself
 * where UPS names no base, and an adjustment where it does (a discount that it does not itemize).
 */
export function priceOf(given: {
  readonly listed: WireListed | null | undefined;
  readonly negotiated: WireNegotiated | null | undefined;
  readonly packages: readonly WirePackageCharges[];
}): Price | null {
  const { listed, negotiated, packages } = given;
  const contract = negotiated?.TotalChargesWithTaxes ?? negotiated?.TotalCharge;
  if (negotiated && contract)
    return priceWith(contract, {
      base: negotiated.BaseServiceCharge ?? [],
      itemized: [...(negotiated.ItemizedCharges ?? []), ...packages.flatMap((each) => each.NegotiatedCharges?.ItemizedCharges ?? [])],
      taxes: negotiated.TotalChargesWithTaxes ? (negotiated.TaxCharges ?? []) : [],
      isNegotiated: true,
    });
  if (!listed) return null;
  return priceWith(listed.TotalChargesWithTaxes ?? listed.TotalCharges, {
    base: listed.BaseServiceCharge ?? [],
    itemized: [...(listed.ItemizedCharges ?? []), ...packages.flatMap((each) => each.ItemizedCharges ?? [])],
    taxes: listed.TotalChargesWithTaxes ? (listed.TaxCharges ?? []) : [],
    isNegotiated: false,
  });
}

/** Decimal text in minor units. What is finer than the currency is rounded half up, because a bought label must not be lost for it. */
export function moneyOf(amount: WireAmount): Money {
  return multiplyPrice(amount.MonetaryValue, 1, amount.CurrencyCode);
}

type Parts = {
  readonly base: readonly WireAmount[];
  readonly itemized: readonly WireItemized[];
  readonly taxes: readonly WireTax[];
  readonly isNegotiated: boolean;
};

function priceWith(totalAmount: WireAmount, { base, itemized, taxes, isNegotiated }: Parts): Price {
  const total = moneyOf(totalAmount);
  const { currency } = total;
  const amount = (value: string) => multiplyPrice(value, 1, currency);
  const named: Charge[] = [
    ...base.map((each): Charge => ({ type: 'shipping', amount: amount(each.MonetaryValue), vendorCode: null })),
    ...itemized.map(({ Code, MonetaryValue }): Charge => ({
      type: chargeTypeOfCode[Code] ?? 'additional-fees',
      amount: amount(MonetaryValue),
      vendorCode: Code,
    })),
    ...taxes.map(({ Type, MonetaryValue }): Charge => ({ type: 'tax', amount: amount(MonetaryValue), vendorCode: Type })),
  ].filter((charge) => charge.amount.minor !== 0);
  const restMinor =
    total.minor -
    sumMoney(
      named.map((charge) => charge.amount),
      currency,
    ).minor;
  const rest: Charge = { type: base.length === 0 ? 'shipping' : 'adjustment', amount: { minor: restMinor, currency }, vendorCode: null };
  return { total, charges: restMinor === 0 ? named : [...named, rest], isNegotiated };
}
