import { beforeTheEffect, fingerprint, purchaseDoubt, purchaseFaults, type HttpReply } from '@quartermaster/connector-kit';
import {
  ConnectorFault,
  epochMs,
  isFault,
  type Carrier,
  type Clock,
  type EffectMemo,
  type EffectRefs,
  type FoundLabel,
  type Instant,
  type Label,
  type LabelRequest,
} from '@quartermaster/domain';
import { readTransaction, readTransactions, type ShippoClient } from './client.ts';
import { obstacleOf, type Shipping } from './draft.ts';
import { connector, type Redact } from './faults.ts';
import { carrierRestMs, labelBeingMade, metadataLength, purchaseSettlesMs } from './limits.ts';
import { chooseRate, fileTypes, labelOf, priceOf, sentenceOf, stateOfPurchase, type PurchaseState } from './translate.ts';
import type { WireRate, WireShipment, WireTransaction } from './wire.ts';

export type PurchaseTools = {
  readonly client: ShippoClient;
  readonly clock: Clock;
  readonly currency: string;
  /** Makes and rates a shipment. */
  readonly rate: (request: Shipping, redact: Redact) => Promise<WireShipment>;
  readonly redactorOf: (request: Shipping | null) => Redact;
};

/** A purchase as Shippo lists it at a rate; `reply` is the answer that says so. */
type Listed = { readonly transaction: WireTransaction; readonly rateId: string; readonly reply: HttpReply };

/** What stands at the rates that a key was bought at. `failed`: the latest purchase came to nothing, by Shippo's own word. */
type Standing =
  | { readonly kind: 'none' | 'failed' }
  | ({ readonly kind: 'making' | 'bought' | 'given-back' } & Listed)
  | { readonly kind: 'several'; readonly transactions: readonly WireTransaction[] };

const operation = 'transaction.make';
const say = purchaseFaults(connector, operation);

/**
 * Buys one label per key, whatever goes wrong (facts/carriers.md section 4).
 *
 * Shippo keeps no idempotency key for labels. A label is bought at a rate, which is free and belongs to this one purchase: its id is saved together with the moment of sending, and then the purchase
 * is sent once. What is in doubt is looked up by the rate, where Shippo lists every purchase: a label is adopted, and a rate without one is pending as long as a purchase may still come true, and then
 * absent. What a second purchase at one rate does is not documented, so there is none: every purchase has a rate of its own, and those that were only given up for lost are looked at for good.
 */
