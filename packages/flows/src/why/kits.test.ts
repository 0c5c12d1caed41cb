import { verifyPlan } from '@quartermaster/sourcing';
import { expect, test } from 'vitest';
import { openScene } from '../testing/scene.ts';
import { decided } from '../testing/decisions.ts';
import { planned, wants } from '../testing/kits.ts';
import { explainOrder } from './explain.ts';
import { fillRateOfDay } from './fill-rate.ts';
import { keptDecision } from './kept-decision.ts';
import { sharesInMinor } from './minor-shares.ts';
import { replayDecision } from './replay.ts';
import { recordedSettings, simulateDay } from './simulate.ts';
import { factsOfDay } from './wave-facts.ts';
import { whyNot } from './why-not.ts';

const slot = '2026-11-23T10:00:00.000Z';
const later = '2026-11-23T13:00:00.000Z';

/** A box of a mug and a lamp in Odoo and in the shop; of mugs and lamps Berlin and Hamburg have these. */
async function boxScene(stock: { readonly MUG: readonly [number, number]; readonly LAMP: readonly [number, number] }) {
  const scene = await openScene({ stock });
  const parts = ['MUG', 'LAMP'].map((sku) => ({ sku, units: 1 }));
  scene.odoo.addProduct({ sku: 'BOX', name: 'Box', grams: 0, millilitres: 0, kind: 'storable', kit: parts });
  scene.shops['shop']?.addVariant({ sku: 'BOX', title: 'Box', grams: 1_600, price: '49.90', stock: { BER: 9, HAM: 9 } });
  const buy = (...skus: string[]) => scene.order({ lines: skus.map((sku) => ({ sku, quantity: 1 })) });
  return { scene, buy };
}

test('a kit goes all the way: planned by its parts, delivered by Odoo from one node, and nobody gets its mug a second time', async () => {
  const { scene, buy } = await boxScene({ MUG: [1, 0], LAMP: [1, 0] });
  const [boxed, mug] = [buy('BOX'), buy('MUG')];

  await scene.at(slot, 'wave');
  await scene.at(later, 'wave');

  const shipped = await Promise.all([boxed, mug].map(async (key) => (await scene.case(key)).shipments.map(({ state }) => state)));
  expect(shipped.filter((states) => states.join() === 'confirmed')).toHaveLength(1);
  expect(shipped.filter((states) => states.length === 0)).toHaveLength(1);
  expect(await scene.openExceptions().then((all) => all.filter(({ code }) => code === 'short-reservation'))).toEqual([]);
});

test('a box is labelled by the weight of its parts', async () => {
  const { scene, buy } = await boxScene({ MUG: [0, 3], LAMP: [0, 3] });
  const key = buy('BOX');

  await scene.at(slot, 'wave');

  const { shipments } = await scene.case(key);
  expect(shipments.map(({ node, state, parcels }) => [node, state, parcels[0]?.grams])).toEqual([['HAM', 'confirmed', 1_600]]);
});

test('a recorded wave with kits is replayed to the byte, explained to the cent, and played again as it went', async () => {
  const { scene, buy } = await boxScene({ MUG: [2, 1], LAMP: [1, 2] });
  const keys = [buy('BOX'), buy('BOX', 'MUG'), buy('BOX')];
  await scene.at(slot, 'wave');
  const decision = await scene.journal.read((tx) => keptDecision(tx, slot));
  const facts = await scene.journal.read((tx) => factsOfDay(tx, '2026-11-23'));
  if (decision === null) throw new Error('the wave was not kept');

  expect(await replayDecision(decision, null)).toMatchObject({ same: true, reasons: [] });
  const sum = [...sharesInMinor(decision.problem, decision.plan, 100).values()].reduce((total, share) => total + share.total, 0);
  expect(sum).toBe(Math.round(verifyPlan(decision.problem, decision.plan).cost.total * 100));
  const told = await Promise.all(keys.map((key) => explainOrder(scene.journal, key)));
  expect(told.flatMap((each) => each?.decisions.flatMap(({ unfilled }) => unfilled.map(({ words }) => words)) ?? []).join('\n')).toContain(
    'It is a part of 1 × BOX.',
  );
  const { run } = await simulateDay(facts, recordedSettings(facts), null);
  const inText = (shipments: readonly { readonly node: string; readonly lines: readonly unknown[] }[]) =>
    shipments.map(({ node, lines }) => JSON.stringify([node, lines])).sort();
  expect(inText(run.shipments)).toEqual(inText((await scene.cases()).flatMap(({ shipments }) => shipments)));
  // A box that waits is one line, however many parts it has.
  const rate = await scene.journal.read((tx) => fillRateOfDay(tx, '2026-11-23', facts));
  expect([rate.lines, rate.lines - rate.filled]).toEqual([4, run.choice.unfilledLines]);
});

test('what a wave without kits reads is kept as before: there are no recipes in it', async () => {
  const { scene, buy } = await boxScene({ MUG: [2, 1], LAMP: [1, 2] });
  buy('MUG');
  await scene.at(slot, 'wave');

  const facts = await scene.journal.read((tx) => tx.decisions.get(`wave-facts:${slot}`));

  expect(facts?.inputs).not.toHaveProperty('recipes');
});

test('why an order with a kit does not leave from elsewhere: whole, or the kit stays open', async () => {
  const shelves = { BER: { MUG: 2, LAMP: 2 }, HAM: { MUG: 2, LAMP: 1 } };
  const { problem } = await planned([wants('A', { BOX: 1, MUG: 1 }), wants('B', { BOX: 1 })], shelves);
  const { decision } = await decided(problem);
  const used = decision.plan.shipments.find(({ order }) => order === 'A')?.node ?? '';
  const other = used === 'BER' ? 'HAM' : 'BER';

  const told = await whyNot(decision, { order: 'A', node: other }, null);

  if (told.kind !== 'possible') throw new Error(told.why);
  expect(told.shipments).toEqual([expect.objectContaining({ node: other, lines: [0, 1, 2] })]);
  expect(told.words).toContain(`${other} by house/std (2 of 2 lines)`);
  expect(told.ownChangeMinor + told.othersChangeMinor).toBe(told.totalMinor.after - told.totalMinor.before);
});

test('a node that has only half of a kit ships what else it has, and the kit whole from elsewhere', async () => {
  const shelves = { BER: { MUG: 3, LAMP: 1 }, HAM: { MUG: 1 } };
  const { problem } = await planned([wants('A', { BOX: 1, MUG: 1 })], shelves);
  const { decision } = await decided(problem);

  const told = await whyNot(decision, { order: 'A', node: 'HAM' }, null);

  if (told.kind !== 'possible') throw new Error(told.why);
  expect(told.shipments.map(({ node, lines }) => `${node} ${lines.join()}`).sort()).toEqual(['BER 0,1', 'HAM 2']);
});
