import {
  destinationOf,
  formatMoney,
  localDate,
  type Charge,
  type DeliveryTerms,
  type LabelRequest,
  type Money,
  type Rate,
  type RateAnswer,
  type RateRequest,
} from '@quartermaster/domain';
import { priceParcel, type NotServedReason, type TariffCharge } from './price-parcel.ts';
import { serviceOf, tariffOn, type Tariff, type TariffService } from './tariff.ts';

/** What a label costs by a tariff, or why it is not sold, with what to do about it. */
export type TariffSale =
  | { readonly kind: 'sold'; readonly service: TariffService; readonly price: Money; readonly charges: readonly Charge[] }
  | { readonly kind: 'refused'; readonly message: string; readonly advice: string };

/** The one carrier that these tariffs are of. Throws a `RangeError` where there is none, or several. */
export function carrierOfTariffs(tariffs: readonly Tariff[]): string {
  const [first, ...others] = new Set(tariffs.map((tariff) => tariff.carrier));
  if (first === undefined || others.length > 0) throw new RangeError('a rate table has tariffs of one carrier');
  return first;
}

/** Prices in the words of the carrier port, from the tariff that holds on the day of shipping in `zone` (IANA). What has no price is a problem in words. */
export function tariffRates(tariffs: readonly Tariff[], request: RateRequest, zone: string): RateAnswer {
  const date = localDate(request.shipAt, zone);
  const tariff = tariffOn(tariffs, date);
  if (tariff === null) return { rates: [], problems: [`No tariff of ${carrierOfTariffs(tariffs)} holds on ${date}.`] };
  if (tariff.currency !== request.currency)
    return { rates: [], problems: [`Tariff ${tariff.id} is in ${tariff.currency}, not in ${request.currency}.`] };
  const unpriced = unpricedTerm(request.delivery);
  if (unpriced !== null) return { rates: [], problems: [`Tariff ${tariff.id} has no price for ${unpriced}.`] };
  const prices = tariff.services.map((service) => ({ service, price: priceParcel(tariff, service.id, question(request, date)) }));
  return {
    rates: prices.flatMap(({ service, price }): Rate[] =>
      price.kind === 'not-served'
        ? []
        : [
            {
              service: service.id,
              total: price.total,
              charges: price.charges.map(chargeOf),
              billable: { grams: price.billableGrams, because: 'unknown' },
              zone: price.zone,
              arrival: { day: null, transitDays: price.transitDays, percentiles: null, isGuaranteed: false },
              expiresAt: null,
              isNegotiated: true,
            },
          ],
    ),
    problems: prices.flatMap(({ service, price }) => (price.kind === 'not-served' ? [`${sentence(service.name, price.reason)}.`] : [])),
  };
}

/** What the label of a request costs; above its price limit, or in another currency, it is not sold. A service goes by the tariff's id, or else by the carrier's own code. */
export function tariffSale(tariffs: readonly Tariff[], request: LabelRequest, zone: string): TariffSale {
  const date = localDate(request.shipAt, zone);
  const tariff = tariffOn(tariffs, date);
  if (tariff === null) return refused(`no tariff of ${carrierOfTariffs(tariffs)} holds on ${date}`, 'Add the tariff of that day.');
  const service =
    serviceOf(tariff, request.service) ?? tariff.services.find(({ carrierService }) => carrierService === request.service) ?? null;
  if (service === null) return refused(`tariff ${tariff.id} has no service ${request.service}`, 'Choose one of its services.');
  const unpriced = unpricedTerm(request.delivery);
  if (unpriced !== null)
    return refused(`tariff ${tariff.id} has no price for ${unpriced}`, 'Ask for it without, or choose another carrier.');
  const price = priceParcel(tariff, service.id, question(request, date));
  if (price.kind === 'not-served') return refused(sentence(service.name, price.reason), 'Choose another service, or divide the parcel.');
  const problem = aboveLimit(price.total, request.priceLimit);
  if (problem !== null) return refused(problem, 'Raise the limit, or choose another service.');
  return { kind: 'sold', service, price: price.total, charges: price.charges.map(chargeOf) };
}

function refused(message: string, advice: string): TariffSale {
  return { kind: 'refused', message, advice };
}

/** A charge of the tariff in the words that every carrier's charges have. */
function chargeOf({ code, amount }: TariffCharge): Charge {
  return { type: code === 'freight' ? 'shipping' : code === 'fuel' ? 'fuel-charge' : 'additional-fees', amount, vendorCode: code };
}

function question({ shipFrom, shipTo, parcel }: Pick<RateRequest, 'shipFrom' | 'shipTo' | 'parcel'>, date: string) {
  return { from: destinationOf(shipFrom), to: destinationOf(shipTo), parcel, date };
}

/** Of what is asked beyond the service the first that no tariff prices. The way back is a way like any other. */
function unpricedTerm({ signature, onSaturday, insured, customs }: DeliveryTerms): string | null {
  if (signature !== 'none') return 'a signature';
  if (onSaturday) return 'delivery on Saturday';
  if (insured !== null) return 'insurance';
  return customs === null ? null : 'a customs declaration';
}

function aboveLimit(price: Money, limit: Money | null): string | null {
  if (limit === null) return null;
  if (limit.currency !== price.currency) return `the price is in ${price.currency} and its limit in ${limit.currency}`;
  return price.minor > limit.minor ? `the label costs ${formatMoney(price)}, more than its limit of ${formatMoney(limit)}` : null;
}

function sentence(service: string, reason: NotServedReason): string {
  return `${service} ${notServed[reason]}`;
}

const notServed: Readonly<Record<NotServedReason, string>> = {
  'no-such-service': 'is not in the tariff',
  'not-in-effect': 'has no price on that day',
  'too-heavy': 'does not take a parcel of that weight',
  'no-zone': 'does not go there',
  'above-last-band': 'has no price for that billable weight',
};
