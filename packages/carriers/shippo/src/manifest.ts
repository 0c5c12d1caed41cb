import { beforeTheEffect } from '@quartermaster/connector-kit';
import { ConnectorFault, type Address, type Carrier, type Manifested, type ManifestRequest } from '@quartermaster/domain';
import type { ShippoClient } from './client.ts';
import { addressDraft } from './draft.ts';
import { connector, notDone, type Redact } from './faults.ts';
import { stateOfPurchase } from './translate.ts';
import type { WireManifest } from './wire.ts';

type Left = Manifested['left'][number];

/** Labels that can be closed out together, and those that cannot. Null where there is none. */
type Sorted = { readonly together: Together | null; readonly taken: readonly string[]; readonly left: readonly Left[] };

/** What the labels of one manifest have in common; the date as Shippo has it of one of them. */
type Together = { readonly account: string; readonly day: string; readonly shipmentDate: string };

/**
 * Closes out the labels of a day. A manifest is of one carrier account and one shipping date as Shippo has it, so those of the account and date that have most are taken and the others left, with the
 * reason. Nothing protects a manifest from being made twice: after an unknown outcome it is looked for by its labels.
 */
export function manifests(tools: {
  readonly client: ShippoClient;
  readonly redactorFor: (...addresses: readonly Address[]) => Redact;
}): NonNullable<Carrier['manifest']> {
  const { client, redactorFor } = tools;

  async function sorted({ labels, day }: ManifestRequest, redact: Redact): Promise<Sorted> {
    const live: (Together & { readonly ref: string })[] = [];
    const left: Left[] = [];
    for (const { ref } of labels) {
      const transaction = await client.transaction(ref, redact);
      const rate = transaction.rate ? await client.rate(transaction.rate, redact) : null;
      if (stateOfPurchase(transaction) !== 'bought') left.push({ ref, reason: 'there is no label any more' });
      else if (!rate?.carrier_account) left.push({ ref, reason: 'Shippo does not say whose label it is' });
      else {
        const shipment = rate.shipment ? await client.shipment(rate.shipment, redact) : null;
        // Noon in UTC is on the same day in almost every zone.
        const shipmentDate = shipment?.shipment_date ?? `${day}T12:00:00Z`;
        live.push({ ref, account: rate.carrier_account, day: shipmentDate.slice(0, 10), shipmentDate });
      }
    }
    const most = mostFrequent(live.map(groupOf));
    const isTaken = (label: Together) => groupOf(label) === most;
    return {
      together: live.find(isTaken) ?? null,
      taken: live.filter(isTaken).map(({ ref }) => ref),
      left: [
        ...left,
        ...live
          .filter((label) => !isTaken(label))
          .map(({ ref }) => ({ ref, reason: 'a manifest is of one carrier account and one shipping date, and this label has another' })),
      ],
    };
  }

  /** The manifest on which labels of the request stand, of those that Shippo lists; null where there is none. */
  async function standing(request: ManifestRequest, redact: Redact): Promise<WireManifest | null> {
    const wanted = new Set(request.labels.map(({ ref }) => ref));
    for (let page = 1; page <= lookedAt; page++) {
      const { items, isLast } = await client.manifests(page, redact);
      const found = items.find(({ status, transactions }) => status !== 'ERROR' && (transactions ?? []).some((id) => wanted.has(id)));
      if (found !== undefined) return found;
      if (isLast) return null;
    }
    return null;
  }

  return {
    safety: 'read-back',

    async make(request, memo) {
      const redact = redactorFor(request.from);
      const { together, taken, left } = await beforeTheEffect(() => sorted(request, redact));
      if (together === null) throw notDone('refused', operation, `none of ${request.labels.length} labels can be closed out`);
      const made = await client.createManifest(
        {
          carrier_account: together.account,
          shipment_date: together.shipmentDate,
          address_from: addressDraft(request.from),
          transactions: taken,
          async: false,
        },
        redact,
      );
      await memo.saveRefs({ [manifestRef]: made.object_id });
      return manifested(made, request, left, redact);
    },

    async find(request, memo) {
      const redact = redactorFor(request.from);
      const saved = memo.refs[manifestRef];
      const found = saved === undefined ? await standing(request, redact) : await client.manifest(saved, redact);
      if (found === null || found.status === 'ERROR') return { kind: 'absent' };
      if (found.status === 'QUEUED') return { kind: 'pending', afterMs: restMs };
      return { kind: 'found', result: manifested(found, request, [], redact) };
    },
  };
}

const operation = 'manifest.make';
const manifestRef = 'manifestId';
/** A manifest that Shippo is making is looked for again after so long. */
const restMs = 10_000;
/** Pages of the newest manifests that are looked through. */
const lookedAt = 3;

function manifested(made: WireManifest, request: ManifestRequest, left: readonly Left[], redact: Redact): Manifested {
  if (made.status === 'ERROR')
    throw notDone('refused', operation, redact(made.errors.join('; ')) || 'Shippo made no manifest and gave no reason');
  if (made.status === 'QUEUED') throw underWay();
  const taken = new Set(made.transactions ?? []);
  const [url] = made.documents ?? [];
  const reasons = new Map(left.map(({ ref, reason }) => [ref, reason]));
  return {
    ref: made.object_id,
    document: url ? { format: 'pdf', base64: null, url } : null,
    left: request.labels.flatMap(({ ref }) =>
      taken.has(ref) ? [] : [{ ref, reason: reasons.get(ref) ?? 'Shippo put it on no manifest and gave no reason.' }],
    ),
  };
}

function groupOf({ account, day }: Together): string {
  return `${account} ${day}`;
}

function mostFrequent(names: readonly string[]): string | null {
  const counted = [...new Set(names)].map((name) => ({ name, count: names.filter((each) => each === name).length }));
  return counted.toSorted((a, b) => b.count - a.count || (a.name < b.name ? -1 : 1))[0]?.name ?? null;
}

function underWay(): ConnectorFault {
  return new ConnectorFault('conflict', {
    connector,
    operation,
    outcome: 'unknown',
    retry: { kind: 'after', ms: restMs },
    message: 'Shippo is still making the manifest',
    advice: 'It is looked for until it is there.',
  });
}
