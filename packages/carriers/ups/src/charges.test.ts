import { sumMoney } from '@quartermaster/domain';
import { expect, test } from 'vitest';
import { priceOf } from './charges.ts';

const usd = (MonetaryValue: string) => ({ CurrencyCode: 'USD', MonetaryValue });
const listed = {
  BaseServiceCharge: [usd('20.00')],
  ItemizedCharges: [{ Code: '375', ...usd('3.60') }],
  TotalCharges: usd('29.55'),
};
const parcel = {
  ItemizedCharges: [{ Code: '270', ...usd('5.95') }],
  NegotiatedCharges: { ItemizedCharges: [{ Code: '270', ...usd('2.10') }] },
};

test('a price of the list is base, fuel and what the parcel costs extra', () => {
  expect(priceOf({ listed, negotiated: null, packages: [parcel] })).toEqual({
    total: { minor: 2_955, currency: 'USD' },
    charges: [
      { type: 'shipping', amount: { minor: 2_000, currency: 'USD' }, vendorCode: null },
      { type: 'fuel-charge', amount: { minor: 360, currency: 'USD' }, vendorCode: '375' },
      { type: 'delivery', amount: { minor: 595, currency: 'USD' }, vendorCode: '270' },
    ],
    isNegotiated: false,
  });
});

test('a price by contract goes before the list, and what UPS does not itemize of it is shipping', () => {
  const price = priceOf({
    listed,
    negotiated: { ItemizedCharges: [{ Code: '375', ...usd('1.80') }], TotalCharge: usd('13.90') },
    packages: [parcel],
  });
  expect(price).toMatchObject({ total: { minor: 1_390 }, isNegotiated: true });
  expect(price?.charges.map(({ type, amount }) => [type, amount.minor])).toEqual([
    ['fuel-charge', 180],
    ['delivery', 210],
    ['shipping', 1_000],
  ]);
});

test('a discount that UPS does not itemize is an adjustment', () => {
  const price = priceOf({ listed: { ...listed, TotalCharges: usd('27.00') }, negotiated: null, packages: [parcel] });
  expect(price?.charges.at(-1)).toEqual({ type: 'adjustment', amount: { minor: -255, currency: 'USD' }, vendorCode: null });
  expect(sumMoney(price?.charges.map(({ amount }) => amount) ?? [], 'USD')).toEqual(price?.total);
});

test('taxes are part of the price where UPS adds them', () => {
  const price = priceOf({
    listed: { ...listed, TaxCharges: [{ Type: 'VAT', MonetaryValue: '5.61' }], TotalChargesWithTaxes: usd('35.16') },
    negotiated: null,
    packages: [parcel],
  });
  expect(price?.charges.at(-1)).toEqual({ type: 'tax', amount: { minor: 561, currency: 'USD' }, vendorCode: 'VAT' });
});

test('yen have no hundredths', () => {
  expect(
    priceOf({ listed: { TotalCharges: { CurrencyCode: 'JPY', MonetaryValue: '2955' } }, negotiated: null, packages: [] })?.total,
  ).toEqual({ minor: 2_955, currency: 'JPY' });
});

test('a code that we have no word for is an additional fee and keeps its code', () => {
  const price = priceOf({ listed: { ...listed, ItemizedCharges: [{ Code: '999', ...usd('9.55') }] }, negotiated: null, packages: [] });
  expect(price?.charges[1]).toEqual({ type: 'additional-fees', amount: { minor: 955, currency: 'USD' }, vendorCode: '999' });
});
