import { createHttp, parseReply, redactor, type HttpReply, type Surroundings } from '@quartermaster/connector-kit';
import { ConnectorFault, isFault, type FaultOutcome } from '@quartermaster/domain';
import type { ZodType } from 'zod';
import { envelopeSchema, type WireEnvelope } from './wire.ts';

export const connectorName = 'shopify';

/** Gives the access token. Asked again, with the token that the shop rejected, after a 401: then it must not be the same one. */
export type ShopifyTokenProvider = (given: { readonly rejected: string | null }) => Promise<string>;

export type ClientOptions = Surroundings & {
  /** Address of the Admin API without version, such as `https://acme.myshopify.com`. */
  readonly origin: string;
  readonly apiVersion: string;
  readonly accessToken: string | ShopifyTokenProvider;
  readonly bucket: string;
};

export type GraphqlCall<Data> = {
  /** Name for faults, events and costs, such as `orders.pull`. */
  readonly operation: string;
  readonly document: string;
  readonly variables: Readonly<Record<string, unknown>>;
  readonly schema: ZodType<Data>;
  /** A `read`, an effect that is safe to `repeat` (it carries an idempotency key), or one that may be made only `once`. */
  readonly kind: 'read' | 'repeatable-effect' | 'effect';
};

export type GraphqlReply<Data> = {
  readonly data: Data;
  /** Points that Shopify reckoned before running it; null when it did not say. */
  readonly requestedCost: number | null;
  /** The version that really answered: an expired one falls forward silently. */
  readonly servedVersion: string | null;
};

export type ShopifyClient = <Data>(call: GraphqlCall<Data>) => Promise<GraphqlReply<Data>>;

/** Speaks GraphQL with one shop: token, cost, throttling and errors. Throws a `ConnectorFault` for everything that is not data. */
export function createClient(options: ClientOptions): ShopifyClient {
  const { limiter, bucket } = options;
  const http = createHttp({
    ...options,
    connector: connectorName,
    bucketOf: () => bucket,
    secrets: typeof options.accessToken === 'string' ? [options.accessToken] : [],
  });
  const url = `${options.origin}/admin/api/${options.apiVersion}/graphql.json`;
  /** By operation the most that a query of it was reckoned at. */
  const reckoned = new Map<string, number>();
  const provide: ShopifyTokenProvider = typeof options.accessToken === 'string' ? fixedToken(options.accessToken) : options.accessToken;

  return async function call(given) {
    const token = await provide({ rejected: null });
    try {
      return await send(given, token);
    } catch (error) {
      if (!isFault(error) || error.code !== 'unauthorized') throw error;
      const fresh = await provide({ rejected: token });
      if (fresh === token) throw error;
      return send(given, fresh);
    }
  };

  async function send<Data>(given: GraphqlCall<Data>, token: string): Promise<GraphqlReply<Data>> {
    let envelope: WireEnvelope | null = null;
    const about = {
      connector: connectorName,
      operation: given.operation,
      outcome: given.kind === 'read' ? 'not-applied' : 'unknown',
    } as const;
    const cost = reckoned.get(given.operation) ?? firstGuess;
    const reply = await http({
      operation: given.operation,
      method: 'POST',
      url,
      headers: { 'content-type': 'application/json', accept: 'application/json', 'x-shopify-access-token': token },
      body: JSON.stringify({ query: given.document, variables: given.variables }),
      repeat: given.kind === 'effect' ? 'never' : 'always',
      cost,
      judge(answer) {
        envelope = readEnvelope(answer);
        if (answer.status === 200 && envelope === null) parseReply(envelopeSchema, answer, about);
        learn(given.operation, cost, envelope);
        return faultOf(given, answer, envelope, redactor([token]));
      },
    });
    const data = parseReply(given.schema, reply, { ...about, under: 'data' });
    return { data, requestedCost: requestedCost(envelope), servedVersion: reply.headers['x-shopify-api-version'] ?? null };
  }

  /** Shopify lets no query through before its bucket holds what the query could cost, and charges what the answer held: the rest is there for others again. */
  function learn(operation: string, taken: number, envelope: WireEnvelope | null): void {
    const cost = envelope?.extensions?.cost;
    if (cost === undefined) return;
    const { maximumAvailable, currentlyAvailable, restoreRate } = cost.throttleStatus;
    limiter.giveBack(bucket, taken - (cost.actualQueryCost ?? 0));
    // Told in whole points, cut off: taken at its word, every answer would cost half a point of the budget.
    limiter.learn(bucket, { available: currentlyAvailable + 0.999, capacity: maximumAvailable, perSecond: restoreRate });
    reckoned.set(operation, Math.max(cost.requestedQueryCost, reckoned.get(operation) ?? 0));
  }
}

