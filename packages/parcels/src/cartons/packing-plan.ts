import type { Desk, PackedParcel } from './one-parcel.ts';
import { changed, unitsOf, type Contents } from './together.ts';

/** Parcels, each an object of its own even when two are alike, and units for which there is no packaging left. */
export type PackingPlan = { readonly parcels: readonly PackedParcel[]; readonly left: Contents };

export function costOf({ parcels }: PackingPlan): number {
  return parcels.reduce((sum, { minor }) => sum + minor, 0);
}

/** Whether a plan is better: fewer units left, then cheaper, then fewer parcels. */
export function isBetter(one: PackingPlan, other: PackingPlan): boolean {
  return (unitsOf(one.left) - unitsOf(other.left) || costOf(one) - costOf(other) || one.parcels.length - other.parcels.length) < 0;
}

/** The boxes that are used up by parcels. */
export function spentBoxes(desk: Desk, parcels: readonly PackedParcel[]): Set<number> {
  const used = new Map<number, number>();
  for (const { box } of parcels) if (box !== null) used.set(box, (used.get(box) ?? 0) + 1);
  return new Set(
    [...desk.goods.problem.boxes.entries()].flatMap(([box, { stock }]) => (stock !== null && (used.get(box) ?? 0) >= stock ? [box] : [])),
  );
}

/** Packs several contents beside parcels that are there, each in the cheapest packaging that the ones before leave; null when one has none. Empty contents make no parcel. */
export function packEach(desk: Desk, others: readonly PackedParcel[], wanted: readonly Contents[]): PackedParcel[] | null {
  const made: PackedParcel[] = [];
  for (const contents of wanted) {
    if (unitsOf(contents) === 0) continue;
    const parcel = desk.packed(contents, spentBoxes(desk, [...others, ...made]));
    if (parcel === null) return null;
    made.push(parcel);
  }
  return made;
}

/** The items of contents. */
export function itemsIn(contents: Contents): number[] {
  return [...contents.keys()].filter((item) => contents[item]! > 0);
}

export function joined(one: Contents, other: Contents): Contents {
  return one.map((units, item) => units + other[item]!);
}

export function without(one: Contents, other: Contents): Contents {
  return one.map((units, item) => units - other[item]!);
}

/** One unit from one to the other. */
export function moved(from: Contents, to: Contents, item: number, units = 1): [from: Contents, to: Contents] {
  return [changed(from, item, -units), changed(to, item, units)];
}
