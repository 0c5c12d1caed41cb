import type { Parcel } from '@quartermaster/domain';

/**
 * The weight that is charged, in grams: the heavier of the scales and of the dimensional weight (length × width × height ÷ divisor), rounded up to a multiple of `roundingGrams`.
 * Without a divisor, or when a side is unknown, only the scales count.
 */
export function billableGrams(
  parcel: Pick<Parcel, 'grams' | 'millimetres'>,
  rule: { readonly divisorCm3PerKg: number | undefined; readonly roundingGrams: number },
): number {
  const heavier = Math.max(parcel.grams, dimensionalGrams(parcel.millimetres, rule.divisorCm3PerKg));
  return Math.ceil(heavier / rule.roundingGrams) * rule.roundingGrams;
}

/** Cubic millimetres over cubic centimetres per kilogram are grams: both thousands cancel. */
function dimensionalGrams(millimetres: Parcel['millimetres'], divisorCm3PerKg: number | undefined): number {
  if (millimetres === null || divisorCm3PerKg === undefined) return 0;
  const [length, width, height] = millimetres;
  return Math.ceil((length * width * height) / divisorCm3PerKg);
}
