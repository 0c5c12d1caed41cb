import { expect, test } from 'vitest';
import { publishable, type ChannelShare } from './publishable.ts';

test('one channel shows all that there is', () => {
  expect(split({ BER: 5, HAM: 2 }, [{ connection: 'shop', share: 1 }])).toEqual({ shop: { BER: 5, HAM: 2 } });
});

test('two channels share each node by their weights', () => {
  const channels = [
    { connection: 'shop', share: 3 },
    { connection: 'market', share: 1 },
  ];
  expect(split({ BER: 8, HAM: 4 }, channels)).toEqual({ shop: { BER: 6, HAM: 3 }, market: { BER: 2, HAM: 1 } });
});

test('single units at many nodes do not all go to the first channel', () => {
  const channels = [
    { connection: 'shop', share: 1 },
    { connection: 'market', share: 1 },
  ];
  expect(totals(split({ A: 1, B: 1, C: 1, D: 1 }, channels))).toEqual({ shop: 2, market: 2 });
});

test('a guaranteed minimum comes before the shares', () => {
  const channels = [
    { connection: 'shop', share: 1 },
    { connection: 'market', share: 0, minimum: 3 },
  ];
  expect(totals(split({ BER: 5, HAM: 5 }, channels))).toEqual({ shop: 7, market: 3 });
});

test('minimums are given in the order of the channels while they last', () => {
  const channels = [
    { connection: 'shop', share: 1, minimum: 4 },
    { connection: 'market', share: 1, minimum: 4 },
  ];
  expect(totals(split({ BER: 3, HAM: 2 }, channels))).toEqual({ shop: 4, market: 1 });
});

test('where no channel has a share nothing but the minimums is shown', () => {
  expect(totals(split({ BER: 5 }, [{ connection: 'shop', share: 0, minimum: 2 }]))).toEqual({ shop: 2 });
});

test('a node without stock is shown with 0', () => {
  expect(split({ BER: 0 }, [{ connection: 'shop', share: 1 }])).toEqual({ shop: { BER: 0 } });
});

test('a connection that is named twice is refused', () => {
  expect(() =>
    split({ BER: 1 }, [
      { connection: 'shop', share: 1 },
      { connection: 'shop', share: 1 },
    ]),
  ).toThrow('named twice');
});

function split(atp: Record<string, number>, channels: readonly ChannelShare[]): Record<string, Record<string, number>> {
  const shown: Record<string, Record<string, number>> = {};
  for (const { connection, node, available } of publishable({ sku: 'MUG', atpByNode: new Map(Object.entries(atp)), channels })) {
    shown[connection] = { ...shown[connection], [node]: available };
  }
  return shown;
}

function totals(shown: Record<string, Record<string, number>>): Record<string, number> {
  return Object.fromEntries(
    Object.entries(shown).map(([connection, nodes]) => [connection, Object.values(nodes).reduce((sum, units) => sum + units, 0)]),
  );
}
