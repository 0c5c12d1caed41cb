import { orderOf, pullAll } from '@quartermaster/connector-kit/testing';
import { intentMemo } from '@quartermaster/connector-kit/sandbox';
import { centsProof } from '@quartermaster/domain';
import { expect, test } from 'vitest';
import { ada, givenShop, start } from './testing/shop.ts';

const mug = { lines: [{ sku: 'MUG', quantity: 2 }], address: ada };

test('before the debit an order has no address, and nothing of it is secured', async () => {
  const { channel, market } = givenShop();
  const { order, person } = await orderOf(channel, market.placeOrder({ ...mug, state: 'WAITING_DEBIT_PAYMENT' }));
  expect([order.destination, order.addressHash, person.shipTo, order.payment]).toEqual([
    null,
    null,
    null,
    { status: 'waiting_debit_payment', secured: { minor: 0, currency: 'EUR' } },
  ]);
});

test('the customer’s money brings the address, in ISO codes of two letters', async () => {
  const { channel, market } = givenShop();
  const id = market.placeOrder({ ...mug, state: 'WAITING_DEBIT_PAYMENT' });
  market.debit(id);
  const { order } = await orderOf(channel, id);
  expect([order.destination, order.payment.secured.minor]).toEqual([{ country: 'DE', region: null, postalArea: '531' }, 2_580]);
});

test('a fee is a line of its own, and commissions are in no amount', async () => {
  const { channel, market } = givenShop();
  const { order } = await orderOf(channel, market.placeOrder({ lines: [{ sku: 'TEA', quantity: 2, fee: 50 }], address: ada }));
  expect([order.lines.map(({ cause, total }) => [cause, total.minor]), order.total.minor, centsProof(order).explained]).toEqual([
    [
      [undefined, 900],
      ['fee', 50],
    ],
    950,
    true,
  ]);
});

test('tax that the operator pays to the state himself is told as such', async () => {
  const { channel, market } = givenShop({ market: { taxesIncluded: false } });
  const id = market.placeOrder({
    lines: [{ sku: 'TEA', quantity: 1, tax: 86 }],
    shipping: 100,
    shippingTax: 19,
    address: ada,
    remitted: true,
  });
  const { order } = await orderOf(channel, id);
  expect([order.total.minor, order.remittedTax?.minor, order.shippingTax.minor]).toEqual([655, 105, 19]);
});

test('what was refunded is not secured any more', async () => {
  const { channel, market } = givenShop();
  const id = market.placeOrder(mug);
  const line = { lineId: `${id}-1`, units: 1, amount: { minor: 1_290, currency: 'EUR' }, tax: { minor: 0, currency: 'EUR' } };
  const about = {
    refundId: 'r',
    shipping: null,
    adjustment: null,
    reason: 'lost',
    note: null,
    restockAt: null,
    notifyCustomer: false,
  } as const;
  await channel.refund?.make({ orderId: id, lines: [line], ...about }, intentMemo());
  expect((await orderOf(channel, id)).order.payment.secured.minor).toBe(1_290);
});

test('an order of the operator’s own fulfilment centre is nothing for us to ship', async () => {
  const { channel, market } = givenShop({ channel: { ownCenters: ['OURS'] } });
  expect((await orderOf(channel, market.placeOrder(mug))).order.lines[0]?.kind).toBe('non-stock');
});

test('orders that leave a window while it is read push no other one past us', async () => {
  const placed: string[] = [];
  let calls = 0;
  const { channel, clock, market } = givenShop({
    around: (app) => async (request) => {
      const reply = await app(request);
      if (request.url.includes('start_update_date') && ++calls <= 3)
        for (const id of placed.slice(calls * 10, calls * 10 + 5)) {
          clock.advanceTo(new Date(Date.parse(clock.now()) + 2_000).toISOString());
          market.writeNote(id, `changed ${calls}`);
        }
      return reply;
    },
  });
  for (let nth = 0; nth < 330; nth++) {
    await clock.sleep(10_000);
    placed.push(market.placeOrder(mug));
  }
  const first = await pullAll(channel, channel.cursorAt(start));
  const second = await pullAll(channel, first.cursor);
  const seen = new Set([...first.orders, ...second.orders].map(({ order }) => order.id));
  expect(placed.filter((id) => !seen.has(id))).toEqual([]);
});

test('one order that is not understood is told, and holds up nobody else', async () => {
  const { channel, market } = givenShop({
    around: (app) => async (request) => {
      const reply = await app(request);
      const text = await reply.text();
      return new Response(
        text.replace('"price_unit":4.5', '"price_unit":4.5,"quantity":"two"').replace('"price":4.5,', '"price":[],'),
        reply,
      );
    },
  });
  const bad = market.placeOrder({ lines: [{ sku: 'TEA', quantity: 1 }], address: ada });
  const good = market.placeOrder(mug);
  const { orders, unreadable } = await pullAll(channel, channel.cursorAt(start));
  expect([orders.map(({ order }) => order.id), unreadable.map(({ id }) => id)]).toEqual([[good], [bad]]);
});

test('polls keep to once a minute, and none is refused', async () => {
  const { channel, clock, exchanges, market } = givenShop();
  let { cursor } = await pullAll(channel, channel.cursorAt(start));
  const began = Date.parse(clock.now());
  for (let poll = 0; poll < 30; poll++) {
    market.placeOrder(mug);
    ({ cursor } = await pullAll(channel, cursor));
  }
  const elapsed = Date.parse(clock.now()) - began;
  expect([exchanges.filter(({ fault }) => fault !== null), Math.round(elapsed / 60_000)]).toEqual([[], 30]);
});

test('another shop’s id is refused, and not retried', async () => {
  const { channel, exchanges } = givenShop({ channel: { shopId: 7 } });
  await expect(channel.getOrder('Order_1-A')).rejects.toMatchObject({ code: 'forbidden' });
  expect(exchanges).toHaveLength(1);
});

test('of an order that was cancelled nothing is wanted, and it comes to nothing', async () => {
  const { channel, market } = givenShop();
  const id = market.placeOrder({ lines: [{ sku: 'MUG', quantity: 2, tax: 412, fee: 30 }], shipping: 490, address: ada });
  market.cancel(id);
  const { order } = await orderOf(channel, id);
  expect([order.status, order.lines.map(({ quantity, tax, total }) => [quantity, total.minor, tax.minor]), order.total.minor]).toEqual([
    'cancelled',
    [[0, 0, 0]],
    0,
  ]);
});

test('more orders than are held in memory are read in several windows, a minute apart, none lost or told twice', async () => {
  const { channel, clock, exchanges, market } = givenShop();
  const placed: string[] = [];
  for (let nth = 0; nth < 5_200; nth++) {
    await clock.sleep(500);
    placed.push(market.placeOrder(mug));
  }
  const { orders } = await pullAll(channel, channel.cursorAt(start));
  expect(orders.map(({ order }) => order.id)).toEqual(placed);
  expect(exchanges.filter(({ fault }) => fault !== null)).toEqual([]);
});
