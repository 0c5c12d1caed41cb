/** A percentage (decimal text, not negative) of an amount in minor units, rounded half up to a whole minor unit. Exact: no float takes part. */
export function percentOf(minor: number, percent: string): number {
  const [whole = '0', fraction = ''] = percent.split('.');
  const hundredths = 100n * 10n ** BigInt(fraction.length);
  const product = BigInt(minor) * BigInt(whole + fraction);
  return Number((2n * product + hundredths) / (2n * hundredths));
}
