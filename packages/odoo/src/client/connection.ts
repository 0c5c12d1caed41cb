import { createHttp, memoryRateLimiter, systemClock, type HttpCall, type HttpReply } from '@quartermaster/connector-kit';
import { ConnectorFault } from '@quartermaster/domain';
import type { OdooCall, OdooOptions } from './client.ts';
import { odooFault } from './exceptions.ts';
import { timeoutsMs } from './limits.ts';

/** The way to one server: where it is, who we are, and the pipeline that every request takes. */
export type Connection = {
  /** Without a slash at its end. */
  readonly url: string;
  readonly database: string;
  readonly login: string;
  /** An API key or a password. */
  readonly secret: string;
  /** Sends a request and reads its answer, once. */
  ask<T>(request: Request, read: Reader<T>): Promise<Answered<T>>;
  /** The same way with another `fetch`. */
  by(fetching: typeof fetch): Connection;
  timeoutOf(call: Pick<OdooCall, 'timeout' | 'timeoutMs'>): number;
};

type Request = Omit<HttpCall, 'judge' | 'requestId' | 'body' | 'signal'> & {
  /** The body under the number of the request, which JSON-RPC sends as its `id`. */
  readonly body?: (number: number) => string;
  readonly signal?: AbortSignal | undefined;
};

/** Reads an answer: what it holds, a fault, or undefined when the HTTP status says what is wrong. */
export type Reader<T> = (reply: HttpReply) => { readonly value: T } | ConnectorFault | undefined;

/** What was answered, and to which request. */
export type Answered<T> = { readonly value: T; readonly requestId: string };

/** Makes the way to the server of these options. Throws `misconfigured` for an address that is none. Each request gets a number, and an id of the number and six characters that tell one connection from another. */
export function connectionOf(options: OdooOptions): Connection {
  if (!isAddress(options.url)) {
    // Not quoted: it may hold a password.
    throw odooFault('misconfigured', 'connect', '`url` is no address of a server', {
      advice: 'Give it as https://erp.example.com, without a user and a password in it.',
    });
  }
  const clock = options.clock ?? systemClock;
  const random = options.random ?? Math.random;
  const secret = 'apiKey' in options.secret ? options.secret.apiKey : options.secret.password;
  const pipeline = {
    connector: 'odoo',
    clock,
    random,
    limiter: options.limiter ?? memoryRateLimiter({}, clock),
    secrets: [secret],
    ...(options.gate === undefined ? {} : { gate: options.gate }),
    ...(options.onEvent === undefined ? {} : { onEvent: options.onEvent }),
  };
  const run = Math.floor(random() * 36 ** 6)
    .toString(36)
    .padStart(6, '0');
  let asked = 0;

  function by(fetching: typeof fetch | undefined): Connection {
    const http = createHttp({ ...pipeline, ...(fetching === undefined ? {} : { fetch: fetching }) });
    return {
      url: options.url.trim().replace(/\/+$/, ''),
      database: options.database,
      login: options.login,
      secret,
      async ask(request, read) {
        const number = ++asked;
        const requestId = `qm-${run}-${number}`;
        const { body, signal, ...rest } = request;
        let answer: ReturnType<typeof read>;
        const reply = await http({
          ...rest,
          ...(body === undefined ? {} : { body: body(number) }),
          ...(signal === undefined ? {} : { signal }),
          requestId,
          // The pipeline asks for its verdict here, so this is where the answer is read: once.
          judge(received) {
            answer = read(received) ?? crossing(received, request);
            return answer instanceof ConnectorFault ? answer : answer === undefined ? undefined : 'fine';
          },
        });
        if (answer !== undefined && 'value' in answer) return { value: answer.value, requestId };
        throw malformed(reply, request.operation, 'unknown', requestId);
      },
      by,
      timeoutOf: ({ timeout, timeoutMs }) => timeoutMs ?? options.timeoutsMs?.[timeout] ?? timeoutsMs[timeout],
    };
  }
  return by(options.fetch);
}

function isAddress(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, username, password, search, hash } = new URL(text);
  return (protocol === 'http:' || protocol === 'https:') && username + password + search + hash === '';
}

/** An answer that is no answer of Odoo. */
export function malformed(reply: HttpReply, operation: string, outcome: 'not-applied' | 'unknown', requestId?: string): ConnectorFault {
  const type = /^[\w+.-]+\/[\w+.-]+/.exec(reply.headers['content-type'] ?? '')?.[0] ?? 'no content type';
  return odooFault('malformed-reply', operation, `the answer is none of Odoo's (${type}, ${reply.text.length} characters)`, {
    outcome,
    retry: { kind: 'safely' },
    status: reply.status,
    ...(requestId === undefined ? {} : { requestId }),
    advice: 'Something between us and Odoo answered in its place, or the answer was cut off.',
  });
}

/** A redirect to another server, or from http to https: it is never followed, because the login would go along. */
function crossing({ status, headers }: HttpReply, { url, operation }: Pick<Request, 'url' | 'operation'>): ConnectorFault | undefined {
  if (status < 300 || status >= 400 || !URL.canParse(headers['location'] ?? '', url)) return undefined;
  const from = new URL(url).origin;
  const to = new URL(headers['location'] ?? '', url).origin;
  if (to === from || to === 'null') return undefined;
  return odooFault('misconfigured', operation, `the server sends from ${from} to ${to}`, {
    status,
    advice: `Set \`url\` to ${to}, if that is your Odoo.`,
  });
}

/** JSON of a text, or undefined, which JSON cannot be. */
export function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
