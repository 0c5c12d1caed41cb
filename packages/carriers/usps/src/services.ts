/**
 * What USPS sells, as one word: a mail class for a parcel in a box of ours (`USPS_GROUND_ADVANTAGE`), or a mail class with the rate indicator of one of USPS's own packagings (`PRIORITY_MAIL/FB`, the
 * medium flat-rate box). The way back has the same words; USPS's mail classes of returns are found by them.
 */
export type Service = {
  readonly mailClass: string;
  /** Null is a box of ours, whatever it is rated by. */ readonly packaging: string | null;
};

/** Null where it is no word of USPS's. */
export function serviceOf(word: string): Service | null {
  const [, mailClass, packaging] = /^([A-Z][A-Z_-]+)(?:\/([A-Z0-9]{2}))?$/.exec(word) ?? [];
  return mailClass === undefined ? null : { mailClass, packaging: packaging ?? null };
}

export function wordOf({ mailClass, packaging }: Service): string {
  return packaging === null ? mailClass : `${mailClass}/${packaging}`;
}

/** USPS's mail class for the way out or the way back. */
export function mailClassFor(mailClass: string, isReturn: boolean): string {
  return isReturn && !mailClass.endsWith(returning) ? `${mailClass}${returning}` : mailClass;
}

/** The mail class of the same service on its way out. */
export function outwardClass(mailClass: string): string {
  return mailClass.endsWith(returning) ? mailClass.slice(0, -returning.length) : mailClass;
}

const returning = '_RETURN_SERVICE';

/** Rate indicators of a box of ours: single piece, dimensional, oversized, cubic, Priority Mail Express single piece, Connect Local single piece and oversized. Others are packagings of USPS's, or presorted mail. */
export const ownBox: ReadonlySet<string> = new Set(['SP', 'DR', 'DN', 'OS', 'CP', 'PA', 'LC', 'LO']);

/** Rate indicators of USPS's own packagings, which cost the same whatever is in them. */
export const flatRates: ReadonlySet<string> = new Set(['E4', 'E6', 'FA', 'FB', 'FE', 'FP', 'FS', 'PL', 'PM']);

/** Mail classes for contents of a certain kind (books, films) only: priced when they are asked for by name, and not offered beside the others. */
export const boundToContents: ReadonlySet<string> = new Set(['MEDIA_MAIL', 'LIBRARY_MAIL', 'BOUND_PRINTED_MATTER']);
