import { ConnectorFault, instantOf, epochMs, type Clock, type FaultCode, type FaultOutcome, type FaultRetry } from '@quartermaster/domain';
import { jitteredDelayMs } from './backoff.ts';
import type { RateLimiter } from './rate-limit.ts';
import { redactor } from './redaction.ts';
import { retryAfterMs } from './retry-after.ts';

/** One call to a vendor. */
export type HttpCall = {
  /** What is being done, for faults, events and rate limits, such as `orders.pull`. */
  readonly operation: string;
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /**
   * May the call be made again when nobody knows whether it was carried out? `always` for reads and for effects that are safe to repeat; `never` for the others: they are made
   * again only when it is sure that nothing happened.
   */
  readonly repeat: 'always' | 'never';
  /** Of the whole exchange, default that of the pipeline. */
  readonly timeoutMs?: number;
  /** Points that the call takes from its bucket, default 1. */
  readonly cost?: number;
  readonly signal?: AbortSignal;
  /**
   * Reads the vendor's own signs of failure, before the status is looked at: a fault, `'fine'` for an answer that is good whatever its status, or undefined to judge by status.
   */
  readonly judge?: (reply: HttpReply) => ConnectorFault | 'fine' | undefined;
};

export type HttpReply = {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
};

/** What happened on the wire, for logs and metrics: no body, no header, no query. */
export type HttpEvent = {
  readonly connector: string;
  readonly operation: string;
  readonly attempt: number;
  readonly status: number | null;
  readonly fault: FaultCode | null;
  readonly elapsedMs: number;
};

export type HttpOptions = {
  readonly connector: string;
  readonly clock: Clock;
  /** Random numbers from 0 to 1, for jitter. */
  readonly random: () => number;
  readonly limiter: RateLimiter;
  /** Name of the bucket that an operation draws from; undefined is without limit. */
  readonly bucketOf?: (operation: string) => string | undefined;
  readonly fetch?: typeof fetch;
  /** Default 30,000. */
  readonly timeoutMs?: number;
  /** Attempts of one call in all, default 3. Longer patience is the caller's: an intent waits in the journal, not in a socket. */
  readonly attempts?: number;
  /** Texts that must never appear in a fault: keys, passwords, tokens. */
  readonly secrets?: readonly string[];
  readonly onEvent?: (event: HttpEvent) => void;
};

export type Http = (call: HttpCall) => Promise<HttpReply>;

const backoff = { baseMs: 250, capMs: 10_000 };

/**
 * Makes the way to a vendor: waits for the rate limit, sends with a timeout, retries with full jitter what is safe to repeat, honours `Retry-After`, and turns every failure into
 * a `ConnectorFault` that says whether the request may have had its effect.
 */
export function createHttp(options: HttpOptions): Http {
  const { connector, clock, random, limiter } = options;
  const send = options.fetch ?? globalThis.fetch;
  const attempts = options.attempts ?? 3;
  const redact = redactor(options.secrets ?? []);

  return async function call(request) {
    const bucket = options.bucketOf?.(request.operation);
    for (let attempt = 1; ; attempt++) {
      if (bucket !== undefined) await limiter.acquire(bucket, request.cost ?? 1, request.signal);
      const began = epochMs(clock.now());
      const result = await exchange(request);
      const fault = result instanceof ConnectorFault ? result : judged(request, result);
      options.onEvent?.({
        connector,
        operation: request.operation,
        attempt,
        status: result instanceof ConnectorFault ? null : result.status,
        fault: fault?.code ?? null,
        elapsedMs: epochMs(clock.now()) - began,
      });
      if (fault === undefined && !(result instanceof ConnectorFault)) return result;
      if (fault === undefined) throw result;
      if (fault.code === 'rate-limited' && bucket !== undefined && fault.facts.retry.kind === 'after') {
        limiter.pause(bucket, instantOf(epochMs(clock.now()) + fault.facts.retry.ms));
      }
      if (attempt >= attempts || !mayRepeat(request, fault)) throw fault;
      await clock.sleep(waitMs(fault, attempt), request.signal);
    }
  };

  async function exchange(request: HttpCall): Promise<HttpReply | ConnectorFault> {
    const deadline = AbortSignal.timeout(request.timeoutMs ?? options.timeoutMs ?? 30_000);
    const signal = request.signal ? AbortSignal.any([deadline, request.signal]) : deadline;
    try {
      const response = await send(request.url, {
        method: request.method,
        headers: { ...request.headers },
        redirect: 'manual',
        signal,
        ...(request.body === undefined ? {} : { body: request.body }),
      });
      return { status: response.status, headers: Object.fromEntries(response.headers), text: await response.text() };
    } catch (error) {
      if (request.signal?.aborted === true) throw error;
      return deadline.aborted ? timedOut(request, error) : lost(request, error);
    }
  }

  function judged(request: HttpCall, reply: HttpReply): ConnectorFault | undefined {
    const verdict = request.judge?.(reply);
    if (verdict === 'fine') return undefined;
    return verdict ?? faultOfStatus(request.operation, reply);
  }

  function faultOfStatus(operation: string, reply: HttpReply): ConnectorFault | undefined {
    if (reply.status >= 200 && reply.status < 300) return undefined;
    return statusFault({ connector, operation, reply, now: clock.now() });
  }

  function timedOut(request: HttpCall, cause: unknown): ConnectorFault {
    return new ConnectorFault('timeout', {
      connector,
      operation: request.operation,
      outcome: 'unknown',
      retry: { kind: 'safely' },
      message: 'no answer in time',
      advice: 'The request may have been carried out: it is looked up before it is made again.',
      cause: redactedCause(cause),
    });
  }

  function lost(request: HttpCall, cause: unknown): ConnectorFault {
    const code = systemCode(cause);
    const neverLeft = code !== undefined && neverLeftCodes.has(code);
    const misconfigured = code !== undefined && /^(ERR_TLS|CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_VERIFY|ERR_INVALID_URL)/.test(code);
    return new ConnectorFault(misconfigured ? 'misconfigured' : 'unreachable', {
      connector,
      operation: request.operation,
      outcome: neverLeft || misconfigured ? 'not-applied' : 'unknown',
      retry: misconfigured ? { kind: 'never' } : { kind: 'safely' },
      message: `no connection to ${originOf(request.url)}${code === undefined ? '' : ` (${code})`}`,
      advice: 'Check the address, the network and that the server runs.',
      ...(code === undefined ? {} : { vendorCode: code }),
      cause: redactedCause(cause),
    });
  }

  function redactedCause(cause: unknown): Error {
    return new Error(redact(cause instanceof Error ? cause.message : String(cause)));
  }

  function waitMs(fault: ConnectorFault, attempt: number): number {
    const asked = fault.facts.retry.kind === 'after' ? fault.facts.retry.ms : 0;
    return asked + jitteredDelayMs({ ...backoff, attempt, random });
  }
}

