import {
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
  epochMs,
  instantOf,
  isFault,
  localDate,
  sameMoney,
  type Address,
  type Carrier,
  type Clock,
  type EffectMemo,
  type EffectRefs,
  type Label,
  type LabelRequest,
  type Reconciled,
} from '@quartermaster/domain';
import { shippedPrice } from './charges.ts';
import { readReply, type DhlClient } from './client.ts';
import { connector, type Redact } from './faults.ts';
import { findByReference, waybillOf, type Found } from './label-lookup.ts';
import { lookUpReachesMs, purchaseSettlesMs, sendsWithinMs } from './limits.ts';
import { plannedAt } from './moments.ts';
import type { DraftGiven } from './rate-draft.ts';
import { shipmentDraftOf } from './shipment-draft.ts';
import { referenceOf } from './translate.ts';
import { wireShippedSchema, type WireShipped } from './wire.ts';

/** What rating says of one product: its price, and its local code, which domestic products need. */
export type Quote = { readonly price: Price; readonly localCode: string | null };

export type PurchaseTools = DraftGiven & {
  readonly client: DhlClient;
  readonly clock: Clock;
  readonly names: ServiceNames;
  readonly redactorFor: (...addresses: readonly Address[]) => Redact;
  /** False at the test environment, whose tracking knows nothing of what was bought there: not found is then no proof. */
  readonly canBeFound: boolean;
  /** Throws `refused` where DHL does not offer the service for this very request. */
  readonly quote: (request: LabelRequest, redact: Redact) => Promise<Quote>;
};

const operation = 'shipment.buy';
const say = purchaseFaults(connector, operation);

/**
 * Buys one label per key, whatever goes wrong (facts/carriers.md section 4).
 *
 * MyDHL keeps no idempotency key: its `Message-Reference` is for logs. So the shipment carries a reference that is made of the key alone (`CU`); its price is asked for and saved, with it the moment of
 * sending, and then the purchase is sent once. Where its answer was kept and not read, the label is made of it. What is in doubt beyond that is looked up at tracking by that reference, our account and the days around it: found, it is adopted with the price that was saved and the
 * waybill that DHL keeps; not found, it is pending as long as it may still come true, and then absent.
 */
