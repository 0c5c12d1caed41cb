import type { Sku } from '@quartermaster/domain';
import { inventoryPolicySchema } from '@quartermaster/inventory';
import { describe, expect, test } from 'vitest';
import { playOversell, type OversellOutcome } from '../testing/oversell-world.ts';
import { shareStock, type ShareStock, type SharedStock, type ToShare } from './share-stock.ts';

// 10,000 hours of the same are played by `npm run bench -- oversell`.

/** Worlds of 50 hours each until one oversells or shows too much, at most so many. */
async function played(seeds: number, given: Omit<Parameters<typeof playOversell>[0], 'seed' | 'hours'> = {}): Promise<OversellOutcome[]> {
  const outcomes: OversellOutcome[] = [];
  for (let seed = 1; seed <= seeds; seed += 1) {
    outcomes.push(await playOversell({ ...given, seed, hours: 50 }));
    const last = outcomes.at(-1);
    if (last !== undefined && last.mostBeyond + last.oversold > 0) break;
  }
  return outcomes;
}

const worst = (outcomes: readonly OversellOutcome[]) => ({
  mostBeyond: Math.max(...outcomes.map((each) => each.mostBeyond)),
  oversold: Math.max(...outcomes.map((each) => each.oversold)),
});

describe('two channels, four nodes, shared components, concurrent orders, lagging pulls and returns', { timeout: 300_000 }, () => {
  test('what is published never exceeds what is there, and nothing is oversold', async () => {
    const outcomes = await played(2);
    expect(worst(outcomes)).toEqual({ mostBeyond: 0, oversold: 0 });
    expect(Math.min(...outcomes.map(({ ordered }) => ordered))).toBeGreaterThan(10);
  });

  test('with declared windows channels show more than their share, and still nothing is oversold', async () => {
    const inventory = inventoryPolicySchema.parse({ syncWindows: { '*': { minutes: 240 } }, oversell: { mostPerHour: { '*': 1 } } });
    const outcomes = await played(2, { inventory, mostPerHour: 1, longestLag: 1 });
    expect(worst(outcomes).oversold).toBe(0);
  });

  test.each<[string, ShareStock]>([
    ['a kit is available as the minimum of its components, each taken by itself', kitsOnTheirOwn],
    ['an empty kit is whatever the ERP says', emptyKitAsTold],
    ['two kits that share a component each find it free', eachKitAlone],
    ['the order of a kit takes none of its components', kitOrdersTakeNothing],
    ['orders are reserved at the first location only', firstLocationOnly],
    ['each channel shows all that there is', everyChannelAll],
    ['what was sold and is not read yet is sold again', unreadForgotten],
    ['open orders are not taken off', ordersForgotten],
    ['goods that came back are sold before anybody looked at them', returnsSold],
    ['what is to come is sold as if it were there', inboundSold],
  ])('a planted mistake is caught: %s', async (_mistake, share) => {
    const { mostBeyond, oversold } = worst(await played(6, { share }));
    expect(mostBeyond + oversold).toBeGreaterThan(0);
  });

  test('a planted mistake is caught: one channel is raised before the other is lowered', async () => {
    const { mostBeyond } = worst(await played(6, { inventory: { raise: 'at-once' } }));
    expect(mostBeyond).toBeGreaterThan(0);
  });
});

function kitsOnTheirOwn(given: ToShare): SharedStock {
  return shareStock({
    ...given,
    positions: given.positions.map((each) => ({ ...each, kit: null })),
    facts: { ...given.facts, recipes: new Map() },
  });
}

function emptyKitAsTold(given: ToShare): SharedStock {
  return withoutRecipes(given, (sku) => sku === 'EMPTY');
}

/** Each kit shares its components with the plain article, as if there were no other kit. */
function eachKitAlone(given: ToShare): SharedStock {
  const all = shareStock(given);
  const alone = ['PAIR', 'BOX', 'DESK'].map((kit) => ({ kit, shared: withoutRecipes(given, (sku) => sku !== kit) }));
  const levels = new Map(
    [...all.levels].map(([connection, own]) => [
      connection,
      own.map((level) => {
        const { shared } = alone.find(({ kit }) => kit === level.sku) ?? { shared: all };
        return shared.levels.get(connection)?.find(({ sku, node }) => sku === level.sku && node === level.node) ?? level;
      }),
    ]),
  );
  // Nor does it look at the others where it is asked whether a raise fits.
  return { ...all, levels, recipes: new Map(), atp: new Map([...all.offered.keys()].map((sku) => [sku, 1_000])) };
}

function kitOrdersTakeNothing(given: ToShare): SharedStock {
  const kits = new Set(given.positions.flatMap(({ sku, kit }) => (kit === null ? [] : [sku])));
  return shareStock({
    ...given,
    cases: given.cases.filter((each) => !each.order.lines.some(({ sku }) => sku !== null && kits.has(sku))),
    unread: new Map([...given.unread].filter(([sku]) => !kits.has(sku))),
  });
}

function firstLocationOnly(given: ToShare): SharedStock {
  const at = (isFirst: boolean) => given.positions.filter(({ node }) => (node === 'BER') === isFirst);
  const first = shareStock({ ...given, positions: at(true) });
  const others = shareStock({ ...given, positions: at(false), cases: [], unread: new Map() });
  const levels = new Map([...first.levels].map(([connection, own]) => [connection, [...own, ...(others.levels.get(connection) ?? [])]]));
  const atp = new Map([...others.atp].map(([sku, units]) => [sku, units + (first.atp.get(sku) ?? 0)]));
  return { ...others, levels, atp };
}

function everyChannelAll(given: ToShare): SharedStock {
  const { channels } = given.settings;
  const alone = channels.map((channel) => shareStock({ ...given, settings: { ...given.settings, channels: [channel] } }));
  const [first] = alone;
  if (first === undefined) return shareStock(given);
  return { ...first, levels: new Map(alone.flatMap(({ levels }) => [...levels])), budget: 1_000 };
}

function unreadForgotten(given: ToShare): SharedStock {
  return shareStock({ ...given, unread: new Map() });
}

function ordersForgotten(given: ToShare): SharedStock {
  return shareStock({ ...given, cases: [] });
}

function returnsSold(given: ToShare): SharedStock {
  return shareStock({ ...given, positions: given.positions.map((each) => ({ ...each, sellable: each.sellable + each.returnPending })) });
}

function inboundSold(given: ToShare): SharedStock {
  const coming = (each: ToShare['positions'][number]) => each.inbound.reduce((sum, { units }) => sum + units, 0);
  return shareStock({ ...given, positions: given.positions.map((each) => ({ ...each, sellable: each.sellable + coming(each) })) });
}

/** These kits are taken for plain articles. */
function withoutRecipes(given: ToShare, plain: (sku: Sku) => boolean): SharedStock {
  const recipes = new Map([...given.facts.recipes].filter(([sku]) => !plain(sku)));
  const positions = given.positions.map((each) => (plain(each.sku) ? { ...each, kit: null } : each));
  return shareStock({ ...given, positions, facts: { ...given.facts, recipes } });
}
