import { ConnectorFault, type Carrier, type FaultOutcome } from '@quartermaster/domain';
import { expect, test } from 'vitest';
import { openScene, type Scene, type SceneOptions } from '../testing/scene.ts';
import { createOperations } from './operations.ts';
import type { Asked } from './operation.ts';

const morning = '2026-11-23T10:00:00.000Z';
const afternoon = '2026-11-23T13:00:00.000Z';

function asked(requestId: string, more: Partial<Asked> = {}): Asked {
  return { requestId, by: 'mia', role: 'supervisor', reason: 'I looked at it', ...more };
}

async function audited(scene: Scene, key: string) {
  const rows = await scene.journal.read((tx) => tx.audit.list({ key, limit: 1_000 }));
  return rows.filter(({ event }) => event.startsWith('operation.'));
}

/** An order on which a hold keeps the waves off. */
async function heldScene() {
  const scene = await openScene();
  const key = scene.order();
  await scene.at('2026-11-23T09:00:00.000Z');
  const operations = createOperations(scene.context);
  return { scene, key, operations };
}

/** An order whose label the carrier refused, or left in doubt, until it is mended. */
async function brokenLabel(outcome: FaultOutcome, options: SceneOptions = {}) {
  const carrierIs = { broken: true };
  const carrier = (given: Carrier): Carrier => ({
    ...given,
    safety: { ...given.safety, buy: 'read-back' },
    buy: async (request, memo) => {
      if (carrierIs.broken)
        throw new ConnectorFault('refused', { connector: 'house', operation: 'buy', message: 'no', outcome, retry: { kind: 'never' } });
      return given.buy(request, memo);
    },
    reconcile: async () => (carrierIs.broken ? { kind: 'cannot-tell', check: 'look into the portal' } : { kind: 'absent' }),
  });
  const scene = await openScene({ ...options, carrier });
  const key = scene.order();
  await scene.at('2026-11-23T09:00:00.000Z');
  await scene.at(morning, 'wave');
  const intent = (await scene.intents(key)).find(({ kind }) => kind === 'buy-label');
  if (intent === undefined) throw new Error('no label was asked for');
  return { scene, key, intent, carrierIs, operations: createOperations(scene.context) };
}

test('a person holds an order, and the wave leaves it alone until it is released', async () => {
  const { scene, key, operations } = await heldScene();

  const held = await operations.holdOrder(asked('request-1', { role: 'operator' }), { order: key, owner: 'ben', until: null });
  await scene.at(morning, 'wave');
  expect(held).toMatchObject({ kind: 'done', before: { state: 'open' }, after: { state: 'held' } });
  expect(await scene.case(key)).toMatchObject({ state: 'held', holds: [{ code: 'manual', placedBy: 'mia', owner: 'ben' }] });

  await operations.releaseOrder(asked('request-2'), { order: key, code: 'manual' });
  await scene.at(afternoon, 'wave');
  expect((await scene.case(key)).state).toBe('shipped');
});

test('a hold that lasts until a time ends by itself before the next wave', async () => {
  const { scene, key, operations } = await heldScene();
  await operations.holdOrder(asked('request-1'), { order: key, owner: null, until: '2026-11-23T11:30:00.000Z' });

  await scene.at(morning, 'wave');
  expect((await scene.case(key)).state).toBe('held');
  await scene.at(afternoon, 'wave');
  expect((await scene.case(key)).state).toBe('shipped');
});

test('the audit trail says who did it, in what role, when, why, and what was before and after', async () => {
  const { scene, key, operations } = await heldScene();

  await operations.holdOrder(asked('request-1', { role: 'operator' }), { order: key, owner: null, until: null });

  expect(await audited(scene, key)).toMatchObject([
    {
      actor: 'mia',
      event: 'operation.hold',
      at: '2026-11-23T09:00:00.000Z',
      detail: { role: 'operator', reason: 'I looked at it', requestId: 'request-1', before: { state: 'open' }, after: { state: 'held' } },
    },
  ]);
  expect(await scene.journal.read((tx) => tx.audit.verifyChain())).toMatchObject({ kind: 'whole' });
});

