import { money } from '@quartermaster/domain';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { cartonFaults, cartonize, cartonProblemSchema, type CartonProblemInput, type ParcelPricing } from '../index.ts';

const side = fc.integer({ min: 10, max: 260 });
const items = fc.array(
  fc.record({
    units: fc.integer({ min: 1, max: 5 }),
    millimetres: fc.tuple(side, side, side),
    grams: fc.nat(4_000),
    turning: fc.constantFrom('any', 'upright', 'none'),
    fragile: fc.boolean(),
    alone: fc.integer({ min: 0, max: 9 }).map((draw) => draw === 0),
    hazard: fc.constantFrom(null, null, null, 'flammable', 'oxidizing'),
    soft: fc.constantFrom(null, null, { pressedPercent: 60 }),
    maxPerBox: fc.constantFrom(null, null, 1, 2),
    ownPackaging: fc.boolean(),
  }),
  { minLength: 1, maxLength: 6 },
);
const innerSide = fc.integer({ min: 40, max: 400 });
const boxes = fc.array(
  fc.record({
    kind: fc.constantFrom('carton', 'carton', 'bag'),
    inner: fc.tuple(innerSide, innerSide, innerSide),
    wall: fc.nat(10),
    tareGrams: fc.nat(400),
    maxGrams: fc.integer({ min: 500, max: 20_000 }),
    stock: fc.constantFrom(null, null, 0, 1, 3),
    costMinor: fc.nat(150),
  }),
  { minLength: 1, maxLength: 4 },
);

const apart: [string, string][] = [
  ['flammable', 'oxidizing'],
  ['oxidizing', 'oxidizing'],
];

const problems = fc.record({ items, boxes }).map(({ items: drafts, boxes: types }) =>
  cartonProblemSchema.parse({
    currency: 'EUR',
    apart,
    items: drafts.map((draft, index) => ({ id: `line-${index}`, sku: `sku-${index}`, ...draft })),
    boxes: types.map(({ wall, inner: [length, width, height], ...type }, index) => ({
      id: `box-${index}`,
      ...type,
      inner: [length, width, height],
      outer: [length + wall, width + wall, height + wall],
    })),
  } satisfies CartonProblemInput),
);

/** Dimensional weight by 5000 to half kilograms, a dearer kilogram for each, a surcharge for long parcels, and nothing above 20 kg. */
const carrier: ParcelPricing = ({ grams, millimetres }) => {
  if (grams > 20_000) return null;
  const [length = 0, width = 0, height = 0] = millimetres ?? [];
  const billable = Math.ceil(Math.max(grams, (length * width * height) / 5_000) / 500);
  return money(400 + 60 * billable + (length > 350 ? 900 : 0), 'EUR');
};

test('nothing overlaps, sticks out, floats, is too heavy, turned, doubled or lost, and no rule of goods or boxes is broken', () => {
  fc.assert(
    fc.property(problems, (problem) => {
      expect(cartonFaults(problem, cartonize(problem, carrier))).toEqual([]);
    }),
    { numRuns: 300 },
  );
});

test('no cartonization has fewer cartons than its bound', () => {
  fc.assert(
    fc.property(problems, (problem) => {
      expect(cartonize(problem, carrier).gap).toBeGreaterThanOrEqual(0);
    }),
  );
});

test('the same question has the same answer', () => {
  fc.assert(
    fc.property(problems, (problem) => {
      expect(cartonize(problem, carrier)).toEqual(cartonize(structuredClone(problem), carrier));
    }),
    { numRuns: 40 },
  );
});

test('one more type of box never makes it dearer, and leaves nothing more behind, when the old result is kept as incumbent', () => {
  fc.assert(
    fc.property(problems, boxes, (problem, [more]) => {
      fc.pre(more !== undefined);
      const before = cartonize(problem, carrier);
      const [length, width, height] = more.inner;
      const outer: [number, number, number] = [length + more.wall, width + more.wall, height + more.wall];
      const { wall: _, ...type } = more;
      const wider = cartonProblemSchema.parse({ ...problem, boxes: [...problem.boxes, { ...type, id: 'new', outer }] });
      const after = cartonize(wider, carrier, before);
      const over = (one: typeof after) => one.left.reduce((sum, { units }) => sum + units, 0);
      expect(over(after)).toBeLessThanOrEqual(over(before));
      expect(over(after) < over(before) || after.total.minor <= before.total.minor).toBe(true);
      expect(cartonFaults(wider, after)).toEqual([]);
    }),
  );
});

test('each carton costs what the carrier asks for it', () => {
  fc.assert(
    fc.property(problems, (problem) => {
      for (const { grams, millimetres, price } of cartonize(problem, carrier).cartons)
        expect(carrier({ grams, millimetres: [...millimetres] })).toEqual(price);
    }),
  );
});
