import { createHttp, parseReply, type HttpReply, type Surroundings, notDoneBy } from '@quartermaster/connector-kit';
import { ConnectorFault, isFault } from '@quartermaster/domain';
import { randomUUID } from 'node:crypto';
import type { ZodType } from 'zod';
import { authorizingFetch, withQuery, type Keys, type KeyTransport } from './authorization.ts';
import { errorSchema, type WireError } from './wire.ts';

export const connectorName = 'woocommerce';

export type ClientOptions = Surroundings &
  Keys & {
    /** Address of the shop without a slash at its end, such as `https://shop.example` or `https://example.com/shop`. */
    readonly origin: string;
    readonly keyTransport: KeyTransport;
    readonly webhookSecrets: readonly string[];
    readonly bucket: string;
  };

export type WooCall<Data> = {
  /** Name for faults and events, such as `orders.pull`. */
  readonly operation: string;
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Behind `/wp-json`, such as `/wc/v3/orders`. */
  readonly path: string;
  /** Lists are given as text with commas, which WordPress takes for every array. */
  readonly query?: Readonly<Record<string, string | number | boolean>>;
  readonly body?: unknown;
  readonly schema: ZodType<Data>;
  /** A `read`, an effect that is the same twice as once, or one that may be made only once. */
  readonly kind: 'read' | 'repeatable-effect' | 'effect';
};

export type WooClient = <Data>(call: WooCall<Data>) => Promise<Data>;

/** Speaks REST with one shop: keys, limits and errors. Throws a `ConnectorFault` for everything that is no data. */
export function createClient(options: ClientOptions): WooClient {
  const { consumerKey, consumerSecret, clock } = options;
  const http = createHttp({
    ...options,
    connector: connectorName,
    bucketOf: () => options.bucket,
    secrets: [consumerKey, consumerSecret, ...options.webhookSecrets],
    fetch: authorizingFetch({
      keys: { consumerKey, consumerSecret },
      transport: options.keyTransport,
      clock,
      nonce: randomUUID,
      fetch: options.fetch ?? globalThis.fetch,
    }),
  });

  return async function call(given) {
    const query = Object.entries(given.query ?? {}).map(([name, value]) => [name, String(value)] as const);
    const reply = await http({
      operation: given.operation,
      method: given.method,
      url: withQuery(`${options.origin}/wp-json${given.path}`, query),
      headers: { accept: 'application/json', ...(given.body === undefined ? {} : { 'content-type': 'application/json' }) },
      ...(given.body === undefined ? {} : { body: JSON.stringify(given.body) }),
      repeat: given.kind === 'effect' ? 'never' : 'always',
      judge: (answer) => faultOf(given.operation, answer) ?? brokenOff(given, answer),
    });
    const outcome = given.kind === 'read' ? 'not-applied' : 'unknown';
    return parseReply(given.schema, reply, { connector: connectorName, operation: given.operation, outcome });
  };
}

/** Reads one thing by its id: null where the shop has none of that id. */
export async function orNull<Data>(read: Promise<Data>): Promise<Data | null> {
  try {
    return await read;
  } catch (error) {
    if (isFault(error) && error.code === 'not-found') return null;
    throw error;
  }
}

/** A fault of ours about something that was not done. */
export const notDone = notDoneBy(connectorName);

/** How long a firewall that showed a page instead of the shop is left alone. */
const firewallMs = 300_000;

/** Reads WooCommerce's signs of failure, and those of what stands in front of it; anything else is judged by its status. */
function faultOf(operation: string, reply: HttpReply): ConnectorFault | undefined {
  if (reply.status < 400) return undefined;
  const error = errorIn(reply);
  const facts = { connector: connectorName, operation, status: reply.status, outcome: 'not-applied', retry: { kind: 'never' } } as const;
  if (error === null) {
    if (![403, 405, 406].includes(reply.status)) return undefined;
    return new ConnectorFault('forbidden', {
      ...facts,
      retry: { kind: 'after', ms: firewallMs },
      message: 'a page came instead of an answer: something in front of the shop, such as a firewall, refused us',
      advice: "Let the shop's host allow requests to /wp-json/wc/ from here.",
    });
  }
  const told = { ...facts, vendorCode: error.code, message: error.message.slice(0, 300) };
  switch (error.code) {
    case 'rest_no_route':
      return new ConnectorFault('misconfigured', {
        ...told,
        message: 'the shop has no such address',
        advice:
          'Check that WooCommerce is active and current, that permalinks are not plain, and that a feature that you turned on here is on in the shop.',
      });
    case 'woocommerce_rest_cannot_create_order_refund':
      // Comes as 500. The shop has no record of the refund then; what the payment provider did is the provider's to say.
      return new ConnectorFault('refused', { ...told, advice: 'Look at the payment provider, before the refund is asked for again.' });
    case 'woocommerce_rest_cannot_view':
    case 'woocommerce_rest_cannot_edit':
    case 'woocommerce_rest_cannot_create':
    case 'woocommerce_rest_cannot_batch':
    case 'woocommerce_rest_authentication_error':
    case 'woocommerce_rest_authentication_missing_parameter':
      return new ConnectorFault('unauthorized', {
        ...told,
        advice: "Check the key, its rights and its user's role; over http also that this machine's clock is right within fifteen minutes.",
      });
    default:
      if (reply.status === 404) return new ConnectorFault('not-found', told);
      return reply.status === 400 || reply.status === 413 ? new ConnectorFault('invalid-request', told) : undefined;
  }
}

/** An answer that is no JSON, or only the beginning of it: judged here, so that a read is made again at once. */
function brokenOff(
  { operation, kind }: Pick<WooCall<unknown>, 'operation' | 'kind'>,
  { status, text, headers }: HttpReply,
): ConnectorFault | undefined {
  if (status >= 300 || isJson(text)) return undefined;
  return new ConnectorFault('malformed-reply', {
    connector: connectorName,
    operation,
    status,
    outcome: kind === 'read' ? 'not-applied' : 'unknown',
    retry: { kind: 'safely' },
    message: `the answer is not JSON (${headers['content-type'] ?? 'no content type'}, ${text.length} characters)`,
    advice: 'Something between us and the shop answered in its place, or a plugin prints into its answers.',
  });
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function errorIn(reply: HttpReply): WireError | null {
  try {
    const parsed = errorSchema.safeParse(JSON.parse(reply.text));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}
