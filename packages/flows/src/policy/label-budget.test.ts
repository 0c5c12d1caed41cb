import { expect, test } from 'vitest';
import { createOperations } from '../operations/operations.ts';
import type { FlowSettings } from '../settings.ts';
import { openScene } from '../testing/scene.ts';

const morning = '2026-11-23T10:00:00.000Z';
const afternoon = '2026-11-23T13:00:00.000Z';
/** A mug costs 4.20 to send. */
const budget =
  (EUR: string) =>
  (given: FlowSettings): FlowSettings => ({ ...given, budgets: { labelsPerDay: { EUR } } });

test('the label spend of a day is a budget: what goes beyond is not released, and a supervisor approves of it', async () => {
  const scene = await openScene({ settings: budget('9.00') });
  const keys = [scene.order(), scene.order(), scene.order()];
  await scene.at(morning, 'wave');
  const shipped = async () => (await Promise.all(keys.map(scene.case))).filter(({ state }) => state === 'shipped').length;

  expect(await shipped()).toBe(2);
  expect(await scene.openExceptions()).toMatchObject([
    { code: 'label-budget-spent', reason: "1 shipments wait: the day's budget for labels of 9.00 EUR does not hold them" },
  ]);

  const { releaseShipments } = createOperations(scene.context);
  const asked = { by: 'mia', reason: 'the customer waits' };
  expect(await releaseShipments({ ...asked, requestId: 'request-1', role: 'operator' })).toMatchObject({ kind: 'refused' });
  expect(await releaseShipments({ ...asked, requestId: 'request-2', role: 'supervisor' })).toMatchObject({ kind: 'done' });
  await scene.at(afternoon);
  expect(await shipped()).toBe(3);
  expect(await scene.openExceptions()).toEqual([]);
});

test('the next day has a budget of its own', async () => {
  const scene = await openScene({ settings: budget('5.00') });
  const keys = [scene.order(), scene.order()];
  await scene.at(morning, 'wave');
  await scene.at('2026-11-24T10:00:00.000Z', 'wave');

  expect((await Promise.all(keys.map(scene.case))).map(({ state }) => state)).toEqual(['shipped', 'shipped']);
});
