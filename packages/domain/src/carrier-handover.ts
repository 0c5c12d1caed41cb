import type { LabelDocument, LabelRef } from './carrier.ts';
import type { Instant } from './instant.ts';
import type { Money } from './money.ts';
import type { Address } from './person.ts';

/** Has the carrier fetch parcels at a node. */
export type PickupRequest = {
  readonly at: Address;
  /** The goods are ready from then on; the door closes at `until`, on the same local day. */
  readonly from: Instant;
  readonly until: Instant;
  readonly labels: readonly LabelRef[];
  /** All of them together. */
  readonly grams: number;
  /** For the driver. */
  readonly note: string | null;
};
export type BookedPickup = { readonly ref: string; readonly price: Money | null };

/** Tells the carrier which labels of a day really leave: an end-of-day close, a SCAN form. */
export type ManifestRequest = {
  readonly from: Address;
  /** ISO day at the node. */
  readonly day: string;
  readonly labels: readonly LabelRef[];
};
/** `left`: labels that the carrier did not take on, with its reason. */
export type Manifested = {
  readonly ref: string;
  readonly document: LabelDocument | null;
  readonly left: readonly { readonly ref: string; readonly reason: string }[];
};
