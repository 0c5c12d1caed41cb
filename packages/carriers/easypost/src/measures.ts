/** Ounces with one decimal, rounded up: a label is never for less than the parcel weighs. An ounce is 28.349523125 grams. */
export function ouncesOf(grams: number): number {
  return tenthsUp(BigInt(grams) * 1_000_000_000n, ounceNanograms);
}

/** Ounces with one decimal, rounded down and a tenth at least: for what lies in a parcel. */
export function ouncesDown(grams: number): number {
  return Math.max(1, Number((BigInt(grams) * 10_000_000_000n) / ounceNanograms)) / 10;
}

/** Inches with one decimal, rounded up: a parcel is never declared smaller than it is. An inch is 25.4 millimetres. */
export function inchesOf(millimetres: number): number {
  return tenthsUp(BigInt(millimetres) * 10n, 254n);
}

const ounceNanograms = 28_349_523_125n;

function tenthsUp(amount: bigint, unit: bigint): number {
  return Number((amount * 10n + unit - 1n) / unit) / 10;
}
