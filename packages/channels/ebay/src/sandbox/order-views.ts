import { epochMs } from '@quartermaster/domain';
import { wireAmount } from './amounts.ts';
import { cancelStateOf, settle, type EbayState, type LineState, type OrderState, type SandboxAddress } from './state.ts';

/**
 * An order as eBay tells it. In a list `cancelRequests` is always empty; tax that eBay collects is in totals and `taxes` only where the breakdown was asked for (Fulfillment API 1.20).
 */
export function orderView(state: EbayState, order: OrderState, how: { readonly single: boolean; readonly breakdown: boolean }) {
  settle(state, order);
  const amount = (minor: number) => wireAmount(minor, state.currency, order.converted);
  const costs = sums(order);
  const tax = how.breakdown ? costs.tax : 0;
  const total = totalOf(order) - costs.tax + tax;
  return {
    orderId: order.id,
    creationDate: order.createdAt,
    lastModifiedDate: order.modifiedAt,
    orderFulfillmentStatus: fulfillmentStatus(order),
    orderPaymentStatus: paymentStatus(state, order),
    sellerId: state.sellerId,
    buyer: {
      username: order.buyer,
      taxAddress: { city: order.address.city, postalCode: order.address.postalCode, countryCode: order.address.countryCode },
    },
    pricingSummary: {
      priceSubtotal: amount(costs.goods),
      ...(costs.discount === 0 ? {} : { priceDiscount: amount(-costs.discount) }),
      deliveryCost: amount(order.shipping),
      ...(order.shippingDiscount === 0 ? {} : { deliveryDiscount: amount(-order.shippingDiscount) }),
      ...(order.fee === 0 || !how.breakdown ? {} : { fee: amount(order.fee) }),
      ...(order.adjustment === 0 ? {} : { adjustment: amount(order.adjustment) }),
      ...(tax === 0 ? {} : { tax: amount(tax) }),
      total: amount(total),
    },
    cancelStatus: {
      cancelState: cancelStateOf(state, order),
      cancelRequests: how.single
        ? order.cancelRequests.map((request) => ({
            cancelRequestId: request.id,
            cancelInitiator: request.initiator,
            cancelReason: request.reason,
            cancelRequestedDate: request.at,
            cancelRequestState: request.state,
          }))
        : [],
    },
    paymentSummary: {
      totalDueSeller: amount(order.payment === 'PAID' ? total : 0),
      refunds: order.refunds.map((refund) => ({
        refundId: refund.id,
        refundDate: refund.at,
        amount: amount(refund.amount),
        refundStatus: epochMs(state.clock.now()) >= refund.doneAt ? 'REFUNDED' : 'PENDING',
      })),
      payments: [
        {
          paymentMethod: 'EBAY',
          paymentStatus: order.payment,
          amount: amount(total),
          ...(order.payment === 'PAID' ? { paymentDate: order.createdAt } : {}),
        },
      ],
    },
    fulfillmentStartInstructions: [startInstruction(state, order)],
    fulfillmentHrefs: order.fulfillments.map(
      ({ id }) => `https://api.ebay.com/sell/fulfillment/v1/order/${order.id}/shipping_fulfillment/${id}`,
    ),
    ...(order.byEbay ? { program: { fulfillmentProgram: { fulfilledBy: 'EBAY' } } } : {}),
    ...(state.taxOnTop && costs.tax > 0 ? { ebayCollectAndRemitTax: true } : {}),
    lineItems: order.lines.map((line) => lineView(state, order, line, how.breakdown)),
    salesRecordReference: order.id.replaceAll('-', '').slice(-5),
  };
}

export function shippedOf(order: OrderState, lineId: string): number {
  return order.fulfillments.flatMap(({ lines }) => lines).reduce((sum, line) => sum + (line.lineId === lineId ? line.quantity : 0), 0);
}

/** What the buyer paid, with all taxes, in minor units. */
export function totalOf(order: OrderState): number {
  const { goods, discount, tax, importCharges } = sums(order);
  const beside = order.shipping - order.shippingDiscount + order.fee + order.adjustment + (order.importChargesInTotal ? importCharges : 0);
  return goods - discount + beside + tax;
}

/** What a seller may refund: all but the tax that eBay collected, which eBay refunds by itself. */
export function refundable(order: OrderState): number {
  return totalOf(order) - sums(order).tax - order.refunds.reduce((sum, { amount }) => sum + amount, 0);
}

function sums({ lines }: OrderState) {
  const sumOf = (amount: (line: LineState) => number) => lines.reduce((sum, line) => sum + amount(line), 0);
  return {
    goods: sumOf(({ unitPrice, quantity }) => unitPrice * quantity),
    discount: sumOf(({ discount }) => discount),
    tax: sumOf(({ tax }) => tax),
    importCharges: sumOf(({ importCharges }) => importCharges),
  };
}

