import {
  beforeTheEffect,
  fingerprint,
  keptAnswers,
  keptPrice,
  keptPriceText,
  purchaseDoubt,
  purchaseFaults,
  type HttpReply,
  type Price,
  type ServiceNames,
} from '@quartermaster/connector-kit';
import {
  ConnectorFault,
  epochMs,
  isFault,
  type Address,
  type Carrier,
  type Clock,
  type EffectMemo,
  type EffectRefs,
  type Label,
  type LabelDocument,
  type LabelRequest,
  type Reconciled,
} from '@quartermaster/domain';
import { shippedPrice } from './charges.ts';
import { readReply, type FedexClient } from './client.ts';
import { connector, isRefusal, type Redact } from './faults.ts';
import { findLabel, isOpen } from './label-lookup.ts';
import { purchaseSettlesMs, tracksWithinMs } from './limits.ts';
import { confirmationDraftOf, openShipmentDraftOf, returnDraftOf, type DraftGiven } from './shipment-draft.ts';
import { documentOf, labelRefOf, referenceOf } from './translate.ts';
import { wireOpenedSchema, wireShippedSchema, type WireShipped } from './wire.ts';

export type PurchaseTools = DraftGiven & {
  readonly client: FedexClient;
  readonly clock: Clock;
  readonly names: ServiceNames;
  readonly redactorFor: (...addresses: readonly Address[]) => Redact;
  /** The price of one service for this very request. Throws `refused` where FedEx does not offer it. */
  readonly quote: (request: LabelRequest, redact: Redact) => Promise<Price>;
};

type Making = { readonly request: LabelRequest; readonly memo: EffectMemo; readonly redact: Redact; readonly price: Price };

/** What an answer of a purchase says. */
type Shipped = {
  readonly shipped: WireShipped;
  readonly trackingNumber: string;
  readonly price: Price;
  readonly document: LabelDocument;
};

const operation = 'label.buy';
const say = purchaseFaults(connector, operation);

/**
 * Buys one label per key, whatever goes wrong (facts/carriers.md section 4).
 *
 * FedEx keeps no idempotency key, but a shipment can be opened under an index of ours (Open Ship), which is free, and then be confirmed, once. The index follows from key and request, and a
 * reference on the label from the key. What is in doubt is decided by whether the shipment is still open: then it was not confirmed, and the next attempt confirms the same one. Where it is not, the
 * tracking is asked for the label by number and reference. FedEx gives a label once only, so it is made of the answer that was kept; one whose answer was lost is bought
 * and cannot be printed, and a person is told its number.
 *
 * Open Ship makes no labels for the way back. They are made in one step (Ship), and what is in doubt of them is never made again by itself.
 */