export function labelPurchase(tools: PurchaseTools): Pick<Carrier, 'buy' | 'reconcile'> {
  const { client, clock, names, accountNumber, redactorFor } = tools;
  const doubt = purchaseDoubt({ clock, settlesMs: purchaseSettlesMs });

  async function buyNew(request: LabelRequest, memo: EffectMemo): Promise<Label> {
    const redact = redactorFor(request.shipFrom, request.shipTo);
    const code = names.toTheirs(request.service);
    const handedOverAt = plannedAt(request.shipAt, clock.now());
    // Made before anything is asked, so that what cannot be bought is refused at once; the local code follows with the quote.
    shipmentDraftOf(request, handedOverAt, { code, localCode: null }, memo.key, tools);
    const { price, localCode } = await tools.quote(request, redact);
    say.checkPrice(price.total, request.priceLimit);
    const draft = shipmentDraftOf(request, handedOverAt, { code, localCode }, memo.key, tools);
    const notAfter = instantOf(epochMs(clock.now()) + sendsWithinMs);
    await doubt.sending(memo, { [priceRef]: keptPriceText(price) });
    let reply: HttpReply;
    try {
      reply = await client({ operation, method: 'POST', path: '/shipments', body: draft, kind: 'once', notAfter, redact });
    } catch (error) {
      if (isFault(error)) await doubt.failed(memo, error);
      throw error;
    }
    return bought(reply, request, memo);
  }

  /** Keeps the raw answer before it is read and what it says before it is used, then makes the label of it. */
  async function bought(reply: HttpReply, request: LabelRequest, memo: EffectMemo): Promise<Label> {
    await memo.saveRaw(reply.text);
    const shipped = readReply(wireShippedSchema, reply, operation, 'unknown');
    const trackingNumber = shipped.shipmentTrackingNumber ?? '';
    // A success with nothing but warnings: DHL does not say that nothing was made.
    if (trackingNumber === '') throw say.incomplete('shipment number');
    const price = settledPrice(keptPrice(memo.refs[priceRef]), shippedPrice(shipped));
    if (price === null) throw say.incomplete('price');
    await memo.saveRefs({ [trackingRef]: trackingNumber, [priceRef]: keptPriceText(price) });
    const document = documentOf(shipped);
    if (document === null) throw say.incomplete('label in it');
    return labelOf(request, { trackingNumber, price, document });
  }

  /** The label of an answer that was kept, and not read because the process died; null where there is none of this purchase. DHL gives its document nowhere else, only the waybill. */
  async function kept(request: LabelRequest, refs: EffectRefs, memo: EffectMemo): Promise<Label | null> {
    const known = refs[trackingRef] ?? '';
    for (const shipped of await keptAnswers(memo, wireShippedSchema)) {
      const trackingNumber = shipped.shipmentTrackingNumber ?? '';
      const document = documentOf(shipped);
      const price = settledPrice(keptPrice(refs[priceRef]), shippedPrice(shipped));
      const isOurs = trackingNumber !== '' && (known === '' || known === trackingNumber);
      if (isOurs && document !== null && price !== null) return labelOf(request, { trackingNumber, price, document });
    }
    return null;
  }

  /** The label of a shipment that is there; null where DHL keeps no waybill of it, or not yet. */
  async function adopted(trackingNumber: string, request: LabelRequest, memo: EffectMemo): Promise<Label | null> {
    const redact = redactorFor(request.shipFrom, request.shipTo);
    const day = localDate(handedOverBy(request, memo.refs), tools.zone);
    const waybill = await waybillOf(client, trackingNumber, { accountNumber, day, redact });
    if (waybill === null) return null;
    await memo.saveRaw(waybill.raw);
    const price = keptPrice(memo.refs[priceRef]) ?? (await tools.quote(request, redact)).price;
    return labelOf(request, { trackingNumber, price, document: waybill.document });
  }

  function labelOf(
    request: LabelRequest,
    given: { readonly trackingNumber: string; readonly price: Price; readonly document: Label['document'] },
  ): Label {
    return {
      ref: given.trackingNumber,
      carrier: 'DHL Express',
      service: request.service,
      trackingNumber: given.trackingNumber,
      trackingUrl: `https://www.dhl.com/global-en/home/tracking.html?tracking-id=${encodeURIComponent(given.trackingNumber)}`,
      price: given.price.total,
      charges: [...given.price.charges],
      boughtAt: clock.now(),
      document: given.document,
    };
  }

  /** The day of hand-over that the purchase was sent with. */
  function handedOverBy(request: LabelRequest, refs: EffectRefs): string {
    return plannedAt(request.shipAt, doubt.sentAt(refs) ?? clock.now());
  }

  /** By the number where we have it, else by the reference of the key. */
  async function lookUpSaved(request: LabelRequest, refs: EffectRefs, key: string): Promise<Found> {
    const known = refs[trackingRef] ?? '';
    if (known !== '') return { kind: 'one', trackingNumber: known };
    return findByReference(client, referenceOf(key), {
      accountNumber,
      // Where nothing is known of a purchase (a journal came back from a backup) it may be as old as we look for one.
      from: doubt.sentAt(refs) ?? instantOf(epochMs(clock.now()) - lookUpReachesMs),
      to: handedOverBy(request, refs),
      redact: redactorFor(request.shipFrom, request.shipTo),
    });
  }

  async function reconcile(request: LabelRequest, refs: EffectRefs, memo: EffectMemo): Promise<Reconciled<Label>> {
    const waitMs = await doubt.settlesInMs(refs, memo);
    const answered = await kept(request, refs, memo);
    if (answered !== null) return { kind: 'found', result: answered };
    const seen = await lookUpSaved(request, refs, memo.key);
    switch (seen.kind) {
      case 'one': {
        const label = await adopted(seen.trackingNumber, request, memo);
        if (label !== null) return { kind: 'found', result: label };
        if (waitMs > 0) return { kind: 'pending', afterMs: waitMs };
        return { kind: 'cannot-tell', check: noWaybillCheck(seen.trackingNumber) };
      }
      case 'several':
        return { kind: 'cannot-tell', check: severalCheck(referenceOf(memo.key), seen.trackingNumbers) };
      case 'none':
        if (waitMs > 0) return { kind: 'pending', afterMs: waitMs };
        if (doubt.sentAt(refs) === null || (tools.canBeFound && !isOutOfReach(refs))) return { kind: 'absent' };
        return { kind: 'cannot-tell', check: notFoundCheck(referenceOf(memo.key), tools.canBeFound) };
    }
  }

  function isOutOfReach(refs: EffectRefs): boolean {
    const sentAt = doubt.sentAt(refs);
    return sentAt !== null && epochMs(clock.now()) - epochMs(sentAt) > lookUpReachesMs;
  }

  return {
    reconcile,

    async buy(request, memo) {
      if (doubt.sentAt(memo.refs) === null && (memo.refs[trackingRef] ?? '') === '') return buyNew(request, memo);
      return say.foundOr(await reconcile(request, memo.refs, memo), () => buyNew(request, memo));
    },
  };
}

/** What is saved on the way beside the doubt: the price that was agreed to, and the number that DHL answered. */
const priceRef = 'price';
const trackingRef = 'trackingNumber';

/** What the purchase says that it costs; where that is what was agreed to, the quote, which has more parts. */
function settledPrice(agreed: Price | null, told: Price | null): Price | null {
  return told === null || (agreed !== null && sameMoney(agreed.total, told.total)) ? agreed : told;
}

/** The label among the documents of a purchase's answer; null where there is none. */
function documentOf({ documents }: WireShipped): Label['document'] | null {
  const label = (documents ?? []).find(({ typeCode, content }) => typeCode === 'label' && content !== '');
  return label === undefined ? null : { format: label.imageFormat.toLowerCase(), base64: label.content, url: null };
}

function severalCheck(reference: string, numbers: readonly string[]): string {
  return `Several DHL Express shipments carry the reference ${reference} (${numbers.join(', ')}): use one and destroy the labels of the others, which are not billed unless they are collected.`;
}

function noWaybillCheck(trackingNumber: string): string {
  return `DHL Express has made the shipment ${trackingNumber} and keeps no waybill of it: print its label from MyDHL+ or ask DHL for it, or destroy it, which costs nothing, and buy another.`;
}

function notFoundCheck(reference: string, canBeFound: boolean): string {
  const why = canBeFound
    ? 'The purchase is older than a week'
    : 'The test environment of DHL does not find what was bought there, so nobody knows whether the label was made';
  return `${why}: look for a shipment with reference ${reference} in MyDHL+.`;
}
