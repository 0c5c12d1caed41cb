import type { Lane, OrderLine, ProblemNode, ProblemOrder, ProblemService, SourcingProblem } from './problem.ts';

interface Contradiction {
  readonly path: PropertyKey[];
  readonly message: string;
}

type Path = readonly PropertyKey[];
type Refuse = (path: Path, message: string) => void;

/** What a schema cannot see in one field: duplicate ids, unknown references, falling rates and bands, two price forms of one lane. */
export function contradictions(problem: SourcingProblem): Contradiction[] {
  const found: Contradiction[] = [];
  const refuse: Refuse = (path, message) => found.push({ path: [...path], message });
  const skus = uniqueIds(problem.skus, 'skus', refuse);
  const nodes = uniqueIds(problem.nodes, 'nodes', refuse);
  const services = uniqueIds(problem.services, 'services', refuse);
  uniqueIds(problem.orders, 'orders', refuse);
  for (const [index, node] of problem.nodes.entries()) checkNode(node, ['nodes', index], skus, services, refuse);
  for (const [index, service] of problem.services.entries()) checkService(service, ['services', index], refuse);
  const ids = { skus, nodes, services };
  for (const [index, order] of problem.orders.entries()) checkOrder(order, ['orders', index], ids, refuse);
  return found;
}

function uniqueIds(items: readonly { readonly id: string }[], list: string, refuse: Refuse): Set<string> {
  const seen = new Set<string>();
  for (const [index, item] of items.entries()) {
    if (seen.has(item.id)) refuse([list, index, 'id'], `Duplicate id ${JSON.stringify(item.id)}`);
    seen.add(item.id);
  }
  return seen;
}

function checkNode(node: ProblemNode, at: Path, skus: ReadonlySet<string>, services: ReadonlySet<string>, refuse: Refuse): void {
  known(node.services, services, [...at, 'services'], 'service', refuse);
  knownKeys(node.dispatchDay, services, [...at, 'dispatchDay'], 'service', refuse);
  knownKeys(node.maxShipments, services, [...at, 'maxShipments'], 'service', refuse);
  knownKeys(node.stock, skus, [...at, 'stock'], 'SKU', refuse);
  for (const [channel, units] of Object.entries(node.reserved ?? {})) knownKeys(units, skus, [...at, 'reserved', channel], 'SKU', refuse);
  for (const [index, tier] of node.labor.tiers.entries()) {
    const path = [...at, 'labor', 'tiers', index];
    const previous = node.labor.tiers[index - 1];
    if (previous === undefined) continue;
    if (tier.costPerMinute < previous.costPerMinute) refuse([...path, 'costPerMinute'], 'Labor rates must not fall from tier to tier');
    if (previous.minutes === null) refuse(path, 'A tier after an unlimited tier is never reached');
  }
}

function checkService(service: ProblemService, at: Path, refuse: Refuse): void {
  const pairs = new Map<string, Set<string>>();
  for (const [index, lane] of service.lanes.entries()) {
    const path = [...at, 'lanes', index];
    const targets = pairs.get(lane.from) ?? new Set<string>();
    if (targets.has(lane.to)) refuse(path, `Duplicate lane from ${JSON.stringify(lane.from)} to ${JSON.stringify(lane.to)}`);
    pairs.set(lane.from, targets.add(lane.to));
    checkLane(lane, path, refuse);
  }
}

function checkLane(lane: Lane, path: Path, refuse: Refuse): void {
  const linear = lane.base !== undefined || lane.perKg !== undefined;
  if (lane.bands === undefined) {
    if (lane.base === undefined)
      refuse([...path, 'base'], linear ? 'A linear lane needs base and perKg' : 'A lane needs base and perKg, or bands');
    if (linear && lane.perKg === undefined) refuse([...path, 'perKg'], 'A linear lane needs base and perKg');
    return;
  }
  if (linear) refuse([...path, 'bands'], 'A lane has either base and perKg, or bands, not both');
  for (const [index, band] of lane.bands.entries()) {
    const previous = lane.bands[index - 1];
    if (previous !== undefined && band.upToKg <= previous.upToKg) refuse([...path, 'bands', index, 'upToKg'], 'Weight bands must rise');
  }
}

/** Ids that an order may refer to. */
export interface KnownIds {
  readonly skus: ReadonlySet<string>;
  readonly nodes: ReadonlySet<string>;
  readonly services: ReadonlySet<string>;
}

/** What is wrong with one order beside the ids of a problem; paths start at the order. */
export function contradictionsOfOrder(order: ProblemOrder, ids: KnownIds): Contradiction[] {
  const found: Contradiction[] = [];
  checkOrder(order, [], ids, (path, message) => found.push({ path: [...path], message }));
  return found;
}

function checkOrder(order: ProblemOrder, at: Path, { skus, nodes, services }: KnownIds, refuse: Refuse): void {
  // Paths of what nobody said are not worth their memory: there are a hundred thousand lines.
  if (order.services !== undefined) known(order.services, services, [...at, 'services'], 'service', refuse);
  if (order.eligibleNodes !== undefined) known(order.eligibleNodes, nodes, [...at, 'eligibleNodes'], 'node', refuse);
  if (order.surcharge !== undefined) knownKeys(order.surcharge, services, [...at, 'surcharge'], 'service', refuse);
  for (let position = 0; position < order.lines.length; position++) {
    const line = order.lines[position]!;
    if (!skus.has(line.sku) || line.services !== undefined || line.eligibleNodes !== undefined)
      checkLine(line, [...at, 'lines', position], skus, nodes, services, refuse);
  }
}

function checkLine(
  line: OrderLine,
  at: Path,
  skus: ReadonlySet<string>,
  nodes: ReadonlySet<string>,
  services: ReadonlySet<string>,
  refuse: Refuse,
): void {
  if (!skus.has(line.sku)) refuse([...at, 'sku'], `Unknown SKU ${JSON.stringify(line.sku)}`);
  known(line.services, services, [...at, 'services'], 'service', refuse);
  known(line.eligibleNodes, nodes, [...at, 'eligibleNodes'], 'node', refuse);
}

function known(ids: readonly string[] | undefined, all: ReadonlySet<string>, path: Path, what: string, refuse: Refuse): void {
  for (const [index, id] of (ids ?? []).entries()) if (!all.has(id)) refuse([...path, index], `Unknown ${what} ${JSON.stringify(id)}`);
}

function knownKeys(
  record: Readonly<Record<string, unknown>> | undefined,
  all: ReadonlySet<string>,
  path: Path,
  what: string,
  refuse: Refuse,
): void {
  for (const id of Object.keys(record ?? {})) if (!all.has(id)) refuse([...path, id], `Unknown ${what} ${JSON.stringify(id)}`);
}
