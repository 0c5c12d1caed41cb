import { beforeTheEffect, callId, createHttp, replyReader, type HttpReply, type Surroundings } from '@quartermaster/connector-kit';
import type { Instant } from '@quartermaster/domain';
import { connector, dhlFault, type Redact } from './faults.ts';
import { bucketOf, interfaceVersion, timeoutsMs } from './limits.ts';

export type DhlCredentials = { readonly username: string; readonly password: string };

export type ClientOptions = Surroundings & {
  readonly connection: string;
  readonly credentials: DhlCredentials;
  /** With its path, such as `https://express.api.dhl.com/mydhlapi`. */
  readonly baseUrl: string;
};

/** A call to MyDHL API. */
export type DhlCall = {
  /** Name for faults and events, such as `shipment.buy`. */
  readonly operation: string;
  readonly method: 'GET' | 'POST' | 'DELETE';
  /** Behind the base, encoded, without a query. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  /** `once` is sent once, whatever happens: for what must not be done twice. */
  readonly kind: 'read' | 'repeatable-effect' | 'once';
  /** Of what is sent `once`: not sent any more after this moment, its outcome is then unknown. A process that stood still must not do what somebody else has looked for in vain meanwhile. */
  readonly notAfter?: Instant;
  readonly redact: Redact;
  readonly signal?: AbortSignal;
};

/** The raw answer of a success. Throws a `ConnectorFault` for everything else. */
export type DhlClient = (call: DhlCall) => Promise<HttpReply>;

/** Speaks with MyDHL API: Basic authentication, the interface's version, a message reference of each call, errors. */
export function dhlClient(options: ClientOptions): DhlClient {
  const { clock, random, baseUrl, credentials } = options;
  const bucket = bucketOf(options.connection);
  const basic = Buffer.from(`${credentials.username}:${credentials.password}`).toString('base64');
  const common = { ...options, connector, secrets: [credentials.username, credentials.password, basic] };
  const send = createHttp({ ...common, bucketOf: () => bucket, timeoutMs: options.timeoutMs ?? timeoutsMs.other });
  /** Without the bucket: the moment of sending is written down already, and what came before it has waited. */
  const sendOnce = createHttp({
    ...common,
    timeoutMs: options.timeoutMs ?? timeoutsMs.purchase,
    attempts: 1,
  });

  return (given) => {
    given.signal?.throwIfAborted();
    const { operation, kind, redact, query, body } = given;
    const search = query === undefined ? '' : `?${new URLSearchParams(query).toString()}`;
    const made = (kind === 'once' ? sendOnce : send)({
      operation,
      method: given.method,
      url: `${baseUrl}${given.path}${search}`,
      headers: {
        authorization: `Basic ${basic}`,
        accept: 'application/json',
        'accept-language': 'eng',
        'x-version': interfaceVersion,
        'message-reference': callId(random),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      repeat: kind === 'once' ? 'never' : 'always',
      notAfter: given.notAfter,
      ...(given.signal === undefined ? {} : { signal: given.signal }),
      judge: (reply) => dhlFault({ operation, reply, purchase: kind === 'once', redact, now: clock.now() }),
    });
    return kind === 'read' ? beforeTheEffect(() => made) : made;
  };
}

/** Of something that has no effect, or whose effect is settled by reading again. */
export const readReply = replyReader(connector);
