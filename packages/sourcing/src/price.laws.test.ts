import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readCertificate } from './bound.ts';
import { compile, poolsOf, poolsOfChannel, type Compiled } from './compile.ts';
import { pricedCost } from './draft.ts';
import { plansWithin } from './enumerate.ts';
import { bookIfFits, emptyLedger, type Ledger, type Shipment } from './ledger.ts';
import { lineByLineBound, planLongOrder } from './long-order.ts';
import { entryValue, firstEntry, type Terms } from './price.ts';
import { lineAlternatives, orderBound, planOrder, pricer, type Pricer } from './pricer.ts';
import { cutPrice, startPrices, type Prices } from './prices.ts';
import type { SourcingProblem } from './problem.ts';
import { everyPlan, judgeByForce, type OrderPlan } from './testing/brute-force.ts';
import { certificates } from './testing/certificates.ts';
import { problems } from './testing/problems.ts';

/** A problem, and prices of which no minute is below its node's first rate, as the solver has them. */
const priced = problems({ nodes: 3, services: 2, skus: 3, orders: 2, lines: 4 }).chain((problem) =>
  fc.tuple(fc.constant(problem), certificates(problem)).map(([given, certificate]) => {
    const compiled = compile(given);
    const { prices } = readCertificate(compiled, certificate);
    for (const [node, { tiers }] of given.nodes.map(({ labor }) => labor).entries())
      prices.labor[node] = Math.max(prices.labor[node]!, tiers[0]!.costPerMinute);
    return { problem: given, compiled, prices: { ...prices, aboveFloor: true } };
  }),
);

/** What a plan of the brute force costs at the prices. */
function atPrices(compiled: Compiled, order: number, plan: OrderPlan, prices: Prices): number {
  const shipments = plan.shipments.map((shipment, index) => {
    const node = compiled.nodeIndex.get(shipment.node)!;
    const service = compiled.serviceIndex.get(shipment.service)!;
    const slot = compiled.slotOf[node * compiled.problem.services.length + service]!;
    return { node, service, slot, lines: shipment.lines, minutes: plan.takes[index]!.minutes, cost: 0 };
  });
  const open = plan.order.lines.filter((_, line) => !plan.shipments.some(({ lines }) => lines.includes(line)));
  const openCost = open.reduce((sum, { unfilledCostPerUnit, units }) => sum + unfilledCostPerUnit * units, 0);
  // Prices and splits by the solver's own sum, all else as the brute force has it.
  const splits = Math.max(0, shipments.length - 1) * plan.order.splitCost;
  return pricedCost(compiled, order, shipments, prices) - openCost - splits + plan.cost;
}

/** Plans that could be chosen: no line from a node that never has enough for it. */
function plansOf(problem: SourcingProblem, compiled: Compiled, order: number, prices: Prices): { plan: OrderPlan; cost: number }[] {
  const { channel } = problem.orders[order]!;
  const pools = poolsOfChannel(compiled, channel);
  return everyPlan(problem, problem.orders[order]!)
    .filter(({ takes }) =>
      takes.every(({ node, units }) =>
        units.every((taken) => {
          const row = compiled.skuIndex.get(taken.sku)! * compiled.nodeCount + compiled.nodeIndex.get(node.id)!;
          const pool = pools?.[row] ?? -1;
          return compiled.stock[row]! + (pool < 0 ? 0 : compiled.pools[pool]!.units) >= taken.units;
        }),
      ),
    )
    .map((plan) => ({ plan, cost: atPrices(compiled, order, plan, prices) }));
}

const least = (plans: readonly { readonly cost: number }[]): number => Math.min(...plans.map(({ cost }) => cost));

function eachOrder(
  numRuns: number,
  judge: (given: { problem: SourcingProblem; pricer: Pricer; order: number; prices: Prices }) => void,
): void {
  fc.assert(
    fc.property(priced, ({ problem, compiled, prices }) => {
      const own = pricer(compiled);
      for (const order of problem.orders.keys()) judge({ problem, pricer: own, order, prices });
    }),
    { numRuns },
  );
}

