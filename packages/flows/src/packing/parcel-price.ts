import { money, type Destination, type Money, type Parcel } from '@quartermaster/domain';
import {
  billableGrams,
  parcelLimitGrams,
  placeHolds,
  priceParcel,
  weightRuleOn,
  zoneOf,
  type NotServedReason,
  type TariffService,
} from '@quartermaster/parcels';
import type { Quote } from '../quotes/quote-record.ts';
import type { CarrierSettings } from '../settings.ts';

/** What decides the price of a parcel beside the parcel itself. `date` is the local day on which it leaves; `quotes` are those of the way, by rising weight. */
export type ParcelWay = {
  readonly carrier: CarrierSettings;
  readonly service: TariffService;
  readonly from: Destination;
  readonly to: Destination;
  readonly date: string;
  readonly quotes: readonly Quote[];
  /** That of the quotes. */
  readonly currency: string;
};

type Weighed = Pick<Parcel, 'grams' | 'millimetres'>;

/**
 * What the carrier asks for a parcel: what it quoted for the lightest weight that holds the billable one, since it quoted without sides; above what it quoted for, or where it was not asked, what its tariff says.
 * Never less than for a lighter parcel. Or why it has no price.
 */
export function priceOfParcel({ carrier, service, from, to, date, quotes, currency }: ParcelWay, parcel: Weighed): Money | NotServedReason {
  const billable = billableGrams(parcel, weightRuleOn(service, date));
  const quoted = quotes.flatMap(({ grams, rates }) => {
    const rate = rates.find((each) => each.service === service.carrierService);
    return rate === undefined ? [] : [{ grams, minor: rate.minor }];
  });
  const holding = quoted.findIndex(({ grams }) => grams >= billable);
  const upTo = holding < 0 ? quoted : quoted.slice(0, holding + 1);
  const least = Math.max(0, ...upTo.map(({ minor }) => minor));
  if (holding >= 0) return money(least, currency);
  const price = priceParcel(carrier.tariff, service.id, { from, to, parcel, date });
  if (price.kind === 'not-served') return price.reason;
  return price.total.currency === currency && price.total.minor < least ? money(least, currency) : price.total;
}

/** The same for the cartonizer: null for what the service does not take. */
export function priceOfCarton(way: ParcelWay, parcel: Weighed): Money | null {
  if (parcel.grams > parcelLimitGrams(way.service)) return null;
  const price = priceOfParcel(way, parcel);
  return typeof price === 'string' ? null : price;
}

/** Ways with the same signature have the same price for every parcel. */
export function waySignature({ carrier, service, from, to, date, quotes }: ParcelWay): string {
  const places = service.surcharges.map(({ when }) => when.to === undefined || placeHolds(when.to, to));
  const quoted = quotes.map(({ grams, rates }) => [grams, rates.find((each) => each.service === service.carrierService)?.minor ?? null]);
  return JSON.stringify([carrier.connection, service.id, zoneOf(service, from, to), date, places, quoted]);
}
