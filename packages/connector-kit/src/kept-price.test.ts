import { expect, test } from 'vitest';
import { keptPrice, keptPriceText } from './kept-price.ts';

test('a price is kept as text and read again, and anything else is none', () => {
  const amount = { minor: 2_145, currency: 'USD' };
  const price = { total: amount, charges: [{ type: 'shipping' as const, amount, vendorCode: null }] };
  expect(keptPrice(keptPriceText(price))).toEqual(price);
  expect([keptPrice(undefined), keptPrice(''), keptPrice('{'), keptPrice('{}')]).toEqual([null, null, null, null]);
});
