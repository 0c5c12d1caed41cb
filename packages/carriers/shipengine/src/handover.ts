import {
  ConnectorFault,
  isFault,
  type BookedPickup,
  type Carrier,
  type Manifested,
  type ManifestRequest,
  type PickupRequest,
} from '@quartermaster/domain';
import type { Redact, ShipEngineClient } from './client.ts';
import { connector, notDone, wordsOf } from './faults.ts';
import type { WireManifest, WireManifested, WirePickup } from './wire.ts';

type Pickup = NonNullable<Carrier['pickup']>;
type Manifest = NonNullable<Carrier['manifest']>;

/** A manifest that a carrier is still making is looked for again after so long. */
const manifestRestMs = 30_000;

/** Books pickups. Nothing protects a booking from being made twice, so it is looked up by its labels after an unknown outcome. ShipEngine wants someone to write to. */
export function pickups(client: ShipEngineClient, redactorFor: (request: PickupRequest | null) => Redact): Pickup {
  return {
    safety: 'read-back',
    async make(request) {
      const { name, company, email, phone } = request.at;
      if (email === null || phone === null)
        throw notDone(
          'invalid-request',
          'pickup.book',
          'ShipEngine books a pickup only with an e-mail address and a phone number',
          'Give the node both.',
        );
      return bookedOf(
        await client.schedulePickup(
          {
            label_ids: request.labels.map(({ ref }) => ref),
            contact_details: { name: name || company || 'Dock', email, phone },
            pickup_window: { start_at: request.from, end_at: request.until },
            ...(request.note === null ? {} : { pickup_notes: request.note }),
          },
          redactorFor(request),
        ),
      );
    },
    async find(request) {
      for (let page = 1; ; page++) {
        const { pickups: booked, isLast } = await client.pickups(page, redactorFor(request));
        const found = booked.find((pickup) => !pickup.cancelled_at && request.labels.every(({ ref }) => pickup.label_ids.includes(ref)));
        if (found !== undefined) return { kind: 'found', result: bookedOf(found) };
        if (isLast) return { kind: 'absent' };
      }
    },
    async cancel(ref) {
      try {
        const done = await client.cancelPickup(ref, redactorFor(null));
        return done === 'cancelled' ? { kind: 'voided' } : { kind: 'refused', reason: 'ShipEngine does not know this pickup.' };
      } catch (error) {
        if (isFault(error) && error.code === 'invalid-request') return { kind: 'refused', reason: error.facts.message };
        throw error;
      }
    },
  };
}

/**
 * Makes manifests of labels. Labels of several carriers or warehouses make several manifests, of which the ref names all. A carrier that takes its time gives its manifest later: until then the
 * outcome is unknown, and `find` waits for it.
 */
export function manifests(client: ShipEngineClient, redact: Redact): Manifest {
  return {
    safety: 'read-back',
    async make(request, memo) {
      const answer = await client.createManifest(
        request.labels.map(({ ref }) => ref),
        redact,
      );
      const underWay = answer.manifest_requests.filter(({ status }) => status === 'in_progress');
      if (underWay.length > 0) {
        await memo.saveRefs({ [requestsRef]: underWay.map(({ manifest_request_id: id }) => id).join(',') });
        throw stillBeingMade();
      }
      if (answer.manifests.length === 0)
        throw notDone('refused', 'manifest.create', answer.errors.length === 0 ? 'no label was taken on' : redact(wordsOf(answer.errors)));
      return manifestedOf(answer.manifests, request, answer, redact);
    },
    async find(request, memo) {
      const requests = (memo.refs[requestsRef] ?? '').split(',').filter((id) => id !== '');
      for (const id of requests) {
        const standing = await client.manifestRequest(id, redact);
        if (standing?.manifest_requests.some(({ status }) => status === 'in_progress')) return { kind: 'pending', afterMs: manifestRestMs };
      }
      const wanted = request.labels.map(({ ref }) => ref);
      const made = (await client.manifestsOf(wanted, redact)).filter(({ label_ids: ids }) => ids.some((id) => wanted.includes(id)));
      return made.length === 0 ? { kind: 'absent' } : { kind: 'found', result: manifestedOf(made, request, null, redact) };
    },
  };
}

/** What is saved of a manifest that is being made: the ids of ShipEngine's requests. */
const requestsRef = 'manifestRequests';

function stillBeingMade(): ConnectorFault {
  return new ConnectorFault('conflict', {
    connector,
    operation: 'manifest.create',
    outcome: 'unknown',
    retry: { kind: 'after', ms: manifestRestMs },
    message: 'the carrier is still making the manifest',
    advice: 'It is looked for until it is there.',
  });
}

function manifestedOf(made: readonly WireManifest[], request: ManifestRequest, answer: WireManifested | null, redact: Redact): Manifested {
  const taken = new Set(made.flatMap(({ label_ids: ids }) => ids));
  const [only, second] = made;
  const href = second === undefined ? only?.manifest_download?.href : null;
  return {
    ref: made.map(({ manifest_id: id }) => id).join(','),
    document: href ? { format: 'pdf', base64: null, url: href } : null,
    left: request.labels.filter(({ ref }) => !taken.has(ref)).map(({ ref }) => ({ ref, reason: reasonFor(ref, answer, redact) })),
  };
}

/** ShipEngine tells in words only which label an error is about; where it names none, all that it said. */
function reasonFor(ref: string, answer: WireManifested | null, redact: Redact): string {
  const errors = answer?.errors ?? [];
  const about = errors.filter(({ message }) => message?.includes(ref) === true);
  const said = about.length > 0 ? about : errors;
  return said.length === 0 ? 'ShipEngine put it on no manifest and gave no reason.' : redact(wordsOf(said));
}

function bookedOf(pickup: WirePickup): BookedPickup {
  return { ref: pickup.pickup_id, price: null };
}
