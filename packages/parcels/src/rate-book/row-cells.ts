import { moneyFromDecimal } from '@quartermaster/domain';
import { z } from 'zod';
import { mostPostalCharacters, type Place } from '../place.ts';
import type { BadRow, SheetRow } from './sheet.ts';

/** In which units a rate book is written: kilograms and centimetres, or pounds and inches. */
export type Units = 'metric' | 'us';

/**
 * Reads the cells of one row and writes down what is wrong with them. What cannot be read, or is empty, is null; `must...` tells an empty cell, too. So one row tells everything that is wrong with it.
 */
export type RowCells = {
  readonly row: number;
  tell(field: string, reason: string): void;
  text(field: string): string | null;
  mustText(field: string): string | null;
  day(field: string): string | null;
  mustDay(field: string): string | null;
  /** A whole number above 0, or, for transit days, from `least` on. */
  whole(field: string, least?: number): number | null;
  /** Minor units of an amount that is not negative. */
  minor(field: string): number | null;
  percent(field: string): string | null;
  /** Grams; of pounds the next whole gram, as which they are stored. `whole` refuses kilograms that are no whole grams, `over` is the first gram above. */
  grams(field: string, reading: 'whole' | 'over'): number | null;
  /** The first millimetre above a length in centimetres or inches. */
  millimetresOver(field: string): number | null;
  /** A step of the scales as it stands in a weight rule. */
  step(field: string): { roundingGrams: number } | { roundingOunces: number } | null;
  isYes(field: string): boolean | null;
  /** A place by the columns of a prefix, such as `origin_`; null when one of them is wrong. Without a country, or with `*`, everywhere. */
  place(prefix: 'origin_' | ''): Place | null;
};

export function rowCells(
  { row, cell }: SheetRow,
  given: {
    readonly file: string;
    readonly units: Units;
    readonly currency: string;
    readonly hasDecimalComma: boolean;
    readonly problems: BadRow[];
  },
): RowCells {
  const { file, units, currency, hasDecimalComma, problems } = given;
  const tell = (field: string, reason: string): null => {
    problems.push({ file, row, field, reason });
    return null;
  };
  const text = (field: string) => (cell(field) === '' ? null : cell(field));
  const mustText = (field: string) => text(field) ?? tell(field, 'is empty');
  const day = (field: string) => {
    const read = text(field);
    return read === null || z.iso.date().safeParse(read).success ? read : tell(field, `not a day such as 2026-11-21: ${shown(read)}`);
  };
  const decimal = (field: string): string | null => {
    const read = text(field);
    if (read === null) return null;
    const plain = hasDecimalComma ? read.replace(',', '.') : read;
    return /^\d+(\.\d+)?$/.test(plain) ? plain : tell(field, `not a number: ${shown(read)}`);
  };
  /** A decimal number times a factor, as a fraction. */
  const times = (field: string, factor: bigint): Fraction | null => {
    const read = decimal(field);
    if (read === null) return null;
    const [whole = '', fraction = ''] = read.split('.');
    return { dividend: BigInt(whole + fraction) * factor, divisor: 10n ** BigInt(fraction.length) };
  };
  const asNumber = (field: string, value: bigint) => {
    if (value > 0n && value < 1_000_000_000_000n) return Number(value);
    return tell(field, value > 0n ? 'too much' : 'must be above 0');
  };
  return {
    row,
    tell,
    text,
    mustText,
    day,
    mustDay: (field) => (text(field) === null ? tell(field, 'is empty') : day(field)),
    whole: (field, least = 1) => {
      const read = text(field);
      if (read === null) return null;
      if (!/^\d{1,12}$/.test(read)) return tell(field, `not a whole number: ${shown(read)}`);
      return Number(read) < least ? tell(field, `must be at least ${least}`) : Number(read);
    },
    minor: (field) => {
      const read = decimal(field);
      if (read === null) return null;
      try {
        return moneyFromDecimal(read, currency).minor;
      } catch {
        return tell(field, `finer than the smallest unit of ${currency}, or too much: ${read}`);
      }
    },
    percent: decimal,
    grams: (field, reading) => {
      const nanograms = times(field, units === 'us' ? 453_592_370_000n : 1_000_000_000_000n);
      if (nanograms === null) return null;
      const { dividend, divisor } = nanograms;
      const perGram = divisor * 1_000_000_000n;
      if (units === 'metric' && reading === 'whole' && dividend % perGram !== 0n)
        return tell(field, `no whole number of grams: ${cell(field)}`);
      // Pounds are stored as the next whole gram, so that one is not above them yet.
      const grams = units === 'us' ? (dividend + perGram - 1n) / perGram : dividend / perGram;
      return asNumber(field, reading === 'over' ? grams + 1n : grams);
    },
    millimetresOver: (field) => {
      const length = times(field, units === 'us' ? 254n : 100n);
      if (length === null) return null;
      const { dividend, divisor } = length;
      const perMillimetre = divisor * 10n;
      return asNumber(field, (units === 'us' ? (dividend + perMillimetre - 1n) / perMillimetre : dividend / perMillimetre) + 1n);
    },
    step: (field) => {
      const step = times(field, units === 'us' ? 16n : 1_000n);
      if (step === null) return null;
      if (step.dividend % step.divisor !== 0n)
        return tell(field, `no whole number of ${units === 'us' ? 'ounces' : 'grams'}: ${cell(field)}`);
      const whole = asNumber(field, step.dividend / step.divisor);
      return whole === null ? null : units === 'us' ? { roundingOunces: whole } : { roundingGrams: whole };
    },
    isYes: (field) => {
      const read = text(field)?.toLowerCase() ?? 'no';
      return read === 'yes' || read === 'no' ? read === 'yes' : tell(field, `yes or no, and not ${shown(read)}`);
    },
    place: (prefix) => placeOf(prefix, { text, tell }),
  };
}

