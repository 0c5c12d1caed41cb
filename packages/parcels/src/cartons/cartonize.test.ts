import { money } from '@quartermaster/domain';
import { expect, test } from 'vitest';
import {
  cartonize,
  cartonProblemSchema,
  parcelOfCarton,
  tariffPricing,
  tariffSchema,
  type Cartonization,
  type CartonProblemInput,
  type ParcelPricing,
} from '../index.ts';

type Box = Partial<CartonProblemInput['boxes'][number]>;
type Item = Partial<CartonProblemInput['items'][number]>;

function problem(boxes: readonly Box[], items: readonly Item[], apart: [string, string][] = []) {
  return cartonProblemSchema.parse({
    currency: 'EUR',
    apart,
    boxes: boxes.map((box, index) => {
      const inner = box.inner ?? [200, 200, 200];
      return { id: `box-${index}`, inner, outer: inner, tareGrams: 0, maxGrams: 30_000, ...box };
    }),
    items: items.map((item, index) => ({
      id: `line-${index}`,
      sku: `sku-${index}`,
      units: 1,
      millimetres: [100, 100, 100],
      grams: 500,
      ...item,
    })),
  });
}

/** 5 EUR for each parcel. */
const flat: ParcelPricing = () => money(500, 'EUR');
/** A cent for each begun 10 cm³. */
const bySize: ParcelPricing = ({ millimetres }) =>
  money(Math.ceil((millimetres ?? []).reduce((product, side) => product * side, 1) / 10_000), 'EUR');

function boxes({ cartons }: Cartonization): (string | null)[] {
  return cartons.map(({ box }) => box);
}

test('the cheapest box that holds everything is taken, which need not be the smallest', () => {
  const small = { id: 'small', inner: [100, 100, 100], costMinor: 80 } satisfies Box;
  const large = { id: 'large', inner: [200, 200, 200], costMinor: 20 } satisfies Box;
  expect(boxes(cartonize(problem([small, large], [{}]), flat))).toEqual(['large']);
  expect(boxes(cartonize(problem([small, large], [{}]), bySize))).toEqual(['small']);
});

test('two parcels are sent where the surcharge of a long one is dearer than a second one', () => {
  const service = {
    id: 's',
    name: 's',
    carrierService: 's',
    maxGrams: 30_000,
    zones: [{ id: 'z', from: '*' as const, to: '*' as const }],
    prices: [{ zone: 'z', bands: [{ upToGrams: 30_000, minor: 500 }] }],
    surcharges: [{ code: 'long', when: { minLongestMillimetres: 300 }, minor: 900 }],
  };
  const tariff = tariffSchema.parse({ id: 't', carrier: 'Post', currency: 'EUR', effectiveFrom: '2026-01-01', services: [service] });
  const graz = { country: 'AT', region: null, postalArea: '801' };
  const given = problem([{ inner: [200, 200, 100] }, { inner: [400, 200, 100] }], [{ units: 2, millimetres: [200, 200, 100] }]);
  const found = cartonize(given, tariffPricing(tariff, 's', { from: graz, to: graz, date: '2026-11-22' }));
  expect([boxes(found), found.total]).toEqual([['box-0', 'box-0'], money(1_000, 'EUR')]);
});

test('a parcel weighs its goods and its box, and has the outer sides of the box, the longest first', () => {
  const box = { inner: [120, 320, 220], outer: [130, 330, 230], tareGrams: 250 } satisfies Box;
  const [carton] = cartonize(problem([box], [{ units: 2 }]), flat).cartons;
  expect(carton).toMatchObject({ grams: 1_250, millimetres: [330, 230, 130] });
  expect(carton === undefined ? null : parcelOfCarton(carton)).toEqual({
    number: 1,
    grams: 1_250,
    millimetres: [330, 230, 130],
    items: [{ lineId: 'line-0', sku: 'sku-0', units: 2 }],
  });
});

test('goods that are too heavy for one box go into two', () => {
  const found = cartonize(problem([{ maxGrams: 1_200 }], [{ units: 4 }]), flat);
  expect([found.cartons.length, found.bound, found.gap]).toEqual([2, { parcels: 2, by: 'weight' }, 0]);
});

