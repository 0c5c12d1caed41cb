import type { Desk, PackedParcel } from './one-parcel.ts';
import { isBetter, itemsIn, joined, moved, packEach, type PackingPlan } from './packing-plan.ts';
import { unitsOf, type Contents } from './together.ts';

/** So many changes are placed, and so many looked at by their price alone, before a plan stays as it is. */
const trials = { placed: 400, priced: 20_000 } as const;

/**
 * Local search over parcels: puts what is left into parcels, closes parcels by sharing out what is in them, joins two, moves units to another parcel or to one of their own, and swaps units of two, as long as
 * something of that makes the plan better. Every change gets the cheapest packaging for what it makes. First improvement, in a fixed order.
 */
export function improve(desk: Desk, plan: PackingPlan): PackingPlan {
  const search: Search = { desk, plan, placed: trials.placed, priced: trials.priced };
  let before: PackingPlan | null = null;
  while (search.plan !== before && search.placed > 0 && search.priced > 0) {
    before = search.plan;
    insertLeft(search);
    for (const parcel of search.plan.parcels) if (search.plan.parcels.includes(parcel)) close(search, parcel);
    for (const parcel of search.plan.parcels) if (search.plan.parcels.includes(parcel)) changeWithOthers(search, parcel);
  }
  return search.plan;
}

type Search = { readonly desk: Desk; plan: PackingPlan; placed: number; priced: number };

/** Replaces parcels by others with such contents, if that is better. `left` are the units that are left then. */
function replaced(search: Search, old: readonly PackedParcel[], wanted: readonly Contents[], left = search.plan.left): boolean {
  if (search.placed <= 0 || search.priced-- <= 0) return false;
  const { desk, plan } = search;
  const cost = old.reduce((sum, { minor }) => sum + minor, 0);
  const isMore = unitsOf(left) < unitsOf(plan.left);
  const full = wanted.filter((contents) => unitsOf(contents) > 0);
  const least = full.reduce((sum, contents) => sum + desk.atLeast(contents), 0);
  if (least === Infinity || (!isMore && (least > cost || (least === cost && full.length >= old.length)))) return false;
  search.placed--;
  const others = plan.parcels.filter((parcel) => !old.includes(parcel));
  const made = packEach(desk, others, full);
  const better = made === null ? null : { parcels: [...others, ...made], left };
  if (better === null || !isBetter(better, plan)) return false;
  search.plan = better;
  return true;
}

function insertLeft(search: Search): void {
  for (const item of itemsIn(search.plan.left)) {
    while (search.plan.left[item]! > 0) {
      const [left, one] = moved(
        search.plan.left,
        search.plan.left.map(() => 0),
        item,
      );
      if (replaced(search, [], [one], left)) continue;
      if (!search.plan.parcels.some((parcel) => replaced(search, [parcel], [joined(parcel.contents, one)], left))) break;
    }
  }
}

/** Shares out what is in a parcel, unit by unit the largest first, each to the parcel that it makes least dearer. */
function close(search: Search, parcel: PackedParcel): void {
  const { desk, plan } = search;
  const others = plan.parcels.filter((other) => other !== parcel);
  const shared = others.map(({ contents }) => contents);
  const { room } = desk.goods;
  for (const item of itemsIn(parcel.contents).sort((one, other) => room[other]! - room[one]! || one - other)) {
    for (let unit = 0; unit < parcel.contents[item]!; unit++) {
      let best = -1;
      let least = Infinity;
      for (const [index, contents] of shared.entries()) {
        const [, more] = moved(parcel.contents, contents, item);
        const dearer = desk.atLeast(more) - desk.atLeast(contents);
        if (dearer >= least || search.placed-- <= 0 || desk.packed(more, new Set()) === null) continue;
        best = index;
        least = dearer;
      }
      if (best < 0) return;
      shared[best] = moved(parcel.contents, shared[best]!, item)[1];
    }
  }
  const touched = others.filter(({ contents }, index) => contents !== shared[index]);
  replaced(
    search,
    [parcel, ...touched],
    shared.filter((contents, index) => contents !== others[index]!.contents),
  );
}

/** The first change that is better, with each other parcel in turn. */
function changeWithOthers(search: Search, parcel: PackedParcel): void {
  const nothing = parcel.contents.map(() => 0);
  for (const item of itemsIn(parcel.contents)) if (replaced(search, [parcel], moved(parcel.contents, nothing, item))) return;
  for (const other of search.plan.parcels) {
    if (other === parcel) continue;
    if (replaced(search, [parcel, other], [joined(parcel.contents, other.contents)])) return;
    for (const item of itemsIn(parcel.contents)) {
      const units = parcel.contents[item]!;
      const [from, to] = moved(parcel.contents, other.contents, item);
      if (replaced(search, [parcel, other], [from, to])) return;
      if (units > 1 && replaced(search, [parcel, other], moved(parcel.contents, other.contents, item, units))) return;
      for (const back of itemsIn(other.contents)) {
        if (back === item) continue;
        const [theirs, ours] = moved(to, from, back);
        if (replaced(search, [parcel, other], [ours, theirs])) return;
      }
    }
  }
}
