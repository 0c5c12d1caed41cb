import {
  daysBetween,
  decimalOf,
  destinationOf,
  localDate,
  localMinute,
  addDays,
  type ChannelOrder,
  type ConnectionId,
  type Destination,
  type ErpProduct,
  type Instant,
  type NodeId,
  type OrderLine,
  type Sku,
} from '@quartermaster/domain';
import type { ShipmentLine } from '@quartermaster/fulfilment';
import type { Recipes } from '@quartermaster/inventory';
import { laneOf, weightRules } from '@quartermaster/parcels';
import { arrivalAfter } from '@quartermaster/promise';
import type { Lane, OrderLine as ProblemLine, ProblemNode, ProblemOrder, ProblemService, SourcingProblem } from '@quartermaster/sourcing';
import { daysUnderWay, dispatchDateOf, type NodeSettings, type ServiceOfCarrier } from '../calendars.ts';
import { eligibleNodes, priorityOf, splitRuleOf } from '../policy/allocation.ts';
import { noQuotes, quotedLane, type Quotes } from '../quotes/quoted-prices.ts';
import type { CarrierSettings, FlowSettings, SourcingPolicy } from '../settings.ts';
import { capacityOf, limitedTiers, type Outage } from '../resourcing/outages.ts';
import { zoneId } from '../zone-id.ts';
import { inParts, partsOf, toldOf } from './kit-parts.ts';
import { withPools, type PoolSale } from './pool-reservations.ts';

/** Units by node and SKU. */
export type UnitsAt = ReadonlyMap<NodeId, ReadonlyMap<Sku, number>>;

/** What an order still wants. */
export type Demand = {
  readonly key: string;
  readonly channel: ConnectionId;
  readonly order: ChannelOrder;
  readonly open: readonly ShipmentLine[];
  /** Shipments of it that are under way already; none unless given. */
  readonly live?: number;
  /** Nodes that may not have a line, by its id. */
  readonly barred?: Readonly<Record<string, readonly NodeId[]>> | undefined;
};

export type ProblemInput = {
  readonly name: string;
  /** When it is decided: what can still leave today follows from it. */
  readonly at: Instant;
  readonly demands: readonly Demand[];
  /** What the orders may take. */
  readonly available: UnitsAt;
  /** Minutes of work that earlier shipments take, by node and local dispatch date. */
  readonly minutesTaken: ReadonlyMap<NodeId, ReadonlyMap<string, number>>;
  readonly product: (sku: Sku) => ErpProduct | undefined;
  readonly settings: FlowSettings;
  /** Prices that carriers quoted for just these ways; where there are none, tariffs stand. */
  readonly quotes?: Quotes;
  /** Nodes that are away, or short of hands. */
  readonly outages?: readonly Outage[];
  /** What channels sold of their pools; nothing unless given. */
  readonly sold?: readonly PoolSale[];
  /** Kits that lines want, down to what lies on shelves: `available` is of their parts. None unless given: then a kit has stock like any article. */
  readonly recipes?: Recipes;
};

/** Id of a tariff's service in a problem and in a plan: no connection id contains a slash. */
export function serviceId(carrier: CarrierSettings, service: string): string {
  return `${carrier.connection}/${service}`;
}

/**
 * Turns open orders, stock, pools, tariffs and labor into a sourcing problem of the optimizer. A kit is a line for each of its parts, in one bundle; which wanted lines they are is for `wantedLines` to say.
 * Pure: the same input gives the same problem.
 */
export function buildProblem(input: ProblemInput): SourcingProblem {
  return withPools(problemWithoutPools(input), { ...input, demands: demandsInParts(input.demands, input.recipes) });
}

/** What orders want, as what it takes from shelves. */
export function demandsInParts(demands: readonly Demand[], recipes: Recipes | undefined): readonly Demand[] {
  return recipes === undefined ? demands : demands.map((demand) => ({ ...demand, open: inParts(demand.open, recipes) }));
}

