import { currencySchema, instantSchema, labelSchema, parcelSchema } from '@quartermaster/domain';
import { z } from 'zod';

/** What became of a shipment; the meanings stand in the package's README, the moves in {@link shipmentLifecycle}. */
export const shipmentStates = ['planned', 'written', 'labelled', 'shipped', 'confirmed', 'stopping', 'stopped'] as const;
export type ShipmentState = (typeof shipmentStates)[number];

const dateSchema = z.string().regex(/^\d{4}-\d{2}-\d{2}$/, 'a calendar date such as 2026-11-21');

export const shipmentLineSchema = z.object({ lineId: z.string().min(1), sku: z.string().min(1), units: z.int().positive() });
export type ShipmentLine = z.infer<typeof shipmentLineSchema>;

/**
 * How a shipment came into its parcels: into boxes, each unit with a place, as the decision that planned it keeps it under `as`; by weight alone, and why; or as a person has packed it. Missing where nobody asked for
 * boxes.
 */
export const packedBySchema = z.discriminatedUnion('by', [
  z.object({ by: z.literal('boxes'), as: z.string().min(1) }),
  z.object({ by: z.literal('weight'), why: z.string().min(1) }),
  z.object({ by: z.literal('person'), who: z.string().min(1), why: z.string().min(1), at: instantSchema }),
]);
export type PackedBy = z.infer<typeof packedBySchema>;

/** A shipment as sourcing proposes it. `estimate` is what it was expected to cost, by term of the objective (freight, labor, ...). */
export const shipmentDraftSchema = z.object({
  node: z.string().min(1),
  /** Connection id of the carrier. */
  carrier: z.string().min(1),
  service: z.string().min(1),
  lines: z.array(shipmentLineSchema).min(1),
  parcels: z.array(parcelSchema).min(1),
  packing: packedBySchema.optional(),
  /** Local date of the node on which it is to leave. */
  dispatchDate: dateSchema,
  promiseDate: dateSchema.nullable(),
  estimate: z.object({ currency: currencySchema, minorByTerm: z.record(z.string(), z.int()) }),
});
export type ShipmentDraft = z.infer<typeof shipmentDraftSchema>;

/** A label on a parcel. `revision` is the shipment's at the time of buying: the address it was bought for. */
export const parcelLabelSchema = z.object({ parcel: z.int().positive(), revision: z.int().positive(), label: labelSchema });
export type ParcelLabel = z.infer<typeof parcelLabelSchema>;

/** A label that is no longer wanted, and what the carrier made of it: `asked` until it answers. */
export const withdrawnLabelSchema = parcelLabelSchema.extend({ outcome: z.enum(['asked', 'voided', 'accepted', 'refused']) });
export type WithdrawnLabel = z.infer<typeof withdrawnLabelSchema>;

export const shipmentSchema = shipmentDraftSchema.extend({
  /** `1`, `2`, ... within the order; never used again. */
  id: z.string().min(1),
  state: z.enum(shipmentStates),
  /** 1 at first; raised when labels that were asked for must be bought anew, mostly because the address changed. A label of an older revision is of no use. */
  revision: z.int().positive(),
  /** Labels of this revision were asked for at some time, so one may still arrive. */
  revisionUsed: z.boolean(),
  /** Decision that planned it. */
  plannedBy: z.string().min(1),
  /** Whether it came into the ERP with the first write of the order or is allocated afterwards. */
  fresh: z.enum(['write', 'allocate']),
  /** Its wave has come: labels may be bought. */
  released: z.boolean(),
  /** Whether what was packed is to be, or was, compared with what is to be shipped. Nothing is labelled or leaves while it is `due` or `failed`. */
  packCheck: z.enum(['none', 'due', 'passed', 'failed']).default('none'),
  /** What the last check found wrong. */
  packProblems: z.array(z.string()).default([]),
  /** What stands asked for on the way out, or the way back from its node; `nothing` again when it was dropped. */
  asked: z.enum(['nothing', 'labels', 'ship', 'take-back']),
  /** Live labels, at most one per parcel. */
  labels: z.array(parcelLabelSchema),
  withdrawn: z.array(withdrawnLabelSchema),
  delivery: z.object({ ref: z.string().min(1), name: z.string() }).nullable(),
  /** Lines of which the ERP reserved less than it should; empty when all is reserved or nothing is known yet. */
  shortage: z.array(shipmentLineSchema.extend({ reserved: z.int() })),
  shippedAt: instantSchema.nullable(),
});
export type Shipment = z.infer<typeof shipmentSchema>;

/** A live shipment holds its units: every state but `stopping` and `stopped`. */
export function isLive(shipment: Shipment): boolean {
  return shipment.state !== 'stopping' && shipment.state !== 'stopped';
}

/** The goods have left, whether the channel knows it or not. */
export function hasLeft(shipment: Shipment): boolean {
  return shipment.state === 'shipped' || shipment.state === 'confirmed';
}

/** Nobody has found yet that the right things are in its parcels, and somebody must. */
export function awaitsPackCheck({ packCheck }: Shipment): boolean {
  return packCheck === 'due' || packCheck === 'failed';
}

/** Numbers of the parcels that have no live label. */
export function unlabelledParcels(shipment: Shipment): number[] {
  const labelled = new Set(shipment.labels.map((live) => live.parcel));
  return shipment.parcels.map((parcel) => parcel.number).filter((number) => !labelled.has(number));
}
