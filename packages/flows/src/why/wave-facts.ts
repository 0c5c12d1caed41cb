import {
  channelOrderSchema,
  instantSchema,
  kitComponentSchema,
  localDate,
  type Instant,
  type KitComponent,
  type NodeId,
  type Sku,
} from '@quartermaster/domain';
import { counts, isLive, orderOverrideSchema, shipmentLineSchema, type OrderCase } from '@quartermaster/fulfilment';
import type { ReadTransaction, Transaction } from '@quartermaster/journal';
import { z } from 'zod';
import { quotedLaneSchema, quoteKey, quoteSchema, type QuotedLane } from '../quotes/quote-record.ts';
import { quotesOf, type Quotes } from '../quotes/quoted-prices.ts';
import { flowSettingsSchema } from '../settings.ts';
import { comparedSince, waveDecision } from '../waves/baseline.ts';
import { inParts, noRecipes } from '../waves/kit-parts.ts';
import type { ProblemInput, UnitsAt } from '../waves/sourcing-problem.ts';
import { poolSaleSchema } from '../waves/pool-reservations.ts';
import { outageSchema } from '../resourcing/outages.ts';
import { zoneId } from '../zone-id.ts';
import { sha256 } from './kept-decision.ts';

/** What a wave read, before any policy made a problem of it: enough to decide it anew under another policy without asking anybody. Holds no personal data. */
export type WaveFacts = Omit<ProblemInput, 'name'> & {
  readonly slot: Instant;
  readonly quotes: Quotes;
  /** Shipments of earlier waves that still stood, of the last two days. */
  readonly sent: readonly SentShipment[];
  /** What persons had decided of the orders. */
  readonly overrides: readonly Pick<OrderCase, 'key' | 'overrides'>[];
};

/** A shipment as far as stock and labor go. `slot` is that of the wave that planned it. */
export type SentShipment = {
  readonly order: string;
  readonly node: NodeId;
  readonly lines: readonly { readonly lineId: string; readonly sku: Sku; readonly units: number }[];
  readonly dispatchDate: string;
  readonly slot: Instant;
};

const factsKind = 'wave-facts';
const settingsKind = 'settings';
const factsId = (slot: Instant): string => `${factsKind}:${slot}`;

/** Shipments of the last two days that still stand. Those of a plan that was not committed are not among them. */
export function sentBefore(cases: readonly OrderCase[], slot: Instant): SentShipment[] {
  const since = waveDecision(comparedSince(slot));
  const prefix = waveDecision('');
  return cases.flatMap(({ key, shipments }) =>
    shipments
      .filter((shipment) => isLive(shipment) && shipment.plannedBy >= since)
      .map(({ node, lines, dispatchDate, plannedBy }) => ({ order: key, node, lines, dispatchDate, slot: plannedBy.slice(prefix.length) })),
  );
}

/** What persons have decided of orders, as far as it counts at this moment. */
export function overridesBy(cases: readonly OrderCase[], at: Instant): WaveFacts['overrides'] {
  return cases.flatMap(({ key, overrides }) => {
    const counting = overrides.filter((each) => counts(each, at));
    return counting.length === 0 ? [] : [{ key, overrides: counting }];
  });
}

/** Keeps what a wave read, beside its decision; the settings once for all waves that have the same. */
export async function keepFacts(tx: Transaction, facts: WaveFacts): Promise<void> {
  const settings = JSON.stringify(facts.settings);
  const hash = sha256(settings);
  if ((await tx.records.get(settingsKind, hash, z.unknown())) === null)
    await tx.records.put(settingsKind, hash, { state: 'kept', body: facts.settings, at: facts.at, version: 0 });
  const inputs = storedOf(facts, hash);
  const inputsHash = sha256(JSON.stringify(inputs));
  await tx.decisions.save({ id: factsId(facts.slot), kind: factsKind, at: facts.at, inputsHash, inputs, outcome: {} });
}

/** What the waves of a local day read, earliest first. `zone` is that of the settings. */
export async function factsOfDay(tx: ReadTransaction, day: string): Promise<WaveFacts[]> {
  const found: WaveFacts[] = [];
  // Ids and not contents: a day is some waves, and what lies between today and it may be many.
  for (const id of await factsIds(tx, day)) {
    const decision = await tx.decisions.get(id);
    if (decision === null) continue;
    const facts = await readFacts(tx, decision.inputs);
    if (localDate(facts.slot, facts.settings.zone) === day) found.push(facts);
  }
  return found.sort((a, b) => (a.slot < b.slot ? -1 : 1));
}

/** The local day of the newest wave, null before the first. */
export async function lastDay(tx: ReadTransaction): Promise<string | null> {
  const decision = await tx.decisions.latest(factsKind);
  if (decision === null) return null;
  const { slot, settings } = await readFacts(tx, decision.inputs);
  return localDate(slot, settings.zone);
}

/** Slots of the day in any zone of the earth, by their ids. */
async function factsIds(tx: ReadTransaction, day: string): Promise<string[]> {
  const noon = Date.parse(`${day}T12:00:00Z`);
  const from = factsId(new Date(noon - 36 * 3_600_000).toISOString());
  const to = factsId(new Date(noon + 36 * 3_600_000).toISOString());
  const before = new Date(noon + 96 * 3_600_000).toISOString();
  const kept = await tx.decisions.list({ kind: factsKind, before, limit: mostWaves });
  return kept.map(({ id }) => id).filter((id) => id >= from && id <= to);
}

