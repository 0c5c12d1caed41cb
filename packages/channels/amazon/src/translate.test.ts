import { centsProof } from '@quartermaster/domain';
import { expect, test } from 'vitest';
import { translateOrder } from './translate.ts';
import { orderSchema, type WireItem, type WireOrder } from './wire.ts';

const eur = (amount: string) => ({ amount, currencyCode: 'EUR' });

function anOrder(given: Record<string, unknown> = {}): WireOrder {
  return orderSchema.parse({
    orderId: '028-1234567-8901234',
    createdTime: '2026-11-21T09:00:00Z',
    lastUpdatedTime: '2026-11-21T09:30:00Z',
    salesChannel: { channelName: 'AMAZON', marketplaceId: 'A1PA6795UKMFR9' },
    buyer: { buyerEmail: 'x1@marketplace.amazon.de' },
    recipient: {
      deliveryAddress: { name: 'Ada Example', addressLine1: 'Beispielweg 1', city: 'Bonn', postalCode: '53111', countryCode: 'DE' },
    },
    fulfillment: { fulfillmentStatus: 'UNSHIPPED', fulfilledBy: 'MERCHANT', fulfillmentServiceLevel: 'EXPEDITED' },
    orderItems: [anItem()],
    proceeds: { grandTotal: eur('25.80') },
    ...given,
  });
}

function anItem(given: Partial<Record<keyof WireItem, unknown>> = {}) {
  return {
    orderItemId: '1',
    quantityOrdered: 2,
    product: { asin: 'B0MUG', title: 'Mug', sellerSku: 'MUG', price: { unitPrice: eur('12.90') } },
    proceeds: { breakdowns: [{ type: 'ITEM', subtotal: eur('25.80') }] },
    fulfillment: { quantityFulfilled: 0, quantityUnfulfilled: 2 },
    ...given,
  };
}

const translated = (given: Record<string, unknown> = {}) => translateOrder(anOrder(given), 'acme', 'r1');

test('what Amazon says is ready to ship is paid, and of low risk', () => {
  const { order } = translated();
  expect([order.status, order.payment, order.risk, order.requestedService]).toEqual([
    'open',
    { status: 'paid', secured: { minor: 2580, currency: 'EUR' } },
    'low',
    'EXPEDITED',
  ]);
});

test('a pending order says what is wanted, and neither where to nor that it is paid', () => {
  const wanted = anItem({
    proceeds: undefined,
    product: { sellerSku: 'MUG' },
    fulfillment: { quantityFulfilled: 0, quantityUnfulfilled: 0 },
  });
  const { order, person } = translated({
    fulfillment: { fulfillmentStatus: 'PENDING', fulfilledBy: 'MERCHANT' },
    buyer: undefined,
    recipient: undefined,
    proceeds: undefined,
    orderItems: [wanted],
  });
  expect([order.status, order.payment.status, order.payment.secured.minor, order.destination, person.shipTo]).toEqual([
    'open',
    'pending',
    0,
    null,
    null,
  ]);
  expect(order.lines.map(({ sku, quantity }) => [sku, quantity])).toEqual([['MUG', 2]]);
});

test('a pending order with prices has a total that nothing is secured of', () => {
  const { order } = translated({
    fulfillment: { fulfillmentStatus: 'PENDING_AVAILABILITY' },
    proceeds: undefined,
    orderItems: [anItem({ proceeds: undefined })],
  });
  expect([order.total.minor, order.payment.secured.minor]).toEqual([2580, 0]);
});

test.each([
  ['UNSHIPPED', 'open'],
  ['PARTIALLY_SHIPPED', 'open'],
  ['SHIPPED', 'closed'],
  ['CANCELLED', 'cancelled'],
  ['UNFULFILLABLE', 'cancelled'],
  ['SOMETHING_NEW', 'open'],
])('%s is %s', (fulfillmentStatus, status) => {
  expect(translated({ fulfillment: { fulfillmentStatus } }).order.status).toBe(status);
});

test('an American order has its tax on top, which Amazon remits', () => {
  const usd = (amount: string) => ({ amount, currencyCode: 'USD' });
  const item = anItem({
    product: { sellerSku: 'MUG', price: { unitPrice: usd('20.00') } },
    proceeds: {
      breakdowns: [
        { type: 'ITEM', subtotal: usd('40.00') },
        { type: 'SHIPPING', subtotal: usd('5.00') },
        {
          type: 'TAX',
          subtotal: usd('4.05'),
          detailedBreakdowns: [
            { subtype: 'ITEM', value: usd('3.60') },
            { subtype: 'SHIPPING', value: usd('0.45') },
          ],
        },
      ],
    },
    tax: { taxCollections: [{ model: 'MARKETPLACE_FACILITATOR', responsibleParty: 'Amazon Services, Inc.' }] },
  });
  const { order } = translated({
    salesChannel: { channelName: 'AMAZON', marketplaceId: 'ATVPDKIKX0DER' },
    orderItems: [item],
    proceeds: { grandTotal: usd('49.05') },
  });
  expect([order.taxesIncluded, order.lines[0]?.tax.minor, order.shippingTax.minor, order.remittedTax?.minor]).toEqual([
    false,
    360,
    45,
    405,
  ]);
  expect(centsProof(order).explained).toBe(true);
});