test('the dynamic program over sets of lines finds the cheapest of all plans of an order', () => {
  expect.hasAssertions();
  eachOrder(50, ({ problem, pricer: own, order, prices }) => {
    const cheapest = least(plansOf(problem, own.compiled, order, prices));
    expect(orderBound(own, order, prices)).toBeCloseTo(cheapest, 9);
    const chosen = planOrder(own, order, { prices, laborBy: 'prices' });
    expect(pricedCost(own.compiled, order, chosen, prices)).toBeCloseTo(cheapest, 9);
  });
});

test('stopping early in the table finds the same cheapest shipment as looking at all of it', () => {
  expect.hasAssertions();
  eachOrder(50, ({ pricer: own, order, prices }) => {
    orderBound(own, order, prices);
    const table = own.tableOf(order);
    const terms = { prices, laborBy: 'prices' as const };
    for (let mask = 1; mask < table.size; mask++) {
      let cheapest = Infinity;
      for (let entry = firstEntry(table, mask); entry < firstEntry(table, mask + 1); entry++)
        cheapest = Math.min(cheapest, entryValue({ compiled: own.compiled, order, table, terms }, entry, mask, mask));
      expect(own.room.best[mask]).toBeCloseTo(cheapest, 9);
    }
  });
});

test('tables without the shipments that are dearer than open lines give the same least cost', () => {
  expect.hasAssertions();
  eachOrder(50, ({ pricer: own, order, prices }) => {
    expect(orderBound(own, order, prices)).toBeCloseTo(orderBound(pricer(own.compiled, { complete: true }), order, prices), 9);
  });
});

test('for one line, each node has the cheapest plan with the line from there, and the rest what it would cost without', () => {
  expect.hasAssertions();
  eachOrder(40, ({ problem, pricer: own, order, prices }) => {
    const { compiled } = own;
    const plans = plansOf(problem, compiled, order, prices);
    for (const line of problem.orders[order]!.lines.keys()) {
      orderBound(own, order, prices);
      const out = new Float64Array(compiled.nodeCount);
      const endless = Uint8Array.from({ length: compiled.nodeCount }, (_, node) => (node === 2 ? 1 : 0));
      const free = lineAlternatives(
        own,
        { compiled, order, table: own.tableOf(order), terms: { prices, laborBy: 'prices' } },
        line,
        endless,
        out,
      );
      const { stock, pool } = prices;
      // Without the line's own price: its plan at prices of nothing there, less what the others of its SKU pay.
      const from = plans.map(({ plan, cost }) => {
        const shipment = plan.shipments.find(({ lines }) => lines.includes(line));
        const node = shipment === undefined ? -1 : compiled.nodeIndex.get(shipment.node)!;
        if (shipment === undefined) return { node, cost };
        const row = compiled.lineSku[compiled.lineStart[order]! + line]! * compiled.nodeCount + node;
        const units = compiled.lineUnits[compiled.lineStart[order]! + line]!;
        const poolHere = poolsOf(compiled, order)?.[row] ?? -1;
        const unit = poolHere < 0 ? stock[row]! : Math.min(pool[poolHere]!, stock[row]!);
        return { node, cost: cost - units * unit - cutPrice(prices, row, units) };
      });
      const expected = least(from.filter(({ node }) => node === -1 || node === 2));
      expect(free).toBeCloseTo(expected, 9);
      for (const node of [0, 1]) {
        const there = least(from.filter((plan) => plan.node === node));
        // Above what the order pays without, nobody needs to know how much.
        expect(Math.min(out[node]!, expected)).toBeCloseTo(Math.min(there, expected), 9);
      }
    }
  });
});