function problemWithoutPools(input: ProblemInput): SourcingProblem {
  const { settings, at } = input;
  const demands = input.demands.filter(({ open }) => open.length > 0);
  const skus = [...new Set(demands.flatMap(({ open }) => partsOf(open, input.recipes).map((part) => part.sku)))].sort();
  const zones = new Map(demands.map(({ order }) => [zoneId(order.destination), order.destination]));
  return {
    format: 'quartermaster/sourcing-problem@1',
    name: input.name,
    currency: settings.currency,
    decisionMinute: localMinute(at, settings.zone),
    skus: skus.map((sku) => {
      const product = input.product(sku);
      return { id: sku, weightKg: (product?.grams ?? 0) / 1_000, volumeL: (product?.millilitres ?? 0) / 1_000 };
    }),
    nodes: settings.nodes.map((node): ProblemNode => {
      const capacity = capacityOf(node, at, input.outages ?? [], settings.outages);
      const date = dispatchDateOf(node, null, opensAt(node, input));
      const tiers = limitedTiers(node.labor.tiers, capacity.limits);
      return {
        id: node.id,
        kind: node.kind,
        zone: node.id,
        cutoffMinute: minuteOf(node.cutoff),
        dispatchDay: Object.fromEntries(
          allServices(settings).map((way) => [serviceId(way.carrier, way.service), dispatchDay(node, way, input)]),
        ),
        stock: Object.fromEntries(
          skus.map((sku) => [sku, Math.max(0, input.available.get(node.id)?.get(sku) ?? 0)]).filter(([, units]) => units !== 0),
        ),
        ...(capacity.isClosed && capacity.closedUntil === null
          ? { maxShipments: Object.fromEntries(allServices(settings).map((way) => [serviceId(way.carrier, way.service), 0])) }
          : {}),
        labor: { ...node.labor, tiers: tiersLeft(tiers, input.minutesTaken.get(node.id)?.get(date) ?? 0) },
      };
    }),
    services: settings.carriers.flatMap((carrier) => servicesOf(carrier, input, zones)),
    orders: demands.map((demand) => problemOrder(demand, input)),
  };
}

/** What a unit of a line costs when it is left unfilled, in whole units of the currency. */
export function unfilledCostPerUnit(line: OrderLine, policy: SourcingPolicy): number {
  const price = Number(decimalOf(line.total)) / Math.max(1, line.quantity);
  return Math.max(Number(policy.unfilledAtLeast), (price * policy.unfilledPercentOfPrice) / 100);
}

/** The local date until which an order should be delivered. */
export function promiseDate(order: ChannelOrder, settings: FlowSettings): string {
  const { promiseDays, promiseCalendar } = settings.sourcing;
  const days = (order.requestedService === null ? undefined : promiseDays[order.requestedService]) ?? promiseDays['*'] ?? 4;
  const placed = localDate(order.placedAt, settings.zone);
  if (promiseCalendar === undefined) return addDays(placed, days);
  return arrivalAfter({ moves: promiseCalendar, delivers: promiseCalendar }, placed, days)?.date ?? addDays(placed, days);
}

function problemOrder({ key, channel, order, open, live = 0, barred }: Demand, input: ProblemInput): ProblemOrder {
  const { settings } = input;
  const { sourcing } = settings;
  const allowed = order.requestedService === null ? undefined : sourcing.servicesFor[order.requestedService];
  const promiseDay = daysBetween(localDate(input.at, settings.zone), promiseDate(order, settings));
  const given = { channel, order };
  const priority = priorityOf(settings, given, promiseDay);
  const split = splitRuleOf(settings, given);
  const rules = { ...(priority === null ? {} : { priority: priority.name }), ...(split === null ? {} : { split: split.name }) };
  return {
    id: key,
    channel,
    zone: zoneId(order.destination),
    promiseDay,
    lateCostPerDay: Number(sourcing.lateCostPerDay) * (priority?.lateTimes ?? 1),
    splitCost: Number(split?.splitCost ?? sourcing.splitCost),
    // What is under way already counts; the rest may go in one more shipment whatever was allowed, or it would never go.
    ...(split?.mostShipments === undefined ? {} : { maxShipments: Math.max(1, split.mostShipments - live) }),
    ...(split?.shipComplete === undefined ? {} : { shipComplete: split.shipComplete }),
    ...(allowed === undefined ? {} : { services: allowed }),
    ...eligible(settings, given, [null]),
    lines: open.flatMap((wanted) => {
      const line = order.lines.find((candidate) => candidate.id === wanted.lineId);
      const perUnit = line === undefined ? 0 : unfilledCostPerUnit(line, sourcing) * (priority?.unfilledTimes ?? 1);
      const parent = line?.kind === 'component' ? line.parent : null;
      return problemLines(wanted, input, { perUnit, parent, given, barred: barred?.[wanted.lineId] });
    }),
    ...(Object.keys(rules).length === 0 ? {} : { ext: rules }),
  };
}