test('a marketplace whose prices hold the tax is believed less than the sum that comes out', () => {
  const item = anItem({
    proceeds: {
      breakdowns: [
        { type: 'ITEM', subtotal: eur('25.80') },
        { type: 'TAX', subtotal: eur('4.90') },
      ],
    },
  });
  const included = translated({ orderItems: [item] }).order;
  const onTop = translated({ orderItems: [item], proceeds: { grandTotal: eur('30.70') } }).order;
  expect([included.taxesIncluded, onTop.taxesIncluded]).toEqual([true, false]);
});

test.each(['-3.00', '3.00'])('a discount of %s makes the goods cheaper, and what of it is for shipping the shipping', (subtotal) => {
  const half = subtotal.replace('3', '1');
  const item = anItem({
    proceeds: {
      breakdowns: [
        { type: 'ITEM', subtotal: eur('25.80') },
        { type: 'SHIPPING', subtotal: eur('4.90') },
        { type: 'DISCOUNT', subtotal: eur(subtotal), detailedBreakdowns: [{ subtype: 'SHIPPING', value: eur(half) }] },
      ],
    },
  });
  const { order } = translated({ orderItems: [item], proceeds: { grandTotal: eur('27.70') } });
  expect([order.lines[0]?.total.minor, order.lines[0]?.discount?.minor, order.shipping.minor, centsProof(order).explained]).toEqual([
    2380,
    200,
    390,
    true,
  ]);
});

test('gift wrap and a tip are lines with a cause', () => {
  const item = anItem({
    proceeds: {
      breakdowns: [
        { type: 'ITEM', subtotal: eur('25.80') },
        { type: 'GIFT_WRAP', subtotal: eur('3.00') },
      ],
    },
  });
  const breakdowns = [{ type: 'DELIVERY_TIP', status: 'FINALIZED', subtotal: eur('2.00') }];
  const { order } = translated({ orderItems: [item], proceeds: { grandTotal: eur('30.80'), breakdowns } });
  expect(order.lines.map(({ cause, total }) => [cause, total.minor])).toEqual([
    [undefined, 2580],
    ['gift-wrap', 300],
    ['fee', 200],
  ]);
  expect(centsProof(order).explained).toBe(true);
});

test.each(['26.00', '25.00'])('a total of %s that its items do not come to is told as unexplained', (total) => {
  const { order } = translated({ proceeds: { grandTotal: eur(total) } });
  expect([order.lines.at(-1)?.cause, centsProof(order).difference.minor, centsProof(order).explained]).toEqual(['unexplained', 0, false]);
});

test('an amount finer than its currency is not rounded', () => {
  expect(() => translated({ proceeds: { grandTotal: eur('25.805') } })).toThrow(RangeError);
});

test('what was cancelled before anything shipped is not wanted', () => {
  const gone = anItem({ cancellation: { cancellationExecution: { cancelledBy: 'BUYER' } } });
  expect(translated({ orderItems: [gone] }).order.lines[0]?.quantity).toBe(0);
});

test('a business buyer is one, with his order number', () => {
  const { order } = translated({
    buyer: { buyerCompanyName: 'Oliveira Ltda', buyerPurchaseOrderNumber: 'PO-7' },
    programs: ['AMAZON_BUSINESS'],
  });
  expect([order.class, order.purchaseOrderNumber]).toEqual(['business', 'PO-7']);
});

test('only a preorder or a scheduled one waits for its shipping window', () => {
  const shipByWindow = { earliestDateTime: '2026-12-01T00:00:00Z' };
  const window = { fulfillmentStatus: 'UNSHIPPED', shipByWindow };
  const usual = translated({ fulfillment: window }).order.shipNotBefore;
  const preorder = translated({ fulfillment: window, programs: ['PREORDER'] }).order.shipNotBefore;
  expect([usual, preorder]).toEqual([null, '2026-12-01T00:00:00.000Z']);
});

test('nothing personal stands in the order', () => {
  const { order, person } = translated();
  expect(JSON.stringify(order)).not.toMatch(/Ada|Beispielweg|marketplace\.amazon/);
  expect(person.shipTo).toMatchObject({ name: 'Ada Example', email: 'x1@marketplace.amazon.de', country: 'DE' });
});