test('a proof looks at every plan within the gap, but for those that another replaces at no loss', () => {
  expect.hasAssertions();
  const slack = 6;
  eachOrder(40, ({ problem, pricer: { compiled }, order, prices }) => {
    // Tables leave out shipments that are dearer than open lines, which replace them at no loss; here all are wanted.
    const own = pricer(compiled, { complete: true });
    const useOf = (shipments: readonly { readonly node: number; readonly slot: number; readonly lines: readonly number[] }[]): string =>
      JSON.stringify([
        shipments.flatMap(({ node, lines }) => lines.map((line) => [line, node])).toSorted(([left = 0], [right = 0]) => left - right),
        shipments
          .map(({ slot }) => slot)
          .filter((slot) => slot >= 0)
          .toSorted((left, right) => left - right),
      ]);
    const columns = plansWithin(own, order, prices, slack, 1e6)!;
    const known = new Map<string, number>();
    for (const { shipments, cost } of columns) known.set(useOf(shipments), Math.min(cost, known.get(useOf(shipments)) ?? Infinity));
    const plans = plansOf(problem, compiled, order, prices);
    const cheapest = least(plans);
    for (const { plan, cost } of plans) {
      const shipments = plan.shipments.map(({ node: nodeId, service, lines }) => {
        const node = compiled.nodeIndex.get(nodeId)!;
        return { node, lines, slot: compiled.slotOf[node * problem.services.length + compiled.serviceIndex.get(service)!]! };
      });
      const missing = cost < cheapest + slack - 1e-6 && !((known.get(useOf(shipments)) ?? Infinity) <= plan.cost + 1e-9);
      expect(missing).toBe(false);
    }
  });
});

test('the line-by-line bound of an order is never above its exact one', () => {
  expect.hasAssertions();
  eachOrder(60, ({ pricer: own, order, prices }) => {
    const { value } = lineByLineBound(own.compiled, order, own.sourcesOf(order), prices);
    expect(value).toBeLessThanOrEqual(orderBound(own, order, prices) + 1e-9);
  });
});

/** A ledger on which every other order has already taken its plan. */
function usedLedger(own: Pricer, order: number): Ledger {
  const ledger = emptyLedger(own.compiled);
  for (let other = 0; other < own.compiled.orderCount; other++)
    if (other !== order) bookIfFits(ledger, other, planOrder(own, other, { prices: startPrices(own.compiled), ledger, laborBy: 'ledger' }));
  return ledger;
}

describe.each<[string, (own: Pricer, order: number, terms: Terms) => readonly Shipment[]]>([
  ['exact pricing', planOrder],
  ['the method for long orders', (own, order, terms) => planLongOrder(own.compiled, order, own.sourcesOf(order), terms)],
])('%s', (_, planned) => {
  test('plans on a ledger what fits into what is left, also where lines of one SKU or shipments from one node add up', () => {
    expect.hasAssertions();
    eachOrder(150, ({ pricer: own, order, prices }) => {
      const ledger = usedLedger(own, order);
      expect(bookIfFits(ledger, order, planned(own, order, { prices, ledger, laborBy: 'ledger' }))).toBe(true);
    });
  });

  test('keeps the rules of the order: bundles, ship-complete, shipments, services, nodes', () => {
    expect.hasAssertions();
    eachOrder(150, ({ problem, pricer: own, order }) => {
      const { compiled } = own;
      const terms = { prices: startPrices(compiled), ledger: emptyLedger(compiled), laborBy: 'ledger' as const };
      const shipments = planned(own, order, terms).map(({ node, service, lines }) => ({
        order: problem.orders[order]!.id,
        node: problem.nodes[node]!.id,
        service: problem.services[service]!.id,
        lines,
      }));
      expect(
        judgeByForce(
          problem,
          shipments.map((shipment) => ({ ...shipment, lines: [...shipment.lines] })),
        ).faults,
      ).toEqual([]);
    });
  });
});
