import type { Compiled } from './compile.ts';
import { assign, clear, type Draft } from './draft.ts';
import { shipmentMinutes, type Shipment } from './ledger.ts';
import { sourcesOf, type Option, type Source } from './sources.ts';
import type { ProblemOrder } from './problem.ts';

/** Gives one order its plan by the rule of the shop: from the nearest node that has everything, else split nearest first, line by line. */
export function shipNearest(draft: Draft, order: number): void {
  shipByRank(draft, order, nearest);
}

/** Gives one order its plan by a list of nodes: from the first that has everything, else split by the list, line by line. A node that is not on the list comes after those that are. */
export function shipBySequence(draft: Draft, order: number, places: ReadonlyMap<string, number>): void {
  const placeOf = (compiled: Compiled, way: Way): number => places.get(compiled.problem.nodes[way.source.node]!.id) ?? places.size;
  shipByRank(draft, order, (compiled, ways) =>
    nearest(compiled, ways).sort((left, right) => placeOf(compiled, left) - placeOf(compiled, right)),
  );
}

/** Which of an order's ways comes first. */
type Rank = (compiled: Compiled, ways: readonly Way[]) => Way[];

function shipByRank(draft: Draft, order: number, rank: Rank): void {
  const sources = sourcesOf(draft.given.compiled, order);
  if (!shipTogether(draft, order, sources, rank)) shipApart(draft, order, sources, rank);
}

/** Gives one order its plan with few shipments: again and again from the node that has most of the lines still open, the nearest of these first. */
export function shipInFewest(draft: Draft, order: number): void {
  const { compiled } = draft.given;
  const given = compiled.problem.orders[order]!;
  const byNode = new Map<Source, readonly number[]>();
  let open = [...given.lines.keys()];
  let left = sourcesOf(compiled, order);
  while (open.length > 0 && byNode.size < (given.maxShipments ?? Infinity)) {
    const ways = left.flatMap((source) => wayOut(compiled, order, source, mostLines(draft, order, byNode, source, open)));
    const most = Math.max(0, ...ways.map(({ shipment }) => shipment.lines.length));
    const [chosen] = nearest(
      compiled,
      ways.filter(({ shipment }) => shipment.lines.length === most),
    );
    if (chosen === undefined) break;
    byNode.set(chosen.source, chosen.shipment.lines);
    open = open.filter((line) => !chosen.shipment.lines.includes(line));
    left = left.filter((source) => source !== chosen.source);
  }
  shipWhole(draft, order, byNode);
}

/** The open lines that a node can send in one shipment beside those already chosen; a line that does not fit beside the ones before it is passed over. */
function mostLines(
  draft: Draft,
  order: number,
  byNode: ReadonlyMap<Source, readonly number[]>,
  source: Source,
  open: readonly number[],
): number[] {
  const lines: number[] = [];
  for (const line of open) if (fits(draft, order, new Map(byNode).set(source, [...lines, line]))) lines.push(line);
  return lines;
}

function shipTogether(draft: Draft, order: number, sources: readonly Source[], rank: Rank): boolean {
  const { compiled } = draft.given;
  const lines = compiled.problem.orders[order]!.lines.map((_, index) => index);
  const ways = sources.flatMap((source) => wayOut(compiled, order, source, lines));
  return rank(compiled, ways).some((way) => assign(draft, order, [way.shipment]));
}

/** Line by line into the first node that has the line; lines of one node travel together while a service takes them. Bundles and ship-complete orders are undone where a part is missing. */
function shipApart(draft: Draft, order: number, sources: readonly Source[], rank: Rank): void {
  const { compiled } = draft.given;
  const given = compiled.problem.orders[order]!;
  const limit = given.maxShipments ?? Infinity;
  const byNode = new Map<Source, number[]>();
  for (const index of given.lines.keys()) {
    for (const { source } of rank(
      compiled,
      sources.flatMap((each) => wayOut(compiled, order, each, [index])),
    )) {
      const known = byNode.get(source);
      if (known === undefined && byNode.size >= limit) continue;
      const tried = new Map(byNode).set(source, [...(known ?? []), index]);
      if (!fits(draft, order, tried)) continue;
      byNode.set(source, [...(known ?? []), index]);
      break;
    }
  }
  shipWhole(draft, order, byNode);
}

