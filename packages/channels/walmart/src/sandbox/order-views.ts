import { decimalOf } from '@quartermaster/domain';
import { unitsIn, type LineState, type OrderState, type WalmartState } from './state.ts';

/** Charges of a line as they stand: of what was cancelled Walmart takes the charges away. Minor units. */
export function chargesOf(line: LineState) {
  const left = line.quantity - unitsIn(line, 'Cancelled');
  const share = (amount: number) => Math.round((amount * left) / line.quantity);
  return {
    goods: line.unitPrice * left,
    discount: share(line.discount),
    tax: share(line.tax),
    shipping: share(line.shipping),
    shippingTax: share(line.shippingTax),
    fee: share(line.fee),
  };
}

export function totalOf(order: OrderState): number {
  return order.lines.reduce((sum, line) => {
    const { goods, discount, tax, shipping, shippingTax, fee } = chargesOf(line);
    return sum + goods - discount + tax + shipping + shippingTax + fee;
  }, 0);
}

/** What of a line's charges may still go back, by charge type. */
export function refundableOf(line: LineState, type: string): { readonly amount: number; readonly tax: number } {
  const { goods, discount, tax, shipping, shippingTax } = chargesOf(line);
  const back = line.refunds.flatMap(({ charges }) => charges).filter((charge) => charge.type === type);
  const paid = type === 'SHIPPING' ? { amount: shipping, tax: shippingTax } : { amount: goods - discount, tax };
  return {
    amount: paid.amount - back.reduce((sum, charge) => sum + charge.amount, 0),
    tax: paid.tax - back.reduce((sum, charge) => sum + charge.tax, 0),
  };
}

/** An order as Walmart tells it. It tells no time of its last change: only when each line last changed its state. */
export function orderView(state: WalmartState, order: OrderState) {
  const { address } = order;
  const amount = (minor: number) => amountView(state, minor);
  return {
    purchaseOrderId: order.id,
    customerOrderId: order.customerOrderId,
    customerEmailId: order.email,
    orderDate: order.orderDate,
    shippingInfo: {
      phone: address.phone,
      estimatedDeliveryDate: order.orderDate + 5 * 86_400_000,
      estimatedShipDate: order.orderDate + 86_400_000,
      methodCode: order.methodCode,
      postalAddress: {
        name: address.name,
        address1: address.line1,
        ...(address.line2 === undefined ? {} : { address2: address.line2 }),
        city: address.city,
        state: address.state,
        postalCode: address.postalCode,
        country: address.country ?? 'USA',
        addressType: 'RESIDENTIAL',
      },
    },
    orderLines: { orderLine: order.lines.map((line) => lineView(state, order, line)) },
    ...(order.summary
      ? {
          orderSummary: {
            totalAmount: { currencyAmount: amount(totalOf(order)).amount, currencyUnit: state.currency },
            orderSubTotals: [],
          },
        }
      : {}),
    shipNode: { type: 'SellerFulfilled', name: order.shipNode, id: order.shipNode },
  };
}

function amountView(state: WalmartState, minor: number) {
  return { currency: state.currency, amount: Number(decimalOf({ minor, currency: state.currency })) };
}

function lineView(state: WalmartState, order: OrderState, line: LineState) {
  const { goods, discount, tax, shipping, shippingTax, fee } = chargesOf(line);
  const amount = (minor: number) => amountView(state, minor);
  const charge = (chargeType: string, chargeName: string, minor: number, taxMinor: number) => ({
    chargeType,
    chargeName,
    chargeAmount: amount(minor),
    ...(taxMinor === 0 ? {} : { tax: { taxName: 'Tax1', taxAmount: amount(taxMinor) } }),
  });
  const refunded = line.refunds.flatMap(({ charges }) => charges);
  return {
    lineNumber: line.number,
    item: { productName: line.title, sku: line.sku },
    charges: {
      charge: [
        charge('PRODUCT', 'ItemPrice', goods, tax),
        ...(discount === 0 ? [] : [charge('PRODUCT', 'SubscriptionDiscount', -discount, 0)]),
        ...(shipping === 0 ? [] : [charge('SHIPPING', 'Shipping', shipping, shippingTax)]),
        ...(fee === 0 ? [] : [charge('FEE', 'Retail Delivery Fee', fee, 0)]),
      ],
    },
    orderLineQuantity: { unitOfMeasurement: 'EACH', amount: String(line.quantity) },
    statusDate: line.statusDate,
    orderLineStatuses: {
      orderLineStatus: line.groups.map(({ status, units, reason, tracking }) => ({
        status,
        statusQuantity: { unitOfMeasurement: 'EACH', amount: String(units) },
        ...(reason === undefined ? {} : { cancellationReason: reason }),
        ...(tracking === undefined ? {} : { trackingInfo: tracking }),
      })),
    },
    ...(refunded.length === 0
      ? {}
      : {
          refund: {
            refundId: `${order.id}-${line.number}`,
            refundComments: line.refunds.at(-1)?.comments,
            refundCharges: {
              refundCharge: refunded.map(({ type, name, amount: minor, tax: taxMinor, reason }) => ({
                refundReason: reason,
                charge: charge(type, name, -minor, -taxMinor),
              })),
            },
          },
        }),
    ...(line.intentToCancel ? { intentToCancel: 'Y' } : {}),
    fulfillment: { fulfillmentOption: 'S2H', shipMethod: order.methodCode.toUpperCase(), pickUpDateTime: order.orderDate + 5 * 86_400_000 },
  };
}
