import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Recipes } from './kits.ts';
import { exposure, raisedWithinBudget, settableNow, type LevelChange } from './oversell.ts';

const none: Recipes = new Map();
const level = (connection: string, available: number, sku = 'MUG') => ({ connection, sku, node: 'BER', available });
const change = (connection: string, shown: number | null, wanted: number, sku = 'MUG'): LevelChange => ({
  connection,
  sku,
  node: 'BER',
  shown,
  isDoubted: false,
  wanted,
});
const strict = { recipes: none, inFlight: () => Infinity, budget: 0 };

describe('the oversell budget', () => {
  const raised = (inFlight: (connection: string) => number, budget = 0) =>
    raisedWithinBudget({
      levels: [level('shop', 50), level('market', 50)],
      recipes: none,
      atp: new Map([['MUG', 100]]),
      most: () => 100,
      inFlight,
      budget,
    }).map(({ available }) => available);

  test('without declared windows channels show their shares, whose sum is what there is', () => {
    expect(raised(() => Infinity)).toEqual([50, 50]);
  });

  test('a channel that sells at most 2 in its in-flight window leaves the others all but 2, and shows all itself', () => {
    expect(raised(() => 2)).toEqual([100, 100]);
    expect(raised((connection) => (connection === 'market' ? 2 : Infinity))).toEqual([98, 100]);
  });

  test('a budget of units is what may be exposed beyond what there is, and no more', () => {
    expect(raised(() => Infinity, 10)).toEqual([60, 50]);
  });

  test('what is exposed never exceeds what may be promised and the budget', () => {
    const some = fc.record({
      shop: fc.nat(20),
      market: fc.nat(20),
      kit: fc.nat(5),
      inShop: fc.nat(30),
      inMarket: fc.nat(30),
      budget: fc.nat(6),
      more: fc.nat(9),
    });
    fc.assert(
      fc.property(some, ({ shop, market, kit, inShop, inMarket, budget, more }) => {
        const recipes: Recipes = new Map([['PAIR', [{ sku: 'MUG', units: 2 }]]]);
        const atp = new Map([['MUG', shop + market + 2 * kit + more]]);
        const inFlight = (connection: string) => (connection === 'shop' ? inShop : inMarket);
        const levels = [level('shop', shop), level('market', market), level('market', kit, 'PAIR')];
        const shown = raisedWithinBudget({ levels, recipes, atp, most: () => 40, inFlight, budget });
        expect(exposure(shown, recipes, inFlight).get('MUG') ?? 0).toBeLessThanOrEqual((atp.get('MUG') ?? 0) + budget);
        expect(shown.every(({ available }, index) => available >= (levels[index]?.available ?? 0))).toBe(true);
      }),
    );
  });
});

describe('the order in which levels are raised', () => {
  const now = (changes: readonly LevelChange[], units: number) =>
    settableNow(changes, { ...strict, atp: new Map([['MUG', units]]) }).now.map(({ connection }) => connection);

  test('a channel is raised only when the other, that shows the same units, is lowered', () => {
    expect(now([change('shop', 2, 5), change('market', 7, 4)], 9)).toEqual(['market']);
    expect(now([change('shop', 2, 5), change('market', 4, 4)], 9)).toEqual(['shop', 'market']);
  });

  test('goods that came in are shown at once where nothing must be lowered for it', () => {
    expect(now([change('shop', 5, 10), change('market', 5, 10)], 20)).toEqual(['shop', 'market']);
  });

  test('nothing is raised while nobody knows what another channel shows', () => {
    expect(now([change('shop', 2, 5), change('market', null, 4)], 9)).toEqual(['market']);
  });

  test('while it is in doubt what another level shows nothing is raised, and what is in doubt is asked after', () => {
    const doubted = { ...change('market', 4, 6), isDoubted: true };
    const given = { ...strict, atp: new Map([['MUG', 20]]) };
    expect(settableNow([change('shop', 2, 5), { ...doubted, node: 'HAM' }], given).now).toEqual([{ ...doubted, node: 'HAM' }]);
    expect(settableNow([doubted, { ...doubted, node: 'HAM' }], given).now.map(({ wanted }) => wanted)).toEqual([4, 4]);
  });

  test('a level in doubt that a shop has below nothing is asked after with nothing, which no shop refuses', () => {
    const doubted = { ...change('market', -2, 6), isDoubted: true };
    const given = { ...strict, atp: new Map([['MUG', 20]]) };
    expect(settableNow([doubted, { ...doubted, node: 'HAM' }], given).now.map(({ wanted }) => wanted)).toEqual([0, 0]);
  });

  test('a kit waits until its component is lowered', () => {
    const recipes: Recipes = new Map([['PAIR', [{ sku: 'MUG', units: 2 }]]]);
    const { now: first } = settableNow([change('shop', 0, 3, 'PAIR'), change('shop', 8, 2)], {
      ...strict,
      recipes,
      atp: new Map([['MUG', 8]]),
    });
    expect(first.map(({ sku }) => sku)).toEqual(['MUG']);
  });
});
