import { fingerprint } from '@quartermaster/connector-kit';
import type { ConfirmedShipment, NodeId, Reconciled, ShipmentConfirmation } from '@quartermaster/domain';
import { carrierWords } from './carriers.ts';
import { notDone, type AmazonClient } from './client.ts';
import { isOrderId } from './identifiers.ts';
import { readOrder } from './orders.ts';
import type { WireOrder } from './wire.ts';

export type ShipmentConfirming = {
  confirmShipment(request: ShipmentConfirmation): Promise<ConfirmedShipment>;
  findShipment(request: ShipmentConfirmation): Promise<Reconciled<ConfirmedShipment>>;
};

/**
 * Confirms shipments, each as one package under a reference of ours: the same reference edits the same package, so that confirming twice is the same as once. `supplySources` says which
 * of Amazon's supply sources a node is, where the seller has any.
 */
export function shipmentConfirming(
  client: AmazonClient,
  given: { readonly marketplaceIds: readonly string[]; readonly supplySources: Readonly<Record<NodeId, string>> },
): ShipmentConfirming {
  async function confirmShipment(request: ShipmentConfirmation): Promise<ConfirmedShipment> {
    const units = new Map<string, number>();
    for (const line of request.lines) if (line.units > 0) units.set(line.lineId, (units.get(line.lineId) ?? 0) + line.units);
    const [trackingNumber] = request.trackingNumbers;
    if (!isOrderId(request.orderId)) throw notDone('not-found', 'confirmShipment', 'Amazon has no order of such an id');
    if (units.size === 0) throw notDone('invalid-request', 'confirmShipment', 'a shipment without units');
    if (trackingNumber === undefined)
      throw notDone(
        'unsupported',
        'confirmShipment',
        'Amazon takes no shipment without a tracking number',
        'Ship with a carrier that gives one.',
      );
    const marketplaceId = await marketplaceOf(request.orderId);
    const reference = packageReference(request);
    const source = given.supplySources[request.node];
    await client.send({
      operation: 'confirmShipment',
      method: 'POST',
      path: `/orders/v0/orders/${encodeURIComponent(request.orderId)}/shipmentConfirmation`,
      body: {
        marketplaceId,
        packageDetail: {
          packageReferenceId: reference,
          ...carrierWords(request.carrier),
          trackingNumber,
          shipDate: request.shippedAt,
          ...(source === undefined ? {} : { shipFromSupplySourceId: source }),
          orderItems: [...units].map(([orderItemId, quantity]) => ({ orderItemId, quantity })),
        },
      },
      kind: 'repeatable-effect',
    });
    return { ref: reference };
  }

  /** A seller of several marketplaces has to say of which the order is; one of a single marketplace need not ask. */
  async function marketplaceOf(orderId: string): Promise<string> {
    const [only, ...others] = given.marketplaceIds;
    if (only !== undefined && others.length === 0) return only;
    const wire = await readOrder(client, orderId, []);
    if (wire === null) throw notDone('not-found', 'confirmShipment', 'Amazon has no such order');
    const marketplaceId = wire.salesChannel.marketplaceId ?? only;
    if (marketplaceId === undefined) throw notDone('misconfigured', 'confirmShipment', 'nothing says of which marketplace the order is');
    return marketplaceId;
  }

  async function findShipment(request: ShipmentConfirmation): Promise<Reconciled<ConfirmedShipment>> {
    const wire = await readOrder(client, request.orderId, ['PACKAGES']);
    const found = wire === null ? undefined : packageOf(wire, request);
    return found === undefined ? { kind: 'absent' } : { kind: 'found', result: { ref: found } };
  }

  return { confirmShipment, findShipment };
}

/**
 * Our name of the package within its order: a positive number, as Amazon wants it, made of order and tracking numbers, so that whoever confirms the same shipment again edits this
 * package and makes no second one.
 */
export function packageReference(request: Pick<ShipmentConfirmation, 'orderId' | 'trackingNumbers'>): string {
  const hash = fingerprint('package', request.orderId, ...request.trackingNumbers.toSorted());
  return String((Number.parseInt(hash.slice(0, 12), 16) % 999_999_999) + 1);
}

/** Reference of the package that this shipment is: by our reference, or (somebody of the shop confirmed it by hand) by its tracking number. */
function packageOf(wire: WireOrder, request: ShipmentConfirmation): string | undefined {
  const alive = (wire.packages ?? []).filter(({ packageStatus }) => packageStatus?.status !== 'CANCELLED');
  const reference = packageReference(request);
  const ours = new Set(request.trackingNumbers);
  const found =
    alive.find(({ packageReferenceId }) => packageReferenceId === reference) ??
    alive.find(({ trackingNumber }) => ours.has(trackingNumber ?? ''));
  return found?.packageReferenceId;
}
