import { compile, type Compiled } from './compile.ts';
import { auditShipments, type CostByTerm } from './cost.ts';
import { assign, clear, emptyDraft, planShipments, type Draft } from './draft.ts';
import { shipmentMinutes, type Shipment } from './ledger.ts';
import { sourcesOf, type Option, type Source } from './sources.ts';
import type { SourcingPlan } from './plan.ts';
import { pricer } from './pricer.ts';
import { parsedOnce, type SourcingProblem } from './problem.ts';

/** A plan with its cost by term. */
export interface BaselinePlan {
  readonly plan: SourcingPlan;
  readonly cost: CostByTerm;
}

/**
 * What a shop does without an optimizer: first come, first served, from the nearest node that has everything, else split nearest first, line by line.
 *
 * Orders go in the order of the problem's list. Nearest is fewest transit days, then cheapest lane price for the order's lines, then id. The service is the cheapest allowed
 * one that keeps the promise, else the fastest. All hard rules are kept; what fits nowhere stays open.
 */
export function nearestFirst(problem: SourcingProblem): BaselinePlan {
  const parsed = parsedOnce(problem);
  const compiled = compile(parsed);
  const draft = emptyDraft(pricer(compiled));
  for (let order = 0; order < compiled.orderCount; order++) {
    const sources = sourcesOf(compiled, order);
    if (!shipTogether(draft, order, sources)) shipApart(draft, order, sources);
  }
  const shipments = planShipments(draft);
  const { cost } = auditShipments(parsed, shipments);
  return { plan: { format: 'quartermaster/sourcing-plan@1', problem: parsed.name, shipments, claim: { totalCost: cost.total } }, cost };
}

function shipTogether(draft: Draft, order: number, sources: readonly Source[]): boolean {
  const { compiled } = draft.given;
  const lines = compiled.problem.orders[order]!.lines.map((_, index) => index);
  const ways = sources.flatMap((source) => wayOut(compiled, order, source, lines));
  return nearest(compiled, ways).some((way) => assign(draft, order, [way.shipment]));
}

/** Line by line into the nearest node that has the line; lines of one node travel together while a service takes them. Bundles and ship-complete orders are undone where a part is missing. */
function shipApart(draft: Draft, order: number, sources: readonly Source[]): void {
  const { compiled } = draft.given;
  const given = compiled.problem.orders[order]!;
  const limit = given.maxShipments ?? Infinity;
  const byNode = new Map<Source, number[]>();
  for (const index of given.lines.keys()) {
    for (const { source } of nearest(
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
  const shipped = new Set([...byNode.values()].flat());
  const broken = new Set(given.lines.flatMap(({ bundle }, index) => (bundle !== undefined && !shipped.has(index) ? [bundle] : [])));
  for (const [source, lines] of byNode) {
    const whole = lines.filter((index) => {
      const bundle = given.lines[index]?.bundle;
      return bundle === undefined || !broken.has(bundle);
    });
    if (whole.length === 0 || (given.shipComplete === true && shipped.size < given.lines.length)) byNode.delete(source);
    else byNode.set(source, whole);
  }
  const shipments = shipmentsOf(compiled, order, byNode);
  if (shipments !== undefined) assign(draft, order, shipments);
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
  if (lines.some((line) => source.can[line] !== true)) return [];
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
