import { pullAll } from '@quartermaster/connector-kit/testing';
import { intentMemo } from '@quartermaster/connector-kit/sandbox';
import { centsProof } from '@quartermaster/domain';
import { expect, test } from 'vitest';
import { ada, givenShop } from './testing/shop.ts';

test('carries discounts of the line and of the order in the line totals, and leaves no discount over', async () => {
  const { shop, channel } = givenShop();
  shop.placeOrder({
    lines: [
      { sku: 'MUG', quantity: 2, tax: '4.12' },
      { sku: 'TEA', quantity: 1, discount: '0.50' },
    ],
    discount: '1.00',
    shippingPrice: '4.90',
    shippingDiscount: '0.90',
    shippingTax: '0.64',
  });
  const { order } = (await pullAll(channel)).orders[0] ?? {};
  expect(order).toMatchObject({
    lines: [
      { sku: 'MUG', quantity: 2, unitPrice: '12.90', total: { minor: 2_493 }, tax: { minor: 412 } },
      { sku: 'TEA', quantity: 1, unitPrice: '4.50', total: { minor: 387 }, tax: { minor: 0 } },
    ],
    shipping: { minor: 400 },
    shippingTax: { minor: 64 },
    orderDiscount: { minor: 0 },
    total: { minor: 3_280, currency: 'EUR' },
    taxesIncluded: true,
  });
});

test('says what each line was reduced by, and of a line that lost units no more than for those left', async () => {
  const { shop, channel } = givenShop();
  const placed = shop.placeOrder({
    lines: [
      { sku: 'MUG', quantity: 3, discount: '0.50' },
      { sku: 'TEA', quantity: 1 },
    ],
    discount: '1.00',
  });
  const discounts = async () => (await pullAll(channel)).orders[0]?.order.lines.map(({ discount }) => discount?.minor);
  const before = await discounts();
  shop.refund(placed.name, { lines: [{ line: 0, quantity: 1 }] });
  expect([before, await discounts()]).toEqual([
    [139, 11],
    [93, 11],
  ]);
});

test('tells the total that the customer saw, where that is in another currency, and keeps the books in the shop’s', async () => {
  const { shop, channel } = givenShop();
  shop.placeOrder({ lines: [{ sku: 'MUG', quantity: 2 }], presentment: { currency: 'JPY', rate: 160 } });
  shop.placeOrder({ lines: [{ sku: 'MUG', quantity: 1 }] });
  const totals = (await pullAll(channel)).orders.map(({ order }) => [order.total, order.customerTotal]);
  expect(totals).toEqual([
    [
      { minor: 2_580, currency: 'EUR' },
      { minor: 4_128, currency: 'JPY' },
    ],
    [{ minor: 1_290, currency: 'EUR' }, undefined],
  ]);
});

test('derives the total to the cent when a part of the shipping was refunded', async () => {
  const { shop, channel } = givenShop({ taxesIncluded: false });
  const { id } = shop.placeOrder({ lines: [{ sku: 'MUG', quantity: 1, tax: '2.45' }], shippingPrice: '4.90', shippingTax: '0.93' });
  const shipping = { amount: { minor: 163, currency: 'EUR' }, tax: { minor: 31, currency: 'EUR' } };
  const about = {
    orderId: id,
    refundId: 'R-1',
    lines: [],
    adjustment: null,
    reason: 'goodwill',
    note: null,
    restockAt: null,
    notifyCustomer: false,
  } as const;
  await channel.refund?.make({ ...about, shipping }, intentMemo());
  const pulled = await channel.getOrder(id);
  expect(pulled?.order).toMatchObject({ shipping: { minor: 327 }, shippingTax: { minor: 62 } });
  expect(pulled === null ? null : centsProof(pulled.order).explained).toBe(true);
});

test('adds the tax to the total where prices are without tax', async () => {
  const { shop, channel } = givenShop({ taxesIncluded: false });
  shop.placeOrder({ lines: [{ sku: 'MUG', quantity: 1, tax: '2.45' }], shippingPrice: '5.00', shippingTax: '0.95' });
  const { order } = (await pullAll(channel)).orders[0] ?? {};
  expect(order).toMatchObject({ taxesIncluded: false, lines: [{ total: { minor: 1_290 }, tax: { minor: 245 } }], total: { minor: 2_130 } });
});

