import { ConnectorFault, epochMs, instantOf, jitteredDelayMs, type FaultCode, type FaultFacts, type Instant } from '@quartermaster/domain';
import type { CallGate } from './call-gate.ts';
import { longestTimerMs } from './clock.ts';
import { connectionFault, lookFirst } from './connection-fault.ts';
import { redactor } from './redaction.ts';
import { statusFault } from './status-fault.ts';
import type { Surroundings } from './surroundings.ts';
import { unlessAborted } from './unless-aborted.ts';

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
  /** Of the whole exchange until the last byte of the answer, in the machine's own time; default that of the pipeline. */
  readonly timeoutMs?: number;
  /**
   * Our own name of the request, without secrets. It goes with every attempt as `X-Request-Id` (from the second one on with `.2`, `.3` behind it), into its event, and into a fault
   * for which the vendor gave none, so that the lines of a proxy's log can be matched.
   */
  readonly requestId?: string;
  /** Points that the call takes from its bucket, default 1. */
  readonly cost?: number;
  /**
   * Not sent any more after this moment: its outcome is then unknown. A process that stood still must not do what somebody else has looked for in vain meanwhile.
   */
  readonly notAfter?: Instant | undefined;
  /** Ends the call: it rejects with the signal's reason, whether or not the request was carried out. */
  readonly signal?: AbortSignal;
  /** How the body of a success is read, default as text. `base64` is for documents: {@link HttpReply.text} is then their bytes, written so. Whatever is no success is read as text. */
  readonly readAs?: 'text' | 'base64';
  /**
   * Reads the vendor's own signs of failure, before the status is looked at: a fault (returned or thrown), `'fine'` for an answer that is good whatever its status, or
   * undefined to judge by status.
   */
  readonly judge?: (reply: HttpReply) => ConnectorFault | 'fine' | undefined;
};

export type HttpReply = {
  readonly status: number;
  /** Names in lower case. Of several cookies only the last is there. */
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
};

/** What happened on the wire, for logs and metrics: no body, no header, no query. */
export type HttpEvent = {
  readonly connector: string;
  readonly operation: string;
  readonly attempt: number;
  /** What the attempt sent as `X-Request-Id`; absent when the call has no id. */
  readonly requestId?: string;
  readonly status: number | null;
  readonly fault: FaultCode | null;
  readonly elapsedMs: number;
};

export type HttpOptions = Surroundings & {
  readonly connector: string;
  /** Name of the bucket that an operation draws from; undefined is without limit. */
  readonly bucketOf?: (operation: string) => string | undefined;
  /** The longest `Retry-After` that a call waits for by itself, default 60,000. What asks for more is the caller's to wait for, too. */
  readonly patienceMs?: number;
  /** Texts that must never appear in a fault: keys, passwords, tokens. */
  readonly secrets?: readonly string[];
};

export type Http = (call: HttpCall) => Promise<HttpReply>;

const backoff = { baseMs: 250, capMs: 10_000 };

/**
 * Makes the way to a vendor: waits for the rate limit, sends with a timeout, retries with full jitter what is safe to repeat, honours `Retry-After`, and turns every failure into
 * a `ConnectorFault` that says whether the request may have had its effect and holds no secret.
 */
