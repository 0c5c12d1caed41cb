import {
  beforeTheEffect,
  callId,
  createHttp,
  replyReader,
  tokenCalls,
  type HttpReply,
  type Surroundings,
} from '@quartermaster/connector-kit';
import { connector, fedexFault, type Redact } from './faults.ts';
import { fedexBucketOf, timeoutsMs } from './limits.ts';
import { accessTokens, type FedexCredentials } from './tokens.ts';

export type ClientOptions = Surroundings & {
  readonly connection: string;
  readonly credentials: FedexCredentials;
  /** Without a path, such as `https://apis.fedex.com`. */
  readonly origin: string;
};

/** A call to FedEx. */
export type FedexCall = {
  /** Name for faults and events, such as `label.buy`. */
  readonly operation: string;
  readonly method: 'POST' | 'PUT';
  readonly path: string;
  readonly body: unknown;
  /** `once` is sent once, whatever happens: for what must not be done twice. */
  readonly kind: 'read' | 'repeatable-effect' | 'once';
  readonly redact: Redact;
  readonly signal?: AbortSignal;
};

export type FedexClient = {
  /** The raw answer of a success. Throws a `ConnectorFault` for everything else. */
  call(call: FedexCall): Promise<HttpReply>;
  /** Asks for a new token, to see that the keys are good. */
  renewToken(): Promise<void>;
};

/**
 * Speaks with FedEx: one token for all calls, transaction ids, errors. A 401 is answered by one new token and the same call once more (nothing was done by the first), but for what is sent once.
 * FedEx only echoes our transaction id: it protects nothing.
 */
export function fedexClient(options: ClientOptions): FedexClient {
  const { clock, credentials, origin, random } = options;
  const bucket = fedexBucketOf(options.connection);
  const common = { ...options, connector, bucketOf: () => bucket, secrets: [credentials.clientId, credentials.clientSecret] };
  const send = createHttp({ ...common, timeoutMs: options.timeoutMs ?? timeoutsMs.other });
  /** Without the bucket: the moment of sending is written down already, and what came before it has waited. */
  const sendOnce = createHttp({
    ...common,
    bucketOf: () => undefined,
    timeoutMs: options.timeoutMs ?? timeoutsMs.purchase,
    attempts: 1,
  });
  const calls = tokenCalls(accessTokens({ http: send, origin, credentials, clock }));

  async function sendWith(accessToken: string, given: FedexCall): Promise<HttpReply> {
    const { operation, method, kind, redact } = given;
    const made = (kind === 'once' ? sendOnce : send)({
      operation,
      method,
      url: `${origin}${given.path}`,
      headers: {
        authorization: `Bearer ${accessToken}`,
        accept: 'application/json',
        'content-type': 'application/json',
        'x-locale': 'en_US',
        'x-customer-transaction-id': callId(random),
      },
      body: JSON.stringify(given.body),
      repeat: kind === 'once' ? 'never' : 'always',
      ...(given.signal === undefined ? {} : { signal: given.signal }),
      judge: (reply) =>
        fedexFault({
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
