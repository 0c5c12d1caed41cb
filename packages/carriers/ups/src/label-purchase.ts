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
  instantOf,
  isFault,
  type Address,
  type Carrier,
  type Clock,
  type EffectMemo,
  type EffectRefs,
  type Label,
  type LabelRequest,
  type Reconciled,
} from '@quartermaster/domain';
import { priceOf } from './charges.ts';
import { readReply, type UpsClient } from './client.ts';
import { connector, type Redact } from './faults.ts';
import { lookUp, type LookedUp } from './label-lookup.ts';
import { lookUpReachesMs, purchaseSettlesMs, sendsWithinMs, versions } from './limits.ts';
import { shipmentDraftOf, type DraftGiven } from './shipment-draft.ts';
import { referenceOf } from './translate.ts';
import { wireShippedSchema, type WireShipped } from './wire.ts';

export type PurchaseTools = DraftGiven & {
  readonly client: UpsClient;
  readonly clock: Clock;
  readonly currency: string;
  readonly names: ServiceNames;
  readonly redactorFor: (...addresses: readonly Address[]) => Redact;
  /** The price of one service for this very request. Throws `refused` where UPS does not offer it. */
  readonly quote: (request: LabelRequest, redact: Redact) => Promise<Price>;
};

const operation = 'shipment.buy';
const say = purchaseFaults(connector, operation);

/**
 * Buys one label per key, whatever goes wrong (facts/carriers.md section 4).
 *
 * UPS keeps no idempotency key. So the label carries a reference that is made of the key alone; its price is asked for and saved, then the moment of sending, and then the purchase is sent once. What
 * is in doubt is looked up by that reference at the label recovery: found, it is adopted with the price that was saved; not found, it is pending as long as it may still come true, and then absent.
 * A PDF is fetched after the purchase, because UPS makes none with it.
 */
