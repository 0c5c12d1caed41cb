import { expect, test } from 'vitest';
import { settle } from './engine.ts';
import { freePlaces, type elsewhere } from './places.ts';
import { openScene } from './testing/scene.ts';

test('a connection with nothing under way is asked for as much as it has places, one that is half full for the rest, and a fuller one not at all', () => {
  const places = new Map<string | typeof elsewhere, number>([
    ['idle', 8],
    ['half', 8],
    ['fuller', 8],
    ['single', 1],
  ]);
  const underWay = new Map([
    ['half', 4],
    ['fuller', 5],
    ['single', 1],
  ]);

  expect([...freePlaces(places, underWay)]).toEqual([
    ['idle', 8],
    ['half', 4],
  ]);
});

/** A day with twelve orders whose carrier takes two at a time, and whose purchases come to an end only when they are let go. */
async function given() {
  const sofar = { underWay: 0, most: 0 };
  const held = Promise.withResolvers<void>();
  let holding = true;
  const scene = await openScene({
    settings: (settings) => ({ ...settings, carriers: settings.carriers.map((each) => ({ ...each, mostAtOnce: 2 })) }),
    stock: { MUG: [20, 20], LAMP: [0, 0] },
    carrier: (carrier) => ({
      ...carrier,
      async buy(request, memo) {
        sofar.underWay += 1;
        sofar.most = Math.max(sofar.most, sofar.underWay);
        if (holding) await held.promise;
        sofar.underWay -= 1;
        return carrier.buy(request, memo);
      },
    }),
  });
  for (let count = 0; count < 12; count += 1) scene.order();
  scene.clock.advanceTo('2026-11-23T10:00:00.000Z');
  await scene.engine.pull('shop');
  await scene.engine.wave('2026-11-23T10:00:00.000Z');
  const letGo = () => {
    holding = false;
    held.resolve();
  };
  return { scene, sofar, letGo };
}

test('of a carrier no more purchases are under way than the config says, and all of them are made', async () => {
  const { scene, sofar, letGo } = await given();

  const working = scene.engine.work();
  await expect.poll(() => sofar.underWay, { timeout: 60_000 }).toBe(2);
  letGo();
  await working;
  await settle(scene.engine, scene.clock);

  expect(sofar.most).toBe(2);
  expect((await scene.cases()).map(({ state }) => state)).toEqual(Array.from({ length: 12 }, () => 'shipped'));
});

test('a carrier that does not answer holds up neither the ERP nor the shop', async () => {
  const { scene, sofar, letGo } = await given();
  const working = scene.engine.work();

  await expect.poll(() => [scene.odoo.snapshot().orders.length, sofar.underWay], { timeout: 60_000 }).toEqual([12, 2]);

  letGo();
  await working;
});
