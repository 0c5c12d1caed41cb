import { fitsInside, volumeOf, type Sides } from './shapes.ts';
import { isHopeless, sumOver, unitsOf, type Contents, type Goods } from './together.ts';

/** No packing has fewer parcels; `by` says what shows it. */
export type CartonBound = { readonly parcels: number; readonly by: 'volume' | 'weight' | 'sides' | 'rules' };

/**
 * A lower bound of the number of parcels of any packing of these units. Units that can be in no parcel with another one count one each. For the rest the greatest of: volume over that of the largest box,
 * weight over the greatest limit, the most that rules keep apart, and the bound by sides. Units that no packaging takes must not be among them.
 */
export function boundOf(goods: Goods, wanted: Contents): CartonBound {
  const { problem } = goods;
  const boxes = [...problem.boxes.keys()].filter((box) => problem.boxes[box]!.stock !== 0);
  const isSingle = (item: number) => {
    const one = wanted.map((_, index) => (index === item ? 1 : 0));
    return problem.items[item]!.alone || boxes.every((box) => isHopeless(goods, one, box));
  };
  const singles = sumOver(wanted, (item) => (isSingle(item) ? 1 : 0));
  const contents = wanted.map((units, item) => (units > 0 && isSingle(item) ? 0 : units));
  if (unitsOf(contents) === 0) return { parcels: singles, by: 'rules' };
  const types = boxes.map((box) => problem.boxes[box]!);
  const bounds = [
    {
      parcels: Math.ceil(sumOver(contents, (item) => goods.room[item]!) / Math.max(...types.map(({ inner }) => volumeOf(inner)))),
      by: 'volume',
    },
    {
      parcels: Math.ceil(sumOver(contents, (item) => problem.items[item]!.grams) / Math.max(...types.map(({ maxGrams }) => maxGrams))),
      by: 'weight',
    },
    { parcels: keptApart(goods, contents), by: 'rules' },
    {
      parcels: bySides(
        goods,
        contents,
        types.map(({ inner }) => inner),
      ),
      by: 'sides',
    },
  ] as const;
  const best = bounds.reduce((most, one) => (one.parcels > most.parcels ? one : most));
  return { parcels: singles + best.parcels, by: best.by };
}

/** Parcels that the rules ask for: one where there are units at all, as many as an item's units need, and one per hazard class of which every two are apart. */
function keptApart({ problem: { items, apart } }: Goods, contents: Contents): number {
  const perItem = items.map(({ maxPerBox }, item) => (maxPerBox === null ? 0 : Math.ceil(contents[item]! / maxPerBox)));
  const ofClass = (hazard: string) => sumOver(contents, (item) => (items[item]!.hazard === hazard ? 1 : 0));
  const areApart = (one: string, other: string) => apart.some(([a, b]) => (a === one && b === other) || (a === other && b === one));
  const classes = [...new Set(apart.flat())].filter((hazard) => ofClass(hazard) > 0).sort();
  const clique: string[] = [];
  for (const hazard of classes) if (clique.every((other) => areApart(hazard, other))) clique.push(hazard);
  const parcelsOf = (hazard: string) => (areApart(hazard, hazard) ? ofClass(hazard) : 1);
  const perClique = clique.reduce((sum, hazard) => sum + parcelsOf(hazard), 0);
  return Math.max(1, perClique, ...perItem, ...classes.map(parcelsOf));
}

/** A scale of one axis: what a side counts, and what the side of the box counts. Sides that go beside one another never count more together than the box does. */
type Scale = { readonly whole: number; readonly of: (side: number) => number };

/**
 * The bound by conservative scales (Fekete and Schepers, "A general framework for bounds for higher-dimensional orthogonal packing problems", Mathematical Methods of Operations Research 60, 2004), with the two
 * families of Carlier, Clautiaux and Moukrim ("New reduction procedures and lower bounds for the two-dimensional bin packing problem with fixed orientation", Computers & Operations Research 34, 2007), of
 * which the first holds the bound L2 of Martello, Pisinger and Vigo ("The three-dimensional bin packing problem", Operations Research 48, 2000). A unit counts what it counts least in any of its lies, as in
 * Boschetti ("New lower bounds for the three-dimensional finite bin packing problem", Discrete Applied Mathematics 140, 2004). The box is one around all types.
 */
function bySides({ lies }: Goods, contents: Contents, inners: readonly Sides[]): number {
  const widest = (axis: 0 | 1 | 2) => Math.max(...inners.map((inner) => inner[axis]));
  const around: Sides = [widest(0), widest(1), widest(2)];
  const items = [...contents.keys()].filter((item) => contents[item]! > 0);
  const fitting = items.map((item) => ({ units: contents[item]!, ways: lies[item]!.filter((lie) => fitsInside(lie, around)) }));
  const sidesAlong = (axis: 0 | 1 | 2) => [...new Set(fitting.flatMap(({ ways }) => ways.map((way) => way[axis])))];
  const [alongX, alongY, alongZ] = ([0, 1, 2] as const).map((axis) => scalesOf(around[axis], sidesAlong(axis)));
  let most = 1;
  for (const x of alongX ?? [])
    for (const y of alongY ?? [])
      for (const z of alongZ ?? []) {
        let sum = 0;
        for (const { units, ways } of fitting) {
          let least = Infinity;
          for (const [length, width, height] of ways) least = Math.min(least, x.of(length) * y.of(width) * z.of(height));
          sum += units * least;
        }
        most = Math.max(most, Math.ceil(sum / (x.whole * y.whole * z.whole)));
      }
  return most;
}

/** So many thresholds of an axis are tried, evenly chosen: each three axes are tried in every combination. */
const thresholdsTried = 5;

function scalesOf(whole: number, sides: readonly number[]): Scale[] {
  const candidates = sides.map((side) => (2 * side > whole ? whole - side + 1 : side)).filter((k) => k >= 1 && 2 * k <= whole);
  const thresholds = [...new Set(candidates)].sort((one, other) => one - other);
  const step = Math.max(1, thresholds.length / thresholdsTried);
  const chosen = Array.from({ length: Math.min(thresholds.length, thresholdsTried) }, (_, index) => thresholds[Math.floor(index * step)]!);
  return [
    { whole, of: (side) => side },
    ...chosen.flatMap((k): Scale[] => [
      // What is beside something larger than the rest of the box is smaller than k, and counts nothing.
      { whole, of: (side) => (side > whole - k ? whole : side < k ? 0 : side) },
      // In steps of k, and what is larger than half counts the rest of the box less the steps beside it.
      {
        whole: 2 * Math.floor(whole / k),
        of: (side) =>
          2 * side > whole
            ? 2 * (Math.floor(whole / k) - Math.floor((whole - side) / k))
            : 2 * side === whole
              ? Math.floor(whole / k)
              : 2 * Math.floor(side / k),
      },
    ]),
  ];
}
