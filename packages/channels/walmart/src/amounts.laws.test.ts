import { centsProof } from '@quartermaster/domain';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { minorOf, wireAmount } from './amounts.ts';
import { ada, givenSeller, orderNow } from './testing/seller.ts';

test('every amount that can be written in cents is read as it was written', () => {
  fc.assert(
    fc.property(fc.integer({ min: -1_000_000_000, max: 1_000_000_000 }), (minor) => {
      const overTheWire: { currency: string; amount: number } = JSON.parse(JSON.stringify(wireAmount(minor, 'USD')));
      expect(minorOf(overTheWire, 'USD')).toBe(minor);
    }),
  );
});

test('amounts that a server added as floats are still the cents that they mean', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 100_000 }), { minLength: 1, maxLength: 30 }), (parts) => {
      const added = parts.reduce((sum, cents) => sum + cents / 100, 0);
      expect(minorOf({ currency: 'USD', amount: added }, 'USD')).toBe(parts.reduce((sum, cents) => sum + cents, 0));
    }),
  );
});

test('half a cent is no amount', () => {
  expect(() => minorOf({ currency: 'USD', amount: 12.905 }, 'USD')).toThrow(RangeError);
});

const lineArbitrary = fc
  .record({
    quantity: fc.integer({ min: 1, max: 9 }),
    price: fc.integer({ min: 1, max: 99_999 }),
    tax: fc.nat(9_999),
    fee: fc.nat(99),
    off: fc.nat(100),
  })
  .map(({ quantity, price, tax, fee, off }) => ({
    sku: 'MUG',
    quantity,
    price,
    tax,
    fee,
    discount: Math.floor((quantity * price * off) / 100),
  }));

test('whatever is ordered, discounted, taxed and cancelled, the total is derived to the cent, and all tax is Walmart’s to remit', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(lineArbitrary, { minLength: 1, maxLength: 4 }),
      fc.nat(2_000),
      fc.boolean(),
      fc.nat(9),
      async (lines, shipping, summary, cancelled) => {
        const { walmart, channel } = givenSeller();
        const id = walmart.placeOrder({ lines, address: ada, shipping, shippingTax: Math.floor(shipping / 10), summary });
        const first = lines[0]?.quantity ?? 0;
        if (cancelled > 0) walmart.cancelUnits(id, 'MUG', Math.min(first, cancelled));
        const order = await orderNow(channel, id);
        const taxes = order.lines.reduce((sum, { tax }) => sum + tax.minor, order.shippingTax.minor);
        expect([centsProof(order).explained, order.total.minor, order.remittedTax?.minor ?? 0]).toEqual([
          true,
          walmart.order(id).total,
          taxes,
        ]);
      },
    ),
    { numRuns: 60 },
  );
});
