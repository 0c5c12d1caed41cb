import { askedAgainLater, beforeTheEffect, createHttp, replyReader, type HttpReply, type Surroundings } from '@quartermaster/connector-kit';
import { epochMs, instantOf, isFault } from '@quartermaster/domain';
import { connector, uspsFault, type Redact } from './faults.ts';
import { timeoutsMs, uspsBucketOf } from './limits.ts';
import { accessTokens, paymentOperation, paymentTokens, type PostageAccount, type UspsCredentials } from './tokens.ts';

export type ClientOptions = Surroundings & {
  readonly connection: string;
  readonly credentials: UspsCredentials;
  readonly account: PostageAccount;
  /** Without a path, such as `https://apis.usps.com`. */
  readonly origin: string;
};

/** A call to USPS. */
export type UspsCall = {
  /** Name for faults and events, such as `label.buy`. */
  readonly operation: string;
  readonly method: 'GET' | 'POST' | 'DELETE';
  /** Behind the host, encoded. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  /** `once` is sent once, whatever happens, and has waited for its turn already ({@link UspsClient.takeTurn}). */
  readonly kind: 'read' | 'repeatable-effect' | 'once';
  /** Goes with the payment authorization: what is about labels. */
  readonly isPaid?: boolean;
  readonly redact: Redact;
  readonly signal?: AbortSignal;
};

export type UspsClient = {
  /** The raw answer of a success. Throws a `ConnectorFault` for everything else. */
  call(call: UspsCall): Promise<HttpReply>;
  /** Has the tokens of an effect ready and waits until the quota has room for it, so that nothing is in its way once its moment of sending is written down. */
  takeTurn(given: { readonly isPaid: boolean }): Promise<void>;
  /** Asks for new tokens, to see that keys and account are good. */
  renewTokens(): Promise<void>;
};

/** Gives labels and forms as JSON, with the picture in it; without it they come in several parts. */
export const withPictures = { accept: 'application/vnd.usps.labels+json' } as const;

/**
 * Speaks with USPS: one access token and one payment authorization for all calls, its quota, its errors. A 401 is answered by new tokens and the same call once more (nothing was done by the first),
 * but for what is sent once.
 */
export function uspsClient(options: ClientOptions): UspsClient {
  const { clock, credentials, limiter, origin } = options;
  const bucket = uspsBucketOf(options.connection);
  const common = { ...options, connector, secrets: [credentials.clientId, credentials.clientSecret] };
  const send = createHttp({ ...common, bucketOf: () => bucket, timeoutMs: options.timeoutMs ?? timeoutsMs.other });
  /** Without the bucket: the moment of sending is written down already, and what came before it has waited. */
  const sendOnce = createHttp({ ...common, timeoutMs: options.timeoutMs ?? timeoutsMs.purchase, attempts: 1 });
  const access = accessTokens({ http: send, origin, credentials, clock });
  const payment = paymentTokens({
    account: options.account,
    clock,
    authorize: (body) => call(authorization(body)),
  });
  const rejected: { access: string | null; payment: string | null } = { access: null, payment: null };
  let last: Tokens | null = null;

  async function tokensFor(isPaid: boolean): Promise<Tokens> {
    const bearer = await access({ rejected: rejected.access });
    last = { access: bearer, payment: isPaid ? await payment({ rejected: rejected.payment }) : (last?.payment ?? null) };
    return isPaid ? last : { access: bearer, payment: null };
  }

  /** USPS does not say which of the two it does not take. */
  function reject(tokens: Tokens): void {
    rejected.access = tokens.access;
    if (tokens.payment !== null) rejected.payment = tokens.payment;
  }

  async function sendWith(tokens: Tokens, given: UspsCall): Promise<HttpReply> {
    const { operation, method, kind, redact } = given;
    const secrets = [tokens.access, ...(tokens.payment === null ? [] : [tokens.payment])];
    const made = (kind === 'once' ? sendOnce : send)({
      operation,
      method,
      url: `${origin}${given.path}`,
      headers: {
        authorization: `Bearer ${tokens.access}`,
        accept: 'application/json',
        ...(tokens.payment === null ? {} : { 'x-payment-authorization-token': tokens.payment }),
        ...(given.body === undefined ? {} : { 'content-type': 'application/json' }),
        ...given.headers,
      },
      ...(given.body === undefined ? {} : { body: JSON.stringify(given.body) }),
      repeat: kind === 'once' ? 'never' : 'always',
      ...(given.signal === undefined ? {} : { signal: given.signal }),
      judge: (reply) =>
        uspsFault({
          operation,
          reply,
          purchase: kind === 'once',
          redact: (text) => redact(secrets.reduce((left, secret) => left.replaceAll(secret, '•••'), text)),
          now: clock.now(),
        }),
    });
    return kind === 'read' ? beforeTheEffect(() => made) : made;
  }

  async function call(given: UspsCall): Promise<HttpReply> {
    given.signal?.throwIfAborted();
    const isPaid = given.isPaid === true;
    const first = await beforeTheEffect(() => tokensFor(isPaid));
    try {
      return await sendWith(first, given);
    } catch (error) {
      if (!isFault(error)) throw error;
      const { retry } = error.facts;
      if (error.code === 'rate-limited' && retry.kind === 'after') limiter.pause(bucket, instantOf(epochMs(clock.now()) + retry.ms));
      if (error.code !== 'unauthorized') throw error;
      reject(first);
      if (given.kind === 'once') throw askedAgainLater(error);
      return sendWith(await beforeTheEffect(() => tokensFor(isPaid)), given);
    }
  }

  return {
    call,
    takeTurn: ({ isPaid }) =>
      beforeTheEffect(async () => {
        await tokensFor(isPaid);
        await limiter.acquire(bucket, 1);
      }),
    async renewTokens() {
      if (last !== null) reject(last);
      await tokensFor(true);
    },
  };
}

type Tokens = { readonly access: string; readonly payment: string | null };

function authorization(body: unknown): UspsCall {
  return {
    operation: paymentOperation,
    method: 'POST',
    path: '/payments/v3/payment-authorization',
    body,
    kind: 'read',
    redact: (text) => text,
  };
}

/** Of something that has no effect, or whose effect is settled by asking again. */
export const readReply = replyReader(connector);
