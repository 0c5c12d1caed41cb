import { intentMemo } from '@quartermaster/connector-kit/sandbox';
import type { OrderStanding, StandingsQuery } from '@quartermaster/domain';
import { expect, test } from 'vitest';
import { ada, givenShop, start, type Given } from './testing/shop.ts';

async function read({ channel }: Given, of: StandingsQuery): Promise<OrderStanding[]> {
  const found: OrderStanding[] = [];
  for await (const page of channel.standings(of)) found.push(...page);
  return found;
}

const order = (given: Given, quantity = 2) => given.shop.placeOrder({ lines: [{ sku: 'MUG', quantity }], address: ada });

test('an order stands as the whole order says, with what is unshipped of each line', async () => {
  const given = givenShop();
  const { id } = order(given);
  const whole = (await given.channel.getOrder(id))?.order;

  const [standing] = await read(given, { orders: [id] });

  expect(standing).toEqual({
    id,
    name: '#1001',
    status: 'open',
    placedAt: whole?.placedAt,
    updatedAt: whole?.updatedAt,
    total: whole?.total,
    secured: whole?.payment.secured,
    lines: whole?.lines.map((line) => ({ id: line.id, quantity: 2, unshipped: 2 })),
  });
});

test('what was fulfilled or refunded is not waited for any more', async () => {
  const given = givenShop();
  const { id, lineIds } = order(given, 3);
  given.shop.refund(id, { lines: [{ line: 0, quantity: 1 }] });
  const shipment = { orderId: id, node: 'BER', lines: [{ lineId: lineIds[0] ?? '', units: 1 }], carrier: 'DHL', trackingNumbers: ['1'] };
  await given.channel.confirmShipment({ ...shipment, trackingUrl: null, shippedAt: start, notifyCustomer: false }, intentMemo());

  const [standing] = await read(given, { orders: [id] });

  expect(standing?.lines).toEqual([{ id: lineIds[0], quantity: 2, unshipped: 1 }]);
});

test('changed orders come in pages, and so do the lines of a long one', async () => {
  const given = givenShop();
  for (let index = 0; index < 60; index++)
    given.shop.addVariant({ sku: `S${index}`, title: 'Thing', grams: 1, price: '1.00', stock: { Berlin: 9 } });
  const long = given.shop.placeOrder({
    lines: Array.from({ length: 60 }, (_, index) => ({ sku: `S${index}`, quantity: 1 })),
    address: ada,
  });
  for (let index = 0; index < 40; index++) order(given, 1);

  const found = await read(given, { changedSince: start });

  expect([found.length, found.find(({ id }) => id === long.id)?.lines.length]).toEqual([41, 60]);
  expect(given.calls.filter((call) => call === 'standings.changed')).toHaveLength(2);
});

test('a long order that changes while its lines are read is read anew', async () => {
  let edits = 0;
  const given = givenShop({}, {}, (app) => async (request) => {
    const text = await request.clone().text();
    if (text.includes('StandingLines') && edits++ === 0) given.shop.setFinancialStatus('#1001', 'PENDING', '2026-11-21T10:00:00.000Z');
    return app(request);
  });
  for (let index = 0; index < 30; index++)
    given.shop.addVariant({ sku: `S${index}`, title: 'Thing', grams: 1, price: '1.00', stock: { Berlin: 9 } });
  const { id } = given.shop.placeOrder({
    lines: Array.from({ length: 30 }, (_, index) => ({ sku: `S${index}`, quantity: 1 })),
    address: ada,
  });

  const [standing] = await read(given, { orders: [id] });

  expect([standing?.updatedAt, standing?.lines.length]).toEqual(['2026-11-21T10:00:00.000Z', 30]);
});

test('an order that is not there is in no page, and one that changed long ago is not among the changed', async () => {
  const given = givenShop();
  const { id } = order(given);
  given.clock.advanceTo('2026-11-22T09:00:00.000Z');

  const ids = async (of: StandingsQuery) => (await read(given, of)).map((standing) => standing.id);

  expect([await ids({ orders: [id, '999'] }), await ids({ changedSince: '2026-11-22T08:00:00.000Z' })]).toEqual([[id], []]);
});

test('shown stock is told per place, null where the shop does not list it', async () => {
  const given = givenShop();
  const places = [
    { sku: 'MUG', node: 'PAR' },
    { sku: 'TEA', node: 'PAR' },
    { sku: 'NONE', node: 'BER' },
    { sku: 'MUG', node: 'BER' },
    { sku: 'MUG', node: 'elsewhere' },
  ];

  expect(await given.channel.shownStock(places)).toEqual([3, null, null, 10, null]);
});
