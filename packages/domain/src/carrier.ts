import { z } from 'zod';
import type { AddressVerdict } from './address-verdict.ts';
import type { CarrierWebhookVerdict, TrackingReading, TrackingSubscription, TrackingSubscribed } from './carrier-tracking.ts';
import type { BookedPickup, Manifested, ManifestRequest, PickupRequest } from './carrier-handover.ts';
import { chargeSchema, type Charge } from './charge.ts';
import type { Customs } from './customs.ts';
import type { ConnectionId } from './identity.ts';
import { instantSchema, type Instant } from './instant.ts';
import { moneySchema, type Money } from './money.ts';
import type { Parcel } from './parcel.ts';
import type { Address } from './person.ts';
import type { ConnectorOperation, EffectMemo, EffectRefs, Reconciled, Safety } from './safety.ts';

/**
 * Moves parcels and is paid for it. Reads may be repeated at will; each effect says by {@link Carrier.safety} how it is kept from happening twice. Every method throws a
 * `ConnectorFault` when the carrier cannot be reached, refuses, or answers nonsense. What some carriers have and others have not is a field that is null where it is not there.
 *
 * One label is one parcel: it is priced, bought, looked up and given back alone (ADR 019).
 */
export type Carrier = {
  readonly connection: ConnectionId;
  readonly capabilities: CarrierCapabilities;
  readonly safety: Readonly<Record<CarrierEffect, Safety>>;
  probe(): Promise<CarrierProbe>;
  /**
   * Prices of a parcel, by service. A service that does not take it, and one carrier of several behind an aggregator that does not answer, are problems in words and no faults. `signal` ends the
   * waiting: the promise then rejects with its reason.
   */
  rates(request: RateRequest, signal?: AbortSignal): Promise<RateAnswer>;
  /** Buys one label. Never repeated blindly: an unknown outcome goes to {@link Carrier.reconcile}. */
  buy(request: LabelRequest, memo: EffectMemo): Promise<Label>;
  /** Finds out whether a purchase happened, from the request and what `buy` saved on its way. */
  reconcile(request: LabelRequest, refs: EffectRefs, memo: EffectMemo): Promise<Reconciled<Label>>;
  voidLabel(label: LabelRef, memo: EffectMemo): Promise<VoidOutcome>;
  /**
   * Every label that was bought under a key of ours since then and not given back: for a journal that came back from a backup and has lost what `buy` saved, and for the sweeper that gives
   * back what nobody knows. Null for carriers whose labels follow from their keys, and for those that cannot tell.
   */
  readonly labelsSince: ((since: Instant) => AsyncIterable<FoundLabel>) | null;
  /** The document of a bought label once more. */
  readonly documents: ((label: LabelRef, format: LabelFormat) => Promise<LabelDocument>) | null;
  readonly addressCheck: ((address: Address) => Promise<AddressVerdict>) | null;
  readonly tracking: TrackingReading | null;
  /** Has the carrier tell us what happens to a parcel, where that must be asked for parcel by parcel. */
  readonly trackingPush: ConnectorOperation<TrackingSubscription, TrackingSubscribed> | null;
  readonly verifyWebhook: ((rawBody: Uint8Array, headers: Readonly<Record<string, string>>) => Promise<CarrierWebhookVerdict>) | null;
  readonly pickup: (ConnectorOperation<PickupRequest, BookedPickup> & { cancel(ref: string): Promise<VoidOutcome> }) | null;
  readonly manifest: ConnectorOperation<ManifestRequest, Manifested> | null;
};

/** What the account behind a connection can do. */
export type CarrierCapabilities = {
  /** When a label costs money: `on-creation` makes a forgotten duplicate a loss, the others do not. */
  readonly chargeEvent: 'on-creation' | 'on-scan' | 'on-invoice' | 'never';
  /** None where a person brings the label. */
  readonly labelFormats: readonly LabelFormat[];
  /** Whether a label may be asked for that brings a parcel back. */
  readonly returnLabels: boolean;
  /** Whether it takes parcels over a customs border. */
  readonly customs: boolean;
  /** For so many days after the purchase a label may be given back; null where the carrier does not say. */
  readonly voidDays: number | null;
};

