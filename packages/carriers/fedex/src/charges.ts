import { multiplyPrice, sumMoney, type Charge, type ChargeType, type Money } from '@quartermaster/domain';
import type { WireRated, WireShippedRate, WireSurcharge, WireTax } from './wire.ts';

/** A price and its parts, which sum to it. `isNegotiated`: of our contract, not of the list. */
export type Price = { readonly total: Money; readonly charges: readonly Charge[]; readonly isNegotiated: boolean };

/** FedEx's surcharges that have a kind of their own; every other one is an additional fee (reference guide, "Surcharges"). */
export const chargeTypeOfSurcharge: Readonly<Record<string, ChargeType>> = {
  FUEL: 'fuel-charge',
  ADDITIONAL_HANDLING: 'handling',
  OVERSIZE: 'oversize',
  DELIVERY_AREA: 'location-fee',
  EXTENDED_DELIVERY_AREA: 'location-fee',
  OUT_OF_DELIVERY_AREA: 'location-fee',
  OUT_OF_PICKUP_AREA: 'location-fee',
  REMOTE_DELIVERY_AREA: 'location-fee',
  RESIDENTIAL_DELIVERY: 'delivery',
  SATURDAY_DELIVERY: 'delivery',
  SATURDAY_PICKUP: 'pickup',
  SIGNATURE_OPTION: 'confirmation',
  INSURED_VALUE: 'insurance',
  RETURN_LABEL: 'returns',
  PRINT_RETURN_LABEL: 'returns',
  DANGEROUS_GOODS: 'special-goods',
  DRY_ICE: 'special-goods',
  CLEARANCE_ENTRY_FEE: 'brokerage-fee',
  VALUE_ADDED_TAX: 'tax',
};

/** FedEx has codes of its own for some currencies (its reference guide, "Currency Codes"; the list is that of Magento's FedEx connector). */
const isoCurrencies: Readonly<Record<string, string>> = {
  ARN: 'ARS',
  CHP: 'CLP',
  DHS: 'AED',
  ECD: 'XCD',
  JAD: 'JMD',
  JYE: 'JPY',
  KUD: 'KWD',
  NMP: 'MXN',
  NTD: 'TWD',
  RDD: 'DOP',
  SFR: 'CHF',
  SID: 'SGD',
  UKL: 'GBP',
  UYP: 'UYU',
  WON: 'KRW',
};

export function isoCurrencyOf(code: string): string {
  return isoCurrencies[code] ?? code;
}

/** The code that FedEx has of a currency. */
export function fedexCurrencyOf(iso: string): string {
  return Object.entries(isoCurrencies).find(([, each]) => each === iso)?.[0] ?? iso;
}

/** The price by contract where FedEx names one, else that of the list; null where it names none in a currency. */
export function quotedPrice(details: readonly WireRated[]): (Price & { readonly detail: WireRated }) | null {
  const contract = details.find(({ rateType }) => isContract(rateType));
  const detail = contract ?? details[0];
  const currency = detail?.shipmentRateDetail?.currency ?? detail?.currency;
  if (detail === undefined || !currency) return null;
  const { shipmentRateDetail: shipment } = detail;
  const ofShipment = shipment?.surCharges ?? [];
  // What stands at the parcels is the same once more.
  const surcharges =
    ofShipment.length > 0 ? ofShipment : (detail.ratedPackages ?? []).flatMap((one) => one.packageRateDetail?.surcharges ?? []);
  const price = priceWith(detail.totalNetCharge, isoCurrencyOf(currency), {
    base: detail.totalBaseCharge,
    discount: detail.totalDiscounts,
    surcharges,
    taxes: shipment?.taxes ?? [],
  });
  return { ...price, isNegotiated: contract !== undefined, detail };
}

/** What a purchase says that it costs; null where it says nothing, as for accounts that are not shown prices. */
export function shippedPrice(rates: readonly WireShippedRate[], actualRateType: string | null | undefined): Price | null {
  const rate =
    rates.find(({ rateType }) => rateType === actualRateType) ?? rates.find(({ rateType }) => isContract(rateType ?? '')) ?? rates[0];
  if (!rate?.totalNetCharge || !rate.currency) return null;
  const price = priceWith(rate.totalNetCharge, isoCurrencyOf(rate.currency), {
    base: rate.totalBaseCharge,
    discount: rate.totalFreightDiscounts,
    surcharges: rate.surcharges ?? [],
    taxes: rate.taxes ?? [],
  });
  return { ...price, isNegotiated: isContract(rate.rateType ?? '') };
}

/** `ACCOUNT`, `PREFERRED_ACCOUNT`, `PAYOR_ACCOUNT_PACKAGE`, `RATED_ACCOUNT_SHIPMENT` … */
function isContract(rateType: string): boolean {
  return rateType.includes('ACCOUNT');
}

type Parts = {
  readonly base: string | null | undefined;
  /** Taken off the base; FedEx writes it without a sign. */
  readonly discount: string | null | undefined;
  readonly surcharges: readonly WireSurcharge[];
  readonly taxes: readonly WireTax[];
};

/** What is left to the total is the shipping itself where FedEx names no base, and an adjustment where it does. What is finer than the currency is rounded half up: a bought label is not lost for it. */
function priceWith(totalText: string, currency: string, { base, discount, surcharges, taxes }: Parts): Omit<Price, 'isNegotiated'> {
  const amount = (text: string) => multiplyPrice(text, 1, currency);
  const total = amount(totalText);
  const off = discount ? amount(discount) : null;
  const named: Charge[] = [
    ...(base ? [{ type: 'shipping' as const, amount: amount(base), vendorCode: null }] : []),
    ...(off === null ? [] : [{ type: 'discount' as const, amount: { ...off, minor: -Math.abs(off.minor) }, vendorCode: null }]),
    ...surcharges.map((each): Charge => {
      const code = each.type ?? each.surchargeType ?? null;
      return { type: chargeTypeOfSurcharge[code ?? ''] ?? 'additional-fees', amount: amount(each.amount ?? '0'), vendorCode: code };
    }),
    ...taxes.map((each): Charge => ({ type: 'tax', amount: amount(each.amount ?? '0'), vendorCode: each.type ?? each.taxType ?? null })),
  ].filter((charge) => charge.amount.minor !== 0);
  const parts = sumMoney(
    named.map((charge) => charge.amount),
    currency,
  );
  const rest: Charge = {
    type: base ? 'adjustment' : 'shipping',
    amount: { minor: total.minor - parts.minor, currency },
    vendorCode: null,
  };
  return { total, charges: rest.amount.minor === 0 ? named : [...named, rest] };
}
