import { expect, test } from 'vitest';
import { listApprovals } from '../maturity/approvals.ts';
import { maturityPolicySchema, type MaturityStep } from '../maturity/maturity-policy.ts';
import { createOperations } from '../operations/operations.ts';
import { summarize } from '../summary.ts';
import { openScene, type Scene } from '../testing/scene.ts';
import { baselineSchema } from './baseline.ts';
import { baselineKind } from './wave.ts';

const morning = '2026-11-23T10:00:00.000Z';
const afternoon = '2026-11-23T13:00:00.000Z';

/** Three orders of a mug for two mugs in Berlin, where sourcing stands at a step. */
async function threeOrdersAt(sourcing: MaturityStep): Promise<Scene> {
  const scene = await openScene({
    stock: { MUG: [2, 0], LAMP: [0, 0] },
    settings: (given) => ({ ...given, maturity: maturityPolicySchema.parse({ sourcing }) }),
  });
  for (let order = 0; order < 3; order += 1) scene.order();
  await scene.at(morning, 'wave');
  return scene;
}

async function comparedIn({ journal, context }: Scene) {
  const { measured, plan, rules } = await summarize(journal, context.settings);
  const figures = ({ cost, shipments, unfilledLines }: typeof plan) => ({ total: cost.total, shipments, unfilledLines });
  return { measured, plan: figures(plan), nearest: figures(rules['nearest-first']) };
}

test('in auto the plan is what was decided, beside rules with a past of their own', async () => {
  const scene = await threeOrdersAt('auto');
  await scene.at(afternoon, 'wave');

  const { measured, plan, nearest } = await comparedIn(scene);

  expect(measured).toEqual({ by: 'days', proposed: 0 });
  expect(plan).toMatchObject({ shipments: 2, unfilledLines: 1 });
  expect(nearest).toEqual(plan);
});

test('in assist what waits for a person counts as if approved, and is told; once approved nothing changes but that', async () => {
  const scene = await threeOrdersAt('assist');
  const before = await comparedIn(scene);
  const [first] = await scene.journal.read((tx) => listApprovals(tx, { limit: 1 }));
  const mia = { requestId: 'request-1', by: 'mia', role: 'operator', reason: 'as I would' } as const;

  await createOperations(scene.context).approve(mia, { approval: first?.id ?? '' });

  expect(before).toMatchObject({ measured: { by: 'days', proposed: 2 }, plan: { shipments: 2, unfilledLines: 1 } });
  expect(before.nearest).toEqual(before.plan);
  expect(await comparedIn(scene)).toEqual({ ...before, measured: { by: 'days', proposed: 1 } });
});

test('in shadow plan and rules are compared on the last wave alone: nothing that nobody did is called unfilled, and no rule has used up stock', async () => {
  const scene = await threeOrdersAt('shadow');
  const first = await comparedIn(scene);
  await scene.at(afternoon, 'wave');

  expect(first).toMatchObject({ measured: { by: 'last-wave' }, plan: { shipments: 2, unfilledLines: 1 } });
  expect(first.nearest).toEqual(first.plan);
  const later = await comparedIn(scene);
  expect([later.plan.shipments, later.nearest]).toEqual([2, later.plan]);
  const kept = await scene.journal.read((tx) => tx.records.get(baselineKind, 'nearest-first', baselineSchema));
  expect(kept?.body).toEqual({ shipments: [], sourced: [] });
});

test('in shadow the total is what the wave itself says that its plan costs', async () => {
  const scene = await threeOrdersAt('shadow');

  const { plan, waves, gap } = await summarize(scene.journal, scene.context.settings);

  expect(plan.cost).toEqual(waves.at(-1)?.costMinor);
  expect(gap).toBe(0);
});

test('in observe nothing is decided, so nothing is compared', async () => {
  const nothing = { total: 0, shipments: 0, unfilledLines: 0 };

  expect(await comparedIn(await threeOrdersAt('observe'))).toEqual({ measured: { by: 'nothing' }, plan: nothing, nearest: nothing });
});

test('from shadow to auto, the rules begin anew with the plan', async () => {
  const scene = await threeOrdersAt('shadow');
  Object.assign(scene.context.settings.maturity, { sourcing: 'auto' });
  await scene.at(afternoon, 'wave');

  const { measured, plan, nearest } = await comparedIn(scene);

  expect(measured).toEqual({ by: 'days', proposed: 0 });
  expect(plan).toMatchObject({ shipments: 2, unfilledLines: 1 });
  expect(nearest).toEqual(plan);
});
