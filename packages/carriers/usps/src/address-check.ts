import { isFault, type Address, type AddressVerdict } from '@quartermaster/domain';
import { isDomestic, linesOf, placeOf } from './address.ts';
import { readReply, type UspsClient } from './client.ts';
import { isRefusal, type Redact } from './faults.ts';
import { wireAddressSchema, type WireAddress } from './wire.ts';

/** Checks an address of the United States and its territories against USPS's own book of delivery points. */
export async function checkAddress(client: UspsClient, address: Address, redact: Redact): Promise<AddressVerdict> {
  if (!isDomestic(address))
    return { kind: 'unsupported', suggested: null, isResidential: null, messages: [`USPS checks no addresses of ${address.country}.`] };
  const place = placeOf(address);
  const [street = '', ...more] = linesOf(address);
  if (place === null || street === '')
    return {
      kind: 'invalid',
      suggested: null,
      isResidential: null,
      messages: ['USPS wants a street, a state of two letters and a ZIP Code.'],
    };
  const operation = 'address.check';
  const query = new URLSearchParams({
    streetAddress: street,
    ...(more.length === 0 ? {} : { secondaryAddress: more.join(' ') }),
    city: address.city,
    state: place.state,
    ZIPCode: place.zip,
  });
  try {
    const reply = await client.call({
      operation,
      method: 'GET',
      path: `/addresses/v3/address?${query.toString()}`,
      kind: 'read',
      redact,
    });
    return verdictOf(address, readReply(wireAddressSchema, reply, operation));
  } catch (error) {
    if (!isFault(error) || !isRefusal(error)) throw error;
    return refusalVerdict(error.facts.vendorCode ?? '', error.facts.message);
  }
}

/** "Multiple addresses were found", of the error inventory; the specification's own examples have words and no such code. */
const several = '010006';

function refusalVerdict(vendorCode: string, message: string): AddressVerdict {
  const isAmbiguous = vendorCode === several || /more than one address|multiple addresses/i.test(message);
  return { kind: isAmbiguous ? 'ambiguous' : 'invalid', suggested: null, isResidential: null, messages: [message] };
}

/** Delivery point validation: whether the number of the house is confirmed, and that of the flat where there is one. */
const confirmations: Readonly<Record<string, readonly [AddressVerdict['kind'] | null, string?]>> = {
  Y: [null],
  D: ['ambiguous', 'USPS knows the house and misses the number of the flat or suite.'],
  S: ['ambiguous', 'USPS knows the house and not the number of the flat or suite.'],
  N: ['invalid', 'USPS does not deliver to such an address.'],
};

/** Of `corrections`: several addresses, and a house whose flat is missing (Addresses 3). */
const correctionKinds: Readonly<Record<string, AddressVerdict['kind']>> = { 22: 'ambiguous', 32: 'ambiguous' };

export function verdictOf(asked: Address, checked: WireAddress): AddressVerdict {
  const { additionalInfo, address } = checked;
  const isResidential = additionalInfo?.business === 'N' ? true : additionalInfo?.business === 'Y' ? false : null;
  const [confirmed = null, message] = confirmations[additionalInfo?.DPVConfirmation ?? ''] ?? [];
  const corrections = (checked.corrections ?? []).filter(({ code }) => code);
  const corrected = corrections.map(({ code }) => correctionKinds[code ?? '']).find((kind) => kind !== undefined);
  const kind = confirmed ?? corrected;
  const messages = [message, ...corrections.map(({ text }) => text)].filter((text): text is string => Boolean(text));
  if (kind === 'invalid') return { kind, suggested: null, isResidential: null, messages };
  const suggested = suggestionOf(asked, address);
  const isSame = plain(asked) === plain(suggested);
  return { kind: kind ?? (isSame ? 'valid' : 'corrected'), suggested: isSame ? null : suggested, isResidential, messages };
}

function suggestionOf(asked: Address, known: WireAddress['address']): Address {
  const zip = known.ZIPCode || placeOf(asked)?.zip || asked.postalCode;
  const lines = [known.streetAddress, known.secondaryAddress].filter((line): line is string => Boolean(line));
  return {
    ...asked,
    lines: lines.length === 0 ? asked.lines : lines,
    city: known.city || asked.city,
    region: asked.country.trim().toUpperCase() === 'US' ? known.state || asked.region : asked.region,
    postalCode: known.ZIPPlus4 ? `${zip}-${known.ZIPPlus4}` : zip,
  };
}

/** For comparing: capitals, without punctuation, and the first five digits of the ZIP Code. */
function plain({ lines, city, postalCode }: Address): string {
  return [...lines, city, postalCode.slice(0, 5)]
    .join(' ')
    .toUpperCase()
    .replaceAll(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
}
