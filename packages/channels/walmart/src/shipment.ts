import { beforeTheEffect } from '@quartermaster/connector-kit';
import { epochMs, type Clock, type ConfirmedShipment, type Reconciled, type ShipmentConfirmation } from '@quartermaster/domain';
import { acknowledge } from './acknowledgement.ts';
import { carrierOf, type WireCarrier } from './carriers.ts';
import { notDone, type WalmartClient } from './client.ts';
import { longestSellerOrderId } from './limits.ts';
import { unitsOf } from './line-units.ts';
import { orderPath, readOrder } from './orders.ts';
import { oneOrderSchema, type WireOrder } from './wire.ts';

export type ShipmentConfirming = {
  confirmShipment(request: ShipmentConfirmation): Promise<ConfirmedShipment>;
  findShipment(request: ShipmentConfirmation): Promise<Reconciled<ConfirmedShipment>>;
};

/** Units of lines under one tracking number. */
export type Package = { readonly trackingNumber: string; readonly lines: readonly { readonly lineId: string; readonly units: number }[] };

/**
 * Confirms shipments, upon which Walmart charges the customer. All parcels go in one request, and a shipment is found again by tracking number and line. What was not acknowledged yet is so
 * first, because Walmart ships nothing else.
 */
export function shipmentConfirming(client: WalmartClient, clock: Clock, carriers: Readonly<Record<string, string>>): ShipmentConfirming {
  async function findShipment(request: ShipmentConfirmation): Promise<Reconciled<ConfirmedShipment>> {
    const order = await readOrder(client, request.orderId, 'shipments.find');
    if (order === null || !isThere(order, packagesOf(request))) return { kind: 'absent' };
    return { kind: 'found', result: { ref: refOf(request) } };
  }

  async function confirmShipment(request: ShipmentConfirmation): Promise<ConfirmedShipment> {
    const packages = packagesOf(request);
    const order = await beforeTheEffect(() => readOrder(client, request.orderId, 'shipments.look'));
    if (order === null) throw notDone('not-found', 'shipments.confirm', 'Walmart has no such order');
    if (isThere(order, packages)) return { ref: refOf(request) };
    const body = shipmentBody(request, packages, order);
    const lines = order.orderLines.orderLine.filter(({ lineNumber }) => request.lines.some(({ lineId }) => lineId === lineNumber));
    if (lines.some((line) => unitsOf(line).created > 0))
      await beforeTheEffect(() => acknowledge(client, request.orderId, 'shipments.acknowledge'));
    await client({
      operation: 'shipments.confirm',
      bucket: 'ship',
      method: 'POST',
      path: `${orderPath(request.orderId)}/shipping`,
      body,
      schema: oneOrderSchema,
      kind: 'effect',
    });
    return { ref: refOf(request) };
  }

  function shipmentBody(request: ShipmentConfirmation, packages: readonly Package[], order: WireOrder) {
    const carrierName: WireCarrier = carrierOf(request.carrier, carriers);
    if ('otherCarrier' in carrierName && request.trackingUrl === null)
      throw notDone(
        'invalid-request',
        'shipments.confirm',
        `Walmart has no carrier ${request.carrier} in its list, and takes another only with a tracking address`,
        'Give a tracking URL, or name Walmart’s word for the carrier in `carriers`.',
      );
    const statusesOf = (lineId: string) =>
      packages.flatMap(({ trackingNumber, lines }) =>
        lines
          .filter((line) => line.lineId === lineId)
          .map(({ units }) => ({
            status: 'Shipped',
            statusQuantity: { unitOfMeasurement: 'EACH', amount: String(units) },
            trackingInfo: {
              shipDateTime: Math.min(epochMs(request.shippedAt), epochMs(clock.now())),
              carrierName,
              methodCode: order.shippingInfo?.methodCode ?? 'Standard',
              trackingNumber,
              ...(request.trackingUrl === null ? {} : { trackingURL: request.trackingUrl }),
            },
          })),
      );
    const lineIds = [...new Set(packages.flatMap(({ lines }) => lines.map(({ lineId }) => lineId)))];
    const intends = new Set(
      order.orderLines.orderLine.filter(({ intentToCancel }) => intentToCancel != null).map(({ lineNumber }) => lineNumber),
    );
    return {
      orderShipment: {
        orderLines: {
          orderLine: lineIds.map((lineNumber) => ({
            lineNumber,
            // The parcel left though the customer wishes to cancel: Walmart wants that acknowledged.
            ...(intends.has(lineNumber) ? { intentToCancelOverride: true } : {}),
            sellerOrderId: request.orderId.slice(0, longestSellerOrderId),
            orderLineStatuses: { orderLineStatus: statusesOf(lineNumber) },
          })),
        },
      },
    };
  }

  return { confirmShipment, findShipment };
}

/**
 * A shipment as Walmart takes it: each unit under one tracking number. Which unit is in which parcel is not known here, so of several numbers each but the first gets one unit and the first
 * all others; numbers beyond the units cannot be told. Throws `invalid-request` without a number, which Walmart requires.
 */
export function packagesOf(request: Pick<ShipmentConfirmation, 'lines' | 'trackingNumbers'>): readonly Package[] {
  const left = request.lines.map((line) => ({ ...line }));
  const [first, ...others] = request.trackingNumbers;
  if (first === undefined)
    throw notDone(
      'invalid-request',
      'shipments.confirm',
      'Walmart takes no shipment without a tracking number',
      'Give the parcel’s number.',
    );
  const packages: Package[] = [];
  for (const trackingNumber of others) {
    const total = left.reduce((sum, { units }) => sum + units, 0);
    const last = left.findLast(({ units }) => units > 0);
    if (last === undefined || total <= 1) break;
    last.units -= 1;
    packages.push({ trackingNumber, lines: [{ lineId: last.lineId, units: 1 }] });
  }
  return [{ trackingNumber: first, lines: left.filter(({ units }) => units > 0) }, ...packages];
}

function isThere(order: WireOrder, packages: readonly Package[]): boolean {
  return packages.every(({ trackingNumber, lines }) =>
    lines.every(({ lineId }) =>
      order.orderLines.orderLine.some(
        (line) =>
          line.lineNumber === lineId &&
          line.orderLineStatuses.orderLineStatus.some(({ trackingInfo }) => trackingInfo?.trackingNumber === trackingNumber),
      ),
    ),
  );
}

function refOf({ trackingNumbers }: ShipmentConfirmation): string {
  return trackingNumbers.join(' ');
}
