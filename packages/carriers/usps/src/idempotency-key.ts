import { fingerprint } from '@quartermaster/connector-kit';

/**
 * The `X-Idempotency-Key` of a purchase: a UUID that follows from the intent's key, so that a process that lost everything but the intent sends the same. `nth` counts from 1; a later one is taken
 * where an earlier key was refused and what is asked for is not the same any more. It has the form of a random UUID (version 4), which is what USPS asks for.
 */
export function idempotencyKeyOf(key: string, nth: number): string {
  const digest = fingerprint('usps', key, String(nth));
  const variant = '89ab'[Number.parseInt(digest[16] ?? '0', 16) % 4] ?? '8';
  return [
    digest.slice(0, 8),
    digest.slice(8, 12),
    `4${digest.slice(13, 16)}`,
    `${variant}${digest.slice(17, 20)}`,
    digest.slice(20, 32),
  ].join('-');
}
