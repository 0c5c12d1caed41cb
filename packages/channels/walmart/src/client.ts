import {
  beforeTheEffect,
  createHttp,
  parseReply,
  redactor,
  statusFault,
  tokenCalls,
  type HttpReply,
  type Surroundings,
  notDoneBy,
} from '@quartermaster/connector-kit';
import { ConnectorFault, type Clock } from '@quartermaster/domain';
import { randomUUID } from 'node:crypto';
import type { ZodType } from 'zod';
import { connectorName } from './connector-name.ts';
import { firstQuotas, walmartBucketName, type WalmartBucket } from './limits.ts';
import { replenishesInMs, takeOverRates } from './rate-headers.ts';
import { accessTokens, type WalmartCredentials } from './tokens.ts';
import { errorAnswerSchema, type WireError } from './wire.ts';

export type ClientOptions = Surroundings & {
  readonly credentials: WalmartCredentials;
  /** Such as `https://marketplace.walmartapis.com`. */
  readonly origin: string;
  readonly serviceName: string;
  /** `WM_CONSUMER.CHANNEL.TYPE`, which solution providers are given; null sends none. */
  readonly channelType: string | null;
  /** More that must never appear in a fault. */
  readonly secrets: readonly string[];
  /** A new id for each call, default a random UUID. */
  readonly correlationId?: () => string;
};

export type WalmartCall<Data> = {
  /** Name for faults and events, such as `orders.pull`. */
  readonly operation: string;
  readonly bucket: WalmartBucket;
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH';
  /** Path and query, from the root, encoded. */
  readonly path: string;
  readonly body?: unknown;
  /** The same as a file of a form, as feeds are sent. */
  readonly file?: unknown;
  readonly schema: ZodType<Data>;
  /** A `read`, an effect that is safe to repeat, or one that may be made only once. */
  readonly kind: 'read' | 'repeatable-effect' | 'effect';
};

export type WalmartClient = <Data>(call: WalmartCall<Data>) => Promise<Data>;

/** Speaks with Walmart's Marketplace API: tokens, headers, throttles, errors. Throws a `ConnectorFault` for everything that is not a good answer; a read that failed had surely no effect. */
export function createClient(options: ClientOptions): WalmartClient {
  const { clock, credentials, limiter, origin } = options;
  const buckets = new Map<string, WalmartBucket>();
  const mostSeen = new Map<WalmartBucket, number>();
  const bucketOf = (operation: string) => walmartBucketName(credentials.clientId, buckets.get(operation) ?? 'token');
  const http = createHttp({
    ...options,
    connector: connectorName,
    bucketOf,
    secrets: [credentials.clientSecret, ...options.secrets],
  });
  const calls = tokenCalls(accessTokens({ http, origin, credentials, clock, commonHeaders: () => commonHeaders(newCorrelationId()) }));

  return async function call<Data>(given: WalmartCall<Data>): Promise<Data> {
    buckets.set(given.operation, given.bucket);
    return calls.with((token) => send(given, token), { once: false });
  };

  /** An answer that cannot be read counts as a failure of the exchange, so that a read is made again after one. */
  async function send<Data>(given: WalmartCall<Data>, accessToken: string): Promise<Data> {
    const { operation } = given;
    const outcome = given.kind === 'read' ? 'not-applied' : 'unknown';
    const correlationId = newCorrelationId();
    const content = contentOf(given, correlationId);
    let data: { readonly read: Data } | null = null;
    const made = http({
      operation,
      method: given.method,
      url: `${origin}${given.path}`,
      headers: { ...commonHeaders(correlationId), accept: 'application/json', 'wm_sec.access_token': accessToken, ...content.headers },
      ...(content.body === null ? {} : { body: content.body }),
      repeat: given.kind === 'effect' ? 'never' : 'always',
      judge(reply) {
        learnRates(given, reply);
        const fault = faultOf(operation, reply, clock, correlationId, redactor([accessToken]));
        if (fault === undefined && reply.status < 300)
          data = { read: parseReply(given.schema, reply, { connector: connectorName, operation, outcome }) };
        return fault;
      },
    });
    if (given.kind === 'read') await beforeTheEffect(() => made);
    else await made;
    return dataOf(data, operation);
  }

  function learnRates({ bucket, operation }: Pick<WalmartCall<unknown>, 'bucket' | 'operation'>, reply: HttpReply): void {
    const quota = { ...firstQuotas[bucket], most: mostSeen.get(bucket) ?? firstQuotas[bucket].calls };
    mostSeen.set(bucket, takeOverRates(limiter, bucketOf(operation), quota, reply, clock.now()));
  }

  function commonHeaders(correlationId: string): Readonly<Record<string, string>> {
    return {
      'wm_qos.correlation_id': correlationId,
      'wm_svc.name': options.serviceName,
      ...(options.channelType === null ? {} : { 'wm_consumer.channel.type': options.channelType }),
    };
  }

  function newCorrelationId(): string {
    return options.correlationId?.() ?? randomUUID();
  }
}

