import type { Address } from '@quartermaster/domain';
import { createHash } from 'node:crypto';

/** SHA-256 of parts in hexadecimal; parts are kept apart, so that `a`, `bc` and `ab`, `c` differ. */
export function fingerprint(...parts: readonly string[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
}

/** Fingerprint of where a parcel goes: case and spacing do not matter, phone and e-mail address are left out. */
export function addressHash(address: Address): string {
  const parts = [
    address.name,
    address.company ?? '',
    ...address.lines,
    address.postalCode,
    address.city,
    address.region ?? '',
    address.country,
  ];
  return fingerprint(...parts.map((part) => part.normalize('NFKC').trim().replaceAll(/\s+/g, ' ').toLowerCase()));
}
