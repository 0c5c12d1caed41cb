import { beforeTheEffect } from '@quartermaster/connector-kit';
import {
  ConnectorFault,
  epochMs,
  instantOf,
  type Clock,
  type ConfirmedShipment,
  type Reconciled,
  type ShipmentConfirmation,
} from '@quartermaster/domain';
import { carrierCode } from './carriers.ts';
import { notDone, wordsOf, type EbayClient } from './client.ts';
import { connectorName } from './connector-name.ts';
import { isNoOrder, orderPath } from './orders.ts';
import { fulfillmentsSchema, type WireFulfillment } from './wire.ts';

export type ShipmentConfirming = {
  confirmShipment(request: ShipmentConfirmation): Promise<ConfirmedShipment>;
  findShipment(request: ShipmentConfirmation): Promise<Reconciled<ConfirmedShipment>>;
};

/** One package as eBay has it: one tracking number and the units under it. */
export type Package = {
  readonly trackingNumber: string | null;
  readonly lines: readonly { readonly lineId: string; readonly units: number }[];
};

/**
 * Confirms shipments. A fulfillment's id is its tracking number, so one that is already there is found by it and not made again; nothing at eBay can change or take back a fulfillment
 * (Fulfillment API 1.20, createShippingFulfillment).
 */
export function shipmentConfirming(client: EbayClient, clock: Clock, carriers: Readonly<Record<string, string>>): ShipmentConfirming {
  async function findShipment(request: ShipmentConfirmation): Promise<Reconciled<ConfirmedShipment>> {
    const there = await readIfThere(request.orderId, 'shipments.find');
    if (there === null) return { kind: 'absent' };
    const packages = packagesOf(request);
    const found = packages.flatMap((one) => fulfillmentOf(there, one) ?? []);
    const [first] = found;
    if (found.length === packages.length && first !== undefined) return { kind: 'found', result: { ref: first.fulfillmentId } };
    if (request.trackingNumbers.length > 0 || there.length === 0) return { kind: 'absent' };
    return {
      kind: 'cannot-tell',
      check: 'the shipment has no tracking number and the order has fulfillments; compare their lines at eBay',
    };
  }

  async function confirmShipment(request: ShipmentConfirmation): Promise<ConfirmedShipment> {
    const there = await beforeTheEffect(() => readIfThere(request.orderId, 'shipments.look'));
    if (there === null) throw notDone('not-found', 'shipments.confirm', 'eBay has no such order');
    const refs: string[] = [];
    for (const one of packagesOf(request)) refs.push(fulfillmentOf(there, one)?.fulfillmentId ?? (await create(request, one)));
    return { ref: refs[0] ?? '' };
  }

  async function create(request: ShipmentConfirmation, one: Package): Promise<string> {
    const reply = await client.tell({
      operation: 'shipments.confirm',
      api: 'fulfillment',
      method: 'POST',
      path: `${orderPath(request.orderId)}/shipping_fulfillment`,
      body: {
        lineItems: one.lines.map(({ lineId, units }) => ({ lineItemId: lineId, quantity: units })),
        shippedDate: instantOf(Math.min(epochMs(request.shippedAt), epochMs(clock.now()))),
        ...(one.trackingNumber === null
          ? {}
          : { trackingNumber: one.trackingNumber, shippingCarrierCode: carrierCode(request.carrier, carriers) }),
      },
      kind: 'effect',
      understand: (error, status) =>
        status < 500 && status !== 429 && status !== 401 && status !== 403
          ? notDone(status === 404 ? 'not-found' : 'refused', 'shipments.confirm', wordsOf(error))
          : null,
    });
    const id = /\/shipping_fulfillment\/([^/?]+)$/.exec(reply.headers['location'] ?? '')?.[1];
    if (id !== undefined) return decodeURIComponent(id);
    if (one.trackingNumber !== null) return idOf(one.trackingNumber);
    throw new ConnectorFault('malformed-reply', {
      connector: connectorName,
      operation: 'shipments.confirm',
      outcome: 'unknown',
      retry: { kind: 'safely' },
      message: 'the answer names no fulfillment',
    });
  }

  async function readIfThere(orderId: string, operation: string): Promise<readonly WireFulfillment[] | null> {
    try {
      return await readFulfillments(client, orderId, operation);
    } catch (error) {
      if (isNoOrder(error)) return null;
      throw error;
    }
  }

  return { confirmShipment, findShipment };
}

/** All fulfillments of an order; eBay does not page them. */
export async function readFulfillments(client: EbayClient, orderId: string, operation: string): Promise<readonly WireFulfillment[]> {
  const reply = await client.call({
    operation,
    api: 'fulfillment',
    method: 'GET',
    path: `${orderPath(orderId)}/shipping_fulfillment`,
    schema: fulfillmentsSchema,
    kind: 'read',
  });
  return reply.data.fulfillments;
}

/** Units of each line that have left; a line without a quantity counts as one, as eBay's default is. */
export function shippedUnits(fulfillments: readonly WireFulfillment[]): Map<string, number> {
  const units = new Map<string, number>();
  for (const { lineItems } of fulfillments)
    for (const { lineItemId, quantity } of lineItems) units.set(lineItemId, (units.get(lineItemId) ?? 0) + (quantity ?? 1));
  return units;
}

/**
 * A shipment as eBay takes it: a fulfillment has one tracking number. Which unit is in which parcel is not known here, so of several numbers each but the first gets one unit and the
 * first all others; numbers beyond the units cannot be told.
 */
export function packagesOf(request: Pick<ShipmentConfirmation, 'lines' | 'trackingNumbers'>): readonly Package[] {
  const left = request.lines.map((line) => ({ ...line }));
  const [first = null, ...others] = request.trackingNumbers;
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

function fulfillmentOf(there: readonly WireFulfillment[], { trackingNumber }: Package): WireFulfillment | undefined {
  if (trackingNumber === null) return undefined;
  const id = idOf(trackingNumber);
  return there.find((one) => idOf(one.fulfillmentId) === id || idOf(one.shipmentTrackingNumber ?? '') === id);
}

/** Tracking numbers are compared without spaces and signs, which eBay drops from ids. */
function idOf(trackingNumber: string): string {
  return trackingNumber.replaceAll(/[^\p{L}\p{N}]/gu, '').toUpperCase();
}
