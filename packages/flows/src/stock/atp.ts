import { isFault, type ConnectionId, type Instant, type NodeId, type Sku, type StockPosition } from '@quartermaster/domain';
import {
  componentsOf,
  daysOfCover,
  promisableOn,
  timePhased,
  waterfall,
  type PromisableFrom,
  type TrustedSupply,
  type WaterfallStep,
} from '@quartermaster/inventory';
import { openLines, type OrderCase } from '@quartermaster/fulfilment';
import type { LookContext } from '../drift/look.ts';
import { activeStates, listCases } from '../order-cases.ts';
import { lessDoubts, stockDoubts } from '../resourcing/stock-doubt.ts';
import { knownLevels } from './known-levels.ts';
import { factsOf } from './read-facts.ts';
import { readErpStock, uncertainUnits, withCounts } from './read-stock.ts';
import { shareStock, type SharedStock } from './share-stock.ts';
import { erpRead, sourceStandings, whyBehind, withoutStopped } from './sources-behind.ts';
import type { StockFacts } from './stock-facts.ts';
import { lastReading, withShipmentsSince } from './stock-reading.ts';
import { trustedSupply } from './supplier-history.ts';
import { unreadUnits } from './unread-sales.ts';

/** From the shelf to what each channel shows: where the units of one SKU are. */
export type AtpView = {
  readonly sku: Sku;
  readonly at: Instant;
  /** Of a kit: what one takes, and how much of that may be promised over all nodes. Null for what is no kit. */
  readonly kit: readonly { readonly sku: Sku; readonly units: number; readonly promisable: number }[] | null;
  readonly nodes: readonly {
    readonly node: NodeId;
    /** When it was counted. */
    readonly asOf: Instant;
    /** From on hand to what may be promised; they add up to it. */
    readonly steps: readonly (WaterfallStep | { readonly step: 'uncertain' | 'orders-without-a-node'; readonly units: number })[];
    readonly promisable: number;
    readonly inTransit: number;
    /** When it is expected, and how many percent of its supplier's receipts came on time (null: nobody knows). */
    readonly inbound: readonly TrustedSupply[];
  }[];
  /** Units over all nodes that all channels share, after kits and plain SKUs have divided what they have in common. */
  readonly offered: number;
  readonly channels: readonly {
    readonly connection: ConnectionId;
    /** Units that it is to show over all nodes, and that it shows as far as is known (null: nobody knows). */
    readonly publishes: number;
    readonly shows: number | null;
    /** Units that it does not show because it is read late. */
    readonly buffer: number;
  }[];
  /** What is read later than its declared window, and what is done meanwhile. */
  readonly behind: readonly string[];
  /** Why pools got less than they were to have. */
  readonly short: readonly string[];
  /** Units that orders want and nobody has. */
  readonly owed: number;
  /** Units sold in a day over all channels, and for how many days what may be promised lasts at that; null where nothing was sold. */
  readonly soldPerDay: number;
  readonly daysOfCover: number | null;
  /** What may be promised from when on, with supply that is announced and orders that are to go later. */
  readonly phases: readonly PromisableFrom[];
  /** When one unit may be promised; null: not with what is known. */
  readonly next: Instant | null;
};

/** What of a SKU may be promised and shown now, by the very decision that the next publication takes. Reads, and writes nothing; null for a SKU that the ERP has no stock, supply or kit of. */
export async function atpOf(context: LookContext, sku: Sku): Promise<AtpView | null> {
  const { journal, settings, clock } = context;
  const { cases, unread, facts, doubts, known } = await journal.read(async (tx) => ({
    cases: (await listCases(tx, activeStates)).map((stored) => stored.case),
    unread: await unreadUnits(tx, context),
    facts: await factsOf(tx, context),
    doubts: await stockDoubts(tx),
    known: new Map(
      await Promise.all(settings.channels.map(async ({ connection }) => [connection, await knownLevels(tx, connection)] as const)),
    ),
  }));
  const read = await readOrLast(context, cases);
  const positions = lessDoubts(await withCounts(context, read.positions), doubts);
  const all = await journal.read((tx) => sourceStandings(tx, settings, clock.now()));
  const standings = read.notRead === null ? erpRead(all) : all;
  const uncertain = uncertainUnits(positions, context, facts, standings);
  const shared = shareStock({ positions: withoutStopped(positions, standings), cases, settings, unread, facts: { ...facts, uncertain } });
  if (!shared.offered.has(sku)) return null;
  const demand = facts.demandOf(null, sku);
  const offered = sumOf([...(shared.offered.get(sku)?.values() ?? [])]);
  const phases = phasesOf(shared, cases, sku, { offered, settings, facts });
  return {
    sku,
    at: clock.now(),
    kit: shared.recipes.has(sku)
      ? componentsOf(shared.recipes, sku).map((each) => ({ ...each, promisable: shared.atp.get(each.sku) ?? 0 }))
      : null,
    nodes: nodesOf(shared, sku, settings, facts),
    offered,
    channels: settings.channels.map(({ connection }) => {
      const shown = [...(known.get(connection)?.values() ?? [])].filter((level) => level.sku === sku && level.listed);
      const buffer = shared.buffers.get(JSON.stringify([connection, sku])) ?? 0;
      return {
        connection,
        publishes: sumOf((shared.levels.get(connection) ?? []).flatMap((level) => (level.sku === sku ? [level.available] : []))),
        shows:
          shown.length === 0 || shown.some(({ available }) => available === null)
            ? null
            : sumOf(shown.map(({ available }) => available ?? 0)),
        buffer: Math.min(buffer, offered),
      };
    }),
    behind: [...(read.notRead ?? []), ...standings.flatMap((each) => sentenceOf(each.source, whyBehind(each)))],
    short: shared.short.get(sku) ?? [],
    owed: shared.promisable.owed.get(sku) ?? 0,
    soldPerDay: demand.mean,
    daysOfCover: daysOfCover(offered, demand),
    phases,
    next: promisableOn(phases, 1),
  };
}