export function labelPurchase(tools: PurchaseTools): Pick<Carrier, 'buy' | 'reconcile'> {
  const { client, clock, names, accountNumber, redactorFor } = tools;
  const doubt = purchaseDoubt({ clock, settlesMs: purchaseSettlesMs });

  async function buyNew(request: LabelRequest, memo: EffectMemo, redact: Redact): Promise<Label> {
    const draft = shipmentDraftOf(request, names.toTheirs(request.service), memo.key, tools);
    const price = await tools.quote(request, redact);
    say.checkPrice(price.total, request.priceLimit);
    const notAfter = instantOf(epochMs(clock.now()) + sendsWithinMs);
    await doubt.sending(memo, { [priceRef]: keptPriceText(price) });
    let reply: HttpReply;
    try {
      reply = await client.call({
        operation,
        method: 'POST',
        path: `/shipments/${versions.shipping}/ship`,
        body: draft,
        kind: 'once',
        notAfter,
        redact,
      });
    } catch (error) {
      if (isFault(error)) await doubt.failed(memo, error);
      throw error;
    }
    return bought(reply, request, memo, redact);
  }

  /** Keeps the raw answer before it is read and what it says before it is used, then makes the label of it. */
  async function bought(reply: HttpReply, request: LabelRequest, memo: EffectMemo, redact: Redact): Promise<Label> {
    await memo.saveRaw(reply.text);
    const results = readReply(wireShippedSchema, reply, operation, 'unknown').ShipmentResponse.ShipmentResults;
    const [parcel] = results.PackageResults;
    if (parcel === undefined) throw say.incomplete('parcel');
    const price = shippedPrice(results) ?? keptPrice(memo.refs[priceRef]);
    if (price === null) throw say.incomplete('price');
    await memo.saveRefs({
      [shipmentRef]: results.ShipmentIdentificationNumber,
      [trackingRef]: parcel.TrackingNumber,
      [priceRef]: keptPriceText(price),
    });
    const image = parcel.ShippingLabel?.GraphicImage;
    if (request.format === 'zpl' && image)
      return labelOf(request, {
        shipment: results.ShipmentIdentificationNumber,
        trackingNumber: parcel.TrackingNumber,
        price,
        document: { format: 'zpl', base64: image, url: null },
      });
    return fetched(request, parcel.TrackingNumber, memo, redact);
  }

  /** The label with its document as the recovery gives it. What goes wrong here leaves a bought label: `reconcile` gets it. */
  async function fetched(request: LabelRequest, trackingNumber: string, memo: EffectMemo, redact: Redact): Promise<Label> {
    let seen: LookedUp;
    try {
      seen = await lookUp(client, { trackingNumber }, { format: request.format, accountNumber, redact });
    } catch (error) {
      if (!isFault(error)) throw error;
      throw new ConnectorFault(error.code, {
        ...error.facts,
        outcome: 'unknown',
        retry: { kind: 'safely' },
        advice: 'The label is bought; its document is fetched again.',
      });
    }
    if (seen.kind === 'found') return adopted(seen, request, memo, redact);
    throw purchaseFault('conflict', {
      outcome: 'unknown',
      retry: { kind: 'safely' },
      message: `label ${trackingNumber} is bought and its document is not to be had yet`,
      advice: 'It is fetched again.',
    });
  }

  async function adopted(
    seen: Extract<LookedUp, { kind: 'found' }>,
    request: LabelRequest,
    memo: EffectMemo,
    redact: Redact,
  ): Promise<Label> {
    await memo.saveRaw(seen.raw);
    const price = keptPrice(memo.refs[priceRef]) ?? (await tools.quote(request, redact));
    return labelOf(request, { shipment: seen.shipment, trackingNumber: seen.trackingNumber, price, document: seen.document });
  }

  function labelOf(
    request: LabelRequest,
    given: { readonly shipment: string; readonly trackingNumber: string; readonly price: Price; readonly document: Label['document'] },
  ): Label {
    return {
      ref: given.shipment,
      carrier: 'UPS',
      service: request.service,
      trackingNumber: given.trackingNumber,
      trackingUrl: `https://www.ups.com/track?tracknum=${encodeURIComponent(given.trackingNumber)}`,
      price: given.price.total,
      charges: [...given.price.charges],
      boughtAt: clock.now(),
      document: given.document,
    };
  }

  /** By the number where we have it, else by the reference of the key. */
  function lookUpSaved(request: LabelRequest, refs: EffectRefs, key: string): Promise<LookedUp> {
    const trackingNumber = refs[trackingRef] ?? '';
    const redact = redactorFor(request.shipFrom, request.shipTo);
    return lookUp(client, trackingNumber === '' ? { reference: referenceOf(key) } : { trackingNumber }, {
      format: request.format,
      accountNumber,
      redact,
    });
  }

  async function reconcile(request: LabelRequest, refs: EffectRefs, memo: EffectMemo): Promise<Reconciled<Label>> {
    const waitMs = await doubt.settlesInMs(refs, memo);
    const seen = await lookUpSaved(request, refs, memo.key);
    const known = refs[trackingRef] ?? '';
    switch (seen.kind) {
      case 'found':
        return { kind: 'found', result: await adopted(seen, request, memo, redactorFor(request.shipFrom, request.shipTo)) };
      case 'voided':
        return {
          kind: 'cannot-tell',
          check: `The UPS shipment with reference ${referenceOf(memo.key)} was bought and then voided: see in the UPS shipping history whether that was meant.`,
        };
      case 'several':
        return { kind: 'cannot-tell', check: severalCheck(referenceOf(memo.key), seen.trackingNumbers) };
      case 'withheld':
        return { kind: 'cannot-tell', check: withheldCheck(known === '' ? `with reference ${referenceOf(memo.key)}` : known, seen) };
      case 'not-there':
        if (waitMs > 0) return { kind: 'pending', afterMs: waitMs };
        if (known !== '')
          return {
            kind: 'cannot-tell',
            check: `UPS answered the purchase with shipment ${known} and does not find it now: look it up in the UPS shipping history.`,
          };
        if (isOutOfReach(refs))
          return {
            kind: 'cannot-tell',
            check: `The purchase is older than a week: look for a shipment with reference ${referenceOf(memo.key)} in the UPS shipping history.`,
          };
        return { kind: 'absent' };
    }
  }

  function isOutOfReach(refs: EffectRefs): boolean {
    const sentAt = doubt.sentAt(refs);
    return sentAt !== null && epochMs(clock.now()) - epochMs(sentAt) > lookUpReachesMs;
  }

  return {
    reconcile,

    async buy(request, memo) {
      const redact = redactorFor(request.shipFrom, request.shipTo);
      if (doubt.sentAt(memo.refs) === null && (memo.refs[trackingRef] ?? '') === '') return buyNew(request, memo, redact);
      return say.foundOr(await reconcile(request, memo.refs, memo), () => buyNew(request, memo, redact));
    },
  };
}

/** What is saved on the way beside the doubt: the price that was agreed to, and what UPS answered. */
const priceRef = 'price';
const shipmentRef = 'shipmentId';
const trackingRef = 'trackingNumber';

function shippedPrice(results: WireShipped): Price | null {
  return priceOf({ listed: results.ShipmentCharges, negotiated: results.NegotiatedRateCharges, packages: results.PackageResults });
}

function severalCheck(reference: string, numbers: readonly string[]): string {
  const named = numbers.length === 0 ? '' : ` (${numbers.join(', ')})`;
  return `Several UPS shipments carry the reference ${reference}${named}: keep one and void the others in the UPS shipping history.`;
}

function withheldCheck(which: string, seen: Extract<LookedUp, { kind: 'withheld' }>): string {
  const code = seen.vendorCode === null ? '' : ` (${seen.vendorCode})`;
  return `UPS does not give the label of the shipment ${which}: ${seen.reason}${code}. Look it up in the UPS shipping history.`;
}

function purchaseFault(
  code: ConnectorFault['code'],
  facts: Pick<ConnectorFault['facts'], 'outcome' | 'retry' | 'message'> & { readonly advice: string },
): ConnectorFault {
  return new ConnectorFault(code, { connector, operation, ...facts });
}
