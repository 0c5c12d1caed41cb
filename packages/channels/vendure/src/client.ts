import { createHttp, notDoneBy, parseReply, type HttpReply, type Surroundings } from '@quartermaster/connector-kit';
import { ConnectorFault, type FaultCode } from '@quartermaster/domain';
import type { ZodType } from 'zod';
import { errorsSchema } from './wire.ts';

export const connectorName = 'vendure';

/** A fault of our own making: the effect was not asked for. */
export const notDone = notDoneBy(connectorName);

/** How a token is shown: a key that an administrator made (the shop needs `api-key` in its `tokenMethod`), or the token of a session. */
export type TokenMethod = 'api-key' | 'bearer';

export type ClientOptions = Surroundings & {
  /** Address of the Admin API, such as `https://shop.example/admin-api`. */
  readonly url: string;
  readonly token: string;
  readonly tokenMethod: TokenMethod;
  /** Which of the shop's channels; null is its default channel. */
  readonly channelToken: string | null;
  readonly bucket: string;
};

export type VendureCall<Data> = {
  /** Name for faults and events, such as `orders.pull`. */
  readonly operation: string;
  readonly document: string;
  readonly variables: Readonly<Record<string, unknown>>;
  /** Of `data` in the answer. */
  readonly schema: ZodType<Data>;
  /** A `read`, an effect that is the same twice as once, or one that may be made only once. */
  readonly kind: 'read' | 'repeatable-effect' | 'effect';
};

export type VendureClient = <Data>(call: VendureCall<Data>) => Promise<Data>;

/** Speaks GraphQL with one shop. Throws a `ConnectorFault` for everything that is no data; what Vendure refuses in its typed errors is data (`refusals.ts`). */
export function createClient(options: ClientOptions): VendureClient {
  const http = createHttp({ ...options, connector: connectorName, bucketOf: () => options.bucket, secrets: [options.token] });
  const headers = {
    'content-type': 'application/json',
    accept: 'application/json',
    ...(options.tokenMethod === 'bearer' ? { authorization: `Bearer ${options.token}` } : { 'vendure-api-key': options.token }),
    ...(options.channelToken === null ? {} : { 'vendure-token': options.channelToken }),
  };

  return async function call(given) {
    const about = {
      connector: connectorName,
      operation: given.operation,
      outcome: given.kind === 'read' ? 'not-applied' : 'unknown',
    } as const;
    const reply = await http({
      operation: given.operation,
      method: 'POST',
      url: options.url,
      headers,
      body: JSON.stringify({ query: given.document, variables: given.variables }),
      repeat: given.kind === 'effect' ? 'never' : 'always',
      judge(answer) {
        const fault = faultOf(given, answer);
        // Judged here, so that a read is made again at once.
        if (fault === undefined && answer.status === 200) parseReply(given.schema, answer, { ...about, under: 'data' });
        return fault;
      },
    });
    return parseReply(given.schema, reply, { ...about, under: 'data' });
  };
}

const told: Readonly<Record<string, readonly [code: FaultCode, advice?: string]>> = {
  FORBIDDEN: [
    'forbidden',
    'Check the token, that the shop takes it that way (`tokenMethod`), and its role: the README lists the permissions that are needed.',
  ],
  ENTITY_NOT_FOUND: ['not-found'],
  CHANNEL_NOT_FOUND: ['misconfigured', 'Check the channel token.'],
  GRAPHQL_VALIDATION_FAILED: ['invalid-request', 'The connector and this version of Vendure do not agree.'],
  BAD_USER_INPUT: ['invalid-request'],
  USER_INPUT_ERROR: ['invalid-request'],
  ILLEGAL_OPERATION: ['refused'],
};

/** Reads Vendure's signs of failure, which mostly come as HTTP 200. A failure in its midst, such as of its database, has no code: then nobody knows what was done. */
function faultOf({ operation, kind }: VendureCall<unknown>, reply: HttpReply): ConnectorFault | undefined {
  const first = firstErrorIn(reply);
  if (first === null) return undefined;
  const code = first.extensions?.code;
  const about = { connector: connectorName, operation, status: reply.status, ...(code === undefined ? {} : { vendorCode: code }) };
  const known = told[code ?? ''];
  if (known === undefined)
    return new ConnectorFault('server-error', {
      ...about,
      outcome: kind === 'read' ? 'not-applied' : 'unknown',
      retry: { kind: 'safely' },
      message: 'the shop failed while it ran the query',
      advice: "What failed is in the shop's own log.",
    });
  const [name, advice] = known;
  return new ConnectorFault(name, {
    ...about,
    outcome: 'not-applied',
    retry: { kind: 'never' },
    message: first.message.slice(0, 300),
    ...(advice === undefined ? {} : { advice }),
  });
}

function firstErrorIn({ text }: HttpReply) {
  try {
    const parsed = errorsSchema.safeParse(JSON.parse(text));
    return parsed.success ? (parsed.data.errors[0] ?? null) : null;
  } catch {
    return null;
  }
}