/** The ERP's stock, or while it does not answer what it had last, where that is kept. Throws the ERP's fault. */
async function readOrLast(
  context: LookContext,
  cases: readonly OrderCase[],
): Promise<{ readonly positions: readonly StockPosition[]; readonly notRead: readonly string[] | null }> {
  try {
    return { positions: await readErpStock(context, null), notRead: null };
  } catch (error) {
    const last = isFault(error) ? await context.journal.read(lastReading) : null;
    if (last === null) throw error;
    const notRead = [`${context.erp.connection} does not answer: this is by what it had at ${last.at}.`];
    return { positions: withShipmentsSince(last, cases), notRead };
  }
}

function sentenceOf(source: string, why: string | null): string[] {
  return why === null ? [] : [`${source}: ${why}.`];
}

function nodesOf(shared: SharedStock, sku: Sku, settings: LookContext['settings'], facts: StockFacts): AtpView['nodes'] {
  return [...(shared.promisable.byPlace.get(sku)?.values() ?? [])].map((place) => {
    const { position, safetyStock, softReserved, uncertain, wanted, units } = place;
    const steps = waterfall({ position, safetyStock: safetyStock + uncertain, softReserved }).map((step) =>
      step.step === 'safety-stock' ? { ...step, units: 0 - safetyStock } : step,
    );
    const more = [
      { step: 'uncertain' as const, units: 0 - uncertain },
      { step: 'orders-without-a-node' as const, units: 0 - wanted },
    ];
    const { node, asOf, inTransit } = position;
    return { node, asOf, steps: [...steps, ...more], promisable: units, inTransit, inbound: trustedSupply(position, settings, facts) };
  });
}

/** Over time: a kit as its scarcest component has it. Orders that are to leave later want their units then, not now. */
function phasesOf(
  shared: SharedStock,
  cases: readonly OrderCase[],
  sku: Sku,
  { offered, settings, facts }: { readonly offered: number; readonly settings: LookContext['settings']; readonly facts: StockFacts },
): PromisableFrom[] {
  const { now } = facts;
  const later = cases.flatMap((each) => {
    const at = each.order.shipNotBefore;
    if (at === null || at <= now) return [];
    return openLines(each).flatMap((line) => (line.sku === sku ? [{ at, units: line.units }] : []));
  });
  const parts = componentsOf(shared.recipes, sku).map((component) => {
    const places = [...(shared.promisable.byPlace.get(component.sku)?.values() ?? [])];
    const supply = places.flatMap(({ position }) => trustedSupply(position, settings, facts));
    const own = component.sku === sku;
    const onHand = (own ? offered : (shared.atp.get(component.sku) ?? 0)) - (shared.promisable.owed.get(component.sku) ?? 0);
    const wantedLater = own ? later : later.map((each) => ({ ...each, units: Math.ceil(each.units * component.units) }));
    const phases = timePhased({ now, onHand: onHand + sumOf(wantedLater.map(({ units }) => units)), supply, demand: wantedLater });
    return phases.map(({ at, units }) => ({ at, units: Math.floor(units / component.units + 1e-6) }));
  });
  const moments = [...new Set(parts.flatMap((phases) => phases.map(({ at }) => at)))].sort();
  const unitsAt = (phases: readonly PromisableFrom[], at: Instant) => phases.findLast((phase) => phase.at <= at)?.units ?? 0;
  const all = moments.map((at) => ({ at, units: Math.min(...parts.map((phases) => unitsAt(phases, at))) }));
  return all.filter(({ units }, index) => index === 0 || units !== all[index - 1]?.units);
}

function sumOf(units: readonly number[]): number {
  return units.reduce((sum, each) => sum + each, 0);
}
