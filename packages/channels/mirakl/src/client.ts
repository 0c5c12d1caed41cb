import {
  beforeTheEffect,
  createHttp,
  parseReply,
  redactor,
  retryAfterMs,
  statusFault,
  type HttpReply,
  type Surroundings,
  notDoneBy,
} from '@quartermaster/connector-kit';
import { ConnectorFault } from '@quartermaster/domain';
import type { ZodType } from 'zod';
import { connectorName } from './connector-name.ts';
import { miraklBucketName, type MiraklLimit } from './limits.ts';
import { errorSchema } from './wire.ts';

export type ClientOptions = Surroundings & {
  /** The operator's instance, such as `https://acme.mirakl.net`. */
  readonly origin: string;
  readonly apiKey: string;
  readonly shopId: number | null;
};

export type MiraklCall = {
  /** Name for faults, events and limits, such as `orders.pull`; an operation has one limit. */
  readonly operation: string;
  /** Null where nothing waits for it, because it is remembered. */
  readonly limit: MiraklLimit | null;
  readonly method: 'GET' | 'POST' | 'PUT';
  readonly path: string;
  readonly query?: readonly (readonly [name: string, value: string])[];
  readonly json?: unknown;
  /** A body that is no JSON, with its content type. */
  readonly body?: { readonly type: string; readonly text: string };
  /** A `read`, an effect that is safe to repeat, or one that may be made only once. */
  readonly kind: 'read' | 'repeatable-effect' | 'effect';
  /** A fault in the caller's words for a refusal (400, 404, 409), null to leave it to the status. */
  readonly understand?: (message: string, status: number) => ConnectorFault | null;
};

export type MiraklClient = {
  call<Data>(call: MiraklCall, schema: ZodType<Data>): Promise<Data>;
  /** The same for an answer that has no body, or one that is no JSON. */
  text(call: MiraklCall): Promise<string>;
};

/** How long to stay away where Mirakl refuses for rate without saying for how long: its limits are per minute. */
const throttledMs = 60_000;

/** Speaks with the seller API of a Mirakl instance. Throws a `ConnectorFault` for everything that is not a good answer; a read that failed had surely no effect. */
export function createClient(options: ClientOptions): MiraklClient {
  const { apiKey, clock, origin, shopId } = options;
  const limits = new Map<string, MiraklLimit | null>();
  const redact = redactor([apiKey]);
  const http = createHttp({
    ...options,
    connector: connectorName,
    bucketOf(operation) {
      const limit = limits.get(operation) ?? null;
      return limit === null ? undefined : miraklBucketName(origin, apiKey, shopId, limit);
    },
    secrets: [apiKey],
  });

  async function send(given: MiraklCall, accept: string, read: (reply: HttpReply) => void): Promise<void> {
    limits.set(given.operation, given.limit);
    const body = given.json === undefined ? given.body : { type: 'application/json', text: JSON.stringify(given.json) };
    const made = http({
      operation: given.operation,
      method: given.method,
      url: urlOf(given),
      headers: { accept, authorization: apiKey, ...(body === undefined ? {} : { 'content-type': body.type }) },
      ...(body === undefined ? {} : { body: body.text }),
      repeat: given.kind === 'effect' ? 'never' : 'always',
      judge(reply) {
        const fault = faultOf(given, reply);
        if (fault === undefined && reply.status < 300) read(reply);
        return fault;
      },
    });
    await (given.kind === 'read' ? beforeTheEffect(() => made) : made);
  }

  function urlOf({ path, query = [] }: MiraklCall): string {
    const all = new URLSearchParams();
    for (const [name, value] of query) all.append(name, value);
    if (shopId !== null) all.append('shop_id', String(shopId));
    const text = all.toString();
    return `${origin}${path}${text === '' ? '' : `?${text}`}`;
  }

  function faultOf(given: MiraklCall, reply: HttpReply): ConnectorFault | undefined {
    if (reply.status < 300) return undefined;
    const { operation } = given;
    const message = messageIn(reply.text);
    const words = message === null ? undefined : redact(message);
    const fault = statusFault({
      connector: connectorName,
      operation,
      reply,
      now: clock.now(),
      ...(words === undefined ? {} : { message: words }),
    });
    if (reply.status === 429) {
      const ms = retryAfterMs(reply.headers['retry-after'], clock.now()) ?? throttledMs;
      return new ConnectorFault('rate-limited', { ...fault.facts, retry: { kind: 'after', ms } });
    }
    if (reply.status === 400 || reply.status === 404 || reply.status === 409)
      return given.understand?.(words ?? fault.facts.message, reply.status) ?? fault;
    return fault;
  }

  return {
    /** An answer that cannot be read counts as a failure of the exchange, so that a read is made again after one. */
    async call(given, schema) {
      const read: ReturnType<typeof schema.parse>[] = [];
      const outcome = given.kind === 'read' ? 'not-applied' : 'unknown';
      await send(given, 'application/json', (reply) => {
        read.push(parseReply(schema, reply, { connector: connectorName, operation: given.operation, outcome }));
      });
      const data = read.at(-1);
      if (data !== undefined) return data;
      throw notDone('malformed-reply', given.operation, 'the answer is empty');
    },
    async text(given) {
      let text = '';
      await send(given, 'text/csv, application/json', (reply) => {
        ({ text } = reply);
      });
      return text;
    },
  };
}

/** A fault of ours about something that was not done. */
export const notDone = notDoneBy(connectorName);

/** What Mirakl says is wrong, in few words; null where it does not say. */
function messageIn(text: string): string | null {
  try {
    const parsed = errorSchema.safeParse(JSON.parse(text));
    if (!parsed.success) return null;
    const { message, errors } = parsed.data;
    const [first] = errors ?? [];
    const words = message ?? (first === undefined ? null : `${first.field ?? ''} ${first.message ?? first.code ?? ''}`.trim());
    return words === null ? null : words.slice(0, 300);
  } catch {
    return null;
  }
}
