import type { Address } from '@quartermaster/domain';
import { threeLetterCountry } from './countries.ts';
import { notDone } from './faults.ts';
import { lengths } from './limits.ts';

/** A part of a request as JSON has it. */
export type Draft = Readonly<Record<string, unknown>>;

/** DHL's code of a country. Throws `invalid-request` for one that DHL's list does not have. */
export function countryOf(address: Pick<Address, 'country'>, operation: string): string {
  const code = threeLetterCountry(address.country);
  if (code === null) throw notDone('invalid-request', operation, `DHL Parcel DE has no country ${address.country}`);
  return code;
}

export function isGerman({ country }: Pick<Address, 'country'>): boolean {
  return country.trim().toUpperCase() === 'DE';
}

/** Who sends it. Without phone and e-mail: neither is printed, and the first is not in the list. */
export function shipperOf(address: Address, operation: string): Draft {
  const { first, others } = namesOf(address);
  const [street = '', ...moreLines] = linesOf(address);
  return {
    ...named([first, ...others, ...moreLines]),
    addressStreet: fitting(street, lengths.street, 'street of the sender', operation),
    ...postalCodeOf(address),
    city: fitting(address.city.trim(), lengths.city, 'city of the sender', operation),
    country: countryOf(address, operation),
  };
}

/**
 * Who gets it: a door, a Packstation, or a post office that is addressed by its number. Phone and e-mail stay with us unless the recipient agreed (`tellsRecipient`): DHL asks for his consent
 * (`ContactAddress.email`), and within Germany takes no phone number.
 */
export function consigneeOf(address: Address, given: { readonly tellsRecipient: boolean; readonly operation: string }): Draft {
  const { operation } = given;
  if (isGerman(address)) {
    const counter = counterOf(address, given);
    if (counter !== null) return counter;
  }
  const { first, others } = namesOf(address);
  const [street = '', ...moreLines] = linesOf(address);
  const country = countryOf(address, operation);
  return {
    ...(isGerman(address)
      ? named([first, ...others, ...moreLines], 'recipient', operation)
      : { ...named([first, ...others]), ...additional(moreLines, operation) }),
    addressStreet: fitting(street, lengths.street, 'street of the recipient', operation),
    ...postalCodeOf(address),
    city: fitting(address.city.trim(), lengths.city, 'city of the recipient', operation),
    ...stateOf(address),
    country,
    ...(given.tellsRecipient && address.email !== null ? { email: address.email.slice(0, lengths.email) } : {}),
    ...(given.tellsRecipient && address.phone !== null && !isGerman(address) ? { phone: address.phone.slice(0, 20) } : {}),
  };
}

const packstation = /^(?:dhl[\s-]*)?pack\s*station\s*(?:nr\.?\s*)?(\d{3})$/i;
const postOffice = /^(?:(?:dhl[\s-]*)?(?:post)?filiale|(?:dhl[\s-]*)?paketshop)\s*(?:nr\.?\s*)?(\d{3})$/i;
const postNumber = /^(?:(?:dhl[\s-]*)?post(?:nummer|nr\.?)\s*:?\s*)?(\d{6,10})$/i;

/** A Packstation has to have the recipient's post number; a post office that or his e-mail address. */
function counterOf(address: Address, { operation }: { readonly operation: string }): Draft | null {
  const texts = [...address.lines, address.company ?? ''].map((text) => text.trim());
  const locker = numberIn(texts, packstation);
  const office = numberIn(texts, postOffice);
  if (locker === null && office === null) return null;
  const owner = numberIn(texts, postNumber);
  const place = {
    name: address.name.trim().slice(0, lengths.name),
    city: fitting(address.city.trim(), lengths.city, 'city of the recipient', operation),
    ...postalCodeOf(address),
    country: 'DEU',
  };
  if (locker !== null) {
    if (owner !== null) return { ...place, lockerID: Number(locker), postNumber: owner };
    throw notDone(
      'invalid-request',
      operation,
      'a Packstation needs the post number of the recipient',
      'Ask the customer for it (6 to 10 digits).',
    );
  }
  if (owner !== null) return { ...place, retailID: Number(office), postNumber: owner };
  if (address.email !== null) return { ...place, retailID: Number(office), email: address.email.slice(0, lengths.email) };
  throw notDone('invalid-request', operation, 'a post office needs the post number or the e-mail address of the recipient');
}

function numberIn(texts: readonly string[], pattern: RegExp): string | null {
  return texts.map((text) => pattern.exec(text)?.[1] ?? null).find((number) => number !== null) ?? null;
}

/** The company first where there is one, with the person below it. */
export function namesOf({ name, company }: Pick<Address, 'name' | 'company'>): {
  readonly first: string;
  readonly others: readonly string[];
} {
  const [first = '', ...others] = [company ?? '', name].map((text) => text.trim()).filter((text) => text !== '');
  return { first, others };
}

export function linesOf({ lines }: Pick<Address, 'lines'>): string[] {
  return lines.map((line) => line.trim()).filter((line) => line !== '');
}

/** DHL has three lines above the street, cut to their length: what does not fit there says who, and not where. Of the recipient a fourth line is refused, as it may be the floor. */
export function named(texts: readonly string[], whose?: 'recipient', operation = ''): Draft {
  if (whose !== undefined && texts.length > 3)
    throw notDone(
      'invalid-request',
      operation,
      `the address of the ${whose} has more lines than a label`,
      'Put it into a street and two more lines.',
    );
  return Object.fromEntries(texts.slice(0, 3).map((text, index) => [`name${index + 1}`, text.slice(0, lengths.name)]));
}

function additional(texts: readonly string[], operation: string): Draft {
  if (texts.length > 2) throw notDone('invalid-request', operation, 'the address of the recipient has more lines than a label');
  return Object.fromEntries(
    texts.map((text, index) => [
      `additionalAddressInformation${index + 1}`,
      fitting(text, lengths.additional, 'second line of the recipient', operation),
    ]),
  );
}

/** A place that is cut is another place. */
export function fitting(text: string, most: number, what: string, operation: string): string {
  if (text === '') throw notDone('invalid-request', operation, `the ${what} is missing`);
  if (text.length > most) throw notDone('invalid-request', operation, `the ${what} is longer than ${most} characters`, 'Shorten it.');
  return text;
}

/** Mandatory where a country has them; DHL knows which do. */
export function postalCodeOf({ postalCode }: Pick<Address, 'postalCode'>): Draft {
  const code = postalCode.trim().replaceAll(/\s+/g, ' ');
  return code === '' ? {} : { postalCode: code };
}

/** For the United States DHL wants the ISO code of the state, `US-AL`. */
function stateOf({ country, region }: Pick<Address, 'country' | 'region'>): Draft {
  const state = region?.trim() ?? '';
  if (state === '') return {};
  return { state: (country.trim().toUpperCase() === 'US' && /^[A-Z]{2}$/.test(state) ? `US-${state}` : state).slice(0, lengths.state) };
}

/** Street and house number, which the Returns API wants apart. Null where no number can be told. */
export function houseOf(street: string): { readonly street: string; readonly house: string } | null {
  const behind = /^(.*\S)[\s,]+(\d+\s?[a-z]?(?:\s?[-/+]\s?\d+\s?[a-z]?)*)$/i.exec(street);
  const before = /^(\d+[a-z]?)[\s,]+(.*\S)$/i.exec(street);
  const [name, house] = behind !== null ? [behind[1], behind[2]] : [before?.[2], before?.[1]];
  return name === undefined || house === undefined || house.length > lengths.house ? null : { street: name, house };
}