/** Ships what was chosen; bundles and ship-complete orders of which a part is missing stay open. */
function shipWhole(draft: Draft, order: number, byNode: ReadonlyMap<Source, readonly number[]>): void {
  const { compiled } = draft.given;
  const shipments = shipmentsOf(compiled, order, wholeOnly(compiled.problem.orders[order]!, byNode));
  if (shipments !== undefined) assign(draft, order, shipments);
}

function wholeOnly(given: ProblemOrder, byNode: ReadonlyMap<Source, readonly number[]>): Map<Source, readonly number[]> {
  const shipped = new Set([...byNode.values()].flat());
  if (given.shipComplete === true && shipped.size < given.lines.length) return new Map();
  const broken = new Set(given.lines.flatMap(({ bundle }, index) => (bundle !== undefined && !shipped.has(index) ? [bundle] : [])));
  const isWhole = (line: number): boolean => {
    const bundle = given.lines[line]?.bundle;
    return bundle === undefined || !broken.has(bundle);
  };
  return new Map([...byNode].map(([source, lines]) => [source, lines.filter(isWhole)] as const).filter(([, lines]) => lines.length > 0));
}

function fits(draft: Draft, order: number, byNode: ReadonlyMap<Source, readonly number[]>): boolean {
  const shipments = shipmentsOf(draft.given.compiled, order, byNode);
  if (shipments === undefined || !assign(draft, order, shipments)) return false;
  clear(draft, order);
  return true;
}

function shipmentsOf(compiled: Compiled, order: number, byNode: ReadonlyMap<Source, readonly number[]>): Shipment[] | undefined {
  const shipments: Shipment[] = [];
  for (const [source, lines] of byNode) {
    const [way] = wayOut(compiled, order, source, lines);
    if (way === undefined) return undefined;
    shipments.push(way.shipment);
  }
  return shipments;
}

/** One node's way to ship these lines: the cheapest service that keeps every promise, else the fastest. */
interface Way {
  readonly source: Source;
  readonly transitDays: number;
  readonly price: number;
  readonly shipment: Shipment;
}

function wayOut(compiled: Compiled, order: number, source: Source, lines: readonly number[]): Way[] {
  if (lines.length === 0 || lines.some((line) => source.can[line] !== true)) return [];
  const start = compiled.lineStart[order]!;
  let kg = 0;
  let litres = 0;
  for (const line of lines) {
    kg += compiled.lineKg[start + line]!;
    litres += compiled.lineLitres[start + line]!;
  }
  let found: { option: Option; late: number; price: number } | undefined;
  for (const option of source.options) {
    const price = option.price(kg, litres);
    if (price === Infinity || lines.some((line) => option.allowed[line] !== true)) continue;
    const late = lines.reduce((sum, line) => sum + option.daysLate[line]!, 0);
    const better =
      found === undefined ||
      (late === 0
        ? found.late > 0 || price + option.surcharge < found.price + found.option.surcharge
        : found.late > 0 &&
          (option.deliveryDay < found.option.deliveryDay || (option.deliveryDay === found.option.deliveryDay && price < found.price)));
    if (better) found = { option, late, price };
  }
  if (found === undefined) return [];
  const { option, price } = found;
  const lateCost = lines.reduce((sum, line) => sum + option.lateCost[line]!, 0);
  const shipment = {
    node: source.node,
    service: option.service,
    slot: option.slot,
    lines,
    cost: price + option.surcharge + lateCost,
    minutes: shipmentMinutes(compiled, order, source.node, lines),
  };
  return [{ source, transitDays: option.transitDays, price, shipment }];
}

function nearest(compiled: Compiled, ways: readonly Way[]): Way[] {
  const idOf = (way: Way): string => compiled.problem.nodes[way.source.node]!.id;
  return [...ways].sort(
    (left, right) =>
      left.transitDays - right.transitDays ||
      left.price - right.price ||
      (idOf(left) < idOf(right) ? -1 : idOf(left) > idOf(right) ? 1 : 0),
  );
}
