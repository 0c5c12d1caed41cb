import type { TariffService } from './tariff.ts';
import type { WeightRule } from './weight-rule.ts';

/** How a service weighs parcels on a calendar date: the dated rule that began last, or before the first of them `divisorCm3PerKg` and `roundingGrams`. */
export function weightRuleOn({ weightRules, divisorCm3PerKg, roundingGrams }: TariffService, date: string): WeightRule {
  return lastBegun(weightRules ?? [], date) ?? { divisorCm3PerKg, roundingGrams };
}

/** Fuel of a calendar date in percent as decimal text: the dated one that began last, or before the first of them `fuelPercent`; undefined where there is none. */
export function fuelPercentOn({ fuel, fuelPercent }: TariffService, date: string): string | undefined {
  return lastBegun(fuel ?? [], date)?.percent ?? fuelPercent;
}

function lastBegun<Dated extends { readonly effectiveFrom: string }>(rising: readonly Dated[], date: string): Dated | undefined {
  return rising.findLast(({ effectiveFrom }) => effectiveFrom <= date);
}
