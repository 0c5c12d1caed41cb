import { epochMs, type Instant } from '@quartermaster/domain';

/**
 * Milliseconds that a `Retry-After` header asks for: a number of seconds or an HTTP date (RFC 9110, 10.2.3). Undefined when there is none or it is nonsense. At most a day: who
 * asks for more is asked again tomorrow.
 */
export function retryAfterMs(header: string | undefined, now: Instant): number | undefined {
  const text = header?.trim() ?? '';
  if (/^\d+(\.\d+)?$/.test(text)) return Math.min(dayMs, Math.ceil(Number(text) * 1_000));
  const date = httpDateMs(text);
  return date === undefined ? undefined : Math.min(dayMs, Math.max(0, date - epochMs(now)));
}

const dayMs = 86_400_000;

/** The three forms of RFC 9110, 5.6.7, all of them in GMT, which the third does not say; and ISO 8601 with an offset, which some send instead. */
function httpDateMs(text: string): number | undefined {
  const named = /^[A-Z][a-z]+, \d\d[ -][A-Z][a-z]{2}[ -]\d{2,4} \d\d:\d\d:\d\d GMT$/;
  const asctime = /^[A-Z][a-z]{2} [A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d \d{4}$/;
  const iso = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)$/;
  if (!named.test(text) && !asctime.test(text) && !iso.test(text)) return undefined;
  const ms = Date.parse(asctime.test(text) ? `${text} GMT` : text);
  return Number.isNaN(ms) ? undefined : ms;
}
