import { centsProof, decimalOf, money } from '@quartermaster/domain';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { translateOrder } from './translate.ts';
import { orderSchema } from './wire.ts';

const cents = fc.integer({ min: 0, max: 100_000 });
const anItem = fc.record({
  goods: cents,
  shipping: cents,
  giftWrap: cents,
  discount: cents,
  tax: cents,
  shippingTax: cents,
  quantity: fc.integer({ min: 1, max: 9 }),
});

test('whatever an order is made of, its parts come to its total, in every currency and with tax in or on top', () => {
  fc.assert(
    fc.property(
      fc.array(anItem, { minLength: 1, maxLength: 5 }),
      fc.constantFrom('EUR', 'JPY', 'KWD'),
      fc.boolean(),
      fc.boolean(),
      cents,
      (items, currency, included, negative, tip) => {
        const amount = (minor: number) => ({ amount: decimalOf(money(minor, currency)), currencyCode: currency });
        const off = (minor: number) => amount(negative ? -minor : minor);
        const sumOf = (item: (typeof items)[number]) =>
          item.goods + item.shipping + item.giftWrap - item.discount + (included ? 0 : item.tax + item.shippingTax);
        const total = items.reduce((sum, item) => sum + sumOf(item), tip);
        const wire = orderSchema.parse({
          orderId: '028-1234567-8901234',
          createdTime: '2026-11-21T09:00:00Z',
          lastUpdatedTime: '2026-11-21T09:00:00Z',
          salesChannel: { channelName: 'AMAZON', marketplaceId: included ? 'A1PA6795UKMFR9' : 'ATVPDKIKX0DER' },
          fulfillment: { fulfillmentStatus: 'UNSHIPPED' },
          proceeds: { grandTotal: amount(total), breakdowns: [{ type: 'DELIVERY_TIP', subtotal: amount(tip) }] },
          orderItems: items.map((item, index) => ({
            orderItemId: String(index),
            quantityOrdered: item.quantity,
            product: { sellerSku: `SKU-${index}` },
            fulfillment: { quantityFulfilled: 0, quantityUnfulfilled: item.quantity },
            proceeds: {
              breakdowns: [
                { type: 'ITEM', subtotal: amount(item.goods) },
                { type: 'SHIPPING', subtotal: amount(item.shipping) },
                { type: 'GIFT_WRAP', subtotal: amount(item.giftWrap) },
                { type: 'DISCOUNT', subtotal: off(item.discount) },
                {
                  type: 'TAX',
                  subtotal: amount(item.tax + item.shippingTax),
                  detailedBreakdowns: [{ subtype: 'SHIPPING', value: amount(item.shippingTax) }],
                },
              ],
            },
          })),
        });
        const { order } = translateOrder(wire, 'acme', 'r1');
        const proof = centsProof(order);
        expect([proof.total.minor, proof.difference.minor, proof.explained]).toEqual([total, 0, true]);
      },
    ),
  );
});
