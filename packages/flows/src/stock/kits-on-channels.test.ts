import { describe, expect, test } from 'vitest';
import { channelOrder, line, openCaseOf, position, settings } from '../testing/givens.ts';
import { acceptable } from '../intake/acceptance.ts';
import { levelsToShow } from './levels.ts';
import { noFacts } from './stock-facts.ts';

const box = {
  kit: [
    { sku: 'MUG', units: 2 },
    { sku: 'LAMP', units: 1 },
  ],
};

/** Units of a SKU that all channels together show. */
function shown(levels: ReturnType<typeof levelsToShow>, sku: string): number {
  return [...levels.values()].flat().reduce((sum, level) => sum + (level.sku === sku ? level.available : 0), 0);
}

describe('kits and their components are published together', () => {
  // As an ERP has it: of each kit as many as could be made if nothing else were sold.
  const positions = [position('MUG', 'BER', 10), position('LAMP', 'BER', 10), position('BOX', 'BER', 5, box)];

  test('what is shown of a kit is shown of none of its components as well', () => {
    const levels = levelsToShow(positions, [], settings({ channels: ['shop', 'market'] }));
    expect(2 * shown(levels, 'BOX') + shown(levels, 'MUG')).toBeLessThanOrEqual(10);
    expect(shown(levels, 'BOX') + shown(levels, 'LAMP')).toBeLessThanOrEqual(10);
    expect(shown(levels, 'BOX')).toBeGreaterThan(0);
  });

  test('an order of a kit takes its components from what is shown, also when no kit can be made any more', () => {
    const order = openCaseOf(channelOrder({ lines: [line('l1', 'BOX', 4)] }));
    const levels = levelsToShow([position('MUG', 'BER', 9), position('LAMP', 'BER', 9)], [order], settings(), new Map(), {
      ...noFacts,
      recipes: new Map([['BOX', box.kit]]),
    });
    expect([2 * shown(levels, 'BOX') + shown(levels, 'MUG'), shown(levels, 'BOX') + shown(levels, 'LAMP')]).toEqual([1, 5]);
  });

  test('an empty kit shows nothing, whatever the ERP says', () => {
    const levels = levelsToShow([position('BOX', 'BER', 99, { kit: [] })], [], settings());
    expect(shown(levels, 'BOX')).toBe(0);
  });

  test('two bundle lines that share a component do not each find it free', () => {
    const awaited = (units: number, second: string) => {
      const order = channelOrder({ acceptance: 'awaited', lines: [line('l1', 'BOX', units), line('l2', second, 1)] });
      return { ...openCaseOf(order), state: 'held' as const, acknowledgement: 'due' as const };
    };
    const crate = position('CRATE', 'BER', 1, { kit: [{ sku: 'MUG', units: 6 }] });
    expect(acceptable([...positions, crate], [awaited(2, 'CRATE')])).toHaveLength(1);
    expect(acceptable([...positions, crate], [awaited(3, 'CRATE')])).toEqual([]);
  });

  test('an order is found in stock over all nodes, and not at the first one only', () => {
    const order = channelOrder({ acceptance: 'awaited', lines: [line('l1', 'MUG', 7)] });
    const waiting = { ...openCaseOf(order), state: 'held' as const, acknowledgement: 'due' as const };
    expect(acceptable([position('MUG', 'BER', 4), position('MUG', 'HAM', 4)], [waiting])).toHaveLength(1);
  });
});

test('goods of another owner are shown only where the policy sells them', () => {
  const given = settings();
  const consigned = [position('MUG', 'BER', 4), position('MUG', 'BER', 6, { owner: 'ACME' })];
  const sells = (owners: 'all' | string[]) => ({ ...given, inventory: { ...given.inventory, consigned: owners } });
  expect([given, sells(['ACME']), sells(['OTHER']), sells('all')].map((each) => shown(levelsToShow(consigned, [], each), 'MUG'))).toEqual([
    4, 10, 4, 10,
  ]);
});

test('lots of one SKU at one node share one safety stock and one reservation', () => {
  const given = settings();
  const lots = [position('MUG', 'BER', 4, { lot: 'A' }), position('MUG', 'BER', 6, { lot: 'B' })];
  expect(shown(levelsToShow(lots, [], { ...given, safetyStock: { default: 3, rules: [] } }), 'MUG')).toBe(7);
});
