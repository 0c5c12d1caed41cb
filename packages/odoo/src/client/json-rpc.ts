import type { HttpReply } from '@quartermaster/connector-kit';
import type { ConnectorFault } from '@quartermaster/domain';
import { z } from 'zod';
import type { OdooCall, Transport, TransportName } from './client.ts';
import { jsonOf, malformed, type Answered, type Connection, type Reader } from './connection.ts';
import { faultOfException, odooFault } from './exceptions.ts';
import { refuseUnsendable } from './sendable.ts';
import { exceptionSchema } from './wire.ts';

/** Opens JSON-RPC: `authenticate` answers false, and no error, for a wrong login. Throws `unauthorized` then. */
export async function jsonRpcTransport(
  connection: Connection,
  name: Exclude<TransportName, 'json-2'> = 'json-rpc',
): Promise<{ transport: Transport; uid: number }> {
  const { database, login, secret } = connection;
  const { value } = await rpc(connection, {
    operation: 'common.authenticate',
    service: 'common',
    method: 'authenticate',
    args: [database, login, secret, {}],
    repeat: 'always',
    timeout: 'read',
  });
  const uid = z.union([z.int().positive(), z.literal(false)]).safeParse(value);
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
      async call(call) {
        refuseUnsendable(call, name === 'xml-rpc' ? 'xml' : 'json');
        return rpc(connection, {
          ...call,
          operation: `${call.model}.${call.method}`,
          service: 'object',
          method: 'execute_kw',
          args: [database, user, secret, call.model, call.method, ...callArguments(call)],
        });
      },
    },
  };
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

type RpcCall = Pick<OdooCall, 'repeat' | 'timeout' | 'timeoutMs' | 'signal'> & {
  readonly operation: string;
  readonly service: 'common' | 'object';
  readonly method: string;
  readonly args: readonly unknown[];
};

async function rpc(connection: Connection, call: RpcCall): Promise<Answered<unknown>> {
  return connection.ask(
    {
      operation: call.operation,
      method: 'POST',
      url: `${connection.url}/jsonrpc`,
      headers: { 'content-type': 'application/json' },
      body: (id) =>
        JSON.stringify({ jsonrpc: '2.0', method: 'call', id, params: { service: call.service, method: call.method, args: call.args } }),
      repeat: call.repeat,
      timeoutMs: connection.timeoutOf(call),
      signal: call.signal,
    },
    rpcReader(call.operation, call.timeout === 'read' ? 'not-applied' : 'unknown'),
  );
}

/** The status is 200 for everything; an exception is in the body, and a method without a result leaves the key out. `outcome` is what a broken answer says about the call. */
export function rpcReader(operation: string, outcome: 'not-applied' | 'unknown'): Reader<unknown> {
  return (reply) => {
    if (reply.status !== 200) return undefined;
    const body = jsonOf(reply.text);
    if (!isRpcReply(body)) return malformed(reply, operation, outcome);
    if (body.error !== undefined) return raised(body.error, operation, reply, outcome);
    return { value: body.result ?? null };
  };
}

/** A schema would copy the reply, which may be large, so what is needed of it is looked at here. */
function isRpcReply(body: unknown): body is { readonly result?: unknown; readonly error?: unknown } {
  return typeof body === 'object' && body !== null && 'jsonrpc' in body;
}

const errorSchema = z.object({ data: exceptionSchema });

function raised(error: unknown, operation: string, reply: HttpReply, outcome: 'not-applied' | 'unknown'): ConnectorFault {
  const parsed = errorSchema.safeParse(error);
  return parsed.success ? faultOfException(parsed.data.data, operation) : malformed(reply, operation, outcome);
}
