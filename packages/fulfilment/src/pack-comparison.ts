import type { Sku } from '@quartermaster/domain';
import type { PackPolicy } from './pack-check.ts';
import type { Shipment } from './shipment.ts';

/** A parcel as it stands on the packing table. What nobody has looked at is null. */
export type PackedParcel = {
  /** The number that it has in the shipment. */
  readonly number: number;
  readonly items: readonly { readonly sku: Sku; readonly units: number }[];
  readonly box: string | null;
  /** What the scales say, with the box and all that is in it. */
  readonly grams: number | null;
};

/**
 * What is wrong with what was packed, one sentence each: other articles or units, another box, a weight beyond the tolerance, another service. `service` is the one of the label that is about to be stuck on; null where
 * nobody has looked.
 */
export function comparePacked(given: {
  readonly shipment: Pick<Shipment, 'parcels' | 'service'>;
  readonly packed: readonly PackedParcel[];
  readonly service: string | null;
  /** Grams of one unit; 0 when nobody knows. */
  readonly gramsOf: (sku: Sku) => number;
  readonly policy: PackPolicy;
}): string[] {
  const { shipment, packed, service } = given;
  const planned = new Set(shipment.parcels.map(({ number }) => number));
  return [
    ...shipment.parcels.flatMap((parcel) => {
      const [found, ...more] = packed.filter(({ number }) => number === parcel.number);
      if (found === undefined) return [`parcel ${parcel.number} is missing`];
      return [
        ...(more.length === 0 ? [] : [`there are two parcels ${parcel.number}`]),
        ...itemProblems(parcel, found),
        ...boxProblems(parcel, found),
        ...weightProblems(parcel, found, given),
      ];
    }),
    ...packed.filter(({ number }) => !planned.has(number)).map(({ number }) => `parcel ${number} is not of this shipment`),
    ...(service === null || service === shipment.service ? [] : [`the label is for ${service}, and it goes by ${shipment.service}`]),
  ];
}

type Planned = Shipment['parcels'][number];

function itemProblems(planned: Planned, { number, items }: PackedParcel): string[] {
  const [wanted, there] = [unitsBySku(planned.items), unitsBySku(items)];
  const skus = [...new Set([...wanted.keys(), ...there.keys()])].sort();
  return skus.flatMap((sku) => {
    const [want, have] = [wanted.get(sku) ?? 0, there.get(sku) ?? 0];
    return want === have ? [] : [`parcel ${number} has ${have} ${sku}, and ${want} belong into it`];
  });
}

function boxProblems({ packaging }: Planned, { number, box }: PackedParcel): string[] {
  const wanted = packaging?.box ?? null;
  return box === null || wanted === null || box === wanted ? [] : [`parcel ${number} is in box ${box}, and box ${wanted} was planned`];
}

function weightProblems(
  planned: Planned,
  { number, grams }: PackedParcel,
  { gramsOf, policy }: { readonly gramsOf: (sku: Sku) => number; readonly policy: PackPolicy },
): string[] {
  if (grams === null) return [];
  const unknown = [...new Set(planned.items.map(({ sku }) => sku).filter((sku) => !(gramsOf(sku) > 0)))];
  if (unknown.length > 0)
    return policy.unknownWeight === 'pass' ? [] : [`parcel ${number} cannot be weighed: nobody knows the weight of ${unknown.join(', ')}`];
  const tolerance = Math.max(policy.toleranceGrams, (planned.grams * policy.tolerancePercent) / 100);
  if (Math.abs(grams - planned.grams) <= tolerance) return [];
  return [`parcel ${number} weighs ${grams} g, and should weigh ${planned.grams} g, give or take ${Math.floor(tolerance)} g`];
}

function unitsBySku(items: readonly { readonly sku: Sku; readonly units: number }[]): Map<Sku, number> {
  const units = new Map<Sku, number>();
  for (const item of items) units.set(item.sku, (units.get(item.sku) ?? 0) + item.units);
  return units;
}
