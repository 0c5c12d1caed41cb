import { beforeTheEffect } from '@quartermaster/connector-kit';
import { ConnectorFault, type ConfirmedShipment, type Reconciled, type ShipmentConfirmation } from '@quartermaster/domain';
import { notDone, type MiraklClient } from './client.ts';
import { connectorName } from './connector-name.ts';
import { hasLeft, readShipments } from './shipments-read.ts';
import { createdShipmentsSchema, type WireShipment } from './wire-operations.ts';

export type ShipmentConfirming = {
  confirmShipment(request: ShipmentConfirmation): Promise<ConfirmedShipment>;
  findShipment(request: ShipmentConfirmation): Promise<Reconciled<ConfirmedShipment>>;
};

/** One parcel as Mirakl has it: one tracking number and the units under it. */
type Parcel = {
  readonly trackingNumber: string | null;
  readonly lines: readonly { readonly lineId: string; readonly units: number }[];
};

export type Carriers = Readonly<Record<string, string>>;

/**
 * Confirms shipments on platforms with several shipments per order: all parcels of a confirmation are made and shipped in one call (ST01 with `shipped`). Mirakl keeps no key of ours, so a
 * parcel is found again by its tracking number (ST11). Those that are there are not made again. From where it left is not told: whether shops may say so is a setting of the operator's.
 */
export function shipmentConfirming(client: MiraklClient, carriers: Carriers): ShipmentConfirming {
  async function findShipment(request: ShipmentConfirmation): Promise<Reconciled<ConfirmedShipment>> {
    const there = await readShipments(client, [request.orderId], 'shipments.find');
    const parcels = parcelsOf(request);
    const found = parcels.flatMap((parcel) => shipmentOf(there, parcel) ?? []);
    const [first] = found;
    if (found.length === parcels.length && first !== undefined) return { kind: 'found', result: { ref: first.id } };
    if (request.trackingNumbers.length > 0 || there.length === 0) return { kind: 'absent' };
    return {
      kind: 'cannot-tell',
      check: 'the shipment has no tracking number and the order has shipments; compare their lines at the marketplace',
    };
  }

  async function confirmShipment(request: ShipmentConfirmation): Promise<ConfirmedShipment> {
    const there = await beforeTheEffect(() => readShipments(client, [request.orderId], 'shipments.look'));
    const missing = parcelsOf(request).filter((parcel) => shipmentOf(there, parcel) === undefined);
    const made = missing.length === 0 ? [] : await create(request, missing);
    const first = parcelsOf(request).flatMap((parcel) => shipmentOf([...there, ...made], parcel) ?? [])[0] ?? made[0];
    return { ref: first?.id ?? '' };
  }

  async function create(request: ShipmentConfirmation, parcels: readonly Parcel[]): Promise<readonly WireShipment[]> {
    const reply = await client.call(
      {
        operation: 'shipments.confirm',
        limit: 'page',
        method: 'POST',
        path: '/api/shipments',
        json: {
          shipments: parcels.map(({ lines, trackingNumber }) => ({
            order_id: request.orderId,
            shipment_lines: lines.map(({ lineId, units }) => ({ order_line_id: lineId, quantity: units })),
            shipped: true,
            ...(trackingNumber === null
              ? {}
              : { tracking: { ...carrierOf(request, carriers, 'tracking_url'), tracking_number: trackingNumber } }),
          })),
        },
        kind: 'effect',
        understand: (message, status) => notDone(status === 404 ? 'not-found' : 'refused', 'shipments.confirm', message),
      },
      createdShipmentsSchema,
    );
    const { shipment_errors: errors, shipment_success: success } = reply;
    const [error] = errors ?? [];
    if (error === undefined) return success ?? [];
    const message = error.message ?? 'Mirakl gives no reason';
    if ((success ?? []).length === 0) throw notDone('refused', 'shipments.confirm', message);
    throw new ConnectorFault('refused', {
      connector: connectorName,
      operation: 'shipments.confirm',
      outcome: 'unknown',
      retry: { kind: 'safely' },
      message: `some parcels were not taken: ${message}`,
    });
  }

  return { confirmShipment, findShipment };
}

/**
 * The carrier as Mirakl takes it: the code of one that is registered on the platform where the connection's table has it, which then makes its own link; otherwise its name and link as they came.
 */
export function carrierOf(
  { carrier, trackingUrl }: Pick<ShipmentConfirmation, 'carrier' | 'trackingUrl'>,
  carriers: Carriers,
  url: 'tracking_url' | 'carrier_url',
): Readonly<Record<string, string>> {
  const code = Object.entries(carriers).find(([name]) => plain(name) === plain(carrier))?.[1];
  if (code !== undefined) return { carrier_code: code };
  return { carrier_name: carrier, ...(trackingUrl === null ? {} : { [url]: trackingUrl }) };
}

/**
 * A shipment of Mirakl's has one tracking number. Which unit is in which parcel is not known here, so of several numbers each but the first gets one unit and the first all others; numbers beyond
 * the units cannot be told.
 */
function parcelsOf(request: Pick<ShipmentConfirmation, 'lines' | 'trackingNumbers'>): readonly Parcel[] {
  const left = request.lines.map((line) => ({ ...line }));
  const [first = null, ...others] = request.trackingNumbers;
  const parcels: Parcel[] = [];
  for (const trackingNumber of others) {
    const units = left.reduce((sum, line) => sum + line.units, 0);
    const last = left.findLast((line) => line.units > 0);
    if (last === undefined || units <= 1) break;
    last.units -= 1;
    parcels.push({ trackingNumber, lines: [{ lineId: last.lineId, units: 1 }] });
  }
  return [{ trackingNumber: first, lines: left.filter(({ units }) => units > 0) }, ...parcels];
}

function shipmentOf(there: readonly WireShipment[], { trackingNumber }: Parcel): WireShipment | undefined {
  if (trackingNumber === null) return undefined;
  return there.find((one) => hasLeft(one) && plain(one.tracking?.tracking_number ?? '') === plain(trackingNumber));
}

function plain(text: string): string {
  return text.toLowerCase().replaceAll(/[^\p{L}\p{N}]/gu, '');
}
