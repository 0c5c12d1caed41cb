import { type ServiceNames } from '@quartermaster/connector-kit';
import {
  multiplyPrice,
  sumMoney,
  chargeTypes,
  type Address,
  type AddressVerdict,
  type Charge,
  type ChargeType,
  type Instant,
  type Label,
  type LabelDocument,
  type LabelFormat,
  type Money,
  type Rate,
  type VoidOutcome,
} from '@quartermaster/domain';
import { wordsOf } from './faults.ts';
import type { WireAddressVerdict, WireDetail, WireLabel, WireMatchedAddress, WireMoney, WireRate, WireRates, WireVoid } from './wire.ts';

/** An amount in minor units; what is finer than the currency is rounded half up, because a bought label must not be lost for it. */
export function moneyOf({ amount, currency }: WireMoney): Money {
  return multiplyPrice(amount, 1, currency);
}

/** What a rate comes to: ShipEngine names shipping, insurance, confirmation, the rest and taxes apart. */
export function priceOf(rate: WireRate): Money {
  return sumMoney(
    partsOf(rate).map(({ amount }) => amount),
    rate.shipping_amount.currency,
  );
}

/** The cheapest rate of a service in a currency for a package of our own: two accounts of one carrier may offer the same service. Of equal ones the lower id. */
export function chooseRate(rates: readonly WireRate[], service: string, currency: string, names: ServiceNames): WireRate | null {
  const wanted = names.toTheirs(service);
  return rates
    .filter((rate) => `${rate.carrier_code}/${rate.service_code}` === wanted && isOffered(rate) && isAllIn(rate, currency))
    .reduce<WireRate | null>((best, rate) => (best === null || cheaper(rate, best) ? rate : best), null);
}

/** One rate per service, the cheapest, by rising price. */
export function ratesOf(answer: WireRates, currency: string, names: ServiceNames): Rate[] {
  const services = [...new Set(answer.rates.map((rate) => names.toOurs(`${rate.carrier_code}/${rate.service_code}`)))];
  return services
    .flatMap((service): Rate[] => {
      const rate = chooseRate(answer.rates, service, currency, names);
      return rate === null ? [] : [rateOf(rate, service)];
    })
    .sort((a, b) => a.total.minor - b.total.minor || (a.service < b.service ? -1 : 1));
}

/** What carriers said instead of a price, services that do not take the parcel, and those priced in another currency. */
export function problemsOf(answer: WireRates, currency: string): string[] {
  const failed = answer.errors.map((error) => wordsOf([error]));
  const untaken = [...answer.invalid_rates, ...answer.rates.filter((rate) => !isValid(rate))].map((rate) =>
    [`${rate.carrier_code ?? 'a carrier'}/${rate.service_code ?? 'a service'} does not take it`, ...(rate.error_messages ?? [])].join(': '),
  );
  const foreign = answer.rates
    .filter((rate) => isOffered(rate) && !isAllIn(rate, currency))
    .map((rate) => `${rate.carrier_code}/${rate.service_code} is priced in ${rate.shipping_amount.currency}, not in ${currency}.`);
  const late = answer.status === 'working' ? ['ShipEngine is still asking carriers.'] : [];
  const said = [...failed, ...untaken, ...foreign, ...late];
  if (said.length > 0) return [...new Set(said)];
  return answer.rates.length === 0 ? ['No carrier offers a service for this parcel.'] : [];
}

/** The label of a completed one, or null when something that a label must have is missing. */
export function labelOf(
  wire: WireLabel,
  given: { readonly format: LabelFormat; readonly now: Instant; readonly names: ServiceNames },
): Label | null {
  const { tracking_number: trackingNumber, shipment_cost: cost, carrier_code: carrier, service_code: service } = wire;
  if (!trackingNumber || !cost || !carrier || !service) return null;
  const parts: Charge[] = [
    { type: 'shipping', amount: moneyOf(cost), vendorCode: null },
    ...(wire.insurance_cost ? [{ type: 'insurance' as const, amount: moneyOf(wire.insurance_cost), vendorCode: null }] : []),
  ];
  const price = sumMoney(
    parts.filter(({ amount }) => amount.currency === cost.currency).map(({ amount }) => amount),
    cost.currency,
  );
  return {
    ref: wire.label_id,
    carrier,
    service: given.names.toOurs(`${carrier}/${service.trim()}`),
    trackingNumber,
    trackingUrl: wire.tracking_url ?? null,
    price,
    charges: chargesOf(wire.rate_details, parts, price),
    boughtAt: wire.created_at ?? given.now,
    document: documentOf(wire, given.format) ?? { format: given.format, base64: null, url: null },
  };
}

