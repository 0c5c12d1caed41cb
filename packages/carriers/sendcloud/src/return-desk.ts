import { parseReply } from '@quartermaster/connector-kit';
import { epochMs, instantOf, type EffectRefs } from '@quartermaster/domain';
import type { SendcloudClient } from './client.ts';
import { connector, wordsOf, type Redact } from './faults.ts';
import type { DeskTools, LabelDesk, Sold, Standing } from './label-desk.ts';
import { returnsLookBackMs } from './limits.ts';
import { moneyOf } from './options.ts';
import { returnDraftOf } from './return-draft.ts';
import { labelStandingOf } from './status-table.ts';
import { wireReturnMadeSchema, type WireReturn } from './wire.ts';

/**
 * Labels on the way back. The list of returns shows neither their ids nor our external reference, but their order number: so that is our reference as well. A return that was made and whose answer
 * was lost can be seen there, and not be taken over: a person has to.
 */
export function returnDesk({ client, clock }: DeskTools): LabelDesk {
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
