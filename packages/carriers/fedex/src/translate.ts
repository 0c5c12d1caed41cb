import { fingerprint, type ServiceNames } from '@quartermaster/connector-kit';
import {
  decimalOf,
  type Address,
  type LabelDocument,
  type LabelFormat,
  type LabelRef,
  type Money,
  type Parcel,
  type Rate,
  type RateRequest,
} from '@quartermaster/domain';
import { fedexCurrencyOf, quotedPrice } from './charges.ts';
import { addressLines, referenceLength } from './limits.ts';
import type { WireRateReply, WireShipped, WireWeight } from './wire.ts';

/** The reference that a purchase is found again by: short enough for a Ground label, of capitals and digits alone, and its key's own. */
export function referenceOf(key: string): string {
  return `QM${fingerprint(key).slice(0, 26).toUpperCase()}`;
}

/** A reference for people, in letters, digits and the signs that FedEx prints. Null where nothing is left. */
export function spokenReferenceOf(text: string): string | null {
  const plain = text
    .normalize('NFKD')
    .replaceAll(/\p{M}/gu, '')
    .replaceAll(/[^A-Za-z0-9/#._-]+/g, ' ')
    .trim()
    .slice(0, referenceLength)
    .trim();
  return /[A-Za-z0-9]/.test(plain) ? plain : null;
}

/** Pounds and inches are what FedEx wants of parcels that start in the United States, kilograms and centimetres elsewhere. */
export function measuresOf(country: string): { readonly weight: 'LB' | 'KG'; readonly length: 'IN' | 'CM' } {
  return ['US', 'PR', 'VI'].includes(country) ? { weight: 'LB', length: 'IN' } : { weight: 'KG', length: 'CM' };
}

/** With so many decimals, rounded up: a label is never for less than the parcel weighs. A pound is 453.59237 grams. */
export function weightOf(grams: number, unit: 'LB' | 'KG', decimals: 1 | 2 = 1): { readonly units: string; readonly value: number } {
  const parts = 10n ** BigInt(decimals);
  const [amount, per] = unit === 'LB' ? [BigInt(grams) * 100_000n, 45_359_237n] : [BigInt(grams), 1_000n];
  const up = (amount * parts + per - 1n) / per;
  return { units: unit, value: Number(`${up / parts}.${String(up % parts).padStart(decimals, '0')}`) };
}

/** Whole inches or centimetres, rounded up, as FedEx itself does (since 2025-08-18): a parcel is never declared smaller than it is. */
export function lengthOf(millimetres: number, unit: 'IN' | 'CM'): number {
  return Math.ceil(unit === 'IN' ? (millimetres * 10) / 254 : millimetres / 10);
}

export function gramsOf({ units, value }: WireWeight): number {
  return Math.round(value * (units.startsWith('KG') ? 1_000 : 453.59237));
}

/** Money as FedEx takes it: a number, and FedEx's code of the currency. */
export function amountOf(amount: Money): { readonly amount: number; readonly currency: string } {
  return { amount: Number(decimalOf(amount)), currency: fedexCurrencyOf(amount.currency) };
}

/** ISO day of FedEx's `2026-11-25T17:00:00`; null for anything else. */
export function isoDay(text: string | null | undefined): string | null {
  return /^\d{4}-\d\d-\d\d/.exec(text ?? '')?.[0] ?? null;
}

/** Country and state as FedEx has them: Puerto Rico is a country of its own. */
export function placeOf(address: Pick<Address, 'country' | 'region'>): { readonly country: string; readonly state: string | null } {
  const country = address.country.trim().toUpperCase();
  const state = address.region?.trim().toUpperCase() ?? '';
  if (country === 'US' && state === 'PR') return { country: 'PR', state: 'PR' };
  return { country, state: state === '' || state.length > 2 ? null : state };
}

/** Lines of at most 35 characters, broken between words; null where three do not hold them. A street is never cut off. */
export function linesOf(lines: readonly string[]): readonly string[] | null {
  const whole = lines.map((line) => line.trim()).filter((line) => line !== '');
  if (whole.every((line) => line.length <= addressLines.length) && whole.length <= addressLines.lines) return whole;
  const filled = whole
    .flatMap((line) => line.split(/\s+/))
    .reduce<string[]>((done, word) => {
      const last = done.at(-1);
      if (last === undefined || last.length + 1 + word.length > addressLines.length) return [...done, word];
      return [...done.slice(0, -1), `${last} ${word}`];
    }, []);
  return filled.length <= addressLines.lines && filled.every((line) => line.length <= addressLines.length) ? filled : null;
}

export function addressOf(address: Address): Record<string, unknown> {
  return { streetLines: linesOf(address.lines) ?? address.lines.slice(0, addressLines.lines), ...placeDraftOf(address) };
}

/** An address without its streets: enough for a price. `residential` is an address without a company. */
export function placeDraftOf(address: Address): Record<string, unknown> {
  const { country, state } = placeOf(address);
  const postalCode = address.postalCode.trim().slice(0, 10);
  return {
    city: address.city.slice(0, 35),
    ...(state === null ? {} : { stateOrProvinceCode: state }),
    ...(postalCode === '' ? {} : { postalCode }),
    countryCode: country,
    residential: isPrivate(address),
  };
}

/** An address without a company is a private one: FedEx asks more for those, and finds out. */
export function isPrivate({ company }: Pick<Address, 'company'>): boolean {
  return company === null || company.trim() === '';
}

/** Digits of a telephone number; null where there are none. */
export function phoneOf({ phone }: Pick<Address, 'phone'>): string | null {
  const digits = phone?.replaceAll(/[^0-9]/g, '').slice(0, 15) ?? '';
  return digits === '' ? null : digits;
}

/** The parcel in the words that rating and shipping share. */
export function packageOf(parcel: Parcel, country: string): Record<string, unknown> {
  const units = measuresOf(country);
  return {
    groupPackageCount: 1,
    weight: weightOf(parcel.grams, units.weight),
    ...(parcel.millimetres === null
      ? {}
      : {
          dimensions: {
            length: lengthOf(parcel.millimetres[0], units.length),
            width: lengthOf(parcel.millimetres[1], units.length),
            height: lengthOf(parcel.millimetres[2], units.length),
            units: units.length,
          },
        }),
  };
}

/** Rates by rising price; services without a price and prices in another currency are problems in words. */
export function ratesOf(
  replies: readonly WireRateReply[],
  request: Pick<RateRequest, 'currency'>,
  names: ServiceNames,
): { readonly rates: Rate[]; readonly problems: string[] } {
  const answers = replies.map((each): { readonly rate: Rate } | { readonly problem: string } => {
    const service = names.toOurs(each.serviceType);
    const price = quotedPrice(each.ratedShipmentDetails ?? []);
    if (price === null) return { problem: `FedEx names no price of ${service}.` };
    if (price.total.currency !== request.currency)
      return { problem: `FedEx ${service} is priced in ${price.total.currency}, not in ${request.currency}.` };
    const { detail } = price;
    const weight = detail.shipmentRateDetail?.totalBillingWeight ?? detail.ratedPackages?.[0]?.packageRateDetail?.billingWeight;
    const grams = weight ? gramsOf(weight) : 0;
    const rate: Rate = {
      service,
      total: price.total,
      charges: price.charges,
      billable: grams > 0 ? { grams, because: becauseOf(detail.ratedWeightMethod) } : null,
      zone: detail.shipmentRateDetail?.rateZone ?? null,
      arrival: arrivalOf(each),
      expiresAt: null,
      isNegotiated: price.isNegotiated,
    };
    return { rate };
  });
  return {
    rates: answers
      .flatMap((answer) => ('rate' in answer ? [answer.rate] : []))
      .sort((a, b) => a.total.minor - b.total.minor || (a.service < b.service ? -1 : 1)),
    problems: answers.flatMap((answer) => ('problem' in answer ? [answer.problem] : [])),
  };
}

function arrivalOf({ commit, operationalDetail }: WireRateReply): Rate['arrival'] {
  const transit = commit?.transitDays;
  const word =
    commit?.daysInTransit ?? operationalDetail?.transitTime ?? (typeof transit === 'object' ? transit?.minimumTransitTime : null);
  const days = dayWords.indexOf(word ?? '');
  return {
    day: isoDay(commit?.dateDetail?.dayFormat ?? operationalDetail?.deliveryDate ?? operationalDetail?.commitDate),
    transitDays: days <= 0 ? null : days,
    percentiles: null,
    isGuaranteed: operationalDetail?.ineligibleForMoneyBackGuarantee === false,
  };
}

/** FedEx's words for numbers of days; a word's place is its number. */
const dayWords = [
  'NO_DAYS',
  'ONE_DAY',
  'TWO_DAYS',
  'THREE_DAYS',
  'FOUR_DAYS',
  'FIVE_DAYS',
  'SIX_DAYS',
  'SEVEN_DAYS',
  'EIGHT_DAYS',
  'NINE_DAYS',
  'TEN_DAYS',
  'ELEVEN_DAYS',
  'TWELVE_DAYS',
  'THIRTEEN_DAYS',
  'FOURTEEN_DAYS',
  'FIFTEEN_DAYS',
  'SIXTEEN_DAYS',
  'SEVENTEEN_DAYS',
  'EIGHTEEN_DAYS',
  'NINETEEN_DAYS',
  'TWENTY_DAYS',
];

/** FedEx's word for so many days in transit. */
export function dayWordOf(days: number): string {
  return dayWords[days] ?? 'UNKNOWN';
}

function becauseOf(method: string | null | undefined): 'actual' | 'dimensional' | 'minimum' | 'unknown' {
  if (method === 'ACTUAL') return 'actual';
  if (method === 'DIM') return 'dimensional';
  return method?.endsWith('_MINIMUM') ? 'minimum' : 'unknown';
}

/** The label of a purchase's answer; null where there is none in it. */
export function documentOf({ pieceResponses, shipmentDocuments }: WireShipped, format: LabelFormat): LabelDocument | null {
  const documents = [...(pieceResponses ?? []).flatMap((piece) => piece.packageDocuments ?? []), ...(shipmentDocuments ?? [])];
  const label = documents.find(({ contentType }) => contentType === 'LABEL') ?? documents.find(({ contentType }) => !contentType);
  if (!label?.encodedLabel && !label?.url) return null;
  return { format, base64: label.encodedLabel || null, url: label.url || null };
}

/** FedEx's own companies, whose parcels are fetched and closed apart. */
export type OperatingCompany = 'FDXE' | 'FDXG';

/** Ref of a label: FedEx's code of the company that carries it, and its number, such as `FDXG/794698765432`. */
export function labelRefOf({ completedShipmentDetail, serviceCategory }: WireShipped, service: string, trackingNumber: string): string {
  const company =
    completedShipmentDetail?.carrierCode || (serviceCategory?.includes('GROUND') || service.includes('GROUND') ? 'FDXG' : 'FDXE');
  return `${company}/${trackingNumber}`;
}

/** The company of a label by its ref. */
export function companyOf({ ref }: Pick<LabelRef, 'ref'>): OperatingCompany {
  return ref.startsWith('FDXG/') ? 'FDXG' : 'FDXE';
}