test('the same request twice is done once and answered alike', async () => {
  const { scene, key, operations } = await heldScene();
  const hold = () => operations.holdOrder(asked('request-1'), { order: key, owner: null, until: null });

  const answers = await Promise.all([hold(), hold(), hold()]);

  expect(answers.filter((answer) => answer.kind === 'done' && !answer.replayed)).toHaveLength(1);
  expect(answers.filter((answer) => answer.kind === 'done' && answer.replayed)).toHaveLength(2);
  expect(await audited(scene, key)).toHaveLength(1);
});

test("another request under a used id is refused, whoever's it is", async () => {
  const { key, operations } = await heldScene();
  await operations.holdOrder(asked('request-1'), { order: key, owner: null, until: null });

  expect(await operations.releaseOrder(asked('request-1'), { order: key, code: 'all' })).toMatchObject({ code: 'request-id-reused' });
  expect(await operations.holdOrder(asked('request-1', { by: 'eve' }), { order: key, owner: null, until: null })).toMatchObject({
    code: 'request-id-reused',
  });
});

test('what is refused changes nothing and leaves no trace in the audit trail', async () => {
  const { scene, key, operations } = await heldScene();

  const answers = [
    await operations.holdOrder(asked('r1', { role: 'viewer' }), { order: key, owner: null, until: null }),
    await operations.holdOrder(asked('r2'), { order: 'nobody', owner: null, until: null }),
    await operations.holdOrder(asked('r3'), { order: key, owner: null, until: '2026-11-23T08:00:00.000Z' }),
    await operations.releaseOrder(asked('r4'), { order: key, code: 'all' }),
    await operations.overrideOrder(asked('r5', { role: 'operator' }), {
      order: key,
      choice: { kind: 'check', code: 'fraud' },
      until: null,
    }),
    await operations.liftOverride(asked('r6'), { order: key, override: 'none' }),
  ];

  expect(answers.map((answer) => answer.kind === 'refused' && answer.code)).toEqual([
    'not-allowed',
    'not-found',
    'impossible',
    'wrong-state',
    'not-allowed',
    'nothing-changes',
  ]);
  expect(await audited(scene, key)).toEqual([]);
});

test('a label that was refused is bought after the cause was mended and a person retried it', async () => {
  const { scene, key, intent, carrierIs, operations } = await brokenLabel('not-applied');
  expect((await scene.openExceptions()).map(({ code }) => code)).toEqual(['buy-label-failed']);
  carrierIs.broken = false;

  const answer = await operations.retryIntent(asked('request-1', { role: 'operator' }), { intent: intent.id, provedAbsent: false });
  await scene.at('2026-11-23T10:05:00.000Z');

  expect(answer).toMatchObject({ kind: 'done', key, before: { state: 'failed' }, after: { state: 'ready' } });
  expect((await scene.case(key)).state).toBe('shipped');
  expect(await scene.openExceptions()).toEqual([]);
});

test('a retry that fails for the same reason again is told again', async () => {
  const { scene, intent, operations } = await brokenLabel('not-applied');

  await operations.retryIntent(asked('request-1'), { intent: intent.id, provedAbsent: false });
  expect(await scene.openExceptions()).toEqual([]);
  await scene.at('2026-11-23T10:05:00.000Z');

  expect((await scene.openExceptions()).map(({ code }) => code)).toEqual(['buy-label-failed']);
});

test('an exception is answered by letting its intent go once more', async () => {
  const { scene, key, carrierIs, operations } = await brokenLabel('not-applied');
  const [exception] = await scene.openExceptions();
  carrierIs.broken = false;

  const answer = await operations.retryException(asked('request-1'), { exception: exception?.id ?? 0, provedAbsent: false });
  await scene.at('2026-11-23T10:05:00.000Z');

  expect(answer).toMatchObject({ kind: 'done', after: { state: 'ready' } });
  expect((await scene.case(key)).state).toBe('shipped');
});

