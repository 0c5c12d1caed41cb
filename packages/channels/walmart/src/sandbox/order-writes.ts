import { moneyFromDecimal } from '@quartermaster/domain';
import { z } from 'zod';
import { bodyOf, invalid, type Asked } from './answers.ts';
import { orderView, refundableOf } from './order-views.ts';
import { orderOf } from './orders.ts';
import { announce, moveUnits, nowMs, settleStock, touch, unitsIn, type LineState, type OrderState, type WalmartState } from './state.ts';

/** Takes all lines on. Refused where nothing waits for it. */
export function acknowledge(state: WalmartState, id: string) {
  const order = orderOf(state, id);
  const waiting = order.lines.filter((line) => unitsIn(line, 'Created') > 0);
  if (waiting.length === 0) throw invalid('The order is not in Created status');
  for (const line of waiting) moveUnits(line, ['Created'], unitsIn(line, 'Created'), { status: 'Acknowledged' });
  order.acknowledged = true;
  touch(state, order, waiting);
  return { order: orderView(state, order) };
}

const quantity = z.strictObject({ unitOfMeasurement: z.enum(['EACH', 'EA']), amount: z.string().regex(/^[1-9]\d*$/) });

const carriers = new Set(
  'UPS|USPS|FedEx|Airborne|OnTrac|DHL Ecommerce - US|DHL|LS|UDS|UPSMI|FDX|PILOT|ESTES|SAIA|FDS Express|FEDEXSP|China Post|YunExpress|Sendle|Landmark Global|Yanwen|4PX|GLS|OSM Worldwide|FIRST MILE|AxleHire|LSO|Royal Mail|Canada Post|Japan Post|XPO Logistics|Deutsche Post|Better Trucks|Asendia'.split(
    '|',
  ),
);

const shippingSchema = z.strictObject({
  orderShipment: z.strictObject({
    processMode: z.literal('PARTIAL_UPDATE').optional(),
    orderLines: z.strictObject({
      orderLine: z
        .array(
          z.strictObject({
            lineNumber: z.string(),
            intentToCancelOverride: z.boolean().optional(),
            sellerOrderId: z.string().min(1).max(30),
            orderLineStatuses: z.strictObject({
              orderLineStatus: z
                .array(
                  z.strictObject({
                    status: z.literal('Shipped'),
                    statusQuantity: quantity,
                    trackingInfo: z.strictObject({
                      shipDateTime: z.int().min(1_000_000_000_000),
                      carrierName: z.strictObject({ carrier: z.string().optional(), otherCarrier: z.string().optional() }),
                      methodCode: z.enum(['Standard', 'Express', 'OneDay', 'Freight', 'WhiteGlove', 'Value']),
                      trackingNumber: z.string().min(1),
                      trackingURL: z.string().min(1).optional(),
                    }),
                  }),
                )
                .min(1),
            }),
          }),
        )
        .min(1),
    }),
  }),
});

/** Ships units, and charges the customer. All of a request or nothing. */
export function ship(state: WalmartState, asked: Asked, id: string) {
  const order = orderOf(state, id);
  const { orderLine } = bodyOf(asked, shippingSchema).orderShipment.orderLines;
  const wanted = orderLine.map((one) => ({ ...one, line: lineOf(order, one.lineNumber), statuses: one.orderLineStatuses.orderLineStatus }));
  for (const { line, statuses, intentToCancelOverride } of wanted) {
    const units = statuses.reduce((sum, { statusQuantity }) => sum + Number(statusQuantity.amount), 0);
    if (unitsIn(line, 'Created') > 0) throw invalid(`Line ${line.number} is not acknowledged`);
    if (unitsIn(line, 'Acknowledged') < units) throw invalid(`Line ${line.number} has fewer units to ship`);
    if (line.intentToCancel && intentToCancelOverride !== true) throw invalid(`Line ${line.number} has an intent to cancel`);
    for (const { trackingInfo } of statuses) {
      const { carrierName, shipDateTime, trackingURL } = trackingInfo;
      if (shipDateTime > nowMs(state)) throw invalid('shipDateTime is in the future');
      if (carrierName.otherCarrier !== undefined && trackingURL === undefined) throw invalid('trackingURL is mandatory with otherCarrier');
      if (carrierName.otherCarrier === undefined && !carriers.has(carrierName.carrier ?? '')) throw invalid('Invalid carrier');
    }
  }
  for (const { line, statuses } of wanted)
    for (const { statusQuantity, trackingInfo } of statuses) {
      moveUnits(line, ['Acknowledged'], Number(statusQuantity.amount), { status: 'Shipped', tracking: trackingInfo });
      settleStock(state, order, line, Number(statusQuantity.amount), 'taken');
    }
  touch(
    state,
    order,
    wanted.map(({ line }) => line),
  );
  return { order: orderView(state, order) };
}

const cancelSchema = z.strictObject({
  orderCancellation: z.strictObject({
    orderLines: z.strictObject({
      orderLine: z
        .array(
          z.strictObject({
            lineNumber: z.string(),
            orderLineStatuses: z.strictObject({
              orderLineStatus: z.tuple([
                z.strictObject({
                  status: z.literal('Cancelled'),
                  cancellationReason: z.enum([
                    'CUSTOMER_REQUESTED_SELLER_TO_CANCEL',
                    'SELLER_CANCEL_PRICING_ERROR',
                    'SELLER_CANCEL_OUT_OF_STOCK',
                    'SELLER_CANCEL_FRAUD_STOP_SHIPMENT',
                    'SELLER_CANCEL_ADDRESS_NOT_SERVICEABLE',
                  ]),
                  statusQuantity: quantity,
                }),
              ]),
            }),
          }),
        )
        .min(1),
    }),
  }),
});

