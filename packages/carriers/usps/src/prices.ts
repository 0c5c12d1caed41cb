import type { Price } from '@quartermaster/connector-kit';
import { multiplyPrice, sumMoney, type Charge, type Money } from '@quartermaster/domain';
import type { WireFee, WireMetadata } from './wire.ts';

/** USPS prices in US dollars alone, as numbers with two decimals. */
export function dollars(amount: number): Money {
  return multiplyPrice(amount.toFixed(4), 1, 'USD');
}

/** Postage, fees (such as for length) and extra services; what costs nothing is no part. */
export function priceOf(given: {
  readonly postage: number;
  readonly sku: string | null | undefined;
  readonly fees: readonly WireFee[];
  readonly extras: readonly { readonly type: Charge['type']; readonly price: number; readonly code: string | null }[];
}): Price {
  const charges: Charge[] = [
    { type: 'shipping' as const, amount: dollars(given.postage), vendorCode: given.sku ?? null },
    ...given.fees.map(({ name, SKU, price }): Charge => ({
      type: feeType(name),
      amount: dollars(price ?? 0),
      vendorCode: SKU ?? name ?? null,
    })),
    ...given.extras.map(({ type, price, code }): Charge => ({ type, amount: dollars(price), vendorCode: code })),
  ].filter(({ amount }) => amount.minor !== 0);
  return {
    total: sumMoney(
      charges.map(({ amount }) => amount),
      'USD',
    ),
    charges,
  };
}

/** What a bought label costs: its extra services have names and no codes there. Null where USPS does not say. */
export function boughtPrice({ postage, SKU, fees, extraServices }: WireMetadata): Price | null {
  if (postage == null) return null;
  return priceOf({
    postage,
    sku: SKU,
    fees: fees ?? [],
    extras: (extraServices ?? []).map(({ name, SKU: sku, price }) => ({
      type: serviceType(name ?? ''),
      price: price ?? 0,
      code: sku ?? name ?? null,
    })),
  });
}

/** USPS names fees for nonstandard length and volume. */
function feeType(name: string | null | undefined): Charge['type'] {
  return /nonstandard|length|volume|oversize/i.test(name ?? '') ? 'oversize' : 'additional-fees';
}

function serviceType(name: string): Charge['type'] {
  if (/insurance/i.test(name)) return 'insurance';
  return /signature|certified/i.test(name) ? 'confirmation' : 'additional-fees';
}
