import type { Money, Parcel } from '@quartermaster/domain';
import type { CartonBound } from './carton-bound.ts';
import type { Sides } from './shapes.ts';

/** A unit in its place: millimetres from the left, the back and the floor of the box to its nearest corner, and its sides along them as it lies (soft goods pressed). */
export type PackedUnit = {
  /** Id of the item (the line). */
  readonly item: string;
  readonly sku: string;
  /** 1 for what is put in first; nothing lies on what comes later. */
  readonly step: number;
  /** 1 on the floor, else one more than the highest layer that it lies on. */
  readonly layer: number;
  readonly at: Sides;
  readonly sides: Sides;
};

export type Carton = {
  /** 1 for the first. */
  readonly number: number;
  /** Id of the box type; null: the unit leaves in its own packaging. */
  readonly box: string | null;
  /** With the box; at least 1. */
  readonly grams: number;
  /** Outer sides, longest first. */
  readonly millimetres: Sides;
  /** The carrier's price, and that of the box. */
  readonly price: Money;
  readonly boxCost: Money;
  readonly units: readonly PackedUnit[];
};

/** `too-large`, `too-heavy`: no packaging holds one; `not-carried`: the carrier takes no packaging that does; `no-box-left`: there were not enough boxes. */
export type LeftReason = 'too-large' | 'too-heavy' | 'not-carried' | 'no-box-left';
export type LeftUnits = { readonly item: string; readonly sku: string; readonly units: number; readonly reason: LeftReason };

export type Cartonization = {
  /** `incomplete`: some units are in `left`; all others are in a carton. */
  readonly kind: 'packed' | 'incomplete';
  readonly cartons: readonly Carton[];
  readonly left: readonly LeftUnits[];
  /** Prices and boxes of all cartons. */
  readonly total: Money;
  /** For the units that are packed; `gap` is how many cartons more there are. */
  readonly bound: CartonBound;
  readonly gap: number;
};

/** A carton as the parcel of a shipment. */
export function parcelOfCarton({ number, grams, millimetres: [length, width, height], units }: Carton): Parcel {
  const items = new Map<string, Parcel['items'][number]>();
  for (const { item, sku } of units) items.set(item, { lineId: item, sku, units: (items.get(item)?.units ?? 0) + 1 });
  return { number, grams, millimetres: [length, width, height], items: [...items.values()] };
}
