import { createHttp, parseReply, statusFault, type Surroundings } from '@quartermaster/connector-kit';
import type { ZodType } from 'zod';

export const connectorName = 'example-vendor';

export type ClientOptions = Surroundings & {
  readonly origin: string;
  readonly token: string;
  readonly bucketName: string;
};

/** One call. A `read` is repeated when it fails; a `write` only when it surely had no effect. */
export type Call = {
  readonly operation: string;
  readonly method: 'GET' | 'PUT' | 'POST';
  readonly path: string;
  readonly body?: unknown;
  readonly repeat: 'always' | 'never';
};

export type Client = {
  <Answer>(call: Call, schema: ZodType<Answer>): Promise<Answer>;
  /** The same, with null for what is not there. */
  orNull<Answer>(call: Call, schema: ZodType<Answer>): Promise<Answer | null>;
};

/** Speaks the vendor's protocol: address, token, JSON both ways. Throws `ConnectorFault`s only. */
export function createClient(options: ClientOptions): Client {
  const { clock, token, bucketName } = options;
  const http = createHttp({ ...options, connector: connectorName, bucketOf: () => bucketName, secrets: [token] });

  async function orNull<Answer>(call: Call, schema: ZodType<Answer>): Promise<Answer | null> {
    const { operation, method, repeat } = call;
    const reply = await http({
      operation,
      method,
      repeat,
      url: `${options.origin}${call.path}`,
      headers: { authorization: `Bearer ${token}`, accept: 'application/json', 'content-type': 'application/json' },
      ...(call.body === undefined ? {} : { body: JSON.stringify(call.body) }),
      judge: ({ status }) => (status === 404 ? 'fine' : undefined),
    });
    if (reply.status === 404) return null;
    return parseReply(schema, reply, { connector: connectorName, operation, outcome: method === 'GET' ? 'not-applied' : 'unknown' });
  }

  const client = async <Answer>(call: Call, schema: ZodType<Answer>): Promise<Answer> => {
    const answer = await orNull(call, schema);
    if (answer !== null) return answer;
    const reply = { status: 404, headers: {}, text: '' };
    throw statusFault({ connector: connectorName, operation: call.operation, reply, now: clock.now() });
  };
  return Object.assign(client, { orNull });
}
