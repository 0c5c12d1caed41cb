import type { Carrier, Instant, LabelRequest } from '@quartermaster/domain';
import type { HttpEvent } from '../../http.ts';
import type { virtualClock } from '../../sandbox/app.ts';
import type { FaultPlan } from '../../sandbox/faults.ts';
import type { BenchWebhook, Later } from '../subject.ts';

/** What a carrier may have or lack, beyond rating, buying and looking up, which each must have. */
export const carrierFeatures = [
  'charges',
  'pdf',
  'zpl',
  'png',
  'documents',
  'found-labels',
  'address-check',
  'return-labels',
  'customs',
  'tracking',
  'tracking-push',
  'webhooks',
  'signed-webhooks',
  'pickup',
  'manifest',
  /** Whether the vendor ever answers one call for several things with some of them refused (207). */
  'partial-answers',
  /** Whether the vendor says a failure with a status of success. */
  'failures-as-success',
  /** Whether a label can be given back through the connector. */
  'voids',
  /** Whether a label can be refused to be given back. */
  'refused-voids',
] as const;
export type CarrierFeature = (typeof carrierFeatures)[number];

/** A carrier with the vendor behind it, for the conformance suite. `open` gives a fresh account each time: nothing has been bought. */
export type CarrierSubject = {
  /** The vendor, as in `docs/carriers.md`. */
  readonly name: string;
  /** What the carrier has not, each with the reason in a few words. Whatever is not here is held against the suite. */
  readonly lacks: Readonly<Partial<Record<CarrierFeature, string>>>;
  open(given?: { readonly start?: Instant; readonly faults?: FaultPlan }): Later<CarrierBench>;
};

export type CarrierBench = {
  readonly carrier: Carrier;
  readonly clock: ReturnType<typeof virtualClock>;
  /** Every exchange over the wire so far. */
  readonly exchanges: readonly HttpEvent[];
  /** Secrets and tokens of the connection: none may stand in a fault. */
  readonly secrets: readonly string[];
  /** A label that the carrier sells, of 1 kg, without a price limit, in the first of its formats. */
  readonly request: LabelRequest;
  /** The service that brings such a parcel back, where it is sold as one of its own; else it is that of the request. */
  readonly returnService?: string;
  /** Currency of its prices. */
  readonly currency: string;
  readonly desk: CarrierDesk;
};

/** The other side of the wire: what the vendor has, and what its people do. */
export type CarrierDesk = {
  /** Every label that was ever bought, in order; also those that were given back. */
  labels(): Later<readonly DeskLabel[]>;
  /** From now on everything costs so many minor units more. */
  raisePrices(byMinor: number): Later<void>;
  /** The next call of that kind goes wrong in the vendor's own way, once. */
  trouble(kind: DeskTrouble): Later<void>;
  /** The carrier scans a parcel; only asked of carriers with `tracking` or `webhooks`. */
  scan?(trackingNumber: string, what: 'accepted' | 'delivered'): Later<void>;
  /** Webhooks that wait to be delivered, as they go over the wire. */
  takeWebhooks?(): Later<readonly BenchWebhook[]>;
};

export type DeskLabel = { readonly trackingNumber: string; readonly priceMinor: number; readonly isGivenBack: boolean };

/** `partial-answer`: of several things some are refused. `failure-as-success`: a purchase is refused with a status of success. `refused-void`: a label is not taken back. */
export type DeskTrouble = 'partial-answer' | 'failure-as-success' | 'refused-void';
