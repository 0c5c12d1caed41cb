import { money, sumMoney, type Destination, type Money, type Parcel } from '@quartermaster/domain';
import { billableGrams } from './billable-weight.ts';
import { percentOf } from './percent.ts';
import { inEffect, serviceOf, type Surcharge, type Tariff, type TariffService, type ZonePrice } from './tariff.ts';
import { placeHolds, zoneOf } from './zone.ts';

export type PriceRequest = {
  readonly from: Destination;
  readonly to: Destination;
  readonly parcel: Pick<Parcel, 'grams' | 'millimetres'>;
  /** Calendar date (`YYYY-MM-DD`) on which the parcel leaves. */
  readonly date: string;
};

/** `freight`, `fuel`, or the code of a surcharge. The amounts of all charges add up to the total. */
export type TariffCharge = { readonly code: string; readonly amount: Money };

export type NotServedReason = 'no-such-service' | 'not-in-effect' | 'too-heavy' | 'no-zone' | 'above-last-band';

export type ParcelPrice =
  | {
      readonly kind: 'priced';
      readonly total: Money;
      readonly charges: readonly TariffCharge[];
      readonly zone: string;
      readonly billableGrams: number;
      readonly transitDays: number | null;
    }
  | { readonly kind: 'not-served'; readonly reason: NotServedReason };

/**
 * Prices one parcel by a service of a tariff. Freight follows the zone and the billable weight; fuel and percentage surcharges are percentages of the freight. Each charge is
 * rounded half up to a whole minor unit by itself, so that the charges add up to the total exactly.
 */
export function priceParcel(tariff: Tariff, serviceId: string, request: PriceRequest): ParcelPrice {
  const { from, to, parcel, date } = request;
  const service = serviceOf(tariff, serviceId);
  if (service === undefined) return notServed('no-such-service');
  if (!inEffect(tariff, date)) return notServed('not-in-effect');
  if (parcel.grams > parcelLimitGrams(service)) return notServed('too-heavy');
  const price = zonePriceOf(service, from, to);
  if (price === null) return notServed('no-zone');
  const billable = billableGrams(parcel, { divisorCm3PerKg: service.divisorCm3PerKg, roundingGrams: service.roundingGrams });
  const freight = freightMinor(price, billable);
  if (freight === null) return notServed('above-last-band');

  const charge = (code: string, minor: number): TariffCharge => ({ code, amount: money(minor, tariff.currency) });
  const charges = [charge('freight', freight)];
  if (service.fuelPercent !== undefined) charges.push(charge('fuel', percentOf(freight, service.fuelPercent)));
  for (const surcharge of service.surcharges) {
    if (applies(surcharge, to, parcel)) charges.push(charge(surcharge.code, surchargeMinor(surcharge, freight)));
  }
  return {
    kind: 'priced',
    total: sumMoney(
      charges.map(({ amount }) => amount),
      tariff.currency,
    ),
    charges,
    zone: price.zone,
    billableGrams: billable,
    transitDays: price.transitDays,
  };
}

/** The heaviest single parcel that a service takes, by actual weight. */
export function parcelLimitGrams(service: TariffService): number {
  return Math.min(service.maxGrams, service.parcelMaxGrams ?? service.maxGrams);
}

/** What the zone of a way costs, or null when the service does not go there. */
export function zonePriceOf(service: TariffService, from: Destination, to: Destination): ZonePrice | null {
  const zone = zoneOf(service, from, to);
  return service.prices.find((price) => price.zone === zone) ?? null;
}

/** Freight of a billable weight in minor units, or null above the last band. */
export function freightMinor(price: ZonePrice, grams: number): number | null {
  if ('bands' in price) return price.bands.find((band) => grams <= band.upToGrams)?.minor ?? null;
  return price.baseMinor + Math.floor((2 * price.perKgMinor * grams + 1_000) / 2_000);
}

function applies({ when }: Surcharge, to: Destination, parcel: PriceRequest['parcel']): boolean {
  if (when.to !== undefined && !placeHolds(when.to, to)) return false;
  if (when.minGrams !== undefined && parcel.grams < when.minGrams) return false;
  if (when.minLongestMillimetres === undefined) return true;
  return parcel.millimetres !== null && Math.max(...parcel.millimetres) >= when.minLongestMillimetres;
}

function surchargeMinor(surcharge: Surcharge, freight: number): number {
  return 'minor' in surcharge ? surcharge.minor : percentOf(freight, surcharge.percent);
}

function notServed(reason: NotServedReason): ParcelPrice {
  return { kind: 'not-served', reason };
}
