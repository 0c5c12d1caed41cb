import { createHash } from 'node:crypto';
import { daysBetween, plainDelivery, type Address, type Carrier, type Instant, type Rate } from '@quartermaster/domain';
import type { ReadTransaction } from '@quartermaster/journal';
import { askWithin } from '../ask-within.ts';
import { calendarDays, dispatchDateOf, type NodeSettings, type ServiceOfCarrier } from '../calendars.ts';
import type { FlowContext } from '../context.ts';
import { findCase } from '../order-cases.ts';
import { personOf } from '../intake/people.ts';
import type { CarrierSettings, FlowSettings } from '../settings.ts';
import { laneQuotesSchema, quoteKey, quoteKind, quoteState, type LaneQuotes, type Quote, type QuotedLane } from './quote-record.ts';
import { heldQuotes, quotesOf, type Quotes } from './quoted-prices.ts';
import { questionsFor, type Question, type QuestionsGiven } from './questions.ts';

/**
 * The prices that the carriers quote for these orders: those that are kept and still hold, and the answers to what had to be asked. What a carrier does not answer in time, or is not asked because
 * there is too much to ask, stands by its tariff: a wave never waits longer than `quotes.withinSeconds` of its slowest carrier.
 */
export async function freshQuotes(
  context: FlowContext,
  given: Omit<QuestionsGiven, 'settings'> & { readonly at: Instant },
): Promise<Quotes> {
  const { settings } = context;
  const asked = await Promise.all(settings.carriers.map((carrier) => freshOf(context, carrier, { ...given, settings })));
  return quotesOf(new Map(asked.flat().map(({ lane, quotes }) => [quoteKey(lane), quotes])));
}

/** The quotes for one way that hold now; for the price that a label may have. */
export async function keptQuotes(
  tx: Pick<ReadTransaction, 'records'>,
  {
    settings,
    carrier,
    lane,
    at,
  }: { readonly settings: FlowSettings; readonly carrier: CarrierSettings; readonly lane: QuotedLane; readonly at: Instant },
): Promise<readonly Quote[]> {
  const node = settings.nodes.find(({ id }) => id === lane.node);
  if (carrier.quotes === undefined || node === undefined) return [];
  const kept = await tx.records.get(quoteKind, quoteKey(lane), laneQuotesSchema);
  return heldQuotes(kept?.body, wantedOf(settings, carrier, node, at));
}

type LaneWithQuotes = { readonly lane: QuotedLane; readonly quotes: readonly Quote[] };

async function freshOf(
  context: FlowContext,
  carrier: CarrierSettings,
  given: QuestionsGiven & { readonly at: Instant },
): Promise<LaneWithQuotes[]> {
  const port = context.carriers.get(carrier.connection);
  if (carrier.quotes === undefined || port === undefined) return [];
  const lanes = Map.groupBy(questionsFor(carrier, given), quoteKey);
  const known = await context.journal.read(async (tx) => {
    const found: (LaneWithQuotes & { readonly missing: readonly Question[] })[] = [];
    for (const questions of lanes.values()) {
      const [lane] = questions;
      if (lane === undefined) continue;
      const quotes = await keptQuotes(tx, { settings: given.settings, carrier, lane, at: given.at });
      found.push({ lane, quotes, missing: questions.filter(({ grams }) => !quotes.some((quote) => quote.grams === grams)) });
    }
    return found;
  });
  const missing = known.flatMap((lane) => lane.missing).sort((a, b) => b.orders - a.orders);
  if (missing.length === 0) return known;
  const answers = await askAll(context, { carrier, port, questions: missing.slice(0, carrier.quotes.mostAsked), at: given.at });
  const all = known.map(({ lane, quotes }) => ({
    lane,
    quotes: [...quotes, ...(answers.get(quoteKey(lane)) ?? [])].sort((a, b) => a.grams - b.grams),
  }));
  await keep(
    context,
    all.filter(({ lane }) => answers.has(quoteKey(lane))),
    { carrier, at: given.at },
  );
  return all;
}

type Asking = { readonly carrier: CarrierSettings; readonly port: Carrier; readonly at: Instant };

async function askAll(context: FlowContext, given: Asking & { readonly questions: readonly Question[] }): Promise<Map<string, Quote[]>> {
  const { carrier, questions } = given;
  const { connection, quotes: policy } = carrier;
  const answers = new Map<string, Quote[]>();
  if (policy === undefined) return answers;
  const bounds = { connection, withinSeconds: policy.withinSeconds, atOnce: carrier.mostAtOnce };
  const asked = await askWithin(context, bounds, questions, async (question, signal) => {
    const quote = await ask(context, question, given, signal);
    if (quote !== null) answers.set(quoteKey(question), [...(answers.get(quoteKey(question)) ?? []), quote]);
  });
  if (!asked) return answers;
  const answered = [...answers.values()].reduce((sum, quotes) => sum + quotes.length, 0);
  context.log({ at: context.clock.now(), event: 'quotes.asked', connection, asked: questions.length, answered });
  return answers;
}

