import {
  isFault,
  localDate,
  type Clock,
  type ConnectorOperation,
  type LabelRef,
  type Manifested,
  type ManifestRequest,
  type Reconciled,
} from '@quartermaster/domain';
import { readReply, type DhlClient } from './client.ts';
import { isDone, itemWords, notDone, type Redact } from './faults.ts';
import { refOf } from './label-ref.ts';
import { dhlZone, manifestBatch, paths, standardProfile } from './limits.ts';
import { wireManifestSchema, wireOrdersSchema, type WireManifest } from './wire.ts';

export type ManifestGiven = { readonly client: DhlClient; readonly clock: Clock; readonly profile?: string; readonly redact: Redact };

/**
 * Closes shipments before DHL does it by itself at the end of their day: they cannot be deleted any more, and their labels not be had again. A shipment that is closed already stays so (DHL warns of
 * it), so doing it twice is doing it once. DHL's one manifest of a day grows with each closing; it is that of the day on which it is closed.
 */
export function manifestOf(given: ManifestGiven): ConnectorOperation<ManifestRequest, Manifested> {
  const today = () => localDate(given.clock.now(), dhlZone);

  /** That of today, and of the day that was asked for where that is past: what could not be finished then may be made again later. */
  async function manifestsSince(day: string): Promise<readonly Dated[]> {
    const days = [...new Set([day, today()])].filter((each) => each <= today());
    const found: Dated[] = [];
    for (const each of days) found.push({ day: each, manifest: (await manifestOn(given, each, 'include')) ?? {} });
    return found;
  }

  async function find({ day, labels }: ManifestRequest): Promise<Reconciled<Manifested>> {
    const { shipments, left } = shipmentsOf(labels);
    const manifests = await manifestsSince(day);
    const isOn = (number: string) => manifests.some(({ manifest }) => numbersOn(manifest).has(number));
    if (shipments.length === 0 || !shipments.every(({ number }) => isOn(number))) return { kind: 'absent' };
    return { kind: 'found', result: resultOf(manifests, shipments, left) };
  }

  return {
    safety: 'natural',
    find,
    async make({ day, labels }) {
      const { shipments, left } = shipmentsOf(labels);
      if (shipments.length === 0)
        throw notDone(
          'invalid-request',
          'manifest.close',
          'no shipment is to be closed',
          'Give labels that were bought here; return labels need no manifest.',
        );
      const refused: { readonly ref: string; readonly number: string; readonly reason: string }[] = [];
      for (let from = 0; from < shipments.length; from += manifestBatch) {
        const batch = shipments.slice(from, from + manifestBatch);
        refused.push(...(await close(given, batch)));
      }
      const manifests = await manifestsSince(day);
      const notOn = refused.filter(({ number }) => !manifests.some(({ manifest }) => numbersOn(manifest).has(number)));
      return resultOf(manifests, shipments, [...left, ...notOn.map(({ ref, reason }) => ({ ref, reason }))]);
    },
  };
}

type Dated = { readonly day: string; readonly manifest: WireManifest };

type Closing = { readonly ref: string; readonly number: string };

function shipmentsOf(labels: readonly LabelRef[]): { readonly shipments: readonly Closing[]; readonly left: Manifested['left'] } {
  const known = labels.map(({ ref }) => ({ ref, parsed: refOf(ref) }));
  return {
    shipments: known.flatMap(({ ref, parsed }) => (parsed?.kind === 'shipment' ? [{ ref, number: parsed.number }] : [])),
    left: known.flatMap(({ ref, parsed }) =>
      parsed?.kind === 'shipment'
        ? []
        : [{ ref, reason: parsed === null ? 'not a label of DHL Parcel DE' : 'a return label is on no manifest' }],
    ),
  };
}

/** What DHL did not close, with its reason; some of it may be closed already. */
async function close(given: ManifestGiven, batch: readonly Closing[]): Promise<readonly (Closing & { readonly reason: string })[]> {
  const operation = 'manifest.close';
  try {
    const reply = await given.client.call({
      operation,
      method: 'POST',
      path: `${paths.shipping}/manifests`,
      body: { profile: given.profile ?? standardProfile, shipmentNumbers: batch.map(({ number }) => number) },
      kind: 'repeatable-effect',
      redact: given.redact,
    });
    const { items } = readReply(wireOrdersSchema, reply, operation, 'unknown');
    return batch.flatMap((closing) => {
      const item = items.find(({ shipmentNo }) => shipmentNo === closing.number);
      if (item === undefined) return [{ ...closing, reason: 'DHL said nothing of it.' }];
      return isDone(item) ? [] : [{ ...closing, reason: given.redact(itemWords(item)) }];
    });
  } catch (error) {
    // Of one shipment, or of none that is good, the whole answer is a refusal.
    if (!isFault(error) || error.facts.status !== 400) throw error;
    return batch.map((closing) => ({ ...closing, reason: error.facts.message }));
  }
}

/** The manifest of a day by DHL's calendar; an empty one where there is none, and null where DHL does not tell, as of a day that is long past. */
export async function manifestOn(
  given: Pick<ManifestGiven, 'client' | 'redact'>,
  day: string,
  documents: 'include' | 'URL',
): Promise<WireManifest | null> {
  const operation = 'manifest.get';
  try {
    const reply = await given.client.call({
      operation,
      method: 'GET',
      path: `${paths.shipping}/manifests?date=${day}&includeDocs=${documents}`,
      kind: 'read',
      redact: given.redact,
    });
    return readReply(wireManifestSchema, reply, operation);
  } catch (error) {
    if (!isFault(error) || (error.facts.status !== 404 && error.facts.status !== 400)) throw error;
    return error.facts.status === 404 ? {} : null;
  }
}

export function numbersOn({ items }: WireManifest): ReadonlySet<string> {
  return new Set((items ?? []).flatMap(({ shipmentNo }) => (shipmentNo ? [shipmentNo] : [])));
}

/** Of several days that on which a shipment of ours is, the last of them. */
function resultOf(manifests: readonly Dated[], shipments: readonly Closing[], left: Manifested['left']): Manifested {
  const own =
    manifests.filter(({ manifest }) => shipments.some(({ number }) => numbersOn(manifest).has(number))).at(-1) ?? manifests.at(-1);
  const [document] = own?.manifest.manifest ?? [];
  const base64 = document?.b64 ?? null;
  const url = document?.url ?? null;
  return { ref: own?.day ?? '', document: base64 === null && url === null ? null : { format: 'pdf', base64, url }, left };
}
