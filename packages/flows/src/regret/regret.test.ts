import { describe, expect, test } from 'vitest';
import { createOperations } from '../operations/operations.ts';
import type { Asked } from '../operations/operation.ts';
import { openScene, type Scene } from '../testing/scene.ts';
import { maturityOf } from '../maturity/maturity-view.ts';
import { overridePolicySchema } from './override-policy.ts';
import { avoidedNodes, regretReport, suggestRules, verdictOf, type Regret } from './regret.ts';

const nine = '2026-11-23T09:00:00.000Z';
const morning = '2026-11-23T10:00:00.000Z';
const asked = (requestId: string, more: Partial<Asked> = {}): Asked => ({
  requestId,
  by: 'mia',
  role: 'supervisor',
  reason: 'Berlin is full',
  ...more,
});
const report = (scene: Scene) => scene.journal.read((tx) => regretReport(tx, '2026-11-01T00:00:00.000Z'));
const fast = { kind: 'fix', node: 'HAM', service: 'house/fast' } as const;

async function sceneWithOrder(overrides: object = {}) {
  const scene = await openScene({ settings: (given) => ({ ...given, overrides: overridePolicySchema.parse(overrides) }) });
  const key = scene.order();
  await scene.at(nine);
  return { scene, key, operations: createOperations(scene.context) };
}

describe('override with reason, role, expiry and measured cost', () => {
  test('its cost is that of the wave decided again without it: the dearer service and nothing else', async () => {
    const { scene, key, operations } = await sceneWithOrder();
    await operations.overrideOrder(asked('request-1'), { order: key, choice: fast, until: null });
    await scene.at(morning, 'wave');

    expect(await scene.engine.measureRegret()).toBe(1);

    const { regrets } = await report(scene);
    // 9.00 instead of 4.00 for the parcel; both arrive in time.
    expect(regrets).toMatchObject([
      {
        order: key,
        override: 'request-1',
        kind: 'fix',
        by: 'mia',
        why: 'Berlin is full',
        costMinor: 500,
        currency: 'EUR',
        verdict: 'open',
        troubles: null,
      },
    ]);
    expect(regrets[0]?.instead).toMatchObject([{ service: 'house/std' }]);
    expect((await scene.journal.read((tx) => tx.audit.list({ key, limit: 100 }))).map(({ event }) => event)).toContain('override.measured');
    expect(await scene.engine.measureRegret()).toBe(0);
  });

  test('who may decide is said by the policy for each kind, and a kind that is closer to money may need more', async () => {
    const { key, operations } = await sceneWithOrder({ check: { needs: 'admin' }, forbid: { needs: 'operator' } });
    const ask = (requestId: string, role: Asked['role'], choice: Parameters<typeof operations.overrideOrder>[1]['choice']) =>
      operations.overrideOrder(asked(requestId, { role }), { order: key, choice, until: null });

    expect(await ask('r1', 'supervisor', { kind: 'check', code: 'fraud' })).toMatchObject({
      code: 'not-allowed',
      message: expect.stringContaining('admin'),
    });
    expect(await ask('r2', 'operator', { kind: 'forbid', node: 'BER', service: null })).toMatchObject({ kind: 'done' });
    expect(await ask('r3', 'operator', fast)).toMatchObject({ code: 'not-allowed' });
    expect(await ask('r4', 'supervisor', fast)).toMatchObject({ kind: 'done' });
  });

  test('it lasts no longer than the policy allows: more is refused, and one that says nothing ends then', async () => {
    const { scene, key, operations } = await sceneWithOrder({ fix: { mostHours: 2 } });

    expect(await operations.overrideOrder(asked('r1'), { order: key, choice: fast, until: '2026-11-23T11:00:00.001Z' })).toMatchObject({
      code: 'impossible',
      message: 'an override of kind fix lasts 2 hours at most',
    });
    await operations.overrideOrder(asked('r2'), { order: key, choice: fast, until: null });
    expect((await scene.case(key)).overrides).toMatchObject([{ id: 'r2', until: '2026-11-23T11:00:00.000Z' }]);
  });

  test('after its end it counts no more: the wave decides by itself, and there is nothing to measure', async () => {
    const { scene, key, operations } = await sceneWithOrder();
    await operations.overrideOrder(asked('r1'), { order: key, choice: fast, until: '2026-11-23T09:30:00.000Z' });
    await scene.at(morning, 'wave');

    expect((await scene.case(key)).shipments).toMatchObject([{ service: 'std' }]);
    expect(await scene.engine.measureRegret()).toBe(0);
  });
});

