import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import type { PlanShipment } from '../plan.ts';
import type { ProblemOrder } from '../problem.ts';
import { problems } from '../testing/problems.ts';
import { clairvoyantBound } from './clairvoyant.ts';
import { forecastFromOrders } from './forecast.ts';
import { lastDayOf, parseHorizon, type Horizon } from './horizon.ts';
import { dailyWave, lookingAhead, myopicRule, orderByOrder } from './policies.ts';
import { PolicyError, simulate, type Simulation } from './simulate.ts';
import { valueOfStock } from './value-of-stock.ts';

/** Streams of a few days over small problems with every optional field of the contract. */
function streams(days: number, size: Parameters<typeof problems>[0]): fc.Arbitrary<Horizon> {
  return problems(size).chain((problem) =>
    fc
      .record({
        when: fc.array(fc.tuple(fc.nat(days - 1), fc.nat(days - 1)), { minLength: size.orders, maxLength: size.orders }),
        receipts: fc.array(
          fc.record({
            day: fc.nat(days - 1),
            node: fc.constantFrom(...problem.nodes.map(({ id }) => id)),
            sku: fc.constantFrom(...problem.skus.map(({ id }) => id)),
            units: fc.integer({ min: 1, max: 3 }),
          }),
          { maxLength: 3 },
        ),
      })
      .map(({ when, receipts }) =>
        parseHorizon({
          days,
          problem: { ...problem, orders: [] },
          receipts,
          arrivals: problem.orders.map((order, index) => ({ day: when[index]![0], lastDay: when[index]![0] + when[index]![1], order })),
        }),
      ),
  );
}

const small = streams(4, { nodes: 3, services: 2, skus: 3, orders: 5, lines: 3 });
const tiny = streams(2, { nodes: 2, services: 1, skus: 2, orders: 2, lines: 2 });

/** One node, one SKU: everybody wants the same units, and which batch they come from is all there is to decide. */
const scarce = streams(3, { nodes: 1, services: 1, skus: 1, orders: 4, lines: 1 });

const policies = (stream: Horizon) => {
  const values = lookingAhead(forecastFromOrders(stream.problem, [stream.arrivals.map(({ order }) => order)], 1), { samples: 2 });
  return [myopicRule(), orderByOrder(values), dailyWave({ workLimit: 0 }), dailyWave({ workLimit: 0 }, values)];
};

test('whatever a policy does, each unit that was there or came in is shipped or still there, and nobody ships an order twice', async () => {
  await fc.assert(
    fc.asyncProperty(small, async (stream) => {
      const had = unitsOf(stream);
      for (const policy of policies(stream)) {
        const simulation = await simulate(stream, policy);
        expect(unitsAfter(stream, simulation)).toEqual(had);
        for (const { stock } of simulation.left) for (const units of Object.values(stock)) expect(units).toBeGreaterThanOrEqual(0);
        expect(unitsLostOrShipped(stream, simulation)).toBe(unitsAsked(stream));
      }
    }),
    { numRuns: 12 },
  );
});

test('no policy pays less than the clairvoyant bound', async () => {
  await fc.assert(
    fc.asyncProperty(small, async (stream) => {
      const bound = clairvoyantBound(stream, 10);
      for (const policy of policies(stream)) expect((await simulate(stream, policy)).cost.total).toBeGreaterThanOrEqual(bound - 1e-6);
    }),
    { numRuns: 12 },
  );
});

test('not even the best of all ways through a tiny stream is cheaper than the clairvoyant bound', async () => {
  await fc.assert(
    fc.asyncProperty(fc.oneof(tiny, scarce), async (stream) => {
      expect(clairvoyantBound(stream, 10)).toBeLessThanOrEqual((await cheapestWay(stream)) + 1e-6);
    }),
    { numRuns: 100 },
  );
});

test('stock is never worth less than nothing', () => {
  fc.assert(
    fc.property(small, fc.nat(), (stream, seed) => {
      const orders = stream.arrivals.map(({ order }) => order);
      const outlook = { problem: { ...stream.problem, orders }, days: stream.days, receipts: stream.receipts };
      const values = valueOfStock(outlook, forecastFromOrders(stream.problem, [orders]), { samples: 2, seed });
      for (const bySku of Object.values(values)) for (const value of Object.values(bySku)) expect(value).toBeGreaterThanOrEqual(0);
    }),
    { numRuns: 50 },
  );
});

/** One SKU, orders of one unit, one labor rate: what stock is worth then is a transportation problem, solved exactly. (With lines of two units a receipt may make the unit beside it useful.) */
const exact = streams(3, { nodes: 3, services: 1, skus: 1, orders: 5, lines: 1 }).map((stream): Horizon => ({
  ...stream,
  arrivals: stream.arrivals.map(({ order, ...rest }) => ({
    ...rest,
    order: { ...order, lines: order.lines.map((line) => ({ ...line, units: 1 })) },
  })),
  problem: {
    ...stream.problem,
    nodes: stream.problem.nodes.map(({ maxShipments: _uncapped, ...node }) => ({
      ...node,
      labor: { ...node.labor, tiers: [{ minutes: null, costPerMinute: node.labor.tiers[0]!.costPerMinute }] },
    })),
  },
}));