/**
 * The fault of an HTTP status that is not 2xx. 429 and 503 with `Retry-After` say when to come back; a 5xx leaves open whether the work was done; a 4xx says that it was not.
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
  const afterMs = retryAfterMs(headers['retry-after'], given.now);
  const { code, outcome, retry } = statusMeaning(status, afterMs);
  const requestId = headers['x-request-id'] ?? headers['x-requestid'];
  return new ConnectorFault(code, {
    connector: given.connector,
    operation: given.operation,
    outcome,
    retry,
    status,
    message: given.message ?? `answered with HTTP ${status}`,
    ...(given.advice === undefined ? {} : { advice: given.advice }),
    ...(given.vendorCode === undefined ? {} : { vendorCode: given.vendorCode }),
    ...(requestId === undefined ? {} : { requestId }),
  });
}

function statusMeaning(status: number, afterMs: number | undefined): { code: FaultCode; outcome: FaultOutcome; retry: FaultRetry } {
  const later: FaultRetry = afterMs === undefined ? { kind: 'safely' } : { kind: 'after', ms: afterMs };
  if (status === 429)
    return { code: 'rate-limited', outcome: 'not-applied', retry: afterMs === undefined ? { kind: 'after', ms: 1_000 } : later };
  if (status >= 500) return { code: 'server-error', outcome: 'unknown', retry: later };
  if (status === 401) return { code: 'unauthorized', outcome: 'not-applied', retry: { kind: 'never' } };
  if (status === 403) return { code: 'forbidden', outcome: 'not-applied', retry: { kind: 'never' } };
  if (status === 404 || status === 410) return { code: 'not-found', outcome: 'not-applied', retry: { kind: 'never' } };
  if (status === 408) return { code: 'timeout', outcome: 'unknown', retry: later };
  if (status === 409) return { code: 'conflict', outcome: 'not-applied', retry: { kind: 'never' } };
  if (status >= 300 && status < 400) return { code: 'misconfigured', outcome: 'not-applied', retry: { kind: 'never' } };
  return { code: 'invalid-request', outcome: 'not-applied', retry: { kind: 'never' } };
}

/** May this call be made again after this fault, without asking anyone? */
function mayRepeat(request: HttpCall, fault: ConnectorFault): boolean {
  if (fault.facts.retry.kind === 'never') return false;
  return request.repeat === 'always' || fault.facts.outcome === 'not-applied';
}

/** System errors after which not one byte of the request can have arrived. */
const neverLeftCodes: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
]);

function systemCode(error: unknown): string | undefined {
  for (let at = error; at instanceof Error; at = at.cause) {
    if ('code' in at && typeof at.code === 'string') return at.code;
    if (at instanceof AggregateError) return systemCode(at.errors[0]);
  }
  return undefined;
}

function originOf(url: string): string {
  return URL.canParse(url) ? new URL(url).origin : 'an address that is no URL';
}