/** More than any business has in four days. */
const mostWaves = 1_000;

type Stored = z.infer<typeof storedSchema>;

function storedOf(facts: WaveFacts, settings: string): Stored {
  const { slot, at, demands, available, minutesTaken, product, sent, overrides, outages = [], sold = [], recipes = noRecipes } = facts;
  const wanted = [...demands.flatMap(({ open }) => open), ...sent.flatMap(({ lines }) => lines)];
  const skus = new Set([...wanted, ...inParts(wanted, recipes)].map(({ sku }) => sku));
  const kits = [...recipes].filter(([kit]) => skus.has(kit));
  return {
    slot,
    at,
    settings,
    demands: demands.map(({ barred, ...each }) => ({
      ...each,
      open: [...each.open],
      ...(barred === undefined ? {} : { barred: Object.fromEntries(Object.entries(barred).map(([line, nodes]) => [line, [...nodes]])) }),
    })),
    outages: [...outages],
    sold: [...sold],
    ...(kits.length === 0 ? {} : { recipes: kits.map(([kit, parts]): [string, KitComponent[]] => [kit, [...parts]]) }),
    available: entriesOf(available),
    minutesTaken: entriesOf(minutesTaken),
    products: [...skus].sort().flatMap((sku) => {
      const known = product(sku);
      return known === undefined
        ? []
        : [{ ...known, kit: known.kit === null ? null : [...known.kit], millimetres: sidesOf(known.millimetres) }];
    }),
    quotes: lanesOf(facts).flatMap((lane) => {
      const quotes = facts.quotes.of(lane);
      return quotes.length === 0 ? [] : [{ lane, quotes: quotes.map((quote) => ({ ...quote, rates: [...quote.rates] })) }];
    }),
    sent: sent.map((each) => ({ ...each, lines: [...each.lines] })),
    overrides: overrides.map((each) => ({ ...each })),
  };
}

async function readFacts(tx: ReadTransaction, inputs: unknown): Promise<WaveFacts> {
  const { products, quotes, available, minutesTaken, settings: hash, recipes, ...facts } = storedSchema.parse(inputs);
  const settings = await tx.records.get(settingsKind, hash, flowSettingsSchema);
  if (settings === null) throw new RangeError(`the journal has not the settings ${hash} of the wave of ${facts.slot}`);
  const bySku = new Map(products.map((product) => [product.sku, product]));
  return {
    ...facts,
    settings: settings.body,
    available: mapOf(available),
    minutesTaken: mapOf(minutesTaken),
    product: (sku) => bySku.get(sku),
    ...(recipes === undefined ? {} : { recipes: new Map(recipes) }),
    quotes: quotesOf(new Map(quotes.map(({ lane, quotes: kept }) => [quoteKey(lane), kept]))),
  };
}

function lanesOf({ demands, settings }: WaveFacts): QuotedLane[] {
  const zones = [...new Set(demands.map(({ order }) => zoneId(order.destination)))].sort();
  return settings.carriers.flatMap(({ connection }) =>
    settings.nodes.flatMap(({ id }) => zones.map((zone) => ({ carrier: connection, node: id, zone }))),
  );
}

function sidesOf(sides: readonly [number, number, number] | null): [number, number, number] | null {
  return sides === null ? null : [...sides];
}

function entriesOf(units: UnitsAt): [string, [string, number][]][] {
  return [...units].map(([key, values]) => [key, [...values]]);
}

function mapOf(entries: Stored['available']): Map<string, Map<string, number>> {
  return new Map(entries.map(([key, values]) => [key, new Map(values)]));
}

const unitsSchema = z.array(z.tuple([z.string(), z.array(z.tuple([z.string(), z.number()]))]));

const productSchema = z.object({
  sku: z.string(),
  ref: z.string(),
  name: z.string(),
  storable: z.boolean(),
  kit: z.array(kitComponentSchema).nullable(),
  grams: z.number(),
  millilitres: z.number(),
  millimetres: z.tuple([z.number(), z.number(), z.number()]).nullable(),
});

const storedSchema = z.object({
  slot: instantSchema,
  at: instantSchema,
  /** Hash of the settings, which stand in a record of their own. */
  settings: z.string(),
  demands: z.array(
    z.object({
      key: z.string(),
      channel: z.string(),
      order: channelOrderSchema,
      open: z.array(shipmentLineSchema),
      barred: z.record(z.string(), z.array(z.string())).optional(),
    }),
  ),
  outages: z.array(outageSchema).default([]),
  sold: z.array(poolSaleSchema).default([]),
  recipes: z.array(z.tuple([z.string(), z.array(kitComponentSchema)])).optional(),
  available: unitsSchema,
  minutesTaken: unitsSchema,
  products: z.array(productSchema),
  quotes: z.array(z.object({ lane: quotedLaneSchema, quotes: z.array(quoteSchema) })),
  sent: z.array(
    z.object({ order: z.string(), node: z.string(), lines: z.array(shipmentLineSchema), dispatchDate: z.string(), slot: instantSchema }),
  ),
  overrides: z.array(z.object({ key: z.string(), overrides: z.array(orderOverrideSchema) })),
});
