import { isFault, type Address, type AddressVerdict } from '@quartermaster/domain';
import { readReply, type DhlClient } from './client.ts';
import { isRefusal, type Redact } from './faults.ts';
import { lengths } from './limits.ts';
import { wirePlacesSchema, type WirePlace } from './wire.ts';

/** Asks whether DHL Express delivers at a postal code and town. It looks at no street, and tells nothing of who lives there. */
export async function checkAddress(client: DhlClient, address: Address, redact: Redact): Promise<AddressVerdict> {
  const operation = 'address.check';
  const postalCode = address.postalCode.trim().slice(0, lengths.postalCode);
  try {
    const reply = await client({
      operation,
      method: 'GET',
      path: '/address-validate',
      query: {
        type: 'delivery',
        countryCode: address.country.trim().toUpperCase(),
        ...(postalCode === '' ? {} : { postalCode }),
        cityName: address.city.trim().slice(0, lengths.city),
        strictValidation: 'false',
      },
      kind: 'read',
      redact,
    });
    const { address: places, warnings } = readReply(wirePlacesSchema, reply, operation);
    return verdictOf(address, places ?? [], (warnings ?? []).map(redact));
  } catch (error) {
    if (!isFault(error) || !isRefusal(error)) throw error;
    return { kind: 'invalid', suggested: null, isResidential: null, messages: [error.facts.message] };
  }
}

/** `suggested` is DHL's place where it is the only one and is written otherwise than what was asked. */
export function verdictOf(address: Address, places: readonly WirePlace[], warnings: readonly string[]): AddressVerdict {
  const [first] = places;
  const said = (kind: AddressVerdict['kind'], suggested: Address | null, message: string): AddressVerdict => ({
    kind,
    suggested,
    isResidential: null,
    messages: [message, ...warnings],
  });
  if (first === undefined) return said('invalid', null, 'DHL Express knows no such place.');
  if (places.some((place) => plain(place.postalCode) === plain(address.postalCode) && plain(place.cityName) === plain(address.city)))
    return said('valid', null, 'Postal code and town are known; DHL Express looks at no street.');
  if (places.length > 1) return said('ambiguous', null, `DHL Express knows ${places.length} places that it could be.`);
  const suggested = { ...address, postalCode: first.postalCode || address.postalCode, city: first.cityName || address.city };
  return said('corrected', suggested, 'DHL Express writes postal code or town otherwise; it looks at no street.');
}

function plain(text: string | null | undefined): string {
  return (text ?? '')
    .normalize('NFKD')
    .toUpperCase()
    .replaceAll(/[^\p{L}\p{N}]+/gu, '');
}
