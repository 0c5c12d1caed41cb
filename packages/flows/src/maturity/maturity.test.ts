import { approvalPolicySchema } from '@quartermaster/fulfilment';
import { describe, expect, test } from 'vitest';
import { createOperations } from '../operations/operations.ts';
import type { Asked } from '../operations/operation.ts';
import { openScene, type Scene, type SceneOptions } from '../testing/scene.ts';
import { somebodyIn } from '../testing/people-in-odoo.ts';
import { listApprovals } from './approvals.ts';
import { freezeOf, frozenChange, whyFrozen } from './freeze.ts';
import { maturityPolicySchema, type MaturityPolicy } from './maturity-policy.ts';
import { maturityOf } from './maturity-view.ts';

const before = '2026-11-23T09:00:00.000Z';
const morning = '2026-11-23T10:00:00.000Z';
const afternoon = '2026-11-23T13:00:00.000Z';
const asked = (requestId: string, more: Partial<Asked> = {}): Asked => ({
  requestId,
  by: 'mia',
  role: 'supervisor',
  reason: 'I looked at it',
  ...more,
});

async function sceneAt(maturity: Partial<MaturityPolicy>, options: SceneOptions = {}): Promise<Scene> {
  return openScene({ ...options, settings: (given) => ({ ...given, maturity: maturityPolicySchema.parse(maturity) }) });
}
const waiting = (scene: Scene) => scene.journal.read((tx) => listApprovals(tx, { limit: 100 }));
const dial = async (scene: Scene, flow: string) =>
  (await scene.journal.read((tx) => maturityOf(tx, { settings: scene.context.settings, now: scene.clock.now() }))).find(
    (each) => each.flow === flow,
  );

test('by default every flow goes by itself', () => {
  expect(new Set(Object.values(maturityPolicySchema.parse({})))).toEqual(new Set(['auto']));
});

describe('the maturity dial of sourcing', () => {
  test('observe: a wave decides nothing, and the order stays open', async () => {
    const scene = await sceneAt({ sourcing: 'observe' });
    const key = scene.order();
    await scene.at(morning, 'wave');

    expect(await scene.case(key)).toMatchObject({ state: 'open', shipments: [] });
    expect(await scene.intents(key)).toEqual([]);
    expect(scene.odoo.snapshot().orders).toEqual([]);
  });

  test('shadow: it is decided and kept, nothing comes of it, and what people did in Odoo is compared', async () => {
    const scene = await sceneAt({ sourcing: 'shadow' });
    const keys = [scene.order(), scene.order()];
    await scene.at(morning, 'wave');
    expect((await scene.cases()).map(({ state, shipments }) => [state, shipments.length])).toEqual([
      ['open', 0],
      ['open', 0],
    ]);
    expect(await scene.journal.read((tx) => tx.decisions.latest('wave'))).not.toBeNull();
    expect(await dial(scene, 'sourcing')).toMatchObject({ step: 'shadow', agreement: null, waiting: 2 });

    const names = (await scene.cases()).map(({ order }) => order.name);
    await peopleOrder(scene, names[0] ?? '', 'BER');
    await peopleOrder(scene, names[1] ?? '', 'HAM');
    await scene.at(afternoon, 'wave');

    expect(await dial(scene, 'sourcing')).toMatchObject({
      agreed: 1,
      differed: 1,
      agreement: 0.5,
      waiting: 0,
      differences: [{ subject: keys[1], ours: '1 x MUG from BER', theirs: '1 x MUG from HAM' }],
    });
    expect(await scene.intents(keys[0] ?? '')).toEqual([]);
  });

  test('assist: a person approves the plan of an order, and only then it is written and leaves', async () => {
    const scene = await sceneAt({ sourcing: 'assist' });
    const key = scene.order();
    await scene.at(morning, 'wave');
    expect(await scene.case(key)).toMatchObject({ state: 'open', shipments: [] });
    const [proposal, ...others] = await waiting(scene);
    expect(others).toEqual([]);
    expect(proposal).toMatchObject({
      flow: 'sourcing',
      about: key,
      what: expect.stringMatching(/1 x MUG from BER by house\/std, expected to cost /),
    });

    const answer = await createOperations(scene.context).approve(asked('request-1', { role: 'operator' }), {
      approval: proposal?.id ?? '',
    });
    await scene.at('2026-11-23T10:05:00.000Z');

    expect(answer).toMatchObject({ kind: 'done', before: { state: 'open' }, after: { state: 'committed' } });
    expect((await scene.case(key)).state).toBe('shipped');
    expect(await waiting(scene)).toEqual([]);
    expect(await dial(scene, 'sourcing')).toMatchObject({ step: 'assist', agreed: 1, differed: 0, agreement: 1 });
  });

  test('assist: a rejected plan holds the order in the name of who did, and it is planned anew when it is released', async () => {
    const scene = await sceneAt({ sourcing: 'assist' });
    const key = scene.order();
    await scene.at(morning, 'wave');
    const operations = createOperations(scene.context);

    await operations.reject(asked('request-1', { reason: 'Berlin is full' }), { approval: (await waiting(scene))[0]?.id ?? '' });
    expect(await scene.case(key)).toMatchObject({
      state: 'held',
      holds: [{ code: 'manual', placedBy: 'mia', reason: 'the plan was rejected: Berlin is full' }],
    });
    await operations.overrideOrder(asked('request-2'), { order: key, choice: { kind: 'forbid', node: 'BER', service: null }, until: null });
    await operations.releaseOrder(asked('request-3'), { order: key, code: 'manual' });
    await scene.at(afternoon, 'wave');

    expect(await waiting(scene)).toMatchObject([{ about: key, what: expect.stringContaining('from HAM') }]);
    expect(await dial(scene, 'sourcing')).toMatchObject({ differed: 1, agreement: 0 });
  });

  test('assist: the plan of a later wave takes the place of the one that nobody approved', async () => {
    const scene = await sceneAt({ sourcing: 'assist' });
    scene.order();
    await scene.at(morning, 'wave');
    const [first] = await waiting(scene);
    await scene.at(afternoon, 'wave');
    const later = await waiting(scene);

    expect(later).toHaveLength(1);
    expect(later[0]?.id).not.toBe(first?.id);
    expect(await createOperations(scene.context).approve(asked('r1'), { approval: first?.id ?? '' })).toMatchObject({
      code: 'wrong-state',
    });
  });
});