export function cancel(state: WalmartState, asked: Asked, id: string) {
  const order = orderOf(state, id);
  const { orderLine } = bodyOf(asked, cancelSchema).orderCancellation.orderLines;
  const wanted = orderLine.map(({ lineNumber, orderLineStatuses }) => {
    const [{ cancellationReason, statusQuantity }] = orderLineStatuses.orderLineStatus;
    return { line: lineOf(order, lineNumber), reason: cancellationReason, units: Number(statusQuantity.amount) };
  });
  for (const { line, reason, units } of wanted) {
    if (unitsIn(line, 'Created', 'Acknowledged') < units) throw invalid(`Line ${line.number} has fewer units to cancel`);
    if (reason === 'CUSTOMER_REQUESTED_SELLER_TO_CANCEL' && !line.intentToCancel) throw invalid('The customer did not ask to cancel');
    if (reason === 'SELLER_CANCEL_FRAUD_STOP_SHIPMENT') throw invalid('The order is not fraudulent');
  }
  for (const { line, reason, units } of wanted) cancelUnits(state, order, line, units, reason);
  return { order: orderView(state, order) };
}

/** Takes units away from a line, whoever does it. */
export function cancelUnits(state: WalmartState, order: OrderState, line: LineState, units: number, reason: string): void {
  if (!moveUnits(line, ['Created', 'Acknowledged'], units, { status: 'Cancelled', reason })) throw new RangeError('fewer units to cancel');
  settleStock(state, order, line, units, 'given-back');
  touch(state, order, [line]);
}

/** Walmart takes what nobody wants any more away by itself. */
export function autoCancel(state: WalmartState, order: OrderState): void {
  for (const line of order.lines) {
    const open = unitsIn(line, 'Created', 'Acknowledged');
    if (open > 0) cancelUnits(state, order, line, open, 'WALMART_AUTO_CANCEL');
  }
  announce(state, 'PO_LINE_AUTOCANCELLED', { partnerId: state.partnerId, purchaseOrderId: order.id });
}

const amount = z.strictObject({ currency: z.string(), amount: z.number().negative() });
const refundSchema = z.strictObject({
  orderRefund: z.strictObject({
    purchaseOrderId: z.string(),
    orderLines: z.strictObject({
      orderLine: z
        .array(
          z.strictObject({
            lineNumber: z.string(),
            isFullRefund: z.boolean().optional(),
            refunds: z.strictObject({
              refund: z
                .array(
                  z.strictObject({
                    refundId: z.string().optional(),
                    refundComments: z.string().optional(),
                    refundCharges: z.strictObject({
                      refundCharge: z
                        .array(
                          z.strictObject({
                            refundReason: z.string(),
                            charge: z.strictObject({
                              chargeType: z.enum(['PRODUCT', 'SHIPPING']),
                              chargeName: z.string(),
                              chargeAmount: amount.extend({ amount: z.number().nonpositive() }),
                              tax: z.strictObject({ taxName: z.string(), taxAmount: amount }).optional(),
                            }),
                          }),
                        )
                        .min(1),
                    }),
                  }),
                )
                .min(1),
            }),
          }),
        )
        .min(1),
    }),
  }),
});

/** Refunds lines that have shipped, within what was charged for them. */
export function refund(state: WalmartState, asked: Asked, id: string) {
  const order = orderOf(state, id);
  const { orderRefund } = bodyOf(asked, refundSchema);
  if (orderRefund.purchaseOrderId !== id) throw invalid('purchaseOrderId is another than that of the path');
  const minor = (given: { readonly currency: string; readonly amount: number } | undefined) => {
    if (given === undefined) return 0;
    if (given.currency !== state.currency) throw invalid(`Invalid currency ${given.currency}`);
    return -moneyFromDecimal(String(given.amount), given.currency).minor;
  };
  const wanted = orderRefund.orderLines.orderLine.map(({ lineNumber, refunds }) => ({
    line: lineOf(order, lineNumber),
    refunds: refunds.refund.map(({ refundComments, refundCharges }) => ({
      comments: refundComments ?? '',
      charges: refundCharges.refundCharge.map(({ refundReason, charge }) => ({
        type: charge.chargeType,
        name: charge.chargeName,
        amount: minor(charge.chargeAmount),
        tax: minor(charge.tax?.taxAmount),
        reason: refundReason,
      })),
    })),
  }));
  for (const { line, refunds } of wanted) {
    if (unitsIn(line, 'Shipped', 'Delivered') === 0) throw invalid(`Line ${line.number} has not shipped`);
    for (const type of ['PRODUCT', 'SHIPPING']) {
      const charges = refunds.flatMap((one) => one.charges).filter((charge) => charge.type === type);
      const left = refundableOf(line, type);
      const sumOf = (of: (charge: (typeof charges)[number]) => number) => charges.reduce((sum, charge) => sum + of(charge), 0);
      if (sumOf((charge) => charge.amount) > left.amount || sumOf((charge) => charge.tax) > left.tax)
        throw invalid(`Refund of line ${line.number} exceeds what was charged`);
    }
  }
  for (const { line, refunds } of wanted) line.refunds.push(...refunds);
  touch(state, order);
  return { order: orderView(state, order) };
}

function lineOf(order: OrderState, number: string): LineState {
  const found = order.lines.find((line) => line.number === number);
  if (found === undefined) throw invalid(`The order has no line ${number}`);
  return found;
}
