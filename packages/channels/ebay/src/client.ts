import {
  beforeTheEffect,
  createHttp,
  parseReply,
  redactor,
  retryAfterMs,
  statusFault,
  tokenCalls,
  type HttpReply,
  type Surroundings,
  type TokenCalls,
  notDoneBy,
} from '@quartermaster/connector-kit';
import { ConnectorFault, epochMs, type Clock } from '@quartermaster/domain';
import type { ZodType } from 'zod';
import { connectorName } from './connector-name.ts';
import { ebayBucketName, type EbayApi } from './limits.ts';
import { signatureHeaders, type EbaySigningKey } from './signature.ts';
import { applicationToken, sellerToken, type EbayCredentials } from './tokens.ts';
import { errorAnswerSchema, type WireError } from './wire.ts';

export type ClientOptions = Surroundings & {
  readonly credentials: EbayCredentials;
  /** Such as `https://api.ebay.com`. */
  readonly origin: string;
  /** eBay's second host, which has the Key Management API; default `origin`. */
  readonly keysOrigin?: string;
  readonly marketplace: string;
  readonly signingKey: EbaySigningKey | null;
  /** More that must never appear in a fault. */
  readonly secrets: readonly string[];
};

export type EbayCall<Data> = {
  /** Name for faults, events and quotas, such as `orders.pull`. */
  readonly operation: string;
  readonly api: EbayApi;
  readonly method: 'GET' | 'POST' | 'PUT';
  /** Path and query, from the root, encoded. */
  readonly path: string;
  readonly body?: unknown;
  /** Null where an answer has no body. */
  readonly schema: ZodType<Data> | null;
  /** A `read`, an effect that is safe to repeat, or one that may be made only once. */
  readonly kind: 'read' | 'repeatable-effect' | 'effect';
  /** Whose token: the seller's unless said otherwise. */
  readonly as?: 'seller' | 'application';
  /** Signed digitally where we have a key. */
  readonly signed?: boolean;
  /** A fault in the caller's words for an error of eBay's, null to leave it to the status. */
  readonly understand?: (error: WireError, status: number) => ConnectorFault | null;
};

export type EbayReply<Data> = { readonly data: Data; readonly headers: Readonly<Record<string, string>> };

export type EbayClient = {
  call<Data>(call: EbayCall<Data> & { readonly schema: ZodType<Data> }): Promise<EbayReply<Data>>;
  /** The same for a call whose answer has no body. */
  tell(call: Omit<EbayCall<null>, 'schema'>): Promise<EbayReply<null>>;
};

/** Speaks with eBay's REST APIs: tokens, signatures, quotas, errors. Throws a `ConnectorFault` for everything that is not a good answer; a read that failed had surely no effect. */
export function createClient(options: ClientOptions): EbayClient {
  const { clock, credentials, origin } = options;
  const http = createHttp({
    ...options,
    connector: connectorName,
    bucketOf: (operation) => ebayBucketName(credentials.clientId, apis.get(operation) ?? 'token'),
    secrets: [credentials.clientSecret, credentials.refreshToken, ...options.secrets],
  });
  const apis = new Map<string, EbayApi>();
  const calls: Readonly<Record<'seller' | 'application', TokenCalls>> = {
    seller: tokenCalls(sellerToken(http, origin, credentials, clock)),
    application: tokenCalls(applicationToken(http, origin, credentials, clock)),
  };

  async function authorized<Data>(given: EbayCall<Data>): Promise<EbayReply<Data | null>> {
    apis.set(given.operation, given.api);
    return calls[given.as ?? 'seller'].with((token) => send(given, token), { once: false });
  }

  /** An answer that cannot be read counts as a failure of the exchange, so that a read is made again after one. */
  async function send<Data>(given: EbayCall<Data>, token: string): Promise<EbayReply<Data | null>> {
    const base = given.api === 'key-management' ? (options.keysOrigin ?? origin) : origin;
    const { pathname, host } = new URL(given.path, base);
    const body = given.body === undefined ? null : JSON.stringify(given.body);
    const outcome = given.kind === 'read' ? 'not-applied' : 'unknown';
    let data: Data | null = null;
    const made = http({
      operation: given.operation,
      method: given.method,
      url: `${base}${given.path}`,
      headers: {
        accept: 'application/json',
        authorization: `${given.api === 'post-order' ? 'IAF' : 'Bearer'} ${token}`,
        'x-ebay-c-marketplace-id': options.marketplace,
        ...(body === null ? {} : { 'content-type': 'application/json' }),
        ...(given.signed === true && options.signingKey !== null
          ? signatureHeaders({ method: given.method, path: pathname, authority: host, body }, options.signingKey, secondsNow())
          : {}),
      },
      ...(body === null ? {} : { body }),
      repeat: given.kind === 'effect' ? 'never' : 'always',
      judge(reply) {
        const fault = faultOf(given, reply, clock, redactor([token]));
        if (fault === undefined && reply.status < 300 && given.schema !== null)
          data = parseReply(given.schema, reply, { connector: connectorName, operation: given.operation, outcome });
        return fault;
      },
    });
    const { headers } = given.kind === 'read' ? await beforeTheEffect(() => made) : await made;
    return { data, headers };
  }

  function secondsNow(): number {
    return Math.floor(epochMs(clock.now()) / 1_000);
  }

  return {
    async call(given) {
      const { data, headers } = await authorized(given);
      if (data !== null) return { data, headers };
      throw notDone('malformed-reply', given.operation, 'the answer is empty');
    },
    async tell(given) {
      const { headers } = await authorized<null>({ ...given, schema: null });
      return { data: null, headers };
    },
  };
}

