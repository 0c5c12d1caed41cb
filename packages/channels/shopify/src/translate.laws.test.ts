import { pullAll } from '@quartermaster/connector-kit/testing';
import { currencyExponent } from '@quartermaster/domain';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import type { NewOrder } from './sandbox/index.ts';
import { givenShop } from './testing/shop.ts';

/** Decimal text of a number of minor units. */
function decimal(minor: number, currency: string): string {
  const exponent = currencyExponent(currency);
  const digits = String(minor).padStart(exponent + 1, '0');
  return exponent === 0 ? digits : `${digits.slice(0, -exponent)}.${digits.slice(-exponent)}`;
}

const line = fc.record({
  price: fc.integer({ min: 1, max: 200_000 }),
  quantity: fc.integer({ min: 1, max: 9 }),
  discountShare: fc.integer({ min: 0, max: 100 }),
  taxShare: fc.integer({ min: 0, max: 27 }),
  removedShare: fc.integer({ min: 0, max: 100 }),
});

const scenario = fc.record({
  currency: fc.constantFrom('JPY', 'EUR', 'USD', 'KWD'),
  taxesIncluded: fc.boolean(),
  lines: fc.array(line, { minLength: 1, maxLength: 14 }),
  orderDiscountShare: fc.integer({ min: 0, max: 100 }),
  shipping: fc.integer({ min: 0, max: 5_000 }),
  shippingDiscountShare: fc.integer({ min: 0, max: 100 }),
  shippingTaxShare: fc.integer({ min: 0, max: 27 }),
  duties: fc.integer({ min: 0, max: 2_000 }),
  refundShipping: fc.boolean(),
  cancelled: fc.boolean(),
});

test('lines, shipping and taxes less discount are the total that the customer pays, to the minor unit', async () => {
  await fc.assert(
    fc.asyncProperty(scenario, async (given) => {
      const { currency } = given;
      const { shop, channel } = givenShop({ currency, taxesIncluded: given.taxesIncluded });
      const amounts = given.lines.map((one) => one.price * one.quantity);
      const discounts = given.lines.map((one, index) => Math.floor(((amounts[index] ?? 0) * one.discountShare) / 100));
      const net = amounts.reduce((sum, amount, index) => sum + amount - (discounts[index] ?? 0), 0);
      const shippingDiscount = Math.floor((given.shipping * given.shippingDiscountShare) / 100);
      const placed = shop.placeOrder({
        lines: given.lines.map((one, index): NewOrder['lines'][number] => ({
          sku: null,
          title: `line ${index}`,
          quantity: one.quantity,
          price: decimal(one.price, currency),
          discount: decimal(discounts[index] ?? 0, currency),
          tax: decimal(Math.round(((amounts[index] ?? 0) * one.taxShare) / 100), currency),
        })),
        discount: decimal(Math.floor((net * given.orderDiscountShare) / 100), currency),
        shippingPrice: decimal(given.shipping, currency),
        shippingDiscount: decimal(shippingDiscount, currency),
        shippingTax: decimal(Math.floor(((given.shipping - shippingDiscount) * given.shippingTaxShare) / 100), currency),
        duties: decimal(given.duties, currency),
      });
      const removed = given.lines.map((one, index) => ({ line: index, quantity: Math.floor((one.quantity * one.removedShare) / 100) }));
      shop.refund(placed.name, { lines: removed.filter(({ quantity }) => quantity > 0), shipping: given.refundShipping });
      if (given.cancelled) shop.cancelOrder(placed.name);

      const { order } = (await pullAll(channel)).orders[0] ?? {};
      if (order === undefined) throw new Error('the order was not pulled');
      const total = order.lines.reduce((sum, one) => sum + one.total.minor, 0) + order.shipping.minor - order.orderDiscount.minor;
      const tax = order.lines.reduce((sum, one) => sum + one.tax.minor, 0) + order.shippingTax.minor;
      expect(total + (given.taxesIncluded ? 0 : tax)).toBe(order.total.minor);
      expect(decimal(order.total.minor, currency)).toBe(decimalOfSnapshot(shop.snapshot().orders[0]?.total ?? '', currency));
      expect(order.lines.filter((one) => one.id === 'difference')).toEqual([]);
      expect(order.orderDiscount.minor).toBe(0);
      expect(order.lines.every((one) => one.total.minor >= 0)).toBe(true);
    }),
    { numRuns: 150 },
  );
});

/** Shopify's decimal with all digits of its currency. */
function decimalOfSnapshot(text: string, currency: string): string {
  const [whole = '', fraction = ''] = text.split('.');
  const exponent = currencyExponent(currency);
  return exponent === 0 ? whole : `${whole}.${fraction.padEnd(exponent, '0').slice(0, exponent)}`;
}
