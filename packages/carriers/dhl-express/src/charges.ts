import type { Price } from '@quartermaster/connector-kit';
import { multiplyPrice, sumMoney, type Charge, type ChargeType } from '@quartermaster/domain';
import type { WireCharge, WireProduct, WireShipped } from './wire.ts';

/** The account's own currency and contract; the others are the public rates of the country and DHL's base currency. */
const billing = 'BILLC';

/**
 * Codes of DHL's services and surcharges that are of a kind of their own, by the names that its answers give them; every other one is an additional fee. A code that is not here is kept all the same.
 */
export const chargeTypeOfCode: Readonly<Record<string, ChargeType>> = {
  AA: 'delivery',
  AB: 'delivery',
  DD: 'duties-and-taxes',
  FF: 'fuel-charge',
  IB: 'insurance',
  II: 'insurance',
  OB: 'location-fee',
  OO: 'location-fee',
  SA: 'confirmation',
  SB: 'confirmation',
  SC: 'confirmation',
  SD: 'confirmation',
  SE: 'confirmation',
  SF: 'confirmation',
  YB: 'oversize',
  YY: 'oversize',
};

/** The price of a product by the account's contract; null where DHL names none, or none above nothing, as it does for products that the account has no tariff of. */
export function productPrice(product: WireProduct): Price | null {
  const total = product.totalPrice?.find(({ currencyType }) => currencyType === billing);
  if (!total?.priceCurrency || !(Number(total.price) > 0)) return null;
  const parts = product.detailedPriceBreakdown?.find(({ currencyType }) => currencyType === billing)?.breakdown ?? [];
  const sums = product.totalPriceBreakdown?.find(({ currencyType }) => currencyType === billing)?.priceBreakdown ?? [];
  return priceWith({
    total: total.price,
    currency: total.priceCurrency,
    parts,
    tax: sums.find(({ typeCode }) => typeCode === 'STTXA')?.price ?? '0',
  });
}

/** What DHL says that a bought label costs; null where it says nothing. */
export function shippedPrice({ shipmentCharges }: WireShipped): Price | null {
  const charge = shipmentCharges?.find(({ currencyType }) => currencyType === billing);
  if (charge === undefined || !(Number(charge.price) > 0)) return null;
  return priceWith({ total: charge.price, currency: charge.priceCurrency, parts: charge.serviceBreakdown ?? [], tax: '0' });
}

/**
 * Decimal text to minor units; what is finer than the currency is rounded half up, because a bought label must not be lost for it. The first part without a code is the product itself. What is left to
 * the total is the tax where DHL names one of that size, the shipping where it names no parts, and else an adjustment.
 */
function priceWith(given: {
  readonly total: string;
  readonly currency: string;
  readonly parts: readonly WireCharge[];
  readonly tax: string;
}): Price {
  const { currency } = given;
  const amount = (text: string) => multiplyPrice(text, 1, currency);
  const total = amount(given.total);
  const named = given.parts
    .map(({ serviceCode, typeCode, price }, index): Charge => {
      const code = serviceCode || (index === 0 ? null : typeCode || null);
      return {
        type: code === null ? 'shipping' : (chargeTypeOfCode[code] ?? 'additional-fees'),
        amount: amount(price ?? '0'),
        vendorCode: code,
      };
    })
    .filter((charge) => charge.amount.minor !== 0);
  const sum = sumMoney(
    named.map((charge) => charge.amount),
    currency,
  );
  const restMinor = total.minor - sum.minor;
  const type: ChargeType = restMinor === amount(given.tax).minor ? 'tax' : named.length === 0 ? 'shipping' : 'adjustment';
  return { total, charges: restMinor === 0 ? named : [...named, { type, amount: { minor: restMinor, currency }, vendorCode: null }] };
}
