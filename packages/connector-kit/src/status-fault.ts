import { ConnectorFault, type FaultCode, type FaultOutcome, type FaultRetry } from '@quartermaster/domain';
import type { HttpReply } from './http.ts';
import { retryAfterMs } from './retry-after.ts';

/**
 * The fault of an HTTP status that is not 2xx. 429 and 5xx with `Retry-After` say when to come back; a 5xx leaves open whether the work was done; a 4xx says that it was not. A
 * redirect is never followed: the configured address is wrong. One that answers a form (302, 303) may come after the work.
 */
export function statusFault(given: {
  readonly connector: string;
  readonly operation: string;
  readonly reply: HttpReply;
  readonly now: string;
  readonly message?: string;
  readonly advice?: string;
  readonly vendorCode?: string;
}): ConnectorFault {
  const { status, headers } = given.reply;
  const { code, outcome, retry } = statusMeaning(status, retryAfterMs(headers['retry-after'], given.now));
  const advice =
    given.advice ?? (code === 'misconfigured' ? 'Set the address to where the redirect leads, if that is the vendor.' : undefined);
  const requestId = headers['x-request-id'] ?? headers['x-requestid'];
  return new ConnectorFault(code, {
    connector: given.connector,
    operation: given.operation,
    outcome,
    retry,
    status,
    message: given.message ?? `answered with HTTP ${status}`,
    ...(advice === undefined ? {} : { advice }),
    ...(given.vendorCode === undefined ? {} : { vendorCode: given.vendorCode }),
    ...(requestId === undefined ? {} : { requestId }),
  });
}

function statusMeaning(status: number, afterMs: number | undefined): { code: FaultCode; outcome: FaultOutcome; retry: FaultRetry } {
  const later: FaultRetry = afterMs === undefined ? { kind: 'safely' } : { kind: 'after', ms: afterMs };
  if (status === 429) return { code: 'rate-limited', outcome: 'not-applied', retry: { kind: 'after', ms: afterMs ?? 1_000 } };
  if (status >= 500) return { code: 'server-error', outcome: 'unknown', retry: later };
  if (status === 401) return { code: 'unauthorized', outcome: 'not-applied', retry: { kind: 'never' } };
  if (status === 403) return { code: 'forbidden', outcome: 'not-applied', retry: { kind: 'never' } };
  if (status === 404 || status === 410) return { code: 'not-found', outcome: 'not-applied', retry: { kind: 'never' } };
  if (status === 408) return { code: 'timeout', outcome: 'unknown', retry: later };
  if (status === 409) return { code: 'conflict', outcome: 'not-applied', retry: { kind: 'never' } };
  if (status === 302 || status === 303) return { code: 'misconfigured', outcome: 'unknown', retry: { kind: 'never' } };
  if (status >= 300 && status < 400) return { code: 'misconfigured', outcome: 'not-applied', retry: { kind: 'never' } };
  return { code: 'invalid-request', outcome: 'not-applied', retry: { kind: 'never' } };
}