export const labelFormats = ['pdf', 'zpl', 'png'] as const;
export type LabelFormat = (typeof labelFormats)[number];

/** A label that is there: the key that it was bought under (`EffectMemo.key`), and what {@link Carrier.buy} would have saved of it. */
export type FoundLabel = { readonly key: string; readonly refs: EffectRefs; readonly label: Label };

export const carrierEffects = ['buy', 'voidLabel'] as const;
export type CarrierEffect = (typeof carrierEffects)[number];

export type CarrierProbe = { readonly account: string; readonly problems: readonly string[] };

/** A parcel and its way. */
export type RateRequest = {
  readonly shipFrom: Address;
  readonly shipTo: Address;
  readonly parcel: Parcel;
  /** When it is handed over. */
  readonly shipAt: Instant;
  /** Currency of the prices. */
  readonly currency: string;
  readonly delivery: DeliveryTerms;
};

/** What is asked of the delivery beyond the service. */
export type DeliveryTerms = {
  readonly signature: 'none' | 'anyone' | 'adult';
  readonly onSaturday: boolean;
  /** Value that the carrier answers for beyond its own liability. */
  readonly insured: Money | null;
  /** The way back: from the customer (`shipFrom`) to us. */
  readonly isReturn: boolean;
  /** Null within a customs area. */
  readonly customs: Customs | null;
};

/** A delivery without anything special. */
export const plainDelivery: DeliveryTerms = { signature: 'none', onSaturday: false, insured: null, isReturn: false, customs: null };

export type Rate = {
  readonly service: string;
  readonly total: Money;
  /** They sum to `total`; empty where the carrier names one sum only. */
  readonly charges: readonly Charge[];
  readonly billable: { readonly grams: number; readonly because: 'actual' | 'dimensional' | 'minimum' | 'unknown' } | null;
  readonly zone: string | null;
  readonly arrival: Arrival;
  /** Until when the carrier keeps its word; null where it does not say. */
  readonly expiresAt: Instant | null;
  /** Whether it is a price of our contract, rather than of the list; null where the carrier does not say. */
  readonly isNegotiated: boolean | null;
};

/** When a parcel is there by the carrier's own estimate; what it does not say is null. */
export type Arrival = {
  /** ISO day at the destination. */
  readonly day: string | null;
  /** Business days from handing over. */
  readonly transitDays: number | null;
  /** Transit days within which so many percent arrive. */
  readonly percentiles: Readonly<Record<ArrivalPercentile, number>> | null;
  readonly isGuaranteed: boolean;
};
export type ArrivalPercentile = 50 | 75 | 85 | 90 | 95 | 97 | 99;

export type RateAnswer = { readonly rates: readonly Rate[]; readonly problems: readonly string[] };

export type LabelRequest = Omit<RateRequest, 'currency'> & {
  readonly service: string;
  readonly format: LabelFormat;
  /** For people, printed on the label where it can be: order and shipment. */
  readonly reference: string;
  /** Refuse rather than pay more than this; null is without limit. */
  readonly priceLimit: Money | null;
};

/** A document of the carrier's, or where it can be had; base64 when it came as bytes. Personal data. */
export const labelDocumentSchema = z.object({ format: z.string(), base64: z.string().nullable(), url: z.string().nullable() });
export type LabelDocument = z.infer<typeof labelDocumentSchema>;

/** A bought label; what is kept for good. */
export const labelSchema = z.object({
  /** The carrier's own id of the shipment, needed to void it. */
  ref: z.string().min(1),
  carrier: z.string(),
  service: z.string(),
  trackingNumber: z.string().min(1),
  trackingUrl: z.string().nullable(),
  price: moneySchema,
  /** They sum to `price`; empty where the carrier names one sum only. */
  charges: z.array(chargeSchema).default([]),
  boughtAt: instantSchema,
  document: labelDocumentSchema,
});
export type Label = z.infer<typeof labelSchema>;

export type LabelRef = { readonly ref: string; readonly trackingNumber: string };

/** `accepted` may still be refunded later or not; `refused` says why. */
export type VoidOutcome =
  | { readonly kind: 'voided' }
  | { readonly kind: 'accepted' }
  | { readonly kind: 'refused'; readonly reason: string };
