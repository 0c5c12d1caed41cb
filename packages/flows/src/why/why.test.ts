import { verifyPlan } from '@quartermaster/sourcing';
import { expect, test } from 'vitest';
import { decided, lampProblem, slot } from '../testing/decisions.ts';
import { openScene } from '../testing/scene.ts';
import { keptDecision } from './kept-decision.ts';
import { roundedTogether, sharesInMinor } from './minor-shares.ts';
import { overrideCosts } from './override-cost.ts';
import { replayAll, replayDecision } from './replay.ts';
import { whyNot } from './why-not.ts';

test('the terms of all orders of a recorded wave add up to what the wave cost, to the cent', async () => {
  const scene = await openScene({ stock: { MUG: [3, 2], LAMP: [1, 1] } });
  for (const lines of [['MUG'], ['MUG', 'LAMP'], ['LAMP'], ['LAMP', 'MUG'], ['MUG']])
    scene.order({ lines: lines.map((sku) => ({ sku, quantity: 1 })) });
  await scene.at('2026-11-23T09:00:00.000Z');
  const wave = await scene.engine.wave(slot);
  const decision = await scene.journal.read((tx) => keptDecision(tx, slot));

  const shares = decision === null ? [] : [...sharesInMinor(decision.problem, decision.plan, 100).values()];

  expect(shares).toHaveLength(5);
  const sum = (term: 'total' | 'shipping' | 'labor' | 'lateness' | 'split' | 'unfilled') =>
    shares.reduce((all, share) => all + share[term], 0);
  expect({ total: sum('total'), shipping: sum('shipping'), labor: sum('labor') }).toEqual({
    total: wave?.costMinor.total,
    shipping: wave?.costMinor.shipping,
    labor: wave?.costMinor.labor,
  });
  expect(sum('unfilled')).toBe(wave?.costMinor.unfilled);
  expect(wave?.costMinor.unfilled).toBeGreaterThan(0);
});

test('parts of a cent go where rounding down takes most', () => {
  expect(roundedTogether([0.4, 0.4, 0.4, 0.8])).toEqual([1, 0, 0, 1]);
  expect(roundedTogether([])).toEqual([]);
});

test('a forced choice costs what a fresh solve with the choice fixed costs, itself and the others together', async () => {
  const { decision } = await decided(lampProblem());
  for (const { id } of decision.problem.orders)
    for (const node of ['BER', 'HAM']) {
      const told = await whyNot(decision, { order: id, node }, null);
      if (told.kind !== 'possible') throw new Error(told.why);
      const only = lampProblem((raw) => ({
        ...raw,
        orders: raw.orders.map((order) =>
          order.id === id
            ? { ...order, eligibleNodes: [node], lines: order.lines.map((line) => ({ ...line, unfilledCostPerUnit: 10_000 })) }
            : order,
        ),
      }));
      const fresh = verifyPlan(decision.problem, (await decided(only)).decision.plan);
      expect([id, node, told.totalMinor.after]).toEqual([id, node, Math.round(fresh.cost.total * 100)]);
      expect(told.changeMinor).toBe(told.ownChangeMinor + told.othersChangeMinor);
    }
});

test('who takes the last lamp of the near warehouse pays less itself, and somebody else more', async () => {
  const { decision } = await decided(lampProblem());
  const far = decision.plan.shipments.find(({ node }) => node === 'HAM')?.order ?? '';

  const told = await whyNot(decision, { order: far, node: 'BER' }, null);

  if (told.kind !== 'possible') throw new Error(told.why);
  expect(told.moved).toHaveLength(1);
  expect(told.ownChangeMinor).toBeLessThan(0);
  expect(told.othersChangeMinor).toBeGreaterThan(-told.ownChangeMinor - 1);
});

test('what cannot be is said in words', async () => {
  const { decision } = await decided(
    lampProblem((raw) => ({ ...raw, nodes: raw.nodes.map((node) => (node.id === 'HAM' ? { ...node, stock: {} } : node)) })),
  );
  expect(await whyNot(decision, { order: 'A', node: 'HAM' }, null)).toMatchObject({
    kind: 'impossible',
    why: 'HAM cannot ship any of it, whoever else lets go (lamp: it has not enough)',
  });
  expect(await whyNot(decision, { order: 'A', node: 'MUC' }, null)).toMatchObject({
    why: `there was no node MUC in wave:${slot}: BER, HAM`,
  });
  expect(await whyNot(decision, { order: 'Z', node: 'BER' }, null)).toMatchObject({ why: `the order was not in wave:${slot}` });
});

test("what a person's override cost the wave is measured by deciding it without", async () => {
  const plain = await decided(lampProblem());
  const near = plain.decision.plan.shipments.find(({ node, lines }) => node === 'BER' && lines.length === 1)?.order ?? 'A';
  const { decision } = await decided(lampProblem(), { overrides: [{ id: 'o1', kind: 'forbid', order: near, node: 'BER' }] });
  const extra = Math.round((decision.cost.total - plain.decision.cost.total) * 100);

  expect(await overrideCosts(decision, near, null)).toMatchObject([{ override: 'o1', costMinor: extra }]);
  expect(extra).toBeGreaterThan(0);
});

test('a decision is made again to the byte from what was kept of it: inputs, overrides, options', async () => {
  const { journal, decision } = await decided(lampProblem(), {
    overrides: [{ id: 'o1', kind: 'hold', order: 'B' }],
    workLimit: 7,
    stockValues: { BER: { lamp: 3 } },
  });

  const replayed = await replayDecision(decision, null);

  expect(replayed).toMatchObject({ same: true, recorded: decision.planHash, replayed: decision.planHash, reasons: [] });
  expect(decision.options).toEqual({ workLimit: 7, stockValues: { BER: { lamp: 3 } } });
  const all = [];
  for await (const each of replayAll(journal, null, { newest: 10 })) all.push(each);
  expect(all).toEqual([replayed]);
});

test('a decision whose inputs are not what they were is found, and said so', async () => {
  const { decision } = await decided(lampProblem());
  const cheaper = lampProblem((raw) => ({ ...raw, orders: raw.orders.slice(0, 2) }));

  const replayed = await replayDecision(
    { ...decision, problem: cheaper, storedHash: 'other', engine: { version: '0.0.1', solver: 'highs' } },
    null,
  );

  expect(replayed.same).toBe(false);
  expect(replayed.reasons).toEqual([
    expect.stringContaining('its stored inputs are not those that it was decided from'),
    'it was decided by version 0.0.1, this is 0.1.0',
    'it was decided with highs, this is no solver',
  ]);
});

test('a decision that started from an earlier plan, and paid for changing it, is made again to the byte', async () => {
  const earlier = await decided(lampProblem(), { overrides: [{ id: 'o1', kind: 'forbid', order: 'A', node: 'BER' }] });
  const { decision } = await decided(lampProblem(), { incumbent: { plan: earlier.decision.plan, changeCost: 50 } });

  // Whoever had to go to Hamburg before stays there: a change costs more than it saves.
  expect(decision.plan.shipments).toEqual(earlier.decision.plan.shipments);
  expect(await replayDecision(decision, null)).toMatchObject({ same: true });
});
