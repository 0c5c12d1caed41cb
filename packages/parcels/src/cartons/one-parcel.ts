import type { BoxType, ParcelPricing } from './carton-problem.ts';
import { standAll } from './extreme-points.ts';
import { fillBox, type EffortName } from './fill-box.ts';
import { heightOf, settle, type SettledPlacement } from './settle.ts';
import { tableOf } from './shape-table.ts';
import { longestFirst, type Sides } from './shapes.ts';
import { apartBecause, isHopeless, shapesOf, sumOver, unitsOf, type Contents, type Goods } from './together.ts';

/** A unit in its place; `item` is its index in the problem. */
export type UnitPlacement = SettledPlacement & { readonly item: number };

/** Contents with the packaging that was found for them. */
export type PackedParcel = {
  readonly contents: Contents;
  /** Index in the problem; null: the unit leaves in its own packaging. */
  readonly box: number | null;
  readonly grams: number;
  /** Outer sides, longest first. */
  readonly millimetres: Sides;
  readonly priceMinor: number;
  /** Price and box together. */
  readonly minor: number;
  readonly places: readonly UnitPlacement[];
};

/** Answers for one problem, each question worked out once. */
export type Desk = {
  readonly goods: Goods;
  /** The cheapest packaging for contents among boxes of which there are some left (`spent` names those that are gone, by index), or null. Of equal ones the first by id. */
  packed(contents: Contents, spent: ReadonlySet<number>, effort?: EffortName): PackedParcel | null;
  /** What contents cost at least, in minor units: `Infinity` when no packaging can be right for them. Nothing is placed for it. */
  atLeast(contents: Contents): number;
  /** Whether contents were found to fit a box. */
  fits(contents: Contents, box: number, effort?: EffortName): boolean;
  /** Notes that contents fit a box, as somebody else found out. */
  remember(contents: Contents, box: number, places: readonly UnitPlacement[]): void;
};

export function createDesk(goods: Goods, pricing: ParcelPricing): Desk {
  const { problem } = goods;
  const prices = new Map<string, number>();
  const priceMinor = (grams: number, millimetres: Sides): number => {
    const key = `${grams} ${millimetres.join()}`;
    const known = prices.get(key);
    if (known !== undefined) return known;
    const price = pricing({ grams, millimetres: [...millimetres] });
    if (price !== null && price.currency !== problem.currency)
      throw new RangeError(`the carrier asks ${price.currency}, and the boxes cost ${problem.currency}`);
    const minor = price?.minor ?? Infinity;
    prices.set(key, minor);
    return minor;
  };
  const byId = [...problem.boxes.keys()].sort((one, other) => (problem.boxes[one]!.id < problem.boxes[other]!.id ? -1 : 1));

  const offers = new Map<string, Offer[]>();
  const offersFor = (contents: Contents): Offer[] => {
    const key = contents.join();
    const known = offers.get(key);
    if (known !== undefined) return known;
    const found = apartBecause(problem, contents) === null ? listOffers(goods, contents, byId, priceMinor) : [];
    offers.set(key, found);
    return found;
  };

  const placed = new Map<string, readonly UnitPlacement[] | null>();
  const placesIn = (contents: Contents, box: number, effort: EffortName): readonly UnitPlacement[] | null => {
    const key = `${box} ${contents.join()}`;
    const known = placed.get(key) ?? placed.get(`${key} ${effort}`);
    if (known !== undefined) return known;
    const found = place(goods, contents, problem.boxes[box]!, effort);
    placed.set(found === null ? `${key} ${effort}` : key, found);
    return found;
  };

  return {
    goods,
    fits: (contents, box, effort = 'quick') =>
      apartBecause(problem, contents) === null && !isHopeless(goods, contents, box) && placesIn(contents, box, effort) !== null,
    remember: (contents, box, places) => placed.set(`${box} ${contents.join()}`, places),
    atLeast: (contents) => offersFor(contents)[0]?.minor ?? Infinity,
    packed(contents, spent, effort = 'quick') {
      let best: PackedParcel | null = null;
      for (const offer of offersFor(contents)) {
        if (best !== null && offer.minor >= best.minor) break;
        if (offer.box === null) {
          best = { contents, ...offer, box: null, places: [alonePlace(goods, contents)] };
          continue;
        }
        if (spent.has(offer.box)) continue;
        const places = placesIn(contents, offer.box, effort);
        if (places === null) continue;
        const box = problem.boxes[offer.box]!;
        const millimetres = outerOf(box, heightOf(places));
        const price = priceMinor(offer.grams, millimetres);
        const minor = price + box.costMinor;
        if (minor < Infinity && (best === null || minor < best.minor))
          best = { contents, box: offer.box, grams: offer.grams, millimetres, priceMinor: price, minor, places };
      }
      return best;
    },
  };
}

