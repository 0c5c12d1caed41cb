import { centsProof } from '@quartermaster/domain';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { ada, givenSeller, orderNow, pullAll } from './testing/seller.ts';

const line = fc.record({
  price: fc.integer({ min: 1, max: 200_000 }),
  quantity: fc.integer({ min: 1, max: 9 }),
  discountShare: fc.integer({ min: 0, max: 100 }),
  taxShare: fc.integer({ min: 0, max: 27 }),
});

const scenario = fc.record({
  currency: fc.constantFrom('JPY', 'EUR', 'USD', 'KWD'),
  lines: fc.array(line, { minLength: 1, maxLength: 12 }),
  shipping: fc.integer({ min: 0, max: 5_000 }),
  shippingDiscountShare: fc.integer({ min: 0, max: 100 }),
  fee: fc.integer({ min: 0, max: 900 }),
  adjustment: fc.integer({ min: -300, max: 300 }),
});

test('lines, shipping and taxes less discount are the total that the buyer pays, to the minor unit', async () => {
  await fc.assert(
    fc.asyncProperty(scenario, async (given) => {
      const { ebay, channel } = givenSeller({ currency: given.currency });
      const lines = given.lines.map(({ price, quantity, discountShare, taxShare }) => {
        const discount = Math.floor((price * quantity * discountShare) / 100);
        return { sku: null, price, quantity, discount, tax: Math.floor(((price * quantity - discount) * taxShare) / 100) };
      });
      const shippingDiscount = Math.floor((given.shipping * given.shippingDiscountShare) / 100);
      const goods = lines.reduce((sum, one) => sum + one.price * one.quantity - one.discount + one.tax, 0);
      const beside = given.shipping - shippingDiscount + given.fee + given.adjustment;
      fc.pre(goods + beside >= 0);
      const { shipping, fee, adjustment } = given;
      const { id } = ebay.placeOrder({ lines, address: ada, shipping, shippingDiscount, fee, adjustment });
      const order = await orderNow(channel, id);
      const proof = centsProof(order);
      expect([order.total.minor, proof.difference.minor, proof.explained]).toEqual([goods + beside, 0, true]);
      expect(order.remittedTax?.minor ?? 0).toBe(lines.reduce((sum, { tax }) => sum + tax, 0));
    }),
    { numRuns: 60 },
  );
});

test('whatever happens to orders in whatever order, what was pulled last is what eBay has', async () => {
  const step = fc.tuple(fc.constantFrom('place', 'touch', 'cancel', 'pay', 'ask', 'wait', 'pull'), fc.nat(20));
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
      const { ebay, channel, clock } = givenSeller();
      const ids: string[] = [];
      const read = new Map<string, string>();
      let cursor = channel.cursorAt(clock.now());
      const pull = async () => {
        const pulled = await pullAll(channel, cursor);
        ({ cursor } = pulled);
        for (const { order } of pulled.orders) read.set(order.id, order.revision);
      };
      for (const [what, which] of steps) {
        const id = ids[which % Math.max(1, ids.length)];
        if (what === 'place') ids.push(ebay.placeOrder({ lines: [{ sku: 'MUG', quantity: 1 }], address: ada, payment: 'PENDING' }).id);
        else if (what === 'wait') await clock.sleep(which * 250);
        else if (what === 'pull') await pull();
        else if (id === undefined) continue;
        else if (what === 'touch') ebay.changeAddress(id, { ...ada, phone: String(which) });
        else if (what === 'pay') ebay.setPayment(id, 'PAID');
        else if (what === 'ask') ebay.askToCancel(id);
        else ebay.cancelOrder(id);
      }
      await pull();
      for (const id of ids) expect(read.get(id)).toBe((await orderNow(channel, id)).revision);
    }),
    { numRuns: 40 },
  );
});