/** What the carrier says to one question; null where there is nobody to ask for. */
async function ask(context: FlowContext, question: Question, { carrier, port, at }: Asking, signal: AbortSignal): Promise<Quote | null> {
  const { settings, clock } = context;
  const node = settings.nodes.find(({ id }) => id === question.node);
  const shipTo = await context.journal.read((tx) => exampleAddress(tx, question.example));
  if (node === undefined || shipTo === null) return null;
  const shipAt = clock.now();
  const { rates } = await port.rates(
    {
      shipFrom: node.address,
      shipTo,
      parcel: { number: 1, grams: question.grams, millimetres: null, items: [] },
      shipAt,
      currency: settings.currency,
      delivery: plainDelivery,
    },
    signal,
  );
  const usable = rates.flatMap((rate) => {
    const ours = carrier.tariff.services.find(({ carrierService }) => carrierService === rate.service);
    return ours === undefined || rate.total.currency !== settings.currency ? [] : [{ rate, way: { carrier, service: ours.id } }];
  });
  return {
    grams: question.grams,
    askedAt: shipAt,
    expiresAt: usable.flatMap(({ rate }) => rate.expiresAt ?? []).sort()[0] ?? null,
    rates: usable.map(({ rate, way }) => ({
      service: rate.service,
      minor: rate.total.minor,
      transitDays: daysOf(rate, way, { leaves: dispatchDateOf(node, way, at), settings }),
    })),
  };
}

/**
 * Where an order of the zone goes, without saying who lives there: prices follow from postal code, town and country, and a carrier that will not get the parcel need not know more. The street is
 * there because some carriers rate no address without one.
 */
async function exampleAddress(tx: ReadTransaction, key: string): Promise<Address | null> {
  const found = await findCase(tx, key);
  const shipTo = found === null ? null : ((await personOf(tx, found.case.order))?.shipTo ?? null);
  if (shipTo === null) return null;
  return { ...shipTo, name: 'Recipient', company: null, lines: ['1 Main Street'], phone: null, email: null };
}

/**
 * Days of the calendar from leaving on: those within which as many parcels arrive as the policy wants to be sure of, where the carrier knows that; else its own estimate. It counts in business days, by its own
 * calendar, where the config has one.
 */
function daysOf(
  { arrival }: Rate,
  { carrier, service }: ServiceOfCarrier,
  { leaves, settings }: { readonly leaves: string; readonly settings: FlowSettings },
): number | null {
  const { percentiles, transitDays, day } = arrival;
  const counted = percentiles === null ? transitDays : percentiles[settings.sourcing.confidence];
  if (counted !== null) return calendarDays({ carrier, service }, leaves, counted);
  return day === null ? null : Math.max(0, daysBetween(leaves, day));
}

async function keep(
  context: FlowContext,
  lanes: readonly LaneWithQuotes[],
  { carrier, at }: { readonly carrier: CarrierSettings; readonly at: Instant },
): Promise<void> {
  const { settings } = context;
  for (let from = 0; from < lanes.length; from += keptTogether)
    await context.journal.transaction(async (tx) => {
      for (const { lane, quotes } of lanes.slice(from, from + keptTogether)) {
        const node = settings.nodes.find(({ id }) => id === lane.node);
        if (node === undefined) continue;
        const { dispatchDate, asking } = wantedOf(settings, carrier, node, at);
        const body: LaneQuotes = { dispatchDate, asking, quotes: [...quotes] };
        const before = await tx.records.get(quoteKind, quoteKey(lane), laneQuotesSchema);
        await tx.records.put(quoteKind, quoteKey(lane), {
          state: quoteState,
          body,
          at: context.clock.now(),
          version: before?.version ?? 0,
        });
      }
    });
}

function wantedOf(settings: FlowSettings, carrier: CarrierSettings, node: NodeSettings, at: Instant) {
  const asked = [
    settings.currency,
    node.address,
    carrier.quotes?.upToGrams,
    carrier.tariff.services.map(({ id, carrierService }) => [carrierService, dispatchDateOf(node, { carrier, service: id }, at)]),
    settings.sourcing.confidence,
  ];
  const asking = createHash('sha256').update(JSON.stringify(asked)).digest('base64url').slice(0, 22);
  return { dispatchDate: dispatchDateOf(node, null, at), asking, at };
}

const keptTogether = 200;
