import type { Address } from '@quartermaster/domain';
import { addressLineLength, cityLength } from './limits.ts';

/** States, territories and military addresses as USPS abbreviates them (Publication 28, appendix B). */
const states = new Set(
  (
    'AA AE AL AK AP AS AZ AR CA CO CT DE DC FM FL GA GU HI ID IL IN IA KS KY LA ME MH MD MA MI MN MS MO MP MT NE NV NH NJ NM NY NC ND ' +
    'OH OK OR PW PA PR RI SC SD TN TX UT VT VI VA WA WV WI WY'
  ).split(' '),
);

/** Places that ISO has as countries and USPS as states: their mail is domestic. */
const statesOfTheirOwn = new Set(['PR', 'VI', 'GU', 'AS', 'MP', 'FM', 'MH', 'PW']);

/** Where an address is, as USPS has it: the five digits of its ZIP Code. */
export type Place = { readonly state: string; readonly zip: string };

/** Null where it is no address that domestic mail goes to, or has no state or ZIP Code. */
export function placeOf({ country, region, postalCode }: Pick<Address, 'country' | 'region' | 'postalCode'>): Place | null {
  const code = country.trim().toUpperCase();
  if (code !== 'US' && !statesOfTheirOwn.has(code)) return null;
  const state = code === 'US' ? (region ?? '').trim().toUpperCase() : code;
  const [, zip] = /^(\d{5})(?:[-\s]?\d{4})?$/.exec(postalCode.trim()) ?? [];
  return zip === undefined || !states.has(state) ? null : { state, zip };
}

/** Whether mail of the United States goes there at all. */
export function isDomestic({ country }: Pick<Address, 'country'>): boolean {
  const code = country.trim().toUpperCase();
  return code === 'US' || statesOfTheirOwn.has(code);
}

/** Why USPS would not take the address as it is, in words without it; null where nothing is in the way. */
export function addressObstacle(address: Address): string | null {
  if (!isDomestic(address)) return `mail to and from ${address.country} is not domestic mail of USPS`;
  if (placeOf(address) === null) return 'an address has no state of two letters, or no ZIP Code';
  const [street = '', ...more] = linesOf(address);
  if (street === '') return 'an address has no street';
  if (street.length > addressLineLength || more.join(' ').length > addressLineLength)
    return `an address has a line of more than ${addressLineLength} characters`;
  return address.name.trim() === '' && firmOf(address) === null ? 'an address has no name' : null;
}

/**
 * The address as labels have it. To be asked of one without an obstacle: nothing of it is cut off but a long city. The last four digits of a ZIP Code are left to USPS, which looks them up and refuses
 * wrong ones (160188).
 */
export function labelAddressOf(address: Address): Record<string, unknown> {
  const place = placeOf(address);
  const [street = '', ...more] = linesOf(address);
  return {
    ...addresseeOf(address),
    streetAddress: street,
    ...(more.length === 0 ? {} : { secondaryAddress: more.join(' ') }),
    city: address.city.trim().slice(0, cityLength),
    ...(place === null ? {} : { state: place.state, ZIPCode: place.zip }),
  };
}

/** First and last name, or a firm, or both: one of the two USPS wants. The last word is the last name; a name of one word stands with the firm. */
export function addresseeOf(address: Pick<Address, 'name' | 'company'>): Record<string, string> {
  const words = address.name
    .trim()
    .split(/\s+/)
    .filter((word) => word !== '');
  const last = words.at(-1);
  const firm = firmOf(address);
  if (last === undefined || words.length === 1) return { firm: [last, firm].filter(Boolean).join(', ').slice(0, 50) };
  return {
    firstName: words.slice(0, -1).join(' ').slice(0, 50),
    lastName: last.slice(0, 50),
    ...(firm === null ? {} : { firm: firm.slice(0, 50) }),
  };
}

export function linesOf({ lines }: Pick<Address, 'lines'>): readonly string[] {
  return lines.map((line) => line.trim()).filter((line) => line !== '');
}

function firmOf({ company }: Pick<Address, 'company'>): string | null {
  return company === null || company.trim() === '' ? null : company.trim();
}
