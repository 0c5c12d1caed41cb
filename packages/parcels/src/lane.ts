import { decimalOf, money, type Destination } from '@quartermaster/domain';
import { percentOf } from './percent.ts';
import { freightMinor, parcelLimitGrams, zonePriceOf } from './price-parcel.ts';
import type { Tariff, TariffService, ZonePrice } from './tariff.ts';

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
 * neither: dimensional weight, which it takes from litres by itself (`weightRules`), and surcharges, which a problem carries per order.
 */
export function laneOf(tariff: Tariff, service: TariffService, from: Destination, to: Destination): TariffLane | null {
  const price = zonePriceOf(service, from, to);
  if (price === null) return null;
  const { zone, transitDays } = price;
  if ('bands' in price) return { zone, transitDays, bands: bandsOf(tariff, service, price) };
  const steps = Math.ceil(heaviestBillableGrams(service) / service.roundingGrams);
  if (service.roundingGrams > 1 && steps <= maxSteps) return { zone, transitDays, bands: stairsOf(tariff, service, price, steps) };
  const fuel = 1 + Number(service.fuelPercent ?? '0') / 100;
  return { zone, transitDays, base: units(tariff, price.baseMinor) * fuel, perKg: units(tariff, price.perKgMinor) * fuel };
}

/** The weight rules of a service in the optimizer's units: kilograms, and litres per kilogram of dimensional weight. */
export function weightRules(service: TariffService): {
  readonly maxKg: number;
  readonly parcelMaxKg?: number;
  readonly litresPerKg?: number;
} {
  return {
    maxKg: service.maxGrams / 1_000,
    ...(service.parcelMaxGrams === undefined ? {} : { parcelMaxKg: service.parcelMaxGrams / 1_000 }),
    ...(service.divisorCm3PerKg === undefined ? {} : { litresPerKg: service.divisorCm3PerKg / 1_000 }),
  };
}

/** A bulky parcel is charged for more than it weighs: three times the limit is beyond what the limits of size of common carriers leave room for. */
function heaviestBillableGrams(service: TariffService): number {
  return parcelLimitGrams(service) * (service.divisorCm3PerKg === undefined ? 1 : 3);
}

type Band = { readonly upToKg: number; readonly amount: number };

/** A weight is rounded up before its band is looked up, so a band ends for the scales at the last multiple of the rounding below its edge. */
function bandsOf(tariff: Tariff, service: TariffService, price: Extract<ZonePrice, { bands: unknown }>): Band[] {
  const step = service.roundingGrams;
  return price.bands.flatMap((band, index) => {
    const edge = Math.floor(band.upToGrams / step) * step;
    const below = Math.floor((price.bands[index - 1]?.upToGrams ?? 0) / step) * step;
    return edge <= below ? [] : [{ upToKg: edge / 1_000, amount: withFuel(tariff, service, band.minor) }];
  });
}

function stairsOf(tariff: Tariff, service: TariffService, price: ZonePrice, steps: number): Band[] {
  return Array.from({ length: steps }, (_, index) => {
    const grams = (index + 1) * service.roundingGrams;
    return { upToKg: grams / 1_000, amount: withFuel(tariff, service, freightMinor(price, grams) ?? 0) };
  });
}

function withFuel(tariff: Tariff, service: TariffService, freight: number): number {
  return units(tariff, freight + percentOf(freight, service.fuelPercent ?? '0'));
}

function units(tariff: Tariff, minor: number): number {
  return Number(decimalOf(money(minor, tariff.currency)));
}
