import { intentMemo } from '@quartermaster/connector-kit/sandbox';
import { ConnectorFault } from '@quartermaster/domain';
import { createHmac } from 'node:crypto';
import { expect, test } from 'vitest';
import { ada, givenSeller, start, webhookSecret } from './testing/seller.ts';

const mug = { lines: [{ sku: 'MUG', quantity: 1 }], address: ada };
const parcel = {
  node: 'BER',
  lines: [{ lineId: '1', units: 1 }],
  trackingNumbers: ['T1'],
  trackingUrl: null,
  shippedAt: start,
  notifyCustomer: false,
};
const level = (sku: string, available: number, node = 'BER') => ({ sku, node, available, expected: null });

test('an order that nobody took on is acknowledged before it is shipped', async () => {
  const { walmart, channel, events } = givenSeller();
  const orderId = walmart.placeOrder(mug);
  await channel.confirmShipment({ orderId, carrier: 'LaserShip', ...parcel }, intentMemo());
  expect(events.map(({ operation }) => operation)).toEqual(['token.grant', 'shipments.look', 'shipments.acknowledge', 'shipments.confirm']);
});

test('a carrier that Walmart does not list is taken with a tracking address only', async () => {
  const { walmart, channel } = givenSeller();
  const request = { orderId: walmart.placeOrder(mug), carrier: 'Bike Couriers', ...parcel };
  await expect(channel.confirmShipment(request, intentMemo())).rejects.toMatchObject({ code: 'invalid-request' });
  const trackingUrl = 'https://bikes.example/T1';
  await expect(channel.confirmShipment({ ...request, trackingUrl }, intentMemo())).resolves.toEqual({ ref: 'T1' });
});

test('the customer’s own wish is the reason of a cancellation only where Walmart knows of it', async () => {
  const { walmart, channel } = givenSeller();
  const [asked, silent] = [walmart.placeOrder(mug), walmart.placeOrder(mug)];
  walmart.askToCancel(asked);
  for (const orderId of [asked, silent])
    await channel.cancellation?.make(
      { orderId, lines: null, reason: 'customer', restock: false, notifyCustomer: false },
      intentMemo(orderId),
    );
  expect([asked, silent].map((id) => walmart.order(id).lines[0]?.cancelled)).toEqual([1, 1]);
});

test('many levels go in one feed, in which each item has its own outcome', async () => {
  const { walmart, channel, events } = givenSeller();
  for (let nth = 0; nth < 120; nth++) walmart.addItem({ sku: `S${nth}`, title: '', price: 1, stock: {} });
  const skus = [...Array.from({ length: 120 }, (_, nth) => `S${nth}`), 'GONE'];
  const pushed = await channel.pushStock(
    skus.map((sku) => level(sku, 7)),
    intentMemo(),
  );
  expect([pushed.filter(({ kind }) => kind === 'set').length, pushed.at(-1)?.kind, walmart.stock('S119', '1000005050')]).toEqual([
    120,
    'unknown-item',
    7,
  ]);
  expect(events.map(({ operation }) => operation).filter((one) => one === 'stock.feed')).toEqual(['stock.feed']);
});

test('a feed that takes Walmart long is asked for again by the next attempt, and not sent twice', async () => {
  const { channel, clock, events } = givenSeller({ feedMs: 600_000 });
  const levels = ['MUG', 'TEA', ...Array.from({ length: 120 }, (_, nth) => `S${nth}`)].map((sku) => level(sku, 2));
  const intent = intentMemo();
  const first: unknown = await channel.pushStock(levels, intent).catch((error: unknown) => error);
  await clock.sleep(600_000);
  const second = await channel.pushStock(levels, intent);
  expect(first instanceof ConnectorFault && first.facts.outcome).toBe('unknown');
  expect(second.slice(0, 3).map(({ kind }) => kind)).toEqual(['set', 'set', 'unknown-item']);
  expect(events.filter(({ operation }) => operation === 'stock.feed').length).toBe(1);
});

test('without ship nodes there is one figure, set at the seller’s default node', async () => {
  const { walmart, channel } = givenSeller({}, ({ shipNodes: _apart, ...together }) => together);
  const few = await channel.pushStock([level('MUG', 4, '*'), level('GONE', 1, '*')], intentMemo('few'));
  const many = await channel.pushStock(
    ['TEA', 'A', 'B', 'C'].map((sku) => level(sku, 6, '*')),
    intentMemo('many'),
  );
  expect([few.map(({ kind }) => kind), many[0]?.kind]).toEqual([['set', 'unknown-item'], 'set']);
  expect([walmart.stock('MUG', '1000005050'), walmart.stock('TEA', '1000005050')]).toEqual([4, 6]);
});

test.each(['base64', 'hex'] as const)(
  'a notification whose HMAC is written in %s is genuine, and one of the older form too',
  async (encoding) => {
    const { channel } = givenSeller();
    const body = JSON.stringify({
      eventType: 'PO_CREATED',
      eventVersion: 'V1',
      resourceName: 'ORDER',
      payload: { order: { purchaseOrderId: '1796277083022' } },
    });
    const signature = createHmac('sha256', webhookSecret).update(body).digest(encoding);
    const verdict = await channel.verifyWebhook(new TextEncoder().encode(body), { 'x-walmart-signature': signature });
    expect(verdict).toMatchObject({ kind: 'genuine', topic: 'PO_CREATED', orderId: '1796277083022' });
  },
);

test('a key that may only look is told by the probe', async () => {
  const { channel } = givenSeller({ scopes: { orders: 'view_only', inventory: 'no_access', feeds: 'full_access' } });
  expect((await channel.probe()).problems).toEqual(['the key has view only to orders', 'the key has no access to inventory']);
});

test('an amount that belongs to no line goes back with lines that were charged as much, with the tax that was asked for', async () => {
  const { walmart, channel } = givenSeller();
  const orderId = walmart.placeOrder({ ...mug, lines: [{ sku: 'MUG', quantity: 1, tax: 100 }], shipping: 490, shippingTax: 40 });
  await channel.confirmShipment({ orderId, carrier: 'UPS', ...parcel }, intentMemo());
  const usd = (minor: number) => ({ minor, currency: 'USD' });
  const shipping = { amount: usd(490), tax: usd(40) };
  const about = {
    refundId: 'r1',
    lines: [],
    shipping,
    adjustment: usd(300),
    reason: 'goodwill',
    note: null,
    restockAt: null,
    notifyCustomer: false,
  } as const;
  expect([await channel.refund?.make({ orderId, ...about }, intentMemo()), walmart.order(orderId).refunds]).toEqual([
    { ref: 'r1', amount: usd(830), state: 'done' },
    [{ comments: 'r1', amount: 830 }],
  ]);
});
