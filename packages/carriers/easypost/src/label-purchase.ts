import { purchaseDoubt, purchaseFaults, type HttpReply, type ServiceNames } from '@quartermaster/connector-kit';
import {
  epochMs,
  isFault,
  type Address,
  type Carrier,
  type Clock,
  type EffectMemo,
  type FoundLabel,
  type Instant,
  type Label,
  type LabelRequest,
} from '@quartermaster/domain';
import { createHash } from 'node:crypto';
import { readShipment, type EasyPostClient } from './client.ts';
import { connector, postageExists, postageFailure } from './faults.ts';
import { purchaseSettlesMs } from './limits.ts';
import { draftOf, obstacleOf, type ShipmentDraft } from './draft.ts';
import { chooseRate, isBought, labelOf, priceOf } from './translate.ts';
import type { WireRate, WireShipment } from './wire.ts';

type Redact = (text: string) => string;

export type PurchaseTools = {
  readonly client: EasyPostClient;
  readonly clock: Clock;
  readonly currency: string;
  readonly carrierAccounts: readonly string[];
  readonly names: ServiceNames;
  readonly redactorFor: (...addresses: readonly Address[]) => Redact;
};

/**
 * Buys one label per key, whatever goes wrong (facts/carriers.md section 4).
 *
 * A label is bought in two steps: a shipment is made with the intent's key as its reference, which is free; its id is saved; only then its label is bought, by a request that is
 * sent once. EasyPost gives a shipment at most one label, so every later attempt looks at the saved shipment and buys, if at all, on that one. A shipment whose making was not
 * answered is unknown to us and stays unbought: it costs nothing, so the next attempt makes another.
 */
