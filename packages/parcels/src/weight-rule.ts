import type { Parcel } from '@quartermaster/domain';
import { z } from 'zod';

const positive = z.int().positive();

/** How the weight that is charged comes about from a day on. Dimensional weight is volume over a divisor of one of the two systems; without one only the scales count. */
export const weightRuleSchema = z
  .strictObject({
    effectiveFrom: z.iso.date(),
    /** Cubic centimetres per kilogram: 5000 for most, 6000 for some. */
    divisorCm3PerKg: positive.optional(),
    /** Cubic inches per pound: 139 or 166. */
    divisorIn3PerLb: positive.optional(),
    /** What each side is rounded up to before the volume is taken. */
    sides: z.enum(['as-measured', 'whole-centimetres', 'whole-inches']).default('as-measured'),
    /** Dimensional weight counts only above this volume, of the sides as they are rounded. */
    overCm3: positive.optional(),
    overIn3: positive.optional(),
    /** The billable weight is rounded up to a multiple of this: grams (1 unless given) or ounces of 28.349523125 g, 16 of which are a pound. */
    roundingGrams: positive.optional(),
    roundingOunces: positive.optional(),
  })
  .superRefine((rule, context) => {
    const refuse = (field: string, message: string) => context.addIssue({ code: 'custom', path: [field], message });
    const hasBoth = (one: unknown, other: unknown) => one !== undefined && other !== undefined;
    if (hasBoth(rule.divisorCm3PerKg, rule.divisorIn3PerLb)) refuse('divisorIn3PerLb', 'there is one divisor');
    if (hasBoth(rule.overCm3, rule.overIn3)) refuse('overIn3', 'there is one threshold');
    if (hasBoth(rule.roundingGrams, rule.roundingOunces)) refuse('roundingOunces', 'weight is rounded in one way');
  });
export type DatedWeightRule = z.infer<typeof weightRuleSchema>;

/** What {@link billableGrams} goes by. What is missing is not done. */
export type WeightRule = Partial<{
  readonly [Field in Exclude<keyof DatedWeightRule, 'effectiveFrom'>]: DatedWeightRule[Field] | undefined;
}>;

/**
 * The weight that is charged, in grams: the heavier of the scales and of the dimensional weight, rounded up as the rule says. Without a divisor, or when a side is unknown, only the scales count. Exact: nothing is
 * rounded twice. What is stored in whole grams and millimetres stands for the ounces and inches that it was rounded up from: 454 g are a pound, and 305 mm twelve inches.
 */
export function billableGrams(parcel: Pick<Parcel, 'grams' | 'millimetres'>, rule: WeightRule): number {
  if (isPlainMetric(rule)) return plainMetricGrams(parcel, rule);
  const step = stepNanograms(rule);
  const scales = stepsFor(parcel.grams, step);
  const volume = parcel.millimetres === null ? null : volumeOf(parcel.millimetres, rule);
  const dimensional = volume === null ? 0n : dimensionalSteps(volume, rule, step);
  return wholeGrams((scales > dimensional ? scales : dimensional) * step);
}

/** A weight rounded up or down to a weight that can be charged, in grams. */
export function roundGrams(grams: number, rule: WeightRule, way: 'up' | 'down'): number {
  const step = stepNanograms(rule);
  return wholeGrams((way === 'up' ? stepsFor(grams, step) : (BigInt(grams) * nanogramsPerGram) / step) * step);
}

/** The grams of so many steps of the rounding. */
export function gramsOfSteps(steps: number, rule: WeightRule): number {
  return wholeGrams(BigInt(steps) * stepNanograms(rule));
}

/** Whether weights are charged in steps that are worth a staircase. */
export function hasSteps(rule: WeightRule): boolean {
  return stepNanograms(rule) > nanogramsPerGram;
}

/** Tenths of a millimetre of each side as the rule rounds it; an inch is 254 of them, so nothing gets lost. Where it counts in inches a side that is stored for a whole number of them is that number. */
export function roundedSides([length, width, height]: NonNullable<Parcel['millimetres']>, rule: WeightRule): [number, number, number] {
  const rounded = (side: number) => roundedSide(side, rule);
  return [rounded(length), rounded(width), rounded(height)];
}

