import { fingerprint } from '@quartermaster/connector-kit';
import type { ShipmentConfirmation } from '@quartermaster/domain';
import { z } from 'zod';
import type { WireMeta } from './wire.ts';

// What the shop has been told of shipments is kept with the order, one entry of `meta_data` for each shipment under a key of its own: WooCommerce sets an entry by its key, so writing one
// twice is the same as once, and two shipments never overwrite each other.

const prefix = '_qm_shipment_';

/** One shipment as the order remembers it. */
export const shipmentRecordSchema = z.object({
  lines: z.array(z.object({ id: z.string(), units: z.number().int() })),
  carrier: z.string(),
  tracking_numbers: z.array(z.string()),
  tracking_url: z.string().nullable(),
  shipped_at: z.string(),
  node: z.string(),
});
export type ShipmentRecord = z.infer<typeof shipmentRecordSchema>;

/**
 * Our name of a shipment, the same on every attempt: made of its tracking numbers, so that a parcel that is told twice is one; of one without, of all that is known.
 */
export function shipmentRef(request: ShipmentConfirmation): string {
  const { trackingNumbers, lines, node, shippedAt } = request;
  const parts =
    trackingNumbers.length > 0
      ? trackingNumbers.toSorted()
      : [node, shippedAt, ...lines.map(({ lineId, units }) => `${lineId}*${units}`).toSorted()];
  return fingerprint(...parts).slice(0, 16);
}

/** The entry of `meta_data` that remembers a shipment. */
export function recordOf(request: ShipmentConfirmation): { readonly key: string; readonly value: ShipmentRecord } {
  return {
    key: prefix + shipmentRef(request),
    value: {
      lines: request.lines.map(({ lineId, units }) => ({ id: lineId, units })),
      carrier: request.carrier,
      tracking_numbers: [...request.trackingNumbers],
      tracking_url: request.trackingUrl,
      shipped_at: request.shippedAt,
      node: request.node,
    },
  };
}

/** The shipments that an order remembers, by our name of each. An entry that somebody spoilt is left out. */
export function recordedShipments(meta: readonly WireMeta[]): ReadonlyMap<string, ShipmentRecord> {
  const found = new Map<string, ShipmentRecord>();
  for (const { key, value } of meta) {
    if (!key.startsWith(prefix)) continue;
    const record = shipmentRecordSchema.safeParse(value);
    if (record.success) found.set(key.slice(prefix.length), record.data);
  }
  return found;
}

/** Units by line that the order remembers as shipped. */
export function shippedUnits(meta: readonly WireMeta[]): ReadonlyMap<string, number> {
  const units = new Map<string, number>();
  for (const { lines } of recordedShipments(meta).values())
    for (const line of lines) units.set(line.id, (units.get(line.id) ?? 0) + line.units);
  return units;
}
