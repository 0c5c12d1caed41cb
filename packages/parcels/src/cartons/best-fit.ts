import { grow } from './grow.ts';
import type { Desk, PackedParcel } from './one-parcel.ts';
import { spentBoxes, without, type PackingPlan } from './packing-plan.ts';
import { changed, sumOver, unitsOf, type Contents } from './together.ts';

/**
 * Packs box after box. With a `favourite` each box is of that type as long as it takes something; else of the type in which the largest unit that waits, and what fits beside it, costs least for its
 * volume. What was packed is then put into the cheapest packaging that holds it.
 */
export function packBoxByBox(desk: Desk, wanted: Contents, favourite: number | null): PackingPlan {
  const parcels: PackedParcel[] = [];
  let waiting = wanted;
  let left: Contents = wanted.map(() => 0);
  while (unitsOf(waiting) > 0) {
    const next = nextParcel(desk, parcels, waiting, favourite);
    if (next === null) {
      const item = largest(desk, waiting);
      waiting = changed(waiting, item, -1);
      left = changed(left, item, 1);
    } else {
      parcels.push(next);
      waiting = without(waiting, next.contents);
    }
  }
  return { parcels, left };
}

/** Null when the largest unit that waits has no packaging any more. */
function nextParcel(desk: Desk, parcels: readonly PackedParcel[], waiting: Contents, favourite: number | null): PackedParcel | null {
  const { goods } = desk;
  const spent = spentBoxes(desk, parcels);
  const rest = desk.packed(waiting, spent);
  if (rest !== null && favourite === null) return rest;
  const biggest = largest(desk, waiting);
  const types = [...goods.problem.boxes.keys()].filter((box) => !spent.has(box));
  const packIn = (boxes: readonly number[]): PackedParcel[] =>
    boxes.flatMap((box) => {
      const contents = grow(desk, box, waiting);
      const parcel = unitsOf(contents) === 0 ? null : desk.packed(contents, spent);
      return parcel === null ? [] : [parcel];
    });
  const [liked] = favourite !== null && types.includes(favourite) ? packIn([favourite]) : [];
  if (liked !== undefined) return rest !== null && rest.minor <= liked.minor ? rest : liked;
  const alone = desk.packed(
    waiting.map((_, item) => (item === biggest ? 1 : 0)),
    spent,
  );
  const candidates = packIn(types.filter((box) => goods.goesIn[biggest]![box])).filter(({ contents }) => contents[biggest]! > 0);
  if (alone !== null) candidates.push(alone);
  if (rest !== null) candidates.push(rest);
  const rate = ({ contents, minor }: PackedParcel) => minor / sumOver(contents, (item) => goods.room[item]!);
  return candidates.reduce<PackedParcel | null>((best, one) => (best === null || rate(one) < rate(best) ? one : best), null);
}

function largest({ goods: { room } }: Desk, waiting: Contents): number {
  return [...waiting.keys()].filter((item) => waiting[item]! > 0).reduce((best, item) => (room[item]! > room[best]! ? item : best));
}
