import { createHash } from 'node:crypto';

const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ';
/** Without I, L, O and U, which people mistake for others (Crockford's base 32). */
const bodyAlphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const bodyLength = 16;

/**
 * The tracking number of an intent: prefix, 16 characters of the SHA-256 of its key (80 bits), and a check character. The same key always gives the same number. The prefix is
 * capital letters and digits.
 */
export function trackingNumberOf(prefix: string, key: string): string {
  const digest = createHash('sha256').update(key).digest();
  const body = Array.from({ length: bodyLength }, (_, index) => bodyAlphabet.charAt((digest[index] ?? 0) % bodyAlphabet.length)).join('');
  return `${prefix}${body}${checkCharacter(prefix + body)}`;
}

/** Whether a scanned or typed number ends in its own check character: false for one mistyped character or two neighbours swapped. */
export function isTrackingNumber(text: string): boolean {
  return /^[0-9A-Z]{2,}$/.test(text) && checkCharacter(text.slice(0, -1)) === text.slice(-1);
}

/** The check character of ISO/IEC 7064, MOD 37,36, for capital letters and digits: as on the labels of several European parcel carriers. */
export function checkCharacter(text: string): string {
  const product = Array.from(text).reduce((before, character) => {
    const sum = (before + alphabet.indexOf(character)) % 36;
    return ((sum === 0 ? 36 : sum) * 2) % 37;
  }, 36);
  return alphabet.charAt((37 - product) % 36);
}
