import { fingerprint } from '@quartermaster/connector-kit';
import {
  epochMs,
  isFault,
  localDate,
  localMinute,
  multiplyPrice,
  type Carrier,
  type Clock,
  type EffectMemo,
  type Money,
  type PickupRequest,
} from '@quartermaster/domain';
import { readReply, type UpsClient } from './client.ts';
import { notDone, type Redact } from './faults.ts';
import { purchaseSettlesMs, versions } from './limits.ts';
import { isPrivate, measuresOf, placeOf, weightText } from './translate.ts';
import { wirePendingPickupsSchema, wirePickupSchema, type WirePickup } from './wire.ts';

type PickupTools = {
  readonly client: UpsClient;
  readonly clock: Clock;
  readonly accountNumber: string;
  readonly zone: string;
  readonly redactorFor: (...addresses: readonly PickupRequest['at'][]) => Redact;
};

/**
 * A driver who comes on call. It carries a reference that is made of the intent's key; after an outcome that is not known it is looked for among the account's pending pickups.
 */
export function pickupOf({ client, clock, accountNumber, zone, redactorFor }: PickupTools): NonNullable<Carrier['pickup']> {
  const operation = 'pickup.book';
  return {
    safety: 'read-back',
    async make(request, memo) {
      const draft = pickupDraftOf(request, memo, { accountNumber, zone });
      await memo.saveRefs({ [sentRef]: clock.now() });
      const reply = await client.call({
        operation,
        method: 'POST',
        path: `/pickupcreation/${versions.pickup}/pickup`,
        body: draft,
        kind: 'once',
        redact: redactorFor(request.at),
      });
      const { PRN, RateResult } = readReply(wirePickupSchema, reply, operation, 'unknown').PickupCreationResponse;
      return { ref: PRN, price: priceOf(RateResult) };
    },
    async find(request, memo) {
      const reference = pickupReferenceOf(memo.key);
      try {
        const own = (await pendingPickups(request.at)).find(({ ReferenceNumber }) => ReferenceNumber === reference);
        if (own?.PRN) return { kind: 'found', result: { ref: own.PRN, price: null } };
      } catch (error) {
        // UPS also says by a refusal that nothing is pending; by which code it does not publish.
        if (!isFault(error) || error.facts.status !== 400) throw error;
        return {
          kind: 'cannot-tell',
          check: `UPS does not list the pending pickups of account ${accountNumber} (${error.facts.message}): look there for reference ${reference}.`,
        };
      }
      const sentAt = memo.refs[sentRef] ?? '';
      const waitMs = sentAt === '' ? 0 : epochMs(sentAt) + purchaseSettlesMs - epochMs(clock.now());
      return waitMs > 0 ? { kind: 'pending', afterMs: waitMs } : { kind: 'absent' };
    },
    async cancel(ref) {
      try {
        await client.call({
          operation: 'pickup.cancel',
          method: 'DELETE',
          path: `/shipments/${versions.pickup}/pickup/02`,
          headers: { Prn: ref },
          kind: 'repeatable-effect',
          redact: redactorFor(),
        });
        return { kind: 'voided' };
      } catch (error) {
        if (!isFault(error) || error.facts.status !== 400 || error.facts.vendorCode === undefined) throw error;
        return { kind: 'refused', reason: error.facts.message };
      }
    },
  };

  async function pendingPickups(at: PickupRequest['at']) {
    const reply = await client.call({
      operation: 'pickup.pending',
      method: 'GET',
      path: `/shipments/${versions.pickup}/pickup/oncall`,
      headers: { AccountNumber: accountNumber },
      kind: 'read',
      redact: redactorFor(at),
    });
    return readReply(wirePendingPickupsSchema, reply, 'pickup.pending').PickupPendingStatusResponse.PendingStatus ?? [];
  }
}

const sentRef = 'pickupSentAt';

export function pickupReferenceOf(key: string): string {
  return `QM${fingerprint(key).slice(0, 26).toUpperCase()}`;
}

/** Times are of the node's own clock. UPS wants to know the service and the country of what it fetches, which a label does not tell: it is told Ground (Standard abroad) within the country. */
export function pickupDraftOf(
  { at, from, until, labels, grams, note }: PickupRequest,
  memo: Pick<EffectMemo, 'key'>,
  { accountNumber, zone }: { readonly accountNumber: string; readonly zone: string },
): Record<string, unknown> {
  const { country, state } = placeOf(at);
  const { weight } = measuresOf(country);
  const phone = at.phone?.replaceAll(/[^0-9]/g, '') ?? '';
  if (phone === '') throw notDone('invalid-request', 'pickup.book', 'UPS wants a telephone number for a pickup', 'Give the node one.');
  const text = weightText(grams, weight);
  return {
    PickupCreationRequest: {
      Request: {},
      RatePickupIndicator: 'Y',
      Shipper: { Account: { AccountNumber: accountNumber, AccountCountryCode: country } },
      PickupDateInfo: {
        CloseTime: timeOf(until, zone),
        ReadyTime: timeOf(from, zone),
        PickupDate: localDate(from, zone).replaceAll('-', ''),
      },
      PickupAddress: {
        CompanyName: (isPrivate(at) ? at.name : (at.company ?? at.name)).slice(0, 27),
        ContactName: at.name.slice(0, 22),
        AddressLine: at.lines.map((line) => line.slice(0, 73)),
        City: at.city.slice(0, 50),
        ...(state === null ? {} : { StateProvince: state }),
        PostalCode: at.postalCode.replaceAll(/[\s-]/g, '').slice(0, 8),
        CountryCode: country,
        ResidentialIndicator: 'N',
        Phone: { Number: phone.slice(0, 25) },
      },
      AlternateAddressIndicator: 'Y',
      PickupPiece: [
        {
          ServiceCode: country === 'US' || country === 'PR' ? '003' : '011',
          Quantity: String(Math.max(1, labels.length)),
          DestinationCountryCode: country,
          ContainerCode: '01',
        },
      ],
      TotalWeight: { Weight: text, UnitOfMeasurement: weight },
      OverweightIndicator: 'N',
      TrackingData: labels.slice(0, 30).map(({ trackingNumber }) => ({ TrackingNumber: trackingNumber })),
      PaymentMethod: '01',
      ...(note === null || note === '' ? {} : { SpecialInstruction: note.slice(0, 57) }),
      ReferenceNumber: pickupReferenceOf(memo.key),
    },
  };
}

function timeOf(instant: string, zone: string): string {
  const minutes = localMinute(instant, zone);
  return `${String(Math.floor(minutes / 60)).padStart(2, '0')}${String(minutes % 60).padStart(2, '0')}`;
}

/** With our discount where UPS names one. */
function priceOf(result: WirePickup['RateResult']): Money | null {
  const total = result?.GrandTotalOfAllIncentedCharge ?? result?.GrandTotalOfAllCharge;
  return result?.CurrencyCode && total ? multiplyPrice(total, 1, result.CurrencyCode) : null;
}
