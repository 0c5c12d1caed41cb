import { centsProof, money } from '@quartermaster/domain';
import { expect, test } from 'vitest';
import { translateOrder } from './translate.ts';
import { orderHeadSchema, type WireOrderHead } from './wire.ts';

test('where prices hold their tax, parts of a cent come together again', () => {
  const { order } = translated({ prices_include_tax: true, total: '38.700000' }, [
    {
      total: '32.521008',
      total_tax: '6.180000',
      taxes: [{ id: 1, total: '6.178992' }],
      subtotal: '32.521008',
      subtotal_tax: '6.178992',
      quantity: 3,
    },
  ]);
  expect(order.lines[0]).toMatchObject({ total: money(3870, 'EUR'), tax: money(618, 'EUR'), unitPrice: '12.9', quantity: 3 });
});

test('tax that the shop rounds at the end is spread over the lines so that the total comes out', () => {
  const third = { total: '10.000000', total_tax: '1.904444', taxes: [{ id: 1, total: '1.904444' }] };
  const { order } = translated({ prices_include_tax: false, total: '35.710000' }, [third, third, third]);
  expect([order.lines.map(({ tax }) => tax.minor), centsProof(order).explained]).toEqual([[191, 190, 190], true]);
});

test('a cent that no line explains is rounding where the shop rounds by tax rate and by order', () => {
  const { order } = translated({ total: '10.01', tax_lines: [{ id: 1 }] }, [{ total: '10.00' }]);
  expect([order.lines.at(-1)?.cause, centsProof(order).explained]).toEqual(['rounding', true]);
});

test('a total that is lower or higher than all it is made of is not explained, and nobody makes a discount of it', () => {
  const proofs = ['8.00', '15.00'].map((total) => centsProof(translated({ total }, [{ total: '10.00' }]).order));
  expect(proofs.map(({ explained, difference }) => [explained, difference.minor])).toEqual([
    [false, 0],
    [false, 0],
  ]);
});

test('a total finer than its currency is never rounded: the order is told as one that cannot be read, and why', () => {
  expect(() => translated({ currency: 'JPY', total: '11.90' }, [{ total: '11.90' }])).toThrow(
    "the total of order 14, 11.900000 JPY, is finer than the currency's smallest unit",
  );
});

test('a yen order of a shop with two decimals is read where its total is whole', () => {
  const { order } = translated({ currency: 'JPY', total: '1190.00' }, [{ total: '990.50' }, { total: '199.50' }]);
  expect([order.total, order.lines.map(({ total }) => total.minor)]).toEqual([money(1190, 'JPY'), [990, 200]]);
});

test('fees have a cause, also those that take something off', () => {
  const fees = [
    { id: 8, name: 'Gift wrap', total: '1.50', total_tax: '0.00', taxes: [] },
    { id: 9, name: 'Rebate', total: '-0.50', total_tax: '0.00', taxes: [] },
  ];
  const { order } = translated({ total: '11.00', fee_lines: fees }, [{ total: '10.00' }]);
  expect(order.lines.slice(1).map(({ title, cause, total }) => [title, cause, total.minor])).toEqual([
    ['Gift wrap', 'fee', 150],
    ['Rebate', 'fee', -50],
  ]);
});

test('what a coupon took off a line is told with it', () => {
  const { order } = translated({ total: '8.00' }, [{ subtotal: '10.00', total: '8.00' }]);
  expect([order.lines[0]?.discount, order.lines[0]?.unitPrice]).toEqual([money(200, 'EUR'), '10']);
});

test('units that were refunded are not wanted; what was kept of them is a fee', () => {
  const refund = refundOf('7.00', { quantity: -1, total: '-7.00' });
  const { order } = translated({ total: '10.00', refunds: [refund] }, [{ total: '10.00', quantity: 1 }]);
  expect(order.lines.map(({ quantity, cause, total }) => [quantity, cause, total.minor])).toEqual([
    [0, undefined, 0],
    [1, 'fee', 300],
  ]);
  expect([order.total.minor, order.payment.secured.minor, centsProof(order).explained]).toEqual([300, 300, true]);
});

