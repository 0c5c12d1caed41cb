import { intentMemo, withFaults, type SandboxApp } from '@quartermaster/connector-kit/sandbox';
import { isFault, type ShipmentConfirmation } from '@quartermaster/domain';
import { expect, test } from 'vitest';
import { givenShop, start, type Given } from './testing/shop.ts';

function shipmentOf(placed: { id: string; lineIds: readonly string[] }, over: Partial<ShipmentConfirmation> = {}): ShipmentConfirmation {
  return {
    orderId: placed.id,
    node: 'BER',
    lines: placed.lineIds.map((lineId) => ({ lineId, units: 1 })),
    carrier: 'UPS',
    trackingNumbers: ['1Z-1'],
    trackingUrl: null,
    shippedAt: start,
    notifyCustomer: true,
    ...over,
  };
}

const orderOf = (given: Given) => given.shop.snapshot().orders[0];

/** Lets only the creation of fulfillments go wrong. */
function onFulfillment(fault: 'drop-after' | 'drop-before' | 'hang-after' | 'error-after', times = 1): (app: SandboxApp) => SandboxApp {
  let left = times;
  return (app) => {
    const broken = withFaults(app, () => fault);
    return async (request) => {
      const hit = (await request.clone().text()).includes('mutation CreateFulfillment') && left-- > 0;
      return hit ? broken(request) : app(request);
    };
  };
}

test('ships a whole order with carrier and tracking', async () => {
  const given = givenShop();
  const placed = given.shop.placeOrder({
    lines: [
      { sku: 'MUG', quantity: 1 },
      { sku: 'TEA', quantity: 1 },
    ],
  });
  const confirmed = await given.channel.confirmShipment(
    shipmentOf(placed, { carrier: 'ups', trackingUrl: 'https://track.example/1Z-1' }),
    intentMemo(),
  );
  expect(orderOf(given)).toMatchObject({
    fulfillmentStatus: 'FULFILLED',
    fulfillments: [
      {
        id: confirmed.ref,
        location: 'Berlin',
        trackingCompany: 'UPS',
        trackingNumbers: ['1Z-1'],
        trackingUrls: ['https://track.example/1Z-1'],
        notifiedCustomer: true,
        lines: [
          { sku: 'MUG', quantity: 1 },
          { sku: 'TEA', quantity: 1 },
        ],
      },
    ],
  });
});

test('ships an order in two parcels on two days', async () => {
  const given = givenShop();
  const placed = given.shop.placeOrder({ lines: [{ sku: 'MUG', quantity: 3 }] });
  const [lineId = ''] = placed.lineIds;
  await given.channel.confirmShipment(shipmentOf(placed, { lines: [{ lineId, units: 1 }], trackingNumbers: ['1Z-1'] }), intentMemo('one'));
  await given.channel.confirmShipment(shipmentOf(placed, { lines: [{ lineId, units: 2 }], trackingNumbers: ['1Z-2'] }), intentMemo('two'));
  expect(orderOf(given)?.fulfillments.map((one) => one.lines)).toEqual([
    [{ lineId, sku: 'MUG', quantity: 1 }],
    [{ lineId, sku: 'MUG', quantity: 2 }],
  ]);
});

test('ships from the node that really ships, though Shopify had chosen another', async () => {
  const given = givenShop();
  const placed = given.shop.placeOrder({ lines: [{ sku: 'MUG', quantity: 1 }] });
  await given.channel.confirmShipment(shipmentOf(placed, { node: 'PAR' }), intentMemo());
  expect(orderOf(given)?.fulfillments.map((one) => one.location)).toEqual(['Paris']);
  expect(given.shop.stock('MUG', 'Berlin')).toMatchObject({ available: 10, committed: 0 });
  expect(given.shop.stock('MUG', 'Paris')).toMatchObject({ available: 2, committed: 0, onHand: 2 });
});

test('lets a node ship what it did not stock in Shopify', async () => {
  const given = givenShop();
  const placed = given.shop.placeOrder({ lines: [{ sku: 'TEA', quantity: 1 }] });
  await given.channel.confirmShipment(shipmentOf(placed, { node: 'PAR' }), intentMemo());
  expect(orderOf(given)?.fulfillments.map((one) => one.location)).toEqual(['Paris']);
});