test('keeps yen whole and Kuwaiti dinars in thousandths', async () => {
  const totals = [];
  for (const [currency, price] of [
    ['JPY', '1290'],
    ['KWD', '3.905'],
  ] as const) {
    const { shop, channel } = givenShop({ currency });
    shop.addVariant({ sku: 'MUG', title: 'Mug', grams: 400, price, stock: { Berlin: 5 } });
    shop.placeOrder({ lines: [{ sku: 'MUG', quantity: 2 }] });
    totals.push((await pullAll(channel)).orders[0]?.order.total);
  }
  expect(totals).toEqual([
    { minor: 2_580, currency: 'JPY' },
    { minor: 7_810, currency: 'KWD' },
  ]);
});

test('counts only units that are still wanted after a refund, and what they cost', async () => {
  const { shop, channel } = givenShop();
  const placed = shop.placeOrder({ lines: [{ sku: 'MUG', quantity: 3, discount: '0.50', tax: '6.10' }], shippingPrice: '4.90' });
  shop.refund(placed.name, { lines: [{ line: 0, quantity: 1 }] });
  const { order } = (await pullAll(channel)).orders[0] ?? {};
  expect(order).toMatchObject({
    lines: [{ quantity: 2, total: { minor: 2_547 }, tax: { minor: 407 } }],
    orderDiscount: { minor: 0 },
    total: { minor: 3_037 },
    payment: { status: 'partially_refunded', secured: { minor: 3_037 } },
  });
});

test('shows a cancelled order as cancelled, with nothing left of it', async () => {
  const { shop, channel } = givenShop();
  const placed = shop.placeOrder({ lines: [{ sku: 'MUG', quantity: 1 }], shippingPrice: '4.90' });
  shop.cancelOrder(placed.name);
  const { order } = (await pullAll(channel)).orders[0] ?? {};
  expect(order).toMatchObject({
    status: 'cancelled',
    lines: [{ quantity: 0, total: { minor: 0 } }],
    total: { minor: 0 },
    payment: { status: 'refunded' },
  });
});

test('shows an archived order as closed', async () => {
  const { shop, channel } = givenShop();
  shop.closeOrder(shop.placeOrder({ lines: [{ sku: 'MUG', quantity: 1 }] }).name);
  expect((await pullAll(channel)).orders[0]?.order.status).toBe('closed');
});

test('secures what is authorized, which is ours to take, and nothing of what is pending', async () => {
  const { shop, channel } = givenShop();
  shop.placeOrder({ lines: [{ sku: 'MUG', quantity: 1 }], financialStatus: 'AUTHORIZED' });
  shop.placeOrder({ lines: [{ sku: 'MUG', quantity: 1 }], financialStatus: 'PENDING' });
  const { orders } = await pullAll(channel);
  expect(orders.map(({ order }) => order.payment)).toEqual([
    { status: 'authorized', secured: { minor: 1_290, currency: 'EUR' }, toCapture: { minor: 1_290, currency: 'EUR' } },
    { status: 'pending', secured: { minor: 0, currency: 'EUR' } },
  ]);
});

test('accepts an order without customer, address, variant, SKU or shipping', async () => {
  const { shop, channel } = givenShop();
  shop.placeOrder({ lines: [{ sku: null, title: 'Engraving', price: '7.00', quantity: 1, requiresShipping: false }] });
  const [pulled] = (await pullAll(channel)).orders;
  expect(pulled?.person).toEqual({ shipTo: null, billTo: null });
  expect(pulled?.order).toMatchObject({
    destination: null,
    addressHash: null,
    requestedService: null,
    lines: [{ kind: 'non-stock', sku: null, title: 'Engraving' }],
  });
});

