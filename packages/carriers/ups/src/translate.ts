import { fingerprint, type ServiceNames } from '@quartermaster/connector-kit';
import {
  currencyExponent,
  localDate,
  type Address,
  type Customs,
  type Instant,
  type Parcel,
  type Rate,
  type RateRequest,
} from '@quartermaster/domain';
import { priceOf } from './charges.ts';
import { addressLines, referenceLength } from './limits.ts';
import type { WireRated, WireWeight } from './wire.ts';

/** The reference that a purchase is found again by: short enough for a label, of capitals and digits alone, and its key's own. */
export function referenceOf(key: string): string {
  return `QM${fingerprint(key).slice(0, 26).toUpperCase()}`;
}

/** A reference for people as UPS takes it: letters, digits and spaces. Null where nothing is left. */
export function spokenReferenceOf(text: string): string | null {
  const plain = text
    .normalize('NFKD')
    .replaceAll(/[^A-Za-z0-9]+/g, ' ')
    .trim()
    .slice(0, referenceLength)
    .trim();
  return plain === '' ? null : plain;
}

/** Pounds and inches are what UPS wants of parcels that start in the United States, kilograms and centimetres elsewhere. */
export function measuresOf(country: string): { readonly weight: 'LBS' | 'KGS'; readonly length: 'IN' | 'CM' } {
  return ['US', 'PR', 'VI'].includes(country) ? { weight: 'LBS', length: 'IN' } : { weight: 'KGS', length: 'CM' };
}

/** With one decimal, rounded up: a label is never for less than the parcel weighs. A pound is 453.59237 grams. */
export function weightText(grams: number, unit: 'LBS' | 'KGS'): string {
  return unit === 'LBS' ? tenthsUp(BigInt(grams) * 100_000n, 45_359_237n) : tenthsUp(BigInt(grams), 1_000n);
}

/** Whole inches or centimetres, rounded up, as UPS itself does (since 2025-08-18): a parcel is never declared smaller than it is. Shipping has room for three digits. */
export function lengthText(millimetres: number, unit: 'IN' | 'CM'): string {
  return String(Math.ceil(unit === 'IN' ? (millimetres * 10) / 254 : millimetres / 10));
}

export function gramsOf({ UnitOfMeasurement, Weight }: WireWeight): number {
  const gramsPer: Readonly<Record<string, number>> = { LBS: 453.59237, KGS: 1_000, OZS: 28.349523125 };
  return Math.round(Number(Weight) * (gramsPer[UnitOfMeasurement.Code] ?? 453.59237));
}

/** `20261123`, as UPS writes the day that an instant falls on in a zone. */
export function upsDate(instant: Instant, zone: string): string {
  return localDate(instant, zone).replaceAll('-', '');
}

/** ISO day of UPS's `20261123`; null for anything else. */
export function isoDay(text: string | null | undefined): string | null {
  const parts = /^(\d{4})-?(\d\d)-?(\d\d)$/.exec(text ?? '');
  return parts === null ? null : `${parts[1]}-${parts[2]}-${parts[3]}`;
}

/** Country and state as UPS has them: Puerto Rico is a country of its own. */
export function placeOf(address: Pick<Address, 'country' | 'region'>): { readonly country: string; readonly state: string | null } {
  const country = address.country.trim().toUpperCase();
  const state = address.region?.trim().toUpperCase() ?? null;
  if (country === 'US' && state === 'PR') return { country: 'PR', state: null };
  return { country, state: state === null || state === '' || state.length > 5 ? null : state };
}