/** Whether a parcel is larger than so many cubic centimetres or inches, by its sides as the rule rounds them; of unknown sides nothing is known. */
export function isLarger(millimetres: Parcel['millimetres'], than: Pick<WeightRule, 'overCm3' | 'overIn3'>, rule: WeightRule): boolean {
  return millimetres !== null && isOver(cubeOf(roundedSides(millimetres, rule)), than);
}

function roundedSide(millimetres: number, rule: WeightRule): number {
  const tenths = millimetres * 10;
  if (rule.sides === 'whole-centimetres') return Math.ceil(tenths / 100) * 100;
  if (rule.sides !== 'whole-inches' && rule.divisorIn3PerLb === undefined && rule.overIn3 === undefined) return tenths;
  // The first whole inch that is stored as this or more.
  const inches = (Math.floor((tenths - 10) / 254) + 1) * 254;
  return rule.sides === 'whole-inches' || inches <= tenths ? inches : tenths;
}

/** Cubic tenths of a millimetre in a cubic centimetre and in a cubic inch. */
const perCm3 = 1_000_000n;
const perIn3 = 16_387_064n;
const nanogramsPerGram = 1_000_000_000n;
const nanogramsPerOunce = 28_349_523_125n;
const nanogramsPerPound = 16n * nanogramsPerOunce;

function isOver(volume: bigint, { overCm3, overIn3 }: Pick<WeightRule, 'overCm3' | 'overIn3'>): boolean {
  if (overCm3 !== undefined && volume <= BigInt(overCm3) * perCm3) return false;
  return overIn3 === undefined || volume > BigInt(overIn3) * perIn3;
}

/** The volume that dimensional weight is taken from, or null where it does not count. */
function volumeOf(millimetres: NonNullable<Parcel['millimetres']>, rule: WeightRule): bigint | null {
  const volume = cubeOf(roundedSides(millimetres, rule));
  return isOver(volume, rule) ? volume : null;
}

function cubeOf([length, width, height]: readonly [number, number, number]): bigint {
  return BigInt(length) * BigInt(width) * BigInt(height);
}

function dimensionalSteps(volume: bigint, { divisorCm3PerKg, divisorIn3PerLb }: WeightRule, step: bigint): bigint {
  if (divisorCm3PerKg !== undefined) return ceilDivide(volume * 1_000n * nanogramsPerGram, perCm3 * BigInt(divisorCm3PerKg) * step);
  if (divisorIn3PerLb !== undefined) return ceilDivide(volume * nanogramsPerPound, perIn3 * BigInt(divisorIn3PerLb) * step);
  return 0n;
}

function stepNanograms({ roundingGrams, roundingOunces }: WeightRule): bigint {
  return roundingOunces === undefined ? BigInt(roundingGrams ?? 1) * nanogramsPerGram : BigInt(roundingOunces) * nanogramsPerOunce;
}

/** The fewest steps whose whole grams hold a weight. */
function stepsFor(grams: number, step: bigint): bigint {
  return grams <= 0 ? 0n : (BigInt(grams - 1) * nanogramsPerGram) / step + 1n;
}

/** A weight as it is stored: the next whole gram. */
function wholeGrams(nanograms: bigint): number {
  return Number(ceilDivide(nanograms, nanogramsPerGram));
}

function ceilDivide(dividend: bigint, divisor: bigint): bigint {
  return (dividend + divisor - 1n) / divisor;
}

/** The most frequent rule, and one that a cartonizer asks for some thousand times: small whole numbers suffice for it. */
function isPlainMetric({ divisorIn3PerLb, sides, overCm3, overIn3, roundingOunces }: WeightRule): boolean {
  const isPlain = (field: unknown) => field === undefined;
  return [divisorIn3PerLb, overCm3, overIn3, roundingOunces].every(isPlain) && (sides === undefined || sides === 'as-measured');
}

function plainMetricGrams(
  { grams, millimetres }: Pick<Parcel, 'grams' | 'millimetres'>,
  { divisorCm3PerKg, roundingGrams = 1 }: WeightRule,
) {
  // Cubic millimetres over cubic centimetres per kilogram are grams: both thousands cancel.
  const volume = millimetres === null ? 0 : millimetres[0] * millimetres[1] * millimetres[2];
  const dimensional = divisorCm3PerKg === undefined ? 0 : Math.ceil(volume / divisorCm3PerKg);
  return Math.ceil(Math.max(grams, dimensional) / roundingGrams) * roundingGrams;
}
