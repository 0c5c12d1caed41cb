import { createHash } from 'node:crypto';
import { externalIdLength } from './limits.ts';

/**
 * The `external_shipment_id` of a purchase: the intent's key where it fits as it is, else a name made of it. ShipEngine takes each id once, so no second label can be bought under it. `nth`
 * counts from 1; a later one is taken where an earlier id is used up without a label.
 */
export function externalIdOf(key: string, nth = 1): string {
  const first = isPlain.test(key) ? key : `qm-${createHash('sha256').update(key).digest('base64url').slice(0, 40)}`;
  return nth === 1 ? first : `${first}.${nth}`;
}

/** Which one of a key's ids this is, counted from 1; null when it is none of them. */
export function nthOf(externalId: string, key: string): number | null {
  const nth = Number(/\.(\d{1,3})$/.exec(externalId)?.[1] ?? 1);
  return externalIdOf(key, nth) === externalId ? nth : null;
}

/** Room for `.999`. */
const suffixLength = 4;

/** Stands in an address without being escaped, and is not cut off. What looks like a name of ours, or like a later id of another key, is no plain key. */
const isPlain = new RegExp(String.raw`^(?!qm-)(?!.*\.\d+$)[\w-][\w.-]{0,${externalIdLength - suffixLength - 1}}$`);
