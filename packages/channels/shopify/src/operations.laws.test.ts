import { intentMemo } from '@quartermaster/connector-kit/sandbox';
import { centsProof, isFault, money, type Channel, type ChannelOrder } from '@quartermaster/domain';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { givenShop } from './testing/shop.ts';

const eur = (minor: number) => money(minor, 'EUR');

const step = fc.oneof(
  fc.record({ kind: fc.constant('cancel' as const), line: fc.nat(1), units: fc.integer({ min: 1, max: 3 }), restock: fc.boolean() }),
  fc.record({ kind: fc.constant('ship' as const), line: fc.nat(1), units: fc.integer({ min: 1, max: 3 }) }),
  fc.record({
    kind: fc.constant('refund' as const),
    line: fc.nat(1),
    units: fc.nat(3),
    amount: fc.nat(1_500),
    shipping: fc.nat(300),
    adjustment: fc.nat(400),
    restock: fc.boolean(),
    cancelled: fc.boolean(),
  }),
);
type Step = typeof step extends fc.Arbitrary<infer Value> ? Value : never;

/** Does one step as far as the shop lets it; what it refuses it must refuse without a trace. */
async function take(channel: Channel, order: ChannelOrder, given: Step, nth: number): Promise<void> {
  const orderId = order.id;
  const lineId = order.lines[given.line]?.id ?? '';
  const memo = intentMemo(`step-${nth}`);
  if (given.kind === 'cancel') {
    const about = { reason: 'out-of-stock', restock: given.restock, notifyCustomer: false } as const;
    await channel.cancellation?.make({ orderId, lines: [{ lineId, units: given.units }], ...about }, memo);
  } else if (given.kind === 'ship') {
    const parcel = { carrier: 'dhl', trackingNumbers: [`T${nth}`], trackingUrl: null, shippedAt: order.placedAt, notifyCustomer: false };
    await channel.confirmShipment({ orderId, node: 'BER', lines: [{ lineId, units: given.units }], ...parcel }, memo);
  } else {
    await channel.refund?.make(
      {
        orderId,
        refundId: `R-${nth}`,
        lines: [{ lineId, units: given.units, amount: eur(given.amount), tax: eur(0) }],
        shipping: given.shipping === 0 ? null : { amount: eur(given.shipping), tax: eur(0) },
        adjustment: eur(given.adjustment),
        reason: given.cancelled ? 'cancelled' : 'returned',
        note: null,
        restockAt: given.restock ? 'BER' : null,
        notifyCustomer: false,
      },
      memo,
    );
  }
}

async function outcomeOf(step: Promise<void>): Promise<'done' | 'not-applied' | 'unknown'> {
  try {
    await step;
    return 'done';
  } catch (error) {
    if (!isFault(error)) throw error;
    return error.facts.outcome;
  }
}

test('whatever is cancelled, shipped and refunded in whatever order, the total is derived to the cent and no more goes back than was paid', async () => {
  await fc.assert(
    fc.asyncProperty(fc.boolean(), fc.array(step, { minLength: 1, maxLength: 6 }), async (taxesIncluded, steps) => {
      const { shop, channel } = givenShop({ taxesIncluded });
      const { id } = shop.placeOrder({
        lines: [
          { sku: 'MUG', quantity: 3, discount: '0.50', tax: '6.11' },
          { sku: 'TEA', quantity: 2, tax: '1.43' },
        ],
        shippingPrice: '4.90',
        shippingTax: '0.78',
      });
      const read = async () => {
        const pulled = await channel.getOrder(id);
        if (pulled === null) throw new RangeError('the order is gone');
        return pulled.order;
      };
      const paid = (await read()).payment.secured.minor;
      for (const [nth, one] of steps.entries()) {
        const before = await read();
        const outcome = await outcomeOf(take(channel, before, one, nth));
        const after = await read();
        expect(outcome).not.toBe('unknown');
        expect(outcome === 'done' || { ...after, updatedAt: '', revision: '' }).toEqual(
          outcome === 'done' || { ...before, updatedAt: '', revision: '' },
        );
        const refunded = (shop.snapshot().orders[0]?.refunds ?? []).reduce((sum, { amount }) => sum + Math.round(Number(amount) * 100), 0);
        expect(centsProof(after).difference.minor).toBe(0);
        expect(after.lines.every(({ cause }) => cause !== 'unexplained')).toBe(true);
        expect(after.payment.secured.minor).toBe(paid - refunded);
        expect(refunded).toBeLessThanOrEqual(paid);
      }
    }),
    { numRuns: 40 },
  );
});
