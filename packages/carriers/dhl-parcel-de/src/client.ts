import { beforeTheEffect, createHttp, replyReader, tokenCalls, type HttpReply, type Surroundings } from '@quartermaster/connector-kit';
import type { Instant } from '@quartermaster/domain';
import { connector, dhlFault, type Redact } from './faults.ts';
import { bucketNames, timeoutsMs } from './limits.ts';
import { accessTokens } from './tokens.ts';

/** With a secret the password grant is used (OAuth), without one the key goes along with user and password in every call. */
export type DhlCredentials = {
  readonly user: string;
  readonly password: string;
  readonly apiKey: string;
  readonly apiSecret: string | null;
};

export type ClientOptions = Surroundings & {
  readonly connection: string;
  readonly credentials: DhlCredentials;
  /** Without a path, such as `https://api-eu.dhl.com`. */
  readonly origin: string;
  /** Texts beside the credentials that must not appear in a fault. */
  readonly moreSecrets?: readonly string[];
};

/** A call to DHL. */
export type DhlCall = {
  /** Name for faults and events, such as `shipment.buy`. */
  readonly operation: string;
  readonly method: 'GET' | 'POST' | 'DELETE';
  /** Behind the host, encoded. */
  readonly path: string;
  readonly body?: unknown;
  /** `once` is sent once, whatever happens: for what must not be done twice. */
  readonly kind: 'read' | 'repeatable-effect' | 'once';
  /**
   * Whose key goes with it: that of the account, of the app alone (Unified Tracking), or of the app with its secret (Parcel DE Tracking). The last two have quotas of their own.
   */
  readonly as?: 'account' | 'unified-tracking' | 'parcel-tracking';
  /** Of what is sent `once`: not sent any more after this moment, its outcome is then unknown. A process that stood still must not do what somebody has looked for in vain meanwhile. */
  readonly notAfter?: Instant;
  readonly redact: Redact;
};

export type DhlClient = {
  /** The raw answer of a success, in which single shipments may have failed. Throws a `ConnectorFault` for everything else. */
  call(call: DhlCall): Promise<HttpReply>;
};

/** Speaks with DHL: one token for all calls, or user and password in each. A 401 of a token is answered by one new token and the same call once more (nothing was done by the first), but for what is sent once. */
export function dhlClient(options: ClientOptions): DhlClient {
  const { clock, connection, origin } = options;
  const { user, password, apiKey, apiSecret } = options.credentials;
  const userAndPassword = Buffer.from(`${user}:${password}`).toString('base64');
  const common = {
    ...options,
    connector,
    bucketOf: (operation: string) => bucketOf(operation, connection),
    secrets: [password, apiKey, userAndPassword, ...(apiSecret === null ? [] : [apiSecret]), ...(options.moreSecrets ?? [])],
  };
  const send = createHttp({ ...common, timeoutMs: options.timeoutMs ?? timeoutsMs.other });
  /** Without the bucket: the moment of sending is written down already. */
  const sendOnce = createHttp({
    ...common,
    bucketOf: () => undefined,
    timeoutMs: options.timeoutMs ?? timeoutsMs.purchase,
    attempts: 1,
  });
  const calls =
    apiSecret === null ? null : tokenCalls(accessTokens({ http: send, origin, credentials: { user, password, apiKey, apiSecret }, clock }));

  async function sendWith(headers: Readonly<Record<string, string>>, given: DhlCall, accessToken = ''): Promise<HttpReply> {
    const { operation, method, kind, redact } = given;
    const made = (kind === 'once' ? sendOnce : send)({
      operation,
      method,
      url: `${origin}${given.path}`,
      headers: {
        ...headers,
        'accept-language': 'en-US',
        ...(given.body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(given.body === undefined ? {} : { body: JSON.stringify(given.body) }),
      repeat: kind === 'once' ? 'never' : 'always',
      notAfter: given.notAfter,
      judge: (reply) =>
        dhlFault({
          operation,
          reply,
          purchase: kind === 'once',
          redact: (text) => redact(accessToken === '' ? text : text.replaceAll(accessToken, '•••')),
          now: clock.now(),
        }),
    });
    return kind === 'read' ? beforeTheEffect(() => made) : made;
  }

  return {
    async call(given) {
      switch (given.as ?? 'account') {
        case 'unified-tracking':
          return sendWith({ accept: 'application/json', 'dhl-api-key': apiKey }, given);
        case 'parcel-tracking':
          return sendWith(
            { accept: 'application/xml', authorization: `Basic ${Buffer.from(`${apiKey}:${apiSecret ?? ''}`).toString('base64')}` },
            given,
          );
        case 'account':
          if (calls !== null)
            return calls.with((token) => sendWith({ accept: 'application/json', authorization: `Bearer ${token}` }, given, token), {
              once: given.kind === 'once',
            });
          return sendWith({ accept: 'application/json', authorization: `Basic ${userAndPassword}`, 'dhl-api-key': apiKey }, given);
      }
    },
  };
}

function bucketOf(operation: string, connection: string): string {
  if (operation === 'track.unified') return bucketNames.unifiedTracking(connection);
  if (operation === 'track.parcel') return bucketNames.parcelTracking(connection);
  return bucketNames.shipping(connection);
}

/** Of something that has no effect, or whose effect is settled by reading again. */
export const readReply = replyReader(connector);
