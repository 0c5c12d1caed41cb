import {
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
  labelFormats,
  zero,
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
import type { SendcloudClient } from './client.ts';
import { bestDocumentOf, isWhole } from './documents.ts';
import { externalReferenceOf, nthOf } from './external-reference.ts';
import { connector, type Redact } from './faults.ts';
import type { LabelDesk, Sold } from './label-desk.ts';
import { announcingMostMs, announcingRestMs, purchaseSettlesMs } from './limits.ts';
import { carrierOf, type Offer } from './options.ts';
import { returnDesk } from './return-desk.ts';
import { shipmentDesk } from './shipment-desk.ts';

export type PurchaseTools = {
  readonly client: SendcloudClient;
  readonly clock: Clock;
  /** Of labels. */
  readonly currency: string;
  readonly names: ServiceNames;
  /** The offer of the asked service for this very request. Throws `refused` where Sendcloud has none. */
  readonly offer: (request: LabelRequest, redact: Redact) => Promise<Offer>;
  readonly redactorFor: (...addresses: readonly Address[]) => Redact;
};

const say = purchaseFaults(connector, 'label.buy');

/**
 * Buys one label per key, whatever goes wrong (facts/carriers.md section 4).
 *
 * Sendcloud names no price in its answers. So the option is priced and compared with the limit; the price, the reference and the moment of sending are saved; then the purchase is sent once. What is in
 * doubt is looked up by the reference and adopted, or pending as long as it may still come true, and then absent. Sendcloud's specification says beyond this that it takes a reference once (409): that
 * is a second guard, and not what we rely on.
 */
export function labelPurchase(tools: PurchaseTools): Pick<Carrier, 'buy' | 'reconcile'> {
  const { client, clock, names, redactorFor } = tools;
  const doubt = purchaseDoubt({ clock, settlesMs: purchaseSettlesMs });
  const desks = { out: shipmentDesk({ client, clock }), back: returnDesk({ client, clock }) };
  const deskFor = ({ delivery }: LabelRequest): LabelDesk => (delivery.isReturn ? desks.back : desks.out);
  const redactFor = ({ shipFrom, shipTo }: LabelRequest): Redact => redactorFor(shipFrom, shipTo);

  async function buyNew(request: LabelRequest, memo: EffectMemo): Promise<Label> {
    const [desk, redact] = [deskFor(request), redactFor(request)];
    const externalReference = referenceIn(memo.refs, memo.key);
    const offer = await tools.offer(request, redact);
    say.checkPrice(offer.price.total, request.priceLimit);
    const draft = desk.draftOf(request, { offer, externalReference, key: memo.key });
    await doubt.sending(memo, { [referenceRef]: externalReference, [priceRef]: keptPriceText(offer.price) });
    let reply: HttpReply;
    try {
      reply = await desk.send(draft, redact);
    } catch (error) {
      if (!isFault(error)) throw error;
      if (error.facts.status === 409) return whatTookIt(externalReference, request, memo);
      await doubt.failed(memo, error);
      throw error;
    }
    await memo.saveRaw(reply.text);
    const refs = desk.refsOf(reply);
    if (Object.keys(refs).length > 0) await memo.saveRefs(refs);
    return bought(() => desk.standingAfter(reply, redact), request, memo);
  }

  /** The reference is taken: by our own label of an earlier attempt, or by one that is being made. */
  async function whatTookIt(externalReference: string, request: LabelRequest, memo: EffectMemo): Promise<Label> {
    await doubt.unanswered(memo, { [takenRef]: externalReference });
    const seen = await lookedFor(() => reconcile(request, memo.refs, memo));
    if (seen.kind === 'found') return seen.result;
    if (seen.kind === 'cannot-tell') throw say.notClearedUp(seen.check);
    throw say.stillUnderWay('the reference of this purchase is taken, and there is no label yet', purchaseSettlesMs);
  }

  /** The label of a purchase that was answered. What goes wrong from here on leaves a bought label: `reconcile` gets it. */
  async function bought(look: () => ReturnType<LabelDesk['standingAfter']>, request: LabelRequest, memo: EffectMemo): Promise<Label> {
    const standing = await lookedFor(look);
    switch (standing.kind) {
      case 'bought':
        return lookedFor(() => labelOf(standing.sold, request, memo));
      case 'failed':
        await doubt.settled(memo, { [referenceRef]: nextReference(memo) });
        throw say.refused(redactFor(request)(standing.reason), 'Look at the shipment in Sendcloud’s panel, and correct what is named.');
      case 'given-back':
        throw say.givenBack();
      case 'unclear':
        throw say.notClearedUp(standing.check);
      case 'announcing':
      case 'free':
        await doubt.unanswered(memo);
        throw say.stillUnderWay('the label is being made', announcingRestMs);
    }
  }

  async function labelOf(sold: Sold, request: LabelRequest, memo: EffectMemo): Promise<Label> {
    const redact = redactFor(request);
    const price = keptPrice(memo.refs[priceRef]) ?? (await priceToday(request, redact));
    return {
      ref: sold.ref,
      carrier: carrierOf(names.toTheirs(request.service)),
      service: request.service,
      trackingNumber: sold.trackingNumber,
      trackingUrl: sold.trackingUrl,
      ...costOf(sold, price),
      boughtAt: sold.boughtAt ?? clock.now(),
      document: fileOf(sold, request) ?? (await bestDocumentOf(client, sold.parcelId, request.format, redact)),
    };
  }

  /** For a label whose price was forgotten; nothing where its option is offered no more. The label itself must not be lost for it. */
  async function priceToday(request: LabelRequest, redact: Redact): Promise<Price> {
    try {
      return (await tools.offer(request, redact)).price;
    } catch (error) {
      if (!isFault(error) || error.code !== 'refused') throw error;
      return { total: zero(tools.currency), charges: [] };
    }
  }

  async function reconcile(request: LabelRequest, refs: EffectRefs, memo: EffectMemo): Promise<Reconciled<Label>> {
    const externalReference = referenceIn(refs, memo.key);
    const since = doubt.sentAt(refs);
    const waitMs = await doubt.settlesInMs(refs, memo);
    const standing = await deskFor(request).lookUp(externalReference, { refs, since, redact: redactFor(request) });
    switch (standing.kind) {
      case 'bought':
        await memo.saveRaw(standing.raw);
        return { kind: 'found', result: await labelOf(standing.sold, request, memo) };
      case 'given-back':
        return {
          kind: 'cannot-tell',
          check: `The Sendcloud shipment with external reference ${externalReference} was bought and then cancelled: see in Sendcloud's panel whether that was meant.`,
        };
      case 'unclear':
        return { kind: 'cannot-tell', check: standing.check };
      case 'failed':
        await doubt.settled(memo, { [referenceRef]: nextReference(memo) });
        return { kind: 'absent' };
      case 'announcing':
        if (since !== null && epochMs(clock.now()) - epochMs(since) > announcingMostMs)
          return {
            kind: 'cannot-tell',
            check: `The Sendcloud shipment with external reference ${externalReference} has been being announced for over an hour: look at it in Sendcloud's panel.`,
          };
        return { kind: 'pending', afterMs: announcingRestMs };
      case 'free':
        if (waitMs > 0) return { kind: 'pending', afterMs: waitMs };
        if (refs[takenRef] === externalReference)
          return {
            kind: 'cannot-tell',
            check: `Sendcloud says that the external reference ${externalReference} is taken, and finds no shipment by it: look for it in Sendcloud's panel.`,
          };
        return { kind: 'absent' };
    }
  }

  return {
    reconcile,

    async buy(request, memo) {
      if (doubt.sentAt(memo.refs) === null) return buyNew(request, memo);
      return say.foundOr(await lookedFor(() => reconcile(request, memo.refs, memo)), () => buyNew(request, memo));
    },
  };
}

/** What is saved on the way beside the doubt: the reference that the purchase goes under, one that Sendcloud said to be taken, and the price that was agreed to. */
export const referenceRef = 'externalReference';
const takenRef = 'takenReference';
const priceRef = 'price';

function referenceIn(refs: EffectRefs, key: string): string {
  return refs[referenceRef] || externalReferenceOf(key);
}

/** The one after that which a purchase that came to nothing has used up. */
function nextReference({ refs, key }: EffectMemo): string {
  return externalReferenceOf(key, (nthOf(referenceIn(refs, key), key) ?? 1) + 1);
}

/** Looking after a purchase: whatever goes wrong in it, the purchase itself is in doubt and to be looked up. */
async function lookedFor<Result>(look: () => Promise<Result>): Promise<Result> {
  try {
    return await look();
  } catch (error) {
    if (!isFault(error) || error.facts.outcome === 'unknown') throw error;
    const retry = error.facts.retry.kind === 'never' ? ({ kind: 'safely' } as const) : error.facts.retry;
    throw new ConnectorFault(error.code, {
      ...error.facts,
      outcome: 'unknown',
      retry,
      advice: 'The purchase is looked up before anything else.',
    });
  }
}

/** What Sendcloud says that it cost, where it does; else what was agreed to. */
function costOf({ cost }: Sold, price: Price): Pick<Label, 'price' | 'charges'> {
  if (cost === null || cost.currency !== price.total.currency || cost.minor === price.total.minor)
    return { price: price.total, charges: [...price.charges] };
  return { price: cost, charges: [{ type: 'shipping', amount: cost, vendorCode: null }] };
}

/** The file that came with the purchase: in the format that was asked for, or in the one that the carrier made. */
function fileOf({ file }: Sold, { format: asked }: LabelRequest): LabelDocument | null {
  if (file === null) return null;
  const format = [asked, ...labelFormats].find((one) => isWhole(file, one));
  return format === undefined ? null : { format, base64: file, url: null };
}