/** A wanted line as the lines of the problem that it is: one, or one for each part of a kit, which go together and cost unfilled what the kit does. */
function problemLines(
  wanted: ShipmentLine,
  { settings, recipes }: ProblemInput,
  line: {
    readonly perUnit: number;
    readonly parent: string | null;
    readonly given: Pick<Demand, 'channel' | 'order'>;
    readonly barred: readonly NodeId[] | undefined;
  },
): ProblemLine[] {
  const { perUnit, parent, given, barred } = line;
  const parts = partsOf([wanted], recipes);
  const units = parts.reduce((sum, part) => sum + part.units, 0);
  const bundle = parent ?? (parts.length > 1 ? wanted.lineId : null);
  return parts.map((part) => ({
    sku: part.sku,
    units: part.units,
    unfilledCostPerUnit: units === wanted.units ? perUnit : (perUnit * wanted.units) / units,
    ...eligible(settings, given, [...new Set([wanted.sku, part.sku])], barred),
    ...(bundle === null ? {} : { bundle }),
    ...toldOf(part),
  }));
}

/** The nodes that may ship a line: by the policy for all SKUs that it is about, less those that may not have it. */
function eligible(
  settings: FlowSettings,
  given: Pick<Demand, 'channel' | 'order'>,
  skus: readonly (Sku | null)[],
  barred: readonly NodeId[] = [],
): { eligibleNodes?: NodeId[] } {
  const [first, ...others] = skus.flatMap((sku) => {
    const allowed = eligibleNodes(settings, given, sku);
    return allowed === null ? [] : [allowed];
  });
  const nodes = first?.filter((id) => others.every((each) => each.includes(id))) ?? null;
  if (barred.length === 0) return nodes === null ? {} : { eligibleNodes: nodes };
  return { eligibleNodes: (nodes ?? settings.nodes.map(({ id }) => id)).filter((id) => !barred.includes(id)) };
}

function servicesOf(carrier: CarrierSettings, input: ProblemInput, zones: ReadonlyMap<string, Destination | null>): ProblemService[] {
  const { connection, tariff } = carrier;
  const { settings, at, quotes = noQuotes } = input;
  return tariff.services.map((service) => {
    const way = { carrier, service: service.id };
    const asked = { service: service.carrierService, currency: settings.currency, maxGrams: service.maxGrams };
    return {
      id: serviceId(carrier, service.id),
      ...weightRules(service, localDate(at, settings.zone)),
      lanes: settings.nodes.flatMap((node) => {
        const leaves = dispatchDateOf(node, way, opensAt(node, input));
        const taking = new Map<number, number>();
        return [...zones].flatMap(([zone, to]): Lane[] => {
          const byTariff = to === null ? null : laneOf(tariff, service, destinationOf(node.address), to, leaves);
          if (byTariff === null) return [];
          const stated = byTariff.transitDays ?? assumedTransitDays;
          const transitDays = taking.get(stated) ?? daysUnderWay(way, leaves, stated, settings);
          taking.set(stated, transitDays);
          const lane = quotedLane({ ...byTariff, transitDays }, quotes.of({ carrier: connection, node: node.id, zone }), asked);
          const ends = { from: node.id, to: zone, transitDays: lane.transitDays ?? transitDays };
          return [{ ...ends, ...('bands' in lane ? { bands: [...lane.bands] } : { base: lane.base, perKg: lane.perKg }) }];
        });
      }),
    };
  });
}

/** Days of the problem are counted in the zone of the plan; where the node's calendar is behind it, what leaves today leaves on day 0. */
function dispatchDay(node: NodeSettings, way: ServiceOfCarrier, input: ProblemInput): number {
  return Math.max(0, daysBetween(localDate(input.at, input.settings.zone), dispatchDateOf(node, way, opensAt(node, input))));
}

/** The moment from which a node that is closed ships again, else `at`. */
export function opensAt(node: NodeSettings, { at, outages = [], settings }: Pick<ProblemInput, 'at' | 'outages' | 'settings'>): Instant {
  return capacityOf(node, at, outages, settings.outages).closedUntil ?? at;
}

function allServices(settings: FlowSettings): ServiceOfCarrier[] {
  return settings.carriers.flatMap((carrier) => carrier.tariff.services.map((service) => ({ carrier, service: service.id })));
}

/** Labor tiers less the minutes that are taken, cheapest first; what is used up stays as an empty tier. */
function tiersLeft(tiers: FlowSettings['nodes'][number]['labor']['tiers'], taken: number): ProblemNode['labor']['tiers'] {
  let left = taken;
  return tiers.map((tier) => {
    if (tier.minutes === null) return tier;
    const used = Math.min(left, tier.minutes);
    left -= used;
    return { ...tier, minutes: tier.minutes - used };
  });
}

function minuteOf(time: string): number {
  return Number(time.slice(0, 2)) * 60 + Number(time.slice(3, 5));
}

/** For a service that does not say how long it takes: long enough that nothing is promised on its account. */
export const assumedTransitDays = 5;