describe('the maturity dial of effects', () => {
  test('labels in assist: none is bought before a person has approved it', async () => {
    const scene = await sceneAt({ labels: 'assist' });
    const key = scene.order();
    await scene.at(morning, 'wave');
    const stateOf = async () => (await scene.intents(key)).find(({ kind }) => kind === 'buy-label')?.state;
    expect(await stateOf()).toBe('planned');
    const [proposal] = await waiting(scene);
    expect(proposal).toMatchObject({
      flow: 'labels',
      what: expect.stringMatching(/^buy-label of #\d+, shipment 1 from BER by house\/std, parcel 1$/),
    });

    await createOperations(scene.context).approve(asked('request-1'), { approval: proposal?.id ?? '' });
    await scene.at('2026-11-23T10:05:00.000Z');

    expect(await stateOf()).toBe('done');
    expect((await scene.case(key)).state).toBe('shipped');
  });

  test('a label that is rejected is never bought, and its order is held', async () => {
    const scene = await sceneAt({ labels: 'assist' });
    const key = scene.order();
    await scene.at(morning, 'wave');

    await createOperations(scene.context).reject(asked('request-1', { reason: 'too dear' }), {
      approval: (await waiting(scene))[0]?.id ?? '',
    });
    await scene.at('2026-11-23T10:05:00.000Z');

    expect((await scene.intents(key)).find(({ kind }) => kind === 'buy-label')?.state).toBe('cancelled');
    expect(await scene.case(key)).toMatchObject({ state: 'committed', holds: [{ placedBy: 'mia' }] });
    expect(await dial(scene, 'labels')).toMatchObject({ agreement: 0, differences: [{ theirs: 'too dear' }] });
  });

  test('refunds in assist wait for a supervisor, and the channel pays nothing before', async () => {
    const scene = await sceneAt({ refunds: 'assist' });
    const key = scene.order();
    await scene.at(before);
    const operations = createOperations(scene.context);
    await operations.refundOrder(asked('refund-1'), { order: key, lines: [], amount: '2.50', shipping: false, cause: 'goodwill' });
    await scene.at('2026-11-23T09:05:00.000Z');
    const refunds = () => scene.shops['shop']?.snapshot().orders[0]?.refunds.length;
    expect(refunds()).toBe(0);
    const [proposal] = await waiting(scene);

    expect(await operations.approve(asked('r1', { by: 'ben', role: 'operator' }), { approval: proposal?.id ?? '' })).toMatchObject({
      code: 'not-allowed',
    });
    await operations.approve(asked('r2', { by: 'sue' }), { approval: proposal?.id ?? '' });
    await scene.at('2026-11-23T09:10:00.000Z');
    expect(refunds()).toBe(1);
  });

  test('what nobody wants any more is not asked about: a cancelled order takes its label back', async () => {
    const scene = await sceneAt({ labels: 'assist' });
    const key = scene.order();
    await scene.at(morning, 'wave');
    expect(await waiting(scene)).toHaveLength(1);

    await createOperations(scene.context).cancelOrder(asked('request-1'), { order: key, lines: [], cause: 'customer' });
    expect(await waiting(scene)).toEqual([]);
    await scene.engine.tendExceptions();
    expect(await scene.journal.read((tx) => listApprovals(tx, { state: 'obsolete', limit: 10 }))).toHaveLength(1);
  });
});

describe('the maturity dial of publishing', () => {
  test('observe and shadow set no level; shadow says how many of ours the channel shows already', async () => {
    for (const publish of ['observe', 'shadow'] as const) {
      const scene = await sceneAt({ publish }, { stock: { MUG: [10, 10], LAMP: [5, 5] } });
      scene.odoo.setStock({ sku: 'MUG', node: 'BER', units: 3 });
      expect(await scene.engine.publish()).toBe(0);
      expect(scene.events.map(({ event }) => event)).not.toContain('stock.published');
      expect(await dial(scene, 'publish')).toMatchObject(
        publish === 'observe'
          ? { agreement: null }
          : { agreed: 3, differed: 1, differences: [{ subject: 'shop', ours: '3 of MUG at BER', theirs: '10 of MUG at BER' }] },
      );
    }
  });
});

describe('approval thresholds', () => {
  test('above a value a release waits among the approvals: who asked for it may not approve it, a second person does', async () => {
    const approvals = approvalPolicySchema.parse({ twoPeopleAbove: { EUR: '10.00' } });
    const scene = await openScene({ settings: (given) => ({ ...given, approvals }) });
    const key = scene.order({ financialStatus: 'PENDING' });
    await scene.at(before);
    const operations = createOperations(scene.context);
    await operations.releaseOrder(asked('request-1'), { order: key, code: 'payment' });
    const [release, ...others] = await waiting(scene);
    expect(others).toEqual([]);
    expect(release).toMatchObject({ flow: 'release', about: key, askedBy: 'mia', what: expect.stringContaining('the hold payment') });
    const approval = release?.id ?? '';

    expect(await operations.approve(asked('r1'), { approval })).toMatchObject({
      code: 'not-allowed',
      message: expect.stringContaining('second person'),
    });
    expect((await scene.case(key)).state).toBe('held');

    expect(await operations.approve(asked('r2', { by: 'sue' }), { approval })).toMatchObject({ kind: 'done', after: { state: 'open' } });
    expect(await waiting(scene)).toEqual([]);
    expect(await operations.approve(asked('r3', { by: 'tom' }), { approval })).toMatchObject({ code: 'wrong-state' });
  });

  test('a release that the second person carries out by hand is asked about no more', async () => {
    const approvals = approvalPolicySchema.parse({ twoPeopleAbove: { EUR: '10.00' } });
    const scene = await openScene({ settings: (given) => ({ ...given, approvals }) });
    const key = scene.order({ financialStatus: 'PENDING' });
    await scene.at(before);
    const operations = createOperations(scene.context);
    await operations.releaseOrder(asked('request-1'), { order: key, code: 'payment' });
    await operations.releaseOrder(asked('request-2', { by: 'sue' }), { order: key, code: 'payment' });

    expect((await scene.case(key)).state).toBe('open');
    expect(await waiting(scene)).toEqual([]);
  });
});

describe('a freeze', () => {
  test('refuses what changes how the program decides, says until when, by whom and why, and ends at its time', async () => {
    const scene = await openScene();
    const operations = createOperations(scene.context);
    const until = '2026-11-30T23:00:00.000Z';
    const admin = { role: 'admin', by: 'ada', reason: 'peak week' } as const;
    const refusal = (now: string) => scene.journal.read((tx) => whyFrozen(tx, now, 'the policy'));

    expect(await operations.freezeChanges(asked('r1'), { until })).toMatchObject({ code: 'not-allowed' });
    expect(await operations.freezeChanges(asked('r2', admin), { until: '2026-11-01T00:00:00.000Z' })).toMatchObject({ code: 'impossible' });
    expect(await operations.freezeChanges(asked('r3', admin), { until })).toMatchObject({
      kind: 'done',
      before: null,
      after: { until, by: 'ada' },
    });

    expect(await refusal(scene.clock.now())).toMatchObject({
      code: 'frozen',
      message: `the policy is frozen until ${until} by ada: peak week`,
    });
    expect(await refusal(until)).toBeNull();
    expect(await scene.journal.read((tx) => tx.audit.list({ key: 'policy', limit: 10 }))).toMatchObject([
      { event: 'operation.freeze', actor: 'ada' },
    ]);
  });

  test('keeps a policy from being applied, and a daemon from starting with other modes', async () => {
    const scene = await openScene();
    const operations = createOperations(scene.context);
    await operations.freezeChanges(asked('r1', { role: 'admin' }), { until: '2026-11-30T23:00:00.000Z' });
    const change = (erp: 'auto' | 'observe') => {
      const { settings } = scene.context;
      return scene.journal.read((tx) => frozenChange(tx, { ...settings, erp: { ...settings.erp, mode: erp } }, scene.clock.now()));
    };

    const answer = await operations.applyPolicy(asked('r2', { role: 'admin' }), { policy: { version: 1, name: 'calm' } });

    expect(answer).toMatchObject({ code: 'frozen', message: expect.stringContaining('the policy is frozen until') });
    expect(await change('observe')).toContain('erp was auto and would be observe');
    expect(await change('auto')).toBeNull();
  });

  test('leaves overrides of supervisors, holds and releases alone', async () => {
    const scene = await openScene();
    const key = scene.order();
    await scene.at(before);
    const operations = createOperations(scene.context);
    await operations.freezeChanges(asked('r1', { role: 'admin' }), { until: '2026-11-30T23:00:00.000Z' });

    expect(
      await operations.overrideOrder(asked('r2'), { order: key, choice: { kind: 'forbid', node: 'BER', service: null }, until: null }),
    ).toMatchObject({ kind: 'done' });
    expect(await operations.holdOrder(asked('r3'), { order: key, owner: null, until: null })).toMatchObject({ kind: 'done' });
  });

  test('is ended by an administrator before its time', async () => {
    const scene = await openScene();
    const operations = createOperations(scene.context);
    await operations.freezeChanges(asked('r1', { role: 'admin' }), { until: '2026-11-30T23:00:00.000Z' });

    expect(await operations.unfreezeChanges(asked('r2'), {})).toMatchObject({ code: 'not-allowed' });
    expect(await operations.unfreezeChanges(asked('r3', { role: 'admin' }), {})).toMatchObject({ kind: 'done', after: null });
    expect(await scene.journal.read((tx) => freezeOf(tx, scene.clock.now()))).toBeNull();
    expect(await operations.unfreezeChanges(asked('r4', { role: 'admin' }), {})).toMatchObject({ code: 'wrong-state' });
  });
});

/** Somebody enters the order of this name in Odoo by hand, one mug from a warehouse. */
async function peopleOrder(scene: Scene, name: string, node: string): Promise<void> {
  const people = await somebodyIn(scene);
  await people.enterOrder({ reference: name, sku: 'MUG', units: 1, node });
}
