import { fingerprint, purchaseDoubt } from '@quartermaster/connector-kit';
import { isFault, localDate, localMinute, money, type Address, type Carrier, type Clock, type PickupRequest } from '@quartermaster/domain';
import { readReply, type DhlClient } from './client.ts';
import { notDone, type Redact } from './faults.ts';
import { dhlZone, lengths, paths, purchaseSettlesMs } from './limits.ts';
import { fitting, houseOf, isGerman, linesOf, namesOf, type Draft } from './party.ts';
import { wireBookedSchema, wireCancelledSchema, wirePickupsSchema } from './wire.ts';

export type PickupGiven = {
  readonly client: DhlClient;
  readonly clock: Clock;
  /** Of pickups, which have the procedure `08`. */
  readonly billingNumber: string;
  readonly redactorFor: (...addresses: readonly Address[]) => Redact;
};

const operation = 'pickup.book';

/**
 * A driver who comes on call (Parcel DE Pickup v3), within Germany. Each parcel of it carries a reference that is made of the intent's key; after an outcome that is not known it is looked for among
 * the pickups of its day.
 */
export function pickupOf(given: PickupGiven): NonNullable<Carrier['pickup']> {
  const { client, clock, redactorFor } = given;
  const doubt = purchaseDoubt({ clock, settlesMs: purchaseSettlesMs });
  return {
    safety: 'read-back',

    async make(request, memo) {
      const body = pickupDraftOf(request, memo.key, given.billingNumber);
      await doubt.sending(memo);
      try {
        const reply = await client.call({
          operation,
          method: 'POST',
          path: `${paths.pickup}/orders`,
          body,
          kind: 'once',
          redact: redactorFor(request.at),
        });
        const { orderID, freeOfCharge } = readReply(wireBookedSchema, reply, operation, 'unknown').confirmation.value;
        return { ref: orderID, price: freeOfCharge === true ? money(0, 'EUR') : null };
      } catch (error) {
        if (isFault(error)) await doubt.failed(memo, error);
        throw error;
      }
    },

    async find(request, memo) {
      const waitMs = await doubt.settlesInMs(memo.refs, memo);
      const day = localDate(request.from, dhlZone);
      const reply = await client.call({
        operation: 'pickup.find',
        method: 'GET',
        path: `${paths.pickup}/orders?pickupDate=${day}`,
        kind: 'read',
        redact: redactorFor(request.at),
      });
      const reference = pickupReferenceOf(memo.key);
      const own = readReply(wirePickupsSchema, reply, 'pickup.find').find(
        ({ orderDetails, shipmentDetails }) =>
          !calledOff.includes(orderDetails.orderState) &&
          (shipmentDetails?.shipments ?? []).some(({ shipment }) => shipment.customerReference === reference),
      );
      if (own !== undefined) return { kind: 'found', result: { ref: own.orderDetails.orderID, price: null } };
      return waitMs > 0 ? { kind: 'pending', afterMs: waitMs } : { kind: 'absent' };
    },

    async cancel(ref) {
      const during = 'pickup.cancel';
      const reply = await client.call({
        operation: during,
        method: 'DELETE',
        path: `${paths.pickup}/orders?orderID=${encodeURIComponent(ref)}`,
        kind: 'repeatable-effect',
        redact: redactorFor(),
      });
      const { confirmedCancellations, failedCancellations } = readReply(wireCancelledSchema, reply, during, 'unknown');
      if ((confirmedCancellations ?? []).some(({ orderID }) => orderID === ref)) return { kind: 'voided' };
      const failed = (failedCancellations ?? []).find(({ orderID }) => orderID === ref);
      if (failed?.orderState === 'STORNIERT') return { kind: 'voided' };
      return { kind: 'refused', reason: failed?.message ?? 'DHL said nothing of the pickup.' };
    },
  };
}

/** A pickup in one of these states brings nobody: called off, and refused. */
const calledOff: readonly string[] = ['STORNIERT', 'ABGELEHNT'];

/** DHL has 20 characters for it. */
export function pickupReferenceOf(key: string): string {
  return `QM${fingerprint(key).slice(0, 18).toUpperCase()}`;
}

/** Day and hours are those of German clocks. */
export function pickupDraftOf({ at, from, until, labels, grams, note }: PickupRequest, key: string, billingNumber: string): Draft {
  if (!isGerman(at)) throw notDone('invalid-request', operation, 'DHL Parcel DE fetches parcels within Germany alone');
  const { first, others } = namesOf(at);
  const place = houseOf(linesOf(at)[0] ?? '');
  if (place === null)
    throw notDone('invalid-request', operation, 'the street of a pickup has no house number', 'Put it behind the street.');
  const parcel = { transportationType: 'PAKET', customerReference: pickupReferenceOf(key) };
  return {
    customerDetails: { billingNumber },
    pickupLocation: {
      type: 'Address',
      pickupAddress: {
        name1: first.slice(0, lengths.name),
        ...(others[0] === undefined ? {} : { name2: others[0].slice(0, lengths.name) }),
        addressStreet: fitting(place.street, lengths.street, 'street of a pickup', operation),
        addressHouse: place.house,
        postalCode: at.postalCode.trim(),
        city: fitting(at.city.trim(), 35, 'city of a pickup', operation),
        country: 'DE',
      },
    },
    businessHours: [{ timeFrom: clockTime(from), timeUntil: clockTime(until) }],
    contactPerson: [{ name: at.name.slice(0, lengths.name), ...(at.phone === null ? {} : { phone: at.phone.slice(0, 50) }) }],
    pickupDetails: {
      pickupDate: { type: 'Date', value: localDate(from, dhlZone) },
      totalWeight: { uom: 'g', value: Math.ceil(grams) },
      ...(note === null || note === '' ? {} : { comment: note.slice(0, 100) }),
    },
    shipmentDetails: {
      shipments: labels.length === 0 ? [parcel] : labels.map(({ trackingNumber }) => ({ ...parcel, shipmentNo: trackingNumber })),
    },
  };
}

function clockTime(instant: string): string {
  const minute = localMinute(instant, dhlZone);
  return `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`;
}