test('ships one order from two nodes, each its own part', async () => {
  const given = givenShop();
  const placed = given.shop.placeOrder({
    lines: [
      { sku: 'MUG', quantity: 4 },
      { sku: 'TEA', quantity: 2 },
    ],
  });
  const [mug = '', tea = ''] = placed.lineIds;
  const fromParis = [
    { lineId: mug, units: 1 },
    { lineId: tea, units: 1 },
  ];
  const fromBerlin = [
    { lineId: mug, units: 3 },
    { lineId: tea, units: 1 },
  ];
  await given.channel.confirmShipment(shipmentOf(placed, { node: 'PAR', lines: fromParis, trackingNumbers: ['P'] }), intentMemo('p'));
  await given.channel.confirmShipment(shipmentOf(placed, { node: 'BER', lines: fromBerlin, trackingNumbers: ['B'] }), intentMemo('b'));
  expect(orderOf(given)).toMatchObject({
    fulfillmentStatus: 'FULFILLED',
    fulfillments: [
      {
        location: 'Paris',
        lines: [
          { sku: 'MUG', quantity: 1 },
          { sku: 'TEA', quantity: 1 },
        ],
      },
      {
        location: 'Berlin',
        lines: [
          { sku: 'MUG', quantity: 3 },
          { sku: 'TEA', quantity: 1 },
        ],
      },
    ],
  });
});

test('brings together at one node what Shopify had spread over two', async () => {
  const given = givenShop();
  given.shop.addVariant({ sku: 'JAR', title: 'Jar', grams: 300, price: '8.00', stock: { Paris: 5 } });
  const placed = given.shop.placeOrder({
    lines: [
      { sku: 'TEA', quantity: 1 },
      { sku: 'JAR', quantity: 1 },
    ],
  });
  const spread = orderOf(given)?.fulfillmentOrders.map((one) => one.location);
  await given.channel.confirmShipment(shipmentOf(placed), intentMemo());
  expect(spread).toEqual(['Berlin', 'Paris']);
  expect(orderOf(given)?.fulfillments.map((one) => [one.location, one.lines.length])).toEqual([['Berlin', 2]]);
});

test('ships a line without stock figures together with the rest', async () => {
  const given = givenShop();
  const placed = given.shop.placeOrder({
    lines: [
      { sku: 'MUG', quantity: 1 },
      { sku: null, title: 'Card', price: '1.00', quantity: 1 },
    ],
  });
  await given.channel.confirmShipment(shipmentOf(placed, { node: 'PAR' }), intentMemo());
  expect(orderOf(given)?.fulfillments.map((one) => [one.location, one.lines.length])).toEqual([['Paris', 2]]);
});

test.each(['drop-after', 'hang-after', 'error-after'] as const)(
  'makes exactly one fulfillment when the answer is lost (%s)',
  async (fault) => {
    const given = givenShop({}, { timeoutMs: fault === 'hang-after' ? 100 : 30_000 }, onFulfillment(fault));
    const placed = given.shop.placeOrder({ lines: [{ sku: 'MUG', quantity: 2 }] });
    const [lineId = ''] = placed.lineIds;
    const request = shipmentOf(placed, { lines: [{ lineId, units: 1 }] });
    const failure: unknown = await given.channel.confirmShipment(request, intentMemo()).catch((error: unknown) => error);
    const found = await given.channel.findShipment(request);
    expect(isFault(failure) && failure.facts.outcome).toBe('unknown');
    expect(found).toEqual({ kind: 'found', result: { ref: orderOf(given)?.fulfillments[0]?.id } });
    expect(orderOf(given)?.fulfillments).toHaveLength(1);
  },
);

test('finds nothing, and so may ship again, when the request itself was lost', async () => {
  const given = givenShop({}, {}, onFulfillment('drop-before'));
  const placed = given.shop.placeOrder({ lines: [{ sku: 'MUG', quantity: 1 }] });
  const request = shipmentOf(placed);
  await expect(given.channel.confirmShipment(request, intentMemo())).rejects.toMatchObject({ facts: { outcome: 'unknown' } });
  expect(await given.channel.findShipment(request)).toEqual({ kind: 'absent' });
  await given.channel.confirmShipment(request, intentMemo());
  expect(orderOf(given)?.fulfillments).toHaveLength(1);
});

