import { checkPolicySchema } from '@quartermaster/fulfilment';
import { expect, test } from 'vitest';
import { createOperations } from '../operations/operations.ts';
import type { Asked } from '../operations/operation.ts';
import type { FlowSettings } from '../settings.ts';
import { openScene } from '../testing/scene.ts';

const morning = '2026-11-23T10:00:00.000Z';
const afternoon = '2026-11-23T13:00:00.000Z';

const under =
  (checks: Parameters<typeof checkPolicySchema.parse>[0], more: Partial<FlowSettings> = {}) =>
  (given: FlowSettings): FlowSettings => ({ ...given, ...more, checks: checkPolicySchema.parse(checks) });

const asked = (by: string, requestId: string): Asked => ({ requestId, by, role: 'supervisor', reason: 'I called the customer' });

test('a duplicate suspect of a guest is found by the address, is held, and goes on once the first order is cancelled', async () => {
  const scene = await openScene({ settings: under({ duplicatesWithinMinutes: 30 }) });
  const first = scene.order();
  scene.clock.advanceTo('2026-11-23T07:10:00.000Z');
  const second = scene.order();
  scene.clock.advanceTo('2026-11-23T07:20:00.000Z');
  const other = scene.order({ lines: [{ sku: 'MUG', quantity: 3 }] });
  await scene.at('2026-11-23T08:00:00.000Z');

  const found = await Promise.all([first, second, other].map(scene.case));
  expect(found.map(({ holds }) => holds.map(({ code }) => code))).toEqual([[], ['duplicate'], []]);
  expect(found[1]?.holds[0]?.reason).toMatch(/^the same person ordered the same as #\d+ of 2026-11-23T07:00:00/);

  const operations = createOperations(scene.context);
  await operations.cancelOrder(asked('mia', 'request-1'), { order: first, lines: [], cause: 'customer' });
  await scene.at(morning, 'wave');
  expect(await scene.case(second)).toMatchObject({ state: 'shipped', holds: [] });
});

test('velocity: the third order of one address within the hour is held for fraud review', async () => {
  const scene = await openScene({ settings: under({ fraud: { mostOrders: { orders: 2, withinMinutes: 60 } } }) });
  const keys = [1, 2, 3].map((quantity) => scene.order({ lines: [{ sku: 'MUG', quantity }] }));
  await scene.at('2026-11-23T08:00:00.000Z');

  const held = (await scene.cases()).filter(({ holds }) => holds.length > 0);
  expect(held.map(({ holds }) => holds.map(({ code }) => code))).toEqual([['fraud']]);
  expect(keys).toContain(held[0]?.key);
});

test('an unmapped SKU is held with the suggestion of how the ERP writes it, and lifts when the product is made', async () => {
  const scene = await openScene();
  scene.odoo.addProduct({ sku: 'vase', name: 'Vase', grams: 800, millilitres: 4_000, kind: 'storable' });
  const key = scene.order({ lines: [{ sku: 'VASE', quantity: 1 }] });
  await scene.at('2026-11-23T08:00:00.000Z');

  expect((await scene.case(key)).holds).toMatchObject([
    { code: 'unmapped-sku', reason: 'unknown in the ERP: VASE', suggestion: 'VASE: perhaps vase' },
  ]);
});

test('above the approval threshold one person approves and another one releases', async () => {
  const scene = await openScene({
    settings: under({ reviewAbove: { EUR: '10.00' } }, { approvals: { twoPeopleAbove: { EUR: '15.00' }, planCostsMore: {} } }),
  });
  const key = scene.order();
  await scene.at('2026-11-23T08:00:00.000Z');
  const { releaseOrder, overrideOrder } = createOperations(scene.context);

  const first = await releaseOrder(asked('mia', 'request-1'), { order: key, code: 'all' });
  const again = await releaseOrder(asked('mia', 'request-2'), { order: key, code: 'all' });
  const around = await overrideOrder(asked('mia', 'request-3'), { order: key, choice: { kind: 'check', code: 'manual' }, until: null });
  const other = await releaseOrder(asked('ben', 'request-4'), { order: key, code: 'manual' });

  expect(first).toMatchObject({ kind: 'done', after: { state: 'held', approvals: [{ by: 'mia', code: 'manual' }] } });
  expect(again).toMatchObject({ kind: 'refused', message: expect.stringContaining('mia has approved it already') });
  expect(around).toMatchObject({ kind: 'refused', message: expect.stringContaining('two people') });
  expect(other).toMatchObject({ kind: 'done', after: { state: 'open' } });
});

test('several holds at once: one ends at its time, and the order waits for the other', async () => {
  const scene = await openScene({ settings: under({ reviewAbove: { EUR: '10.00' }, holdMinutes: { manual: 60 } }) });
  const key = scene.order({ fulfillAt: '2026-11-23T11:00:00Z' });
  await scene.at('2026-11-23T08:00:00.000Z');
  expect((await scene.case(key)).holds.map(({ code }) => code)).toEqual(['not-before', 'manual']);

  await scene.at(morning, 'wave');
  expect((await scene.case(key)).holds.map(({ code }) => code)).toEqual(['not-before']);
  await scene.at(afternoon, 'wave');
  expect(await scene.case(key)).toMatchObject({ state: 'committed', holds: [] });
});
