import {
  keptAnswers,
  keptPrice,
  keptPriceText,
  purchaseDoubt,
  purchaseFaults,
  type HttpReply,
  type Price,
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
  type LabelDocument,
  type LabelRequest,
  type Reconciled,
} from '@quartermaster/domain';
import { readReply, type DhlClient } from './client.ts';
import { connector, isDone, isUndecided, itemWords, type Redact } from './faults.ts';
import { documentOf, lookUpLabel, printQuery, type Printing } from './label-document.ts';
import { refText, type DhlRef } from './label-ref.ts';
import { paths, purchaseSettlesMs, sendsWithinMs } from './limits.ts';
import type { Sale } from './pricing.ts';
import { referenceOf } from './reference.ts';
import { orderDraftOf, returnDraftOf, shipDateOf, type DraftGiven, type Purchase } from './shipment-draft.ts';
import { wireOrdersSchema, wireReturnSchema, type WireItem } from './wire.ts';

export type PurchaseTools = DraftGiven &
  Printing & {
    readonly client: DhlClient;
    readonly clock: Clock;
    readonly redactorFor: (...addresses: readonly Address[]) => Redact;
    readonly sell: (request: LabelRequest) => Sale;
    /** Refuse a German address that DHL's routing does not know, rather than print a label with a warning. */
    readonly mustEncode: boolean;
  };

const operation = 'shipment.buy';
const say = purchaseFaults(connector, operation);

/**
 * Buys one label per key, whatever goes wrong (facts/carriers.md section 4).
 *
 * DHL keeps no idempotency key and finds no shipment by its reference. So the price by the tariff is checked, what the purchase is and that it is sent are saved, and it is sent once. A purchase that
 * was not answered is waited for until it has surely come to its end; then a person is told under which reference to look for it in DHL's portal, and to delete it there before the day is closed if
 * another was bought. Once the person has said that nothing came of it, it is bought anew. Only one whose number we have is looked up here: the number is saved before anything else of the answer is used; and of an answer that was kept and not read the label is made.
 */