type Fraction = { readonly dividend: bigint; readonly divisor: bigint };

function placeOf(prefix: string, { text, tell }: Pick<RowCells, 'text'> & { tell: (field: string, reason: string) => null }): Place | null {
  const fields = { country: `${prefix}country`, region: `${prefix}region`, postalPrefix: `${prefix}postal_prefix` };
  const ends = [`${prefix}postal_from`, `${prefix}postal_to`] as const;
  const country = text(fields.country)?.toUpperCase() ?? '*';
  const region = text(fields.region);
  const postalPrefix = text(fields.postalPrefix);
  const [from, to] = ends.map((field) => text(field));
  if (country === '*') {
    const narrowed = [fields.region, fields.postalPrefix, ...ends].find((field) => text(field) !== null);
    return narrowed === undefined ? '*' : tell(narrowed, `needs its ${fields.country}`);
  }
  if (!/^[A-Z]{2}$/.test(country)) return tell(fields.country, `not an ISO 3166 code of two letters: ${shown(country)}`);
  const place = { country, ...(region === null ? {} : { region }) };
  if (from === null && to === null) {
    if (postalPrefix === null) return place;
    const code = postalOf(postalPrefix);
    if (code !== null && code.length <= mostPostalCharacters) return { ...place, postalPrefix: code };
    return tell(fields.postalPrefix, `not one to three letters or digits (no more of a postal code is kept): ${shown(postalPrefix)}`);
  }
  if (postalPrefix !== null) return tell(fields.postalPrefix, 'either a prefix or a range, and not both');
  if (from === null || from === undefined) return tell(ends[0], 'is empty, and the range has an end');
  if (to === null || to === undefined) return tell(ends[1], 'is empty, and the range has a beginning');
  const range = rangeOfCodes(postalOf(from), postalOf(to));
  return typeof range === 'string' ? tell(ends[1], `${range}: ${shown(`${from} to ${to}`)}`) : { ...place, ...range };
}

/** A range of whole postal areas, of three characters at most; what is wrong otherwise. A longer one is understood when it begins with the first code of an area and ends with the last one of another. */
function rangeOfCodes(from: string | null, to: string | null): { postalFrom: string; postalTo: string } | string {
  if (from === null || to === null) return 'not letters and digits';
  if (from.length !== to.length) return 'both ends of a range are equally long (a program may have dropped zeros in front)';
  if (from > to) return 'a range does not end before it begins';
  const [restFrom, restTo] = [from.slice(mostPostalCharacters), to.slice(mostPostalCharacters)];
  if (/[^0]/.test(restFrom) || /[^9]/.test(restTo)) return 'not whole areas of three characters (no more of a postal code is kept)';
  return { postalFrom: from.slice(0, mostPostalCharacters), postalTo: to.slice(0, mostPostalCharacters) };
}

function postalOf(text: string): string | null {
  const code = text.toUpperCase().replaceAll(/[ -]/g, '');
  return /^[0-9A-Z]+$/.test(code) ? code : null;
}

/** A cell as a problem shows it: short, because it may be anything. */
function shown(text: string): string {
  return JSON.stringify(text.length > 40 ? `${text.slice(0, 40)}...` : text);
}
