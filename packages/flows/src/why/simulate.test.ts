import { expect, test } from 'vitest';
import { openScene } from '../testing/scene.ts';
import type { FlowSettings } from '../settings.ts';
import { fillRateOfDay } from './fill-rate.ts';
import { cutoffPrices, operationPrices } from './operation-prices.ts';
import { keptDecision } from './kept-decision.ts';
import { rulePricesOfDay } from './rule-prices.ts';
import { recordedSettings, settingsUnder, sideBySide, simulateDay } from './simulate.ts';
import { factsOfDay, lastDay } from './wave-facts.ts';

const day = '2026-11-23';
const morning = '2026-11-23T10:00:00.000Z';
const afternoon = '2026-11-23T13:00:00.000Z';

/** Two waves: mugs are scarce in Berlin, where the customers are, and what asks for `fast` must go fast. */
async function recordedDay(settings: (given: FlowSettings) => FlowSettings = (given) => given) {
  const scene = await openScene({ stock: { MUG: [2, 4], LAMP: [1, 0] }, settings });
  for (const sku of ['MUG', 'LAMP', 'MUG']) scene.order({ lines: [{ sku, quantity: 1 }] });
  await scene.at(morning, 'wave');
  for (const sku of ['MUG', 'LAMP']) scene.order({ lines: [{ sku, quantity: 1 }] });
  await scene.at(afternoon, 'wave');
  return { scene, facts: await scene.journal.read((tx) => factsOfDay(tx, day)) };
}

test('a recorded day played again under its own policy goes as it went, wave by wave', async () => {
  const { scene, facts } = await recordedDay();
  const settings = recordedSettings(facts);

  const simulated = await simulateDay(facts, settings, null);

  const real = (await scene.cases()).flatMap(({ key, shipments }) =>
    shipments.map(({ node, dispatchDate }) => `${key} ${node} ${dispatchDate}`),
  );
  expect(simulated.run.shipments.map(({ order, node, dispatchDate }) => `${order} ${node} ${dispatchDate}`).sort()).toEqual(real.sort());
  expect(simulated.run.waves.map(({ slot, orders }) => [slot, orders])).toEqual([
    [morning, 3],
    [afternoon, 2],
  ]);
  expect(simulated.run.choice.unfilledLines).toBe(1);
  expect(simulated).toMatchObject({ day, changedOrders: 0, notTried: [] });
  expect(await scene.journal.read((tx) => lastDay(tx))).toBe(day);
});

test('a day is played under a policy file, beside its own policy and the three usual rules, and nothing is written anywhere', async () => {
  const { scene, facts } = await recordedDay();
  const books = async () => [scene.odoo.snapshot(), scene.shops['shop']?.snapshot(), scene.easypost.snapshot(), await scene.cases()];
  const [before, audited] = [JSON.stringify(await books()), await scene.journal.read((tx) => tx.audit.list({ limit: 1_000 }))];
  const policy = {
    name: 'fast-only',
    sections: { sourcing: { servicesFor: { '*': ['house/fast'] }, lateCostPerDay: '0.00', promiseDays: { '*': 1 } } },
  };
  const settings = settingsUnder(recordedSettings(facts), policy);

  const simulated = await simulateDay(facts, settings, null);

  expect(simulated.policy.name).toBe('fast-only');
  expect(simulated.policy.hash).not.toBe(simulated.recordedPolicy.hash);
  expect(sideBySide(simulated).map(({ name }) => name)).toEqual([
    'fast-only',
    'inline (recorded)',
    'nearest first',
    'rule cascade',
    'fewest splits',
  ]);
  for (const { run } of sideBySide(simulated)) expect(run.choice.unfilledLines).toBe(1);
  expect(JSON.stringify(await books())).toBe(before);
  expect(await scene.journal.read((tx) => tx.audit.list({ limit: 1_000 }))).toEqual(audited);
});

test('add-a-warehouse simulation before opening it: a recorded day with one more node fills what the others could not, and ships no more than lies there', async () => {
  const { scene, facts } = await recordedDay();
  const settings = recordedSettings(facts);
  const [berlin] = settings.nodes;
  if (berlin === undefined) throw new Error('the scene has no node');
  const added = { node: { ...berlin, id: 'MUC' }, stock: { LAMP: 1 } };

  const simulated = await simulateDay(facts, settings, null, added);

  expect(simulated.recorded.choice.unfilledLines).toBe(1);
  expect(simulated.run.choice.unfilledLines).toBe(0);
  const there = simulated.run.shipments.filter(({ node }) => node === 'MUC').flatMap(({ lines }) => lines);
  expect(there.map(({ sku, units }) => [sku, units])).toEqual([['LAMP', 1]]);
  expect((await scene.cases()).flatMap(({ shipments }) => shipments).filter(({ node }) => node === 'MUC')).toEqual([]);
  await expect(simulateDay(facts, settings, null, { ...added, node: berlin })).rejects.toThrow(/give the new one another id/);
});

