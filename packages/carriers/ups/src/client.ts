import { beforeTheEffect, createHttp, parseReply, type HttpReply, type Surroundings } from '@quartermaster/connector-kit';
import { ConnectorFault, epochMs, isFault, type Instant } from '@quartermaster/domain';
import type { ZodType } from 'zod';
import { connector, upsFault, type Redact } from './faults.ts';
import { timeoutsMs, upsBucketOf } from './limits.ts';
import { tokenSource, type UpsCredentials } from './tokens.ts';

export type ClientOptions = Surroundings & {
  readonly connection: string;
  readonly credentials: UpsCredentials;
  /** The account that pays, six characters. */
  readonly accountNumber: string;
  /** Without a path, such as `https://onlinetools.ups.com`. */
  readonly origin: string;
};

/** A call to UPS. */
export type UpsCall = {
  /** Name for faults and events, such as `shipment.buy`. */
  readonly operation: string;
  readonly method: 'GET' | 'POST' | 'DELETE';
  /** Behind `/api`, encoded. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  /** `once` is sent once, whatever happens: for what must not be done twice. */
  readonly kind: 'read' | 'repeatable-effect' | 'once';
  /** Of what is sent `once`: not sent any more after this moment, its outcome is then unknown. A process that stood still must not do what somebody else has looked for in vain meanwhile. */
  readonly notAfter?: Instant;
  readonly redact: Redact;
  readonly signal?: AbortSignal;
};

export type UpsClient = {
  /** The raw answer of a success. Throws a `ConnectorFault` for everything else. */
  call(call: UpsCall): Promise<HttpReply>;
  /** Asks for a new token, to see that the keys are good. */
  renewToken(): Promise<void>;
};

/** Speaks with UPS: one token for all calls, transaction ids, errors. A 401 is answered by one new token and the same call once more (nothing was done by the first), but for what is sent once. */
export function upsClient(options: ClientOptions): UpsClient {
  const { clock, credentials, origin, random, accountNumber } = options;
  const bucket = upsBucketOf(options.connection);
  const authorization = Buffer.from(`${credentials.clientId}:${credentials.clientSecret}`).toString('base64');
  const common = {
    ...options,
    connector,
    bucketOf: () => bucket,
    secrets: [credentials.clientId, credentials.clientSecret, authorization],
  };
  const send = createHttp({ ...common, timeoutMs: options.timeoutMs ?? timeoutsMs.other });
  /** Without the bucket: the moment of sending is written down already, and what came before it has waited. */
  const sendUntil = (notAfter: Instant | undefined) =>
    createHttp({
      ...common,
      bucketOf: () => undefined,
      timeoutMs: options.timeoutMs ?? timeoutsMs.purchase,
      attempts: 1,
      fetch: (input, init) => (isLate(notAfter) ? Promise.reject(new Error('it was too late to send')) : fetchNow(input, init)),
    });
  const token = tokenSource({ http: send, origin, credentials, accountNumber, clock });
  const fetchNow = options.fetch ?? globalThis.fetch;
  let rejected: string | null = null;
  let last: string | null = null;

  async function sendWith(accessToken: string, given: UpsCall): Promise<HttpReply> {
    const { operation, method, kind, redact } = given;
    const made = (kind === 'once' ? sendUntil(given.notAfter) : send)({
      operation,
      method,
      url: `${origin}/api${given.path}`,
      headers: {
        authorization: `Bearer ${accessToken}`,
        accept: 'application/json',
        transId: transactionId(),
        transactionSrc: 'quartermaster',
        ...(given.body === undefined ? {} : { 'content-type': 'application/json' }),
        ...given.headers,
      },
      ...(given.body === undefined ? {} : { body: JSON.stringify(given.body) }),
      repeat: kind === 'once' ? 'never' : 'always',
      ...(given.signal === undefined ? {} : { signal: given.signal }),
      judge: (reply) =>
        upsFault({
          operation,
          reply,
          purchase: kind === 'once',
          redact: (text) => redact(text.replaceAll(accessToken, '•••')),
          now: clock.now(),
        }),
    });
    return kind === 'read' ? beforeTheEffect(() => made) : made;
  }

  function isLate(notAfter: Instant | undefined): boolean {
    return notAfter !== undefined && epochMs(clock.now()) > epochMs(notAfter);
  }

  /** 32 characters, as UPS wants them; only to find the call in logs. */
  function transactionId(): string {
    return Array.from({ length: 32 }, () => Math.floor(random() * 16).toString(16)).join('');
  }

  return {
    async call(given) {
      given.signal?.throwIfAborted();
      const first = await beforeTheEffect(() => token({ rejected }));
      last = first;
      try {
        return await sendWith(first, given);
      } catch (error) {
        if (!isFault(error) || error.code !== 'unauthorized') throw error;
        rejected = first;
        if (given.kind === 'once') throw askedAgainLater(error);
        last = await beforeTheEffect(() => token({ rejected }));
        return sendWith(last, given);
      }
    },
    async renewToken() {
      last = await token({ rejected: last });
    },
  };
}

/** What is sent once is not sent a second time here: a new token may take its time. The next attempt has one, or is told that the keys are wrong. */
function askedAgainLater(fault: ConnectorFault): ConnectorFault {
  return new ConnectorFault(fault.code, { ...fault.facts, retry: { kind: 'safely' } });
}

/** Reads the answer of something that has no effect, or whose effect is settled by reading again. */
export function readReply<Data>(
  schema: ZodType<Data>,
  reply: HttpReply,
  operation: string,
  outcome: 'not-applied' | 'unknown' = 'not-applied',
): Data {
  return parseReply(schema, reply, { connector, operation, outcome });
}
