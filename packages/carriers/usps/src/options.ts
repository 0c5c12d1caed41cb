import type { Price } from '@quartermaster/connector-kit';
import { localDate, type Arrival, type Instant, type Rate, type RateRequest } from '@quartermaster/domain';
import { placeOf, type Place } from './address.ts';
import { chargeTypeOfService, extraServicesOf, insuredDollars } from './extra-services.ts';
import { gramsOfOunces, gramsOfPounds, inchesOf, poundsOf } from './measures.ts';
import { priceOf } from './prices.ts';
import { boundToContents, flatRates, mailClassFor, outwardClass, ownBox, wordOf, type Service } from './services.ts';
import type { PostageAccount } from './tokens.ts';
import type { WireCommitment, WireOptions, WireRateOption } from './wire.ts';

export type OptionsGiven = { readonly account: PostageAccount; readonly zone: string; readonly now: Instant };

/** What a parcel is asked the price of: the shipment, in USPS's words. `mailClass` null is every one. */
export function optionsDraftOf(
  request: Pick<RateRequest, 'shipFrom' | 'shipTo' | 'parcel' | 'shipAt' | 'delivery'>,
  mailClass: string | null,
  { account, zone, now }: OptionsGiven,
): Record<string, unknown> {
  const { delivery, parcel } = request;
  const asked = mailClass === null ? null : mailClassFor(mailClass, delivery.isReturn);
  const value = insuredDollars(delivery);
  return {
    pricingOptions: [pricingOf(account, delivery.isReturn)],
    originZIPCode: zipOf(placeOf(request.shipFrom)),
    destinationZIPCode: zipOf(placeOf(request.shipTo)),
    packageDescription: {
      mailClass: asked ?? (delivery.isReturn ? 'ALL_RETURNS' : 'ALL_OUTBOUND'),
      ...measuresOf(parcel),
      mailingDate: mailingDateOf(request.shipAt, { zone, now }),
      extraServices: extraServicesOf(delivery, asked ?? ''),
      ...(value === null ? {} : { packageValue: value }),
    },
  };
}

/** Pounds and inches; null sides are left out, and nothing can be asked of such a parcel. */
export function measuresOf({ grams, millimetres }: RateRequest['parcel']): Record<string, number> {
  const [length, width, height] = (millimetres ?? []).map(inchesOf);
  return {
    weight: poundsOf(grams),
    ...(length === undefined || width === undefined || height === undefined ? {} : { length, width, height }),
  };
}

/** The day that a parcel is mailed: the day it is handed over, at the node, and today where that is past, which USPS would not take. */
export function mailingDateOf(shipAt: Instant, { zone, now }: Pick<OptionsGiven, 'zone' | 'now'>): string {
  const [day, today] = [localDate(shipAt, zone), localDate(now, zone)];
  return day < today ? today : day;
}

function pricingOf({ hasContract, pays, mid, crid }: PostageAccount, isReturn: boolean): Record<string, unknown> {
  if (!hasContract) return { priceType: 'COMMERCIAL' };
  if (isReturn) return { priceType: 'CONTRACT', paymentAccount: { accountType: 'MID', accountNumber: mid, CRID: crid } };
  const accountNumber = pays.type === 'EPS' ? pays.accountNumber : pays.permitNumber;
  return { priceType: 'CONTRACT', paymentAccount: { accountType: pays.type, accountNumber, CRID: crid } };
}

function zipOf(place: Place | null): string {
  return place?.zip ?? '';
}

/** A price that USPS offers, with what a label has to say to be sold at it. */
export type Offer = {
  readonly service: Service;
  readonly rateIndicator: string;
  readonly processingCategory: string;
  readonly price: Price;
  readonly billable: Rate['billable'];
  readonly zone: string | null;
  readonly arrival: Arrival;
  readonly isNegotiated: boolean | null;
};

/** What can be bought of an answer, the cheapest first and one per service. `everything`: also mail classes for certain contents. */
export function offersOf(answer: WireOptions, delivery: RateRequest['delivery'], given: { readonly everything: boolean }): Offer[] {
  const offers = answer.pricingOptions
    .flatMap(({ shippingOptions }) => shippingOptions ?? [])
    .filter(({ mailClass }) => given.everything || !boundToContents.has(mailClass))
    .flatMap(({ mailClass, rateOptions }) => rateOptions.flatMap((option) => offerOf(mailClass, option, delivery) ?? []))
    .toSorted((a, b) => a.price.total.minor - b.price.total.minor);
  const cheapest = new Map<string, Offer>();
  for (const offer of offers) if (!cheapest.has(wordOf(offer.service))) cheapest.set(wordOf(offer.service), offer);
  return [...cheapest.values()];
}

/** Null for what we cannot sell: mail that is brought to a facility of its destination, presorted mail, soft packs, and an option that lacks what was asked for. */
function offerOf(mailClass: string, { commitment, extraServices, rates }: WireRateOption, delivery: RateRequest['delivery']): Offer | null {
  const [rate] = rates;
  if (rate === undefined || rates.length > 1) return null;
  const { processingCategory, rateIndicator } = rate;
  if (!rateIndicator || !processingCategory || (rate.destinationEntryFacilityType ?? 'NONE') !== 'NONE') return null;
  const isOwn = ownBox.has(rateIndicator);
  if (!isOwn && !flatRates.has(rateIndicator)) return null;
  const wanted = extraServicesOf(delivery, mailClass).map(String);
  const extras = wanted.map((code) => extraServices?.find(({ extraService }) => extraService === code));
  if (extras.some((extra) => extra?.price == null)) return null;
  return {
    service: { mailClass: outwardClass(mailClass), packaging: isOwn ? null : rateIndicator },
    rateIndicator,
    processingCategory,
    price: priceOf({
      postage: rate.price,
      sku: rate.SKU,
      fees: rate.fees ?? [],
      extras: extras.flatMap((extra) =>
        extra?.price == null ? [] : [{ type: chargeTypeOfService(extra.extraService), price: extra.price, code: extra.extraService }],
      ),
    }),
    billable: billableOf(rate),
    zone: rate.zone ?? null,
    arrival: arrivalOf(commitment ?? null),
    isNegotiated: rate.priceType ? rate.priceType === 'CONTRACT' : null,
  };
}

/** Pounds of the parcel, or ounces of its size where they are more. A flat rate bills no weight. */
function billableOf({ rateIndicator, weight, dimWeight }: WireRateOption['rates'][number]): Rate['billable'] {
  if (flatRates.has(rateIndicator ?? '')) return null;
  if (dimWeight) return { grams: gramsOfOunces(dimWeight), because: 'dimensional' };
  return weight ? { grams: gramsOfPounds(weight), because: 'actual' } : null;
}

/** `2 Days` and the day that they end on. Mail classes of returns and military addresses have no commitment. */
function arrivalOf(commitment: WireCommitment | null): Arrival {
  const days = /^(\d+)[ -]days?$/i.exec(commitment?.name ?? '')?.[1];
  const named = commitment?.expectedDeliveryDate ?? commitment?.scheduleDeliveryDate ?? '';
  return {
    day: /^\d{4}-\d\d-\d\d$/.test(named) ? named : null,
    transitDays: days === undefined ? null : Number(days),
    percentiles: null,
    isGuaranteed: commitment?.guaranteedDelivery === true,
  };
}