/** Whether references stand at the parcel: between places of the United States, or of Puerto Rico; elsewhere they stand at the shipment. UPS refuses the other place. */
export function isDomesticPair(from: Address, to: Address): boolean {
  const [start, end] = [placeOf(from).country, placeOf(to).country];
  return start === end && (start === 'US' || start === 'PR');
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

export function addressOf(address: Address, given: { readonly residential: boolean } = { residential: false }): Record<string, unknown> {
  const { country, state } = placeOf(address);
  const postalCode = address.postalCode.replaceAll(/[\s-]/g, '').slice(0, 9);
  return {
    AddressLine: linesOf(address.lines) ?? address.lines.slice(0, addressLines.lines).map((line) => line.slice(0, addressLines.length)),
    City: address.city.slice(0, 30),
    ...(state === null ? {} : { StateProvinceCode: state }),
    ...(postalCode === '' ? {} : { PostalCode: postalCode }),
    CountryCode: country,
    ...(given.residential && isPrivate(address) ? { ResidentialAddressIndicator: '' } : {}),
  };
}

/** An address without a company is a private one: UPS asks more for those, and finds out. */
export function isPrivate({ company }: Pick<Address, 'company'>): boolean {
  return company === null || company.trim() === '';
}

export function partyOf(address: Address): { readonly Name: string; readonly AttentionName: string } {
  return {
    Name: (isPrivate(address) ? address.name : (address.company ?? address.name)).slice(0, 35),
    AttentionName: address.name.slice(0, 35),
  };
}

/** The parcel in the words that rating and shipping share. `PackagingType` in rating is `Packaging` in shipping. */
export function packageOf(parcel: Parcel, country: string, packaging: 'PackagingType' | 'Packaging'): Record<string, unknown> {
  const units = measuresOf(country);
  return {
    [packaging]: { Code: '02', Description: 'Package' },
    ...(parcel.millimetres === null
      ? {}
      : {
          Dimensions: {
            UnitOfMeasurement: { Code: units.length, Description: units.length === 'IN' ? 'Inches' : 'Centimeters' },
            Length: lengthText(parcel.millimetres[0], units.length),
            Width: lengthText(parcel.millimetres[1], units.length),
            Height: lengthText(parcel.millimetres[2], units.length),
          },
        }),
    PackageWeight: weightOf(parcel.grams, country),
  };
}

export function weightOf(grams: number, country: string): Record<string, unknown> {
  const { weight } = measuresOf(country);
  return { UnitOfMeasurement: { Code: weight, Description: weight === 'LBS' ? 'Pounds' : 'Kilograms' }, Weight: weightText(grams, weight) };
}

/** What the invoice comes to, in whole units of the currency, at least 1, rounded up. Null without customs. */
export function invoiceTotalOf(customs: Customs | null): { readonly CurrencyCode: string; readonly MonetaryValue: string } | null {
  const currency = customs?.items[0]?.unitValue.currency;
  if (customs === null || currency === undefined) return null;
  const minor = customs.items.reduce((sum, { units, unitValue }) => sum + units * unitValue.minor, 0);
  return { CurrencyCode: currency, MonetaryValue: String(Math.max(1, Math.ceil(minor / 10 ** currencyExponent(currency)))) };
}

/** A rate by rising price, one per service; prices in another currency are problems in words. */
export function ratesOf(
  rated: readonly WireRated[],
  request: Pick<RateRequest, 'parcel' | 'currency'>,
  names: ServiceNames,
): { readonly rates: Rate[]; readonly problems: string[] } {
  const answers = rated.map((each): { readonly rate: Rate } | { readonly problem: string } => {
    const service = names.toOurs(each.Service.Code);
    const price = priceOf({ listed: each, negotiated: each.NegotiatedRateCharges, packages: each.RatedPackage ?? [] });
    if (price === null) return { problem: `UPS names no price of ${service}.` };
    if (price.total.currency !== request.currency)
      return { problem: `UPS ${service} is priced in ${price.total.currency}, not in ${request.currency}.` };
    const grams = each.BillingWeight ? gramsOf(each.BillingWeight) : null;
    const summary = each.TimeInTransit?.ServiceSummary;
    const days = Number(summary?.EstimatedArrival?.BusinessDaysInTransit ?? Number.NaN);
    const rate: Rate = {
      service,
      total: price.total,
      charges: price.charges,
      billable: grams === null || grams <= 0 ? null : { grams, because: becauseOf(grams, request.parcel) },
      zone: each.Zone ?? null,
      arrival: {
        day: isoDay(summary?.EstimatedArrival?.Arrival?.Date),
        transitDays: Number.isFinite(days) ? days : null,
        percentiles: null,
        isGuaranteed: !['0', null, undefined].includes(summary?.GuaranteedIndicator),
      },
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

/** UPS does not say why it bills a weight: up to a pound (or half a kilogram) above the parcel's own is rounding, more may be its size or a minimum. */
function becauseOf(grams: number, parcel: Parcel): 'actual' | 'unknown' {
  return grams <= parcel.grams + 500 ? 'actual' : 'unknown';
}

function tenthsUp(amount: bigint, unit: bigint): string {
  const tenths = (amount * 10n + unit - 1n) / unit;
  return `${tenths / 10n}.${tenths % 10n}`;
}
