import { poolsOf, stockRow } from './compile.ts';
import { book, minuteLimit, unbook, type Shipment } from './ledger.ts';
import { linesOf } from './line-sets.ts';
import { isExact } from './order-table.ts';
import { costAtPrices, pricedShipment, type CostAtPrices, type PlanView, type PricedShipment } from './plan-view.ts';
import { priceOrder, restAfterOne, restChoices, shipmentsOf, type Priced } from './price.ts';
import { linePrice } from './prices.ts';
import type { Option, Source } from './sources.ts';

/** The cheapest plan of an order, at the shadow prices, in which a node ships something by a service. */
export interface Alternative {
  readonly node: string;
  readonly service: string;
  readonly shipments: readonly { readonly node: string; readonly service: string; readonly lines: readonly number[] }[];
  readonly cost: CostAtPrices;
  /** Its total less that of the order's plan: term by term the differences add up to it. Below 0 where the order gave something up for others. */
  readonly dearerBy: number;
  /** What it lacks while all others keep what they have; empty where the order could change to it now. */
  readonly lacks: readonly Lack[];
}

/** A limit that others have used up, and who they are: at most five, in the problem's order. */
export type Lack =
  | { readonly kind: 'stock'; readonly node: string; readonly sku: string; readonly heldBy: readonly string[] }
  | { readonly kind: 'cap'; readonly node: string; readonly service: string; readonly heldBy: readonly string[] }
  | { readonly kind: 'labor'; readonly node: string; readonly minutesMissing: number };

/** Who holds units of a stock row or shipments of a capped service; made once for a plan. */
export interface Holders {
  readonly ofRow: ReadonlyMap<number, readonly number[]>;
  readonly ofSlot: ReadonlyMap<number, readonly number[]>;
}

export function holdersOf({ given, shipmentsOf }: PlanView): Holders {
  const { compiled } = given;
  const [ofRow, ofSlot] = [new Map<number, number[]>(), new Map<number, number[]>()];
  const add = (map: Map<number, number[]>, key: number, order: number): void => {
    const known = map.get(key);
    if (known === undefined) map.set(key, [order]);
    else if (known.at(-1) !== order) known.push(order);
  };
  for (const [order, shipments] of [...shipmentsOf].sort(([left], [right]) => left - right)) {
    for (const { node, slot, lines } of shipments) {
      if (slot >= 0) add(ofSlot, slot, order);
      for (const line of lines) add(ofRow, stockRow(compiled, node, compiled.lineSku[compiled.lineStart[order]! + line]!), order);
    }
  }
  return { ofRow, ofSlot };
}

/** What an order could have had: at best at the prices, and by every node and service. */
export interface Choices {
  readonly best: number;
  readonly alternatives: readonly Alternative[];
}

/** Prices every node and service of an order, exactly; null for an order of too many lines. */
export function choicesOf(view: PlanView, holders: Holders, order: number): Choices | null {
  const { given, prices, ledger } = view;
  const { compiled, room } = given;
  if (!isExact(compiled, order)) return null;
  const own = view.shipmentsOf.get(order) ?? [];
  const chosen = costAtPrices(view, order, own).total;
  const table = given.tableOf(order);
  const priced: Priced = { compiled, order, table, terms: { prices, laborBy: 'prices' } };
  const best = priceOrder(priced, room);
  for (const shipment of own) unbook(ledger, order, shipment);
  const { problem } = compiled;
  const sources = given.sourcesOf(order);
  const alternatives = sources.flatMap((source) =>
    source.options.flatMap((option) => {
      const shipments = cheapestThrough(view, priced, sources, source, option);
      if (shipments === undefined) return [];
      const cost = costAtPrices(view, order, shipments);
      return [
        {
          node: problem.nodes[source.node]!.id,
          service: problem.services[option.service]!.id,
          shipments: shipments.map(({ node, service, lines }) => ({
            node: problem.nodes[node]!.id,
            service: problem.services[service]!.id,
            lines,
          })),
          cost,
          dearerBy: cost.total - chosen,
          lacks: lacksOf(view, holders, order, shipments),
        },
      ];
    }),
  );
  for (const shipment of own) book(ledger, order, shipment);
  return { best, alternatives };
}

