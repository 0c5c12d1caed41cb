import { money, sumMoney, type Destination, type Money, type Parcel } from '@quartermaster/domain';
import { fuelPercentOn, weightRuleOn } from './day-terms.ts';
import { percentOf } from './percent.ts';
import { surchargeApplies, surchargesCharged } from './surcharge.ts';
import { inEffect, serviceOf, type Tariff, type TariffService, type ZonePrice } from './tariff.ts';
import { billableGrams, roundGrams } from './weight-rule.ts';
import { zoneOf } from './zone.ts';

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
 * Prices one parcel by a service of a tariff. Freight follows the zone and the billable weight; percentage surcharges are percentages of the freight, fuel of the freight and of the surcharges that bear it. Each
 * charge is rounded half up to a whole minor unit by itself, so that the charges add up to the total exactly.
 */
export function priceParcel(tariff: Tariff, serviceId: string, request: PriceRequest): ParcelPrice {
  const { from, to, parcel, date } = request;
  const service = serviceOf(tariff, serviceId);
  if (service === undefined) return notServed('no-such-service');
  if (!inEffect(tariff, date)) return notServed('not-in-effect');
  if (parcel.grams > parcelLimitGrams(service)) return notServed('too-heavy');
  const price = zonePriceOf(service, from, to);
  if (price === null) return notServed('no-zone');
  const rule = weightRuleOn(service, date);
  const applying = service.surcharges.filter((surcharge) => surchargeApplies(surcharge, { to, zone: price.zone, date, parcel, rule }));
  const least = Math.max(0, ...applying.map(({ billableAtLeastGrams = 0 }) => billableAtLeastGrams));
  const billable = Math.max(billableGrams(parcel, rule), roundGrams(least, rule, 'up'));
  const freight = freightMinor(price, billable);
  if (freight === null) return notServed('above-last-band');

  const charge = (code: string, minor: number): TariffCharge => ({ code, amount: money(minor, tariff.currency) });
  const surcharges = surchargesCharged(applying, freight);
  const fuelPercent = fuelPercentOn(service, date);
  const fuelled = surcharges.reduce((sum, { surcharge, minor }) => sum + (surcharge.bearsFuel === true ? minor : 0), freight);
  const charges = [
    charge('freight', freight),
    ...(fuelPercent === undefined ? [] : [charge('fuel', percentOf(fuelled, fuelPercent))]),
    ...surcharges.map(({ surcharge, minor }) => charge(surcharge.code, minor)),
  ];
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

/** Prices by zone, made once for each list: whoever has a tariff does not change it. */
const pricesByZone = new WeakMap<readonly ZonePrice[], ReadonlyMap<string, ZonePrice>>();

/** What the zone of a way costs, or null when the service does not go there. */
export function zonePriceOf(
  { zones, prices }: Pick<TariffService, 'zones' | 'prices'>,
  from: Destination,
  to: Destination,
): ZonePrice | null {
  const zone = zoneOf({ zones }, from, to);
  if (zone === null) return null;
  let byZone = pricesByZone.get(prices);
  if (byZone === undefined) {
    byZone = new Map(prices.map((price) => [price.zone, price]));
    pricesByZone.set(prices, byZone);
  }
  return byZone.get(zone) ?? null;
}

/** Freight of a billable weight in minor units, or null above the last band. Bands rise in weight, so the one that holds it is found by halving. */
export function freightMinor(price: ZonePrice, grams: number): number | null {
  if (!('bands' in price)) return price.baseMinor + Math.floor((2 * price.perKgMinor * grams + 1_000) / 2_000);
  let below = 0;
  let above = price.bands.length;
  while (below < above) {
    const middle = (below + above) >>> 1;
    if ((price.bands[middle]?.upToGrams ?? 0) < grams) below = middle + 1;
    else above = middle;
  }
  return price.bands[below]?.minor ?? null;
}

function notServed(reason: NotServedReason): ParcelPrice {
  return { kind: 'not-served', reason };
}
