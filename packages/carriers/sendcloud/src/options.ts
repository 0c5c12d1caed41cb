import { type ServiceNames } from '@quartermaster/connector-kit';
import type { Price } from '@quartermaster/connector-kit';
import {
  multiplyPrice,
  sumMoney,
  type Charge,
  type ChargeType,
  type DeliveryTerms,
  type Money,
  type Rate,
  type RateAnswer,
} from '@quartermaster/domain';
import { gramsOf } from './measures.ts';
import type { WireMoney, WireOption, WireQuote, WireWeightRange } from './wire.ts';

/** The carrier that an option is of: `postnl` of `postnl:standard/signature`. */
export function carrierOf(optionCode: string): string {
  return optionCode.split(':')[0] ?? optionCode;
}

/** What an option is chosen by. */
export type Wanted = {
  readonly grams: number;
  readonly delivery: DeliveryTerms;
  readonly currency: string;
  /** Names of fields that an option may demand and that are not there. */
  readonly lacking: readonly string[];
};

/** An option that takes the parcel as it is to be delivered, with its price. */
export type Offer = { readonly option: WireOption; readonly quote: WireQuote; readonly price: Price };

/** An amount in minor units; what is finer than the currency is rounded half up, because a bought label must not be lost for it. */
export function moneyOf({ value, currency }: WireMoney): Money {
  return multiplyPrice(value, 1, currency);
}

/** Offers among options, the cheapest of each code, by rising price; of two contracts that ask the same the older one. */
export function offersOf(options: readonly WireOption[], wanted: Wanted): Offer[] {
  const offers = options.flatMap((option): Offer[] => {
    if (whyNot(option, wanted) !== null) return [];
    const quote = quoteFor(option, wanted.grams);
    return quote === null || quote.price.total.currency !== wanted.currency ? [] : [{ option, quote, price: priceOf(quote) }];
  });
  const best = new Map<string, Offer>();
  for (const offer of offers) {
    const other = best.get(offer.option.code);
    if (other === undefined || isCheaper(offer, other)) best.set(offer.option.code, offer);
  }
  return [...best.values()].sort((a, b) => a.price.total.minor - b.price.total.minor || (a.option.code < b.option.code ? -1 : 1));
}

/** Rates of the offers, and in words what stands against the other options. */
export function rateAnswerOf(options: readonly WireOption[], wanted: Wanted, names: ServiceNames): RateAnswer {
  const rates = offersOf(options, wanted).map((offer) => rateOf(offer, names));
  const problems = options.flatMap((option) => problemOf(option, wanted));
  if (rates.length === 0 && problems.length === 0) return { rates, problems: ['Sendcloud has no shipping option for this parcel.'] };
  return { rates, problems: [...new Set(problems)] };
}

/** Why an option is not offered, in words; empty for one that is. */
export function problemOf(option: WireOption, wanted: Wanted): string[] {
  const reason = whyNot(option, wanted);
  if (reason !== null) return [`${option.code} ${reason}.`];
  const quote = quoteFor(option, wanted.grams);
  if (quote === null) return [`${option.code} has no price for this parcel at Sendcloud.`];
  const { currency } = quote.price.total;
  return currency === wanted.currency ? [] : [`${option.code} is priced in ${currency}, not in ${wanted.currency}.`];
}

/**
 * Why an option does not deliver as it is asked for. What is asked of a delivery must be in the option: Sendcloud sells a signature as an option of its own. An option that needs a service point is
 * not offered, because a label request names none, and one without a tracking number would be a label that nobody can follow.
 */
