import { decimalOf, money, type Destination } from '@quartermaster/domain';
import { fuelPercentOn, weightRuleOn } from './day-terms.ts';
import { percentOf } from './percent.ts';
import { freightMinor, parcelLimitGrams, zonePriceOf } from './price-parcel.ts';
import type { Tariff, TariffService, ZonePrice } from './tariff.ts';
import { gramsOfSteps, hasSteps, roundGrams, type WeightRule } from './weight-rule.ts';

/** A price as a function of billable kilograms, in whole units of the currency, as the optimizer's lanes have it: by bands, or `base + perKg × kg`. */
export type TariffLane = {
  readonly zone: string;
  readonly transitDays: number | null;
} & (
  | { readonly bands: readonly { readonly upToKg: number; readonly amount: number }[] }
  | { readonly base: number; readonly perKg: number }
);

/** More steps than this are not worth an exact staircase: the straight line is used, which is cheaper by at most one step of the rounding. */
const maxSteps = 400;

/**
 * The price of one parcel on a way, fuel included, for the optimizer; null when the service does not go there.
 *
 * For a parcel without known sides and without surcharges it equals `priceParcel`: exactly for bands and for a price per kilogram that is rounded to steps (which becomes
 * bands, up to the heaviest parcel; three times that where bulk counts), and to about a minor unit for a price by the gram, which is rounded there and not here. Two things are left out, because the optimizer knows
 * neither: dimensional weight, which it takes from litres by itself (`weightRules`), and surcharges, which a problem carries per order. `date` (`YYYY-MM-DD`) is the day on which the parcel leaves.
 */
export function laneOf(tariff: Tariff, service: TariffService, from: Destination, to: Destination, date: string): TariffLane | null {
  const price = zonePriceOf(service, from, to);
  if (price === null) return null;
  const { zone, transitDays } = price;
  const rule = weightRuleOn(service, date);
  const fuelPercent = fuelPercentOn(service, date) ?? '0';
  const amountOf = (freight: number) => units(tariff, freight + percentOf(freight, fuelPercent));
  if ('bands' in price) return { zone, transitDays, bands: bandsOf(price, rule, amountOf) };
  const steps = Math.ceil(heaviestBillableGrams(service, rule) / gramsOfSteps(1, rule));
  if (hasSteps(rule) && steps <= maxSteps) return { zone, transitDays, bands: stairsOf(price, rule, steps, amountOf) };
  const fuel = 1 + Number(fuelPercent) / 100;
  return { zone, transitDays, base: units(tariff, price.baseMinor) * fuel, perKg: units(tariff, price.perKgMinor) * fuel };
}

/**
 * The weight rules of a service in the optimizer's units: kilograms, and litres per kilogram of dimensional weight. It counts volume from the first cubic centimetre on and rounds no side, so where a rule does
 * (`overIn3`, `sides`) it expects more, or a little less, than the label costs.
 */
export function weightRules(
  service: TariffService,
  date: string,
): {
  readonly maxKg: number;
  readonly parcelMaxKg?: number;
  readonly litresPerKg?: number;
} {
  const litresPerKg = litresPerKgOf(weightRuleOn(service, date));
  return {
    maxKg: service.maxGrams / 1_000,
    ...(service.parcelMaxGrams === undefined ? {} : { parcelMaxKg: service.parcelMaxGrams / 1_000 }),
    ...(litresPerKg === null ? {} : { litresPerKg }),
  };
}

const litresPerCubicInch = 0.016_387_064;
const kilogramsPerPound = 0.453_592_37;

function litresPerKgOf({ divisorCm3PerKg, divisorIn3PerLb }: WeightRule): number | null {
  if (divisorCm3PerKg !== undefined) return divisorCm3PerKg / 1_000;
  return divisorIn3PerLb === undefined ? null : (divisorIn3PerLb * litresPerCubicInch) / kilogramsPerPound;
}

/** A bulky parcel is charged for more than it weighs: three times the limit is beyond what the limits of size of common carriers leave room for. */
function heaviestBillableGrams(service: TariffService, rule: WeightRule): number {
  return parcelLimitGrams(service) * (litresPerKgOf(rule) === null ? 1 : 3);
}

type Band = { readonly upToKg: number; readonly amount: number };

/** A weight is rounded up before its band is looked up, so a band ends for the scales at the last multiple of the rounding below its edge. */
function bandsOf({ bands }: Extract<ZonePrice, { bands: unknown }>, rule: WeightRule, amountOf: (freight: number) => number): Band[] {
  return bands.flatMap((band, index) => {
    const edge = roundGrams(band.upToGrams, rule, 'down');
    const below = roundGrams(bands[index - 1]?.upToGrams ?? 0, rule, 'down');
    return edge <= below ? [] : [{ upToKg: edge / 1_000, amount: amountOf(band.minor) }];
  });
}

function stairsOf(price: ZonePrice, rule: WeightRule, steps: number, amountOf: (freight: number) => number): Band[] {
  return Array.from({ length: steps }, (_, index) => {
    const grams = gramsOfSteps(index + 1, rule);
    return { upToKg: grams / 1_000, amount: amountOf(freightMinor(price, grams) ?? 0) };
  });
}

function units(tariff: Tariff, minor: number): number {
  return Number(decimalOf(money(minor, tariff.currency)));
}
