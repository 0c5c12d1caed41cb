import type { Refund, RefundReason } from '@quartermaster/domain';
import { minorOf, sum, wireAmount } from './amounts.ts';
import { notDone } from './client.ts';
import { currencyOf } from './translate.ts';
import type { WireOrder, WireOrderLine } from './wire.ts';

/** Amounts that go back for one line, in minor units. */
export type LineRefund = {
  readonly lineId: string;
  readonly goods: number;
  readonly goodsTax: number;
  readonly shipping: number;
  readonly shippingTax: number;
};

/**
 * What goes back for which line: Walmart refunds lines only. Shipping goes with the lines that were charged for it, and an amount that belongs to no line with the first ones that were charged
 * as much. Throws `refused` for more than was charged, and for a line that is not there.
 */
export function refundPlan(request: Refund, order: WireOrder): readonly LineRefund[] {
  const currency = currencyOf(order);
  const parts = new Map<string, LineRefund>();
  const add = (lineId: string, more: Partial<LineRefund>) => {
    const before = parts.get(lineId) ?? { lineId, goods: 0, goodsTax: 0, shipping: 0, shippingTax: 0 };
    parts.set(lineId, {
      lineId,
      goods: before.goods + (more.goods ?? 0),
      goodsTax: before.goodsTax + (more.goodsTax ?? 0),
      shipping: before.shipping + (more.shipping ?? 0),
      shippingTax: before.shippingTax + (more.shippingTax ?? 0),
    });
  };
  for (const { lineId, amount, tax } of request.lines) {
    if (!order.orderLines.orderLine.some(({ lineNumber }) => lineNumber === lineId))
      throw notDone('not-found', 'refunds.make', `the order has no line ${lineId}`);
    if (amount.currency !== currency) throw notDone('invalid-request', 'refunds.make', `the order is in ${currency}`);
    add(lineId, { goods: amount.minor, goodsTax: tax.minor });
  }
  if (request.shipping !== null) {
    let { amount, tax } = { amount: request.shipping.amount.minor, tax: request.shipping.tax.minor };
    for (const line of order.orderLines.orderLine) {
      const charged = chargedFor(line, 'SHIPPING', currency);
      const shipping = Math.min(amount, charged.amount);
      const shippingTax = Math.min(tax, charged.tax);
      if (shipping + shippingTax === 0) continue;
      add(line.lineNumber, { shipping, shippingTax });
      amount -= shipping;
      tax -= shippingTax;
    }
    if (amount + tax > 0) throw notDone('refused', 'refunds.make', 'more shipping than was charged cannot go back');
  }
  let adjustment = request.adjustment?.minor ?? 0;
  for (const line of order.orderLines.orderLine) {
    const goods = Math.min(adjustment, chargedFor(line, 'PRODUCT', currency).amount - (parts.get(line.lineNumber)?.goods ?? 0));
    if (goods <= 0) continue;
    add(line.lineNumber, { goods });
    adjustment -= goods;
  }
  if (adjustment > 0) throw notDone('refused', 'refunds.make', 'more than was charged cannot go back');
  return [...parts.values()];
}

export function planTotal(plan: readonly LineRefund[]): number {
  return sum(plan.map(({ goods, goodsTax, shipping, shippingTax }) => goods + goodsTax + shipping + shippingTax));
}

/** The request of a plan. Walmart wants amounts that go back to be below zero. */
export function refundBody(request: Refund, plan: readonly LineRefund[], currency: string) {
  const charge = (chargeType: string, chargeName: string, amount: number, tax: number) => ({
    refundReason: reasons[request.reason],
    charge: {
      chargeType,
      chargeName,
      chargeAmount: wireAmount(-amount, currency),
      ...(tax === 0 ? {} : { tax: { taxName: `${chargeName} Tax`, taxAmount: wireAmount(-tax, currency) } }),
    },
  });
  return {
    orderRefund: {
      purchaseOrderId: request.orderId,
      orderLines: {
        orderLine: plan.map(({ lineId, goods, goodsTax, shipping, shippingTax }) => ({
          lineNumber: lineId,
          isFullRefund: false,
          refunds: {
            refund: [
              {
                refundComments: request.refundId,
                refundCharges: {
                  refundCharge: [
                    ...(goods + goodsTax === 0 ? [] : [charge('PRODUCT', 'Item Price', goods, goodsTax)]),
                    ...(shipping + shippingTax === 0 ? [] : [charge('SHIPPING', 'Shipping', shipping, shippingTax)]),
                  ],
                },
              },
            ],
          },
        })),
      },
    },
  };
}

function chargedFor(line: WireOrderLine, type: string, currency: string): { readonly amount: number; readonly tax: number } {
  const charges = (line.charges?.charge ?? []).filter(({ chargeType }) => chargeType.toUpperCase() === type);
  return {
    amount: sum(charges.map(({ chargeAmount }) => minorOf(chargeAmount, currency))),
    tax: sum(charges.map(({ tax }) => minorOf(tax?.taxAmount, currency))),
  };
}

/** `refundReason` of the Orders API. */
const reasons: Readonly<Record<RefundReason, string>> = {
  returned: 'Customer returned item',
  cancelled: 'Buyer canceled',
  lost: 'Merchandise not received',
  damaged: 'DamagedItem',
  goodwill: 'Finance -> Goodwill',
  price: 'General adjustment',
  other: 'Others',
};
