import {
  createHttp,
  parseReply,
  redactor,
  retryAfterMs,
  statusFault,
  tokenCalls,
  type HttpReply,
  type Surroundings,
  notDoneBy,
} from '@quartermaster/connector-kit';
import { ConnectorFault, instantOf, epochMs, type Clock } from '@quartermaster/domain';
import type { ZodType } from 'zod';
import { amazonBucketName, usagePlans, type AmazonOperation } from './limits.ts';
import { accessTokens, type LoginCredentials, type TokenFor } from './login.ts';
import { errorListSchema } from './wire.ts';

export const connectorName = 'amazon';

export type ClientOptions = Surroundings & {
  readonly connection: string;
  /** Address of the API, such as `https://sellingpartnerapi-eu.amazon.com`. */
  readonly origin: string;
  readonly loginOrigin: string;
  readonly credentials: LoginCredentials;
};

export type AmazonCall = {
  /** Amazon's name of the operation: also that of its quota. */
  readonly operation: AmazonOperation;
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  /** Path, encoded part by part. */
  readonly path: string;
  /** A list goes comma-separated, as the models have it. What is undefined is left out. */
  readonly query?: Readonly<Record<string, string | number | boolean | readonly string[] | undefined>>;
  readonly body?: unknown;
  /** A `read`, an effect that is safe to `repeat`, or one that may be made only `once`. */
  readonly kind: 'read' | 'repeatable-effect' | 'effect';
  /** Default the seller's. */
  readonly token?: TokenFor;
};

export type AmazonClient = {
  readonly clock: Clock;
  /** Makes a call and reads its answer. Throws a `ConnectorFault` for all that is no answer of that shape. */
  call<Answer>(given: AmazonCall & { readonly schema: ZodType<Answer> }): Promise<Answer>;
  /** Makes a call that is answered by nothing. */
  send(given: AmazonCall): Promise<void>;
  /** Puts a document where Amazon said; the address itself is the permission, so no token goes with it. */
  upload(url: string, contentType: string, text: string): Promise<void>;
  /** Reads a document; one that is not `whole` broke off, and is read again. */
  download(url: string, whole?: (text: string) => boolean): Promise<string>;
};