export function labelPurchase(
  tools: PurchaseTools,
): Pick<Carrier, 'buy' | 'reconcile'> & { readonly labelsSince: (since: Instant) => AsyncIterable<FoundLabel> } {
  const { client, clock, currency, carrierAccounts, names, redactorFor } = tools;
  const doubt = purchaseDoubt({ clock, settlesMs: purchaseSettlesMs });

  async function buyNew(request: LabelRequest, memo: EffectMemo, redact: Redact): Promise<Label> {
    const obstacle = obstacleOf(request, currency);
    if (obstacle !== null) throw say.refused(obstacle, 'Ask for what the carrier can do.');
    const shipment = await client.createShipment(draft(request, memo.key), redact);
    await doubt.settled(memo, { [shipmentRef]: shipment.id, [requestRef]: fingerprint(request) });
    return purchase(shipment.id, rateFor(request, shipment.rates), request, { memo, redact, waitMs: 0 });
  }

  /** Looks at the shipment of an earlier attempt, and buys it at a price of now if it has no label. */
  async function buySaved(id: string, request: LabelRequest, memo: EffectMemo, redact: Redact): Promise<Label> {
    const waitMs = await doubt.settlesInMs(memo.refs, memo);
    const reply = await client.getShipment(id, redact);
    const shipment = readShipment(reply, 'shipment.get', 'not-applied');
    if (isBought(shipment)) return adopt(reply, shipment, request, memo);
    if (memo.refs[requestRef] !== fingerprint(request)) {
      if (waitMs > 0) throw say.stillUnderWay('the request was changed while an earlier purchase may be under way', waitMs);
      return buyNew(request, memo, redact);
    }
    return purchase(id, rateAfterAll(request, await client.rerate(id, redact), waitMs), request, { memo, redact, waitMs });
  }

  /** Sends the purchase. `waitMs` is above 0 while an earlier purchase of this shipment may still come true. */
  async function purchase(
    id: string,
    rate: WireRate,
    request: LabelRequest,
    { memo, redact, waitMs }: { readonly memo: EffectMemo; readonly redact: Redact; readonly waitMs: number },
  ): Promise<Label> {
    await doubt.sending(memo);
    let reply: HttpReply;
    try {
      reply = await client.buy(id, rate.id, redact);
    } catch (error) {
      if (!isFault(error)) throw error;
      if (error.facts.outcome === 'unknown') {
        await doubt.unanswered(memo);
        throw error;
      }
      if (error.facts.vendorCode === postageExists) return adopt(await client.getShipment(id, redact), null, request, memo);
      // Of an earlier purchase only EasyPost's own refusal proves that it came to nothing: were it under way or done, the answer would say so.
      if (waitMs === 0 || error.facts.vendorCode === postageFailure) await doubt.settled(memo);
      throw error;
    }
    return adopt(reply, null, request, memo);
  }

  /** Keeps the raw answer before it is read, then makes the label of it. A label that was given back is no label any more. */
  async function adopt(reply: HttpReply, read: WireShipment | null, request: LabelRequest, memo: EffectMemo): Promise<Label> {
    await memo.saveRaw(reply.text);
    const shipment = read ?? readShipment(reply, 'shipment.buy', 'unknown');
    if (isGivenBack(shipment)) throw say.givenBack();
    const label = labelOf(shipment, { format: request.format, now: clock.now(), names });
    if (label === null) throw say.incomplete('tracking code, label or chosen rate');
    return label;
  }

  /** The rate of the service within the price limit, or the fault `refused`. */
  function rateFor(request: LabelRequest, rates: readonly WireRate[]): WireRate {
    const rate = chooseRate(rates, request.service, currency, names) ?? notOffered(request.service, rates);
    say.checkPrice(priceOf(rate), request.priceLimit);
    return rate;
  }

  /** The same while an earlier purchase may still come true: then a price that is too high now proves nothing about the label. */
  function rateAfterAll(request: LabelRequest, rates: readonly WireRate[], waitMs: number): WireRate {
    try {
      return rateFor(request, rates);
    } catch (error) {
      if (waitMs > 0) throw say.stillUnderWay('the price or the offer was changed while an earlier purchase may be under way', waitMs);
      throw error;
    }
  }

  function draft(request: LabelRequest, key: string): ShipmentDraft {
    // A label for a later day says so; one for today must not carry an hour that is past.
    const later = epochMs(request.shipAt) > epochMs(clock.now());
    const options = { label_format: request.format.toUpperCase(), currency, print_custom_1: request.reference };
    return draftOf(request, { reference: key, carrierAccounts, options: later ? { ...options, label_date: request.shipAt } : options });
  }

  return {
    async buy(request, memo) {
      const redact = redactorFor(request.shipFrom, request.shipTo);
      const saved = memo.refs[shipmentRef];
      if (saved === undefined) return buyNew(request, memo, redact);
      try {
        return await buySaved(saved, request, memo, redact);
      } catch (error) {
        // Rating anew may meet the label, too.
        if (!isFault(error) || error.facts.vendorCode !== postageExists) throw error;
        return adopt(await client.getShipment(saved, redact), null, request, memo);
      }
    },

    async reconcile(request, refs, memo) {
      const id = refs[shipmentRef];
      if (id === undefined) return { kind: 'absent' };
      const waitMs = await doubt.settlesInMs(refs, memo);
      let reply: HttpReply;
      try {
        reply = await client.getShipment(id, redactorFor(request.shipFrom, request.shipTo));
      } catch (error) {
        if (!isFault(error) || error.code !== 'not-found') throw error;
        return {
          kind: 'cannot-tell',
          check: `EasyPost does not know shipment ${id} under this key: look it up in the account that made it.`,
        };
      }
      const shipment = readShipment(reply, 'shipment.get', 'not-applied');
      if (isBought(shipment)) {
        if (isGivenBack(shipment)) return { kind: 'cannot-tell', check: `Shipment ${id} had its label, and a refund was asked for it.` };
        return { kind: 'found', result: await adopt(reply, shipment, request, memo) };
      }
      return waitMs > 0 ? { kind: 'pending', afterMs: waitMs } : { kind: 'absent' };
    },

    async *labelsSince(since) {
      for (let beforeId: string | null = null; ;) {
        const page: Awaited<ReturnType<EasyPostClient['listBought']>> = await client.listBought({ since, beforeId }, redactorFor());
        for (const shipment of page.shipments) {
          const label = isGivenBack(shipment) ? null : labelOf(shipment, { format: 'pdf', now: clock.now(), names });
          if (label !== null && shipment.reference) yield { key: shipment.reference, refs: { [shipmentRef]: shipment.id }, label };
        }
        beforeId = page.shipments.at(-1)?.id ?? null;
        if (!page.hasMore || beforeId === null) return;
      }
    },
  };
}

const say = purchaseFaults(connector, 'shipment.buy');

/** What is saved on the way beside the doubt: the shipment, and what it was made of. */
const shipmentRef = 'shipmentId';
const requestRef = 'requestHash';

/** Of what cannot be changed once the shipment is made: addresses, parcel, terms, format. */
function fingerprint(request: LabelRequest): string {
  const draft = draftOf(request, { options: { label_format: request.format }, carrierAccounts: [] });
  return createHash('sha256').update(JSON.stringify(draft)).digest('base64url').slice(0, 22);
}

function isGivenBack(shipment: WireShipment): boolean {
  return shipment.refund_status === 'submitted' || shipment.refund_status === 'refunded';
}

function notOffered(service: string, rates: readonly WireRate[]): never {
  const offered = [...new Set(rates.map((rate) => `${rate.carrier}/${rate.service} in ${rate.currency}`))].sort();
  const advice = offered.length === 0 ? 'No carrier offers anything: ask for rates to see why.' : `Offered are ${offered.join(', ')}.`;
  throw say.refused(`no carrier offers ${service} for this parcel`, advice);
}
