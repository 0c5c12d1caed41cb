import type { Address, AddressVerdict } from '@quartermaster/domain';
import { readReply, type UpsClient } from './client.ts';
import type { Redact } from './faults.ts';
import { versions } from './limits.ts';
import { placeOf } from './translate.ts';
import { wireCheckedSchema, type WireAddressKey, type WireChecked } from './wire.ts';

/** Checks a street address of the United States or Puerto Rico and whether somebody lives there; UPS checks no others. */
export async function checkAddress(client: UpsClient, address: Address, redact: Redact): Promise<AddressVerdict> {
  const { country } = placeOf(address);
  if (country !== 'US' && country !== 'PR')
    return { kind: 'unsupported', suggested: null, isResidential: null, messages: [`UPS checks no addresses of ${country}.`] };
  const operation = 'address.check';
  const reply = await client.call({
    operation,
    method: 'POST',
    path: `/addressvalidation/${versions.address}/3?maximumcandidatelistsize=5`,
    body: addressDraftOf(address),
    kind: 'read',
    redact,
  });
  return verdictOf(address, readReply(wireCheckedSchema, reply, operation).XAVResponse);
}

export function addressDraftOf(address: Address): Record<string, unknown> {
  const { country, state } = placeOf(address);
  const [low = '', extended] = address.postalCode.trim().split('-');
  return {
    XAVRequest: {
      AddressKeyFormat: {
        ConsigneeName: (address.company ?? address.name).slice(0, 40),
        AddressLine: address.lines.slice(0, 3).map((line) => line.slice(0, 100)),
        PoliticalDivision2: address.city.slice(0, 30),
        ...(state === null ? {} : { PoliticalDivision1: state }),
        PostcodePrimaryLow: low,
        ...(extended === undefined ? {} : { PostcodeExtendedLow: extended.slice(0, 4) }),
        CountryCode: country,
      },
    },
  };
}

/** `suggested` is UPS's first candidate where it differs from what was asked. */
export function verdictOf(address: Address, checked: WireChecked): AddressVerdict {
  const candidates = checked.Candidate ?? [];
  const [first] = candidates;
  const isResidential = residentialOf((first?.AddressClassification ?? checked.AddressClassification)?.Code);
  if (isThere(checked.AmbiguousAddressIndicator))
    return { kind: 'ambiguous', suggested: null, isResidential, messages: [`UPS knows ${candidates.length} places that it could be.`] };
  if (!isThere(checked.ValidAddressIndicator) || first === undefined)
    return { kind: 'invalid', suggested: null, isResidential: null, messages: ['UPS knows no such place.'] };
  const suggested = suggestionOf(address, first.AddressKeyFormat);
  const same =
    plain([...address.lines, address.city, address.postalCode.slice(0, 5)]) ===
    plain([...suggested.lines, suggested.city, suggested.postalCode.slice(0, 5)]);
  return { kind: same ? 'valid' : 'corrected', suggested: same ? null : suggested, isResidential, messages: [] };
}

function suggestionOf(address: Address, key: WireAddressKey): Address {
  const low = key.PostcodePrimaryLow ?? address.postalCode;
  return {
    ...address,
    lines: key.AddressLine ?? address.lines,
    city: key.PoliticalDivision2 ?? address.city,
    region: key.PoliticalDivision1 ?? address.region,
    postalCode: key.PostcodeExtendedLow ? `${low}-${key.PostcodeExtendedLow}` : low,
  };
}

/** UPS says yes by an empty tag. */
function isThere(tag: unknown): boolean {
  return tag !== undefined && tag !== null;
}

/** 1 is commercial and 2 residential; 0 is not classified. */
function residentialOf(code: string | undefined): boolean | null {
  return code === '2' ? true : code === '1' ? false : null;
}

function plain(texts: readonly string[]): string {
  return texts
    .join(' ')
    .toUpperCase()
    .replaceAll(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
}
