import {
  epochMs,
  isFault,
  localDate,
  type Address,
  type BookedPickup,
  type Carrier,
  type Clock,
  type EffectMemo,
  type PickupRequest,
  type VoidOutcome,
} from '@quartermaster/domain';
import { addresseeOf, linesOf, placeOf } from './address.ts';
import { readReply, type UspsClient } from './client.ts';
import { isRefusal, notDone, type Redact } from './faults.ts';
import { cityLength, purchaseSettlesMs } from './limits.ts';
import { poundsOf } from './measures.ts';
import { wirePickupSchema } from './wire.ts';

type PickupTools = {
  readonly client: UspsClient;
  readonly clock: Clock;
  readonly zone: string;
  readonly redactorFor: (...addresses: readonly Address[]) => Redact;
};

const operation = 'pickup.book';

/** "Pickup already exists for this address.", of USPS's error inventory (read 2026-11). */
const alreadyBooked = '020001';

/**
 * The letter carrier takes the parcels along on his round, for nothing, on a day and at no hour. USPS takes no key and lists no pickups, and books one per address and day: what was not answered is
 * asked for once more when it is settled. Then it is booked, or was before; USPS's e-mail alone has the number of the first, and a person looks it up.
 */
export function pickupOf({ client, clock, zone, redactorFor }: PickupTools): NonNullable<Carrier['pickup']> {
  async function make(request: PickupRequest, memo: EffectMemo): Promise<BookedPickup> {
    const draft = pickupDraftOf(request, zone);
    await client.takeTurn({ isPaid: false });
    await memo.saveRefs({ [sentRef]: clock.now() });
    const reply = await client.call({
      operation,
      method: 'POST',
      path: '/pickup/v3/carrier-pickup',
      body: draft,
      kind: 'once',
      redact: redactorFor(request.at),
    });
    return { ref: readReply(wirePickupSchema, reply, operation, 'unknown').confirmationNumber, price: null };
  }

  return {
    safety: 'read-back',
    make,
    async find(request, memo) {
      const sentAt = memo.refs[sentRef];
      if (sentAt === undefined) return { kind: 'absent' };
      const waitMs = epochMs(sentAt) + purchaseSettlesMs - epochMs(clock.now());
      if (waitMs > 0) return { kind: 'pending', afterMs: waitMs };
      try {
        return { kind: 'found', result: await make(request, memo) };
      } catch (error) {
        if (!isFault(error) || error.facts.vendorCode !== alreadyBooked) throw error;
        const day = localDate(request.from, zone);
        return {
          kind: 'cannot-tell',
          check: `USPS has a pickup at the node for ${day} already: its confirmation number is in USPS's e-mail to the node, and under Schedule a Pickup on usps.com.`,
        };
      }
    },
    cancel: (ref) => cancelPickup(client, ref, redactorFor()),
  };
}

const sentRef = 'pickupSentAt';

/** USPS wants the tag of the pickup as it stands, which is good for an hour and for one change. */
async function cancelPickup(client: UspsClient, ref: string, redact: Redact): Promise<VoidOutcome> {
  const path = `/pickup/v3/carrier-pickup/${encodeURIComponent(ref)}`;
  try {
    const seen = await client.call({ operation: 'pickup.read', method: 'GET', path, kind: 'read', redact });
    const tag = seen.headers['etag'];
    if (tag === undefined) return { kind: 'refused', reason: 'USPS shows the pickup without the tag that it is cancelled by.' };
    await client.call({
      operation: 'pickup.cancel',
      method: 'DELETE',
      path,
      headers: { 'if-match': tag },
      kind: 'repeatable-effect',
      redact,
    });
    return { kind: 'voided' };
  } catch (error) {
    if (!isFault(error) || !isRefusal(error)) throw error;
    return { kind: 'refused', reason: error.facts.message };
  }
}

/** Throws `invalid-request` where USPS would not know whom to write to, or whom to ask for. */
export function pickupDraftOf({ at, from, labels, grams, note }: PickupRequest, zone: string): Record<string, unknown> {
  const place = placeOf(at);
  const [street = '', ...more] = linesOf(at);
  const email = at.email?.trim() ?? '';
  const { firstName, lastName, firm } = addresseeOf(at);
  if (place === null || street === '')
    throw cannot('the node is not at an address of the United States', 'Correct the address of the node.');
  if (email === '') throw cannot('USPS books a pickup only with an e-mail address', 'Give the node one.');
  return {
    pickupDate: localDate(from, zone),
    pickupAddress: {
      // Of a name of one word, which stands as firm elsewhere.
      firstName: firstName ?? 'Shipping',
      lastName: lastName ?? 'Desk',
      ...(firm === undefined ? {} : { firm }),
      address: {
        streetAddress: street,
        ...(more.length === 0 ? {} : { secondaryAddress: more.join(' ') }),
        city: at.city.slice(0, cityLength),
        state: place.state,
        ZIPCode: place.zip,
      },
      contact: [{ email }],
    },
    packages: [{ packageType: 'OTHER', packageCount: Math.max(1, labels.length) }],
    estimatedWeight: poundsOf(grams),
    pickupLocation: {
      packageLocation: note === null || note === '' ? 'FRONT_DOOR' : 'OTHER',
      ...(note === null || note === '' ? {} : { specialInstructions: note.slice(0, 255) }),
    },
  };
}

function cannot(message: string, advice: string) {
  return notDone('invalid-request', operation, message, advice);
}
