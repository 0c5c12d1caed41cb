import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, readdirSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { lagrangianBound, readCertificate } from './bound.ts';
import { certifiedBound } from './certify.ts';
import { compile } from './compile.ts';
import { auditShipments } from './cost.ts';
import { parsePlan, planText, type Certificate, type PlanShipment, type SourcingPlan } from './plan.ts';
import { pricer } from './pricer.ts';
import { parseProblem, type SourcingProblem } from './problem.ts';
import { solve } from './solve.ts';
import { judgeByForce, leastCostByForce } from './testing/brute-force.ts';
import { certificates } from './testing/certificates.ts';
import { problems } from './testing/problems.ts';
import { verifyPlan } from './verify.ts';

const small = problems({ nodes: 3, services: 3, skus: 4, orders: 5, lines: 5 });
const forced = problems({ nodes: 3, services: 2, skus: 2, orders: 6, lines: 4 });
const long = problems({ nodes: 3, services: 2, skus: 5, orders: 2, lines: 15 });
const withCertificate = (some: fc.Arbitrary<SourcingProblem>): fc.Arbitrary<[SourcingProblem, Certificate]> =>
  some.chain((problem) => fc.tuple(fc.constant(problem), certificates(problem)));

/** Shipments as anybody might write them: most break some rule. */
const withShipments = small.chain((problem) =>
  fc.tuple(
    fc.constant(problem),
    fc.array(
      fc.constantFrom(...problem.orders).chain((order) =>
        fc.record({
          order: fc.constant(order.id),
          node: fc.constantFrom(...problem.nodes.map(({ id }) => id)),
          service: fc.constantFrom(...problem.services.map(({ id }) => id)),
          lines: fc.subarray([...order.lines.keys()], { minLength: 1 }),
        }),
      ),
      { maxLength: 4 },
    ),
  ),
);

test('whatever admissible prices a certificate has, no plan is cheaper than what it proves', () => {
  fc.assert(
    fc.property(withCertificate(forced), ([problem, certificate]) => {
      const optimum = leastCostByForce(problem);
      expect(certifiedBound(problem, certificate)).toBeLessThanOrEqual(optimum + 1e-6 * Math.max(1, optimum));
    }),
    { numRuns: 150 },
  );
});

test.each([
  ['few lines', small, 100],
  ['long orders', long, 20],
])('the certifier and the pricing of the solver, written apart, agree on any prices of %s', (_, some, numRuns) => {
  fc.assert(
    fc.property(withCertificate(some), ([problem, certificate]) => {
      const compiled = compile(problem);
      const { prices, idleValue } = readCertificate(compiled, certificate);
      // The solver leaves out shipments that are dearer than open lines at the lowest labor rate: a minute price below that rate needs them.
      const given = pricer(compiled, { complete: !prices.aboveFloor });
      expect(certifiedBound(problem, certificate)).toBeCloseTo(lagrangianBound(given, prices) - idleValue, 6);
    }),
    { numRuns },
  );
});

test('a plan is called feasible exactly where the brute force calls it so, at the same cost', () => {
  fc.assert(
    fc.property(withShipments, ([problem, shipments]) => {
      const { errors, cost } = auditShipments(problem, shipments);
      const judged = judgeByForce(problem, shipments);
      const [said, known] = [errors.length === 0 ? cost.total : null, judged.faults.length === 0 ? judged.cost : null];
      expect(said === null).toBe(known === null);
      expect(said ?? 0).toBeCloseTo(known ?? 0, 9);
    }),
    { numRuns: 1_000 },
  );
});

