import { addDays, isFault, localDate, type Instant } from '@quartermaster/domain';
import { readReply, type FedexClient } from './client.ts';
import { isRefusal, type Redact } from './faults.ts';
import { trackMany, type ShipDays } from './tracking.ts';
import { wireRetrievedSchema, wireTrackedSchema, type WireCompleteTrack } from './wire.ts';

export type LookUpGiven = { readonly accountNumber: string; readonly redact: Redact };

/**
 * Whether a shipment of this index is open: made and not confirmed, so that it cost nothing. FedEx publishes no code for an index that it does not know; every refusal in its own words counts as "not
 * open", which says nothing of whether it ever was.
 */
export async function isOpen(client: FedexClient, index: string, { accountNumber, redact }: LookUpGiven): Promise<boolean> {
  const operation = 'shipment.retrieve';
  try {
    const reply = await client.call({
      operation,
      method: 'POST',
      path: '/ship/v1/openshipments/retrieve',
      body: { index, accountNumber: { value: accountNumber } },
      kind: 'read',
      redact,
    });
    readReply(wireRetrievedSchema, reply, operation);
    return true;
  } catch (error) {
    if (isFault(error) && isRefusal(error)) return false;
    throw error;
  }
}

/** What the tracking knows of a label. */
export type Tracked =
  | { readonly kind: 'bought' | 'given-back'; readonly trackingNumber: string }
  | { readonly kind: 'several'; readonly trackingNumbers: readonly string[] }
  | { readonly kind: 'not-there' };

/** A label by the number that its shipment was opened with; where the tracking does not know that, or we do not, by the reference that follows from its key. */
export async function findLabel(
  client: FedexClient,
  by: { readonly trackingNumber: string; readonly reference: string; readonly shipAt: Instant; readonly zone: string },
  given: LookUpGiven,
): Promise<Tracked> {
  const day = localDate(by.shipAt, by.zone);
  const [shipDateBegin, shipDateEnd] = [addDays(day, -nearbyDays), addDays(day, nearbyDays)];
  if (by.trackingNumber !== '') {
    const seen = trackedOf(await trackMany(client, [by.trackingNumber], given.redact, { shipDateBegin, shipDateEnd }));
    if (seen.kind !== 'not-there') return seen;
  }
  return trackedOf(await trackReference(client, by.reference, { shipDateBegin, shipDateEnd }, given));
}

async function trackReference(
  client: FedexClient,
  value: string,
  { shipDateBegin, shipDateEnd }: ShipDays,
  { accountNumber, redact }: LookUpGiven,
): Promise<readonly WireCompleteTrack[]> {
  const operation = 'parcel.track-reference';
  try {
    const reply = await client.call({
      operation,
      method: 'POST',
      path: '/track/v1/referencenumbers',
      body: {
        referencesInformation: { type: 'CUSTOMER_REFERENCE', value, accountNumber, shipDateBegin, shipDateEndDate: shipDateEnd },
        includeDetailedScans: false,
      },
      kind: 'read',
      redact,
    });
    return readReply(wireTrackedSchema, reply, operation).output.completeTrackResults ?? [];
  } catch (error) {
    // A reference that nobody has is refused by some of FedEx's answers, and an error of its own result in others.
    if (isFault(error) && isRefusal(error)) return [];
    throw error;
  }
}

/** A purchase that was put off by some days, or made some days ahead, is still found. */
const nearbyDays = 14;

function trackedOf(told: readonly WireCompleteTrack[]): Tracked {
  const known = told.flatMap((one) =>
    (one.trackResults ?? []).flatMap((result) => {
      const trackingNumber = result.trackingNumberInfo?.trackingNumber ?? one.trackingNumber;
      return result.error || !trackingNumber ? [] : [{ trackingNumber, status: result.latestStatusDetail }];
    }),
  );
  const standing = known.filter(({ status }) => (status?.derivedCode ?? status?.code) !== cancelled);
  const numbers = [...new Set(standing.map(({ trackingNumber }) => trackingNumber))];
  if (numbers.length > 1) return { kind: 'several', trackingNumbers: numbers };
  const [number] = numbers;
  if (number !== undefined) return { kind: 'bought', trackingNumber: number };
  const [back] = known;
  return back === undefined ? { kind: 'not-there' } : { kind: 'given-back', trackingNumber: back.trackingNumber };
}

const cancelled = 'CA';
