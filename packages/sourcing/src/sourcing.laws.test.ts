import { existsSync } from 'node:fs';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { nearestFirst } from './baseline.ts';
import { auditShipments } from './cost.ts';
import { explainOrders } from './explain.ts';
import { parsePlan, planText, type PlanShipment } from './plan.ts';
import { parseProblem, type ProblemOrder, type SourcingProblem } from './problem.ts';
import { solve } from './solve.ts';
import { verifyPlan } from './verify.ts';

/** Ids that trip programs which join ids or use them as object keys. */
const ids = ['__proto__', 'constructor', 'a b', 'x|y', ''];
const zones = ['AT', '__proto__'];
const channels = ['web', '__proto__'];

const cents = (most: number): fc.Arbitrary<number> => fc.integer({ min: 0, max: most * 100 }).map((value) => value / 100);
const maybe = <Value>(value: fc.Arbitrary<Value>): fc.Arbitrary<Value | undefined> => fc.option(value, { nil: undefined, freq: 2 });
const some = (all: readonly string[]): fc.Arbitrary<string[]> => fc.subarray([...all], { minLength: 1 });
const record = (keys: readonly string[], value: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> =>
  fc
    .tuple(fc.subarray([...keys]), fc.array(value, { minLength: keys.length, maxLength: keys.length }))
    .map(([chosen, values]) => Object.fromEntries(chosen.map((key, index) => [key, values[index]])));

/** Small problems with every optional field of the contract. */
function problems(size: { nodes: number; services: number; skus: number; orders: number; lines: number }): fc.Arbitrary<SourcingProblem> {
  const skuIds = ids.slice(0, size.skus);
  const nodeIds = ids.slice(0, size.nodes);
  const serviceIds = ids.slice(0, size.services);
  const tiers = fc
    .tuple(fc.array(fc.record({ minutes: cents(15), costPerMinute: cents(1) }), { minLength: 1, maxLength: 3 }), fc.boolean())
    .map(([given, unlimited]) => {
      const rising = [...given].sort((left, right) => left.costPerMinute - right.costPerMinute);
      return rising.map((tier, index) => (unlimited && index === rising.length - 1 ? { ...tier, minutes: null } : tier));
    });
  const node = (id: string): fc.Arbitrary<unknown> =>
    fc.record({
      id: fc.constant(id),
      kind: fc.constantFrom('warehouse', '3pl', 'store'),
      zone: fc.constantFrom(...zones),
      cutoffMinute: fc.constantFrom(600, 900),
      dispatchDay: maybe(record(serviceIds, fc.nat(2))),
      services: maybe(some(serviceIds)),
      stock: record(skuIds, fc.nat(4)),
      reserved: maybe(record(channels, record(skuIds, fc.nat(3)))),
      maxShipments: maybe(record(serviceIds, fc.nat(2))),
      labor: fc.record({ minutesPerShipment: cents(3), minutesPerLine: cents(1), minutesPerUnit: cents(1), tiers }),
    });
  const price = fc.oneof(
    fc.record({ base: cents(9), perKg: cents(1) }),
    fc
      .uniqueArray(fc.record({ upToKg: fc.constantFrom(1, 2, 5, 20), amount: cents(12) }), {
        minLength: 1,
        maxLength: 3,
        selector: ({ upToKg }) => upToKg,
      })
      .map((bands) => ({
        bands: bands
          .map(({ upToKg }) => upToKg)
          .sort((left, right) => left - right)
          .map((upToKg, index) => ({ upToKg, amount: bands.map(({ amount }) => amount).sort((left, right) => left - right)[index] })),
      })),
  );
  const lane = fc.tuple(price, fc.nat(3), fc.boolean());
  const service = (id: string): fc.Arbitrary<unknown> =>
    fc
      .record({
        litresPerKg: maybe(fc.constantFrom(4, 6)),
        maxKg: maybe(fc.constantFrom(3, 30)),
        parcelMaxKg: maybe(fc.constantFrom(1, 4)),
        lanes: fc.array(lane, { minLength: 4, maxLength: 4 }),
      })
      .map(({ lanes, ...rest }) => ({
        id,
        ...rest,
        lanes: lanes.flatMap(([form, transitDays, there], index) =>
          there || index === 0 ? [{ from: zones[index >> 1], to: zones[index & 1], transitDays, ...form }] : [],
        ),
      }));
  const line = fc.record({
    sku: fc.constantFrom(...skuIds),
    units: fc.integer({ min: 1, max: 3 }),
    unfilledCostPerUnit: cents(15),
    bundle: maybe(fc.constantFrom('kit', '__proto__')),
    promiseDay: maybe(fc.nat(3)),
    services: maybe(some(serviceIds)),
    eligibleNodes: maybe(some(nodeIds)),
  });
  const order = (id: string): fc.Arbitrary<unknown> =>
    fc.record({
      id: fc.constant(id),
      channel: fc.constantFrom(...channels),
      zone: fc.constantFrom(...zones),
      promiseDay: fc.nat(3),
      lateCostPerDay: cents(2),
      splitCost: cents(2),
      maxShipments: maybe(fc.integer({ min: 1, max: 3 })),
      shipComplete: maybe(fc.boolean()),
      services: maybe(some(serviceIds)),
      surcharge: maybe(record(serviceIds, cents(3))),
      eligibleNodes: maybe(some(nodeIds)),
      lines: fc.array(line, { minLength: 1, maxLength: size.lines }),
    });
  return fc
    .record({
      format: fc.constant('quartermaster/sourcing-problem@1'),
      name: fc.constant('law'),
      currency: fc.constant('EUR'),
      decisionMinute: fc.constant(780),
      skus: fc.tuple(...skuIds.map((id) => fc.record({ id: fc.constant(id), weightKg: cents(3), volumeL: cents(9) }))),
      nodes: fc.tuple(...nodeIds.map(node)),
      services: fc.tuple(...serviceIds.map(service)),
      orders: fc.tuple(...ids.slice(0, size.orders).map(order)),
    })
    .map((raw) => parseProblem(raw));
}

const small = problems({ nodes: 3, services: 3, skus: 4, orders: 5, lines: 5 });
const tiny = problems({ nodes: 2, services: 2, skus: 2, orders: 2, lines: 2 });
const quick = { workLimit: 200 };

test('a plan is feasible, its cost is what its claim says, and its certificate proves its bound', async () => {
  await fc.assert(
    fc.asyncProperty(small, async (problem) => {
      const result = await solve(problem, quick);
      const verified = verifyPlan(problem, parsePlan(JSON.parse(planText(result.plan))));
      expect(verified.errors).toEqual([]);
      expect(verified.cost).toEqual(result.cost);
      expect(verified.certifiedBound).toBeCloseTo(Math.max(result.certifiedBound, verified.certifiedBound ?? 0), 6);
      expect(result.bound).toBeLessThanOrEqual(result.cost.total);
    }),
    { numRuns: 150 },
  );
});

test('no plan of a tiny batch is cheaper than the bound, and none is dearer to find than to enumerate', async () => {
  await fc.assert(
    fc.asyncProperty(tiny, async (problem) => {
      const result = await solve(problem, quick);
      const optimum = cheapestByEnumeration(problem);
      expect(result.certifiedBound).toBeLessThanOrEqual(optimum + 1e-6);
      expect(result.cost.total).toBeGreaterThanOrEqual(optimum - 1e-6);
    }),
    { numRuns: 60 },
  );
});

test('the same problem gives the same plan, byte for byte', async () => {
  await fc.assert(
    fc.asyncProperty(small, async (problem) => {
      const [first, second] = [await solve(problem, quick), await solve(parseProblem(structuredClone(problem)), quick)];
      expect(planText(second.plan)).toBe(planText(first.plan));
    }),
    { numRuns: 25 },
  );
});

test('the shop rule keeps every hard rule', () => {
  fc.assert(
    fc.property(small, (problem) => {
      const { plan, cost } = nearestFirst(problem);
      expect(verifyPlan(problem, plan)).toMatchObject({ feasible: true, cost });
    }),
    { numRuns: 150 },
  );
});

test('every order of a plan can be explained, and no chosen node is passed over', async () => {
  await fc.assert(
    fc.asyncProperty(small, async (problem) => {
      const { plan } = await solve(problem, quick);
      for (const { shipments, passedOver } of explainOrders(problem, plan)) {
        expect(new Set([...shipments, ...passedOver].map(({ node }) => node)).size).toBe(problem.nodes.length);
      }
    }),
    { numRuns: 25 },
  );
});

const tools = new URL('../../../../shared/tools/', import.meta.url);
const verdict = z.object({ feasible: z.boolean(), errors: z.array(z.string()), cost: z.object({ total: z.number() }) });

describe.skipIf(!existsSync(tools))('beside the arbiters of the contract (skipped where ../shared is absent)', () => {
  test('cost, feasibility and bound agree', async () => {
    const { verify } = z
      .object({ verify: z.custom<(problem: unknown, plan: unknown) => unknown>() })
      .parse(await import(new URL('sourcing-verify.mjs', tools).href));
    const { lowerBound } = z
      .object({ lowerBound: z.custom<(problem: unknown, certificate: unknown) => unknown>() })
      .parse(await import(new URL('sourcing-certify.mjs', tools).href));
    await fc.assert(
      fc.asyncProperty(small, async (problem) => {
        const result = await solve(problem, quick);
        const judged = verdict.parse(verify(problem, result.plan));
        expect(judged.errors).toEqual([]);
        expect(judged.cost.total).toBeCloseTo(result.cost.total, 6);
        expect(verifyPlan(problem, result.plan).certifiedBound).toBeCloseTo(
          z.number().parse(lowerBound(problem, result.plan.certificate)),
          6,
        );
      }),
      { numRuns: 150 },
    );
  });
});

/** The cheapest feasible plan, by trying all. */
function cheapestByEnumeration(problem: SourcingProblem): number {
  const plans = problem.orders.map((order) => everyPlan(problem, order));
  let least = Infinity;
  const choose = (order: number, shipments: readonly PlanShipment[]): void => {
    const choices = plans[order];
    if (choices === undefined) {
      const { errors, cost } = auditShipments(problem, shipments);
      if (errors.length === 0) least = Math.min(least, cost.total);
      return;
    }
    for (const choice of choices) choose(order + 1, [...shipments, ...choice]);
  };
  choose(0, []);
  return least;
}

/** Every way to leave lines open and to put the others into shipments, feasible or not. */
function everyPlan(problem: SourcingProblem, order: ProblemOrder): PlanShipment[][] {
  const places = problem.nodes.flatMap(({ id: node }) => problem.services.map(({ id: service }) => ({ order: order.id, node, service })));
  let plans: PlanShipment[][] = [[]];
  for (const line of order.lines.keys()) {
    plans = plans.flatMap((plan) => [
      plan,
      ...plan.map((shipment) => plan.map((other) => (other === shipment ? { ...other, lines: [...other.lines, line] } : other))),
      ...places.map((place) => [...plan, { ...place, lines: [line] }]),
    ]);
  }
  return plans;
}
