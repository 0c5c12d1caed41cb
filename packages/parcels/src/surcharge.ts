import { decimalSchema, type Destination, type Parcel } from '@quartermaster/domain';
import { z } from 'zod';
import { percentOf } from './percent.ts';
import { placeHolds, placeSchema } from './place.ts';
import { isLarger, roundedSides, type WeightRule } from './weight-rule.ts';

export const percentSchema = decimalSchema.refine(
  (text) => !text.startsWith('-'),
  'a percentage is never negative: a discount belongs in the bands',
);

const positive = z.int().positive();

const fields = z.strictObject({
  code: z.string().min(1),
  when: z.strictObject({
    to: placeSchema.optional(),
    zones: z.array(z.string().min(1)).min(1).optional(),
    minGrams: positive.optional(),
    minLongestMillimetres: positive.optional(),
    /** Length and twice the two other sides, each side as it is rounded on that day; so is the volume. */
    minLengthAndGirthMillimetres: positive.optional(),
    overCm3: positive.optional(),
    overIn3: positive.optional(),
  }),
  /** First and last day; without them always. */
  effectiveFrom: z.iso.date().optional(),
  effectiveTo: z.iso.date().optional(),
  /** Of those of one group that apply only the dearest is charged; of two that are equal the first. */
  group: z.string().min(1).optional(),
  /** Fuel is charged on it, too. */
  bearsFuel: z.boolean().optional(),
  /** Where it applies, at least this is billed; the freight then follows it. */
  billableAtLeastGrams: positive.optional(),
});

/**
 * Added to the freight when all of its conditions hold: an amount, or a percentage of the freight. The place is the destination; the weight is the actual one; of a parcel without known sides nothing is known
 * that depends on them.
 */
export const surchargeSchema = z.union([
  fields.extend({ minor: z.int().nonnegative() }).superRefine(checkDays),
  fields.extend({ percent: percentSchema }).superRefine(checkDays),
]);
export type Surcharge = z.infer<typeof surchargeSchema>;

/** What decides whether a surcharge applies. */
export type SurchargeCase = {
  readonly to: Destination;
  readonly zone: string;
  readonly date: string;
  readonly parcel: Pick<Parcel, 'grams' | 'millimetres'>;
  readonly rule: WeightRule;
};

export function surchargeApplies({ when, effectiveFrom, effectiveTo }: Surcharge, given: SurchargeCase): boolean {
  const { to, zone, date, parcel, rule } = given;
  if ((effectiveFrom !== undefined && date < effectiveFrom) || (effectiveTo !== undefined && date > effectiveTo)) return false;
  if (when.to !== undefined && !placeHolds(when.to, to)) return false;
  if (when.zones !== undefined && !when.zones.includes(zone)) return false;
  if (when.minGrams !== undefined && parcel.grams < when.minGrams) return false;
  return fitsSides(when, parcel.millimetres, rule);
}

/** What applies and is charged, in the order of the list, in minor units. */
export function surchargesCharged(
  applying: readonly Surcharge[],
  freight: number,
): { readonly surcharge: Surcharge; readonly minor: number }[] {
  const priced = applying.map((surcharge) => ({ surcharge, minor: surchargeMinor(surcharge, freight) }));
  return priced.filter(({ surcharge: { group }, minor }, place) => {
    if (group === undefined) return true;
    const rivals = priced.map((other, at) => ({ ...other, at })).filter(({ surcharge }) => surcharge.group === group);
    return rivals.every((other) => other.at === place || other.minor < minor || (other.minor === minor && other.at > place));
  });
}

function surchargeMinor(surcharge: Surcharge, freight: number): number {
  return 'minor' in surcharge ? surcharge.minor : percentOf(freight, surcharge.percent);
}

function fitsSides(when: Surcharge['when'], millimetres: Parcel['millimetres'], rule: WeightRule): boolean {
  const { minLongestMillimetres, minLengthAndGirthMillimetres, overCm3, overIn3 } = when;
  const isAsked = [minLongestMillimetres, minLengthAndGirthMillimetres, overCm3, overIn3].some((field) => field !== undefined);
  if (!isAsked || millimetres === null) return !isAsked;
  if (minLongestMillimetres !== undefined && Math.max(...millimetres) < minLongestMillimetres) return false;
  if (minLengthAndGirthMillimetres !== undefined) {
    const rounded = roundedSides(millimetres, rule);
    const longest = Math.max(...rounded);
    const girth = 2 * (rounded[0] + rounded[1] + rounded[2] - longest);
    if (longest + girth < minLengthAndGirthMillimetres * 10) return false;
  }
  return (overCm3 === undefined && overIn3 === undefined) || isLarger(millimetres, when, rule);
}

function checkDays(
  { effectiveFrom, effectiveTo }: { effectiveFrom?: string | undefined; effectiveTo?: string | undefined },
  context: z.RefinementCtx,
) {
  if (effectiveFrom !== undefined && effectiveTo !== undefined && effectiveTo < effectiveFrom)
    context.addIssue({ code: 'custom', path: ['effectiveTo'], message: 'a surcharge does not end before it begins' });
}