/** The cheapest plan at the prices with a shipment by this way; undefined where it takes none of the order's lines. The room holds the order's tables. */
function cheapestThrough(
  { given, prices }: PlanView,
  { compiled, order, table }: Priced,
  sources: readonly Source[],
  source: Source,
  option: Option,
): PricedShipment[] | undefined {
  const { room } = given;
  const rest = restAfterOne(table, room);
  const start = compiled.lineStart[order]!;
  const pools = poolsOf(compiled, order);
  const labor = compiled.labor[source.node]!;
  const rate = prices.labor[source.node]!;
  const fixed = option.surcharge + rate * labor.perShipment + (option.slot >= 0 ? prices.slot[option.slot]! : 0);
  let possible = 0;
  for (let line = 0; line < table.lineCount; line++) if (source.can[line] === true && option.allowed[line] === true) possible |= 1 << line;
  let best = Infinity;
  let found = 0;
  for (let part = possible; part > 0; part = (part - 1) & possible) {
    let value = fixed + rest[(table.size - 1) ^ part]!;
    let kg = 0;
    let litres = 0;
    for (let left = part; left > 0; left &= left - 1) {
      const line = 31 - Math.clz32(left & -left);
      const units = compiled.lineUnits[start + line]!;
      kg += compiled.lineKg[start + line]!;
      litres += compiled.lineLitres[start + line]!;
      value += option.lateCost[line]! + rate * (labor.perLine + labor.perUnit * units);
      value += linePrice(prices, stockRow(compiled, source.node, compiled.lineSku[start + line]!), pools, units);
    }
    value += option.price(kg, litres);
    if (value >= best) continue;
    best = value;
    found = part;
  }
  if (found === 0) return undefined;
  const others = shipmentsOf({ compiled, order, table }, restChoices(table, room, (table.size - 1) ^ found));
  return [
    pricedShipment(compiled, order, source.node, option, linesOf(found)),
    ...others.map(({ node, service, lines }) => {
      const chosen = sources.find((each) => each.node === node)!.options.find((each) => each.service === service)!;
      return pricedShipment(compiled, order, node, chosen, lines);
    }),
  ];
}

const mostHolders = 5;

/** What is used up if the order has these shipments beside what the ledger holds; the order itself is not in it. */
export function lacksOf({ given, ledger }: PlanView, holders: Holders, order: number, shipments: readonly Shipment[]): Lack[] {
  const { compiled } = given;
  const { problem } = compiled;
  const namesOf = (orders: readonly number[] | undefined): string[] =>
    (orders ?? [])
      .filter((each) => each !== order)
      .slice(0, mostHolders)
      .map((each) => problem.orders[each]!.id);
  for (const shipment of shipments) book(ledger, order, shipment);
  const start = compiled.lineStart[order]!;
  const rows = new Map<number, number>();
  for (const { node, lines } of shipments)
    for (const line of lines) rows.set(stockRow(compiled, node, compiled.lineSku[start + line]!), node);
  const slots = new Set(shipments.flatMap(({ slot }) => (slot >= 0 ? [slot] : [])));
  const nodes = new Set(shipments.map(({ node }) => node));
  const lacks: Lack[] = [
    ...[...rows].flatMap(([row, node]): Lack[] => {
      if (ledger.sharedUsed[row]! <= compiled.stock[row]!) return [];
      const sku = compiled.skuIds[(row - node) / compiled.nodeCount]!;
      return [{ kind: 'stock', node: problem.nodes[node]!.id, sku, heldBy: namesOf(holders.ofRow.get(row)) }];
    }),
    ...[...slots].flatMap((slot): Lack[] => {
      const { node, service, limit } = compiled.slots[slot]!;
      if (ledger.slotUsed[slot]! <= limit) return [];
      return [
        { kind: 'cap', node: problem.nodes[node]!.id, service: problem.services[service]!.id, heldBy: namesOf(holders.ofSlot.get(slot)) },
      ];
    }),
    ...[...nodes].flatMap((node): Lack[] => {
      const over = ledger.minutes[node]! - minuteLimit(compiled, node);
      return over > 0 ? [{ kind: 'labor', node: problem.nodes[node]!.id, minutesMissing: over }] : [];
    }),
  ];
  for (const shipment of shipments) unbook(ledger, order, shipment);
  return lacks;
}
