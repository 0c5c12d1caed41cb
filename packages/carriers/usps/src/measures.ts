/** Pounds with four decimals, rounded up: a label is never for less than the parcel weighs. A pound is 453.59237 grams. */
export function poundsOf(grams: number): number {
  return up(BigInt(grams) * 100_000n, poundTenMicrograms, 10_000n);
}

/** The same rounded down, and a ten-thousandth at least: for what lies in a parcel, which must not weigh more than it. */
export function poundsDown(grams: number): number {
  return Math.max(1, Number((BigInt(grams) * 100_000n * 10_000n) / poundTenMicrograms)) / 10_000;
}

/** Inches with two decimals, rounded up: a parcel is never declared smaller than it is. An inch is 25.4 millimetres. */
export function inchesOf(millimetres: number): number {
  return up(BigInt(millimetres) * 10n, 254n, 100n);
}

/** Whole grams of pounds and of ounces, the nearest. */
export function gramsOfPounds(pounds: number): number {
  return Math.round(pounds * 453.59237);
}
export function gramsOfOunces(ounces: number): number {
  return Math.round(ounces * 28.349523125);
}

const poundTenMicrograms = 45_359_237n;

function up(amount: bigint, unit: bigint, steps: bigint): number {
  return Number((amount * steps + unit - 1n) / unit) / Number(steps);
}
