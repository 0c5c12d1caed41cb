import type { Parcel, Sku } from '@quartermaster/domain';
import { z } from 'zod';
import type { Shipment } from './shipment.ts';

/** How far a parcel's weight may be from what it should weigh: the greater of the two tolerances. */
export const packPolicySchema = z
  .strictObject({
    toleranceGrams: z.int().nonnegative().default(50),
    tolerancePercent: z.number().nonnegative().default(5),
    /** A parcel with an item of unknown weight cannot be judged: let it pass, or block it. */
    unknownWeight: z.enum(['pass', 'block']).default('pass'),
  })
  .prefault({});
export type PackPolicy = z.infer<typeof packPolicySchema>;

export type PackedShipment = {
  readonly shipment: Pick<Shipment, 'lines' | 'parcels' | 'service'>;
  /** Grams of one unit; 0 when nobody knows. */
  readonly gramsOf: (sku: Sku) => number;
  /** Grams of the empty box with its filling. */
  readonly tareGramsOf: (parcel: Parcel) => number;
  /** Services of the shipment's carrier that may be bought. */
  readonly services: ReadonlySet<string>;
  readonly policy: PackPolicy;
};

/** What is wrong with a packed shipment, one sentence each; as long as there is anything, no label is bought. */
export function checkPacking(given: PackedShipment): string[] {
  const { lines, parcels, service } = given.shipment;
  return [
    ...numberProblems(parcels),
    ...contentProblems(lines, parcels),
    ...parcels.flatMap((parcel) => weightProblems(parcel, given)),
    ...(given.services.has(service) ? [] : [`service ${service} may not be bought`]),
  ];
}

function numberProblems(parcels: readonly Parcel[]): string[] {
  const numbers = parcels.map((parcel) => parcel.number);
  const twice = [...new Set(numbers.filter((number, index) => numbers.indexOf(number) !== index))];
  return twice.map((number) => `there are two parcels ${number}`);
}

/** Each line's units, no more and no less, under the line's own SKU. */
function contentProblems(lines: Shipment['lines'], parcels: readonly Parcel[]): string[] {
  const packed = new Map<string, number>();
  for (const { lineId, sku, units } of parcels.flatMap((parcel) => parcel.items)) {
    const key = JSON.stringify([lineId, sku]);
    packed.set(key, (packed.get(key) ?? 0) + units);
  }
  const wanted = new Map(lines.map((line) => [JSON.stringify([line.lineId, line.sku]), line]));
  const wrong = lines.flatMap((line) => {
    const units = packed.get(JSON.stringify([line.lineId, line.sku])) ?? 0;
    return units === line.units ? [] : [`line ${line.lineId} (${line.sku}): ${units} units packed, ${line.units} to ship`];
  });
  const foreign = parcels.flatMap((parcel) =>
    parcel.items
      .filter((item) => !wanted.has(JSON.stringify([item.lineId, item.sku])))
      .map((item) => `parcel ${parcel.number} has ${item.units} ${item.sku} of line ${item.lineId}, which is not of this shipment`),
  );
  return [...wrong, ...foreign];
}

function weightProblems(parcel: Parcel, { gramsOf, tareGramsOf, policy }: PackedShipment): string[] {
  const unknown = parcel.items.filter((item) => !(gramsOf(item.sku) > 0)).map((item) => item.sku);
  if (unknown.length > 0) {
    return policy.unknownWeight === 'pass'
      ? []
      : [`parcel ${parcel.number} cannot be weighed: nobody knows the weight of ${unknown.join(', ')}`];
  }
  const expected = parcel.items.reduce((sum, item) => sum + item.units * gramsOf(item.sku), tareGramsOf(parcel));
  const tolerance = Math.max(policy.toleranceGrams, (expected * policy.tolerancePercent) / 100);
  if (Math.abs(parcel.grams - expected) <= tolerance) return [];
  return [`parcel ${parcel.number} weighs ${parcel.grams} g, and its content and box should weigh ${expected} g`];
}