describe('a plan that somebody tampered with', () => {
  const solved: { problem: SourcingProblem; plan: SourcingPlan; bound: number }[] = [];
  beforeAll(async () => {
    for (const problem of fc.sample(small, 25)) {
      const { plan, certifiedBound: bound } = await solve(problem, { workLimit: 0 });
      solved.push({ problem, plan: parsePlan(JSON.parse(planText(plan))), bound });
    }
  });

  /** What is believed although it is not true. */
  function untruths(problem: SourcingProblem, plan: SourcingPlan): string[] {
    const { feasible, cost, certifiedBound: proven } = verifyPlan(problem, plan);
    if (!feasible) return [];
    const judged = judgeByForce(problem, plan.shipments);
    const { totalCost = Number.NaN, lowerBound = Number.NaN, proof } = plan.claim ?? {};
    const wrong = [...judged.faults];
    if (Math.abs(judged.cost - cost.total) > 1e-6 || Math.abs(totalCost - judged.cost) > 1e-3) wrong.push(`it costs ${judged.cost}`);
    if (proof === undefined && !(lowerBound <= (proven ?? -Infinity) + 1e-3)) wrong.push(`its certificate proves ${proven}`);
    return wrong;
  }

  /** A claim that is above a bound by more than rounding. */
  const above = (bound: number): number => bound + 0.01 + 0.001 * Math.abs(bound);

  test.each<[string, (claim: NonNullable<SourcingPlan['claim']>, bound: number) => SourcingPlan['claim']]>([
    [
      'the claimed bound is above what the certificate proves',
      (claim, bound) => ({ ...claim, proof: undefined, lowerBound: above(bound) }),
    ],
    ['the claimed certified bound is above what it proves', (claim, bound) => ({ ...claim, certifiedBound: above(bound) })],
    ['the claimed cost is lower', (claim) => ({ ...claim, totalCost: (claim.totalCost ?? 0) * 0.99 - 0.01 })],
    ['the claimed cost is no number', (claim) => ({ ...claim, totalCost: Number.NaN })],
    ['the claimed bound is no number', (claim) => ({ ...claim, lowerBound: Number.NaN })],
    ['the claimed bound is infinite', (claim) => ({ ...claim, lowerBound: Infinity })],
  ])('is refused where %s', (_, change) => {
    for (const { problem, plan, bound } of solved) {
      expect(verifyPlan(problem, { ...plan, claim: change(plan.claim ?? {}, bound) }).feasible).toBe(false);
    }
  });

  test.each([
    ['a price is negative', -0.01],
    ['a price is not a number', Number.NaN],
    ['a price is infinite', Infinity],
  ])('is refused where %s', (_, price) => {
    for (const { problem, plan } of solved) {
      const node = problem.nodes[0]!;
      const prices = Object.fromEntries([[node.id, Object.fromEntries([[problem.skus[0]!.id, price]])]]);
      const cut = { node: node.id, sku: problem.skus[0]!.id, num: 1, den: 2, price };
      for (const change of [{ laborPrices: Object.fromEntries([[node.id, price]]) }, { stockPrices: prices }, { roundingCuts: [cut] }]) {
        const tampered = { ...plan, certificate: { ...plan.certificate, ...change } };
        expect(verifyPlan(problem, tampered).feasible).toBe(false);
        expect(() => parsePlan(structuredClone(tampered))).toThrow('certificate.');
      }
    }
  });

  test.each([
    ['num', 0.5],
    ['num', -1],
    ['den', 0],
    ['den', 2.5],
  ])('is refused where a cut has %s %d', (field, value) => {
    for (const { problem, plan } of solved) {
      const cut = { node: problem.nodes[0]!.id, sku: problem.skus[0]!.id, num: 1, den: 2, price: 1, [field]: value };
      expect(verifyPlan(problem, { ...plan, certificate: { ...plan.certificate, roundingCuts: [cut] } }).feasible).toBe(false);
    }
  });

  test.each<[string, (certificate: Certificate) => Certificate]>([
    [
      'a stock price is raised',
      (certificate) => ({ ...certificate, stockPrices: mapNested(certificate.stockPrices, (price) => price * 1.5 + 1) }),
    ],
    ['stock prices are left out', (certificate) => ({ ...certificate, stockPrices: {} })],
    [
      'a labor price is raised',
      (certificate) => ({ ...certificate, laborPrices: mapValues(certificate.laborPrices, (price) => price * 1.5 + 0.1) }),
    ],
    [
      'reserved units are dearer than shared ones',
      (certificate) => ({
        ...certificate,
        reservedPrices: certificate.reservedPrices && mapValues(certificate.reservedPrices, (own) => mapNested(own, (price) => price + 9)),
      }),
    ],
    [
      'a cut is made coarser',
      (certificate) => ({ ...certificate, roundingCuts: certificate.roundingCuts?.map((cut) => ({ ...cut, num: cut.den })) }),
    ],
    [
      'a cut is made dearer',
      (certificate) => ({ ...certificate, roundingCuts: certificate.roundingCuts?.map((cut) => ({ ...cut, price: cut.price + 5 })) }),
    ],
    [
      'caps are priced',
      (certificate) => ({
        ...certificate,
        shipmentPrices: certificate.shipmentPrices && mapNested(certificate.shipmentPrices, (price) => price + 3),
      }),
    ],
  ])('claims nothing untrue and is believed where %s', (_, change) => {
    for (const { problem, plan } of solved) expect(untruths(problem, { ...plan, certificate: change(plan.certificate ?? {}) })).toEqual([]);
  });

  test.each<[string, (shipments: readonly PlanShipment[]) => PlanShipment[]]>([
    ['a shipment is left out', (shipments) => shipments.slice(1)],
    ['a shipment is there twice', (shipments) => [...shipments, ...shipments.slice(0, 1)]],
    ['a shipment leaves another node', (shipments) => shipments.map((shipment) => ({ ...shipment, node: shipments[0]!.node }))],
    ['a line is left out', (shipments) => shipments.map((shipment) => ({ ...shipment, lines: shipment.lines.slice(1) }))],
    [
      'a line is no whole number',
      (shipments) => shipments.map((shipment) => ({ ...shipment, lines: shipment.lines.map((line) => line + 0.5) })),
    ],
  ])('claims nothing untrue and is believed where %s', (_, change) => {
    for (const { problem, plan } of solved) expect(untruths(problem, { ...plan, shipments: change(plan.shipments) })).toEqual([]);
  });
});

