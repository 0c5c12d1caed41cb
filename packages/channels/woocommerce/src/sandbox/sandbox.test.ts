import { expect, test } from 'vitest';
import { ada, givenShop, keys, origin } from '../testing/shop.ts';

// What the sandbox enforces and shows, each as measured on WooCommerce 11.0.1.

const aMug = { lines: [{ sku: 'MUG', quantity: 3, tax: '6.18' }], address: ada, paymentMethod: 'bacs' };
const basic = `Basic ${btoa(`${keys.consumerKey}:${keys.consumerSecret}`)}`;

type Shop = ReturnType<typeof givenShop>['shop'];

async function ask({ app }: Shop, method: string, path: string, body?: object) {
  const headers = { authorization: basic, 'content-type': 'application/json' };
  const answer = await app(
    new Request(`${origin}/wp-json/wc/v3${path}`, { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) }),
  );
  return { status: answer.status, text: await answer.text(), headers: answer.headers };
}

test.each<[string, string, string, object | undefined, number, string]>([
  ['a page of 101', 'GET', '/orders?per_page=101', undefined, 400, 'rest_invalid_param'],
  ['page 0', 'GET', '/orders?page=0', undefined, 400, 'rest_invalid_param'],
  ['a status that is none', 'GET', '/orders?status=shipped', undefined, 400, 'rest_invalid_param'],
  ['an order by something else', 'GET', '/orders?orderby=total', undefined, 400, 'rest_invalid_param'],
  ['a time that is none', 'GET', '/orders?modified_after=yesterday', undefined, 400, 'rest_invalid_param'],
  ['an order that is not there', 'GET', '/orders/999', undefined, 404, 'woocommerce_rest_shop_order_invalid_id'],
  ['an address that is not there', 'GET', '/shipments', undefined, 404, 'rest_no_route'],
  ['fulfilments while the feature is off', 'GET', '/orders/999/fulfillments', undefined, 404, 'rest_no_route'],
  [
    'a batch of 101',
    'POST',
    '/products/batch',
    { update: Array.from({ length: 101 }, (_, id) => ({ id })) },
    413,
    'woocommerce_rest_request_entity_too_large',
  ],
  ['a webhook without an address', 'POST', '/webhooks', { topic: 'order.created' }, 400, 'rest_missing_callback_param'],
  ['to put a webhook into the trash', 'DELETE', '/webhooks/1', undefined, 501, 'woocommerce_rest_trash_not_supported'],
])('%s is refused', async (_title, method, path, body, status, code) => {
  const { shop } = givenShop();
  const answer = await ask(shop, method, path, body);
  expect([answer.status, JSON.parse(answer.text)]).toEqual([status, expect.objectContaining({ code })]);
});

test('a variation among products, and an item that is not there, are refused each by itself', async () => {
  const { shop } = givenShop();
  const parent = shop.addProduct({ sku: '', name: 'Shirt', price: '10', stock: null, type: 'variable' });
  const variation = shop.addProduct({ sku: 'S', name: 'S', price: '10', stock: 1, parent });
  const update = [
    { id: variation, stock_quantity: 5 },
    { id: 999, stock_quantity: 5 },
    { id: 10, stock_quantity: 5.9 },
  ];
  const { text } = await ask(shop, 'POST', '/products/batch', { update });
  expect([JSON.parse(text), shop.stock('S')]).toEqual([
    {
      update: [
        expect.objectContaining({ error: expect.objectContaining({ code: 'woocommerce_rest_invalid_product_id' }) }),
        expect.objectContaining({ error: expect.objectContaining({ code: 'woocommerce_rest_product_invalid_id' }) }),
        expect.objectContaining({ stock_quantity: 5 }),
      ],
    },
    1,
  ]);
});

test('no SKU is taken twice', () => {
  expect(() => givenShop().shop.addProduct({ sku: 'MUG', name: 'Mug', price: '1', stock: 1 })).toThrow(RangeError);
});

test('`any` is everything but the trash, also where the trash is named beside it', async () => {
  const { shop } = givenShop();
  const [kept, trashed] = [shop.placeOrder(aMug), shop.placeOrder(aMug)];
  shop.trashOrder(trashed ?? '');
  const found = await Promise.all(
    ['any', 'any,trash', 'trash'].map(async (status) => JSON.parse((await ask(shop, 'GET', `/orders?status=${status}&_fields=id`)).text)),
  );
  expect(found).toEqual([[{ id: Number(kept) }], [{ id: Number(kept) }], [{ id: Number(trashed) }]]);
  expect((await ask(shop, 'GET', `/orders/${trashed}`)).text).toContain('"status":"trash"');
});

