import { expect, test } from 'vitest';
import { centsProof } from './cents-proof.ts';
import { formatMoney, money } from './money.ts';
import type { ChannelOrder, OrderLine } from './order.ts';

const eur = (minor: number) => money(minor, 'EUR');

const mugs: OrderLine = {
  id: '1',
  kind: 'product',
  parent: null,
  sku: 'MUG',
  title: 'Mug',
  quantity: 3,
  unitFactor: 1,
  unitPrice: '12.90',
  total: eur(3770),
  tax: eur(602),
};

const order: ChannelOrder = {
  id: '1001',
  name: '#1001',
  revision: 'r1',
  status: 'open',
  test: false,
  placedAt: '2026-11-20T09:00:00.000Z',
  updatedAt: '2026-11-20T09:00:00.000Z',
  class: 'consumer',
  purchaseOrderNumber: null,
  terms: null,
  shipNotBefore: null,
  requestedService: null,
  pickupPoint: null,
  currency: 'EUR',
  taxesIncluded: true,
  payment: { status: 'paid', secured: eur(4260) },
  risk: 'low',
  subject: 'subject-1',
  destination: null,
  addressHash: null,
  lines: [mugs],
  shipping: eur(490),
  shippingTax: eur(78),
  orderDiscount: eur(0),
  total: eur(4260),
};

const told = (given: ChannelOrder) =>
  centsProof(given).steps.map(({ what, amount, sum }) => `${what}: ${formatMoney(amount)} = ${formatMoney(sum)}`);

test('with tax in the prices a total is goods and shipping', () => {
  expect(told(order)).toEqual(['Mug: 37.70 EUR = 37.70 EUR', 'shipping: 4.90 EUR = 42.60 EUR']);
});

test('with tax on top each tax is a step, and an order-wide discount the last', () => {
  expect(told({ ...order, taxesIncluded: false, orderDiscount: eur(100) })).toEqual([
    'Mug: 37.70 EUR = 37.70 EUR',
    'shipping: 4.90 EUR = 42.60 EUR',
    'tax on Mug: 6.02 EUR = 48.62 EUR',
    'tax on shipping: 0.78 EUR = 49.40 EUR',
    'discount on the order: -1.00 EUR = 48.40 EUR',
  ]);
});

test('a total that its parts do not give shows the difference', () => {
  const { difference, explained } = centsProof({ ...order, total: eur(4261) });
  expect([difference, explained]).toEqual([eur(1), false]);
});

test('a charge that is no goods is explained by its cause, a line that only makes the sum right is not', () => {
  const charge = (cause: 'duties' | 'unexplained'): ChannelOrder => ({
    ...order,
    lines: [
      mugs,
      { ...mugs, id: 'charge', kind: 'non-stock', sku: null, title: 'Charge', quantity: 1, total: eur(150), tax: eur(0), cause },
    ],
    total: eur(4410),
  });
  expect([centsProof(charge('duties')).explained, centsProof(charge('unexplained')).explained]).toEqual([true, false]);
});

test('amounts of two currencies are not added', () => {
  expect(() => centsProof({ ...order, shipping: money(490, 'USD') })).toThrow('cannot be added');
});
