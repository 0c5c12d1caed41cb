import { epochMs, type FoundLabel, type Instant } from '@quartermaster/domain';
import { isLive, hasLeft, unlabelledParcels, type OrderCase, type Shipment } from '@quartermaster/fulfilment';
import type { Intent } from '@quartermaster/journal';
import type { LabelOfOrder } from '../restored/found-labels.ts';

/** What becomes of a paid label of a carrier's list. */
export type Sweep =
  /** Known, or so fresh or under way that it comes in by itself. */
  | { readonly kind: 'leave' }
  /** Its purchase meets it. `again`: that had been given up to a person, and is tried once more. */
  | { readonly kind: 'meet'; readonly intent: Intent; readonly again: boolean }
  /** Its parcel still waits for a label: the order takes it in and uses it. */
  | { readonly kind: 'use' }
  /** Nobody waits for it: the order takes it in and gives it back. */
  | { readonly kind: 'give-back'; readonly why: string }
  /** A person has to see what it is. */
  | { readonly kind: 'tell'; readonly check: string };

/** What the journal knows of a label's key. `asks` are the purchases of its parcel so far, `own` is the one under this very key; `order` is null when there is no such order. */
export type KnownOfLabel = {
  readonly about: LabelOfOrder;
  readonly order: OrderCase | null;
  readonly own: Intent | null;
  readonly asks: readonly Intent[];
};

/** A purchase of less than so long ago may be taken in just now. */
const freshMs = 30 * 60_000;

export function sweepOf({ label, key }: Pick<FoundLabel, 'label' | 'key'>, { about, order, own, asks }: KnownOfLabel, now: Instant): Sweep {
  if (epochMs(now) - epochMs(label.boughtAt) < freshMs) return { kind: 'leave' };
  const shipment = order?.shipments.find(({ id }) => id === about.shipmentId);
  if (order === null || shipment === undefined)
    return { kind: 'tell', check: `this journal has no ${order === null ? 'order' : 'shipment'} of the key ${key}` };
  if ([...shipment.labels, ...shipment.withdrawn].some((known) => known.label.ref === label.ref)) return { kind: 'leave' };
  if (own !== null && isWaiting(own)) return { kind: 'meet', intent: own, again: false };
  if (own?.state === 'dead' && !wasDone(own)) return { kind: 'meet', intent: own, again: true };
  // Another purchase of the parcel is under way: which of the two labels it will be is known when that has ended.
  if (asks.some((ask) => isWaiting(ask) || isUnderWay(ask))) return { kind: 'leave' };
  const why = whyUnwanted(shipment, about);
  return why === null ? { kind: 'use' } : { kind: 'give-back', why };
}

/** As the order itself decides when it takes the label in. */
function whyUnwanted(shipment: Shipment, { revision, parcel }: LabelOfOrder): string | null {
  if (!isLive(shipment) || hasLeft(shipment)) return `shipment ${shipment.id} is ${shipment.state} without it`;
  if (revision !== shipment.revision) return `it was bought for another address of shipment ${shipment.id}`;
  return unlabelledParcels(shipment).includes(parcel) ? null : `parcel ${parcel} of shipment ${shipment.id} has a label already`;
}

function isWaiting({ state }: Intent): boolean {
  return state === 'planned' || state === 'ready' || state === 'unknown';
}

function isUnderWay({ state }: Intent): boolean {
  return state === 'leased' || state === 'sent';
}

/** It was done, and only our part of it failed. */
function wasDone({ fault }: Intent): boolean {
  return fault !== null && 'result' in fault;
}
