import { parseReply, type HttpReply } from '@quartermaster/connector-kit';
import { epochMs, instantOf, type Clock, type EffectRefs, type Instant, type LabelRequest, type Money } from '@quartermaster/domain';
import type { SendcloudClient } from './client.ts';
import { connector, wordsOf, type Redact } from './faults.ts';
import { returnsLookBackMs } from './limits.ts';
import { moneyOf, type Offer } from './options.ts';
import { returnDraftOf, shipmentDraftOf } from './shipment-draft.ts';
import { labelStandingOf } from './status-table.ts';
import { wireReturnMadeSchema, wireShipmentSchema, type WireReturn, type WireShipment } from './wire.ts';

/** What is known of a label that was sold. */
export type Sold = {
  /** What it is given back by. */
  readonly ref: string;
  readonly parcelId: number;
  readonly trackingNumber: string;
  readonly trackingUrl: string | null;
  readonly boughtAt: Instant | null;
  /** Base64 of the label where it came along. */
  readonly file: string | null;
  /** Where Sendcloud names it: at returns. */
  readonly cost: Money | null;
};

/** What stands under a reference of ours. */
export type Standing =
  | { readonly kind: 'free' }
  | { readonly kind: 'announcing' }
  | { readonly kind: 'failed'; readonly reason: string }
  | { readonly kind: 'bought' | 'given-back'; readonly raw: string; readonly sold: Sold }
  /** Only a person can tell. */
  | { readonly kind: 'unclear'; readonly check: string };

/** One of Sendcloud's two ways to a label: shipments go out, returns come back. */
export type LabelDesk = {
  draftOf(
    request: LabelRequest,
    given: { readonly offer: Offer; readonly externalReference: string; readonly key: string },
  ): Readonly<Record<string, unknown>>;
  send(draft: Readonly<Record<string, unknown>>, redact: Redact): Promise<HttpReply>;
  /** What an answer to a purchase says, and what is to be saved of it before anything else is asked. Throws `malformed-reply` for what is none. */
  refsOf(reply: HttpReply): EffectRefs;
  standingAfter(reply: HttpReply, redact: Redact): Promise<Standing>;
  /** Looks for what was bought. `since`: when the purchase was sent, null where that is not known. */
  lookUp(
    externalReference: string,
    given: { readonly refs: EffectRefs; readonly since: Instant | null; readonly redact: Redact },
  ): Promise<Standing>;
};

type Tools = { readonly client: SendcloudClient; readonly clock: Clock };

/** Labels on the way out: Sendcloud keeps our reference, takes it once, and finds the shipment by it. */
export function shipmentDesk({ client, clock }: Tools): LabelDesk {
  return {
    draftOf: (request, given) => shipmentDraftOf(request, { ...given, now: clock.now() }),
    send: (draft, redact) => client.announce(draft, redact),
    refsOf: () => ({}),
    async standingAfter(reply) {
      const { data } = parseReply(wireShipmentSchema, reply, { connector, operation: 'label.buy', outcome: 'unknown' });
      return standingOf(data, reply.text);
    },
    async lookUp(externalReference, { redact }) {
      const { raw, shipments } = await client.shipmentsUnder(externalReference, redact);
      // A filter that Sendcloud should not know would give all shipments: only ours count.
      const ours = shipments.filter((shipment) => shipment.external_reference_id === externalReference);
      const [first, second] = ours;
      if (first === undefined) return shipments.length === 0 ? { kind: 'free' } : notFiltered(externalReference);
      return second === undefined ? standingOf(first, raw) : severalUnder(externalReference, ours);
    },
  };
}

/** How a shipment of ours stands. Only what says that it failed has failed: one without a number may have a label all the same. */
export function standingOf(shipment: WireShipment, raw: string): Standing {
  const [parcel] = shipment.parcels;
  if (parcel === undefined) return { kind: 'announcing' };
  const sold: Sold = {
    ref: shipment.id,
    parcelId: parcel.id,
    trackingNumber: parcel.tracking_number ?? '',
    trackingUrl: parcel.tracking_url || null,
    boughtAt: parcel.announced_at ?? null,
    file: parcel.label_file || null,
    cost: null,
  };
  switch (labelStandingOf(parcel.status?.code ?? parcel.status?.message)) {
    case 'failed':
      return { kind: 'failed', reason: wordsOf(shipment.errors) || 'the carrier did not take the shipment' };
    case 'given-back':
      return { kind: 'given-back', raw, sold };
    case 'announcing':
      return { kind: 'announcing' };
    case 'there':
      return sold.trackingNumber === '' ? { kind: 'announcing' } : { kind: 'bought', raw, sold };
  }
}