/** A packaging that may do, with what it costs at least. */
type Offer = Pick<PackedParcel, 'box' | 'grams' | 'millimetres' | 'priceMinor' | 'minor'>;

/** The cheapest first; boxes before own packaging, then by id. */
function listOffers(
  goods: Goods,
  contents: Contents,
  byId: readonly number[],
  priceMinor: (grams: number, sides: Sides) => number,
): Offer[] {
  const { items, boxes } = goods.problem;
  const goodsGrams = sumOver(contents, (item) => items[item]!.grams);
  const room = sumOver(contents, (item) => goods.room[item]!);
  const found: Offer[] = [];
  for (const box of byId) {
    const type = boxes[box]!;
    if (type.stock === 0 || isHopeless(goods, contents, box)) continue;
    const grams = Math.max(1, goodsGrams + type.tareGrams);
    const millimetres = outerOf(type, Math.ceil(room / (type.inner[0] * type.inner[1])));
    const price = priceMinor(grams, millimetres);
    found.push({ box, grams, millimetres, priceMinor: price, minor: price + type.costMinor });
  }
  const single = unitsOf(contents) === 1 ? items[contents.indexOf(1)] : undefined;
  if (single?.ownPackaging === true) {
    const grams = Math.max(1, goodsGrams);
    const millimetres = longestFirst(single.millimetres);
    const price = priceMinor(grams, millimetres);
    found.push({ box: null, grams, millimetres, priceMinor: price, minor: price });
  }
  return found.filter(({ minor }) => minor < Infinity).sort((one, other) => one.minor - other.minor);
}

function alonePlace({ problem }: Goods, contents: Contents): UnitPlacement {
  const item = contents.indexOf(1);
  return { item, shape: 0, at: [0, 0, 0], sides: problem.items[item]!.millimetres, layer: 1 };
}

/** Outer sides with contents of some height. */
function outerOf({ kind, inner, outer }: BoxType, height: number): Sides {
  return longestFirst(kind === 'bag' ? [outer[0], outer[1], outer[2] - inner[2] + height] : outer);
}

/** So many units at most are searched for; more are tried by orders of extreme points alone. */
const searchedUnits = 120;

function place(goods: Goods, contents: Contents, box: BoxType, effort: EffortName): UnitPlacement[] | null {
  const { shapes, itemsOf } = shapesOf(goods, contents);
  const units = unitsOf(contents);
  const fill = (height: number): SettledPlacement[] | null => {
    const inner: Sides = [box.inner[0], box.inner[1], height];
    if (units <= searchedUnits) return fillBox(inner, shapes, effort);
    const table = tableOf(inner, shapes);
    const places = table === null ? null : standAll(table, 4);
    return places === null ? null : settle(places);
  };
  const places =
    box.kind === 'bag'
      ? lowest(
          fill,
          sumOver(contents, (item) => goods.room[item]!),
          box,
        )
      : fill(box.inner[2]);
  if (places === null) return null;
  const waiting = itemsOf.map((items) => [...items].reverse());
  return places.map((one) => ({ ...one, item: waiting[one.shape]?.pop() ?? 0 }));
}

/** A bag is as high as its contents: halves the height between what the volume needs and what was found, a few times. */
function lowest(fill: (height: number) => SettledPlacement[] | null, room: number, { inner }: BoxType): SettledPlacement[] | null {
  let best = fill(inner[2]);
  let low = Math.ceil(room / (inner[0] * inner[1]));
  for (let step = 0; best !== null && step < 5 && low < heightOf(best); step++) {
    const middle = Math.floor((low + heightOf(best)) / 2);
    const lower = fill(middle);
    if (lower === null) low = middle + 1;
    else best = lower;
  }
  return best;
}