test('a policy with other waves is played at its own waves: with one wave in the evening nothing leaves on the day', async () => {
  const { facts } = await recordedDay();
  const settings = { ...recordedSettings(facts), waves: ['18:00'] };

  const { run, recorded } = await simulateDay(facts, settings, null);

  expect(run.waves.map(({ slot, orders }) => [slot, orders])).toEqual([['2026-11-23T17:00:00.000Z', 5]]);
  expect(new Set(run.shipments.map(({ dispatchDate }) => dispatchDate))).toEqual(new Set(['2026-11-24']));
  expect(new Set(recorded.shipments.map(({ dispatchDate }) => dispatchDate))).toEqual(new Set([day]));
});

test('a rule of the policy has its price: the day with it less the day without it, and the orders that it changes', async () => {
  const { scene, facts } = await recordedDay((given) => ({
    ...given,
    sourcing: { ...given.sourcing, servicesFor: { Standard: ['house/fast'] } },
  }));
  const asked = (await scene.cases()).filter(({ order }) => order.requestedService === 'Standard');
  const { rules } = await rulePricesOfDay(day, facts, null);

  expect(rules.map(({ rule, words }) => [rule, words])).toEqual([
    ['sourcing.servicesFor.Standard', 'orders that ask for Standard go by house/fast only'],
  ]);
  expect(asked).toHaveLength(5);
  // Fast costs five more than standard, for each shipment of those who asked.
  const shipped = asked.flatMap(({ shipments }) => shipments).length;
  expect(rules[0]).toMatchObject({ costMinor: 500 * shipped, changedOrders: shipped, linesKept: 0 });
});

test('the fill rate of a day says what was filled, and lays the rest to stock, capacity, carriers, policy or a hold', async () => {
  const { scene, facts } = await recordedDay();

  const told = await scene.journal.read((tx) => fillRateOfDay(tx, day, facts));

  expect(told).toMatchObject({ day, policy: { name: 'inline' }, lines: 5, filled: 4, rate: 0.8 });
  expect(told.unfilled).toMatchObject([{ blame: 'stock', reason: 'no-stock', lines: 1, example: expect.stringContaining('1 × LAMP') }]);
});

test('prices of a wave are told as operations know them: by minute and hour of picking, by scarce unit, by hour of later cutoff', async () => {
  const { scene, facts } = await recordedDay();
  const decision = await scene.journal.read((tx) => keptDecision(tx, morning));
  if (decision === null) throw new Error('there is no decision');

  const prices = operationPrices(decision);

  expect(prices.minutes).toEqual([
    { node: 'BER', rate: 0.4, worth: 0, perHour: 0 },
    { node: 'HAM', rate: 0.4, worth: 0, perHour: 0 },
  ]);
  expect(await cutoffPrices(day, facts, null)).toEqual([
    { node: 'BER', cutoff: '15:00', later: '16:00', savedMinor: 0 },
    { node: 'HAM', cutoff: '15:00', later: '16:00', savedMinor: 0 },
  ]);
});

test('a line that a named rule of the policy kept open is laid to that rule, and the rule has its price', async () => {
  const { scene, facts } = await recordedDay((given) => ({
    ...given,
    eligibility: [{ name: 'nothing from Hamburg', if: {}, forbid: ['HAM'] }],
  }));

  const told = await scene.journal.read((tx) => fillRateOfDay(tx, day, facts));
  const { rules } = await rulePricesOfDay(day, facts, null);

  expect(told).toMatchObject({ lines: 5, filled: 3 });
  expect(told.unfilled.map(({ blame, reason, rules: behind, lines }) => [blame, reason, behind, lines])).toEqual([
    ['stock', 'no-stock', [], 1],
    ['policy', 'not-eligible', ['eligibility.nothing from Hamburg'], 1],
  ]);
  // Unfilled, the mug costs 30.00; shipped, 4.00 and 0.50 for each kilogram of 0.4, and 3.5 minutes at 0.40.
  expect(rules).toMatchObject([{ rule: 'eligibility.nothing from Hamburg', costMinor: 3_000 - 420 - 140, changedOrders: 1, linesKept: 1 }]);
});