describe('the verdict on an override, two days later', () => {
  test('dear, when it cost money and nothing is known to have gone wrong at what it avoided', async () => {
    const { scene, key, operations } = await sceneWithOrder();
    await operations.overrideOrder(asked('r1'), { order: key, choice: fast, until: null });
    await scene.at(morning, 'wave');
    await scene.engine.measureRegret();

    scene.clock.advanceTo('2026-11-25T09:59:00.000Z');
    expect(await scene.engine.measureRegret()).toBe(0);
    scene.clock.advanceTo('2026-11-25T10:01:00.000Z');
    expect(await scene.engine.measureRegret()).toBe(1);
    expect((await report(scene)).byVerdict).toEqual({ open: 0, right: 0, free: 0, dear: 1 });
  });

  test('right, when a shipment from the node that it avoided went wrong meanwhile', async () => {
    const { scene, key, operations } = await sceneWithOrder();
    const other = scene.order();
    await scene.at(nine);
    await operations.overrideOrder(asked('r1'), { order: key, choice: { kind: 'forbid', node: 'BER', service: null }, until: null });
    await scene.at(morning, 'wave');
    await scene.engine.measureRegret();
    const [shipment] = (await scene.case(other)).shipments;
    expect(shipment?.node).toBe('BER');
    await scene.journal.transaction((tx) =>
      tx.exceptions.raise({
        code: 'parcel-not-handed-over',
        subjectKey: `${other}/shipment/${shipment?.id}`,
        owner: 'ops',
        reason: 'not packed',
        at: '2026-11-24T10:00:00.000Z',
      }),
    );

    scene.clock.advanceTo('2026-11-25T10:01:00.000Z');
    await scene.engine.measureRegret();
    expect((await report(scene)).regrets).toMatchObject([{ verdict: 'right', troubles: 1 }]);
  });

  test('right, free or dear by what it cost and what went wrong', () => {
    expect([verdictOf(-10, 0), verdictOf(500, 2), verdictOf(0, 0), verdictOf(1, 0)]).toEqual(['right', 'right', 'free', 'dear']);
  });
});

const regret = (more: Partial<Regret>): Regret => ({
  decision: 'wave:1',
  override: 'r',
  order: 'o',
  kind: 'forbid',
  node: 'BER',
  service: null,
  by: 'mia',
  why: 'full',
  costMinor: 50,
  currency: 'EUR',
  instead: [{ node: 'BER', service: 'house/std' }],
  decidedAt: morning,
  measuredAt: morning,
  troubles: 1,
  verdict: 'right',
  ...more,
});

test('overrides that were right become a suggestion of a rule, from the third of their kind on', () => {
  const right = [regret({}), regret({ order: 'p' }), regret({ order: 'q', troubles: 2 })];
  const others = [regret({ verdict: 'dear' }), regret({ node: 'HAM' }), regret({ verdict: 'free' })];

  expect(suggestRules([...right.slice(0, 2), ...others])).toEqual([]);
  expect(suggestRules([...right, ...others])).toMatchObject([
    {
      kind: 'forbid',
      node: 'BER',
      times: 3,
      troubles: 4,
      costMinor: 150,
      words: expect.stringContaining('such orders leave nothing from BER'),
    },
  ]);
});

test('what an override avoided is the node that it forbids, or the nodes that the order would have left without it', () => {
  expect([...avoidedNodes(regret({}))]).toEqual(['BER']);
  expect([...avoidedNodes(regret({ kind: 'fix', node: 'HAM' }))]).toEqual(['BER']);
  expect([...avoidedNodes(regret({ kind: 'fix', node: 'BER' }))]).toEqual([]);
});

test('sourcing that goes by itself agrees with people but for the orders that they overrode', async () => {
  const { scene, key, operations } = await sceneWithOrder();
  for (let more = 0; more < 3; more++) scene.order();
  await scene.at(nine);
  await operations.overrideOrder(asked('r1'), { order: key, choice: fast, until: null });
  await scene.at(morning, 'wave');
  await scene.engine.measureRegret();

  const flows = await scene.journal.read((tx) => maturityOf(tx, { settings: scene.context.settings, now: scene.clock.now() }));
  expect(flows.find(({ flow }) => flow === 'sourcing')).toMatchObject({ step: 'auto', agreed: 3, differed: 1, agreement: 0.75 });
});