export function labelPurchase(tools: PurchaseTools): Pick<Carrier, 'buy' | 'reconcile'> {
  const { client, clock, redactorFor } = tools;
  const doubt = purchaseDoubt({ clock, settlesMs: purchaseSettlesMs });

  async function buyNew(request: LabelRequest, memo: EffectMemo, redact: Redact): Promise<Label> {
    const sale = tools.sell(request);
    if (sale.kind === 'refused') throw say.refused(sale.message, sale.advice);
    say.checkPrice(sale.price, request.priceLimit);
    const closesOn = shipDateOf(request, clock);
    const { product, price } = sale;
    const { path, body } = callOf({ request, product, price, shipDate: closesOn, reference: referenceOf(request, memo.key), operation });
    const notAfter = instantOf(epochMs(clock.now()) + sendsWithinMs);
    await doubt.sending(memo, {
      [saleRef]: keptPriceText({ total: price, charges: sale.charges }),
      [closesRef]: closesOn,
      [numberRef]: '',
      [earlierRef]: [...numbersIn(memo.refs[earlierRef]), ...numbersIn(memo.refs[numberRef])].join(' '),
    });
    let reply: HttpReply;
    try {
      reply = await client.call({ operation, method: 'POST', path, body, kind: 'once', notAfter, redact });
    } catch (error) {
      if (isFault(error)) await doubt.failed(memo, error);
      throw error;
    }
    return bought(reply, request, memo, redact);
  }

  function callOf(purchase: Purchase): { readonly path: string; readonly body: unknown } {
    const { request } = purchase;
    if (request.delivery.isReturn) {
      if (request.format !== 'pdf') throw say.refused(`DHL makes return labels as PDF, and none as ${request.format}`, 'Ask for PDF.');
      return { path: `${paths.returns}/orders?labelType=SHIPMENT_LABEL`, body: returnDraftOf(purchase, tools) };
    }
    const query = printQuery(request.format, tools, operation);
    return { path: `${paths.shipping}/orders?${query}&mustEncode=${tools.mustEncode}`, body: orderDraftOf(purchase, tools) };
  }

  /** Keeps the raw answer before it is read and the number before the label is made. A refusal stands in the shipment's own status, also in an answer of 200 or 207. */
  async function bought(reply: HttpReply, request: LabelRequest, memo: EffectMemo, redact: Redact): Promise<Label> {
    await memo.saveRaw(reply.text);
    const item = itemOf(reply, request);
    if (item === undefined) throw say.incomplete('shipment');
    if (isUndecided(item)) throw say.incomplete('verdict on the shipment');
    const number = item.shipmentNo ?? '';
    if (!isDone(item) && number === '') {
      await doubt.settled(memo);
      throw say.refused(redact(itemWords(item)), 'Correct what DHL names, or choose another service.');
    }
    if (!isDone(item) || number === '') throw say.incomplete('shipment that is made for sure');
    await memo.saveRefs({ [numberRef]: number });
    const ref = refOfPurchase(number, request, memo.refs);
    const document = documentOf(item.label, request.format) ?? (await fetched(ref, request, memo, redact));
    return labelOf(request, ref, document, memo.refs);
  }

  function itemOf(reply: HttpReply, request: LabelRequest): WireItem | undefined {
    if (request.delivery.isReturn) return readReply(wireReturnSchema, reply, operation, 'unknown');
    return readReply(wireOrdersSchema, reply, operation, 'unknown').items[0];
  }

  /** The label of a shipment that was answered without it. What goes wrong here leaves a bought label: `reconcile` gets it. */
  async function fetched(ref: DhlRef, request: LabelRequest, memo: EffectMemo, redact: Redact): Promise<LabelDocument> {
    if (ref.kind === 'return') throw say.incomplete('label');
    const seen = await orStillBought(() => lookUpLabel(client, ref.number, { ...tools, format: request.format, redact }));
    if (seen.kind === 'not-there') throw say.incomplete('label');
    await memo.saveRaw(seen.raw);
    return seen.document;
  }

  function refOfPurchase(number: string, request: LabelRequest, refs: EffectRefs): DhlRef {
    if (request.delivery.isReturn) return { kind: 'return', number };
    return { kind: 'shipment', number, closesOn: refs[closesRef] || shipDateOf(request, clock) };
  }

  function labelOf(request: LabelRequest, ref: DhlRef, document: LabelDocument, refs: EffectRefs): Label {
    const { total: price, charges } = keptPrice(refs[saleRef]) ?? sold(request);
    return {
      ref: refText(ref),
      carrier: 'DHL Parcel DE',
      service: request.service,
      trackingNumber: ref.number,
      trackingUrl: `https://www.dhl.de/de/privatkunden/pakete-empfangen/verfolgen.html?piececode=${encodeURIComponent(ref.number)}`,
      price,
      charges: [...charges],
      boughtAt: clock.now(),
      document,
    };
  }

  /** Of a purchase whose price was not kept, which no version of ours leaves. */
  function sold(request: LabelRequest): Price {
    const sale = tools.sell(request);
    if (sale.kind === 'refused') throw say.incomplete('price');
    return { total: sale.price, charges: sale.charges };
  }

  /** The label of an answer that was kept, and not read because the process died; null where there is none of this purchase. */
  async function kept(request: LabelRequest, refs: EffectRefs, memo: EffectMemo): Promise<Label | null> {
    const earlier = numbersIn(refs[earlierRef]);
    const items = request.delivery.isReturn
      ? await keptAnswers(memo, wireReturnSchema)
      : (await keptAnswers(memo, wireOrdersSchema)).flatMap((answer) => answer.items.slice(0, 1));
    for (const item of items) {
      const number = item.shipmentNo ?? '';
      const document = documentOf(item.label, request.format);
      if (!isDone(item) || number === '' || document === null || earlier.includes(number)) continue;
      await memo.saveRefs({ [numberRef]: number });
      return labelOf(request, refOfPurchase(number, request, refs), document, refs);
    }
    return null;
  }

  async function reconcile(request: LabelRequest, refs: EffectRefs, memo: EffectMemo): Promise<Reconciled<Label>> {
    if (doubt.sentAt(refs) === null) return { kind: 'absent' };
    const number = refs[numberRef] ?? '';
    if (number !== '' && !request.delivery.isReturn) return byNumber(number, request, refs, memo);
    const answered = await kept(request, refs, memo);
    if (answered !== null) return { kind: 'found', result: answered };
    if (number !== '') return byNumber(number, request, refs, memo);
    const waitMs = await doubt.settlesInMs(refs, memo);
    if (waitMs > 0) return { kind: 'pending', afterMs: waitMs };
    return { kind: 'cannot-tell', check: unansweredCheck(request, refs, memo.key) };
  }

  async function byNumber(number: string, request: LabelRequest, refs: EffectRefs, memo: EffectMemo): Promise<Reconciled<Label>> {
    const ref = refOfPurchase(number, request, refs);
    if (ref.kind === 'return')
      return {
        kind: 'cannot-tell',
        check: `The return label ${number} is made, and DHL gives it only once: print it from the returns overview of the business customer portal, or let it be, as one that is not used costs nothing.`,
      };
    const redact = redactorFor(request.shipFrom, request.shipTo);
    const seen = await lookUpLabel(client, number, { ...tools, format: request.format, redact });
    if (seen.kind === 'found') {
      await memo.saveRaw(seen.raw);
      return { kind: 'found', result: labelOf(request, ref, seen.document, refs) };
    }
    return {
      kind: 'cannot-tell',
      check: `DHL answered the purchase with shipment ${number} and does not give its label now (${seen.reason}) It may be closed for the day, or deleted: look it up in the shipment list of ${ref.closesOn} in the business customer portal. DHL's answer to the purchase is kept and has the label.`,
    };
  }

  return {
    reconcile,

    async buy(request, memo) {
      if (doubt.sentAt(memo.refs) === null) return buyNew(request, memo, redactorFor(request.shipFrom, request.shipTo));
      return say.foundOr(await reconcile(request, memo.refs, memo), () =>
        buyNew(request, memo, redactorFor(request.shipFrom, request.shipTo)),
      );
    },
  };
}

