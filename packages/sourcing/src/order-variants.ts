import { compile, maxExactLines, poolsOfChannel, stockRow } from './compile.ts';
import { plansWithin } from './enumerate.ts';
import type { PlanShipment } from './plan.ts';
import type { PlanView } from './plan-view.ts';
import { planOrder, pricer, type Pricer } from './pricer.ts';
import { cutsOfRow, startPrices, withCuts, type Prices, type RoundingCut } from './prices.ts';
import type { ProblemOrder } from './problem.ts';

/** Other versions of a problem's orders, with the prices of a plan: order by order as given. */
export interface OrderVariants {
  readonly given: Pricer;
  readonly prices: Prices;
}

/** Versions of orders that ask for no SKU but those of the view's problem. */
export function orderVariants(view: PlanView, orders: readonly ProblemOrder[]): OrderVariants {
  const { compiled: base } = view.given;
  const compiled = compile({ ...base.problem, orders: [...orders] });
  const prices = startPrices(compiled);
  const cuts: RoundingCut[] = [];
  prices.labor.set(view.prices.labor);
  prices.slot.set(view.prices.slot);
  for (let sku = 0; sku < compiled.skuCount; sku++) {
    for (let node = 0; node < compiled.nodeCount; node++) {
      const known = stockRow(base, node, base.skuIndex.get(compiled.skuIds[sku]!)!);
      const row = stockRow(compiled, node, sku);
      prices.stock[row] = view.prices.stock[known]!;
      for (const cut of cutsOfRow(view.prices, known)) cuts.push({ ...cut, row });
    }
  }
  for (const [pool, { node, sku, channel }] of compiled.pools.entries()) {
    const known = poolsOfChannel(base, compiled.channelIds[channel]!)![stockRow(base, node, base.skuIndex.get(compiled.skuIds[sku]!)!)]!;
    prices.pool[pool] = view.prices.pool[known]!;
  }
  // A shelf for many tables is too much for one.
  const choice = orders.length > 1 ? {} : { entryBudget: -1 };
  return {
    given: pricer(compiled, choice),
    prices: { ...prices, ...withCuts(compiled.stock.length, cuts), aboveFloor: view.prices.aboveFloor },
  };
}

/** The cheapest plan at the prices of one version of an order. */
export function cheapestShipments(view: PlanView, order: ProblemOrder): PlanShipment[] {
  const { given, prices } = orderVariants(view, [order]);
  const { nodes, services } = given.compiled.problem;
  return planOrder(given, 0, { prices, laborBy: 'prices' }).map((shipment) => ({
    order: order.id,
    node: nodes[shipment.node]!.id,
    service: services[shipment.service]!.id,
    lines: [...shipment.lines],
  }));
}

/** True where a version of an order has no other plan within `slack` of its cheapest one at the prices. */
export function hasOnePlanWithin(view: PlanView, order: ProblemOrder, slack: number): boolean {
  if (order.lines.length > maxExactLines) return false;
  const { given, prices } = orderVariants(view, [order]);
  return plansWithin(given, 0, prices, slack, 50)?.length === 1;
}

/** An order of which these lines ship wherever they can, whatever it costs. */
export function mustShip(order: ProblemOrder, isForced: (line: number) => boolean): ProblemOrder {
  const lines = order.lines.map((line, index) =>
    isForced(index) ? { ...line, unfilledCostPerUnit: line.unfilledCostPerUnit + whateverItCosts } : line,
  );
  return { ...order, lines };
}

/** More than any shipment costs, and few enough digits to leave cents exact. */
const whateverItCosts = 1e7;