export function labelPurchase(
  tools: PurchaseTools,
): Pick<Carrier, 'buy' | 'reconcile'> & { readonly labelsSince: (since: Instant) => AsyncIterable<FoundLabel> } {
  const { client, clock, currency, redactorOf } = tools;
  const doubt = purchaseDoubt({ clock, settlesMs: purchaseSettlesMs });

  async function buyNew(request: LabelRequest, memo: EffectMemo, redact: Redact): Promise<Label> {
    const rate = await beforeTheEffect(() => rateFor(request, redact));
    await doubt.sending(memo, { [rateRef]: rate.object_id, [doubtedRef]: doubtedOf(memo.refs).join(' ') });
    let reply: HttpReply;
    try {
      reply = await client.buy(
        { rate: rate.object_id, label_file_type: fileTypes[request.format], metadata: metadataOf(memo.key), async: false },
        redact,
      );
    } catch (error) {
      if (isFault(error)) await doubt.failed(memo, error);
      throw error;
    }
    await memo.saveRaw(reply.text);
    const transaction = readTransaction(reply);
    switch (stateOfPurchase(transaction)) {
      case 'bought':
        return labelAt(transaction, rate, request);
      case 'given-back':
        throw say.givenBack();
      case 'failed':
        await doubt.settled(memo);
        throw failure(transaction, redact);
      case 'making':
        await doubt.unanswered(memo);
        throw say.stillUnderWay('the label is being made', labelBeingMade.restMs);
    }
  }

  /** A rate of the service for this purchase, within the price limit. Throws `refused` where there is none. */
  async function rateFor(request: LabelRequest, redact: Redact): Promise<WireRate> {
    const obstacle = obstacleOf(request);
    if (obstacle !== null) throw say.refused(obstacle, 'Ask for what the carrier can do.');
    const shipment = await tools.rate(request, redact);
    const rate = chooseRate(shipment.rates, request.service, currency);
    if (rate === null) throw notOffered(request.service, shipment);
    say.checkPrice(priceOf(rate), request.priceLimit);
    return rate;
  }

  /** What Shippo lists at the rates of a key. Of several labels none is taken: a person gives back those that are too many. */
  async function standingOf(refs: EffectRefs, key: string, redact: Redact): Promise<Standing> {
    const seen: Listed[] = [];
    for (const rateId of rateIdsOf(refs)) {
      const reply = await client.transactionsOfRate(rateId, redact);
      // Should the filter ever be ignored, other labels must not be taken for this one.
      const ours = readTransactions(reply).filter(({ rate, metadata }) => (rate ? rate === rateId : metadata === metadataOf(key)));
      seen.push(...ours.map((transaction) => ({ transaction, rateId, reply })));
    }
    const those = (state: PurchaseState) => seen.filter(({ transaction }) => stateOfPurchase(transaction) === state);
    const [bought, another] = those('bought');
    if (bought !== undefined && another !== undefined)
      return { kind: 'several', transactions: those('bought').map(({ transaction }) => transaction) };
    if (bought !== undefined) return { kind: 'bought', ...bought };
    const [making] = those('making');
    if (making !== undefined) return { kind: 'making', ...making };
    const [back] = those('given-back');
    if (back !== undefined) return { kind: 'given-back', ...back };
    return { kind: those('failed').some(({ rateId }) => rateId === refs[rateRef]) ? 'failed' : 'none' };
  }

  async function adopt({ transaction, rateId, reply }: Listed, request: LabelRequest, memo: EffectMemo, redact: Redact): Promise<Label> {
    await memo.saveRaw(reply.text);
    return labelAt(transaction, await client.rate(rateId, redact), request);
  }

  function labelAt(transaction: WireTransaction, rate: WireRate, request: LabelRequest): Label {
    const label = labelOf(transaction, rate, { format: request.format, now: clock.now() });
    if (label === null) throw say.incomplete('tracking number or document');
    return label;
  }

  function waitsTooLong({ object_created: madeAt }: WireTransaction): boolean {
    return madeAt ? epochMs(clock.now()) - epochMs(madeAt) > labelBeingMade.patienceMs : false;
  }

  return {
    async buy(request, memo) {
      const redact = redactorOf(request);
      if (memo.refs[rateRef] === undefined) return buyNew(request, memo, redact);
      const waitMs = await doubt.settlesInMs(memo.refs, memo);
      const standing = await standingOf(memo.refs, memo.key, redact);
      switch (standing.kind) {
        case 'bought':
          return adopt(standing, request, memo, redact);
        case 'given-back':
          throw say.givenBack();
        case 'several':
          throw say.notClearedUp(severalCheck(standing.transactions));
        case 'making':
          throw say.stillUnderWay('the label is being made', labelBeingMade.restMs);
        case 'failed':
          await doubt.settled(memo);
          return buyNew(request, memo, redact);
        case 'none':
          if (waitMs > 0) throw say.stillUnderWay('an earlier purchase may be under way', waitMs);
          return buyNew(request, memo, redact);
      }
    },

    async reconcile(request, refs, memo) {
      const redact = redactorOf(request);
      if (refs[rateRef] === undefined) return { kind: 'absent' };
      const waitMs = await doubt.settlesInMs(refs, memo);
      const standing = await standingOf(refs, memo.key, redact);
      switch (standing.kind) {
        case 'bought':
          if (!standing.transaction.tracking_number || !standing.transaction.label_url)
            return {
              kind: 'cannot-tell',
              check: `${nameOf(standing.transaction)} is bought and has no tracking number or no document: look at it there.`,
            };
          return { kind: 'found', result: await adopt(standing, request, memo, redact) };
        case 'given-back':
          return {
            kind: 'cannot-tell',
            check: `${nameOf(standing.transaction)} was a label, and its money was asked back: see there whether it is used.`,
          };
        case 'several':
          return { kind: 'cannot-tell', check: severalCheck(standing.transactions) };
        case 'making':
          if (waitsTooLong(standing.transaction))
            return {
              kind: 'cannot-tell',
              check: `${nameOf(standing.transaction)} is still ${standing.transaction.status} after a day: ask Shippo what became of it.`,
            };
          return { kind: 'pending', afterMs: labelBeingMade.restMs };
        case 'failed':
          await doubt.settled(memo);
          return { kind: 'absent' };
        case 'none':
          return waitMs > 0 ? { kind: 'pending', afterMs: waitMs } : { kind: 'absent' };
      }
    },

    async *labelsSince(since) {
      const redact = redactorOf(null);
      for (let page = 1; ; page++) {
        const { items, isLast } = await client.transactions(page, redact);
        for (const transaction of items) {
          const { metadata: key, rate: rateId, object_created: madeAt } = transaction;
          if (!key || isNameOfKey(key) || !rateId || stateOfPurchase(transaction) !== 'bought' || (madeAt ?? since) < since) continue;
          const label = labelOf(transaction, await client.rate(rateId, redact), { format: 'pdf', now: clock.now() });
          if (label !== null) yield { key, refs: { [rateRef]: rateId }, label };
        }
        const isOlder = items.every(({ object_created: madeAt }) => (madeAt ?? since) < since);
        if (isLast || isOlder) return;
      }
    },
  };

  /** Rates whose purchases were never answered and given up for lost: that of the purchase before is one where nothing but time has settled it. */
  function doubtedOf(refs: EffectRefs): string[] {
    const before = doubt.sentAt(refs) === null ? undefined : refs[rateRef];
    return [...(refs[doubtedRef] ?? '').split(' '), before ?? ''].filter((id) => id !== '');
  }
}