/** A fault of ours about something that was not done. */
export const notDone = notDoneBy(connectorName);

/** One error in a few words: eBay's message, never its parameters, which quote what was sent. */
export function wordsOf(error: WireError): string {
  const text = error.longMessage ?? error.message ?? 'eBay gives no reason';
  return `${text.slice(0, 300)}${error.errorId === undefined ? '' : ` (${error.errorId})`}`;
}

/** How long to wait after a 429 that names no time: quotas are a day's, and short bursts are over within seconds. */
const throttledMs = 30_000;

/** eBay's own signs of failure. A digital signature that is missing or wrong comes as 4xx of the domain ACCESS with an id from 215000 on. */
function faultOf(given: EbayCall<unknown>, reply: HttpReply, clock: Clock, redact: (text: string) => string): ConnectorFault | undefined {
  if (reply.status < 400) return undefined;
  const [error] = errorsIn(reply.text);
  if (error !== undefined) {
    const understood = given.understand?.(error, reply.status) ?? null;
    if (understood !== null) return understood;
  }
  const base = statusFault({ connector: connectorName, operation: given.operation, reply, now: clock.now() });
  const facts = {
    ...base.facts,
    ...(error === undefined ? {} : { message: redact(wordsOf(error)) }),
    ...(error?.errorId === undefined ? {} : { vendorCode: String(error.errorId) }),
    ...(reply.headers['rlogid'] === undefined ? {} : { requestId: reply.headers['rlogid'] }),
  };
  const id = Number(error?.errorId);
  if (reply.status < 500 && id >= 215_000 && id < 216_000) {
    return new ConnectorFault('misconfigured', {
      ...facts,
      advice: 'eBay wants this call signed digitally: set the signing key of the Key Management API, and compare the clock with eBay’s.',
    });
  }
  if (reply.status === 429) {
    const afterMs = retryAfterMs(reply.headers['retry-after'], clock.now()) ?? throttledMs;
    return new ConnectorFault('rate-limited', { ...facts, retry: { kind: 'after', ms: afterMs } });
  }
  if (reply.status === 403)
    return new ConnectorFault('forbidden', { ...facts, advice: 'Let the seller grant the missing scope; a probe lists what is missing.' });
  return new ConnectorFault(base.code, facts);
}

function errorsIn(text: string): readonly WireError[] {
  try {
    const parsed = errorAnswerSchema.safeParse(JSON.parse(text));
    if (!parsed.success) return [];
    const { errors, error } = parsed.data;
    return errors ?? (Array.isArray(error) ? error : []);
  } catch {
    return [];
  }
}