test('a shipment that is confirmed twice is one fulfillment', async () => {
  const given = givenShop();
  const placed = given.shop.placeOrder({ lines: [{ sku: 'MUG', quantity: 2 }] });
  const [lineId = ''] = placed.lineIds;
  const request = shipmentOf(placed, { lines: [{ lineId, units: 1 }] });
  const first = await given.channel.confirmShipment(request, intentMemo());
  const second = await given.channel.confirmShipment(request, intentMemo());
  expect(second).toEqual(first);
  expect(orderOf(given)?.fulfillments).toHaveLength(1);
});

test('is found by any of its tracking numbers, and not by another parcel’s', async () => {
  const given = givenShop();
  const placed = given.shop.placeOrder({ lines: [{ sku: 'MUG', quantity: 1 }] });
  await given.channel.confirmShipment(shipmentOf(placed, { trackingNumbers: ['1Z-1', '1Z-2'] }), intentMemo());
  expect((await given.channel.findShipment(shipmentOf(placed, { trackingNumbers: ['1Z-2'] }))).kind).toBe('found');
  expect((await given.channel.findShipment(shipmentOf(placed, { trackingNumbers: ['1Z-3'] }))).kind).toBe('absent');
});

test('cannot tell a shipment without tracking number from one that somebody else made', async () => {
  const given = givenShop();
  const placed = given.shop.placeOrder({ lines: [{ sku: 'MUG', quantity: 2 }] });
  const [lineId = ''] = placed.lineIds;
  const request = shipmentOf(placed, { lines: [{ lineId, units: 1 }], trackingNumbers: [] });
  expect((await given.channel.findShipment(request)).kind).toBe('absent');
  await given.channel.confirmShipment(request, intentMemo());
  expect((await given.channel.findShipment(request)).kind).toBe('cannot-tell');
});

test('ships no more than is left', async () => {
  const given = givenShop();
  const placed = given.shop.placeOrder({ lines: [{ sku: 'MUG', quantity: 2 }] });
  const [lineId = ''] = placed.lineIds;
  await expect(given.channel.confirmShipment(shipmentOf(placed, { lines: [{ lineId, units: 3 }] }), intentMemo())).rejects.toMatchObject({
    code: 'refused',
    message: expect.stringContaining('2 of 3 units'),
    facts: { outcome: 'not-applied' },
  });
});

test('ships nothing that Shopify holds, and says so', async () => {
  const given = givenShop();
  const placed = given.shop.placeOrder({ lines: [{ sku: 'MUG', quantity: 1 }] });
  given.shop.holdOrder(placed.name);
  await expect(given.channel.confirmShipment(shipmentOf(placed), intentMemo())).rejects.toMatchObject({
    code: 'refused',
    message: expect.stringContaining('1 more are on hold'),
  });
});

test('ships nothing of a cancelled order', async () => {
  const given = givenShop();
  const placed = given.shop.placeOrder({ lines: [{ sku: 'MUG', quantity: 1 }] });
  given.shop.cancelOrder(placed.name);
  await expect(given.channel.confirmShipment(shipmentOf(placed), intentMemo())).rejects.toMatchObject({ code: 'refused' });
});

test('ships all lines of an order that is longer than a page', async () => {
  const given = givenShop();
  const placed = given.shop.placeOrder({
    lines: Array.from({ length: 60 }, (_, index) => ({ sku: null, title: `line ${index}`, price: '1.00', quantity: 1 })),
  });
  await given.channel.confirmShipment(shipmentOf(placed), intentMemo());
  expect(orderOf(given)).toMatchObject({ fulfillmentStatus: 'FULFILLED', fulfillments: [{ location: 'Berlin' }] });
});

test('does not know a node without location', async () => {
  const given = givenShop();
  const placed = given.shop.placeOrder({ lines: [{ sku: 'MUG', quantity: 1 }] });
  await expect(given.channel.confirmShipment(shipmentOf(placed, { node: 'LYON' }), intentMemo())).rejects.toMatchObject({
    code: 'misconfigured',
  });
});