export function labelPurchase(tools: PurchaseTools): Pick<Carrier, 'buy' | 'reconcile'> {
  const { client, clock, names, accountNumber, zone, redactorFor } = tools;
  const doubt = purchaseDoubt({ clock, settlesMs: purchaseSettlesMs });

  async function buyNew(request: LabelRequest, memo: EffectMemo, redact: Redact): Promise<Label> {
    const service = names.toTheirs(request.service);
    const draftOf = request.delivery.isReturn ? returnDraftOf : openShipmentDraftOf;
    const draft = draftOf(request, service, memo.key, tools);
    const price = await tools.quote(request, redact);
    say.checkPrice(price.total, request.priceLimit);
    return (request.delivery.isReturn ? makeReturn : openAndConfirm)(draft, { request, memo, redact, price });
  }

  async function openAndConfirm(draft: Record<string, unknown>, making: Making): Promise<Label> {
    const { request, memo, redact, price } = making;
    const index = indexOf(memo.key, draft);
    const opened = await beforeTheEffect(() => openShipment({ ...draft, index }, index, redact));
    const known = memo.refs[indexRef] === index ? (memo.refs[numberRef] ?? '') : '';
    await doubt.sending(memo, { [indexRef]: index, [numberRef]: opened || known, [priceRef]: keptPriceText(price) });
    let reply: HttpReply;
    try {
      reply = await client.call({
        operation,
        method: 'POST',
        path: '/ship/v1/openshipments/',
        body: confirmationDraftOf(request, index, tools),
        kind: 'once',
        redact,
      });
    } catch (error) {
      if (!isFault(error)) throw error;
      const fault = await refusedOrTaken(error, index, redact);
      await doubt.failed(memo, fault);
      throw fault;
    }
    return bought(reply, making, index);
  }

  /** The number of the open shipment, empty where it is not told: it may be there from an earlier attempt, and then FedEx refuses to make another under its index. */
  async function openShipment(body: Record<string, unknown>, index: string, redact: Redact): Promise<string> {
    const opening = 'shipment.open';
    try {
      const reply = await client.call({
        operation: opening,
        method: 'POST',
        path: '/ship/v1/openshipments/create',
        body,
        kind: 'repeatable-effect',
        redact,
      });
      return readReply(wireOpenedSchema, reply, opening).output.transactionShipments?.[0]?.masterTrackingNumber ?? '';
    } catch (error) {
      if (!isFault(error) || !isRefusal(error) || !(await isOpen(client, index, { accountNumber, redact }))) throw error;
      return '';
    }
  }

  /** Where that cannot be found out it counts as not open, which decides nothing. */
  function isStillOpen(index: string, redact: Redact): Promise<boolean> {
    return isOpen(client, index, { accountNumber, redact }).catch((error: unknown) => {
      if (isFault(error)) return false;
      throw error;
    });
  }

  /** A confirmation that FedEx refuses came to nothing if the shipment is still open. If it is not, somebody else has confirmed it. */
  async function refusedOrTaken(fault: ConnectorFault, index: string, redact: Redact): Promise<ConnectorFault> {
    if (!isRefusal(fault) || (await isStillOpen(index, redact))) return fault;
    return new ConnectorFault('conflict', {
      ...fault.facts,
      outcome: 'unknown',
      retry: { kind: 'safely' },
      advice: 'The shipment is not open any more: it may have been confirmed before, and is looked up.',
    });
  }

  async function makeReturn(draft: Record<string, unknown>, making: Making): Promise<Label> {
    const { memo, redact, price } = making;
    await doubt.sending(memo, { [indexRef]: '', [numberRef]: '', [priceRef]: keptPriceText(price) });
    let reply: HttpReply;
    try {
      reply = await client.call({ operation, method: 'POST', path: '/ship/v1/shipments', body: draft, kind: 'once', redact });
    } catch (error) {
      if (isFault(error)) await doubt.failed(memo, error);
      throw error;
    }
    return bought(reply, making, null);
  }

  /** Keeps the raw answer before it is read and what it says before it is used, then makes the label of it. `index` is that of the open shipment that was confirmed. */
  async function bought(reply: HttpReply, { request, memo, redact, price: quoted }: Making, index: string | null): Promise<Label> {
    await memo.saveRaw(reply.text);
    const { transactionShipments, alerts } = readReply(wireShippedSchema, reply, operation, 'unknown').output;
    const [shipped] = transactionShipments;
    const document = shipped === undefined ? null : documentOf(shipped, request.format);
    const isFailed = shipped?.pieceResponses?.some(({ successful }) => successful === false) ?? false;
    if (isFailed && document === null && index !== null && (await isStillOpen(index, redact))) {
      await doubt.settled(memo);
      const said = [...(shipped?.alerts ?? []), ...(alerts ?? [])].map(({ message }) => message ?? '').join(' ');
      throw say.refused(redact(said.trim() || 'FedEx did not make the label'), 'Mend what FedEx names, or choose another service.');
    }
    const trackingNumber = shipped === undefined ? '' : numberOf(shipped);
    if (shipped === undefined || trackingNumber === '') throw say.incomplete('tracking number');
    const price = priceOf(shipped) ?? keptPrice(memo.refs[priceRef]) ?? quoted;
    await memo.saveRefs({ [numberRef]: trackingNumber, [priceRef]: keptPriceText(price) });
    if (document === null) throw say.incomplete('label');
    return labelOf(request, { shipped, trackingNumber, price, document });
  }

  /** The label of an answer that was kept, and not read because the process died; null where there is none of this purchase. */
  async function kept(request: LabelRequest, refs: EffectRefs, memo: EffectMemo): Promise<Label | null> {
    const known = refs[numberRef] ?? '';
    for (const { output } of await keptAnswers(memo, wireShippedSchema)) {
      const [shipped] = output.transactionShipments;
      if (shipped === undefined) continue;
      const trackingNumber = numberOf(shipped);
      const document = documentOf(shipped, request.format);
      const price = priceOf(shipped) ?? keptPrice(refs[priceRef]);
      const isOurs = trackingNumber !== '' && (known === '' || known === trackingNumber);
      if (isOurs && document !== null && price !== null) return labelOf(request, { shipped, trackingNumber, price, document });
    }
    return null;
  }

  function labelOf(request: LabelRequest, given: Shipped): Label {
    const { shipped, trackingNumber, price, document } = given;
    return {
      ref: labelRefOf(shipped, names.toTheirs(request.service), trackingNumber),
      carrier: 'FedEx',
      service: request.service,
      trackingNumber,
      trackingUrl: `https://www.fedex.com/fedextrack/?trknbr=${encodeURIComponent(trackingNumber)}`,
      price: price.total,
      charges: [...price.charges],
      boughtAt: clock.now(),
      document,
    };
  }

  async function reconcile(request: LabelRequest, refs: EffectRefs, memo: EffectMemo): Promise<Reconciled<Label>> {
    const waitMs = await doubt.settlesInMs(refs, memo);
    const given = { accountNumber, redact: redactorFor(request.shipFrom, request.shipTo) };
    const index = refs[indexRef] ?? '';
    if (index !== '' && (await isOpen(client, index, given))) return waitMs > 0 ? { kind: 'pending', afterMs: waitMs } : { kind: 'absent' };
    const reference = referenceOf(memo.key);
    const seen = await findLabel(client, { trackingNumber: refs[numberRef] ?? '', reference, shipAt: request.shipAt, zone }, given);
    switch (seen.kind) {
      case 'bought': {
        const label = await kept(request, { ...refs, [numberRef]: seen.trackingNumber }, memo);
        return label === null
          ? { kind: 'cannot-tell', check: lostCheck(seen.trackingNumber, reference) }
          : { kind: 'found', result: label };
      }
      case 'given-back':
        return {
          kind: 'cannot-tell',
          check: `The FedEx shipment ${seen.trackingNumber} (reference ${reference}) was bought and then cancelled: see in FedEx Ship Manager whether that was meant, and buy under another key.`,
        };
      case 'several':
        return {
          kind: 'cannot-tell',
          check: `Several FedEx shipments carry the reference ${reference} (${seen.trackingNumbers.join(', ')}): keep one and cancel the others in FedEx Ship Manager.`,
        };
      case 'not-there': {
        const label = await kept(request, refs, memo);
        if (label !== null) return { kind: 'found', result: label };
        const sentAt = doubt.sentAt(refs);
        if (sentAt === null) return { kind: 'absent' };
        const leftMs = Math.max(waitMs, epochMs(sentAt) + tracksWithinMs - epochMs(clock.now()));
        return leftMs > 0
          ? { kind: 'pending', afterMs: leftMs }
          : { kind: 'cannot-tell', check: goneCheck(refs[numberRef] ?? '', reference) };
      }
    }
  }

  return {
    reconcile,

    async buy(request, memo) {
      const redact = redactorFor(request.shipFrom, request.shipTo);
      if (doubt.sentAt(memo.refs) === null) return buyNew(request, memo, redact);
      return say.foundOr(await reconcile(request, memo.refs, memo), () => buyNew(request, memo, redact));
    },
  };
}

