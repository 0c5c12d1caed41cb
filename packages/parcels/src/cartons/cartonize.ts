import { money } from '@quartermaster/domain';
import { packBoxByBox } from './best-fit.ts';
import { boundOf } from './carton-bound.ts';
import { cartonFaults } from './carton-faults.ts';
import type { CartonProblem, ParcelPricing } from './carton-problem.ts';
import type { Carton, Cartonization, LeftReason } from './cartonization.ts';
import { improve } from './improve-plan.ts';
import { createDesk, type Desk, type PackedParcel, type UnitPlacement } from './one-parcel.ts';
import { costOf, isBetter, without, type PackingPlan } from './packing-plan.ts';
import { volumeOf } from './shapes.ts';
import { goodsOf, unitsOf, type Contents, type Goods } from './together.ts';

/**
 * Chooses boxes and places for all units so that the carrier's prices and the boxes cost as little together as can be found: first one box for everything, then several, box by box and improved by local
 * search. `incumbent` is a result for these units that is kept unless something cheaper is found (it is left out when it does not hold for this problem): with it, one more type of box never makes the
 * answer dearer. The same input gives the same answer, ties go to the smaller id. What cannot be packed is told with its reason; nothing is lost.
 *
 * Throws a `RangeError` when the carrier's prices are of another currency than the problem.
 */
export function cartonize(problem: CartonProblem, pricing: ParcelPricing, incumbent?: Cartonization): Cartonization {
  const goods = goodsOf(problem);
  const desk = createDesk(goods, pricing);
  const wanted = problem.items.map(({ units }) => units);
  const impossible = wanted.map((units, item) => (desk.atLeast(single(goods, item)) === Infinity ? units : 0));
  const possible = without(wanted, impossible);
  const plan = best(desk, possible, incumbent === undefined ? [] : kept(desk, possible, pricing, incumbent));
  return resultOf(goods, plan, impossible);
}

function best(desk: Desk, wanted: Contents, incumbents: readonly PackingPlan[]): PackingPlan {
  const nothing = wanted.map(() => 0);
  if (unitsOf(wanted) === 0) return { parcels: [], left: nothing };
  const one = desk.packed(wanted, new Set(), 'thorough');
  const plans: PackingPlan[] = one === null ? [] : [{ parcels: [one], left: nothing }];
  const cheapest = Math.min(...wanted.flatMap((units, item) => (units > 0 ? [desk.atLeast(single(desk.goods, item))] : [])));
  if (one === null || 2 * cheapest < one.minor) {
    const favourites = [null, ...desk.goods.problem.boxes.keys()];
    const built = favourites
      .map((favourite) => packBoxByBox(desk, wanted, favourite))
      .sort((a, b) => (isBetter(a, b) ? -1 : isBetter(b, a) ? 1 : 0));
    plans.push(...built.slice(0, starts).map((plan) => improve(desk, plan)));
  }
  plans.push(...incumbents.flatMap((plan) => [plan, improve(desk, plan)]));
  return plans.reduce((winner, plan) => (isBetter(plan, winner) ? plan : winner));
}

/** So many of the plans that were built are improved. */
const starts = 2;

function single({ problem }: Goods, item: number): Contents {
  return problem.items.map((_, index) => (index === item ? 1 : 0));
}

/** A result as a plan at the prices of now: nothing where it does not hold for this problem. */
function kept(desk: Desk, wanted: Contents, pricing: ParcelPricing, incumbent: Cartonization): PackingPlan[] {
  const { problem } = desk.goods;
  if (cartonFaults(problem, incumbent).length > 0) return [];
  const indexOf = new Map(problem.items.map(({ id }, index) => [id, index]));
  const parcels: PackedParcel[] = [];
  for (const carton of incumbent.cartons) {
    const price = pricing({ grams: carton.grams, millimetres: [...carton.millimetres] });
    if (price === null) return [];
    const places = carton.units.map(({ item, at, sides, layer }): UnitPlacement => ({
      item: indexOf.get(item) ?? 0,
      shape: 0,
      at,
      sides,
      layer,
    }));
    const contents = problem.items.map((_, index) => places.filter(({ item }) => item === index).length);
    const box = carton.box === null ? null : problem.boxes.findIndex(({ id }) => id === carton.box);
    if (box !== null) desk.remember(contents, box, places);
    const { grams, millimetres } = carton;
    parcels.push({ contents, box, grams, millimetres, priceMinor: price.minor, minor: price.minor + carton.boxCost.minor, places });
  }
  const packed = parcels.reduce<Contents>(
    (sum, { contents }) => sum.map((units, item) => units + contents[item]!),
    wanted.map(() => 0),
  );
  const left = without(wanted, packed);
  return left.some((units) => units < 0) ? [] : [{ parcels, left }];
}

function resultOf(goods: Goods, plan: PackingPlan, impossible: Contents): Cartonization {
  const { problem } = goods;
  const largestFirst = plan.parcels.toSorted(
    (one, other) =>
      volumeOf(other.millimetres) - volumeOf(one.millimetres) ||
      other.grams - one.grams ||
      (one.contents.join() < other.contents.join() ? 1 : -1),
  );
  const cartons = largestFirst.map((parcel, index) => cartonOf(problem, parcel, index + 1));
  const left = problem.items.flatMap(({ id, sku }, item) => {
    const rows = [
      { item: id, sku, units: impossible[item]!, reason: whyImpossible(goods, item) },
      { item: id, sku, units: plan.left[item]!, reason: 'no-box-left' as const },
    ];
    return rows.filter(({ units }) => units > 0);
  });
  const packed = without(
    without(
      problem.items.map(({ units }) => units),
      impossible,
    ),
    plan.left,
  );
  const bound = boundOf(goods, packed);
  return {
    kind: left.length === 0 ? 'packed' : 'incomplete',
    cartons,
    left,
    total: money(costOf(plan), problem.currency),
    bound,
    gap: cartons.length - bound.parcels,
  };
}

function cartonOf({ items, boxes, currency }: CartonProblem, parcel: PackedParcel, number: number): Carton {
  const { box, grams, millimetres, priceMinor, minor, places } = parcel;
  return {
    number,
    box: box === null ? null : boxes[box]!.id,
    grams,
    millimetres,
    price: money(priceMinor, currency),
    boxCost: money(minor - priceMinor, currency),
    units: places.map(({ item, layer, at, sides }, index) => ({
      item: items[item]!.id,
      sku: items[item]!.sku,
      step: index + 1,
      layer,
      at,
      sides,
    })),
  };
}

function whyImpossible({ problem, goesIn }: Goods, item: number): LeftReason {
  const { grams, ownPackaging } = problem.items[item]!;
  const large = problem.boxes.filter((_, box) => goesIn[item]![box]);
  if (ownPackaging) return 'not-carried';
  if (large.length === 0) return 'too-large';
  const strong = large.filter(({ maxGrams }) => grams <= maxGrams);
  if (strong.length === 0) return 'too-heavy';
  return strong.every(({ stock }) => stock === 0) ? 'no-box-left' : 'not-carried';
}
