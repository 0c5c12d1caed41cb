import { compile, stockRow } from './compile.ts';
import type { PlanShipment } from './plan.ts';
import type { PlanView } from './plan-view.ts';
import { planOrder, pricer, type Pricer } from './pricer.ts';
import { startPrices, withCuts, type Prices, type RoundingCut } from './prices.ts';
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
      for (const cut of view.prices.cutsOfRow.get(known) ?? []) cuts.push({ ...cut, row });
    }
  }
  for (const [pool, { node, sku, channel }] of compiled.pools.entries()) {
    const known = base.poolOfChannel.get(channel)![stockRow(base, node, base.skuIndex.get(compiled.skuIds[sku]!)!)]!;
    prices.pool[pool] = view.prices.pool[known]!;
  }
  return { given: pricer(compiled), prices: { ...prices, ...withCuts(compiled.stock.length, cuts), aboveFloor: view.prices.aboveFloor } };
}

/** The cheapest plan at the prices of one version of an order; with `shipAll` as many of its units as can be shipped, whatever it costs. */
export function cheapestShipments(
  view: PlanView,
  order: ProblemOrder,
  { shipAll = false }: { readonly shipAll?: boolean } = {},
): PlanShipment[] {
  const lines = shipAll
    ? order.lines.map((line) => ({ ...line, unfilledCostPerUnit: line.unfilledCostPerUnit + whateverItCosts }))
    : order.lines;
  const { given, prices } = orderVariants(view, [{ ...order, lines }]);
  const { nodes, services } = given.compiled.problem;
  return planOrder(given, 0, { prices, laborBy: 'prices' }).map((shipment) => ({
    order: order.id,
    node: nodes[shipment.node]!.id,
    service: services[shipment.service]!.id,
    lines: [...shipment.lines],
  }));
}

/** More than any shipment costs, and few enough digits to leave cents exact. */
const whateverItCosts = 1e7;
