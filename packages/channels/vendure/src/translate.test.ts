import { centsProof, money } from '@quartermaster/domain';
import { expect, test } from 'vitest';
import { translateOrder, type ShopOrder } from './translate.ts';

const address = {
  fullName: 'Ada Example',
  company: 'Example Ltd',
  streetLine1: 'Beispielweg 1',
  streetLine2: '',
  city: 'Bonn',
  province: null,
  postalCode: '53111',
  countryCode: 'DE',
  phoneNumber: null,
};
const line = {
  id: '7',
  quantity: 3,
  unitPrice: 1290,
  unitPriceWithTax: 1535,
  linePrice: 3870,
  linePriceWithTax: 4605,
  proratedLinePrice: 3483,
  proratedLinePriceWithTax: 4145,
  productVariant: { sku: 'MUG', name: 'Mug' },
};
const wire: ShopOrder = {
  id: '1',
  code: 'U9W7ARAY75J7FWVK',
  state: 'PaymentSettled',
  type: 'Regular',
  active: false,
  orderPlacedAt: '2026-11-22T10:50:06.608Z',
  updatedAt: '2026-11-22T10:50:06.000Z',
  currencyCode: 'EUR',
  totalWithTax: 4145 + 583,
  shipping: 490,
  shippingWithTax: 583,
  customer: { id: '3', emailAddress: 'ada@example.test' },
  shippingAddress: address,
  billingAddress: null,
  shippingLines: [{ shippingMethod: { code: 'parcel' } }],
  surcharges: [],
  lines: [line],
  payments: [{ id: '1', state: 'Settled', amount: 4728, refunds: [] }],
  fulfillments: [],
  shop: { precision: 2, pricesIncludeTax: false },
};
const orderOf = (changes: Partial<ShopOrder> = {}) => translateOrder({ ...wire, ...changes }, 'shop', 'r').order;

test('prices without tax come with the tax on top, and to the same total as prices with it', () => {
  const net = orderOf();
  const gross = orderOf({ shop: { precision: 2, pricesIncludeTax: true } });
  expect([net.lines[0]?.total.minor, net.lines[0]?.tax.minor, net.shipping.minor, net.shippingTax.minor]).toEqual([3483, 662, 490, 93]);
  expect([gross.lines[0]?.total.minor, gross.lines[0]?.tax.minor, gross.shipping.minor]).toEqual([4145, 662, 583]);
  for (const order of [net, gross]) expect(centsProof(order)).toMatchObject({ explained: true, total: money(4728, 'EUR') });
});

test("a line says what it was reduced by, its share of the order's discounts included", () => {
  expect(orderOf().lines[0]).toMatchObject({ unitPrice: '12.90', discount: money(387, 'EUR') });
});

test('a surcharge is a fee', () => {
  const order = orderOf({ surcharges: [{ id: '9', description: 'Packing', price: 200, priceWithTax: 238 }], totalWithTax: 4966 });
  expect(order.lines[1]).toMatchObject({ cause: 'fee', title: 'Packing', total: money(200, 'EUR'), tax: money(38, 'EUR') });
  expect(centsProof(order).explained).toBe(true);
});

test('a cent between the lines and the total is rounding, and a euro is unexplained', () => {
  expect(centsProof(orderOf({ totalWithTax: 4729 }))).toMatchObject({ explained: true, difference: money(0, 'EUR') });
  expect(centsProof(orderOf({ totalWithTax: 4828 }))).toMatchObject({ explained: false, difference: money(0, 'EUR') });
});

test('what is refunded is not secured any more, unless the refund failed', () => {
  const refund = (state: string) => ({ id: '1', state, total: 500, reason: null });
  const payments = [{ id: '1', state: 'Settled', amount: 4728, refunds: [refund('Pending'), refund('Failed')] }];
  expect(orderOf({ payments }).payment).toEqual({ status: 'paid', secured: money(4228, 'EUR') });
});

test.each([
  ['PaymentSettled', 'open'],
  ['PartiallyShipped', 'open'],
  ['Shipped', 'closed'],
  ['Delivered', 'closed'],
  ['Cancelled', 'cancelled'],
  ["a state of the shop's own", 'open'],
])('an order in the state %s is %s', (state, status) => {
  expect(orderOf({ state }).status).toBe(status);
});

test('two orders of one customer are of one person, and an order without a customer of its own', () => {
  const [one, other, nobody] = [orderOf(), orderOf({ id: '2' }), orderOf({ customer: null })].map(({ subject }) => subject);
  expect(one).toBe(other);
  expect(nobody).not.toBe(one);
});