function mapValues<From, To>(record: Readonly<Record<string, From>> | undefined, change: (value: From) => To): Record<string, To> {
  return Object.fromEntries(Object.entries(record ?? {}).map(([key, value]) => [key, change(value)]));
}

function mapNested(record: Certificate['stockPrices'], change: (price: number) => number): Record<string, Record<string, number>> {
  return mapValues(record, (own) => mapValues(own, change));
}

test('the verifier and all that it is made of know nothing of the solver', () => {
  const known = new Set(['verify.ts']);
  for (const file of known) {
    const text = readFileSync(join(import.meta.dirname, file), 'utf8');
    for (const [, name = ''] of text.matchAll(/from '\.\/([\w-]+\.ts)'/g)) known.add(name);
  }
  expect([...known].toSorted()).toEqual([
    'certify.ts',
    'cost.ts',
    'id-record.ts',
    'plan.ts',
    'problem-rules.ts',
    'problem.ts',
    'tariff.ts',
    'verify.ts',
  ]);
});

const shared = new URL('../../../../shared/', import.meta.url);

describe.skipIf(!existsSync(shared))('beside the arbiters of the contract (skipped where ../shared is absent)', () => {
  const verdict = z.object({ feasible: z.boolean(), cost: z.object({ total: z.number() }) });
  let folder = '';
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'sourcing-arbiters-'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  /** What a tool prints of a problem and a plan; of a plan that is not feasible it prints, too, before it ends with 1. */
  function run(tool: string, problem: string, plan: unknown): unknown {
    const file = join(folder, 'plan.json');
    writeFileSync(file, JSON.stringify(plan));
    // The tools look whether they are the script that runs, by its real path.
    const script = realpathSync(new URL(`tools/${tool}.mjs`, shared));
    // Nx asks for colours, and a printed number would carry them.
    const env = { ...process.env, FORCE_COLOR: '0' };
    const { stdout, stderr } = spawnSync(process.execPath, [script, problem, file], { encoding: 'utf8', maxBuffer: 64 << 20, env });
    if (stdout === '') throw new Error(stderr);
    return JSON.parse(stdout);
  }

  function written(problem: SourcingProblem): string {
    const file = join(folder, 'problem.json');
    writeFileSync(file, JSON.stringify(problem));
    return file;
  }

  test.each([
    ['few lines', fc.sample(withCertificate(small), 10)],
    ['long orders', fc.sample(withCertificate(long), 5)],
  ])('the bound of any prices of %s is that of the arbiter', (_, given) => {
    for (const [problem, certificate] of given)
      expect(certifiedBound(problem, certificate)).toBeCloseTo(
        z.number().parse(run('sourcing-certify', written(problem), { certificate })),
        6,
      );
  });

  test('verdict and cost of any shipments are those of the arbiter', () => {
    for (const [problem, shipments] of fc.sample(withShipments, 15)) {
      const plan = { format: 'quartermaster/sourcing-plan@1' as const, shipments };
      const theirs = verdict.parse(run('sourcing-verify', written(problem), plan));
      const ours = verifyPlan(problem, plan);
      expect(ours.feasible).toBe(theirs.feasible);
      expect(ours.feasible ? ours.cost.total : 0).toBeCloseTo(theirs.feasible ? theirs.cost.total : 0, 6);
    }
  });

  const instances = new URL('data/sourcing/', shared);
  const names = existsSync(instances) ? readdirSync(instances).filter((name) => /^(?:100-|1k-10-rich)/.test(name)) : [];

  test.each(names)('%s: they say the same of our plan and of what its certificate proves', async (name) => {
    const file = fileURLToPath(new URL(name, instances));
    const problem = parseProblem(JSON.parse(gunzipSync(readFileSync(file)).toString()));
    const { plan, cost } = await solve(problem, { workLimit: 0 });
    expect(run('sourcing-verify', file, plan)).toMatchObject({ feasible: true, cost: { total: expect.closeTo(cost.total, 6) } });
    expect(certifiedBound(problem, plan.certificate ?? {}) / z.number().parse(run('sourcing-certify', file, plan))).toBeCloseTo(1, 9);
  });
});
