import { expect, test } from 'vitest';
import { packByWeight } from './index.ts';

const line = (lineId: string, units: number, gramsPerUnit: number) => ({ lineId, sku: `sku-${lineId}`, units, gramsPerUnit });

test('what fits into one parcel goes into one parcel', () => {
  expect(packByWeight([line('a', 2, 1_000), line('b', 1, 500)], 31_500)).toEqual({
    kind: 'packed',
    parcels: [
      {
        number: 1,
        grams: 2_500,
        millimetres: null,
        items: [
          { lineId: 'a', sku: 'sku-a', units: 2 },
          { lineId: 'b', sku: 'sku-b', units: 1 },
        ],
      },
    ],
  });
});

test('the heaviest units are packed first, and light ones fill the room that is left', () => {
  const packing = packByWeight([line('light', 4, 200), line('heavy', 3, 600)], 1_000);
  expect(
    packing.kind === 'packed' && packing.parcels.map(({ grams, items }) => [grams, items.map((item) => `${item.units} ${item.lineId}`)]),
  ).toEqual([
    [1_000, ['2 light', '1 heavy']],
    [1_000, ['2 light', '1 heavy']],
    [600, ['1 heavy']],
  ]);
});

test('a unit that alone is too heavy is an outcome that names its line', () => {
  const anvil = line('anvil', 1, 40_000);
  expect(packByWeight([line('a', 1, 100), anvil], 31_500)).toEqual({ kind: 'too-heavy', lines: [anvil] });
});

test('units without a known weight travel in the first parcel, which weighs at least a gram', () => {
  expect(packByWeight([line('gift card', 3, 0)], 1_000)).toMatchObject({ parcels: [{ grams: 1, items: [{ units: 3 }] }] });
});

test('nothing to pack makes no parcel', () => {
  expect(packByWeight([line('a', 0, 100)], 1_000)).toEqual({ kind: 'packed', parcels: [] });
});

test('half a unit cannot be packed', () => {
  expect(() => packByWeight([line('a', 0.5, 100)], 1_000)).toThrow(RangeError);
});
