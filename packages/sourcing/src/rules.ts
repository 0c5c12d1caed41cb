import type { OrderLine, ProblemNode, ProblemOrder, SourcingProblem } from './problem.ts';

/**
 * A rule of a problem that could be dropped. An order's rule is about that order alone; `eligible-nodes` and `services` are its lists and those of its lines;
 * `promise` is what lateness costs; `labor-cap` is the end of a finite last tier; without the rule `node` the node is closed, which costs rather than saves.
 */
export type Rule =
  | { readonly kind: 'ship-complete' | 'bundles' | 'max-shipments' | 'eligible-nodes' | 'services' | 'promise'; readonly order: string }
  | { readonly kind: 'reservation'; readonly node: string; readonly channel: string; readonly sku: string }
  | { readonly kind: 'cap'; readonly node: string; readonly service: string }
  | { readonly kind: 'labor-cap' | 'node'; readonly node: string };

/** Every rule that a problem has, orders first, each in the problem's order. */
export function rulesOf(problem: SourcingProblem): Rule[] {
  return [...problem.orders.flatMap(orderRules), ...problem.nodes.flatMap(nodeRules)];
}

function orderRules(given: ProblemOrder): Rule[] {
  const { id: order, lines } = given;
  const kinds: [Extract<Rule, { order: string }>['kind'], boolean][] = [
    ['ship-complete', given.shipComplete === true && lines.length > 1],
    ['bundles', lines.some(({ bundle }) => bundle !== undefined) && lines.length > 1],
    ['max-shipments', given.maxShipments !== undefined && given.maxShipments < lines.length],
    ['eligible-nodes', given.eligibleNodes !== undefined || lines.some(({ eligibleNodes }) => eligibleNodes !== undefined)],
    ['services', given.services !== undefined || lines.some(({ services }) => services !== undefined)],
    ['promise', given.lateCostPerDay > 0],
  ];
  return kinds.flatMap(([kind, has]): Rule[] => (has ? [{ kind, order }] : []));
}

function nodeRules({ id: node, reserved, maxShipments, labor }: ProblemNode): Rule[] {
  return [
    ...Object.entries(reserved ?? {}).flatMap(([channel, units]) =>
      Object.entries(units).flatMap(([sku, count]): Rule[] => (count > 0 ? [{ kind: 'reservation', node, channel, sku }] : [])),
    ),
    ...Object.keys(maxShipments ?? {}).map((service): Rule => ({ kind: 'cap', node, service })),
    ...(labor.tiers.at(-1)?.minutes === null ? [] : [{ kind: 'labor-cap', node } as const]),
    { kind: 'node', node },
  ];
}

/** The order without one of its rules. */
export function orderWithout(given: ProblemOrder, kind: Extract<Rule, { order: string }>['kind']): ProblemOrder {
  const { shipComplete, maxShipments, eligibleNodes, services, ...order } = given;
  const kept = {
    ...(shipComplete === undefined || kind === 'ship-complete' ? {} : { shipComplete }),
    ...(maxShipments === undefined || kind === 'max-shipments' ? {} : { maxShipments }),
    ...(eligibleNodes === undefined || kind === 'eligible-nodes' ? {} : { eligibleNodes }),
    ...(services === undefined || kind === 'services' ? {} : { services }),
    ...(kind === 'promise' ? { lateCostPerDay: 0 } : {}),
  };
  return { ...order, ...kept, lines: given.lines.map((line) => lineWithout(line, kind)) };
}

function lineWithout({ bundle, eligibleNodes, services, ...line }: OrderLine, kind: Rule['kind']): OrderLine {
  return {
    ...line,
    ...(bundle === undefined || kind === 'bundles' ? {} : { bundle }),
    ...(eligibleNodes === undefined || kind === 'eligible-nodes' ? {} : { eligibleNodes }),
    ...(services === undefined || kind === 'services' ? {} : { services }),
  };
}

/** The problem without a rule: reserved units become shared ones, minutes after the last tier cost its rate. */
export function withoutRule(problem: SourcingProblem, rule: Rule): SourcingProblem {
  if ('order' in rule)
    return { ...problem, orders: problem.orders.map((order) => (order.id === rule.order ? orderWithout(order, rule.kind) : order)) };
  if (rule.kind === 'node') return withoutNode(problem, rule.node);
  return { ...problem, nodes: problem.nodes.map((node) => (node.id === rule.node ? nodeWithout(node, rule) : node)) };
}

function nodeWithout(node: ProblemNode, rule: Exclude<Rule, { order: string }>): ProblemNode {
  if (rule.kind === 'cap') {
    const caps = Object.entries(node.maxShipments ?? {}).filter(([service]) => service !== rule.service);
    return { ...node, maxShipments: Object.fromEntries(caps) };
  }
  if (rule.kind === 'reservation') {
    let units = 0;
    const reserved = Object.entries(node.reserved ?? {}).map(([channel, skus]): [string, Record<string, number>] => {
      if (channel !== rule.channel) return [channel, skus];
      const entries = Object.entries(skus);
      units += entries.find(([sku]) => sku === rule.sku)?.[1] ?? 0;
      return [channel, Object.fromEntries(entries.filter(([sku]) => sku !== rule.sku))];
    });
    const stock = new Map(Object.entries(node.stock));
    stock.set(rule.sku, (stock.get(rule.sku) ?? 0) + units);
    return { ...node, reserved: Object.fromEntries(reserved), stock: Object.fromEntries(stock) };
  }
  const tiers = node.labor.tiers.map((tier, index, all) => (index === all.length - 1 ? { ...tier, minutes: null } : tier));
  return { ...node, labor: { ...node.labor, tiers } };
}

function withoutNode(problem: SourcingProblem, closed: string): SourcingProblem {
  const open = (ids: readonly string[]): string[] => ids.filter((id) => id !== closed);
  return {
    ...problem,
    nodes: problem.nodes.filter(({ id }) => id !== closed),
    orders: problem.orders.map((order) => ({
      ...order,
      ...(order.eligibleNodes === undefined ? {} : { eligibleNodes: open(order.eligibleNodes) }),
      lines: order.lines.map((line) => (line.eligibleNodes === undefined ? line : { ...line, eligibleNodes: open(line.eligibleNodes) })),
    })),
  };
}

/** A rule in words that complete "without …". */
export function ruleWords(rule: Rule): string {
  switch (rule.kind) {
    case 'ship-complete':
      return `having to ship ${rule.order} complete`;
    case 'bundles':
      return `having to keep the bundles of ${rule.order} together`;
    case 'max-shipments':
      return `the limit on the shipments of ${rule.order}`;
    case 'eligible-nodes':
      return `the list of nodes that may ship ${rule.order}`;
    case 'services':
      return `the list of services that may carry ${rule.order}`;
    case 'promise':
      return `the promised day of ${rule.order}`;
    case 'reservation':
      return `the units of ${rule.sku} that ${rule.node} keeps for ${rule.channel}`;
    case 'cap':
      return `the limit on ${rule.service} shipments of ${rule.node}`;
    case 'labor-cap':
      return `the end of the working hours of ${rule.node}`;
    case 'node':
      return `the node ${rule.node}`;
  }
}
