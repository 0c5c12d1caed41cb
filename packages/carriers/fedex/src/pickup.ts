import { localDate, localMinute, isFault, type Carrier, type PickupRequest } from '@quartermaster/domain';
import { readReply, type FedexClient } from './client.ts';
import { isRefusal, notDone, type Redact } from './faults.ts';
import { addressOf, companyOf, isPrivate, measuresOf, phoneOf, placeOf, weightOf, type OperatingCompany } from './translate.ts';
import { wirePickupSchema } from './wire.ts';

type PickupTools = {
  readonly client: FedexClient;
  readonly accountNumber: string;
  readonly zone: string;
  readonly redactorFor: (...addresses: readonly PickupRequest['at'][]) => Redact;
};

/**
 * A driver who comes on call, of the company that carries the labels. FedEx keeps no key of ours and lists no pickups, so after an outcome that is not known a person looks. The ref of a pickup is all
 * that FedEx wants to know to call it off: `FDXG/2026-11-23/NQAA97/` and, with Express, the location.
 */
export function pickupOf({ client, accountNumber, zone, redactorFor }: PickupTools): NonNullable<Carrier['pickup']> {
  const operation = 'pickup.book';
  return {
    safety: 'read-back',
    async make(request, memo) {
      const company = onlyCompanyOf(request);
      const body = pickupDraftOf(request, company, { accountNumber, zone });
      await memo.saveRefs({ [sentRef]: localDate(request.from, zone) });
      const reply = await client.call({
        operation,
        method: 'POST',
        path: '/pickup/v1/pickups',
        body,
        kind: 'once',
        redact: redactorFor(request.at),
      });
      const { pickupConfirmationCode, location } = readReply(wirePickupSchema, reply, operation, 'unknown').output;
      return { ref: [company, localDate(request.from, zone), pickupConfirmationCode, location ?? ''].join('/'), price: null };
    },
    async find(request, memo) {
      if ((memo.refs[sentRef] ?? '') === '') return { kind: 'absent' };
      const day = localDate(request.from, zone);
      return {
        kind: 'cannot-tell',
        check: `FedEx lists no pickups: see in FedEx Ship Manager, or ask FedEx, whether one of ${onlyCompanyOf(request)} is booked for ${day} at account ${accountNumber}.`,
      };
    },
    async cancel(ref) {
      const [company = '', scheduledDate = '', pickupConfirmationCode = '', location = ''] = ref.split('/');
      try {
        await client.call({
          operation: 'pickup.cancel',
          method: 'PUT',
          path: '/pickup/v1/pickups/cancel',
          body: {
            associatedAccountNumber: { value: accountNumber },
            carrierCode: company,
            scheduledDate,
            pickupConfirmationCode,
            ...(location === '' ? {} : { location }),
          },
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

const sentRef = 'pickupSentFor';

/** Ground and Express send a driver each: who has parcels of both books twice. */
function onlyCompanyOf({ labels }: PickupRequest): OperatingCompany {
  const companies = new Set(labels.map(companyOf));
  const [company] = companies;
  if (companies.size > 1)
    throw notDone('invalid-request', 'pickup.book', 'FedEx Ground and FedEx Express fetch their parcels apart', 'Book a pickup for each.');
  return company ?? 'FDXG';
}

/** Times are of the node's own clock. */
export function pickupDraftOf(
  { at, from, until, labels, grams, note }: PickupRequest,
  company: OperatingCompany,
  { accountNumber, zone }: { readonly accountNumber: string; readonly zone: string },
): Record<string, unknown> {
  const { country } = placeOf(at);
  const phone = phoneOf(at);
  if (phone === null) throw notDone('invalid-request', 'pickup.book', 'FedEx wants a telephone number for a pickup', 'Give the node one.');
  return {
    associatedAccountNumber: { value: accountNumber },
    originDetail: {
      pickupAddressType: 'OTHER',
      pickupLocation: {
        contact: {
          companyName: (isPrivate(at) ? at.name : (at.company ?? at.name)).slice(0, 35),
          personName: at.name.slice(0, 70),
          phoneNumber: phone.slice(0, 13),
        },
        address: addressOf(at),
      },
      readyDateTimestamp: `${localDate(from, zone)}T${timeOf(from, zone)}`,
      customerCloseTime: timeOf(until, zone),
      packageLocation: 'NONE',
    },
    carrierCode: company,
    packageCount: Math.max(1, labels.length),
    totalWeight: weightOf(grams, measuresOf(country).weight),
    ...(labels[0] === undefined ? {} : { trackingNumber: labels[0].trackingNumber }),
    ...(note === null || note === '' ? {} : { remarks: note.slice(0, 60) }),
  };
}

function timeOf(instant: string, zone: string): string {
  const minutes = localMinute(instant, zone);
  return `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}:00`;
}
