import {
  beforeTheEffect,
  callId,
  createHttp,
  replyReader,
  tokenCalls,
  type HttpReply,
  type Surroundings,
} from '@quartermaster/connector-kit';
import type { Instant } from '@quartermaster/domain';
import { connector, upsFault, type Redact } from './faults.ts';
import { timeoutsMs, upsBucketOf } from './limits.ts';
import { accessTokens, type UpsCredentials } from './tokens.ts';

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
  const sendOnce = createHttp({
    ...common,
    bucketOf: () => undefined,
    timeoutMs: options.timeoutMs ?? timeoutsMs.purchase,
    attempts: 1,
  });
  const calls = tokenCalls(accessTokens({ http: send, origin, credentials, accountNumber, clock }));

  async function sendWith(accessToken: string, given: UpsCall): Promise<HttpReply> {
    const { operation, method, kind, redact } = given;
    const made = (kind === 'once' ? sendOnce : send)({
      operation,
      method,
      url: `${origin}/api${given.path}`,
      headers: {
        authorization: `Bearer ${accessToken}`,
        accept: 'application/json',
        transId: callId(random),
        transactionSrc: 'quartermaster',
        ...(given.body === undefined ? {} : { 'content-type': 'application/json' }),
        ...given.headers,
      },
      ...(given.body === undefined ? {} : { body: JSON.stringify(given.body) }),
      repeat: kind === 'once' ? 'never' : 'always',
      notAfter: given.notAfter,
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

  return {
    async call(given) {
      given.signal?.throwIfAborted();
      return calls.with((token) => sendWith(token, given), { once: given.kind === 'once' });
    },
    renewToken: () => calls.renew(),
  };
}

/** Of something that has no effect, or whose effect is settled by reading again. */
export const readReply = replyReader(connector);
