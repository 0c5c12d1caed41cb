import { z } from 'zod';
import type { ConnectionId } from './identity.ts';
import { instantSchema, type Instant } from './instant.ts';
import { moneySchema, type Money } from './money.ts';
import type { Parcel } from './parcel.ts';
import type { Address } from './person.ts';
import type { EffectMemo, EffectRefs, Reconciled, Safety } from './safety.ts';

/**
 * Moves parcels and is paid for it. Reads may be repeated at will; each effect says by {@link Carrier.safety} how it is kept from happening twice. Every method throws a
 * `ConnectorFault` when the carrier cannot be reached, refuses, or answers nonsense.
 */
export type Carrier = {
  readonly connection: ConnectionId;
  readonly safety: Readonly<Record<CarrierEffect, Safety>>;
  /** When a label costs money: `on-creation` makes a forgotten duplicate a loss, the others do not. */
  readonly chargeEvent: 'on-creation' | 'on-scan' | 'on-invoice' | 'never';
  probe(): Promise<CarrierProbe>;
  /** Prices of a parcel; one that cannot be priced is a problem in words, not a fault. */
  rates(request: RateRequest): Promise<RateAnswer>;
  /** Buys one label. Never repeated blindly: an unknown outcome goes to {@link Carrier.reconcile}. */
  buy(request: LabelRequest, memo: EffectMemo): Promise<Label>;
  /** Finds out whether a purchase happened, from the request and what `buy` saved on its way. */
  reconcile(request: LabelRequest, refs: EffectRefs, memo: EffectMemo): Promise<Reconciled<Label>>;
  voidLabel(label: LabelRef, memo: EffectMemo): Promise<VoidOutcome>;
  /**
   * Every label that was bought under a key of ours since then and not given back, for a journal that came back from a backup and has lost what `buy` saved. Left out by carriers whose
   * labels follow from their keys, and by those that cannot tell.
   */
  labelsSince?(since: Instant): AsyncIterable<FoundLabel>;
};

/** A label that is there: the key that it was bought under (`EffectMemo.key`), and what {@link Carrier.buy} would have saved of it. */
export type FoundLabel = { readonly key: string; readonly refs: EffectRefs; readonly label: Label };

export const carrierEffects = ['buy', 'voidLabel'] as const;
export type CarrierEffect = (typeof carrierEffects)[number];

export type CarrierProbe = { readonly account: string; readonly problems: readonly string[] };

export type RateRequest = {
  readonly shipFrom: Address;
  readonly shipTo: Address;
  readonly parcel: Parcel;
  readonly shipAt: Instant;
  readonly currency: string;
};

export type Rate = {
  readonly service: string;
  readonly total: Money;
  readonly transitDays: number | null;
  readonly billableGrams: number | null;
  readonly zone: string | null;
};

export type RateAnswer = { readonly rates: readonly Rate[]; readonly problems: readonly string[] };

export type LabelRequest = {
  readonly shipFrom: Address;
  readonly shipTo: Address;
  readonly parcel: Parcel;
  readonly service: string;
  readonly format: 'pdf' | 'zpl' | 'png';
  readonly shipAt: Instant;
  /** For people, printed on the label where it can be: order and shipment. */
  readonly reference: string;
  /** Refuse rather than pay more than this; null is without limit. */
  readonly priceLimit: Money | null;
};

/** A bought label; what is kept for good. */
export const labelSchema = z.object({
  /** The carrier's own id of the shipment, needed to void it. */
  ref: z.string().min(1),
  carrier: z.string(),
  service: z.string(),
  trackingNumber: z.string().min(1),
  trackingUrl: z.string().nullable(),
  price: moneySchema,
  boughtAt: instantSchema,
  /** The document, or where it can be had; base64 when it came as bytes. */
  document: z.object({ format: z.string(), base64: z.string().nullable(), url: z.string().nullable() }),
});
export type Label = z.infer<typeof labelSchema>;

export type LabelRef = { readonly ref: string; readonly trackingNumber: string };

/** `accepted` may still be refunded later or not; `refused` says why. */
export type VoidOutcome =
  | { readonly kind: 'voided' }
  | { readonly kind: 'accepted' }
  | { readonly kind: 'refused'; readonly reason: string };
