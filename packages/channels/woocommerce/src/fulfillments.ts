import type { ShipmentConfirmation } from '@quartermaster/domain';
import type { WooClient } from './client.ts';
import { fulfillmentItemsSchema, fulfillmentSchema, fulfillmentsSchema, type WireFulfillment } from './wire.ts';

// WooCommerce's fulfilments (feature `fulfillments`, off by default): what shipped, with its tracking number. The shop takes more units than were ordered, and makes a second one of the same.

const ourKey = '_qm_shipment';

/** Fulfilments of an order that are done and not deleted. */
export async function readFulfillments(client: WooClient, orderId: string): Promise<WireFulfillment[]> {
  const fulfillments = await client({
    operation: 'shipments.fulfillments',
    method: 'GET',
    path: `/wc/v3/orders/${orderId}/fulfillments`,
    schema: fulfillmentsSchema,
    kind: 'read',
  });
  return fulfillments.filter((one) => one.is_fulfilled && one.date_deleted == null);
}

export function hasFulfillment(fulfillments: readonly WireFulfillment[], ref: string): boolean {
  return fulfillments.some((one) => one.meta_data.some(({ key, value }) => key === ourKey && value === ref));
}

/** Units by line that fulfilments hold, whoever made them. */
export function fulfilledUnits(fulfillments: readonly WireFulfillment[]): ReadonlyMap<string, number> {
  const units = new Map<string, number>();
  for (const { meta_data } of fulfillments) {
    const items = fulfillmentItemsSchema.safeParse(meta_data.find(({ key }) => key === '_items')?.value);
    for (const { item_id, qty } of items.data ?? []) units.set(String(item_id), (units.get(String(item_id)) ?? 0) + qty);
  }
  return units;
}

export async function makeFulfillment(client: WooClient, request: ShipmentConfirmation, ref: string): Promise<void> {
  await client({
    operation: 'shipments.fulfil',
    method: 'POST',
    path: `/wc/v3/orders/${request.orderId}/fulfillments`,
    body: {
      status: 'fulfilled',
      is_fulfilled: true,
      notify_customer: request.notifyCustomer,
      meta_data: [
        { key: '_items', value: request.lines.map(({ lineId, units }) => ({ item_id: Number(lineId), qty: units })) },
        { key: '_tracking_number', value: request.trackingNumbers.join(', ') },
        { key: '_shipment_provider', value: request.carrier.toLowerCase() },
        ...(request.trackingUrl === null ? [] : [{ key: '_tracking_url', value: request.trackingUrl }]),
        { key: ourKey, value: ref },
      ],
    },
    schema: fulfillmentSchema,
    kind: 'effect',
  });
}
