import type { CartonItem, CartonProblem } from './carton-problem.ts';
import { fitsInside, volumeOf, waysToLie, type Shape, type Sides } from './shapes.ts';

/** Units per item of the problem, in its order: what is in one parcel. */
export type Contents = readonly number[];

/** The ways in which a unit may lie in a box; soft goods lie flat and pressed. */
export function liesOf({ millimetres, turning, soft }: CartonItem): Sides[] {
  if (soft === null) return waysToLie(millimetres, turning);
  const [lowest = 1, middle = 1, longest = 1] = millimetres.toSorted((one, other) => one - other);
  const pressed = Math.max(1, Math.ceil((lowest * soft.pressedPercent) / 100));
  return waysToLie([longest, middle, pressed], turning === 'none' ? 'none' : 'upright');
}

/** A problem with what is asked about its items again and again, worked out once. */
export type Goods = {
  readonly problem: CartonProblem;
  /** Per item, the ways in which a unit may lie. */
  readonly lies: readonly (readonly Sides[])[];
  /** Per item, the cubic millimetres that a unit takes up. */
  readonly room: readonly number[];
  /** Per item and box, whether a unit alone goes in by its sides and its kind. */
  readonly goesIn: readonly (readonly boolean[])[];
};

export function goodsOf(problem: CartonProblem): Goods {
  const lies = problem.items.map((item) => liesOf(item));
  return {
    problem,
    lies,
    room: lies.map(([lie]) => (lie === undefined ? 0 : volumeOf(lie))),
    goesIn: problem.items.map((item, index) =>
      problem.boxes.map(
        (box) => (box.kind === 'carton' || item.soft !== null) && (lies[index] ?? []).some((lie) => fitsInside(lie, box.inner)),
      ),
    ),
  };
}

export function unitsOf(contents: Contents): number {
  return contents.reduce((sum, units) => sum + units, 0);
}

/** The sum of a figure over the units of contents. */
export function sumOver(contents: Contents, figure: (item: number) => number): number {
  return contents.reduce((sum, units, item) => (units === 0 ? sum : sum + units * figure(item)), 0);
}

/** Contents with so many more units of an item; fewer for a negative number. */
export function changed(contents: Contents, item: number, by: number): Contents {
  return contents.map((units, index) => (index === item ? units + by : units));
}

/** Why these units must not be in one parcel, whatever its box; null when they may. What may be together may also with units taken away. */
export function apartBecause({ items, apart }: CartonProblem, contents: Contents): 'alone' | 'hazard' | 'too-many' | null {
  const isCrowd = unitsOf(contents) > 1;
  let hasHazard = false;
  for (const [index, { alone, maxPerBox, hazard }] of items.entries()) {
    const units = contents[index] ?? 0;
    if (units === 0) continue;
    if (alone && isCrowd) return 'alone';
    if (maxPerBox !== null && units > maxPerBox) return 'too-many';
    hasHazard ||= hazard !== null;
  }
  if (!hasHazard) return null;
  const ofClass = (hazard: string) => sumOver(contents, (index) => (items[index]?.hazard === hazard ? 1 : 0));
  const isClash = apart.some(([one, other]) => (one === other ? ofClass(one) > 1 : ofClass(one) > 0 && ofClass(other) > 0));
  return isClash ? 'hazard' : null;
}

/** Whether a box is out of the question for such units, before anything is placed: too heavy, too much volume, or a unit that does not go in even alone. */
export function isHopeless({ problem, room, goesIn }: Goods, contents: Contents, box: number): boolean {
  const type = problem.boxes[box]!;
  return (
    contents.some((units, item) => units > 0 && goesIn[item]![box] !== true) ||
    sumOver(contents, (item) => problem.items[item]!.grams) > type.maxGrams ||
    sumOver(contents, (item) => room[item]!) > volumeOf(type.inner)
  );
}

/** Contents as shapes to place: items whose units take the same room in the same ways are one shape. `itemsOf` has the item of each unit, by shape. */
export function shapesOf({ problem, lies }: Goods, contents: Contents): { readonly shapes: Shape[]; readonly itemsOf: number[][] } {
  const shapes = new Map<string, { shape: Shape; items: number[] }>();
  for (const [item, { fragile }] of problem.items.entries()) {
    const units = contents[item] ?? 0;
    if (units === 0) continue;
    const ways = (lies[item] ?? []).toSorted((one, other) => one[0] - other[0] || one[1] - other[1] || one[2] - other[2]);
    const key = `${ways.join(';')} ${fragile}`;
    const known = shapes.get(key);
    shapes.set(key, {
      shape: { units: units + (known?.shape.units ?? 0), lies: ways, fragile },
      items: [...(known?.items ?? []), ...Array.from({ length: units }, () => item)],
    });
  }
  return { shapes: [...shapes.values()].map(({ shape }) => shape), itemsOf: [...shapes.values()].map(({ items }) => items) };
}
