import { expect, test } from 'vitest';
import { exceptionQueue } from '../exceptions/exception-queue.ts';
import { createOperations } from '../operations/operations.ts';
import { openScene, type Scene } from '../testing/scene.ts';
import { auditTrail } from '../why/audit-trail.ts';
import { explainOrder } from '../why/explain.ts';
import { policyHistory } from './policy-in-force.ts';

const queueOf = (scene: Scene) =>
  scene.journal.read((tx) =>
    exceptionQueue(tx, { open: true, limit: 100 }, { policy: scene.context.settings.exceptions, now: scene.clock.now() }),
  );

async function raise({ journal, clock }: Scene, subjectKey: string): Promise<void> {
  const money = { code: 'refunded-outside', subjectKey, owner: 'ben', reason: 'money went back' };
  await journal.transaction((tx) => tx.exceptions.raise({ ...money, at: clock.now() }));
}

async function trailOf(scene: Scene, key: string) {
  const rows = [];
  for await (const row of auditTrail(scene.journal, { key })) rows.push(row);
  return rows;
}

test('decisions, exceptions and the audit trail say under which policy they fell, before and after another one was applied', async () => {
  const scene = await openScene({ stock: { MUG: [1, 0], LAMP: [0, 0] } });
  await scene.engine.recover();
  const lamp = scene.order({ lines: [{ sku: 'LAMP', quantity: 1 }] });
  await scene.at('2026-11-23T10:00:00.000Z', 'wave');
  await raise(scene, lamp);
  scene.clock.advanceTo('2026-11-23T11:00:00.000Z');
  await createOperations(scene.context).applyPolicy(
    { requestId: 'request-1', by: 'mia', role: 'admin', reason: 'the peak begins' },
    { policy: { version: 1, name: 'peak', sourcing: { splitCost: '9.00' } } },
  );
  await scene.engine.takeUpPolicy();
  const later = scene.order({ lines: [{ sku: 'LAMP', quantity: 2 }] });
  await scene.at('2026-11-23T13:00:00.000Z', 'wave');
  await raise(scene, later);

  const [peak, inline] = (await policyHistory(scene.journal)).map(({ name, hash }) => ({ name, hash }));
  expect([peak?.name, inline?.name]).toEqual(['peak', 'inline']);
  const [first, second] = [await explainOrder(scene.journal, lamp), await explainOrder(scene.journal, later)];
  expect(first?.decisions[0]?.policy).toEqual(inline);
  expect(second?.decisions.map(({ policy }) => policy)).toEqual([peak]);
  expect(first?.history[0]?.policy).toEqual(inline);
  expect(second?.history.map(({ policy }) => policy?.name)).toEqual(second?.history.map(() => 'peak'));
  expect([first?.exceptions, second?.exceptions]).toMatchObject([[{ policy: inline }], [{ policy: peak }]]);
  expect((await queueOf(scene)).map(({ subjectKey, policy }) => [subjectKey, policy])).toEqual([
    [lamp, inline],
    [later, peak],
  ]);
  expect((await trailOf(scene, lamp))[0]).toMatchObject({ event: 'order.received', policy: inline });
  expect((await trailOf(scene, later)).map(({ policy }) => policy)).toEqual((await trailOf(scene, later)).map(() => peak));
});

test('a journal of before policies were kept is read, and says of none', async () => {
  const scene = await openScene({ stock: { MUG: [1, 0], LAMP: [0, 0] } });
  const key = scene.order({ lines: [{ sku: 'LAMP', quantity: 1 }] });
  await scene.at('2026-11-23T10:00:00.000Z', 'wave');
  await raise(scene, key);

  expect(await queueOf(scene)).toMatchObject([{ policy: null }]);
  expect((await explainOrder(scene.journal, key))?.history[0]).toMatchObject({ event: 'order.received', policy: null });
  expect((await trailOf(scene, key))[0]).toMatchObject({ event: 'order.received', policy: null });
});
