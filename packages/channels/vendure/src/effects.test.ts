import { intentMemo } from '@quartermaster/connector-kit/sandbox';
import { isFault, money, type Cancellation, type Refund } from '@quartermaster/domain';
import { expect, test } from 'vitest';
import { givenStockedShop } from './testing/shop.ts';

const cancellation: Omit<Cancellation, 'orderId'> = { lines: null, reason: 'customer', restock: false, notifyCustomer: false };

function parcelOf(orderId: string, lineId: string, units: number, trackingNumbers: readonly string[] = ['1Z1']) {
  const about = { orderId, node: 'BER', carrier: 'ups', trackingUrl: null, shippedAt: '2026-11-21T10:00:00.000Z', notifyCustomer: false };
  return { ...about, lines: [{ lineId, units }], trackingNumbers };
}

function givenOrder(order: Partial<Parameters<ReturnType<typeof givenStockedShop>['shop']['placeOrder']>[0]> = {}) {
  const given = givenStockedShop();
  const orderId = given.shop.placeOrder({ lines: [{ sku: 'MUG', quantity: 3 }], ...order });
  const lineId = given.shop.snapshot(orderId).lines[0]?.id ?? '';
  return { ...given, orderId, lineId };
}

test('what open orders have is left to them when a level is published', async () => {
  const { shop, channel } = givenOrder();
  await channel.pushStock([{ sku: 'MUG', node: 'BER', available: 0, expected: null }], intentMemo());
  expect(shop.saleable('MUG', '1')).toBe(0);
  expect(await channel.shownStock([{ sku: 'MUG', node: 'BER' }])).toEqual([0]);
});

test('what was published as nothing can still be shipped to those who have ordered it', async () => {
  const { shop, channel, orderId, lineId } = givenOrder();
  await channel.pushStock([{ sku: 'MUG', node: 'BER', available: 0, expected: null }], intentMemo());
  await channel.pushStock([{ sku: 'MUG', node: 'PAR', available: 0, expected: null }], intentMemo());
  await channel.confirmShipment(parcelOf(orderId, lineId, 3), intentMemo());
  expect(shop.snapshot(orderId).state).toBe('Shipped');
});

test('a parcel without a tracking number is confirmed once, and another one of the same goods is another', async () => {
  const { shop, channel, orderId, lineId } = givenOrder();
  const bare = parcelOf(orderId, lineId, 1, []);
  await channel.confirmShipment(bare, intentMemo());
  await channel.confirmShipment(bare, intentMemo());
  await channel.confirmShipment({ ...bare, shippedAt: '2026-11-21T12:00:00.000Z' }, intentMemo());
  expect(shop.snapshot(orderId).fulfillments).toHaveLength(2);
});

test("a line of another order is not shipped in this one's name", async () => {
  const { shop, channel, orderId } = givenOrder();
  const other = shop.placeOrder({ lines: [{ sku: 'MUG', quantity: 1 }] });
  const foreign = shop.snapshot(other).lines[0]?.id ?? '';
  await expect(channel.confirmShipment(parcelOf(orderId, foreign, 1), intentMemo())).rejects.toMatchObject({ code: 'not-found' });
  expect(shop.snapshot(other).fulfillments).toEqual([]);
});

test('the rest of an order that has shipped in part is cancelled, and what has shipped is not', async () => {
  const { shop, channel, orderId, lineId } = givenOrder();
  await channel.confirmShipment(parcelOf(orderId, lineId, 1), intentMemo());
  await channel.cancellation?.make({ orderId, ...cancellation }, intentMemo());
  expect(shop.snapshot(orderId).lines.map(({ quantity }) => quantity)).toEqual([1]);
});

test('an order that has shipped whole is not cancelled', async () => {
  const { shop, channel, orderId, lineId } = givenOrder();
  await channel.confirmShipment(parcelOf(orderId, lineId, 3), intentMemo());
  await expect(channel.cancellation?.make({ orderId, ...cancellation }, intentMemo())).rejects.toMatchObject({ code: 'refused' });
  expect(shop.snapshot(orderId).state).toBe('Shipped');
});

test('two cancellations of a unit are two, and one that is asked for again is one', async () => {
  const { shop, channel, orderId, lineId } = givenOrder();
  const unit = { orderId, ...cancellation, lines: [{ lineId, units: 1 }] };
  for (const key of ['one', 'one', 'two']) await channel.cancellation?.make(unit, intentMemo(key));
  expect(shop.snapshot(orderId).lines.map(({ quantity }) => quantity)).toEqual([1]);
});

test('a refund is pending until somebody has paid it, and done then', async () => {
  const { shop, channel, orderId } = givenOrder();
  const request = refundOf(orderId, 500);
  const refunded = await channel.refund?.make(request, intentMemo());
  shop.settleRefunds(orderId);
  const found = await channel.refund?.find(request, intentMemo());
  expect([refunded?.state, found]).toEqual(['pending', { kind: 'found', result: { ...refunded, state: 'done' } }]);
});

test('authorized money is taken whole or not at all', async () => {
  const { shop, channel, orderId } = givenOrder({ payment: 'Authorized' });
  const capture = channel.capture?.make({ orderId, amount: money(1000, 'EUR') }, intentMemo());
  await expect(capture).rejects.toMatchObject({ code: 'unsupported' });
  expect(shop.snapshot(orderId).payments.map(({ state }) => state)).toEqual(['Authorized']);
});

test('a cart is no order', async () => {
  const { shop, channel } = givenStockedShop();
  const cart = shop.placeOrder({ lines: [{ sku: 'MUG', quantity: 1 }], isCart: true });
  expect(await channel.getOrder(cart)).toBeNull();
});

test('a token that the shop does not know is told as forbidden, and not shown', async () => {
  const { channel } = givenStockedShop({ token: 'another' }, { token: 'secret-secret' });
  await expect(channel.probe()).rejects.toSatisfy(
    (error) => isFault(error) && error.code === 'forbidden' && !JSON.stringify(error).includes('secret-secret'),
  );
});

test('the token of a session is shown as one', async () => {
  const { channel } = givenStockedShop({ tokenMethod: 'bearer' }, { tokenMethod: 'bearer' });
  expect((await channel.probe()).problems).toEqual([]);
});

test('a probe names a node whose stock location is not there', async () => {
  const { channel } = givenStockedShop({}, { stockLocations: { BER: '1', ROM: '9' } });
  expect((await channel.probe()).problems).toEqual(['the shop has no stock location 9, which is to be node ROM']);
});

function refundOf(orderId: string, minor: number): Refund {
  const nothing = { lines: [], shipping: null, note: null, restockAt: null, notifyCustomer: false };
  return { orderId, refundId: 'r-1', adjustment: money(minor, 'EUR'), reason: 'goodwill', ...nothing };
}