function severalUnder(externalReference: string, shipments: readonly WireShipment[]): Standing {
  const ids = shipments.map(({ id }) => id).join(', ');
  return {
    kind: 'unclear',
    check: `Several Sendcloud shipments have the external reference ${externalReference} (${ids}): keep one and cancel the others in Sendcloud's panel.`,
  };
}

function notFiltered(externalReference: string): Standing {
  return {
    kind: 'unclear',
    check: `Sendcloud answered the search for the external reference ${externalReference} with other shipments: look for it in Sendcloud's panel.`,
  };
}

/**
 * Labels on the way back. The list of returns shows neither their ids nor our external reference, but their order number: so that is our reference as well. A return that was made and whose answer
 * was lost can be seen there, and not be taken over: a person has to.
 */
export function returnDesk({ client, clock }: Tools): LabelDesk {
  async function byId(refs: EffectRefs, redact: Redact): Promise<Standing> {
    const [returnId, parcelId] = [refs[returnRef], refs[parcelRef]].map(Number);
    if (!returnId || !parcelId) return { kind: 'free' };
    const found = await client.returned(returnId, redact);
    if (found === null)
      return { kind: 'unclear', check: `Sendcloud made the return ${returnId} and does not find it now: look it up in Sendcloud's panel.` };
    return standingOfReturn(found.made, found.raw, returnId, parcelId);
  }

  return {
    draftOf: returnDraftOf,
    send: (draft, redact) => client.announceReturn(draft, redact),
    refsOf(reply) {
      const made = parseReply(wireReturnMadeSchema, reply, { connector, operation: 'label.buy', outcome: 'unknown' });
      return { [returnRef]: String(made.return_id), [parcelRef]: String(made.parcel_id) };
    },
    standingAfter(reply, redact) {
      return byId(this.refsOf(reply), redact);
    },
    async lookUp(externalReference, { refs, since, redact }) {
      if (refs[returnRef]) return byId(refs, redact);
      const from = since ?? instantOf(epochMs(clock.now()) - returnsLookBackMs);
      for (let cursor: string | null = null; ;) {
        const page: Awaited<ReturnType<SendcloudClient['returnsSince']>> = await client.returnsSince(from, cursor, redact);
        const ours = page.items.filter(({ order_number: order }) => order === externalReference);
        if (ours.length > 0) return seenInList(externalReference, ours);
        if (page.next === null || page.next === cursor) return { kind: 'free' };
        cursor = page.next;
      }
    },
  };
}

/** What is saved of a return: its id, and that of its parcel. */
const returnRef = 'returnId';
const parcelRef = 'returnParcelId';

function standingOfReturn(made: WireReturn, raw: string, returnId: number, parcelId: number): Standing {
  const latest = made.status_history.toSorted((a, b) =>
    (a.carrier_update_timestamp ?? '') < (b.carrier_update_timestamp ?? '') ? 1 : -1,
  )[0];
  const sold: Sold = {
    ref: returnRefOf(returnId, parcelId),
    parcelId,
    trackingNumber: made.tracking_number ?? '',
    trackingUrl: made.tracking_url || null,
    boughtAt: made.created_at ?? null,
    file: null,
    cost: made.label_cost ? moneyOf(made.label_cost) : null,
  };
  switch (labelStandingOf(latest?.parent_status)) {
    case 'failed':
      return { kind: 'failed', reason: wordsOf(made.errors) || 'the carrier did not take the return' };
    case 'given-back':
      return { kind: 'given-back', raw, sold };
    case 'announcing':
      return { kind: 'announcing' };
    case 'there':
      return sold.trackingNumber === '' ? { kind: 'announcing' } : { kind: 'bought', raw, sold };
  }
}

function seenInList(externalReference: string, ours: readonly WireReturn[]): Standing {
  const numbers = ours.map(({ tracking_number: number }) => number || 'no number yet').join(', ');
  return {
    kind: 'unclear',
    check: `A return with the order number ${externalReference} was made at Sendcloud (${numbers}), and its answer was lost: use its label, or cancel it in Sendcloud's panel.`,
  };
}

/** What a label of a return is given back by: the ids of the return and of its parcel. */
export function returnRefOf(returnId: number, parcelId: number): string {
  return `return/${returnId}/${parcelId}`;
}

/** Null for the ref of a shipment. */
export function returnIdsOf(ref: string): { readonly returnId: number; readonly parcelId: number } | null {
  const [, returnId, parcelId] = /^return\/(\d+)\/(\d+)$/.exec(ref) ?? [];
  return returnId === undefined || parcelId === undefined ? null : { returnId: Number(returnId), parcelId: Number(parcelId) };
}
