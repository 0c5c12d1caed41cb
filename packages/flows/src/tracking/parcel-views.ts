import { parseKey } from '@quartermaster/domain';
import { trackingStanding, type FollowedParcel, type OrderCase, type TrackingStanding } from '@quartermaster/fulfilment';
import type { ReadTransaction } from '@quartermaster/journal';
import { findParcel, parcelKey } from './parcels.ts';

/** Where a parcel stands, for people. Holds no personal data. */
export type ParcelView = Pick<
  FollowedParcel,
  'shipmentId' | 'parcel' | 'connection' | 'trackingNumber' | 'isWithdrawn' | 'promisedOn' | 'dueOn' | 'askedAt' | 'toldAt' | 'concerns'
> &
  Omit<TrackingStanding, 'unknownCodes'>;

/** The parcels of an order that are or were followed, in the order of its shipments. */
export async function parcelsOf(tx: ReadTransaction, order: OrderCase): Promise<ParcelView[]> {
  const views: ParcelView[] = [];
  for (const { carrier, labels, withdrawn } of order.shipments)
    for (const { label } of [...labels, ...withdrawn]) {
      const found = await findParcel(tx, parcelKey(parseKey(order.key).scope, carrier, label));
      if (found !== null) views.push(viewOf(found.parcel));
    }
  return views;
}

function viewOf(given: FollowedParcel): ParcelView {
  const { shipmentId, parcel, connection, trackingNumber, isWithdrawn, promisedOn, dueOn, askedAt, toldAt, concerns } = given;
  const { unknownCodes: _unknownCodes, ...standing } = trackingStanding(given.scans);
  return { shipmentId, parcel, connection, trackingNumber, isWithdrawn, promisedOn, dueOn, askedAt, toldAt, concerns, ...standing };
}