/** Speaks with the Selling Partner API: token, quotas by operation, and what Amazon's errors mean. */
export function createClient(options: ClientOptions): AmazonClient {
  const { clock, limiter, connection } = options;
  const bucketOf = (operation: string) => (operation in usagePlans ? amazonBucketName(connection, operation) : undefined);
  const rates = new Map<string, number>(Object.entries(usagePlans).map(([operation, { perSecond }]) => [operation, perSecond]));
  const http = createHttp({
    ...options,
    connector: connectorName,
    bucketOf,
    secrets: [options.credentials.clientSecret, options.credentials.refreshToken],
  });
  const tokens = accessTokens({ http, credentials: options.credentials, origin: options.loginOrigin, clock, connector: connectorName });
  const calls = { seller: tokenCalls(tokens.seller), notifications: tokenCalls(tokens.notifications) };

  return {
    clock,
    async call({ schema, ...given }) {
      const reply = await authorized(given);
      const outcome = given.kind === 'read' ? 'not-applied' : 'unknown';
      return parseReply(schema, reply, { connector: connectorName, operation: given.operation, outcome });
    },
    async send(given) {
      await authorized(given);
    },
    async upload(url, contentType, text) {
      const headers = { 'content-type': contentType };
      await http({ operation: 'document.upload', method: 'PUT', url, headers, body: text, repeat: 'always' });
    },
    async download(url, whole = () => true) {
      const operation = 'document.download';
      const judge = (reply: HttpReply) => (reply.status === 200 && !whole(reply.text) ? brokenOff(operation, reply) : undefined);
      return (await http({ operation, method: 'GET', url, repeat: 'always', judge })).text;
    },
  };

  async function authorized(given: AmazonCall): Promise<HttpReply> {
    return calls[given.token ?? 'seller'].with((token) => sendWith(given, token), { once: false });
  }

  function sendWith(given: AmazonCall, token: string): Promise<HttpReply> {
    return http({
      operation: given.operation,
      method: given.method,
      url: `${options.origin}${given.path}${queryText(given.query ?? {})}`,
      headers: {
        'x-amz-access-token': token,
        accept: 'application/json',
        ...(given.body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(given.body === undefined ? {} : { body: JSON.stringify(given.body) }),
      repeat: given.kind === 'effect' ? 'never' : 'always',
      judge(reply) {
        learn(given.operation, reply);
        return faultOf(given, reply, token);
      },
    });
  }

  /** Amazon says what rate it keeps, not how many calls are left. */
  function learn(operation: AmazonOperation, reply: HttpReply): void {
    const perSecond = Number(reply.headers['x-amzn-ratelimit-limit']);
    if (!Number.isFinite(perSecond) || perSecond <= 0) return;
    rates.set(operation, perSecond);
    limiter.learn(amazonBucketName(connection, operation), { available: Number.POSITIVE_INFINITY, perSecond });
  }

  function faultOf(given: AmazonCall, reply: HttpReply, token: string): ConnectorFault | undefined {
    if (reply.status < 300) return given.kind === 'read' && !isJson(reply.text) ? brokenOff(given.operation, reply) : undefined;
    const { operation } = given;
    const [error] = errorsOf(reply);
    const requestId = reply.headers['x-amzn-requestid'];
    const redact = redactor([token]);
    const common = {
      connector: connectorName,
      operation,
      reply: requestId === undefined ? reply : { ...reply, headers: { ...reply.headers, 'x-request-id': requestId } },
      now: clock.now(),
      ...(error === undefined ? {} : { vendorCode: error.code, message: redact(error.message.slice(0, 300)) }),
    };
    const fault = statusFault(common);
    if (reply.status === 429) {
      const asked = retryAfterMs(reply.headers['retry-after'], clock.now()) ?? Math.ceil(1_000 / (rates.get(operation) ?? 1));
      limiter.pause(amazonBucketName(connection, operation), instantOf(epochMs(clock.now()) + asked));
      return new ConnectorFault('rate-limited', { ...fault.facts, retry: { kind: 'after', ms: asked } });
    }
    if (reply.status === 403 && tokenEnded.test(error?.details ?? '')) return new ConnectorFault('unauthorized', fault.facts);
    return undefined === error ? undefined : fault;
  }
}

/** An answer to a read that is not whole broke off, or came from something in between: the read is made again. */
function brokenOff(operation: string, reply: HttpReply): ConnectorFault {
  return new ConnectorFault('malformed-reply', {
    connector: connectorName,
    operation,
    outcome: 'not-applied',
    retry: { kind: 'safely' },
    status: reply.status,
    message: `the answer is not whole (${reply.headers['content-type'] ?? 'no content type'}, ${reply.text.length} characters)`,
    advice: 'Something between us and the vendor answered in its place, or the answer broke off.',
  });
}

/** Whether a text is JSON from its beginning to its end. */
export function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** A token that ended is told by 403, as a missing role is; the words differ. */
const tokenEnded = /access token .*(expired|revoked|malformed)/i;

/** A fault of ours about something that was not done. */
export const notDone = notDoneBy(connectorName);

function queryText(query: NonNullable<AmazonCall['query']>): string {
  const parts = Object.entries(query).flatMap(([name, value]) =>
    value === undefined ? [] : [`${name}=${encodeURIComponent(Array.isArray(value) ? value.join(',') : String(value))}`],
  );
  return parts.length === 0 ? '' : `?${parts.join('&')}`;
}

function errorsOf(reply: HttpReply) {
  try {
    const parsed = errorListSchema.safeParse(JSON.parse(reply.text));
    return parsed.success ? parsed.data.errors : [];
  } catch {
    return [];
  }
}
