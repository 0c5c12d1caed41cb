import { isFault, shareUnits, type Carrier, type Clock, type PickupRequest } from '@quartermaster/domain';
import { readReply, type DhlClient } from './client.ts';
import { isRefusal, notDone, type Redact } from './faults.ts';
import { lengths } from './limits.ts';
import { dhlMoment, localTime } from './moments.ts';
import { partyOf } from './party.ts';
import { kilograms } from './translate.ts';
import { wirePickupSchema } from './wire.ts';

type PickupTools = {
  readonly client: DhlClient;
  readonly clock: Clock;
  readonly accountNumber: string;
  readonly zone: string;
  readonly redactorFor: (...addresses: readonly PickupRequest['at'][]) => Redact;
};

const operation = 'pickup.book';

/** A courier who comes on call. DHL cannot be asked for booked pickups: where the answer is lost, a person looks. */
export function pickupOf({ client, clock, accountNumber, zone, redactorFor }: PickupTools): NonNullable<Carrier['pickup']> {
  return {
    safety: 'read-back',
    async make(request, memo) {
      const draft = pickupDraftOf(request, { accountNumber, zone });
      await memo.saveRefs({ [sentRef]: clock.now() });
      const redact = redactorFor(request.at);
      const reply = await client({ operation, method: 'POST', path: '/pickups', body: draft, kind: 'once', redact });
      const { dispatchConfirmationNumbers, warnings } = readReply(wirePickupSchema, reply, operation, 'unknown');
      const [ref] = dispatchConfirmationNumbers ?? [];
      if (!ref)
        throw notDone('refused', operation, `DHL Express books no pickup: ${redact((warnings ?? []).join(' ')) || 'it does not say why'}`);
      await memo.saveRefs({ [confirmationRef]: ref });
      return { ref, price: null };
    },
    find(request, { refs }) {
      const ref = refs[confirmationRef] ?? '';
      if (ref !== '') return Promise.resolve({ kind: 'found', result: { ref, price: null } });
      if ((refs[sentRef] ?? '') === '') return Promise.resolve({ kind: 'absent' });
      const when = dhlMoment(request.from, zone).slice(0, 16).replace('T', ' ');
      return Promise.resolve({
        kind: 'cannot-tell',
        check: `DHL Express cannot be asked for booked pickups: look in MyDHL+ for one of account ${accountNumber} from ${when} on, in ${request.at.city}.`,
      });
    },
    async cancel(ref) {
      try {
        await client({
          operation: 'pickup.cancel',
          method: 'DELETE',
          path: `/pickups/${encodeURIComponent(ref)}`,
          query: { requestorName: 'Quartermaster', reason: 'The pickup is not needed any more' },
          kind: 'repeatable-effect',
          redact: redactorFor(),
        });
        return { kind: 'voided' };
      } catch (error) {
        if (!isFault(error) || !isRefusal(error)) throw error;
        return { kind: 'refused', reason: error.facts.message };
      }
    },
  };
}

const sentRef = 'pickupSentAt';
const confirmationRef = 'dispatchConfirmationNumber';

/** Product of the parcels that are fetched, which a label's number does not tell and DHL asks for: Express Worldwide with goods. The courier takes the others along. */
const fetchedProduct = 'P';

/** Times are of the node's own clock. The weight of all is shared out evenly among the parcels. */
export function pickupDraftOf(
  { at, from, until, labels, grams, note }: PickupRequest,
  { accountNumber, zone }: { readonly accountNumber: string; readonly zone: string },
): Record<string, unknown> {
  const accounts = [{ typeCode: 'shipper', number: accountNumber }];
  const parcels: readonly (string | null)[] = labels.length === 0 ? [null] : labels.map(({ trackingNumber }) => trackingNumber);
  const shares = shareUnits(
    Math.max(grams, parcels.length),
    parcels.map(() => 1),
  );
  return {
    plannedPickupDateAndTime: dhlMoment(from, zone),
    closeTime: localTime(until, zone),
    locationType: 'business',
    accounts,
    ...(note === null || note.trim() === '' ? {} : { specialInstructions: [{ value: note.trim().slice(0, lengths.pickupNote) }] }),
    customerDetails: { shipperDetails: partyOf(at, operation, 'node') },
    shipmentDetails: parcels.map((trackingNumber, index) => ({
      productCode: fetchedProduct,
      accounts,
      isCustomsDeclarable: false,
      unitOfMeasurement: 'metric',
      ...(trackingNumber === null ? {} : { shipmentTrackingNumber: trackingNumber }),
      packages: [{ weight: kilograms(shares[index] ?? 1) }],
    })),
  };
}