function dataOf<Data>(data: { readonly read: Data } | null, operation: string): Data {
  if (data !== null) return data.read;
  throw notDone('malformed-reply', operation, 'the answer is empty');
}

type Content = { readonly headers: Readonly<Record<string, string>>; readonly body: string | null };

function contentOf({ body, file }: Pick<WalmartCall<unknown>, 'body' | 'file'>, correlationId: string): Content {
  if (file !== undefined) {
    const boundary = `qm-${correlationId}`;
    const part = `--${boundary}\r\ncontent-disposition: form-data; name="file"; filename="feed.json"\r\ncontent-type: application/json\r\n\r\n`;
    return {
      headers: { 'content-type': `multipart/form-data; boundary=${boundary}` },
      body: `${part}${JSON.stringify(file)}\r\n--${boundary}--\r\n`,
    };
  }
  if (body === undefined) return { headers: {}, body: null };
  return { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
}

/** A fault of ours about something that was not done. */
export const notDone = notDoneBy(connectorName);

/** How long to wait after a refusal for rate that names no time. */
const throttledMs = 10_000;

/**
 * Walmart's own signs of failure. Its gateway has refused for rate with 429 and with 520; the code tells. Any other 520 is a failure inside Walmart after which nobody knows what was done.
 */
function faultOf(
  operation: string,
  reply: HttpReply,
  clock: Clock,
  requestId: string,
  redact: (text: string) => string,
): ConnectorFault | undefined {
  if (reply.status < 400) return undefined;
  const error = errorIn(reply.text);
  const base = statusFault({ connector: connectorName, operation, reply, now: clock.now() });
  const facts = {
    ...base.facts,
    requestId,
    ...(error === null ? {} : { message: redact(wordsOf(error)) }),
    ...(error?.code === undefined ? {} : { vendorCode: redact(error.code.slice(0, 100)) }),
  };
  if (reply.status === 429 || error?.code?.startsWith('REQUEST_THRESHOLD_VIOLATED') === true) {
    const told = reply.headers['retry-after'] !== undefined && base.facts.retry.kind === 'after' ? base.facts.retry.ms : null;
    const ms = told ?? replenishesInMs(reply, clock.now()) ?? throttledMs;
    return new ConnectorFault('rate-limited', { ...facts, outcome: 'not-applied', retry: { kind: 'after', ms } });
  }
  if (reply.status === 403)
    return new ConnectorFault('forbidden', {
      ...facts,
      advice: 'Give the key access to this part of the API; a probe lists what is missing.',
    });
  return new ConnectorFault(base.code, facts);
}

/** One error in a few words: Walmart's description, never its field, which may quote what was sent. */
export function wordsOf(error: WireError): string {
  return (error.description ?? error.info ?? error.code ?? 'Walmart gives no reason').slice(0, 300);
}

function errorIn(text: string): WireError | null {
  try {
    const parsed = errorAnswerSchema.safeParse(JSON.parse(text));
    if (!parsed.success) return null;
    const { error, errors } = parsed.data;
    if (Array.isArray(error)) return error[0] ?? null;
    return (Array.isArray(errors) ? errors[0] : errors?.error[0]) ?? null;
  } catch {
    return null;
  }
}
