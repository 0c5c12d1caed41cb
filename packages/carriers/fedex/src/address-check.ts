import type { Address, AddressVerdict } from '@quartermaster/domain';
import { readReply, type FedexClient } from './client.ts';
import type { Redact } from './faults.ts';
import { placeOf } from './translate.ts';
import { wireResolvedSchema, type WireResolved } from './wire.ts';

/** Checks whether FedEx can resolve an address and whether somebody lives there. */
export async function checkAddress(client: FedexClient, address: Address, redact: Redact): Promise<AddressVerdict> {
  const operation = 'address.check';
  const reply = await client.call({
    operation,
    method: 'POST',
    path: '/address/v1/addresses/resolve',
    body: addressCheckDraftOf(address),
    kind: 'read',
    redact,
  });
  const [resolved] = readReply(wireResolvedSchema, reply, operation).output.resolvedAddresses ?? [];
  return verdictOf(address, resolved);
}

export function addressCheckDraftOf(address: Address): Record<string, unknown> {
  const { country, state } = placeOf(address);
  return {
    addressesToValidate: [
      {
        address: {
          streetLines: address.lines.slice(0, 3),
          city: address.city,
          stateOrProvinceCode: state ?? '',
          postalCode: address.postalCode.trim(),
          countryCode: country,
        },
      },
    ],
  };
}

/**
 * An address is good where FedEx resolved it and, in the United States, the postal service delivers there (`DPV`). `suggested` is FedEx's form of it where it differs. FedEx itself calls its verdict
 * a suggestion: it does not know every new house.
 */
export function verdictOf(address: Address, resolved: WireResolved | undefined): AddressVerdict {
  const { country } = placeOf(address);
  const attributes = resolved?.attributes;
  const messages = (resolved?.customerMessage ?? []).map((each) => (typeof each === 'string' ? each : (each.message ?? each.code ?? '')));
  if (attributes?.CountrySupported === false)
    return { kind: 'unsupported', suggested: null, isResidential: null, messages: [`FedEx checks no addresses of ${country}.`] };
  const isResidential = resolved?.classification === 'RESIDENTIAL' ? true : resolved?.classification === 'BUSINESS' ? false : null;
  if (attributes?.MultipleMatches === true)
    return { kind: 'ambiguous', suggested: null, isResidential, messages: ['FedEx knows several places that it could be.'] };
  const isDelivered = country !== 'US' || attributes?.DPV === true;
  if (resolved === undefined || attributes?.Resolved !== true || !isDelivered)
    return { kind: 'invalid', suggested: null, isResidential: null, messages: ['FedEx cannot resolve it.', ...codesOf(messages)] };
  const suggested = suggestionOf(address, resolved);
  const same = plain(address) === plain(suggested);
  return { kind: same ? 'valid' : 'corrected', suggested: same ? null : suggested, isResidential, messages: codesOf(messages) };
}

/** FedEx's codes alone, such as `SUITE.NUMBER.REQUIRED`: words around them may quote the address. */
function codesOf(messages: readonly string[]): string[] {
  return messages.filter((message) => /^[A-Z]+(\.[A-Z]+)+$/.test(message));
}

function suggestionOf(address: Address, { streetLinesToken, city, stateOrProvinceCode, parsedPostalCode }: WireResolved): Address {
  const base = parsedPostalCode?.base;
  return {
    ...address,
    lines: streetLinesToken && streetLinesToken.length > 0 ? streetLinesToken : address.lines,
    city: city || address.city,
    region: stateOrProvinceCode || address.region,
    postalCode: base ? (parsedPostalCode.addOn ? `${base}-${parsedPostalCode.addOn}` : base) : address.postalCode,
  };
}

/** What is compared: without case, signs, and what the postal service adds to a code. */
function plain({ lines, city, postalCode }: Address): string {
  return [...lines, city, postalCode.slice(0, 5)]
    .join(' ')
    .toUpperCase()
    .replaceAll(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
}
