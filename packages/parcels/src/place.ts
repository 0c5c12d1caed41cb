import type { Destination } from '@quartermaster/domain';
import { z } from 'zod';

/** As much of a postal code as a domain `Destination` keeps. */
export const mostPostalCharacters = 3;

const postalSchema = z.string().regex(/^[0-9A-Z]{1,3}$/, 'one to three digits or capital letters');

const narrowedSchema = z
  .strictObject({
    country: z.string().regex(/^[A-Z]{2}$/, 'an ISO 3166 code of two capital letters'),
    region: z.string().min(1).optional(),
    postalPrefix: postalSchema.optional(),
    /** First and last prefix of a range, both in it and equally long: `010` to `089`. */
    postalFrom: postalSchema.optional(),
    postalTo: postalSchema.optional(),
  })
  .superRefine(({ postalPrefix, postalFrom, postalTo }, context) => {
    const refuse = (field: string, message: string) => context.addIssue({ code: 'custom', path: [field], message });
    if ((postalFrom === undefined) !== (postalTo === undefined)) refuse('postalFrom', 'a range has a beginning and an end');
    if (postalFrom === undefined || postalTo === undefined) return;
    if (postalPrefix !== undefined) refuse('postalPrefix', 'either a prefix or a range, and not both');
    if (postalFrom.length !== postalTo.length) refuse('postalTo', 'both ends of a range are equally long');
    else if (postalFrom > postalTo) refuse('postalTo', 'a range does not end before it begins');
  });

/**
 * A place that a parcel leaves or reaches: `'*'` is everywhere; else a country, narrowed by a region, by the first one to three characters of the postal code, or by a range of these (a domain
 * `Destination` keeps no more of it). Region, prefix and range need their country: `10` is a part of Berlin and a part of Vienna.
 */
export const placeSchema = z.union([z.literal('*'), narrowedSchema]);
export type Place = z.infer<typeof placeSchema>;

/** Whether a place holds a destination. Country, region and postal area are compared without regard to case. */
export function placeHolds(place: Place, destination: Destination): boolean {
  if (place === '*') return true;
  if (place.country !== destination.country.toUpperCase()) return false;
  if (place.region !== undefined && place.region.toUpperCase() !== destination.region?.toUpperCase()) return false;
  const area = destination.postalArea.toUpperCase();
  const range = rangeOf(place);
  if (range !== null) {
    const prefix = area.slice(0, range.from.length);
    return prefix.length === range.from.length && range.from <= prefix && prefix <= range.to;
  }
  return place.postalPrefix === undefined || area.startsWith(place.postalPrefix);
}

/** The range of a place that has one. */
export function rangeOf(place: Place): { readonly from: string; readonly to: string } | null {
  if (place === '*' || place.postalFrom === undefined || place.postalTo === undefined) return null;
  return { from: place.postalFrom, to: place.postalTo };
}

/**
 * How closely a place is meant; the greater one wins. A longer postal prefix before a shorter one, a prefix before a range of equally long ones, a postal code before a region, a region before a country, a
 * country before `'*'`; of two that are equal in that the one with a region.
 */
export function specificity(place: Place): number {
  if (place === '*') return 0;
  const region = place.region === undefined ? 0 : 1;
  const range = rangeOf(place);
  return 1 + region + (range === null ? (place.postalPrefix?.length ?? 0) * 5 : range.from.length * 5 - 2);
}