test('a receipt more never makes a unit worth more', () => {
  fc.assert(
    fc.property(exact, fc.nat(2), fc.nat(2), (stream, node, day) => {
      const orders = stream.arrivals.map(({ order }) => order);
      const future = { futures: () => [stream.arrivals.filter((arrival) => arrival.day > 0)] };
      const outlook = { problem: { ...stream.problem, orders: orders.slice(0, 1) }, days: stream.days, receipts: stream.receipts };
      const receipt = { day, node: stream.problem.nodes[node]!.id, sku: stream.problem.skus[0]!.id, units: 1 };
      const before = valueOfStock(outlook, future);
      const after = valueOfStock({ ...outlook, receipts: [...outlook.receipts, receipt] }, future);
      for (const [id, bySku] of Object.entries(before))
        for (const [sku, value] of Object.entries(bySku))
          expect(new Map(Object.entries(after[id] ?? {})).get(sku)).toBeLessThanOrEqual(value + 1e-9);
    }),
    { numRuns: 150 },
  );
});

function unitsOf({ problem, receipts }: Horizon): Map<string, number> {
  const units = new Map<string, number>();
  const add = (sku: string, more: number): void => void units.set(sku, (units.get(sku) ?? 0) + more);
  for (const { stock, reserved } of problem.nodes)
    for (const skus of [stock, ...Object.values(reserved ?? {})]) for (const [sku, more] of Object.entries(skus)) add(sku, more);
  for (const { sku, units: more } of receipts) add(sku, more);
  return withoutZeros(units);
}

function unitsAfter(stream: Horizon, { left, days }: Simulation): Map<string, number> {
  const units = new Map<string, number>();
  const add = (sku: string, more: number): void => void units.set(sku, (units.get(sku) ?? 0) + more);
  for (const { stock } of left) for (const [sku, more] of Object.entries(stock)) add(sku, more);
  for (const { order, lines } of shippedLines(stream, days))
    for (const line of lines) add(order.lines[line]!.sku, order.lines[line]!.units);
  return withoutZeros(units);
}

function withoutZeros(units: ReadonlyMap<string, number>): Map<string, number> {
  return new Map([...units].filter(([, count]) => count > 0).sort(([left], [right]) => (left < right ? -1 : 1)));
}

/** Shipments with the lines as the order came in, not as numbered on a later day. */
function shippedLines(stream: Horizon, days: Simulation['days']): { order: ProblemOrder; lines: number[] }[] {
  const open = new Map(stream.arrivals.map(({ order }) => [order.id, [...order.lines.keys()]]));
  return days.flatMap(({ shipments }) => {
    const before = new Map(open);
    return shipments.map(({ order: id, lines }) => {
      const shipped = lines.map((line) => before.get(id)![line]!);
      open.set(
        id,
        open.get(id)!.filter((line) => !shipped.includes(line)),
      );
      return { order: stream.arrivals.find(({ order }) => order.id === id)!.order, lines: shipped };
    });
  });
}

function unitsAsked({ arrivals }: Horizon): number {
  return arrivals.reduce((sum, { order }) => sum + order.lines.reduce((units, line) => units + line.units, 0), 0);
}

function unitsLostOrShipped(stream: Horizon, { days }: Simulation): number {
  const shipped = shippedLines(stream, days).reduce(
    (sum, { order, lines }) => sum + lines.reduce((units, line) => units + order.lines[line]!.units, 0),
    0,
  );
  return shipped + days.reduce((sum, { lostUnits }) => sum + lostUnits, 0);
}

/** What is paid by who tries every way: each order's lines in shipments from any node by any service on any of its days, or open. */
async function cheapestWay(stream: Horizon): Promise<number> {
  let ways: (readonly Dated[])[] = [[]];
  for (const arrival of stream.arrivals) {
    const days = Array.from({ length: lastDayOf(stream, arrival) - arrival.day + 1 }, (_, more) => arrival.day + more);
    const places = days.flatMap((day) =>
      stream.problem.nodes.flatMap(({ id: node }) =>
        stream.problem.services.map(({ id: service }) => ({ day, order: arrival.order.id, node, service })),
      ),
    );
    let plans: Dated[][] = [[]];
    for (const line of arrival.order.lines.keys())
      plans = plans.flatMap((plan) => [
        plan,
        ...plan.map((shipment) => plan.map((other) => (other === shipment ? { ...other, lines: [...other.lines, line] } : other))),
        ...places.map((place) => [...plan, { ...place, lines: [line] }]),
      ]);
    ways = ways.flatMap((way) => plans.map((plan) => [...way, ...plan]));
  }
  let least = Infinity;
  for (const way of ways) least = Math.min(least, await paid(stream, way));
  return least;
}

interface Dated extends PlanShipment {
  readonly day: number;
}

/** What a way costs; Infinity where a rule forbids it. */
async function paid(stream: Horizon, way: readonly Dated[]): Promise<number> {
  const open = new Map(stream.arrivals.map(({ order }) => [order.id, [...order.lines.keys()]]));
  try {
    const { cost } = await simulate(stream, {
      name: 'one way',
      decide: ({ day, problem }) => {
        const known = new Set(problem.orders.map(({ id }) => id));
        const shipments = way.filter((shipment) => shipment.day === day && known.has(shipment.order));
        const numbered = shipments.map(({ order, node, service, lines }) => ({
          order,
          node,
          service,
          lines: lines.map((line) => open.get(order)!.indexOf(line)),
        }));
        for (const { order, lines } of shipments)
          open.set(
            order,
            open.get(order)!.filter((line) => !lines.includes(line)),
          );
        return numbered;
      },
    });
    return cost.total;
  } catch (error) {
    if (error instanceof PolicyError) return Infinity;
    throw error;
  }
}
