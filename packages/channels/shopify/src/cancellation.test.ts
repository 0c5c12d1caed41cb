import { intentMemo } from '@quartermaster/connector-kit/sandbox';
import type { Cancellation } from '@quartermaster/domain';
import { expect, test } from 'vitest';
import { ada, givenShop, type Given } from './testing/shop.ts';

const about = { reason: 'out-of-stock', restock: false, notifyCustomer: false } as const;

function givenOrder(options: Parameters<typeof givenShop>[1] = {}) {
  const given = givenShop({}, options);
  const { id, lineIds } = given.shop.placeOrder({
    lines: [
      { sku: 'MUG', quantity: 3 },
      { sku: 'TEA', quantity: 1 },
    ],
    shippingPrice: '4.90',
    address: ada,
  });
  const whole: Cancellation = { orderId: id, lines: null, ...about };
  return { ...given, id, mug: lineIds[0] ?? '', whole };
}

function orderOf({ shop }: Given) {
  const [order] = shop.snapshot().orders;
  if (order === undefined) throw new RangeError('no order');
  return order;
}

function cancellation({ channel }: Given) {
  if (channel.cancellation === null) throw new RangeError('no cancellation');
  return channel.cancellation;
}

test('a whole order is cancelled by a job: it is requested, then pending, then found', async () => {
  const given = givenOrder();
  const memo = intentMemo();
  const made = await cancellation(given).make(given.whole, memo);
  const early = await cancellation(given).find(given.whole, memo);
  await given.clock.sleep(2_000);
  const late = await cancellation(given).find(given.whole, memo);
  expect([made.state, early.kind, late]).toEqual(['requested', 'pending', { kind: 'found', result: { ref: given.id, state: 'done' } }]);
  expect(orderOf(given).cancelReason).toBe('INVENTORY');
});

test('an order that is cancelled already is cancelled, and Shopify is not asked again', async () => {
  const given = givenOrder();
  given.shop.cancelOrder('#1001');
  await expect(cancellation(given).make(given.whole, intentMemo())).resolves.toEqual({ ref: given.id, state: 'done' });
  expect(given.calls).toEqual(['orders.cancellable']);
});

test('a cancellation gives no money back by itself', async () => {
  const given = givenOrder();
  await cancellation(given).make(given.whole, intentMemo());
  await given.clock.sleep(2_000);
  expect(orderOf(given)).toMatchObject({ financialStatus: 'PAID', refunds: [] });
});

test('a cancellation gives the money back where the connection says so', async () => {
  const given = givenOrder({ refundOnCancel: true });
  await cancellation(given).make(given.whole, intentMemo());
  await given.clock.sleep(2_000);
  expect(orderOf(given)).toMatchObject({ financialStatus: 'REFUNDED', refunds: [{ amount: '48.1' }] });
});

test('units of a cancelled order are on sale again only when the request says so', async () => {
  const available = async (restock: boolean) => {
    const given = givenOrder();
    await cancellation(given).make({ ...given.whole, restock }, intentMemo());
    await given.clock.sleep(2_000);
    given.shop.snapshot();
    return given.shop.stock('MUG', 'Berlin').available;
  };
  expect([await available(false), await available(true)]).toEqual([7, 10]);
});

test('single units that are out of stock are taken out and not on sale again', async () => {
  const given = givenOrder();
  const request = { ...given.whole, lines: [{ lineId: given.mug, units: 2 }] };
  await cancellation(given).make(request, intentMemo());
  expect(orderOf(given).lines.map((line) => line.currentQuantity)).toEqual([1, 1]);
  expect(given.shop.stock('MUG', 'Berlin')).toMatchObject({ available: 7, committed: 1 });
});

test('the same cancellation of units a second time takes out no more', async () => {
  const given = givenOrder();
  const memo = intentMemo();
  const request = { ...given.whole, lines: [{ lineId: given.mug, units: 1 }] };
  await cancellation(given).make(request, memo);
  await cancellation(given).make(request, memo);
  expect(orderOf(given).lines[0]?.currentQuantity).toBe(2);
});

test('of an order that shipped in part the rest is cancelled, and what shipped stays', async () => {
  const given = givenOrder();
  await given.channel.confirmShipment(
    {
      orderId: given.id,
      node: 'BER',
      lines: [{ lineId: given.mug, units: 1 }],
      carrier: 'dhl',
      trackingNumbers: ['00340'],
      trackingUrl: null,
      shippedAt: given.clock.now(),
      notifyCustomer: false,
    },
    intentMemo('ship'),
  );
  const made = await cancellation(given).make(given.whole, intentMemo());
  expect(made.state).toBe('done');
  expect(orderOf(given)).toMatchObject({ cancelledAt: null, lines: [{ currentQuantity: 1 }, { currentQuantity: 0 }] });
});

test('more units than have not shipped are not cancelled', async () => {
  const given = givenOrder();
  const request = { ...given.whole, lines: [{ lineId: given.mug, units: 4 }] };
  await expect(cancellation(given).make(request, intentMemo())).rejects.toMatchObject({
    code: 'refused',
    facts: { outcome: 'not-applied' },
  });
  expect(orderOf(given).lines[0]?.currentQuantity).toBe(3);
});

test('single units of an order that another app made are not taken out, and nothing happened', async () => {
  const given = givenShop();
  const { id, lineIds } = given.shop.placeOrder({ lines: [{ sku: 'MUG', quantity: 2 }], byAnotherApp: true });
  const request = { orderId: id, lines: [{ lineId: lineIds[0] ?? '', units: 1 }], ...about };
  await expect(cancellation(given).make(request, intentMemo())).rejects.toMatchObject({
    code: 'refused',
    facts: { outcome: 'not-applied' },
  });
});