test('money that went back without units leaves the order as it is, and is not secured any more', () => {
  const refund = refundOf('4.00', { quantity: 0, total: '-4.00' });
  const { order } = translated({ total: '10.00', refunds: [refund] }, [{ total: '10.00', quantity: 2 }]);
  expect([order.lines[0]?.quantity, order.total.minor, order.payment]).toEqual([
    2,
    1000,
    { status: 'partially_refunded', secured: money(600, 'EUR') },
  ]);
});

test.each<[string, object, string, number]>([
  ['one that waits for its payment is open, and nothing is secured', { status: 'pending', date_paid_gmt: null }, 'open', 0],
  ['one that is paid by transfer waits', { status: 'on-hold', date_paid_gmt: null }, 'open', 0],
  ['one that is paid on delivery may be shipped', { status: 'processing', date_paid_gmt: null, payment_method: 'cod' }, 'open', 1000],
  ['a payment that failed can be made good', { status: 'failed', date_paid_gmt: null }, 'open', 0],
  ['one of a status that a plugin made is open', { status: 'awaiting-pickup' }, 'open', 1000],
  ['one in the trash is cancelled', { status: 'trash' }, 'cancelled', 1000],
  ['one that is completed is closed', { status: 'completed', date_completed_gmt: '2026-11-21T17:49:19' }, 'closed', 1000],
  ['one that was refunded before it shipped is cancelled', { status: 'refunded' }, 'cancelled', 1000],
  ['one that was refunded after it shipped is closed', { status: 'refunded', date_completed_gmt: '2026-11-21T17:49:19' }, 'closed', 1000],
])('of orders %s', (_title, given, status, secured) => {
  const { order } = translated({ total: '10.00', ...given }, [{ total: '10.00' }]);
  expect([order.status, order.payment.secured.minor]).toEqual([status, secured]);
});

test('an order without a delivery address goes where the bill goes', () => {
  const { person } = translated({ total: '10.00', shipping: {} }, [{ total: '10.00' }]);
  expect(person.shipTo).toMatchObject({ name: 'Ada L', lines: ['Str 1'], country: 'DE', email: 'a@example.test' });
});

test('a guest is a person of one order, a customer of all theirs', () => {
  const subjects = [0, 0, 7, 7].map(
    (customer_id, id) => translated({ id: 14 + id, customer_id, total: '10.00' }, [{ total: '10.00' }]).order.subject,
  );
  expect([subjects[0] === subjects[1], subjects[2] === subjects[3]]).toEqual([false, true]);
});

test('a field of a shape that nobody knows is named, and its value is not', () => {
  const broken = () => translated({ total: '10.00' }, [{ total: '10.00', quantity: 0.5 }]);
  expect(broken).toThrow(/order 14 has an unexpected shape at line_items\.0\.quantity/);
});

function translated(order: object, lines: readonly object[]) {
  return translateOrder(wire(order, lines), 'acme-woo', 'r1');
}

function wire(order: object, lines: readonly object[]): WireOrderHead {
  const address = { first_name: 'Ada', last_name: 'L', address_1: 'Str 1', city: 'Berlin', postcode: '10115', country: 'DE' };
  return orderHeadSchema.parse({
    id: 14,
    number: '14',
    status: 'processing',
    currency: 'EUR',
    prices_include_tax: false,
    date_created_gmt: '2026-11-21T17:47:21',
    date_modified_gmt: '2026-11-21T17:49:19',
    date_completed_gmt: null,
    date_paid_gmt: '2026-11-21T17:47:21',
    payment_method: 'bacs',
    customer_id: 0,
    meta_data: [],
    shipping_lines: [],
    fee_lines: [],
    tax_lines: [],
    refunds: [],
    billing: { ...address, email: 'a@example.test' },
    shipping: address,
    line_items: lines.map((line, at) => ({
      id: at + 1,
      name: 'Widget',
      product_id: 10,
      variation_id: 0,
      quantity: 1,
      subtotal: '10.00',
      subtotal_tax: '0.00',
      total_tax: '0.00',
      taxes: [],
      sku: 'QM-W1',
      meta_data: [],
      ...line,
    })),
    ...order,
  });
}

function refundOf(amount: string, line: object): object {
  const meta_data = [{ id: 1, key: '_refunded_item_id', value: '1' }];
  return { id: 17, amount, reason: '', meta_data: [], line_items: [{ id: 9, total_tax: '0.00', taxes: [], meta_data, ...line }] };
}
