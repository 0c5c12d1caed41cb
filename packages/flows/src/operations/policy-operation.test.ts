import { expect, test } from 'vitest';
import { policyHistory, settingsByJournal } from '../policy/policy-in-force.ts';
import { policyStamp } from '../policy/policy-hash.ts';
import { openScene } from '../testing/scene.ts';
import type { Asked } from './operation.ts';
import { createOperations } from './operations.ts';

const asked = (requestId: string, more: Partial<Asked> = {}): Asked => ({
  requestId,
  by: 'mia',
  role: 'admin',
  reason: 'the peak begins',
  ...more,
});
const strict = { version: 1, name: 'strict', checks: { reviewAbove: { EUR: '1.00' } } };

async function running() {
  const scene = await openScene();
  await scene.engine.recover();
  return { scene, operations: createOperations(scene.context) };
}

test('a policy is applied once, audited, kept as a version, and holds from the next turn of the daemon on', async () => {
  const { scene, operations } = await running();
  const before = scene.order();
  await scene.at('2026-11-23T08:00:00.000Z');

  const outcome = await operations.applyPolicy(asked('request-1'), { policy: strict });
  const again = await operations.applyPolicy(asked('request-1'), { policy: strict });
  expect(await scene.engine.takeUpPolicy()).toBe(true);
  const after = scene.order();
  await scene.at('2026-11-23T08:30:00.000Z');

  expect(outcome).toMatchObject({ kind: 'done', key: 'policy', before: { name: 'inline' }, after: { name: 'strict', version: 2 } });
  expect(again).toMatchObject({ kind: 'done', replayed: true });
  expect((await scene.case(before)).state).toBe('open');
  expect(await scene.case(after)).toMatchObject({ state: 'held', holds: [{ code: 'manual' }] });
  expect(await policyHistory(scene.journal)).toMatchObject([
    { version: 2, name: 'strict', source: 'apply', by: 'mia', reason: 'the peak begins' },
    { version: 1, name: 'inline', source: 'config' },
  ]);
  const trail = await scene.journal.read((tx) => tx.audit.list({ key: 'policy', limit: 10 }));
  expect(trail).toMatchObject([{ actor: 'mia', event: 'operation.apply-policy', detail: { reason: 'the peak begins' } }]);
  expect(scene.events.filter(({ event }) => event === 'policy.taken-up')).toMatchObject([{ policy: 'strict', version: 2 }]);
});

test('the next process takes up what was applied, and a wave and its explanation carry name and hash', async () => {
  const { scene, operations } = await running();
  await operations.applyPolicy(asked('request-1'), { policy: { version: 1, name: 'calm', sourcing: { splitCost: '9.00' } } });
  const next = scene.restart();
  await next.recover();
  scene.order();
  await next.pull('shop');
  scene.clock.advanceTo('2026-11-23T10:00:00.000Z');
  await next.wave('2026-11-23T10:00:00.000Z');

  const decision = await scene.journal.read((tx) => tx.decisions.get('wave:2026-11-23T10:00:00.000Z'));
  const inForce = policyStamp(await settingsByJournal(scene.journal, scene.context.settings));
  expect(inForce.name).toBe('calm');
  expect(decision?.outcome).toMatchObject({ policy: inForce });
});

test('a config that was changed since holds instead of what was applied over the one before', async () => {
  const { scene, operations } = await running();
  await operations.applyPolicy(asked('request-1'), { policy: strict });

  const changed = { ...scene.context.settings, waves: ['09:00'] };
  const next = scene.restart({ settings: changed });
  await next.recover();

  expect((await policyHistory(scene.journal)).map(({ source, name }) => [source, name])).toEqual([
    ['config', 'inline'],
    ['apply', 'strict'],
    ['config', 'inline'],
  ]);
  expect(policyStamp(await settingsByJournal(scene.journal, changed))).toEqual(policyStamp(changed));
});

test('a policy that cannot be read, that the linter finds an error in, that is in force already, or that an operator applies is refused, and nothing changes', async () => {
  const { scene, operations } = await running();
  const apply = (requestId: string, policy: unknown, more: Partial<Asked> = {}) =>
    operations.applyPolicy(asked(requestId, more), { policy });

  const answers = [
    await apply('r1', { version: 1, name: 'wrong', checks: { reviewAbov: {} } }),
    await apply('r2', { version: 1, name: 'wrong', eligibility: [{ name: 'a', if: {}, allow: ['MUC'] }] }),
    await apply('r3', { version: 1, name: 'inline' }),
    await apply('r4', strict, { role: 'supervisor' }),
  ];

  expect(answers).toMatchObject([
    { code: 'impossible', message: 'the policy is not right: checks.reviewAbov: there is no such field' },
    { code: 'impossible', message: expect.stringContaining('eligibility[0].allow[0]: there is no node MUC') },
    { code: 'nothing-changes' },
    { code: 'not-allowed' },
  ]);
  expect(await policyHistory(scene.journal)).toHaveLength(1);
  expect(await scene.engine.takeUpPolicy()).toBe(false);
});

test('nobody applies a policy during a freeze, and afterwards it may be applied again', async () => {
  const { scene, operations } = await running();
  await operations.freezeChanges(asked('r1'), { until: '2026-11-23T09:00:00.000Z' });

  const during = await operations.applyPolicy(asked('r2'), { policy: strict });
  scene.clock.advanceTo('2026-11-23T09:00:01.000Z');
  const afterwards = await operations.applyPolicy(asked('r3'), { policy: strict });

  expect([during, afterwards]).toMatchObject([{ kind: 'refused' }, { kind: 'done' }]);
  expect(during).toMatchObject({ message: expect.stringContaining('2026-11-23T09:00:00.000Z') });
});