/** Points that a call is reckoned at before one of its kind was made. */
const firstGuess = 20;

function fixedToken(token: string): ShopifyTokenProvider {
  return () => Promise.resolve(token);
}

function readEnvelope(reply: HttpReply): WireEnvelope | null {
  if (reply.status !== 200) return null;
  try {
    const parsed = envelopeSchema.safeParse(JSON.parse(reply.text));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}

function requestedCost(envelope: WireEnvelope | null): number | null {
  return envelope?.extensions?.cost?.requestedQueryCost ?? null;
}

/**
 * Reads Shopify's signs of failure. GraphQL errors come as HTTP 200; THROTTLED waits until the bucket holds what the query was reckoned to cost. 402 is a frozen shop, 423 a
 * locked one.
 */
function faultOf(
  given: GraphqlCall<unknown>,
  reply: HttpReply,
  envelope: WireEnvelope | null,
  redact: (text: string) => string,
): ConnectorFault | undefined {
  const facts = { connector: connectorName, operation: given.operation, status: reply.status, ...requestIdOf(reply) };
  if (reply.status === 402 || reply.status === 423) {
    return new ConnectorFault('forbidden', {
      ...facts,
      outcome: 'not-applied',
      retry: { kind: 'never' },
      message: reply.status === 402 ? 'the shop is frozen until its bill is paid' : 'the shop is locked',
      advice: 'The owner of the shop has to settle this with Shopify.',
    });
  }
  const errors = envelope?.errors;
  if (errors === undefined) return undefined;
  const [first] = typeof errors === 'string' ? [{ message: errors }] : errors;
  if (first === undefined) return undefined;
  const code = ('extensions' in first ? first.extensions?.code : undefined) ?? null;
  const executed = envelope?.data !== undefined;
  const named = { ...facts, ...(code === null ? {} : { vendorCode: code }) };
  const afterExecution: FaultOutcome = given.kind !== 'read' && executed ? 'unknown' : 'not-applied';
  switch (code) {
    case 'THROTTLED':
      return new ConnectorFault('rate-limited', {
        ...named,
        outcome: 'not-applied',
        retry: { kind: 'after', ms: throttleMs(envelope) },
        message: 'the bucket of query points is empty',
      });
    case 'MAX_COST_EXCEEDED':
      return new ConnectorFault('invalid-request', {
        ...named,
        outcome: 'not-applied',
        retry: { kind: 'never' },
        message: 'the query costs more points than one query may',
      });
    case 'ACCESS_DENIED':
      return new ConnectorFault('forbidden', {
        ...named,
        outcome: afterExecution,
        retry: { kind: 'never' },
        message: redact(first.message.slice(0, 300)),
        advice: 'Give the app the missing scope and install it again; a probe lists what is missing.',
      });
    case 'SHOP_INACTIVE':
      return new ConnectorFault('forbidden', {
        ...named,
        outcome: 'not-applied',
        retry: { kind: 'never' },
        message: 'the shop is not active',
      });
    case 'INTERNAL_SERVER_ERROR':
    case 'TIMEOUT':
      return new ConnectorFault('server-error', {
        ...named,
        outcome: given.kind === 'read' ? 'not-applied' : 'unknown',
        retry: { kind: 'safely' },
        message: 'Shopify failed while it ran the query',
      });
    default:
      return new ConnectorFault('invalid-request', {
        ...named,
        outcome: afterExecution,
        retry: { kind: 'never' },
        message: redact(first.message.slice(0, 300)),
        advice: 'The connector and this version of the API do not agree: compare the version that a probe shows with the supported ones.',
      });
  }
}

function throttleMs(envelope: WireEnvelope | null): number {
  const cost = envelope?.extensions?.cost;
  if (cost === undefined || cost.throttleStatus.restoreRate <= 0) return 1_000;
  const missing = cost.requestedQueryCost - cost.throttleStatus.currentlyAvailable;
  return Math.max(1, Math.ceil((missing / cost.throttleStatus.restoreRate) * 1_000));
}

function requestIdOf(reply: HttpReply): { requestId?: string } {
  const requestId = reply.headers['x-request-id'];
  return requestId === undefined ? {} : { requestId };
}
