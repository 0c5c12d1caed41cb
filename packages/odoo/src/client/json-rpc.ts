import { parseReply, type Http, type HttpReply } from '@quartermaster/connector-kit';
import { isFault, type ConnectorFault, type FaultCode } from '@quartermaster/domain';
import { z } from 'zod';
import type { OdooCall, Transport, TransportName } from './client.ts';
import { faultOfException, odooFault } from './exceptions.ts';
import { timeoutsMs } from './limits.ts';
import { rpcReplySchema, versionSchema } from './wire.ts';

/** Who connects: what JSON-RPC and XML-RPC send with every call. */
export type Credentials = { readonly url: string; readonly database: string; readonly login: string; readonly secret: string };

/** Opens JSON-RPC: `authenticate` answers false, and no error, for a wrong login. Throws `unauthorized` then. */
export async function jsonRpcTransport(
  http: Http,
  given: Credentials,
  name: TransportName = 'json-rpc',
): Promise<{ transport: Transport; uid: number }> {
  const request = { repeat: 'always', timeoutMs: timeoutsMs.read } as const;
  const answer = await rpc(http, given.url, {
    ...request,
    operation: 'common.authenticate',
    service: 'common',
    method: 'authenticate',
    args: [given.database, given.login, given.secret, {}],
    outcome: 'not-applied',
  });
  const uid = z.union([z.int().positive(), z.literal(false)]).safeParse(answer);
  if (!uid.success) throw odooFault('malformed-reply', 'common.authenticate', 'the answer is no user id');
  if (uid.data === false) {
    throw odooFault('unauthorized', 'common.authenticate', `the database does not know this login with this key or password`, {
      advice: 'Check login and key; a key belongs to the user who made it, and it may have expired.',
    });
  }
  const user = uid.data;
  return {
    uid: user,
    transport: {
      name,
      call: (call) =>
        rpc(http, given.url, {
          operation: `${call.model}.${call.method}`,
          service: 'object',
          method: 'execute_kw',
          args: [given.database, user, given.secret, call.model, call.method, ...callArguments(call)],
          repeat: call.repeat,
          timeoutMs: timeoutsMs[call.timeout],
          outcome: call.timeout === 'read' ? 'not-applied' : 'unknown',
        }),
    },
  };
}

/** Major version by `common.version`, which needs no login. Throws `misconfigured` when the address does not answer as an Odoo. */
export async function jsonRpcVersion(http: Http, url: string): Promise<number> {
  const call = {
    operation: 'common.version',
    service: 'common',
    method: 'version',
    args: [],
    repeat: 'always',
    timeoutMs: timeoutsMs.read,
  } as const;
  try {
    const parsed = versionSchema.safeParse(await rpc(http, url, { ...call, outcome: 'not-applied' }));
    if (parsed.success) return majorVersion(parsed.data.server_version_info[0]);
  } catch (error) {
    if (!isFault(error) || !answeredOtherwise.has(error.code)) throw error;
  }
  throw odooFault('misconfigured', 'connect', `what answers at ${new URL(url).origin} is no Odoo`, { advice: 'Check `url`.' });
}

/** Faults of a server that is there and is something else. */
const answeredOtherwise: ReadonlySet<FaultCode> = new Set(['malformed-reply', 'not-found', 'invalid-request', 'misconfigured']);

/** `19`, or `saas~19` of the hosted versions in between. */
export function majorVersion(first: number | string): number {
  return Number(String(first).replace(/^saas~/, ''));
}

/** Arguments that go by position: `create` looks at its first one, and the models do not agree on the name that `write` gives its values. All others go by name. */
const byPosition: Readonly<Record<string, string>> = { create: 'vals_list', write: 'vals' };

/** Arguments of `execute_kw` behind the method. */
function callArguments(call: OdooCall): [unknown[], Record<string, unknown>] {
  const { ids, args = {}, context = {} } = call;
  const name = byPosition[call.method];
  const named = Object.entries(args).filter(([key]) => key !== name);
  const positional = [...(ids === undefined ? [] : [[...ids]]), ...(name === undefined ? [] : [args[name]])];
  return [positional, { ...Object.fromEntries(named), context }];
}

type RpcCall = {
  readonly operation: string;
  readonly service: 'common' | 'object';
  readonly method: string;
  readonly args: readonly unknown[];
  readonly repeat: 'always' | 'never';
  readonly timeoutMs: number;
  /** What a broken answer says about the call. */
  readonly outcome: 'not-applied' | 'unknown';
};

async function rpc(http: Http, url: string, call: RpcCall): Promise<unknown> {
  const reply = await http({
    operation: call.operation,
    method: 'POST',
    url: `${url}/jsonrpc`,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      jsonrpc: '2.0',
      method: 'call',
      id: 1,
      params: { service: call.service, method: call.method, args: call.args },
    }),
    repeat: call.repeat,
    timeoutMs: call.timeoutMs,
    judge: (answer) => raised(answer, call.operation),
  });
  // A method without a result leaves the key out.
  return parseReply(rpcReplySchema, reply, { connector: 'odoo', operation: call.operation, outcome: call.outcome }).result ?? null;
}

/** The status is 200 for everything, an exception is in the body. */
function raised(reply: HttpReply, operation: string): ConnectorFault | undefined {
  if (reply.status !== 200 || !reply.text.includes('"error"')) return undefined;
  const parsed = rpcReplySchema.safeParse(jsonOrNull(reply.text));
  return parsed.success && parsed.data.error !== undefined ? faultOfException(parsed.data.error.data, operation) : undefined;
}

function jsonOrNull(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