/** What is saved on the way: price and its parts, the day on which DHL closes the shipment at the latest, the number that DHL answered with, and those of earlier purchases. */
const saleRef = 'sale';
const closesRef = 'closesOn';
const numberRef = 'shipmentNumber';
const earlierRef = 'earlierShipmentNumbers';

/** Earlier purchases of the key that were answered: a person has seen to those, and their answers are not of this one. */
function numbersIn(text: string | undefined): string[] {
  return (text ?? '').split(' ').filter((number) => number !== '');
}

function unansweredCheck(request: LabelRequest, refs: EffectRefs, key: string): string {
  const reference = referenceOf(request, key);
  const list = request.delivery.isReturn ? 'the returns overview' : `the shipment list of ${refs[closesRef] || 'that day'}`;
  return `DHL did not answer the purchase with reference ${reference}, and cannot be asked for it. Look for that reference in ${list} of the business customer portal: if it is there, print it from there or delete it before the day is closed and buy again; if it is not, nothing was bought.`;
}

/** The shipment is bought, whatever becomes of asking for its label: nothing may be bought in its place. */
async function orStillBought<Result>(ask: () => Promise<Result>): Promise<Result> {
  try {
    return await ask();
  } catch (error) {
    if (!isFault(error)) throw error;
    throw new ConnectorFault(error.code, {
      ...error.facts,
      outcome: 'unknown',
      retry: { kind: 'safely' },
      advice: 'The label is bought; its document is fetched again.',
    });
  }
}