/** What is saved on the way: the index that the shipment was opened under (empty: none), the number that it has (empty: not told), and the price that was agreed to. */
const indexRef = 'openShipmentIndex';
const numberRef = 'trackingNumber';
const priceRef = 'price';

function numberOf({ masterTrackingNumber, pieceResponses }: WireShipped): string {
  return masterTrackingNumber || pieceResponses?.[0]?.trackingNumber || '';
}

function priceOf({ completedShipmentDetail }: WireShipped): Price | null {
  const rating = completedShipmentDetail?.shipmentRating;
  return shippedPrice(rating?.shipmentRateDetails ?? [], rating?.actualRateType);
}

/** Of the request as well: what is changed is opened anew, and the old one stays behind, unconfirmed and free. */
function indexOf(key: string, draft: Record<string, unknown>): string {
  return `QM${fingerprint(key, JSON.stringify(draft)).slice(0, 26).toUpperCase()}`;
}

function lostCheck(trackingNumber: string, reference: string): string {
  return (
    `FedEx has the shipment ${trackingNumber} (reference ${reference}) of this purchase, and its label did not reach us; FedEx gives a label once only. ` +
    'Cancel the shipment in FedEx Ship Manager (it costs nothing before its first scan) and buy under another key.'
  );
}

function goneCheck(trackingNumber: string, reference: string): string {
  const named = trackingNumber === '' ? '' : `the number ${trackingNumber} or `;
  return `The purchase was sent, and FedEx neither has it open nor tracks it: look in FedEx Ship Manager for ${named}the reference ${reference}, and cancel what is there.`;
}
