import { intentMemo } from '@quartermaster/connector-kit/sandbox';
import { expect, test } from 'vitest';
import { givenShop, type Given } from './testing/shop.ts';

function givenOrder() {
  const given = givenShop();
  const { id, lineIds } = given.shop.placeOrder({
    lines: [
      { sku: 'MUG', quantity: 2 },
      { sku: 'TEA', quantity: 1 },
    ],
  });
  const [mug = '', tea = ''] = lineIds;
  return {
    ...given,
    id,
    mug,
    tea,
    hold: { orderId: id, name: 'qm-fraud', reason: 'fraud', note: 'address does not fit the card' } as const,
  };
}

function ordersOf({ shop }: Given) {
  return (shop.snapshot().orders[0]?.fulfillmentOrders ?? []).filter(({ status }) => status !== 'CLOSED');
}

test('an order on hold is held once, however often it is asked for, and says why', async () => {
  const given = givenOrder();
  await given.channel.fulfilment.hold.make(given.hold, intentMemo());
  await given.channel.fulfilment.hold.make(given.hold, intentMemo());
  expect(ordersOf(given)).toMatchObject([{ status: 'ON_HOLD', holds: [{ handle: 'qm-fraud', reason: 'HIGH_RISK_OF_FRAUD' }] }]);
});

test('an order that is on hold cannot be shipped, and can once it is released', async () => {
  const given = givenOrder();
  const parcel = { carrier: 'dhl', trackingNumbers: ['1'], trackingUrl: null, shippedAt: given.clock.now(), notifyCustomer: false };
  const shipment = { orderId: given.id, node: 'BER', lines: [{ lineId: given.mug, units: 2 }], ...parcel };
  await given.channel.fulfilment.hold.make(given.hold, intentMemo());
  await expect(given.channel.confirmShipment(shipment, intentMemo('ship'))).rejects.toMatchObject({
    message: expect.stringContaining('on hold'),
  });
  await given.channel.fulfilment.release.make({ orderId: given.id, name: 'qm-fraud' }, intentMemo());
  await expect(given.channel.confirmShipment(shipment, intentMemo('ship'))).resolves.toHaveProperty('ref');
});

test('releasing our hold leaves the merchant’s', async () => {
  const given = givenOrder();
  given.shop.holdOrder(given.id);
  await given.channel.fulfilment.hold.make(given.hold, intentMemo());
  await given.channel.fulfilment.release.make({ orderId: given.id, name: 'qm-fraud' }, intentMemo());
  expect(ordersOf(given)).toMatchObject([{ status: 'ON_HOLD', holds: [{ handle: '' }] }]);
});

test('a hold is found while it is there', async () => {
  const given = givenOrder();
  const kinds: string[] = [];
  const look = async () => kinds.push((await given.channel.fulfilment.hold.find(given.hold, intentMemo())).kind);
  await look();
  await given.channel.fulfilment.hold.make(given.hold, intentMemo());
  await look();
  await given.channel.fulfilment.release.make({ orderId: given.id, name: 'qm-fraud' }, intentMemo());
  await look();
  expect(kinds).toEqual(['absent', 'found', 'absent']);
});

test('a second reason is a second hold, and both must be released', async () => {
  const given = givenOrder();
  await given.channel.fulfilment.hold.make(given.hold, intentMemo());
  await given.channel.fulfilment.hold.make({ ...given.hold, name: 'qm-payment', reason: 'payment' }, intentMemo());
  await given.channel.fulfilment.release.make({ orderId: given.id, name: 'qm-fraud' }, intentMemo());
  expect(ordersOf(given)).toMatchObject([{ status: 'ON_HOLD', holds: [{ reason: 'AWAITING_PAYMENT' }] }]);
});

test('units are assigned to the node that is to ship them, once', async () => {
  const given = givenOrder();
  const request = { orderId: given.id, node: 'PAR', lines: [{ lineId: given.mug, units: 1 }] };
  await given.channel.fulfilment.move.make(request, intentMemo());
  await given.channel.fulfilment.move.make(request, intentMemo());
  const inParis = ordersOf(given).filter(({ location }) => location === 'Paris');
  expect(inParis.map(({ lines }) => lines.map(({ remaining }) => remaining))).toEqual([[1]]);
  await expect(given.channel.fulfilment.move.find(request, intentMemo())).resolves.toMatchObject({ kind: 'found' });
});

test('units are split off into a fulfillment order of their own, once', async () => {
  const given = givenOrder();
  const request = { orderId: given.id, lines: [{ lineId: given.tea, units: 1 }] };
  const first = await given.channel.fulfilment.split.make(request, intentMemo());
  const second = await given.channel.fulfilment.split.make(request, intentMemo());
  expect(second).toEqual(first);
  expect(ordersOf(given).map(({ lines }) => lines.map(({ sku, remaining }) => [sku, remaining]))).toEqual([[['MUG', 2]], [['TEA', 1]]]);
});

test('an order of which nothing waits to be shipped is not held', async () => {
  const given = givenOrder();
  given.shop.cancelOrder(given.id);
  await expect(given.channel.fulfilment.hold.make(given.hold, intentMemo())).rejects.toMatchObject({ code: 'refused' });
});
