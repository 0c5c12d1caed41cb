import { keyText, type ConnectionId, type Instant, type Label, type Scope } from '@quartermaster/domain';
import { followedParcelSchema, isTrackingOver, type FollowedParcel, type ParcelStep } from '@quartermaster/fulfilment';
import type { DurableRecord, ReadTransaction, Transaction } from '@quartermaster/journal';
import { scopeOf, type FlowContext } from '../context.ts';
import { exceptionSubject } from '../exceptions/exception-subject.ts';

export const parcelKind = 'parcel';

/** A parcel as the journal has it. */
export type StoredParcel = { readonly key: string; readonly parcel: FollowedParcel; readonly version: number };

/** Key of a parcel: that of its label at the carrier. */
export function parcelKey(
  { tenant, company }: Pick<Scope, 'tenant' | 'company'>,
  connection: ConnectionId,
  { ref }: Pick<Label, 'ref'>,
): string {
  return keyText({ tenant, company, connection }, parcelKind, ref);
}

/** What an exception of a parcel is about. */
export function parcelSubject({ order, shipmentId, parcel }: Pick<FollowedParcel, 'order' | 'shipmentId' | 'parcel'>): string {
  return `${exceptionSubject(order, shipmentId)}/parcel/${parcel}`;
}

export async function findParcel(tx: ReadTransaction | Transaction, key: string): Promise<StoredParcel | null> {
  const record = await tx.records.get(parcelKind, key, followedParcelSchema);
  return record === null ? null : stored(record);
}

/** Parcels of a carrier with this number: one, unless it gives a number out twice. */
export async function parcelsOfNumber(
  tx: ReadTransaction | Transaction,
  connection: ConnectionId,
  trackingNumber: string,
): Promise<StoredParcel[]> {
  const found = await tx.records.list(parcelKind, followedParcelSchema, { name: trackingNumber, limit: mostOfANumber });
  return found.filter(({ body }) => body.connection === connection).map(stored);
}

/** Parcels of a carrier that somebody has to look at by now, the longest due first. */
export async function dueParcels(
  tx: ReadTransaction | Transaction,
  settings: FlowContext['settings'],
  query: { readonly connection: ConnectionId; readonly now: Instant; readonly limit: number },
): Promise<StoredParcel[]> {
  const { connection, now, limit } = query;
  return (await tx.records.due(parcelKind, followedParcelSchema, { queue: queueOf(settings, connection), now, limit })).map(stored);
}

/** Keeps a parcel with what came of looking at it. One that is over waits for nothing. */
export async function putParcel(
  tx: Transaction,
  settings: FlowContext['settings'],
  { key, version }: Pick<StoredParcel, 'key' | 'version'>,
  { parcel, standing, lookAt, at }: Pick<ParcelStep, 'parcel' | 'standing' | 'lookAt'> & { readonly at: Instant },
): Promise<void> {
  const { state } = standing;
  await tx.records.put(parcelKind, key, {
    state: parcel.isWithdrawn ? withdrawn : lookAt === null && !isTrackingOver(state) ? givenUp : state,
    body: parcel,
    name: parcel.trackingNumber,
    at,
    version,
    ...(lookAt === null ? {} : { due: { queue: queueOf(settings, parcel.connection), at: lookAt } }),
  });
}

/** States of a parcel's record beside those of its tracking: its label is used no more; nothing was heard for so long that nobody follows it. */
export const withdrawn = 'withdrawn';
export const givenUp = 'given-up';

function queueOf(settings: FlowContext['settings'], connection: ConnectionId): string {
  return keyText(scopeOf(settings, connection), parcelKind);
}

function stored({ key, body, version }: DurableRecord<FollowedParcel>): StoredParcel {
  return { key, parcel: body, version };
}

const mostOfANumber = 100;
