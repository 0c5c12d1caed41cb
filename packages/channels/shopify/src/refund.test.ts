import { intentMemo } from '@quartermaster/connector-kit/sandbox';
import { money, type Refund } from '@quartermaster/domain';
import { expect, test } from 'vitest';
import type { NewOrder } from './sandbox/index.ts';
import { givenShop, type Given } from './testing/shop.ts';

const eur = (minor: number) => money(minor, 'EUR');
const none = eur(0);

async function givenShipped(order: Partial<NewOrder> = {}, shop: Parameters<typeof givenShop>[0] = {}) {
  const given = givenShop(shop);
  const { id, lineIds } = given.shop.placeOrder({
    lines: [
      { sku: 'MUG', quantity: 3, discount: '1.00' },
      { sku: 'TEA', quantity: 1 },
    ],
    shippingPrice: '4.90',
    ...order,
  });
  const [mug = '', tea = ''] = lineIds;
  const parcel = { carrier: 'dhl', trackingNumbers: ['1'], trackingUrl: null, shippedAt: given.clock.now(), notifyCustomer: false };
  await given.channel.confirmShipment({ orderId: id, node: 'BER', lines: [{ lineId: mug, units: 2 }], ...parcel }, intentMemo('ship'));
  const request: Refund = {
    orderId: id,
    refundId: 'R-1',
    lines: [],
    shipping: null,
    adjustment: null,
    reason: 'returned',
    note: null,
    restockAt: null,
    notifyCustomer: false,
  };
  return { ...given, mug, tea, request };
}

function refundOf({ channel }: Given) {
  if (channel.refund === null) throw new RangeError('no refund');
  return channel.refund;
}

function orderOf({ shop }: Given) {
  const [order] = shop.snapshot().orders;
  if (order === undefined) throw new RangeError('no order');
  return order;
}

test('the customer gets lines, shipping and goodwill together, to the cent, out of what was paid', async () => {
  const given = await givenShipped();
  const lines = [{ lineId: given.mug, units: 1, amount: eur(1257), tax: none }];
  const request = { ...given.request, lines, shipping: { amount: eur(490), tax: none }, adjustment: eur(253) };
  await expect(refundOf(given).make(request, intentMemo())).resolves.toMatchObject({ amount: eur(2000), state: 'done' });
  expect(orderOf(given)).toMatchObject({ financialStatus: 'PARTIALLY_REFUNDED', refunds: [{ amount: '20.0' }] });
});

test('tax that comes on top is given back, too', async () => {
  const given = await givenShipped({ lines: [{ sku: 'MUG', quantity: 3, tax: '7.35' }] }, { taxesIncluded: false });
  const request = { ...given.request, lines: [{ lineId: given.mug, units: 1, amount: eur(1290), tax: eur(245) }] };
  await expect(refundOf(given).make(request, intentMemo())).resolves.toMatchObject({ amount: eur(1535) });
});

test('money alone, for no line, is refunded', async () => {
  const given = await givenShipped();
  await expect(refundOf(given).make({ ...given.request, adjustment: eur(500) }, intentMemo())).resolves.toMatchObject({
    amount: eur(500),
  });
  expect(orderOf(given).lines.map((line) => line.currentQuantity)).toEqual([3, 1]);
});

test('a line without units is a price reduction: no unit is refunded', async () => {
  const given = await givenShipped();
  const lines = [{ lineId: given.mug, units: 0, amount: eur(300), tax: none }];
  await expect(refundOf(given).make({ ...given.request, lines, reason: 'price' }, intentMemo())).resolves.toMatchObject({
    amount: eur(300),
  });
  expect(orderOf(given).lines[0]?.currentQuantity).toBe(3);
});

test('the same refund a second time is the first, also when Shopify has forgotten the key', async () => {
  const given = await givenShipped();
  const request = { ...given.request, adjustment: eur(500), note: 'goodwill' };
  const first = await refundOf(given).make(request, intentMemo('one'));
  const second = await refundOf(given).make(request, intentMemo('another'));
  expect(second).toEqual(first);
  expect(orderOf(given).refunds).toEqual([{ id: first.ref, amount: '5.0', note: 'goodwill [Quartermaster R-1]' }]);
});

test('more than was paid is refused before Shopify is asked, and says how much can be', async () => {
  const given = await givenShipped();
  await expect(refundOf(given).make({ ...given.request, adjustment: eur(99_900) }, intentMemo())).rejects.toMatchObject({
    code: 'refused',
    message: expect.stringContaining('47.10 can be'),
  });
});

test('units that came back can be bought at the node where they are', async () => {
  const given = await givenShipped();
  const lines = [{ lineId: given.mug, units: 2, amount: eur(2513), tax: none }];
  await refundOf(given).make({ ...given.request, lines, restockAt: 'PAR' }, intentMemo());
  expect(given.shop.stock('MUG', 'Paris').available).toBe(5);
  expect(given.shop.stock('MUG', 'Berlin')).toMatchObject({ available: 7, committed: 1 });
});

test('units of a cancelled line that had not shipped are no longer to be shipped', async () => {
  const given = await givenShipped();
  const lines = [{ lineId: given.mug, units: 1, amount: eur(1257), tax: none }];
  await refundOf(given).make({ ...given.request, lines, reason: 'cancelled', restockAt: 'BER' }, intentMemo());
  expect(given.shop.stock('MUG', 'Berlin')).toMatchObject({ available: 8, committed: 0 });
});

test('units that were taken out of the order before are paid back as money', async () => {
  const given = await givenShipped();
  const about = { orderId: given.request.orderId, reason: 'out-of-stock', restock: false, notifyCustomer: false } as const;
  await given.channel.cancellation?.make({ ...about, lines: [{ lineId: given.tea, units: 1 }] }, intentMemo('cancel'));
  const lines = [{ lineId: given.tea, units: 1, amount: eur(450), tax: none }];
  await expect(refundOf(given).make({ ...given.request, lines, reason: 'cancelled' }, intentMemo())).resolves.toMatchObject({
    amount: eur(450),
  });
});

test('a refund that the payment provider is still at is pending, and done later', async () => {
  const given = await givenShipped({}, { takes: { refundMs: 60_000 } });
  const request = { ...given.request, adjustment: eur(500) };
  const made = await refundOf(given).make(request, intentMemo());
  await given.clock.sleep(60_000);
  const found = await refundOf(given).find(request, intentMemo());
  expect([made.state, found]).toMatchObject(['pending', { kind: 'found', result: { state: 'done' } }]);
});

test('of an order paid in dollars exactly what Shopify reckons for its lines is refunded, in dollars', async () => {
  const given = await givenShipped({ lines: [{ sku: 'MUG', quantity: 3 }], presentment: { currency: 'USD', rate: 1.1 } });
  const lines = [{ lineId: given.mug, units: 1, amount: eur(1290), tax: none }];
  await expect(refundOf(given).make({ ...given.request, lines }, intentMemo())).resolves.toMatchObject({ amount: eur(1290) });
});

test('of an order paid in dollars another amount is not guessed', async () => {
  const given = await givenShipped({ presentment: { currency: 'USD', rate: 1.1 } });
  await expect(refundOf(given).make({ ...given.request, adjustment: eur(500) }, intentMemo())).rejects.toMatchObject({
    code: 'unsupported',
  });
});

test('a line that the order does not have is refused', async () => {
  const given = await givenShipped();
  const lines = [{ lineId: '4711', units: 1, amount: eur(100), tax: none }];
  await expect(refundOf(given).make({ ...given.request, lines }, intentMemo())).rejects.toMatchObject({ code: 'not-found' });
});