export function createHttp(options: HttpOptions): Http {
  const { connector, clock, random, limiter } = options;
  const send = options.fetch ?? globalThis.fetch;
  const pass: CallGate = options.gate ?? ((passing) => passing());
  const attempts = options.attempts ?? 3;
  const patienceMs = options.patienceMs ?? 60_000;
  const redact = redactor(options.secrets ?? []);

  return async function call(request) {
    if (!canBeSent(request)) throw unsendable(request);
    const bucket = options.bucketOf?.(request.operation);
    for (let attempt = 1; ; attempt++) {
      if (bucket !== undefined) await limiter.acquire(bucket, request.cost ?? 1, request.signal);
      request.signal?.throwIfAborted();
      const sent = numbered(request, attempt);
      let began = epochMs(clock.now());
      const { reply, fault } = await pass(() => {
        began = epochMs(clock.now());
        return attemptOnce(sent);
      }, request.signal);
      options.onEvent?.({
        connector,
        operation: request.operation,
        attempt,
        ...(sent.requestId === undefined ? {} : { requestId: sent.requestId }),
        status: reply?.status ?? null,
        fault: fault?.code ?? null,
        elapsedMs: epochMs(clock.now()) - began,
      });
      if (fault === undefined) return reply;
      if (fault.code === 'rate-limited' && bucket !== undefined && fault.facts.retry.kind === 'after') {
        limiter.pause(bucket, instantOf(epochMs(clock.now()) + fault.facts.retry.ms));
      }
      if (attempt >= attempts || !mayRepeat(request, fault) || askedMs(fault) > patienceMs) throw fault;
      await clock.sleep(askedMs(fault) + jitteredDelayMs({ ...backoff, attempt, random }), request.signal);
    }
  };

  async function attemptOnce(request: HttpCall): Promise<Attempt> {
    const result = await exchange(request);
    if (result instanceof ConnectorFault) return { reply: null, fault: withoutSecrets(result, request.requestId) };
    const fault = judged(request, result);
    return fault === undefined ? { reply: result, fault } : { reply: result, fault: withoutSecrets(fault, request.requestId) };
  }

  async function exchange(request: HttpCall): Promise<HttpReply | ConnectorFault> {
    const ending = new AbortController();
    const timer = setTimeout(() => ending.abort(), Math.min(request.timeoutMs ?? options.timeoutMs ?? 30_000, longestTimerMs));
    const abort = () => ending.abort();
    request.signal?.addEventListener('abort', abort, { once: true });
    let answering = false;
    try {
      if (request.notAfter !== undefined && epochMs(clock.now()) > epochMs(request.notAfter)) throw new Error('it was too late to send');
      const response = await unlessAborted(send(request.url, { ...initOf(request), signal: ending.signal }), ending.signal);
      answering = true;
      const text = await unlessAborted(bodyOf(response, request.readAs ?? 'text'), ending.signal);
      return { status: response.status, headers: Object.fromEntries(response.headers), text };
    } catch (error) {
      request.signal?.throwIfAborted();
      if (ending.signal.aborted) return timedOut(request);
      return connectionFault({ connector, operation: request.operation, url: request.url, answering, error, cause: redactedCause(error) });
    } finally {
      clearTimeout(timer);
      request.signal?.removeEventListener('abort', abort);
    }
  }

  function judged(request: HttpCall, reply: HttpReply): ConnectorFault | undefined {
    const verdict = verdictOf(request, reply);
    if (verdict === 'fine') return undefined;
    return verdict ?? faultOfStatus(request.operation, reply);
  }

  function faultOfStatus(operation: string, reply: HttpReply): ConnectorFault | undefined {
    if (reply.status >= 200 && reply.status < 300) return undefined;
    return statusFault({ connector, operation, reply, now: clock.now() });
  }

  function timedOut(request: HttpCall): ConnectorFault {
    return new ConnectorFault('timeout', {
      connector,
      operation: request.operation,
      outcome: 'unknown',
      retry: { kind: 'safely' },
      message: 'no answer in time',
      advice: lookFirst,
    });
  }

  /** Says nothing of the address or the headers, not even the cause: what is wrong with them may be a part of the secret. */
  function unsendable(request: HttpCall): ConnectorFault {
    return new ConnectorFault('misconfigured', {
      connector,
      operation: request.operation,
      outcome: 'not-applied',
      retry: { kind: 'never' },
      message: 'the request cannot be sent as it is',
      advice: 'Check the address (http or https, without user and password in it) and that keys have no line breaks or special characters.',
    });
  }

  /** Vendors quote what they were sent, keys included; so every text of a fault is looked through, also of those that the connector made. */
  function withoutSecrets(fault: ConnectorFault, ownId: string | undefined): ConnectorFault {
    const { message, advice, vendorCode, requestId = ownId, cause, ...rest } = fault.facts;
    const facts: FaultFacts = {
      ...rest,
      message: redact(message),
      ...(advice === undefined ? {} : { advice: redact(advice) }),
      ...(vendorCode === undefined ? {} : { vendorCode: redact(vendorCode) }),
      ...(requestId === undefined ? {} : { requestId: redact(requestId) }),
      ...(cause === undefined ? {} : { cause: redactedCause(cause) }),
    };
    return new ConnectorFault(fault.code, facts);
  }

  function redactedCause(cause: unknown): Error {
    const inner = cause instanceof Error && cause.cause instanceof Error ? `: ${cause.cause.message}` : '';
    return new Error(redact(`${cause instanceof Error ? cause.message : String(cause)}${inner}`));
  }
}

type Attempt =
  | { readonly reply: HttpReply; readonly fault: undefined }
  | { readonly reply: HttpReply | null; readonly fault: ConnectorFault };

/** The call under the id of this attempt. */
function numbered(request: HttpCall, attempt: number): HttpCall {
  if (request.requestId === undefined || attempt === 1) return request;
  return { ...request, requestId: `${request.requestId}.${attempt}` };
}

function initOf(request: HttpCall): RequestInit {
  return {
    method: request.method,
    headers: { ...request.headers, ...(request.requestId === undefined ? {} : { 'x-request-id': request.requestId }) },
    redirect: 'manual',
    ...(request.body === undefined ? {} : { body: request.body }),
  };
}

/**
 * Asked before anything is sent, because `fetch` quotes a bad address or header in its error and tells such an error not apart from a lost connection. What `new Request` would refuse, at
 * a tenth of its price.
 */
function canBeSent(request: HttpCall): boolean {
  const { headers } = initOf(request);
  try {
    const { protocol, username, password } = new URL(request.url);
    void new Headers(headers);
    return (
      (protocol === 'http:' || protocol === 'https:') &&
      username + password === '' &&
      !(request.method === 'GET' && request.body !== undefined)
    );
  } catch {
    return false;
  }
}

function verdictOf(request: HttpCall, reply: HttpReply): ConnectorFault | 'fine' | undefined {
  try {
    return request.judge?.(reply);
  } catch (error) {
    if (error instanceof ConnectorFault) return error;
    throw error;
  }
}

async function bodyOf(response: Response, readAs: 'text' | 'base64'): Promise<string> {
  return readAs === 'base64' && response.ok ? Buffer.from(await response.arrayBuffer()).toString('base64') : response.text();
}

function askedMs(fault: ConnectorFault): number {
  return fault.facts.retry.kind === 'after' ? fault.facts.retry.ms : 0;
}

/** May this call be made again after this fault, without asking anyone? */
function mayRepeat(request: HttpCall, fault: ConnectorFault): boolean {
  if (fault.facts.retry.kind === 'never') return false;
  return request.repeat === 'always' || fault.facts.outcome === 'not-applied';
}
