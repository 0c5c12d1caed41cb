import { orderOf } from '@quartermaster/connector-kit/testing';
import type { ShipmentConfirmation } from '@quartermaster/domain';
import { intentMemo, sandboxFetch } from '@quartermaster/connector-kit/sandbox';
import { expect, test } from 'vitest';
import { miraklChannel } from './channel.ts';
import { ada, apiKey, givenShop, origin, start } from './testing/shop.ts';

const twoMugs = { lines: [{ sku: 'MUG', quantity: 2 }], address: ada };
const eur = (minor: number) => ({ minor, currency: 'EUR' });

function parcel(orderId: string, units: number, trackingNumbers: readonly string[]): ShipmentConfirmation {
  const about = { node: 'BER', carrier: 'ups', trackingUrl: null, shippedAt: start, notifyCustomer: false };
  return { orderId, lines: [{ lineId: `${orderId}-1`, units }], trackingNumbers, ...about };
}

test('an order that waits for acceptance is accepted when it is taken on', async () => {
  const { channel, market } = givenShop();
  const id = market.placeOrder({ ...twoMugs, state: 'WAITING_ACCEPTANCE' });
  await channel.acknowledgement?.make({ orderId: id, ourRef: 'S00042' }, intentMemo());
  expect(market.snapshot(id)).toMatchObject({ state: 'WAITING_DEBIT_PAYMENT', reference: 'S00042' });
});

test('orders that are taken on together are named in one call', async () => {
  const { channel, exchanges, market } = givenShop();
  const ids = Array.from({ length: 120 }, () => market.placeOrder(twoMugs));
  await Promise.all(ids.map(async (orderId, nth) => channel.acknowledgement?.make({ orderId, ourRef: `S${nth}` }, intentMemo())));
  expect(exchanges.filter(({ operation }) => operation === 'orders.name').length).toBeLessThanOrEqual(3);
  expect(ids.map((id) => market.snapshot(id).reference)).toEqual(ids.map((_id, nth) => `S${nth}`));
});

test('several parcels are one call, and each is a shipment with its tracking number', async () => {
  const { channel, exchanges, market } = givenShop();
  const id = market.placeOrder(twoMugs);
  await channel.confirmShipment(parcel(id, 2, ['1Z1', '1Z2']), intentMemo());
  expect(market.snapshot(id).shipments).toEqual([
    { tracking: '1Z1', units: { MUG: 1 } },
    { tracking: '1Z2', units: { MUG: 1 } },
  ]);
  expect(exchanges.filter(({ operation }) => operation === 'shipments.confirm')).toHaveLength(1);
});

test('where an order leaves as a whole its tracking number is told first, then that it left', async () => {
  const { channel, exchanges, market } = givenShop({ market: { multiShipment: false }, channel: { partialShipments: false } });
  const id = market.placeOrder(twoMugs);
  await channel.confirmShipment(parcel(id, 2, ['1Z1']), intentMemo());
  expect(market.snapshot(id)).toMatchObject({ state: 'SHIPPED', shipments: [{ tracking: '1Z1', units: { MUG: 2 } }] });
  expect(await channel.findShipment(parcel(id, 2, ['1Z1']))).toEqual({ kind: 'found', result: { ref: id } });
  expect(exchanges.map(({ operation }) => operation)).toEqual([
    'shipments.look',
    'shipments.tracking',
    'shipments.confirm',
    'shipments.find',
  ]);
});

test('where an order leaves as a whole a part of it is not told as all', async () => {
  const { channel, market } = givenShop({ market: { multiShipment: false }, channel: { partialShipments: false } });
  const id = market.placeOrder(twoMugs);
  await expect(channel.confirmShipment(parcel(id, 1, ['1Z1']), intentMemo())).rejects.toMatchObject({
    code: 'unsupported',
    facts: { outcome: 'not-applied' },
  });
  expect(market.snapshot(id).shipments).toEqual([]);
});

test('a probe tells of a platform that takes one shipment per order, and of a shop that is closed', async () => {
  const { channel, market } = givenShop({ market: { multiShipment: false } });
  market.setShopState('SUSPENDED');
  expect((await channel.probe()).problems).toEqual([
    'the shop is not open: SUSPENDED',
    'the platform takes one shipment per order: set partialShipments to false',
  ]);
});

test('a second probe of the day does not ask again who we are', async () => {
  const { channel, exchanges } = givenShop();
  const [first, second] = [await channel.probe(), await channel.probe()];
  expect([first, exchanges.filter(({ operation }) => operation === 'probe.account').length]).toEqual([second, 1]);
});

test('what is left of an order that left in part is cancelled by units', async () => {
  const { channel, market } = givenShop();
  const id = market.placeOrder({ lines: [{ sku: 'MUG', quantity: 3, tax: 100 }], shipping: 490, address: ada });
  await channel.confirmShipment(parcel(id, 1, ['1Z1']), intentMemo());
  await channel.cancellation?.make(
    { orderId: id, lines: null, reason: 'out-of-stock', restock: false, notifyCustomer: false },
    intentMemo(),
  );
  const { order } = await orderOf(channel, id);
  expect([market.snapshot(id).cancelledUnits, order.status, order.total.minor]).toEqual([{ MUG: 2 }, 'closed', 1_290 + 490]);
});

