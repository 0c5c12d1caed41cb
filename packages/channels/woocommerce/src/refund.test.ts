import { intentMemo } from '@quartermaster/connector-kit/sandbox';
import { money, type Channel, type Refund } from '@quartermaster/domain';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { ada, givenShop } from './testing/shop.ts';

const taxed = { lines: [{ sku: 'MUG', quantity: 3, tax: '6.18' }], shipping: '4.90', shippingTax: '0.78', address: ada };

test('what is refunded is told to the shop without its tax, and the tax by rate', async () => {
  const sent: unknown[] = [];
  const { shop, channel } = givenShop({}, {}, (app) => async (request) => {
    if (request.method === 'POST') sent.push(await request.clone().json());
    return app(request);
  });
  const id = shop.placeOrder(taxed);
  const shipping = { amount: eur(490), tax: eur(78) };
  const refunded = await channel.refund?.make(await refundOf(channel, id, { shipping, adjustment: eur(100) }), intentMemo());
  const lines = [
    { id: expect.any(Number), quantity: 1, refund_total: '10.84', refund_tax: [{ id: 1, refund_total: '2.06' }] },
    { id: expect.any(Number), quantity: 0, refund_total: '4.12', refund_tax: [{ id: 1, refund_total: '0.78' }] },
  ];
  expect(refunded).toMatchObject({ amount: eur(1880), state: 'done' });
  expect(sent).toEqual([expect.objectContaining({ amount: '18.80', api_refund: true, api_restock: false, line_items: lines })]);
});

test('units go back on sale only where they shall be counted', async () => {
  const stocks = [];
  for (const restockAt of [null, 'BER']) {
    const { shop, channel } = givenShop();
    const id = shop.placeOrder(taxed);
    await channel.refund?.make(await refundOf(channel, id, { restockAt }), intentMemo());
    stocks.push(shop.stock('MUG'));
  }
  expect(stocks).toEqual([7, 8]);
});

test('more units than are left are refused before anything is sent, though the shop would take and stock them', async () => {
  const { shop, channel } = givenShop();
  const id = shop.placeOrder(taxed);
  const request = await refundOf(channel, id, {});
  const tooMany = { ...request, lines: request.lines.map((line) => ({ ...line, units: 4 })) };
  await expect(channel.refund?.make(tooMany, intentMemo())).rejects.toMatchObject({ code: 'refused', facts: { outcome: 'not-applied' } });
  expect([shop.stock('MUG'), shop.snapshot(id).refunds]).toEqual([7, []]);
});

test('a payment provider that cannot pay back is told as refused, once, and nothing is recorded', async () => {
  const { shop, channel, exchanges } = givenShop();
  const id = shop.placeOrder({ ...taxed, paymentMethod: 'bacs' });
  const request = await refundOf(channel, id, {});
  const before = exchanges.length;
  await expect(channel.refund?.make(request, intentMemo())).rejects.toMatchObject({
    code: 'refused',
    facts: { status: 500, outcome: 'not-applied' },
  });
  expect([exchanges.length - before, shop.snapshot(id).refunds]).toEqual([2, []]);
});

test('a refund that is paid by hand is only recorded', async () => {
  const { shop, channel } = givenShop({}, { refundThroughGateway: false });
  const id = shop.placeOrder({ ...taxed, paymentMethod: 'bacs' });
  await channel.refund?.make(await refundOf(channel, id, {}), intentMemo());
  expect(shop.snapshot(id).refunds).toEqual([{ amount: '12.90', reason: 'damaged [r1]' }]);
});

test('a refund that only has our name in its reason is found, because the shop writes the other after the money', async () => {
  const { shop, channel } = givenShop({}, { refundThroughGateway: false }, (app) => async (request) => {
    if (request.method !== 'POST') return app(request);
    const { meta_data: _lost, ...body } = z.looseObject({ meta_data: z.unknown() }).parse(await request.clone().json());
    return app(new Request(request.url, { method: 'POST', headers: request.headers, body: JSON.stringify(body) }));
  });
  const id = shop.placeOrder(taxed);
  const request = await refundOf(channel, id, {});
  await channel.refund?.make(request, intentMemo());
  expect(await channel.refund?.find(request, intentMemo())).toMatchObject({ kind: 'found', result: { amount: eur(1290) } });
});

test('an order of which everything went back is refunded, and wanted no more', async () => {
  const { shop, channel } = givenShop();
  const id = shop.placeOrder(taxed);
  const request = await refundOf(channel, id, { shipping: { amount: eur(490), tax: eur(78) } });
  const lines = request.lines.map((line) => ({ ...line, units: 3, amount: eur(3870), tax: eur(618) }));
  await channel.refund?.make({ ...request, lines }, intentMemo());
  const { order } = (await channel.getOrder(id)) ?? {};
  expect([order?.status, order?.payment, order?.lines[0]?.quantity]).toEqual(['cancelled', { status: 'refunded', secured: eur(0) }, 0]);
});

test('another currency, a line that is not there, tax on what was sold without, and nothing at all are refused', async () => {
  const { shop, channel } = givenShop();
  const id = shop.placeOrder({ ...taxed, lines: [{ sku: 'MUG', quantity: 3 }] });
  const request = await refundOf(channel, id, {});
  const [line] = request.lines;
  const wrong: Partial<Refund>[] = [
    { adjustment: money(100, 'USD') },
    { lines: [{ lineId: '999', units: 1, amount: eur(100), tax: eur(0) }] },
    { lines: [{ lineId: line?.lineId ?? '', units: 1, amount: eur(100), tax: eur(16) }] },
    { lines: [] },
  ];
  const codes = [];
  for (const part of wrong) codes.push(await channel.refund?.make({ ...request, ...part }, intentMemo()).catch((error) => error.code));
  expect([codes, shop.snapshot(id).refunds]).toEqual([['invalid-request', 'not-found', 'refused', 'invalid-request'], []]);
});

async function refundOf(channel: Channel, orderId: string, given: Partial<Refund>): Promise<Refund> {
  const { order } = (await channel.getOrder(orderId)) ?? {};
  const [line] = order?.lines ?? [];
  const tax = eur((line?.tax.minor ?? 0) / 3);
  const lines = [{ lineId: line?.id ?? '', units: 1, amount: eur(1290), tax }];
  return {
    orderId,
    refundId: 'r1',
    lines,
    shipping: null,
    adjustment: null,
    reason: 'damaged',
    note: null,
    restockAt: null,
    notifyCustomer: false,
    ...given,
  };
}

function eur(minor: number) {
  return money(minor, 'EUR');
}
