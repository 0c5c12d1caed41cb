import type { Address, Customs } from '@quartermaster/domain';
import { notDone } from './faults.ts';
import { lengths } from './limits.ts';

/** Where a parcel goes from or to, as rating wants it: no street and no name, which it does not need. */
export function placeOf(address: Address): Record<string, unknown> {
  const province = address.region?.trim() ?? '';
  return {
    postalCode: address.postalCode.trim().slice(0, lengths.postalCode),
    cityName: address.city.trim().slice(0, lengths.city),
    countryCode: address.country.trim().toUpperCase(),
    // A province is a code of two characters at least; elsewhere than in a few countries DHL does not look at it.
    ...(province.length < 2 ? {} : { provinceCode: province.slice(0, lengths.province) }),
  };
}

/** A party of a shipment or a pickup. Throws `invalid-request` for an address that does not fit, and where there is no telephone number, without which DHL takes nothing. */
export function partyOf(address: Address, operation: string, whose: string): Record<string, unknown> {
  const lines = linesOf(address.lines);
  if (lines === null)
    throw notDone(
      'invalid-request',
      operation,
      `the address of the ${whose} does not fit into ${lengths.addressLines} lines of ${lengths.addressLine} characters`,
      'Shorten its lines, or give it one.',
    );
  const phone = address.phone?.trim() ?? '';
  if (phone === '')
    throw notDone('invalid-request', operation, `DHL Express wants a telephone number of the ${whose}`, 'Add one to the address.');
  const email = address.email?.trim() ?? '';
  return {
    postalAddress: { ...placeOf(address), ...Object.fromEntries(lines.map((line, index) => [`addressLine${index + 1}`, line])) },
    contactInformation: {
      phone: phone.slice(0, lengths.phone),
      companyName: (isPrivate(address) ? address.name : (address.company ?? address.name)).trim().slice(0, lengths.company),
      fullName: address.name.trim().slice(0, lengths.name),
      // One that is cut off would be somebody else's.
      ...(email === '' || email.length > lengths.email ? {} : { email }),
    },
  };
}

/** A party with what it is to the customs. */
export function customsPartyOf(
  address: Address,
  given: { readonly operation: string; readonly whose: string; readonly customs: Customs | null; readonly of: 'sender' | 'recipient' },
): Record<string, unknown> {
  const numbers = (given.customs?.taxIds ?? [])
    .filter(({ of }) => of === given.of)
    .map(({ type, value, country }) => ({
      typeCode: registrations[type],
      number: value.slice(0, lengths.registration),
      issuerCountryCode: country.trim().toUpperCase(),
    }));
  return {
    ...partyOf(address, given.operation, given.whose),
    ...(numbers.length === 0 ? {} : { registrationNumbers: numbers }),
    typeCode: isPrivate(address) ? 'private' : 'business',
  };
}

/** DHL's codes of registration numbers; an IOSS number is one of the overseas suppliers' (`SDT`). */
const registrations = { EORI: 'EOR', VAT: 'VAT', IOSS: 'SDT', EIN: 'EIN' } as const;

/** At most three lines of at most 45 characters, broken between words; null where they do not hold the street, which is never cut off, and where there is none. */
export function linesOf(lines: readonly string[]): readonly string[] | null {
  const whole = lines.map((line) => line.trim()).filter((line) => line !== '');
  if (whole.length === 0) return null;
  const fit = (some: readonly string[]) => some.length <= lengths.addressLines && some.every((line) => line.length <= lengths.addressLine);
  if (fit(whole)) return whole;
  const filled = whole
    .flatMap((line) => line.split(/\s+/))
    .reduce<string[]>((done, word) => {
      const last = done.at(-1);
      if (last === undefined || last.length + 1 + word.length > lengths.addressLine) return [...done, word];
      return [...done.slice(0, -1), `${last} ${word}`];
    }, []);
  return fit(filled) ? filled : null;
}

function isPrivate({ company }: Pick<Address, 'company'>): boolean {
  return company === null || company.trim() === '';
}
