import { z } from 'zod';

/** What an amount that was not expected is about. */
export const varianceClasses = [
  'base-rate',
  'fuel',
  'weight-dimension',
  'zone',
  'residential',
  'address-correction',
  'accessorial-not-expected',
  'duplicate-billing',
  'voided-label-billed',
  'unknown-tracking',
  'credit',
  'duty-tax',
  'return',
  'service-fee',
  'currency',
] as const;
export type VarianceClass = (typeof varianceClasses)[number];

/**
 * What of a variance is let pass: up to so many minor units of its currency, or up to a share of what was expected, whichever is more. 100 basis points are one per cent. `any` lets everything
 * pass.
 */
const toleranceSchema = z.union([
  z.literal('any'),
  z.strictObject({ minor: z.int().nonnegative().default(0), basisPoints: z.int().nonnegative().default(0) }),
]);
export type Tolerance = z.infer<typeof toleranceSchema>;

const days = z.int().positive();

/**
 * The company's own rules. The days are those that are usual with UPS and FedEx (180 for a charge, 15 for a guaranteed delivery that came late): the contract decides, so look them up there.
 * Fees that belong to no parcel, duties and credits pass by default: they were never accrued, and are seen in the bill.
 */
export const auditSettingsSchema = z.strictObject({
  tolerances: z.partialRecord(z.enum(varianceClasses), toleranceSchema).default({}),
  /** Days from the invoice within which a charge can be disputed, by carrier as the lines name it. */
  disputeDays: z.record(z.string(), days).default({}),
  disputeDaysOtherwise: days.default(180),
  /** Days from the promised day within which a late delivery can be claimed, by carrier. */
  lateClaimDays: z.record(z.string(), days).default({}),
  lateClaimDaysOtherwise: days.default(15),
  /** The same charge of the same parcel is billed twice when it comes again within so many days. Carriers use numbers again, but not that soon. */
  duplicateWithinDays: days.default(60),
  /** A billed weight further than this from the expected one was measured differently; less is a carrier's rounding to the next pound or half kilogram. */
  weightSlackGrams: z.int().nonnegative().default(500),
});
export type AuditSettings = z.infer<typeof auditSettingsSchema>;
export type AuditSettingsInput = z.input<typeof auditSettingsSchema>;

const defaultTolerances: Readonly<Record<VarianceClass, Tolerance>> = {
  'base-rate': { minor: 10, basisPoints: 100 },
  fuel: { minor: 10, basisPoints: 200 },
  'weight-dimension': { minor: 50, basisPoints: 0 },
  zone: { minor: 10, basisPoints: 0 },
  residential: { minor: 0, basisPoints: 0 },
  'address-correction': { minor: 0, basisPoints: 0 },
  'accessorial-not-expected': { minor: 0, basisPoints: 0 },
  'duplicate-billing': { minor: 0, basisPoints: 0 },
  'voided-label-billed': { minor: 0, basisPoints: 0 },
  'unknown-tracking': { minor: 0, basisPoints: 0 },
  credit: 'any',
  'duty-tax': 'any',
  return: { minor: 0, basisPoints: 0 },
  'service-fee': 'any',
  currency: { minor: 0, basisPoints: 0 },
};

export function toleranceOf(settings: AuditSettings, varianceClass: VarianceClass): Tolerance {
  return settings.tolerances[varianceClass] ?? defaultTolerances[varianceClass];
}

/** Amounts in minor units of one currency. */
export function isTolerated(tolerance: Tolerance, amount: number, expected: number): boolean {
  if (tolerance === 'any') return true;
  const size = Math.abs(amount);
  return size <= tolerance.minor || size * 10_000 <= tolerance.basisPoints * Math.abs(expected);
}