test('a label that may have been bought is looked up once more, not bought blindly', async () => {
  const { scene, key, intent, carrierIs, operations } = await brokenLabel('unknown');
  carrierIs.broken = false;

  const answer = await operations.retryIntent(asked('request-1'), { intent: intent.id, provedAbsent: false });
  await scene.at('2026-11-23T10:05:00.000Z');

  expect(answer).toMatchObject({ before: { state: 'dead', inDoubt: true }, after: { state: 'unknown' } });
  expect((await scene.case(key)).state).toBe('shipped');
});

test('only a supervisor says that a purchase in doubt never happened, or gives it up', async () => {
  const { intent, operations } = await brokenLabel('unknown');
  const operator = { role: 'operator' } as const;

  expect(await operations.retryIntent(asked('r1', operator), { intent: intent.id, provedAbsent: true })).toMatchObject({
    code: 'not-allowed',
  });
  expect(await operations.dropIntent(asked('r2', operator), { intent: intent.id })).toMatchObject({ code: 'in-doubt' });
  expect(await operations.retryIntent(asked('r3'), { intent: intent.id, provedAbsent: true })).toMatchObject({
    after: { state: 'ready', inDoubt: false },
  });
});

test('a label that is given up holds its order, and is asked for anew when the hold is released', async () => {
  const { scene, key, intent, carrierIs, operations } = await brokenLabel('not-applied');

  await operations.dropIntent(asked('request-1', { role: 'operator' }), { intent: intent.id });
  expect(await scene.case(key)).toMatchObject({ state: 'committed', holds: [{ code: 'manual', placedBy: 'mia' }], failures: [] });
  expect(await scene.openExceptions()).toEqual([]);

  carrierIs.broken = false;
  await operations.releaseOrder(asked('request-2'), { order: key, code: 'manual' });
  await scene.at('2026-11-23T10:05:00.000Z');
  expect((await scene.case(key)).state).toBe('shipped');
});

test('what is neither dead nor failed is neither retried nor given up', async () => {
  const { scene, key, operations } = await heldScene();
  await scene.at(morning, 'wave');
  const [done] = await scene.intents(key);

  expect(await operations.retryIntent(asked('r1'), { intent: done?.id ?? 0, provedAbsent: false })).toMatchObject({ code: 'wrong-state' });
  expect(await operations.dropIntent(asked('r2'), { intent: done?.id ?? 0 })).toMatchObject({ code: 'wrong-state' });
});

test('a check that a person set aside does not hold the order, until the override ends', async () => {
  const scene = await openScene();
  const key = scene.order({ financialStatus: 'PENDING' });
  await scene.at('2026-11-23T09:00:00.000Z');
  const operations = createOperations(scene.context);
  expect((await scene.case(key)).state).toBe('held');

  await operations.overrideOrder(asked('request-1'), {
    order: key,
    choice: { kind: 'check', code: 'payment' },
    until: '2026-11-23T09:30:00.000Z',
  });
  expect((await scene.case(key)).state).toBe('open');
  await scene.at(morning, 'wave');
  expect(await scene.case(key)).toMatchObject({ state: 'held', holds: [{ code: 'payment' }] });
});

test('an order leaves the node that a person chose, though it is dearer', async () => {
  const { scene, key, operations } = await heldScene();

  await operations.overrideOrder(asked('request-1'), {
    order: key,
    choice: { kind: 'fix', node: 'HAM', service: 'house/fast' },
    until: null,
  });
  await scene.at(morning, 'wave');

  expect((await scene.case(key)).shipments).toMatchObject([{ node: 'HAM', service: 'fast' }]);
});

test('an order leaves no node that a person has forbidden', async () => {
  const { scene, key, operations } = await heldScene();

  await operations.overrideOrder(asked('request-1'), { order: key, choice: { kind: 'forbid', node: 'BER', service: null }, until: null });
  await scene.at(morning, 'wave');

  expect((await scene.case(key)).shipments).toMatchObject([{ node: 'HAM' }]);
});

