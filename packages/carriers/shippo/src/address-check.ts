import { isFault, type Address, type AddressVerdict } from '@quartermaster/domain';
import type { ShippoClient } from './client.ts';
import type { Redact } from './faults.ts';
import type { WireCheckedAddress } from './wire.ts';

/** Asks Shippo about an address. One that says too little to be looked up is answered with a status of failure, and is `invalid`. */
export async function checkedAddress(client: ShippoClient, address: Address, redact: Redact): Promise<AddressVerdict> {
  try {
    return verdictOf(address, await client.checkAddress(addressQuery(address), redact), redact);
  } catch (error) {
    if (!isFault(error) || error.facts.status !== 400) throw error;
    return { kind: 'invalid', suggested: null, isResidential: null, messages: [error.facts.message] };
  }
}

/** The words of the second version of Shippo's addresses. Who lives there does not matter to the check and is not told. */
export function addressQuery({ lines, city, region, postalCode, country }: Address): Readonly<Record<string, string>> {
  const [first = '', ...others] = lines;
  const parts = {
    address_line_1: first,
    address_line_2: others.join(', '),
    city_locality: city,
    state_province: region ?? '',
    postal_code: postalCode,
    country_code: country,
  };
  return Object.fromEntries(Object.entries(parts).filter(([, value]) => value !== ''));
}

/**
 * What Shippo's check says. `partially_valid` with an address that it recommends is a place that it knows by other words; without one it could be several places. Capitals, punctuation and the four
 * digits behind an American postal code are no other words. A result that we do not know is taken for ambiguous.
 */
export function verdictOf(asked: Address, { analysis, recommended_address }: WireCheckedAddress, redact: Redact): AddressVerdict {
  const { value, reasons } = analysis.validation_result;
  const isResidential = analysis.address_type === 'residential' ? true : analysis.address_type === 'commercial' ? false : null;
  const messages = reasons.map(({ code, description }) => redact(description || code || 'no reason given'));
  const suggested = recommended_address ? suggestionOf(asked, recommended_address) : null;
  if (value === 'invalid') return { kind: 'invalid', suggested: null, isResidential, messages };
  if (value === 'valid' && (suggested === null || sameWords(asked, suggested)))
    return { kind: 'valid', suggested: null, isResidential, messages };
  if (suggested !== null && (value === 'valid' || value === 'partially_valid'))
    return { kind: 'corrected', suggested, isResidential, messages };
  return { kind: 'ambiguous', suggested, isResidential, messages };
}

function suggestionOf(asked: Address, found: NonNullable<WireCheckedAddress['recommended_address']>): Address {
  return {
    ...asked,
    lines: [found.address_line_1, found.address_line_2].flatMap((line) => (line ? [line] : [])),
    city: found.city_locality || asked.city,
    region: found.state_province || asked.region,
    postalCode: found.postal_code || asked.postalCode,
    country: found.country_code || asked.country,
  };
}

function sameWords(one: Address, other: Address): boolean {
  return wordsOf(one) === wordsOf(other);
}

function wordsOf({ lines, city, region, postalCode, country }: Address): string {
  const code = country === 'US' ? postalCode.slice(0, 5) : postalCode;
  return [...lines, city, region ?? '', code, country]
    .join(' ')
    .toUpperCase()
    .replaceAll(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
}
