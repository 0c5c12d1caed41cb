import { fingerprint, keptPrice, keptPriceText, purchaseDoubt, purchaseFaults, type HttpReply } from '@quartermaster/connector-kit';
import {
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
import { z } from 'zod';
import { readReply, withPictures, type UspsClient } from './client.ts';
import { connector, isRefusal, notDone, type Redact } from './faults.ts';
import { idempotencyKeyOf } from './idempotency-key.ts';
import { labelDraftOf, obstacleOf, type Terms } from './label-draft.ts';
import { purchaseSettlesMs, reprintReachesMs } from './limits.ts';
import { mailingDateOf, type Offer } from './options.ts';
import { boughtPrice } from './prices.ts';
import { reprint } from './reprint.ts';
import { wireBoughtSchema, type WireMetadata } from './wire.ts';

export type PurchaseTools = {
  readonly client: UspsClient;
  readonly clock: Clock;
  readonly zone: string;
  readonly redactorFor: (...addresses: readonly Address[]) => Redact;
  /** The offer of one service for this very request. Throws `refused` where USPS does not offer it. */
  readonly quote: (request: LabelRequest, redact: Redact) => Promise<Offer>;
};

const operation = 'label.buy';
const say = purchaseFaults(connector, operation);

/**
 * Buys one label per key, whatever goes wrong (facts/carriers.md section 4).
 *
 * The purchase carries an `X-Idempotency-Key` that follows from the intent's key: the same key with the same words "will return the existing label without creating a duplicate or charging additional
 * postage" (Labels 3.9.13). So the words of the purchase are settled before it is sent and kept with it, and what is in doubt is sent again under the same key as soon as the first cannot be under way
 * any more. Only where USPS does not take those words again, such as after the day of mailing, or where we could not say the same, the label is looked for by printing it once more.
 */
export function labelPurchase(tools: PurchaseTools): Pick<Carrier, 'buy' | 'reconcile'> {
  const { client, clock, redactorFor } = tools;
  const doubt = purchaseDoubt({ clock, settlesMs: purchaseSettlesMs });

  async function buyNew(request: LabelRequest, memo: EffectMemo, redact: Redact): Promise<Label> {
    const obstacle = obstacleOf(request);
    if (obstacle !== null) throw notDone('invalid-request', operation, obstacle, 'Correct the shipment, or send it with another carrier.');
    if (request.format === 'png' && request.delivery.customs !== null)
      throw notDone('unsupported', operation, 'USPS makes no PNG of a label with a customs form', 'Ask for PDF or ZPL.');
    const offer = await tools.quote(request, redact);
    say.checkPrice(offer.price.total, request.priceLimit);
    // Before the day of mailing is told: the turn may be tomorrow.
    await client.takeTurn({ isPaid: true });
    const terms: Terms = {
      mailClass: offer.service.mailClass,
      rateIndicator: offer.rateIndicator,
      processingCategory: offer.processingCategory,
      mailingDate: mailingDateOf(request.shipAt, { zone: tools.zone, now: clock.now() }),
    };
    const words = wordsOf(request, terms);
    const nth = nextNth(memo.refs, words);
    await doubt.sending(memo, {
      [nthRef]: String(nth),
      [wordsRef]: words,
      [termsRef]: JSON.stringify(terms),
      [priceRef]: keptPriceText(offer.price),
    });
    try {
      return await bought(await send(request, terms, idempotencyKeyOf(memo.key, nth), redact), request, memo);
    } catch (error) {
      if (isFault(error)) await doubt.failed(memo, error);
      throw error;
    }
  }

  function send(request: LabelRequest, terms: Terms, key: string, redact: Redact): Promise<HttpReply> {
    return client.call({
      operation,
      method: 'POST',
      path: request.delivery.isReturn ? '/labels/v3/return-label' : '/labels/v3/label',
      headers: { ...withPictures, 'x-idempotency-key': key },
      body: labelDraftOf(request, terms),
      kind: 'once',
      isPaid: true,
      redact,
    });
  }

  /** Keeps the raw answer before it is read, and the number before it is used. */
  async function bought(reply: HttpReply, request: LabelRequest, memo: EffectMemo): Promise<Label> {
    await memo.saveRaw(reply.text);
    const wire = readReply(wireBoughtSchema, reply, operation, 'unknown');
    await memo.saveRefs({ [trackingRef]: wire.trackingNumber });
    const image = wire.labelImage ?? wire.returnLabelImage;
    if (!image) throw say.incomplete('picture');
    return labelOf(request, wire, { format: request.format, base64: image, url: null }, memo.refs);
  }

  function labelOf(request: LabelRequest, wire: WireMetadata, document: LabelDocument, refs: EffectRefs): Label {
    const price = boughtPrice(wire) ?? keptPrice(refs[priceRef]);
    if (price === null) throw say.incomplete('price');
    return {
      ref: wire.trackingNumber,
      carrier: 'USPS',
      service: request.service,
      trackingNumber: wire.trackingNumber,
      trackingUrl: `https://tools.usps.com/go/TrackConfirmAction?tLabels=${encodeURIComponent(wire.trackingNumber)}`,
      price: price.total,
      charges: [...price.charges],
      boughtAt: clock.now(),
      document,
    };
  }

  async function reconcile(request: LabelRequest, refs: EffectRefs, memo: EffectMemo): Promise<Reconciled<Label>> {
    const isAnswered = (refs[trackingRef] ?? '') !== '';
    if (!isAnswered && doubt.sentAt(refs) === null) return { kind: 'absent' };
    const waitMs = isAnswered ? 0 : await doubt.settlesInMs(refs, memo);
    if (waitMs > 0) return { kind: 'pending', afterMs: waitMs };
    const redact = redactorFor(request.shipFrom, request.shipTo);
    const terms = keptTerms(refs);
    const key = idempotencyKeyOf(memo.key, nthOf(refs));
    if (terms === null || wordsOf(request, terms) !== refs[wordsRef]) return lookedUp(request, key, refs, memo, redact);
    try {
      await client.takeTurn({ isPaid: true });
      return { kind: 'found', result: await bought(await send(request, terms, key, redact), request, memo) };
    } catch (error) {
      if (!isFault(error)) throw error;
      if (isRefusal(error)) return lookedUp(request, key, refs, memo, redact);
      if (error.facts.outcome === 'unknown' && !isAnswered) await doubt.unanswered(memo);
      throw error;
    }
  }

  /** Looks for the label of a key by printing it once more. */
  async function lookedUp(
    request: LabelRequest,
    key: string,
    refs: EffectRefs,
    memo: EffectMemo,
    redact: Redact,
  ): Promise<Reconciled<Label>> {
    const seen = await reprint(client, { idempotencyKey: key }, { format: request.format, redact });
    const which = refs[trackingRef] || `of ${doubt.sentAt(refs) ?? 'an unknown moment'} with idempotency key ${key}`;
    switch (seen.kind) {
      case 'found':
        await memo.saveRaw(seen.reply.text);
        return { kind: 'found', result: labelOf(request, seen.metadata, seen.document, refs) };
      case 'given-back':
        return { kind: 'cannot-tell', check: `The USPS label ${which} was bought and then given back: see whether that was meant.` };
      case 'withheld':
        return {
          kind: 'cannot-tell',
          check: `USPS does not print the label ${which} again: ${seen.reason}. Look for it in the shipping history of the Business Customer Gateway.`,
        };
      case 'not-there':
        if ((refs[trackingRef] ?? '') !== '' || isOutOfReach(refs))
          return {
            kind: 'cannot-tell',
            check: `USPS does not find the label ${which}: look for it in the shipping history of the Business Customer Gateway.`,
          };
        return { kind: 'absent' };
    }
  }

  function isOutOfReach(refs: EffectRefs): boolean {
    const sentAt = doubt.sentAt(refs);
    return sentAt === null || epochMs(clock.now()) - epochMs(sentAt) > reprintReachesMs;
  }

  return {
    reconcile,

    async buy(request, memo) {
      return say.foundOr(await reconcile(request, memo.refs, memo), () =>
        buyNew(request, memo, redactorFor(request.shipFrom, request.shipTo)),
      );
    },
  };
}

/** What is saved on the way beside the doubt: which of the intent's keys was sent, a fingerprint of all that it said, what it was priced by and at, and the number that USPS answered. */
const nthRef = 'keyNumber';
const wordsRef = 'purchaseWords';
const termsRef = 'purchaseTerms';
const priceRef = 'price';
const trackingRef = 'trackingNumber';

const termsSchema = z.object({ mailClass: z.string(), rateIndicator: z.string(), processingCategory: z.string(), mailingDate: z.string() });

function keptTerms(refs: EffectRefs): Terms | null {
  const text = refs[termsRef];
  return text === undefined ? null : (termsSchema.safeParse(JSON.parse(text)).data ?? null);
}

function wordsOf(request: LabelRequest, terms: Terms): string {
  return fingerprint(JSON.stringify(labelDraftOf(request, terms)));
}

function nthOf(refs: EffectRefs): number {
  return Number(refs[nthRef] ?? '1');
}

/** What was refused and is not the same any more is sent under a key of its own: one key never says two things. */
function nextNth(refs: EffectRefs, words: string): number {
  return refs[wordsRef] === undefined || refs[wordsRef] === words ? nthOf(refs) : nthOf(refs) + 1;
}