test('an override that the stock does not allow keeps its order back, tells a person, and stops nobody else', async () => {
  const scene = await openScene({ stock: { MUG: [5, 0], LAMP: [5, 5] } });
  const keys = [scene.order(), scene.order()];
  await scene.at('2026-11-23T09:00:00.000Z');
  const operations = createOperations(scene.context);
  const [stubborn = '', other = ''] = keys;

  await operations.overrideOrder(asked('request-1'), {
    order: stubborn,
    choice: { kind: 'fix', node: 'HAM', service: 'house/std' },
    until: null,
  });
  await scene.at(morning, 'wave');

  expect((await scene.case(other)).state).toBe('shipped');
  expect((await scene.case(stubborn)).shipments).toEqual([]);
  expect(await scene.openExceptions()).toMatchObject([{ code: 'override-impossible', subjectKey: stubborn }]);

  await operations.liftOverride(asked('request-2'), { order: stubborn, override: 'request-1' });
  await scene.at(afternoon, 'wave');
  expect((await scene.case(stubborn)).state).toBe('shipped');
  expect(await scene.openExceptions()).toEqual([]);
});

test.each([
  ['there is no node ATL', { kind: 'fix', node: 'ATL', service: 'house/std' }],
  ['there is no service house/drone', { kind: 'fix', node: 'BER', service: 'house/drone' }],
  ['what is forbidden is a node, a service, or both', { kind: 'forbid', node: null, service: null }],
  ['the finding unmapped-sku cannot be set aside', { kind: 'check', code: 'unmapped-sku' }],
] as const)('an override is refused because %s', async (message, choice) => {
  const { key, operations } = await heldScene();
  expect(await operations.overrideOrder(asked('request-1'), { order: key, choice, until: null })).toMatchObject({
    code: 'impossible',
    message,
  });
});

test('overrides that leave an order no way are refused', async () => {
  const { key, operations } = await heldScene();
  await operations.overrideOrder(asked('r1'), { order: key, choice: { kind: 'forbid', node: 'BER', service: null }, until: null });

  expect(
    await operations.overrideOrder(asked('r2'), { order: key, choice: { kind: 'forbid', node: 'HAM', service: null }, until: null }),
  ).toMatchObject({ code: 'impossible', message: 'no way would be left to the order' });
  expect(
    await operations.overrideOrder(asked('r3'), { order: key, choice: { kind: 'fix', node: 'BER', service: 'house/std' }, until: null }),
  ).toMatchObject({ code: 'impossible', message: 'house/std from BER is forbidden to this order' });
});

test('a connection is paused and resumed by name', async () => {
  const { scene, operations } = await heldScene();
  const admin = { role: 'admin' } as const;

  expect(await operations.pauseConnection(asked('r1', admin), { connection: 'house', minutes: 30 })).toMatchObject({
    after: { state: 'open' },
  });
  expect(await scene.journal.read((tx) => tx.circuits.broken())).toMatchObject([{ scope: { connection: 'house' } }]);
  expect(await operations.resumeConnection(asked('r2', admin), { connection: 'house' })).toMatchObject({ after: { state: 'closed' } });
  expect(await operations.resumeConnection(asked('r3', admin), { connection: 'house' })).toMatchObject({ code: 'wrong-state' });
  expect(await operations.pauseConnection(asked('r4', admin), { connection: 'nowhere', minutes: 1 })).toMatchObject({ code: 'not-found' });
});

test('a pause lasts, though a call that was under way succeeds, and is over at its time', async () => {
  const { scene, operations } = await heldScene();
  const { circuits } = scene.engine;
  await circuits.failed(
    'house',
    new ConnectorFault('unreachable', {
      connector: 'house',
      operation: 'buy',
      message: 'away',
      outcome: 'not-applied',
      retry: { kind: 'safely' },
    }),
  );
  await operations.pauseConnection(asked('r1', { role: 'admin' }), { connection: 'house', minutes: 30 });

  await circuits.worked('house');

  expect(await circuits.admits('house')).toBe(false);
  await scene.clock.sleep(30 * 60_000);
  expect(await circuits.admits('house')).toBe(true);
});