test('a filter of time takes none of its own second', async () => {
  const { shop } = givenShop();
  shop.placeOrder(aMug);
  const ids = async (after: string) =>
    JSON.parse((await ask(shop, 'GET', `/orders?modified_after=${after}&dates_are_gmt=true&_fields=id`)).text);
  expect([await ids('2026-11-21T09:00:00'), await ids('2026-11-21T08:59:59')]).toEqual([[], [{ id: 12 }]]);
});

test("an order shows the shop's own time and UTC, neither with its zone, and lines without their tax", async () => {
  const { shop } = givenShop({ zone: 'Asia/Tokyo' });
  const order = JSON.parse((await ask(shop, 'GET', `/orders/${shop.placeOrder(aMug)}`)).text);
  expect(order).toMatchObject({
    date_modified: '2026-11-21T18:00:00',
    date_modified_gmt: '2026-11-21T09:00:00',
    total: '38.70',
    line_items: [{ total: '32.52', total_tax: '6.18', price: expect.closeTo(10.84) }],
  });
});

test('a refund of more than is left, and one that the payment provider cannot pay, come as 500 and change nothing', async () => {
  const { shop } = givenShop();
  const id = shop.placeOrder(aMug);
  const tooMuch = await ask(shop, 'POST', `/orders/${id}/refunds`, { amount: '99.00', api_refund: false });
  const byGateway = await ask(shop, 'POST', `/orders/${id}/refunds`, { amount: '1.00' });
  expect([tooMuch.status, byGateway.status, shop.snapshot(id).refunds]).toEqual([500, 500, []]);
  expect(JSON.parse(tooMuch.text)).toMatchObject({ code: 'woocommerce_rest_cannot_create_order_refund', data: 500 });
});

test("a refund leaves the order's total as it is, names itself with a negative one, and stocks units unless it is told not to", async () => {
  const { shop } = givenShop();
  const id = shop.placeOrder(aMug);
  const line = Number(shop.snapshot(id).lines[0]?.id);
  await ask(shop, 'POST', `/orders/${id}/refunds`, {
    amount: '12.90',
    api_refund: false,
    line_items: [{ id: line, quantity: 1, refund_total: '10.84', refund_tax: [{ id: 1, refund_total: '2.06' }] }],
  });
  const order = JSON.parse((await ask(shop, 'GET', `/orders/${id}`)).text);
  expect([order.total, order.line_items[0].quantity, order.refunds[0].total, shop.stock('MUG')]).toEqual(['38.70', 3, '-12.90', 8]);
});

test('more units than were ordered can be fulfilled, twice the same', async () => {
  const { shop } = givenShop({ fulfillments: true });
  const id = shop.placeOrder(aMug);
  const items = [{ item_id: Number(shop.snapshot(id).lines[0]?.id), qty: 2 }];
  const body = { is_fulfilled: true, status: 'fulfilled', meta_data: [{ key: '_items', value: items }] };
  const statuses = [];
  for (let nth = 0; nth < 2; nth++) statuses.push((await ask(shop, 'POST', `/orders/${id}/fulfillments`, body)).status);
  expect([statuses, shop.snapshot(id).meta['_fulfillment_status'], shop.snapshot(id).status]).toEqual([
    [201, 201],
    'fulfilled',
    'processing',
  ]);
});

test('a cancelled order puts its units back on sale, and one in the trash does not', () => {
  const { shop } = givenShop();
  const [first, second] = [shop.placeOrder(aMug), shop.placeOrder(aMug)];
  const sold = shop.stock('MUG');
  shop.setStatus(first ?? '', 'cancelled');
  shop.trashOrder(second ?? '');
  expect([sold, shop.stock('MUG')]).toEqual([4, 7]);
});

test('where a list goes on is told with the keys that were asked with, so nobody may write it down', async () => {
  const { shop } = givenShop();
  for (let nth = 0; nth < 3; nth++) shop.placeOrder({ ...aMug, lines: [{ sku: 'TEA', quantity: 1 }] });
  const query = `consumer_key=${keys.consumerKey}&consumer_secret=${keys.consumerSecret}&per_page=2`;
  const answer = await shop.app(new Request(`${origin}/wp-json/wc/v3/orders?${query}`));
  expect(answer.headers.get('link')).toContain(keys.consumerSecret);
});
