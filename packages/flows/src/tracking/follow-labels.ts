import type { Carrier, Instant, Label } from '@quartermaster/domain';
import { stepParcel, type FollowedParcel, type OrderCase, type Shipment } from '@quartermaster/fulfilment';
import type { Transaction } from '@quartermaster/journal';
import type { FlowContext } from '../context.ts';
import { settleConcerns } from './parcel-exceptions.ts';
import { openWords } from './parcel-words.ts';
import { findParcel, parcelKey, putParcel, type StoredParcel } from './parcels.ts';
import { askToBeTold } from './tracking-push.ts';

type InUse = { readonly shipment: Shipment; readonly parcel: number; readonly label: Label };

/**
 * Follows the labels that an order uses now and did not before, and no more those that it uses no longer; in the transaction that changes the order, so that no bought label is ever forgotten. A
 * carrier that can tell nothing of its parcels is not followed: then everything would look as if it had not been handed over.
 */
export async function followLabels(
  tx: Transaction,
  context: Pick<FlowContext, 'settings' | 'carriers'>,
  { before, after, now }: { readonly before: OrderCase | null; readonly after: OrderCase; readonly now: Instant },
): Promise<void> {
  const [used, uses] = [before === null ? [] : labelsOf(before), labelsOf(after)];
  if (used.length === 0 && uses.length === 0) return;
  const isIn = (some: readonly InUse[], { shipment, label }: InUse) =>
    some.some((each) => each.shipment.carrier === shipment.carrier && each.label.ref === label.ref);
  for (const label of used.filter((each) => !isIn(uses, each))) await leave(tx, context, label, now);
  for (const label of uses.filter((each) => !isIn(used, each))) await follow(tx, context, after, label, now);
}

function labelsOf({ shipments }: OrderCase): InUse[] {
  return shipments.flatMap((shipment) => shipment.labels.map(({ parcel, label }) => ({ shipment, parcel, label })));
}

/** Whether anything can be heard of a carrier's parcels. */
export function isFollowed({ tracking, verifyWebhook }: Pick<Carrier, 'tracking' | 'verifyWebhook'>): boolean {
  return tracking !== null || verifyWebhook !== null;
}

async function follow(
  tx: Transaction,
  context: Pick<FlowContext, 'settings' | 'carriers'>,
  order: OrderCase,
  inUse: InUse,
  now: Instant,
): Promise<void> {
  const { settings, carriers } = context;
  const carrier = carriers.get(inUse.shipment.carrier);
  if (carrier === undefined || !isFollowed(carrier)) return;
  const key = parcelKey(settings, carrier.connection, inUse.label);
  const known = await findParcel(tx, key);
  const parcel = known === null ? parcelOf(settings, order, inUse) : { ...known.parcel, isWithdrawn: false };
  if (known === null) await openWords(tx, parcel);
  const stored = { key, version: known?.version ?? 0, parcel };
  await keep(tx, settings, stored, now);
  await askToBeTold(tx, { settings, carrier }, stored, now);
}

async function leave(
  tx: Transaction,
  { settings }: Pick<FlowContext, 'settings'>,
  { shipment, label }: InUse,
  now: Instant,
): Promise<void> {
  const known = await findParcel(tx, parcelKey(settings, shipment.carrier, label));
  if (known === null) return;
  await settleConcerns(tx, known.parcel, known.parcel.concerns, { at: now, reason: 'the label is used no more' });
  await keep(tx, settings, { ...known, parcel: { ...known.parcel, isWithdrawn: true } }, now);
}

/** Nobody is told of anything now: the next look at it does that. */
async function keep(tx: Transaction, settings: FlowContext['settings'], stored: StoredParcel, now: Instant): Promise<void> {
  const { standing, lookAt } = stepParcel(stored.parcel, null, { now, tells: false });
  const { isWithdrawn, concerns } = stored.parcel;
  await putParcel(tx, settings, stored, { parcel: { ...stored.parcel, concerns: isWithdrawn ? [] : concerns }, standing, lookAt, at: now });
}

function parcelOf(settings: FlowContext['settings'], order: OrderCase, { shipment, parcel, label }: InUse): FollowedParcel {
  return {
    order: order.key,
    shipmentId: shipment.id,
    parcel,
    subject: order.order.subject,
    connection: shipment.carrier,
    trackingNumber: label.trackingNumber,
    labelRef: label.ref,
    service: label.service,
    zone: settings.nodes.find(({ id }) => id === shipment.node)?.zone ?? settings.zone,
    labelledAt: label.boughtAt,
    promisedOn: shipment.promiseDate,
    isWithdrawn: false,
    scans: [],
    dueOn: null,
    askedAt: null,
    toldAt: null,
    push: null,
    concerns: [],
  };
}
