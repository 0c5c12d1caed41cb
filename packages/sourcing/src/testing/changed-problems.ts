import { parseProblem, type SourcingProblem } from '../problem.ts';

/** The same problem with all money times a factor: lane prices, labor, lateness, splits, surcharges, open lines. */
export function inOtherMoney(problem: SourcingProblem, factor: number): SourcingProblem {
  return parseProblem({
    ...problem,
    nodes: problem.nodes.map((node) => ({
      ...node,
      labor: { ...node.labor, tiers: node.labor.tiers.map((tier) => ({ ...tier, costPerMinute: tier.costPerMinute * factor })) },
    })),
    services: problem.services.map((service) => ({
      ...service,
      lanes: service.lanes.map((lane) => ({
        ...lane,
        ...(lane.base === undefined ? {} : { base: lane.base * factor }),
        ...(lane.perKg === undefined ? {} : { perKg: lane.perKg * factor }),
        ...(lane.bands === undefined ? {} : { bands: lane.bands.map((band) => ({ ...band, amount: band.amount * factor })) }),
      })),
    })),
    orders: problem.orders.map((order) => ({
      ...order,
      lateCostPerDay: order.lateCostPerDay * factor,
      splitCost: order.splitCost * factor,
      ...(order.surcharge === undefined
        ? {}
        : { surcharge: Object.fromEntries(Object.entries(order.surcharge).map(([service, amount]) => [service, amount * factor])) }),
      lines: order.lines.map((line) => ({ ...line, unfilledCostPerUnit: line.unfilledCostPerUnit * factor })),
    })),
  });
}

/** The same problem in another unit of weight: a kilogram becomes `factor` of them, and prices, bands and limits are told per new unit. */
export function inOtherWeights(problem: SourcingProblem, factor: number): SourcingProblem {
  return parseProblem({
    ...problem,
    skus: problem.skus.map((sku) => ({ ...sku, weightKg: sku.weightKg * factor })),
    services: problem.services.map((service) => ({
      ...service,
      ...(service.litresPerKg === undefined ? {} : { litresPerKg: service.litresPerKg / factor }),
      ...(service.maxKg === undefined ? {} : { maxKg: service.maxKg * factor }),
      ...(service.parcelMaxKg === undefined ? {} : { parcelMaxKg: service.parcelMaxKg * factor }),
      lanes: service.lanes.map((lane) => ({
        ...lane,
        ...(lane.perKg === undefined ? {} : { perKg: lane.perKg / factor }),
        ...(lane.bands === undefined ? {} : { bands: lane.bands.map((band) => ({ ...band, upToKg: band.upToKg * factor })) }),
      })),
    })),
  });
}

/** The same problem told in another order: orders, their lines, nodes, services and SKUs. */
export function inOtherOrder(problem: SourcingProblem): SourcingProblem {
  return parseProblem({
    ...problem,
    skus: problem.skus.toReversed(),
    nodes: problem.nodes.map((node) => ({ ...node, stock: Object.fromEntries(Object.entries(node.stock).toReversed()) })).toReversed(),
    services: problem.services.map((service) => ({ ...service, lanes: service.lanes.toReversed() })).toReversed(),
    orders: problem.orders.map((order) => ({ ...order, lines: order.lines.toReversed() })).toReversed(),
  });
}

/** One more unit of every SKU at every node. */
export function withMoreStock(problem: SourcingProblem): SourcingProblem {
  return parseProblem({
    ...problem,
    nodes: problem.nodes.map((node) => ({
      ...node,
      stock: Object.fromEntries(problem.skus.map(({ id }) => [id, (Object.entries(node.stock).find(([sku]) => sku === id)?.[1] ?? 0) + 1])),
    })),
  });
}

/** The problem without its last node; nobody is left who names it. */
export function withoutLastNode(problem: SourcingProblem): SourcingProblem {
  const nodes = problem.nodes.slice(0, -1);
  const known = (ids: readonly string[]): string[] => ids.filter((id) => nodes.some((node) => node.id === id));
  return parseProblem({
    ...problem,
    nodes,
    orders: problem.orders.map((order) => ({
      ...order,
      ...(order.eligibleNodes === undefined ? {} : { eligibleNodes: known(order.eligibleNodes) }),
      lines: order.lines.map((line) => (line.eligibleNodes === undefined ? line : { ...line, eligibleNodes: known(line.eligibleNodes) })),
    })),
  });
}
