import { epochMs, type Instant } from '@quartermaster/domain';

/** Milliseconds that a `Retry-After` header asks for: a number of seconds or an HTTP date (RFC 9110, 10.2.3). Undefined when there is none or it is nonsense. */
export function retryAfterMs(header: string | undefined, now: Instant): number | undefined {
  if (header === undefined) return undefined;
  if (/^\d+(\.\d+)?$/.test(header.trim())) return Math.ceil(Number(header) * 1_000);
  const date = Date.parse(header);
  return Number.isNaN(date) ? undefined : Math.max(0, date - epochMs(now));
}
