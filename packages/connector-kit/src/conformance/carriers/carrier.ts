import { casesOf, type ConformanceCase, type Rule } from '../rule.ts';
import { fairnessCases } from './fairness-cases.ts';
import { handoverCases } from './handover-cases.ts';
import { purchaseCases } from './purchase-cases.ts';
import { purchaseDayCases } from './purchase-days.ts';
import { rateCases } from './rate-cases.ts';
import type { CarrierFeature, CarrierSubject } from './subject.ts';
import { trackingCases } from './tracking-cases.ts';
import { voidCases } from './void-cases.ts';

export type CarrierRule = Rule<CarrierSubject, CarrierFeature>;

export const carrierRules: readonly CarrierRule[] = [
  ...rateCases,
  ...purchaseCases,
  ...purchaseDayCases,
  ...voidCases,
  ...trackingCases,
  ...handoverCases,
  ...fairnessCases,
];

/**
 * The conformance suite of the carrier port: every rule that this carrier has to keep, to be run by any test runner. A rule that needs what the subject says it lacks is left out; that it
 * really lacks it is a rule as well.
 *
 * ```ts
 * test.each(carrierConformance(subject))('$title', async ({ run }) => expect(await run()).toBeUndefined());
 * ```
 */
export function carrierConformance(subject: CarrierSubject): ConformanceCase<CarrierFeature>[] {
  return casesOf(carrierRules, subject);
}