/** What is saved on the way: the rate of the purchase, and those of earlier ones that were given up for lost. */
const rateRef = 'rateId';
const doubtedRef = 'doubtedRateIds';

function rateIdsOf(refs: EffectRefs): string[] {
  return [...new Set([refs[rateRef] ?? '', ...(refs[doubtedRef] ?? '').split(' ')])].filter((id) => id !== '');
}

/** What is written on a transaction: the key, or a name made of it where it is too long. */
export function metadataOf(key: string): string {
  return key.length <= metadataLength && !isNameOfKey(key) ? key : `qm-${fingerprint(key)}`;
}

function isNameOfKey(metadata: string): boolean {
  return /^qm-[0-9a-f]{64}$/.test(metadata);
}

/** Shippo's words for a purchase that came to nothing. A carrier that did not answer may do so in a while. */
function failure({ messages }: WireTransaction, redact: Redact): ConnectorFault {
  const words = redact(messages.map(sentenceOf).join('; ')).slice(0, 300) || 'no reason given';
  if (!messages.some(({ code }) => code === 'carrier_timeout'))
    return say.refused(words, 'Correct the address or the parcel, or choose another service.');
  return new ConnectorFault('timeout', {
    connector,
    operation,
    outcome: 'not-applied',
    retry: { kind: 'after', ms: carrierRestMs },
    message: words,
    advice: 'The carrier behind Shippo did not answer and nothing was bought: it is asked again.',
  });
}

function notOffered(service: string, { rates }: WireShipment): ConnectorFault {
  const offered = [...new Set(rates.map((rate) => `${rate.servicelevel.token} in ${rate.currency}`))].sort();
  const advice = offered.length === 0 ? 'No carrier offers anything: ask for rates to see why.' : `Offered are ${offered.join(', ')}.`;
  return say.refused(`no carrier offers ${service} for this parcel`, advice);
}

function severalCheck(transactions: readonly WireTransaction[]): string {
  const ids = transactions.map(({ object_id }) => object_id).join(', ');
  return `Several labels were bought for this parcel at Shippo, transactions ${ids}: refund all but one there.`;
}

function nameOf({ object_id: id }: WireTransaction): string {
  return `Transaction ${id} at Shippo`;
}