/** The document in that format, or null where there is none: inline as bytes in the format that the label was made in, else by an address that is good for 90 days. */
export function documentOf(wire: WireLabel, format: LabelFormat): LabelDocument | null {
  const { href, ...byFormat } = wire.label_download ?? {};
  const inline = /^data:[^,]*;base64,(.+)$/s.exec(href ?? '')?.[1];
  if (inline !== undefined) return wire.label_format === format ? { format, base64: inline, url: null } : null;
  const url = byFormat[format] ?? (wire.label_format === format ? href : null);
  return url ? { format, base64: null, url } : null;
}

/** What became of giving a label back. HTTP 200 with `approved: false` is a refusal, except where it had been given back before. */
export function voidOutcomeOf(answer: WireVoid): VoidOutcome {
  if (answer.approved || answer.reason_code === 'label_already_voided') return { kind: 'voided' };
  const reason = [answer.message, answer.reason_code].filter((text) => text !== null && text !== undefined && text !== '').join(' ');
  return { kind: 'refused', reason: reason === '' ? 'ShipEngine did not approve it and gave no reason.' : reason };
}

/** `matched_address` is there unless the address could not be found. Messages never show the address itself: codes stand for them where there are such. */
export function addressVerdictOf(asked: Address, answer: WireAddressVerdict): AddressVerdict {
  const details = answer.messages.map(({ detail_code: detail }) => detail ?? '');
  const messages = [
    ...new Set(
      answer.messages.map(({ detail_code: detail, code }) => (detail ?? code ?? '').replaceAll('_', ' ')).filter((text) => text !== ''),
    ),
  ];
  const matched = answer.matched_address ?? null;
  const suggested = matched === null ? null : suggestionOf(asked, matched);
  const residential = matched?.address_residential_indicator;
  const isResidential = residential === 'yes' ? true : residential === 'no' ? false : null;
  const kind = (): AddressVerdict['kind'] => {
    if (details.some((detail) => detail === 'unsupported_country' || detail === 'non_supported_country')) return 'unsupported';
    if (details.includes('multiple_matches')) return 'ambiguous';
    if (answer.status === 'error' || suggested === null) return 'invalid';
    if (answer.status === 'unverified') return 'ambiguous';
    return isSamePlace(asked, suggested) ? 'valid' : 'corrected';
  };
  const verdict = kind();
  return { kind: verdict, suggested: verdict === 'corrected' || verdict === 'ambiguous' ? suggested : null, isResidential, messages };
}

function suggestionOf(asked: Address, matched: WireMatchedAddress): Address | null {
  const { address_line1: line1, city_locality: city, country_code: country, postal_code: postalCode } = matched;
  if (!line1 || !city || !country) return null;
  return {
    ...asked,
    lines: [line1, matched.address_line2 ?? '', matched.address_line3 ?? ''].filter((line) => line !== ''),
    postalCode: postalCode ?? asked.postalCode,
    city,
    region: matched.state_province ?? asked.region,
    country,
  };
}

/** Whether two addresses differ in writing only: letters' case, dots, and the four digits that ShipEngine puts behind an American postal code. */
function isSamePlace(asked: Address, found: Address): boolean {
  const plain = ({ lines, city, region, country, postalCode }: Address) =>
    [lines.join(' '), city, region ?? '', country, country.toUpperCase() === 'US' ? postalCode.slice(0, 5) : postalCode]
      .map((text) => text.toUpperCase().replaceAll(/[^\p{L}\p{N}]+/gu, ''))
      .join('|');
  return plain(asked) === plain(found);
}