test('makes duties a line without stock', async () => {
  const { shop, channel } = givenShop();
  shop.placeOrder({ lines: [{ sku: 'MUG', quantity: 1 }], duties: '3.10' });
  const { order } = (await pullAll(channel)).orders[0] ?? {};
  expect(order?.lines[1]).toMatchObject({ id: 'duties', kind: 'non-stock', sku: null, total: { minor: 310 } });
});

test('knows a company by its purchase order and terms, and does not ship before its date', async () => {
  const { shop, channel } = givenShop();
  shop.placeOrder({
    lines: [{ sku: 'MUG', quantity: 1 }],
    companyName: 'Example GmbH',
    poNumber: 'PO-7',
    paymentTerms: 'Net 30',
    fulfillAt: '2026-12-01T00:00:00Z',
  });
  const { order } = (await pullAll(channel)).orders[0] ?? {};
  expect(order).toMatchObject({
    class: 'business',
    purchaseOrderNumber: 'PO-7',
    terms: 'Net 30',
    shipNotBefore: '2026-12-01T00:00:00.000Z',
  });
});

test('takes the risk from the worst assessment', async () => {
  const { shop, channel } = givenShop();
  for (const risk of ['HIGH', 'MEDIUM', 'LOW', 'NONE', 'PENDING'] as const) shop.placeOrder({ lines: [{ sku: 'TEA', quantity: 1 }], risk });
  const { orders } = await pullAll(channel);
  expect(orders.map(({ order }) => order.risk)).toEqual(['high', 'medium', 'low', 'unknown', 'unknown']);
});

test('puts no personal data into the order', async () => {
  const { shop, channel } = givenShop();
  shop.placeOrder({ lines: [{ sku: 'MUG', quantity: 1 }], address: ada, email: 'ada@example.org', customerId: 987_654 });
  const [pulled] = (await pullAll(channel)).orders;
  expect(JSON.stringify(pulled?.order)).not.toMatch(/ada|example|beispielweg|bonn|53111|228|987654/i);
});

test('knows the same customer again, apart from guests and from the same number in another connection', async () => {
  const { shop, channel } = givenShop();
  const other = givenShop({}, { connection: 'acme-us' });
  for (const one of [shop, other.shop]) {
    one.placeOrder({ lines: [{ sku: 'MUG', quantity: 1 }], customerId: 7 });
    one.placeOrder({ lines: [{ sku: 'TEA', quantity: 1 }], customerId: 7 });
    one.placeOrder({ lines: [{ sku: 'TEA', quantity: 1 }] });
  }
  const [first, second, guest] = (await pullAll(channel)).orders.map(({ order }) => order.subject);
  const [elsewhere] = (await pullAll(other.channel)).orders.map(({ order }) => order.subject);
  expect(first).toBe(second);
  expect(new Set([first, guest, elsewhere]).size).toBe(3);
});

test('sees a changed address by its fingerprint alone, and no change in its case or spacing', async () => {
  const { shop, channel } = givenShop();
  const placed = shop.placeOrder({ lines: [{ sku: 'MUG', quantity: 1 }], address: ada });
  const before = await channel.getOrder(placed.id);
  shop.changeAddress(placed.name, { ...ada, address1: ' BEISPIELWEG  1' });
  const same = await channel.getOrder(placed.id);
  shop.changeAddress(placed.name, { ...ada, address1: 'Beispielweg 2' });
  const moved = await channel.getOrder(placed.id);
  expect(same?.order.addressHash).toBe(before?.order.addressHash);
  expect(moved?.order.addressHash).not.toBe(before?.order.addressHash);
});

test('gives an order another revision for each change, even within one second', async () => {
  const { shop, channel } = givenShop();
  const placed = shop.placeOrder({ lines: [{ sku: 'MUG', quantity: 1 }], address: ada });
  const before = await channel.getOrder(placed.id);
  shop.changeAddress(placed.name, { ...ada, city: 'Köln' });
  const after = await channel.getOrder(placed.id);
  expect(after?.order.updatedAt).toBe(before?.order.updatedAt);
  expect(after?.order.revision).not.toBe(before?.order.revision);
});
