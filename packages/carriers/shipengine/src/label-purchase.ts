import { beforeTheEffect, purchaseDoubt, purchaseFaults, type HttpReply, type ServiceNames } from '@quartermaster/connector-kit';
import {
  ConnectorFault,
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
import { readLabel, type Redact, type ShipEngineClient } from './client.ts';
import { externalIdOf, nthOf } from './external-id.ts';
import { brokeDown, connector, identifierConflict, wordsOf } from './faults.ts';
import { purchaseSettlesMs } from './limits.ts';
import { shipmentOf, type ShipmentOptions, type Shipping } from './shipment.ts';
import { chooseRate, labelOf, priceOf } from './translate.ts';
import type { WireLabel, WireRate, WireRates } from './wire.ts';

export type PurchaseTools = {
  readonly client: ShipEngineClient;
  readonly clock: Clock;
  readonly currency: string;
  readonly names: ServiceNames;
  readonly shipment: Omit<ShipmentOptions, 'now'>;
  /** Rates from the accounts of the connection. */
  readonly rate: (request: Shipping, currency: string, redact: Redact) => Promise<WireRates>;
  readonly redactorFor: (...addresses: readonly Address[]) => Redact;
};

/** What stands under an external id. `free`: nothing, or a shipment that has no label. */
type Standing =
  | { readonly kind: 'free' }
  | { readonly kind: 'processing' }
  | { readonly kind: 'failed' }
  | { readonly kind: 'bought' | 'given-back'; readonly reply: HttpReply; readonly label: WireLabel };

/**
 * Buys one label per key, whatever goes wrong (facts/carriers.md section 4).
 *
 * The key goes with the purchase as its `external_shipment_id`, which ShipEngine takes once: a second purchase under it is refused, and what stands under it can be looked up. So every attempt
 * but the first looks before it buys, and a purchase that was not answered is settled before the next is sent. Only where an id is used up for good without a label, by a purchase that failed,
 * the next id of the same key is taken.
 */
export function labelPurchase(
  tools: PurchaseTools,
): Pick<Carrier, 'buy' | 'reconcile'> & { readonly labelsSince: (since: Instant) => AsyncIterable<FoundLabel> } {
  const { client, clock, currency, names, redactorFor } = tools;
  const doubt = purchaseDoubt({ clock, settlesMs: purchaseSettlesMs });

  /** Prices the label, and sends its purchase under that id. */
  async function purchase(externalId: string, request: LabelRequest, memo: EffectMemo, redact: Redact): Promise<Label> {
    const rate = await beforeTheEffect(async () => rateFor(request, await tools.rate(request, currency, redact), redact));
    await doubt.sending(memo, { [idRef]: externalId });
    let reply: HttpReply;
    try {
      reply = await client.buy(draft(request, rate, externalId, memo.key), redact);
    } catch (error) {
      if (!isFault(error)) throw error;
      if (error.facts.vendorCode === identifierConflict) return whatTookIt(externalId, request, memo, redact);
      await doubt.failed(memo, error);
      throw error;
    }
    return adopt(reply, null, request, memo);
  }

  /** The id is taken: by our own label of an earlier attempt, or by a purchase that is under way, or by one that failed; which of the last two only time tells. */
  async function whatTookIt(externalId: string, request: LabelRequest, memo: EffectMemo, redact: Redact): Promise<Label> {
    await doubt.unanswered(memo, { [takenRef]: externalId });
    const standing = await standingOf(externalId, redact);
    if (standing.kind === 'bought' || standing.kind === 'given-back') return adopt(standing.reply, standing.label, request, memo);
    throw say.stillUnderWay('the id of this purchase is taken, and there is no label', purchaseSettlesMs);
  }

  /** Keeps the raw answer before it is read, then makes the label of it. A label that was given back is no label any more. */
  async function adopt(reply: HttpReply, read: WireLabel | null, request: LabelRequest, memo: EffectMemo): Promise<Label> {
    await memo.saveRaw(reply.text);
    const wire = read ?? readLabel(reply, 'label.buy', 'unknown');
    if (wire.status === 'error') {
      await doubt.settled(memo);
      throw say.refused('the carrier did not make the label', 'Look at the shipment at ShipEngine for its reason.');
    }
    if (wire.status === 'processing') {
      await doubt.unanswered(memo);
      throw say.stillUnderWay('the label is being made', processingMs);
    }
    if (isGivenBack(wire)) throw say.givenBack();
    const label = labelOf(wire, { format: request.format, now: clock.now(), names });
    if (label === null) throw say.incomplete('tracking number, price or service');
    return label;
  }

  async function standingOf(externalId: string, redact: Redact): Promise<Standing> {
    const reply = await client.labelByExternalId(externalId, redact);
    if (reply === null) return { kind: 'free' };
    const label = readLabel(reply, 'label.find', 'not-applied');
    if (label.status === 'error') return { kind: 'failed' };
    if (label.status === 'processing') return { kind: 'processing' };
    return { kind: isGivenBack(label) ? 'given-back' : 'bought', reply, label };
  }

  /** The rate of the service within the price limit, or the fault `refused`. */
  function rateFor(request: LabelRequest, answer: WireRates, redact: Redact): WireRate {
    const rate = chooseRate(answer.rates, request.service, currency, names) ?? notOffered(request.service, answer, names, redact);
    say.checkPrice(priceOf(rate), request.priceLimit);
    return rate;
  }

  function draft(request: LabelRequest, rate: WireRate, externalId: string, key: string): Readonly<Record<string, unknown>> {
    return {
      shipment: {
        ...shipmentOf(request, { ...tools.shipment, now: clock.now() }, request.reference),
        carrier_id: rate.carrier_id,
        service_code: rate.service_code,
        external_shipment_id: externalId,
        external_order_id: key,
      },
      ...(request.delivery.isReturn ? { is_return_label: true } : {}),
      charge_event: 'carrier_default',
      validate_address: 'no_validation',
      label_format: request.format,
      label_layout: '4x6',
      label_download_type: 'inline',
    };
  }

  return {
    async buy(request, memo) {
      const redact = redactorFor(request.shipFrom, request.shipTo);
      const externalId = memo.refs[idRef];
      if (externalId === undefined) return purchase(externalIdOf(memo.key), request, memo, redact);
      const waitMs = await doubt.settlesInMs(memo.refs, memo);
      const standing = await standingOf(externalId, redact);
      if (standing.kind === 'bought' || standing.kind === 'given-back') return adopt(standing.reply, standing.label, request, memo);
      if (standing.kind === 'processing') throw say.stillUnderWay('the label is being made', processingMs);
      if (standing.kind === 'failed') return purchase(nextId(externalId, memo.key), request, memo, redact);
      if (waitMs > 0) throw say.stillUnderWay('an earlier purchase may be under way', waitMs);
      const isUsedUp = memo.refs[takenRef] === externalId && !isLabelled(await client.shipmentState(externalId, redact));
      return purchase(isUsedUp ? nextId(externalId, memo.key) : externalId, request, memo, redact);
    },

    async reconcile(request, refs, memo) {
      const redact = redactorFor(request.shipFrom, request.shipTo);
      const externalId = refs[idRef] ?? externalIdOf(memo.key);
      const waitMs = await doubt.settlesInMs(refs, memo);
      const standing = await standingOf(externalId, redact);
      switch (standing.kind) {
        case 'bought':
          return { kind: 'found', result: await adopt(standing.reply, standing.label, request, memo) };
        case 'given-back':
          return { kind: 'cannot-tell', check: `The label of shipment ${externalId} was bought, and then voided at ShipEngine.` };
        case 'processing':
          return { kind: 'pending', afterMs: processingMs };
        case 'failed':
          return { kind: 'absent' };
        case 'free':
          if (waitMs > 0) return { kind: 'pending', afterMs: waitMs };
          if (refs[takenRef] === externalId && isLabelled(await client.shipmentState(externalId, redact)))
            return {
              kind: 'cannot-tell',
              check: `ShipEngine says that shipment ${externalId} has a label, and shows none: look it up there by that external id.`,
            };
          return { kind: 'absent' };
      }
    },

    async *labelsSince(since) {
      for (let page = 1; ; page++) {
        const { labels, isLast } = await client.labelsSince(since, page, redactorFor());
        for (const wire of labels) {
          const { external_shipment_id: externalId, external_order_id: key, status } = wire;
          if (!externalId || !key || nthOf(externalId, key) === null || status === 'error' || status === 'processing') continue;
          const label = isGivenBack(wire) ? null : labelOf(wire, { format: 'pdf', now: clock.now(), names });
          if (label !== null) yield { key, refs: { [idRef]: externalId }, label };
        }
        if (isLast) return;
      }
    },
  };
}

const say = purchaseFaults(connector, 'label.buy');

/** What is saved on the way beside the doubt: the external id of the purchase, and an id that ShipEngine said to be taken. */
const idRef = 'externalId';
const takenRef = 'takenId';

/** A label that ShipEngine is making is looked for again after so long. */
const processingMs = 10_000;

function nextId(externalId: string, key: string): string {
  return externalIdOf(key, (nthOf(externalId, key) ?? 1) + 1);
}

function isLabelled(shipmentState: string | null): boolean {
  return shipmentState === 'label_purchased' || shipmentState === 'processing';
}

function isGivenBack(label: WireLabel): boolean {
  return label.status === 'voided' || label.voided === true;
}

/** A carrier that broke down may offer the service again in a while; one that does not have it will not. */
function notOffered(service: string, answer: WireRates, names: ServiceNames, redact: Redact): never {
  const [carrier] = names.toTheirs(service).split('/');
  const broken = answer.errors.filter((error) => brokeDown(error) && (!error.carrier_code || error.carrier_code === carrier));
  if (broken.length > 0)
    throw new ConnectorFault('server-error', {
      connector,
      operation: 'label.buy',
      outcome: 'not-applied',
      retry: { kind: 'safely' },
      message: `no price for ${service}: ${redact(wordsOf(broken))}`,
      advice: 'The carrier behind ShipEngine did not answer: it is asked again.',
    });
  const offered = [
    ...new Set(answer.rates.map((rate) => `${rate.carrier_code}/${rate.service_code} in ${rate.shipping_amount.currency}`)),
  ].sort();
  const advice = offered.length === 0 ? 'No carrier offers anything: ask for rates to see why.' : `Offered are ${offered.join(', ')}.`;
  throw say.refused(`no carrier offers ${service} for this parcel`, advice);
}