test('with tax on top a refund gives its tax back by the order’s own codes', async () => {
  const { channel, market } = givenShop({ market: { taxesIncluded: false } });
  const id = market.placeOrder({ lines: [{ sku: 'MUG', quantity: 1, tax: 245 }], shipping: 500, shippingTax: 95, address: ada });
  const lines = [{ lineId: `${id}-1`, units: 1, amount: eur(1_290), tax: eur(245) }];
  const shipping = { amount: eur(500), tax: eur(95) };
  const about = { refundId: 'r', adjustment: null, note: null, restockAt: null, notifyCustomer: false } as const;
  const refunded = await channel.refund?.make({ orderId: id, lines, shipping, reason: 'returned', ...about }, intentMemo());
  expect([refunded?.amount.minor, market.snapshot(id).refunds]).toEqual([2_130, [2_130]]);
});

test('a refund is pending until the operator has paid it', async () => {
  const { channel, market } = givenShop();
  const id = market.placeOrder(twoMugs);
  const request = {
    orderId: id,
    refundId: 'r',
    lines: [],
    shipping: null,
    adjustment: eur(100),
    reason: 'goodwill',
    note: null,
    restockAt: null,
    notifyCustomer: false,
  } as const;
  const intent = intentMemo();
  await channel.refund?.make(request, intent);
  const before = await channel.refund?.find(request, intent);
  market.payRefunds(id);
  const after = await channel.refund?.find(request, intent);
  expect([before, after]).toMatchObject([{ result: { state: 'pending' } }, { result: { state: 'done', amount: { minor: 100 } } }]);
});

test('a level of a warehouse that the shop has not is refused, and one of an offer that is not there is unknown', async () => {
  const { channel, market } = givenShop({ channel: { warehouses: { BER: 'berlin', ROM: 'roma' } } });
  const level = { available: 4, expected: null };
  const pushed = await channel.pushStock(
    [
      { sku: 'MUG', node: 'ROM', ...level },
      { sku: 'C;"UP', node: 'BER', ...level },
      { sku: 'TEA', node: 'BER', ...level },
    ],
    intentMemo(),
  );
  expect([pushed, market.stock('TEA', 'berlin')]).toEqual([
    [{ kind: 'refused', reason: 'Lager nicht gefunden' }, { kind: 'unknown-item', reason: 'Angebot nicht gefunden' }, { kind: 'set' }],
    4,
  ]);
});

test('a shop without warehouses has one figure for all nodes', async () => {
  const { clock, market } = givenShop({ market: { warehouses: [] } });
  market.addOffer({ sku: 'CUP', title: 'Cup', price: 100, stock: { '': 1 } });
  const channel = miraklChannel({ connection: 'c', origin, apiKey, clock, fetch: sandboxFetch({ [origin]: market.app }) });
  const pushed = await channel.pushStock([{ sku: 'CUP', node: '*', available: 6, expected: null }], intentMemo());
  expect([pushed, await channel.shownStock([{ sku: 'CUP', node: '*' }])]).toEqual([[{ kind: 'set' }], [6]]);
});

test('ten thousand levels are one file', async () => {
  const { channel, exchanges, market } = givenShop();
  const skus = Array.from({ length: 10_000 }, (_, nth) => `S${nth}`);
  for (const sku of skus) market.addOffer({ sku, title: sku, price: 100, stock: { berlin: 0 } });
  const pushed = await channel.pushStock(
    skus.map((sku, nth) => ({ sku, node: 'BER', available: nth, expected: null })),
    intentMemo(),
  );
  expect([
    pushed.every(({ kind }) => kind === 'set'),
    market.stock('S9999', 'berlin'),
    exchanges.map(({ operation }) => operation),
  ]).toEqual([true, 9_999, ['stock.import', 'stock.status', 'stock.status']]);
});

test('a return is told again when its state changes', async () => {
  const { channel, market } = givenShop();
  const id = market.placeOrder(twoMugs);
  const returnId = market.openReturn(id, 'MUG', 1);
  const states: string[] = [];
  let cursor = channel.cursorAt(start);
  for (const state of ['WAITING_ACCEPTANCE', 'IN_PROGRESS', 'RECEIVED']) {
    market.setReturnState(returnId, state);
    if (channel.returns !== null)
      for await (const page of channel.returns.pullReturns(cursor)) {
        states.push(...page.returns.map((one) => one.state));
        ({ cursor } = page);
      }
  }
  expect(states).toEqual(['requested', 'approved', 'received']);
});

test('an error report that breaks off is read again, and no refused level passes for set', async () => {
  let reports = 0;
  const { channel } = givenShop({
    around: (app) => async (request) => {
      const reply = await app(request);
      if (!request.url.includes('error_report') || ++reports > 1) return reply;
      const rows = (await reply.text()).split('\n');
      return new Response(rows.slice(0, 2).join('\n'), reply);
    },
  });
  const level = { node: 'BER', available: 4, expected: null };
  const pushed = await channel.pushStock(
    ['CUP', 'JUG', 'TEA'].map((sku) => ({ sku, ...level })),
    intentMemo(),
  );
  expect([pushed.map(({ kind }) => kind), reports]).toEqual([['unknown-item', 'unknown-item', 'set'], 2]);
});

test('an acceptance whose answer is lost is made once, and the order is taken on all the same', async () => {
  let accepted = 0;
  const { channel, market } = givenShop({
    around: (app) => async (request) => {
      const reply = await app(request);
      return request.url.includes('/accept') && ++accepted === 1 ? new Response('bad gateway', { status: 502 }) : reply;
    },
  });
  const id = market.placeOrder({ ...twoMugs, state: 'WAITING_ACCEPTANCE' });
  await channel.acknowledgement?.make({ orderId: id, ourRef: 'S00042' }, intentMemo());
  expect([accepted, market.snapshot(id)]).toMatchObject([2, { state: 'WAITING_DEBIT_PAYMENT', reference: 'S00042' }]);
});