function rateOf(rate: WireRate, service: string): Rate {
  const total = priceOf(rate);
  return {
    service,
    total,
    charges: chargesOf(rate.rate_details, partsOf(rate), total),
    billable: null,
    zone: rate.zone === null || rate.zone === undefined ? null : String(rate.zone),
    arrival: {
      day: dayOf(rate.estimated_delivery_date),
      transitDays: rate.delivery_days ?? null,
      percentiles: null,
      isGuaranteed: rate.guaranteed_service ?? false,
    },
    expiresAt: null,
    isNegotiated: rate.negotiated_rate ?? null,
  };
}

/** The day that an ISO time begins with: at the destination, whatever its zone says. */
export function dayOf(time: string | null | undefined): string | null {
  return /^\d{4}-\d{2}-\d{2}/.exec(time ?? '')?.[0] ?? null;
}

function partsOf(rate: WireRate): Charge[] {
  const parts: readonly (readonly [ChargeType, WireMoney | null | undefined])[] = [
    ['shipping', rate.shipping_amount],
    ['insurance', rate.insurance_amount],
    ['confirmation', rate.confirmation_amount],
    ['additional-fees', rate.other_amount],
    ['tax', rate.tax_amount],
  ];
  const { currency } = rate.shipping_amount;
  return parts.flatMap(([type, wire], index) => {
    if (wire === null || wire === undefined || wire.currency !== currency) return [];
    const amount = moneyOf(wire);
    return index > 0 && amount.minor === 0 ? [] : [{ type, amount, vendorCode: null }];
  });
}

/** The carrier's own details where they sum to the price, else those and the insurance beside them, else the parts that ShipEngine names apart. */
function chargesOf(details: readonly WireDetail[], parts: readonly Charge[], total: Money): Charge[] {
  const fine = details.map((detail): Charge => ({
    type: chargeTypeOf(detail.rate_detail_type),
    amount: moneyOf(detail.amount),
    vendorCode: detail.carrier_billing_code ?? null,
  }));
  const beside = parts.filter(({ type, amount }) => type !== 'shipping' && amount.minor !== 0 && !fine.some((one) => one.type === type));
  const candidates = fine.length === 0 ? [] : [fine, [...fine, ...beside]];
  return candidates.find((some) => sumsTo(some, total)) ?? parts.filter(({ amount, type }) => type === 'shipping' || amount.minor !== 0);
}

function sumsTo(charges: readonly Charge[], total: Money): boolean {
  if (charges.some(({ amount }) => amount.currency !== total.currency)) return false;
  return charges.reduce((sum, { amount }) => sum + amount.minor, 0) === total.minor;
}

/** ShipEngine's list is ours, with another dash; what it does not sort is a fee. */
function chargeTypeOf(type: string): ChargeType {
  const ours = type.replaceAll('_', '-');
  return chargeTypes.find((known) => known === ours) ?? 'additional-fees';
}

function isValid(rate: WireRate): boolean {
  return rate.validation_status !== 'invalid';
}

/** Flat-rate boxes and envelopes of the carrier are priced beside our own package: we have none of them. */
function isOffered(rate: WireRate): boolean {
  return isValid(rate) && (rate.package_type === null || rate.package_type === undefined || rate.package_type === 'package');
}

/** Whether every part of the price is in the currency: no total can be told of a mixture. */
function isAllIn(rate: WireRate, currency: string): boolean {
  const { shipping_amount, insurance_amount, confirmation_amount, other_amount, tax_amount } = rate;
  return [shipping_amount, insurance_amount, confirmation_amount, other_amount, tax_amount].every(
    (part) => part === null || part === undefined || part.currency === currency || Number(part.amount) === 0,
  );
}

function cheaper(rate: WireRate, best: WireRate): boolean {
  const difference = priceOf(rate).minor - priceOf(best).minor;
  return difference < 0 || (difference === 0 && rate.rate_id < best.rate_id);
}
