import { orderOf, pullAll } from '@quartermaster/connector-kit/testing';
import { intentMemo } from '@quartermaster/connector-kit/sandbox';
import { centsProof } from '@quartermaster/domain';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { decimalText, minorOf, wireAmount } from './amounts.ts';
import { ada, givenShop } from './testing/shop.ts';

const line = fc.record({
  price: fc.integer({ min: 1, max: 200_000 }),
  quantity: fc.integer({ min: 1, max: 9 }),
  discountShare: fc.integer({ min: 0, max: 100 }),
  taxShare: fc.integer({ min: 0, max: 27 }),
  fee: fc.integer({ min: 0, max: 300 }),
  cancelled: fc.nat(3),
});
const scenario = fc.record({
  currency: fc.constantFrom('JPY', 'EUR', 'USD', 'KWD'),
  taxesIncluded: fc.boolean(),
  lines: fc.array(line, { minLength: 1, maxLength: 6 }),
  shipping: fc.integer({ min: 0, max: 5_000 }),
  shippingTax: fc.integer({ min: 0, max: 900 }),
});

test('an amount that was written as a JSON number is read to the minor unit', () => {
  fc.assert(
    fc.property(fc.integer({ min: -100_000_000, max: 100_000_000 }), fc.constantFrom('JPY', 'EUR', 'KWD'), (minor, currency) => {
      const amount: number = JSON.parse(JSON.stringify(wireAmount(minor, currency)));
      expect(minorOf(amount, currency)).toBe(minor);
    }),
  );
  expect([decimalText(1e-7), decimalText('12.30')]).toEqual(['0.0000001', '12.30']);
});

test('lines, fees, shipping and taxes are the total that the customer pays, whatever was cancelled of it', async () => {
  await fc.assert(
    fc.asyncProperty(scenario, async ({ currency, lines, shipping, shippingTax, taxesIncluded }) => {
      const { channel, market } = givenShop({ market: { currency, taxesIncluded } });
      const ordered = lines.map(({ discountShare, fee, price, quantity, taxShare }, nth) => {
        const sku = `SKU-${nth}`;
        market.addOffer({ sku, title: sku, price, stock: { berlin: 9 } });
        const discount = Math.floor((price * quantity * discountShare) / 100);
        return { sku, quantity, discount, fee, tax: Math.floor(((price * quantity - discount) * taxShare) / 100) };
      });
      const id = market.placeOrder({ lines: ordered, shipping, shippingTax, address: ada });
      const goods = ordered.reduce((sum, { discount, fee, quantity, tax }, nth) => {
        return sum + (lines[nth]?.price ?? 0) * quantity - discount + fee + (taxesIncluded ? 0 : tax);
      }, 0);
      const { order } = await orderOf(channel, id);
      const proof = centsProof(order);
      expect([order.total.minor, proof.difference.minor, proof.explained]).toEqual([
        goods + shipping + (taxesIncluded ? 0 : shippingTax),
        0,
        true,
      ]);
      expect(order.payment.secured).toEqual(order.total);

      for (const [nth, { cancelled, quantity }] of lines.entries()) {
        const units = Math.min(cancelled, quantity);
        const request = { orderId: id, reason: 'other', restock: false, notifyCustomer: false } as const;
        if (units > 0) await channel.cancellation?.make({ ...request, lines: [{ lineId: `${id}-${nth + 1}`, units }] }, intentMemo());
      }
      const left = await orderOf(channel, id);
      const after = centsProof(left.order);
      expect([after.difference.minor, after.explained]).toEqual([0, true]);
      expect(left.order.lines.filter(({ kind }) => kind === 'product').map(({ quantity }) => quantity)).toEqual(
        lines.map(({ cancelled, quantity }) => Math.max(0, quantity - cancelled)),
      );
      const isGone = lines.every(({ cancelled, quantity }) => cancelled >= quantity);
      expect([left.order.status, isGone ? left.order.total.minor : 0]).toEqual([isGone ? 'cancelled' : 'open', 0]);
    }),
    { numRuns: 50 },
  );
});

test('whatever happens to orders in whatever order, what was pulled last is what the marketplace has', async () => {
  const step = fc.tuple(fc.constantFrom('place', 'touch', 'cancel', 'debit', 'take out', 'wait', 'pull'), fc.nat(20));
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
      const { channel, clock, market } = givenShop();
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
        if (what === 'place')
          ids.push(market.placeOrder({ lines: [{ sku: 'MUG', quantity: 3 }], address: ada, state: 'WAITING_DEBIT_PAYMENT' }));
        else if (what === 'wait') await clock.sleep(which * 250);
        else if (what === 'pull') await pull();
        else if (id === undefined) continue;
        else if (what === 'touch') market.writeNote(id, `note ${which}`);
        else if (what === 'take out') market.cancelUnits(id, 'MUG', 1);
        else if (what === 'debit') market.debit(id);
        else market.cancel(id);
      }
      await pull();
      for (const id of ids) expect(read.get(id)).toBe((await orderOf(channel, id)).order.revision);
    }),
    { numRuns: 40 },
  );
});

test('hours of all kinds of work at once are refused nothing', async () => {
  const { channel, clock, exchanges, market } = givenShop();
  let { cursor } = await pullAll(channel, channel.cursorAt(clock.now()));
  for (let round = 0; round < 60; round++) {
    const orderId = market.placeOrder({ lines: [{ sku: 'MUG', quantity: 1 }], address: ada });
    const parcel = { carrier: 'ups', trackingNumbers: [`1Z${round}`], trackingUrl: null, shippedAt: clock.now(), notifyCustomer: false };
    const levels = ['MUG', 'TEA', 'CUP'].map((sku) => ({ sku, node: 'BER', available: round, expected: null }));
    const [pulled] = await Promise.all([
      pullAll(channel, cursor),
      channel.pushStock(levels, intentMemo()),
      channel.acknowledgement?.make({ orderId, ourRef: `S${round}` }, intentMemo()) ?? Promise.resolve(null),
      channel.confirmShipment({ orderId, node: 'BER', lines: [{ lineId: `${orderId}-1`, units: 1 }], ...parcel }, intentMemo()),
    ]);
    ({ cursor } = pulled);
  }
  expect(exchanges.filter(({ fault }) => fault !== null)).toEqual([]);
  expect(market.stock('MUG', 'berlin')).toBe(59);
});