function whyNot({ functionalities: has, requirements, weight }: WireOption, { delivery, grams, currency, lacking }: Wanted): string | null {
  if (requirements?.is_service_point_required === true) return 'needs a service point';
  const demanded = requirements?.fields.filter((field) => lacking.includes(field)) ?? [];
  if (demanded.length > 0) return `demands ${demanded.map((field) => field.replace(/^to_/, '')).join(', ')}`;
  if (has.tracked === false) return 'has no tracking number';
  if (has.labelless === true) return 'is announced with a code to be shown in place of a label';
  if (delivery.isReturn !== (has.returns === true)) return delivery.isReturn ? 'is not for returns' : 'is for returns';
  if (delivery.signature === 'anyone' && has.signature !== true) return 'has no signature';
  if (delivery.signature === 'adult' && (has.age_check ?? 0) < 18) return 'has no check of age';
  if (delivery.onSaturday && has.weekend_delivery !== 'saturday' && has.weekend_delivery !== 'weekends')
    return 'does not deliver on Saturday';
  if (delivery.customs?.incoterm === 'DDP' && has.incoterm !== 'ddp') return 'does not take the duties on us';
  if (delivery.customs?.incoterm === 'DAP' && has.incoterm === 'ddp') return 'takes the duties on us';
  if (delivery.insured !== null && delivery.insured.currency !== currency) return `insures in ${currency} only`;
  return isWithin(weight, grams) ? null : 'does not take this weight';
}

function quoteFor({ quotes }: WireOption, grams: number): WireQuote | null {
  return quotes.find(({ weight }) => isWithin(weight, grams)) ?? null;
}

/** A range that is not told, or told in a unit that we do not know, holds nothing back. */
function isWithin(range: WireWeightRange, grams: number): boolean {
  const [min, max] = [range?.min, range?.max].map((bound) => (bound ? gramsOf(bound) : null));
  return (min ?? 0) <= grams && grams <= (max ?? Number.POSITIVE_INFINITY);
}

function isCheaper(offer: Offer, other: Offer): boolean {
  const difference = offer.price.total.minor - other.price.total.minor;
  return difference < 0 || (difference === 0 && (offer.option.contract?.id ?? 0) < (other.option.contract?.id ?? 0));
}

/** The parts where they sum to the total, else the total as one. */
function priceOf({ price }: WireQuote): Price {
  const total = moneyOf(price.total);
  const parts = price.breakdown.map(({ type, price: amount }): Charge => ({
    type: chargeTypeOf(type),
    amount: moneyOf(amount),
    vendorCode: type,
  }));
  const isSum =
    parts.length > 0 &&
    parts.every(({ amount }) => amount.currency === total.currency) &&
    sumMoney(
      parts.map(({ amount }) => amount),
      total.currency,
    ).minor === total.minor;
  const charges = isSum ? parts.filter(({ amount, type }) => amount.minor !== 0 || type === 'shipping') : [];
  return { total, charges: charges.length > 0 ? charges : [{ type: 'shipping', amount: total, vendorCode: null }] };
}

/** Sendcloud's kinds of price (`breakdown.type`, all of the specification) in our words; a kind that is new is a fee. */
export const chargeTypeOfBreakdown: Readonly<Record<string, ChargeType>> = {
  price_without_insurance: 'shipping',
  insurance_price: 'insurance',
  volume: 'oversize',
  weight: 'shipping',
  weight_volume: 'oversize',
  internal_correction: 'adjustment',
  seasonal: 'additional-fees',
  fuel: 'fuel-charge',
  remote: 'location-fee',
  toll: 'additional-fees',
  dimensional: 'oversize',
  customs: 'duties-and-taxes',
  returns: 'returns',
  label_quality: 'handling',
  packaging: 'handling',
  pickup: 'pickup',
  residential: 'delivery',
  address_corrections: 'adjustment',
  overcharge: 'adjustment',
  forbidden_item: 'special-goods',
  other: 'additional-fees',
};

function chargeTypeOf(type: string): ChargeType {
  return (Object.hasOwn(chargeTypeOfBreakdown, type) ? chargeTypeOfBreakdown[type] : undefined) ?? 'additional-fees';
}

function rateOf({ option, quote, price }: Offer, names: ServiceNames): Rate {
  const [billed] = option.parcel_billed_weights;
  const grams = billed === undefined ? null : gramsOf(billed);
  return {
    service: names.toOurs(option.code),
    total: price.total,
    charges: price.charges,
    billable:
      billed === undefined || grams === null || grams === 0
        ? null
        : { grams, because: billed.volumetric === true ? 'dimensional' : 'actual' },
    zone: null,
    arrival: {
      day: null,
      transitDays: typeof quote.lead_time === 'number' && quote.lead_time > 0 ? Math.ceil(quote.lead_time / 24) : null,
      percentiles: null,
      isGuaranteed: false,
    },
    expiresAt: null,
    isNegotiated: null,
  };
}