test('when the cheap boxes are used up, the dearer ones are taken', () => {
  const given = problem(
    [
      { inner: [100, 100, 100], stock: 1 },
      { inner: [100, 100, 101], costMinor: 40 },
    ],
    [{ units: 3 }],
  );
  expect(boxes(cartonize(given, flat))).toEqual(['box-1', 'box-1', 'box-0']);
});

test('what finds no box any more is told, and the rest is packed', () => {
  const found = cartonize(problem([{ inner: [100, 100, 100], stock: 1 }], [{ units: 3 }]), flat);
  expect([found.kind, found.cartons.length, found.left]).toEqual([
    'incomplete',
    1,
    [{ item: 'line-0', sku: 'sku-0', units: 2, reason: 'no-box-left' }],
  ]);
});

test('what no box holds leaves in its own packaging where it may, and is told where it may not', () => {
  const pole = { millimetres: [900, 50, 50], grams: 2_000 } satisfies Item;
  const found = cartonize(problem([{}], [{ ...pole, ownPackaging: true }, pole, { grams: 40_000 }]), flat);
  expect(found.cartons).toMatchObject([{ box: null, grams: 2_000, millimetres: [900, 50, 50] }]);
  expect(found.left.map(({ item, reason }) => [item, reason])).toEqual([
    ['line-1', 'too-large'],
    ['line-2', 'too-heavy'],
  ]);
});

test('what the carrier does not take in any box is told', () => {
  const light: ParcelPricing = ({ grams }) => (grams > 1_000 ? null : money(500, 'EUR'));
  expect(cartonize(problem([{}], [{ grams: 2_000 }]), light).left).toMatchObject([{ reason: 'not-carried' }]);
});

test('what ships alone has no company, not even of its own kind', () => {
  expect(cartonize(problem([{}], [{ units: 2, alone: true }, { units: 3 }]), flat).cartons).toHaveLength(3);
});

test('hazard classes that are apart are not in one parcel', () => {
  const given = problem([{}], [{ hazard: 'flammable' }, { hazard: 'oxidizing' }, {}], [['oxidizing', 'flammable']]);
  const found = cartonize(given, flat);
  expect(found.cartons).toHaveLength(2);
  expect(found.gap).toBe(0);
});

test('nothing lies on something fragile, so a second one needs a second box', () => {
  const glass = { fragile: true, units: 2, turning: 'upright', millimetres: [200, 200, 100] } satisfies Item;
  expect(cartonize(problem([{}], [glass]), flat).cartons).toHaveLength(2);
});

test('an upright unit is not laid down to fit', () => {
  const bottle = { millimetres: [100, 100, 250], turning: 'upright' } satisfies Item;
  expect(cartonize(problem([{ inner: [250, 100, 100] }], [bottle]), flat).left).toMatchObject([{ reason: 'too-large' }]);
});

test('soft goods go into a bag, which is as high as they are when pressed', () => {
  const bag = { kind: 'bag', inner: [300, 250, 100], outer: [330, 280, 102], tareGrams: 20, costMinor: 10 } satisfies Box;
  const shirt = { units: 3, millimetres: [280, 220, 30], grams: 200, soft: { pressedPercent: 50 } } satisfies Item;
  expect(cartonize(problem([{ inner: [300, 250, 100], costMinor: 30 }, bag], [shirt]), bySize).cartons).toMatchObject([
    { box: 'box-1', grams: 620, millimetres: [330, 280, 47] },
  ]);
});

test('hard goods do not go into a bag', () => {
  expect(cartonize(problem([{ kind: 'bag' }], [{}]), flat).left).toMatchObject([{ reason: 'too-large' }]);
});

test('nothing to pack makes no carton', () => {
  expect(cartonize(problem([{}], []), flat)).toMatchObject({ kind: 'packed', cartons: [], total: money(0, 'EUR'), gap: 0 });
});

test('a result that does not hold for the problem is no incumbent', () => {
  const before = cartonize(problem([{ inner: [400, 400, 400] }], [{ units: 8 }]), flat);
  const now = problem([{ inner: [100, 100, 100] }], [{ units: 8 }]);
  expect(cartonize(now, flat, before)).toEqual(cartonize(now, flat));
});

test('prices of another currency are refused', () => {
  expect(() => cartonize(problem([{}], [{}]), () => money(5, 'USD'))).toThrow(RangeError);
});
