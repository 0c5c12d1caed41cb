import { expect, test } from 'vitest';
import { exampleProblem } from './example-problem.ts';
import { parsePlan, type SourcingPlan } from './plan.ts';
import { verifyPlan } from './verify.ts';

const problem = exampleProblem();

function planOf(shipments: SourcingPlan['shipments'], more: Partial<SourcingPlan> = {}): SourcingPlan {
  return { format: 'quartermaster/sourcing-plan@1', shipments, ...more };
}

test('the cost of a plan is added up by term', () => {
  const { cost } = verifyPlan(problem, planOf([{ order: 'A1', node: 'vienna', service: 'ground', lines: [0] }]));
  const shipping = 4 + 0.3 * 2.4;
  const labor = 0.4 * 3.25;
  expect(cost).toEqual({ total: shipping + labor + 40, shipping, labor, lateness: 0, split: 0, unfilled: 40 });
});

test.each<[string, SourcingPlan['shipments'], string]>([
  [
    'a unit sold twice',
    ['A1', 'A2'].map((order) => ({ order, node: 'vienna', service: 'ground', lines: [0] })),
    'stock of lamp at vienna: 2 units needed, 1 available',
  ],
  [
    'a line shipped twice',
    ['vienna', 'berlin'].map((node) => ({ order: 'A1', node, service: 'ground', lines: [0] })),
    'shipment of A1 from berlin by ground: line 0 is shipped twice',
  ],
  [
    'a lane that is not there',
    [{ order: 'A1', node: 'berlin', service: 'express', lines: [0] }],
    'shipment of A1 from berlin by express: no lane from DE to AT',
  ],
  [
    'a line that is not there',
    [{ order: 'A1', node: 'berlin', service: 'ground', lines: [3] }],
    'shipment of A1 from berlin by ground: there is no line 3',
  ],
  [
    'an unknown order',
    [{ order: 'A9', node: 'berlin', service: 'ground', lines: [0] }],
    'shipment of A9 from berlin by ground: unknown order',
  ],
])('%s is found', (_, shipments, error) => {
  expect(verifyPlan(problem, planOf(shipments)).errors).toContain(error);
});

test('a bound that the certificate does not prove is refused', () => {
  const plan = planOf([], { claim: { totalCost: 60, lowerBound: 59 }, certificate: {} });
  expect(verifyPlan(problem, plan).errors).toEqual([expect.stringMatching(/^claim: the certificate proves .* not the lower bound 59$/)]);
});

test('a bound proven by a solver is believed beside a certified one', () => {
  const plan = planOf([], { claim: { totalCost: 60, lowerBound: 60, proof: 'solver', certifiedBound: 5 }, certificate: {} });
  expect(verifyPlan(problem, plan).feasible).toBe(true);
});

test('a certificate that sells reserved units dearer than shared ones is refused', () => {
  const reserved = exampleProblem((raw) => (raw.nodes[0]!['reserved'] = { web: { mug: 1 } }));
  const plan = planOf([], { certificate: { reservedPrices: { vienna: { web: { mug: 1 } } } } });
  expect(verifyPlan(reserved, plan).errors).toEqual(['certificate: a reserved unit of vienna/web/mug costs more than a shared one']);
});

test('a plan of another author may carry fields that we do not know', () => {
  const plan = parsePlan({ format: 'quartermaster/sourcing-plan@1', shipments: [], note: 'by hand' });
  expect(plan).toEqual({ format: 'quartermaster/sourcing-plan@1', shipments: [] });
});