function lineView(state: EbayState, order: OrderState, line: LineState, breakdown: boolean) {
  const amount = (minor: number) => wireAmount(minor, state.currency, order.converted);
  const cost = line.unitPrice * line.quantity;
  const shipped = shippedOf(order, line.id);
  const collected = { taxType: 'STATE_SALES_TAX', amount: amount(line.tax), collectionMethod: 'NET' };
  return {
    lineItemId: line.id,
    legacyItemId: line.legacyItemId,
    ...(line.legacyVariationId === null ? {} : { legacyVariationId: line.legacyVariationId }),
    ...(line.sku === null ? {} : { sku: line.sku }),
    title: line.title,
    quantity: line.quantity,
    soldFormat: 'FIXED_PRICE',
    listingMarketplaceId: state.marketplace,
    purchaseMarketplaceId: state.marketplace,
    lineItemCost: amount(cost),
    ...(line.discount === 0 ? {} : { discountedLineItemCost: amount(cost - line.discount) }),
    appliedPromotions: line.discount === 0 ? [] : [{ discountAmount: amount(line.discount), promotionId: '1', description: 'Offer' }],
    deliveryCost: {
      shippingCost: amount(0),
      ...(line.importCharges === 0 ? {} : { importCharges: amount(line.importCharges) }),
    },
    total: amount(cost - line.discount + (breakdown ? line.tax : 0)),
    taxes: line.tax > 0 && breakdown ? [{ taxType: 'STATE_SALES_TAX', amount: amount(line.tax) }] : [],
    ...(line.tax > 0 ? { ebayCollectAndRemitTaxes: [collected] } : {}),
    refunds: order.refunds.flatMap((refund) =>
      refund.lines
        .filter(({ lineId }) => lineId === line.id)
        .map((part) => ({ refundId: refund.id, refundDate: refund.at, amount: amount(part.amount) })),
    ),
    lineItemFulfillmentStatus: shipped >= line.quantity ? 'FULFILLED' : shipped > 0 ? 'IN_PROGRESS' : 'NOT_STARTED',
    properties: { buyerProtection: true },
    lineItemFulfillmentInstructions: { guaranteedDelivery: false },
  };
}

function fulfillmentStatus(order: OrderState): string {
  if (order.lines.every((line) => shippedOf(order, line.id) >= line.quantity)) return 'FULFILLED';
  return order.fulfillments.length > 0 ? 'IN_PROGRESS' : 'NOT_STARTED';
}

function paymentStatus(state: EbayState, order: OrderState): string {
  if (order.payment !== 'PAID') return order.payment;
  const done = order.refunds.filter(({ doneAt }) => epochMs(state.clock.now()) >= doneAt);
  const refunded = done.reduce((sum, { amount }) => sum + amount, 0);
  if (refunded > 0 && refunded >= totalOf(order) - sums(order).tax) return 'FULLY_REFUNDED';
  return refunded > 0 ? 'PARTIALLY_REFUNDED' : 'PAID';
}

/** eBay shows an e-mail address for 14 days from the order's creation, name, phone and street for 90. */
function startInstruction(state: EbayState, order: OrderState) {
  const ageDays = (epochMs(state.clock.now()) - epochMs(order.createdAt)) / 86_400_000;
  const { addressLine1, ...area } = contactAddress(order.address);
  const { name, phone, email } = order.address;
  return {
    fulfillmentInstructionsType: 'SHIP_TO',
    ebaySupportedFulfillment: order.hub !== null,
    ...(order.hub === null ? {} : { finalDestinationAddress: contactAddress(order.hub.finalAddress) }),
    shippingStep: {
      shippingCarrierCode: 'GENERIC',
      shippingServiceCode: 'StandardShipping',
      ...(order.hub === null ? {} : { shipToReferenceId: order.hub.reference }),
      shipTo: {
        contactAddress: { ...(ageDays > 90 ? {} : { addressLine1 }), ...area },
        ...(ageDays > 90 ? {} : { fullName: name }),
        ...(phone === undefined || ageDays > 90 ? {} : { primaryPhone: { phoneNumber: phone } }),
        ...(email === undefined || ageDays > 14 ? {} : { email }),
      },
    },
  };
}

function contactAddress(address: SandboxAddress) {
  return {
    addressLine1: address.line1,
    city: address.city,
    postalCode: address.postalCode,
    countryCode: address.countryCode,
    ...(address.stateOrProvince === undefined ? {} : { stateOrProvince: address.stateOrProvince }),
  };
}
